import { formatUtc } from '../profile/dates.ts';
import { signatureAlgorithmOf } from '../x509/algorithms.ts';
import { extensionOf, type TbsCertificate } from '../x509/certificate.ts';
import type { CrlEntry, TbsCertList } from '../x509/crl.ts';
import { readBasicConstraints } from '../x509/extensions/basic-constraints.ts';
import { readCertificatePolicies } from '../x509/extensions/certificate-policies.ts';
import { readCRLNumber, readReasonCode, reasonOf } from '../x509/extensions/crl-extensions.ts';
import { readExtKeyUsage } from '../x509/extensions/ext-key-usage.ts';
import { readKeyUsage } from '../x509/extensions/key-usage.ts';
import { readAuthorityInfoAccess, readCRLDistributionPoints } from '../x509/extensions/locations.ts';
import { readNameConstraints } from '../x509/extensions/name-constraints.ts';
import { readOcspNoCheck } from '../x509/extensions/ocsp-no-check.ts';
import { formatGeneralName } from '../x509/general-name.ts';
import { formatName } from '../x509/name.ts';
import { oidName, oids } from '../x509/oids.ts';
import { formatSerial } from '../x509/serial.ts';
import { readSpki } from '../x509/spki.ts';
import type { Fact, Prompt } from './prompt.ts';
import type { ActConfig } from './plan-types.ts';
import { hexGroups, wordRows } from './words.ts';

export function fact(label: string, value: string): Fact {
  return { label, value };
}

/** A fact as one line of text. */
export function factLine({ label, value }: Fact): string {
  return `${label}: ${value.replaceAll('\n', ' / ')}`;
}

/** A digest as hex in groups: to be compared with another that is on the screen or in the report. */
export function hashFact(label: string, hex: string): Fact {
  return { label, value: hexGroups(hex), style: 'hash' };
}

/** A digest twice: as hex to compare, as words to read aloud. */
export function digestFacts(label: string, hex: string): readonly Fact[] {
  return [hashFact(label, hex), { label: 'in words', value: wordRows(hex).join('\n'), style: 'words' }];
}

/** How each extension is shown; one that is not here is named by its OID and its length. */
const shown: Readonly<Record<string, (value: Uint8Array) => string>> = {
  [oids.basicConstraints]: (value) => {
    const { ca, pathLength } = readBasicConstraints(value);
    return `${ca ? 'CA' : 'not a CA'}${pathLength === undefined ? '' : `, path length ${pathLength}`}`;
  },
  [oids.keyUsage]: (value) => readKeyUsage(value).join(', '),
  [oids.extKeyUsage]: (value) => readExtKeyUsage(value).map(oidName).join(', '),
  [oids.cRLDistributionPoints]: (value) => readCRLDistributionPoints(value).urls.join(', '),
  [oids.authorityInfoAccess]: (value) => {
    const { caIssuers, ocsp } = readAuthorityInfoAccess(value);
    return [...caIssuers.map((url) => `issuer ${url}`), ...ocsp.map((url) => `OCSP ${url}`)].join(', ');
  },
  [oids.certificatePolicies]: (value) => readCertificatePolicies(value).policies.join(', '),
  [oids.ocspNoCheck]: (value) => (readOcspNoCheck(value) ? 'clients do not ask whether it is revoked' : ''),
  [oids.nameConstraints]: (value) => {
    const { permitted, excluded } = readNameConstraints(value);
    const only = permitted.length === 0 ? '' : `only ${permitted.map(formatGeneralName).join(', ')}`;
    const never = excluded.length === 0 ? '' : `never ${excluded.map(formatGeneralName).join(', ')}`;
    return [only, never].filter((part) => part !== '').join('; ');
  },
};

/** A TBSCertificate, decoded from the bytes that will be signed: not from what we meant to put there. */
export function certificateFacts(tbs: TbsCertificate): readonly Fact[] {
  const extensions = tbs.extensions
    .filter(({ oid }) => oid !== oids.authorityKeyIdentifier && oid !== oids.subjectKeyIdentifier)
    .map(({ oid, critical, value }) =>
      fact(`${oidName(oid)}${critical ? ' (critical)' : ''}`, shown[oid]?.(value) ?? `${value.length} bytes`),
    );
  return [
    fact('subject', formatName(tbs.subject)),
    fact('issuer', formatName(tbs.issuer)),
    fact('valid', `${formatUtc(tbs.notBefore)} to ${formatUtc(tbs.notAfter)}`),
    fact('serial', formatSerial(tbs.serial)),
    fact('key', readSpki(tbs.spki).algorithm),
    fact('signed with', signatureAlgorithmOf(tbs.signatureIdentifier) ?? 'unknown'),
    ...extensions,
  ];
}

function entryLine({ serial, revokedAt, extensions }: CrlEntry): string {
  const reason = extensionOf({ extensions }, oids.reasonCode);
  const word = reason === undefined ? 'no reason' : (reasonOf(readReasonCode(reason.value)) ?? 'unknown reason');
  return `${formatSerial(serial)} (${word}, ${formatUtc(revokedAt)})`;
}

/** A TBSCertList, decoded from the bytes that will be signed. */
export function crlFacts(tbs: TbsCertList): readonly Fact[] {
  const number = extensionOf(tbs, oids.cRLNumber);
  return [
    fact('issuer', formatName(tbs.issuer)),
    fact('number', number === undefined ? 'none' : readCRLNumber(number.value).toString()),
    fact('this update', formatUtc(tbs.thisUpdate)),
    fact('next update', tbs.nextUpdate === undefined ? 'none' : formatUtc(tbs.nextUpdate)),
    fact('revoked', tbs.entries.length === 0 ? 'none' : tbs.entries.map(entryLine).join(', ')),
  ];
}

/** One prompt for each role that must confirm: each types the word itself. */
export function confirmWord(config: ActConfig, word: string, say: string, show: readonly Fact[]): readonly Prompt[] {
  return config.by.map((role) => ({ id: `confirm-${role}`, kind: 'word', by: role, say, show, word }) as const);
}

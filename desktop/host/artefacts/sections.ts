import { toHex } from '../../../core/ports/hex.ts';
import { fromUtf8 } from '../../../core/ports/bytes.ts';
import type { Digest } from '../../../core/ports/digest.ts';
import type { Verifier } from '../../../core/ports/verifier.ts';
import { readTar } from '../../../core/bundle/tar.ts';
import { certificateFacts, crlFacts, digestFacts, fact } from '../../../core/ceremony/facts.ts';
import { hexGroups } from '../../../core/ceremony/words.ts';
import { formatUtc } from '../../../core/profile/dates.ts';
import { readCertificate } from '../../../core/x509/certificate.ts';
import { readCrl } from '../../../core/x509/crl.ts';
import { readCsr } from '../../../core/x509/csr.ts';
import { readReasonCode, reasonOf } from '../../../core/x509/extensions/crl-extensions.ts';
import type { Extension } from '../../../core/x509/extensions/extension.ts';
import { formatName } from '../../../core/x509/name.ts';
import { oidName, oids } from '../../../core/x509/oids.ts';
import { formatSerial } from '../../../core/x509/serial.ts';
import { keyIdentifier, readSpki } from '../../../core/x509/spki.ts';
import type { Found, Section } from './artefact.ts';

/** Revoked certificates shown one by one; a longer list is for a program to read. */
const mostEntries = 200;

interface Tools {
  readonly digest: Digest;
  readonly verify: Verifier;
}

function keySection(spki: Uint8Array, digest: Digest): Section {
  return {
    title: 'Key',
    facts: [
      fact('algorithm', readSpki(spki).algorithm),
      fact('key identifier', toHex(keyIdentifier(spki, digest))),
      ...digestFacts('SHA-256 of the key (SubjectPublicKeyInfo)', toHex(digest('sha256', spki))),
    ],
  };
}

function signatureSection(algorithm: string, signature: Uint8Array): Section {
  return { title: 'Signature', facts: [fact('algorithm', algorithm), fact('value', hexGroups(toHex(signature)))] };
}

function rawExtensions(extensions: readonly Extension[]): Section {
  return {
    title: 'Extensions as they stand',
    facts: extensions.map(({ oid, critical, value }) =>
      fact(`${oidName(oid)}${critical ? ' (critical)' : ''}`, hexGroups(toHex(value))),
    ),
  };
}

function certificate({ bytes }: Found, { digest }: Tools): readonly Section[] {
  const { tbs, signature, signatureAlgorithm } = readCertificate(bytes);
  return [
    { title: 'Certificate', facts: certificateFacts(tbs) },
    keySection(tbs.spki, digest),
    rawExtensions(tbs.extensions),
    signatureSection(signatureAlgorithm, signature),
  ];
}

function crl({ bytes }: Found): readonly Section[] {
  const { tbs, signatureAlgorithm, signature } = readCrl(bytes);
  const entries = tbs.entries.slice(0, mostEntries).map(({ serial, revokedAt, extensions }) => {
    const coded = extensions.find(({ oid }) => oid === oids.reasonCode);
    const reason = coded === undefined ? undefined : reasonOf(readReasonCode(coded.value));
    return fact(formatSerial(serial), `${formatUtc(revokedAt)}, ${reason ?? 'unspecified'}`);
  });
  const more = tbs.entries.length - entries.length;
  const rest = more > 0 ? [fact('and more', `${more} that are not listed here`)] : [];
  return [
    { title: 'Certificate revocation list', facts: crlFacts(tbs).filter(({ label }) => label !== 'revoked') },
    { title: `Revoked (${tbs.entries.length})`, facts: [...entries, ...rest] },
    rawExtensions(tbs.extensions),
    signatureSection(signatureAlgorithm, signature),
  ];
}

function csr({ bytes }: Found, { digest, verify }: Tools): readonly Section[] {
  const request = readCsr(bytes, verify);
  return [
    {
      title: 'Certification request',
      facts: [
        fact('subject', formatName(request.subject)),
        fact('signed with', request.signatureAlgorithm),
        fact('proof of possession', 'the signature is by the key in it'),
      ],
    },
    keySection(request.spki, digest),
    rawExtensions(request.extensions),
  ];
}

/** A value of the manifest as one line; what is nested is named by its place. */
function leaves(value: unknown, place: string): readonly (readonly [string, string])[] {
  if (typeof value !== 'object' || value === null) return [[place, String(value)]];
  return Object.entries(value).flatMap(([key, inner]) => leaves(inner, place === '' ? key : `${place}.${key}`));
}

function manifest({ bytes }: Found): readonly Section[] {
  const parsed = JSON.parse(fromUtf8(bytes) ?? '{}') as Record<string, unknown>;
  const plain = Object.entries(parsed).filter(([, value]) => typeof value !== 'object' || value === null);
  const nested = Object.entries(parsed).filter(([, value]) => typeof value === 'object' && value !== null);
  return [
    { title: 'Manifest', facts: plain.map(([key, value]) => fact(key, String(value))) },
    ...nested.map(([key, value]) => ({ title: key, facts: leaves(value, '').map(([at, text]) => fact(at, text)) })),
  ];
}

function bundle({ bytes }: Found, { digest }: Tools): readonly Section[] {
  const tar = readTar(bytes);
  if (!tar.ok) return [{ title: 'Bundle', facts: [fact('refused', tar.refusal.message)] }];
  const files = [...tar.files].map(([name, held]) =>
    fact(name, `${held.length} bytes, SHA-256 ${toHex(digest('sha256', held))}`),
  );
  return [{ title: `Files (${files.length})`, facts: files }];
}

/** How each kind of artefact is taken apart: from its bytes, not from what we meant to put there. */
export const sectionsOf: Readonly<Record<Found['kind'], (found: Found, tools: Tools) => readonly Section[]>> = {
  certificate,
  crl,
  csr,
  manifest,
  bundle,
};

import { nodeDigest } from '../../core/node/crypto.ts';
import { fromHex } from '../../core/ports/hex.ts';
import { utf8 } from '../../core/ports/bytes.ts';
import * as der from '../../core/der/writer.ts';
import { applyLeafProfile, applyPlanProfile } from '../../core/profile/apply.ts';
import { parseUtc } from '../../core/profile/dates.ts';
import { leafProfileSchema, planProfileSchema, type ProfileType } from '../../core/profile/profile.ts';
import { chooseSignature, signatureAlgorithmOf, signatureAlgorithms } from '../../core/x509/algorithms.ts';
import { encodeTbsCertificate, readTbsCertificate } from '../../core/x509/certificate.ts';
import { encodeExtension, type Extension } from '../../core/x509/extensions/extension.ts';
import { keyIdentifier } from '../../core/x509/spki.ts';
import type { GeneralName } from '../../core/x509/general-name.ts';
import { testKey, type TestKey, type TestKeyName } from './test-keys.ts';

/** Seconds of `2026-11-22` or `2026-11-22T09:00:00Z`. */
export function utc(text: string): number {
  const seconds = parseUtc(text.includes('T') ? text : `${text}T00:00:00Z`);
  if (seconds === undefined) throw new Error(`no time: ${text}`);
  return seconds;
}

/** When everything in the fixtures is signed. */
export const signingTime = utc('2026-11-22T09:00:00Z');

/** A serial that is always the same for a label. */
export function serialFor(label: string): Uint8Array {
  const serial = Uint8Array.from(nodeDigest('sha256', utf8(label)).subarray(0, 16));
  serial[0] = ((serial[0] ?? 0) & 0x7f) | 0x40;
  return serial;
}

/** A TBSCertificate taken to pieces, each of which a fixture may put in wrongly. */
export interface TbsParts {
  readonly version: readonly der.Der[];
  readonly serial: Uint8Array;
  readonly algorithm: Uint8Array;
  readonly issuer: Uint8Array;
  readonly notBefore: der.Der;
  readonly notAfter: der.Der;
  readonly subject: Uint8Array;
  readonly spki: Uint8Array;
  readonly uniqueIdentifiers: readonly der.Der[];
  readonly extensions: readonly Extension[];
}
export type Change = Partial<TbsParts> | ((parts: TbsParts) => Partial<TbsParts>);

export function encodeParts(parts: TbsParts): Uint8Array {
  return der.encode(
    der.sequence(
      ...parts.version,
      der.integerContent(parts.serial),
      parts.algorithm,
      parts.issuer,
      der.sequence(parts.notBefore, parts.notAfter),
      parts.subject,
      parts.spki,
      ...parts.uniqueIdentifiers,
      ...(parts.extensions.length === 0
        ? []
        : [der.explicit(3, der.sequence(...parts.extensions.map(encodeExtension)))]),
    ),
  );
}

function partsOf(tbs: Uint8Array): TbsParts {
  const read = readTbsCertificate(tbs);
  return {
    version: [der.explicit(0, der.integer(2))],
    serial: read.serial,
    algorithm: read.signatureIdentifier,
    issuer: read.issuer,
    notBefore: read.validityElements[0],
    notAfter: read.validityElements[1],
    subject: read.subject,
    spki: read.spki,
    uniqueIdentifiers: [],
    extensions: read.extensions,
  };
}

/** Outer SEQUENCE with the TBS's own AlgorithmIdentifier, known or not, and a signature by this key. */
export function signTbs(tbs: Uint8Array, identifier: Uint8Array, key: TestKey): Uint8Array {
  const named = signatureAlgorithmOf(identifier);
  const possible = named !== undefined && signatureAlgorithms[named].scheme.startsWith(key.algorithm.slice(0, 2));
  const ecdsa = key.algorithm.startsWith('ec') && named?.startsWith('ecdsa');
  const algorithm = possible || ecdsa ? named : chooseSignature(key.algorithm);
  return der.encode(der.sequence(tbs, identifier, der.bitString(key.sign(algorithm ?? 'ecdsa-sha256', tbs))));
}

/** Someone who issues: the certificate, and the key that belongs to it. */
export interface Authority {
  readonly certificate: Uint8Array;
  readonly subject: Uint8Array;
  readonly spki: Uint8Array;
  readonly keyIdentifier: Uint8Array;
  readonly key: TestKey;
}

function authority(certificate: Uint8Array, parts: TbsParts, key: TestKey): Authority {
  const { subject, spki } = parts;
  return { certificate, subject, spki, keyIdentifier: keyIdentifier(key.spki, nodeDigest), key };
}

export const subjects = {
  root: { C: 'US', O: 'Example Corp', CN: 'Example Corp Root R1' },
  'rsa-root': { C: 'US', O: 'Example Corp', CN: 'Example Corp Root R2' },
  issuing: { C: 'US', O: 'Example Corp', CN: 'Example Corp Issuing I1' },
  signer: { C: 'US', O: 'Example Corp', CN: 'Example Corp Bundle Signer B1' },
  ocsp: { C: 'US', O: 'Example Corp', CN: 'Example Corp OCSP Signer O1' },
} as const;

const profiles = {
  root: { type: 'root', subject: subjects.root, key: 'ec-p384', valid: { for: '20y' } },
  'rsa-root': { type: 'root', subject: subjects['rsa-root'], key: 'rsa-2048', valid: { for: '20y' } },
  issuing: {
    type: 'intermediate',
    subject: subjects.issuing,
    key: 'ec-p256',
    valid: { for: '5y' },
    eku: ['serverAuth', 'clientAuth'],
    crl: 'http://pki.example.com/r1.crl',
    aia: 'http://pki.example.com/r1.cer',
  },
  signer: { type: 'bundle-signer', subject: subjects.signer, key: 'ec-p256', valid: { for: '1y' } },
  ocsp: { type: 'ocsp-signer', subject: subjects.ocsp, key: 'ec-p256', valid: { for: '1y' } },
} as const;
export type PlanName = keyof typeof profiles;

const leafProfile = leafProfileSchema.parse({
  type: 'leaf',
  eku: ['serverAuth'],
  crl: 'http://pki.example.com/i1.crl',
  aia: 'http://pki.example.com/i1.cer',
});

/** What may be different about one certificate of the fixtures. */
export interface Setting {
  readonly label?: string;
  readonly from?: number;
  readonly to?: number;
  readonly names?: readonly GeneralName[];
  readonly key?: TestKeyName;
  readonly issuer?: Authority;
}

/** Everything has a key of its own name, but the OCSP signer: that is a leaf for an issuing CA. */
function keyOf(name: PlanName | 'leaf'): TestKeyName {
  return name === 'ocsp' ? 'leaf' : name;
}

function planTbs(name: PlanName, setting: Setting): Uint8Array {
  const profile = planProfileSchema.parse(profiles[name]);
  const years = { root: 20, 'rsa-root': 20, issuing: 5, signer: 1, ocsp: 1 }[name];
  const { from = utc('2026-11-22'), issuer } = setting;
  const to = setting.to ?? utc(`${new Date(from * 1000).getUTCFullYear() + years}-11-22`) - 1;
  const issuance = {
    serial: serialFor(setting.label ?? name),
    notBefore: from,
    notAfter: to,
    spki: testKey(setting.key ?? keyOf(name)).spki,
    rehearsal: false,
    ...(issuer === undefined ? {} : { issuer }),
  };
  return encodeTbsCertificate(applyPlanProfile(profile, issuance, nodeDigest));
}

export const dns = (value: string): GeneralName => ({ kind: 'dns', value });
export const ip = (hex: string): GeneralName => ({ kind: 'ip', value: fromHex(hex) });

function leafTbs(setting: Setting & { readonly issuer: Authority }): Uint8Array {
  const { from = utc('2026-11-22T08:00:00Z'), to = utc('2027-02-20T07:59:59Z'), issuer } = setting;
  const spki = testKey(setting.key ?? 'leaf').spki;
  const issuance = { serial: serialFor(setting.label ?? 'leaf'), notBefore: from, notAfter: to, spki };
  const names = setting.names ?? [dns('www.example.com')];
  return encodeTbsCertificate(applyLeafProfile(leafProfile, { ...issuance, issuer, rehearsal: false }, names));
}

/** A certificate of a fixture: its parts, changed, signed by its issuer (or itself). */
export function makeCertificate(
  name: PlanName | 'leaf',
  setting: Setting = {},
  change: Change = {},
): { readonly parts: TbsParts; readonly tbs: Uint8Array; readonly certificate: Uint8Array; readonly self: Authority } {
  const key = testKey(setting.key ?? keyOf(name));
  const issuer = setting.issuer ?? (name === 'root' || name === 'rsa-root' ? undefined : world()[name]);
  const whole = issuer === undefined ? setting : { ...setting, issuer };
  const tbs = name === 'leaf' ? leafTbs({ ...setting, issuer: issuer ?? world().leaf }) : planTbs(name, whole);
  const original = partsOf(tbs);
  const parts = { ...original, ...(typeof change === 'function' ? change(original) : change) };
  const encoded = encodeParts(parts);
  const certificate = signTbs(encoded, parts.algorithm, issuer?.key ?? key);
  return { parts, tbs: encoded, certificate, self: authority(certificate, parts, key) };
}

/** The usual issuer of each thing that is issued. */
export interface World {
  readonly issuing: Authority;
  readonly signer: Authority;
  readonly ocsp: Authority;
  readonly leaf: Authority;
}
let made: World | undefined;
export function world(): World {
  if (made === undefined) {
    const root = makeCertificate('root', { from: utc('2026-01-01') }).self;
    const issuing = makeCertificate('issuing', { from: utc('2026-01-02'), issuer: root }).self;
    made = { issuing: root, signer: root, ocsp: issuing, leaf: issuing };
  }
  return made;
}

/** The parts' extensions with this one in the place of its namesake, or at the end. */
export function put(parts: TbsParts, extension: Extension): Pick<TbsParts, 'extensions'> {
  const without = parts.extensions.map((old) => (old.oid === extension.oid ? extension : old));
  return { extensions: without.includes(extension) ? without : [...without, extension] };
}

/** The parts' extensions without this one. */
export function drop(parts: TbsParts, oid: string): Pick<TbsParts, 'extensions'> {
  return { extensions: parts.extensions.filter((extension) => extension.oid !== oid) };
}

export const typeOf = {
  root: 'root',
  'rsa-root': 'root',
  issuing: 'intermediate',
  signer: 'bundle-signer',
  ocsp: 'ocsp-signer',
  leaf: 'leaf',
} as const satisfies Record<PlanName | 'leaf', ProfileType>;

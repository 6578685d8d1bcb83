import { contextConstructedTag, tags } from '../../core/der/tags.ts';
import * as der from '../../core/der/writer.ts';
import { fromHex } from '../../core/ports/hex.ts';
import { crlContents } from '../../core/profile/crl-contents.ts';
import { signatureAlgorithms } from '../../core/x509/algorithms.ts';
import type { Revocation } from '../../core/x509/crl.ts';
import {
  cRLNumber,
  issuingDistributionPoint,
  reasonCode,
  revocationReasons,
  type RevocationReason,
} from '../../core/x509/extensions/crl-extensions.ts';
import { encodeExtension, type Extension } from '../../core/x509/extensions/extension.ts';
import { authorityKeyIdentifier } from '../../core/x509/extensions/key-identifiers.ts';
import { keyUsage } from '../../core/x509/extensions/key-usage.ts';
import { encodeGeneralName } from '../../core/x509/general-name.ts';
import { encodeName } from '../../core/x509/name.ts';
import { oids } from '../../core/x509/oids.ts';
import type { LintFixture } from './lint-fixture.ts';
import { raw, wrongTime, type Cases } from './lint-pieces.ts';
import {
  makeCertificate,
  put,
  serialFor,
  signingTime,
  signTbs,
  subjects,
  utc,
  world,
  type Authority,
} from './lint-world.ts';

/** A TBSCertList taken to pieces. `entries` undefined leaves the list out, none of them leaves it empty. */
interface CrlParts {
  readonly version: readonly der.Der[];
  readonly algorithm: Uint8Array;
  readonly issuer: Uint8Array;
  readonly thisUpdate: der.Der;
  readonly nextUpdate: readonly der.Der[];
  readonly entries: readonly der.Der[] | undefined;
  readonly extensions: readonly Extension[];
}

interface CrlSetting {
  readonly scope?: 'ca' | 'end-entity';
  readonly issuer?: Authority;
  readonly number?: bigint;
  readonly from?: number;
  readonly to?: number;
  readonly revocations?: readonly Revocation[];
  readonly previous?: Uint8Array;
}
type CrlChange = Partial<CrlParts> | ((parts: CrlParts) => Partial<CrlParts>);

const day = 86_400;
const from = utc('2026-11-22');

function entry(serial: Uint8Array, revokedAt: number, ...extensions: readonly Extension[]): der.Der {
  const list = extensions.length === 0 ? [] : [der.sequence(...extensions.map(encodeExtension))];
  return der.sequence(der.integerContent(serial), der.time(revokedAt), ...list);
}

function entryOf({ serial, revokedAt, reason }: Revocation): der.Der {
  return entry(serial, revokedAt, ...(reason === 'unspecified' ? [] : [reasonCode(reason)]));
}

function revoked(label: string, date: string, reason: RevocationReason): Revocation {
  return { serial: serialFor(label), revokedAt: utc(date), reason };
}

const revocations = [
  revoked('revoked 1', '2026-06-01', 'superseded'),
  revoked('revoked 2', '2026-11-20', 'cessationOfOperation'),
];

function makeCrl(setting: CrlSetting, change: CrlChange = {}): Uint8Array {
  const scope = setting.scope ?? 'ca';
  const issuer = setting.issuer ?? (scope === 'ca' ? world().issuing : world().leaf);
  const contents = crlContents({
    issuer,
    number: setting.number ?? 7n,
    thisUpdate: setting.from ?? from,
    nextUpdate: setting.to ?? from + (scope === 'ca' ? 180 : 7) * day - 1,
    revocations: setting.revocations ?? revocations,
  });
  const original: CrlParts = {
    version: [der.integer(1)],
    algorithm: signatureAlgorithms[contents.signatureAlgorithm].identifier,
    issuer: contents.issuer,
    thisUpdate: der.time(contents.thisUpdate),
    nextUpdate: [der.time(contents.nextUpdate)],
    entries: contents.revocations.length === 0 ? undefined : contents.revocations.map(entryOf),
    extensions: contents.extensions,
  };
  const parts = { ...original, ...(typeof change === 'function' ? change(original) : change) };
  const tbs = der.encode(
    der.sequence(
      ...parts.version,
      parts.algorithm,
      parts.issuer,
      parts.thisUpdate,
      ...parts.nextUpdate,
      ...(parts.entries === undefined ? [] : [der.sequence(...parts.entries)]),
      der.explicit(0, der.sequence(...parts.extensions.map(encodeExtension))),
    ),
  );
  return signTbs(tbs, parts.algorithm, issuer.key);
}

function crl(setting: CrlSetting = {}, change: CrlChange = {}): LintFixture {
  const scope = setting.scope ?? 'ca';
  const issuer = setting.issuer ?? (scope === 'ca' ? world().issuing : world().leaf);
  return {
    judged: { kind: 'crl', bytes: makeCrl(setting, change) },
    as: scope,
    signingTime,
    issuer: issuer.certificate,
    ...(setting.previous === undefined ? {} : { previous: setting.previous }),
  };
}

/** The parts' extensions with this one in the place of its namesake, or at the end. */
function extend(parts: CrlParts, extension: Extension): Partial<CrlParts> {
  const rest = parts.extensions.filter(({ oid }) => oid !== extension.oid);
  return { extensions: [...rest, extension] };
}

const plain = crl();
const before = { from: utc('2026-06-01T12:00:00Z'), number: 6n } as const;
const previous = makeCrl(before);
const rootWith = (change: Parameters<typeof makeCertificate>[2]): Authority =>
  makeCertificate('root', { from: utc('2026-01-01') }, change).self;
const rootUntil = utc('2046-11-22') - 1;

/** Dates, issuer and number. */
export const crlFieldCases: Cases = {
  'crl-version-2': { refused: crl({}, { version: [] }), accepted: plain },
  'crl-signature-algorithm': {
    refused: crl({}, { algorithm: fromHex('300c06082a8648ce3d0403030500') }),
    accepted: plain,
  },
  'crl-signature-fits-key': {
    refused: crl({}, { algorithm: signatureAlgorithms['ecdsa-sha256'].identifier }),
    accepted: crl({ scope: 'end-entity' }),
  },
  'crl-issuer-at-hand': {
    refused: { judged: plain.judged, as: 'ca', signingTime },
    accepted: { judged: plain.judged, as: 'ca' },
  },
  'crl-issuer-name': { refused: crl({}, { issuer: encodeName(subjects['rsa-root']) }), accepted: plain },
  'crl-issuer-crl-sign': {
    refused: crl({ issuer: rootWith((parts) => put(parts, keyUsage(['keyCertSign']))) }),
    accepted: plain,
  },
  'crl-next-update-present': { refused: crl({}, { nextUpdate: [] }), accepted: plain },
  'crl-update-order': {
    refused: crl({ from: utc('2026-11-22T09:00:00Z'), to: utc('2026-11-22T08:59:59Z') }),
    accepted: plain,
  },
  'crl-period': {
    refused: crl({ to: from + 365 * day }),
    accepted: crl({ to: from + 365 * day - 1 }),
    more: {
      'refused-end-entity': crl({ scope: 'end-entity', to: from + 10 * day }),
      'accepted-end-entity': crl({ scope: 'end-entity', to: from + 10 * day - 1 }),
    },
  },
  'crl-time-encoding': {
    refused: crl({}, { nextUpdate: [wrongTime(from + 90 * day)] }),
    accepted: plain,
    more: {
      'refused-entry': crl(
        {},
        {
          entries: [
            der.sequence(
              der.integerContent(serialFor('revoked 1')),
              wrongTime(utc('2026-06-01')),
              der.sequence(encodeExtension(reasonCode('superseded'))),
            ),
          ],
        },
      ),
    },
  },
  'crl-within-issuer-validity': {
    refused: crl({ from: utc('2025-12-31T23:59:59Z'), to: signingTime + 1, revocations: [] }),
    accepted: crl({ from: utc('2026-01-01'), to: signingTime + 1, revocations: [] }),
    more: {
      'refused-late': {
        judged: { kind: 'crl', bytes: makeCrl({ from: rootUntil - day, to: rootUntil + 1 }) },
        as: 'ca',
        issuer: world().issuing.certificate,
      },
    },
  },
  'crl-this-update-not-future': {
    refused: crl({ from: signingTime + 1 }),
    accepted: crl({ from: signingTime }),
  },
  'crl-not-expired-at-signing': {
    refused: crl({ from: utc('2026-11-20'), to: signingTime }),
    accepted: crl({ from: utc('2026-11-20'), to: signingTime + 1 }),
  },
  'crl-this-update-follows': {
    refused: crl({ previous: makeCrl({ ...before, from: from + 1 }) }),
    accepted: crl({ previous }),
  },
  'crl-no-gap': {
    refused: crl({ previous: makeCrl({ ...before, to: from - 2 }) }),
    accepted: crl({ previous: makeCrl({ ...before, to: from - 1 }) }),
  },
  'crl-previous-same-issuer': {
    refused: crl({ previous: makeCrl(before, (parts) => extend(parts, authorityKeyIdentifier(new Uint8Array(20)))) }),
    accepted: crl({ previous }),
    more: {
      'refused-name': crl({ previous: makeCrl(before, { issuer: encodeName(subjects['rsa-root']) }) }),
    },
  },
  'crl-number-present': {
    refused: crl({}, (parts) => ({ extensions: parts.extensions.filter(({ oid }) => oid !== oids.cRLNumber) })),
    accepted: plain,
  },
  'crl-number-range': {
    refused: crl({ number: 2n ** 159n }),
    accepted: crl({ number: 2n ** 159n - 1n }),
    more: {
      'refused-zero': crl({ number: 0n }),
      'refused-negative': crl({}, (parts) => extend(parts, raw(oids.cRLNumber, '0201ff'))),
    },
  },
  'crl-number-rises': { refused: crl({ number: 6n, previous }), accepted: crl({ number: 7n, previous }) },
};

const uri = encodeGeneralName({ kind: 'uri', value: 'http://pki.example.com/r1.crl' });

/** Extensions of the CRL. */
export const crlExtensionCases: Cases = {
  'crl-aki-key-identifier-only': {
    refused: crl({}, (parts) =>
      extend(
        parts,
        raw(
          oids.authorityKeyIdentifier,
          der.sequence(
            der.implicit(0, world().issuing.keyIdentifier),
            der.element(contextConstructedTag(1), uri),
            der.implicit(2, serialFor('root')),
          ),
        ),
      ),
    ),
    accepted: plain,
  },
  'crl-aki-matches-issuer': {
    refused: crl({}, (parts) => extend(parts, authorityKeyIdentifier(new Uint8Array(20).fill(0x42)))),
    accepted: plain,
  },
  'crl-no-empty-list': { refused: crl({}, { entries: [] }), accepted: crl({ revocations: [] }) },
  'crl-not-delta': {
    refused: crl({}, (parts) =>
      extend(parts, { ...cRLNumber(Uint8Array.of(6)), oid: oids.deltaCRLIndicator, critical: true }),
    ),
    accepted: plain,
  },
  'crl-idp-full': {
    refused: crl({}, (parts) => extend(parts, issuingDistributionPoint({ urls: [], onlyContains: 'user' }))),
    accepted: crl({}, (parts) =>
      extend(parts, issuingDistributionPoint({ urls: ['http://pki.example.com/r1.crl'], onlyContains: 'ca' })),
    ),
    more: {
      'refused-reasons': crl({}, (parts) =>
        extend(parts, raw(oids.issuingDistributionPoint, der.sequence(der.namedBitString([1], 0x83)), true)),
      ),
      'refused-ca-only': crl({ scope: 'end-entity' }, (parts) =>
        extend(parts, issuingDistributionPoint({ urls: [], onlyContains: 'ca' })),
      ),
    },
  },
  'crl-extension-closed-world': {
    refused: crl({}, (parts) => extend(parts, raw(oids.issuerAltName, der.sequence(uri)))),
    accepted: plain,
  },
  'crl-extension-criticality': {
    refused: crl({}, (parts) => extend(parts, { ...cRLNumber(Uint8Array.of(7)), critical: true })),
    accepted: plain,
    more: {
      'refused-idp': crl({}, (parts) =>
        extend(parts, { ...issuingDistributionPoint({ urls: [], onlyContains: 'ca' }), critical: false }),
      ),
    },
  },
  'crl-extension-value-der': {
    refused: crl({}, (parts) => extend(parts, raw(oids.cRLNumber, '02020007'))),
    accepted: plain,
    more: {
      'refused-entry': crl(
        {},
        {
          entries: [entry(serialFor('revoked 1'), utc('2026-06-01'), raw(oids.reasonCode, '0a0104ff'))],
        },
      ),
    },
  },
};

function oneEntry(...extensions: readonly Extension[]): LintFixture {
  return crl({}, { entries: [entry(serialFor('revoked 1'), utc('2026-06-01'), ...extensions)] });
}

function reasonNumber(code: number): Extension {
  return raw(oids.reasonCode, der.element(tags.enumerated, Uint8Array.of(code)));
}

const superseded = reasonCode('superseded');
const [first, second] = revocations as [Revocation, Revocation];

/** Entries, and what becomes of them from one CRL to the next. */
export const crlEntryCases: Cases = {
  'crl-entry-extension-closed-world': {
    refused: oneEntry(
      superseded,
      raw(oids.invalidityDate, der.element(tags.generalizedTime, Buffer.from('20260501000000Z'))),
    ),
    accepted: oneEntry(superseded),
  },
  'crl-entry-extension-criticality': {
    refused: oneEntry({ ...superseded, critical: true }),
    accepted: oneEntry(superseded),
  },
  'crl-entry-serial': {
    refused: crl({}, { entries: [entry(Uint8Array.of(0), utc('2026-06-01'), superseded)] }),
    accepted: crl({}, { entries: [entry(Uint8Array.of(1), utc('2026-06-01'), superseded)] }),
    more: {
      'refused-negative': crl({}, { entries: [entry(Uint8Array.of(0x80), utc('2026-06-01'), superseded)] }),
      'refused-long': crl({}, { entries: [entry(new Uint8Array(21).fill(1), utc('2026-06-01'), superseded)] }),
    },
  },
  'crl-entry-serials-unique': { refused: crl({ revocations: [first, first] }), accepted: plain },
  'crl-reason-legal': {
    refused: oneEntry(reasonNumber(0)),
    accepted: oneEntry(reasonNumber(revocationReasons.cACompromise)),
    more: {
      'refused-seven': oneEntry(reasonNumber(7)),
      'refused-remove': oneEntry(reasonNumber(revocationReasons.removeFromCRL)),
      'refused-eleven': oneEntry(reasonNumber(11)),
    },
  },
  'crl-no-hold': { refused: oneEntry(reasonCode('certificateHold')), accepted: oneEntry(superseded) },
  'crl-reason-required': {
    refused: oneEntry(),
    accepted: crl({ scope: 'end-entity', revocations: [revoked('revoked 1', '2026-06-01', 'unspecified')] }),
  },
  'crl-revocation-date': {
    refused: crl({ revocations: [first, revoked('revoked 2', '2027-05-12', 'superseded')] }),
    accepted: crl({ revocations: [first, revoked('revoked 2', '2026-11-22', 'superseded')] }),
  },
  'crl-keeps-entries': {
    refused: crl({ revocations: [second], previous }),
    accepted: crl({ revocations: [...revocations, revoked('revoked 3', '2026-11-21', 'keyCompromise')], previous }),
    more: { 'accepted-end-entity': crl({ scope: 'end-entity', revocations: [second], previous: previousOfLeaves() }) },
  },
  'crl-entry-unchanged': {
    refused: crl({ revocations: [first, { ...second, revokedAt: second.revokedAt + 1 }], previous }),
    accepted: crl({
      scope: 'end-entity',
      revocations: [first, { ...second, revokedAt: second.revokedAt - day, reason: 'keyCompromise' }],
      previous: previousOfLeaves(),
    }),
    more: {
      'refused-reason': crl({ revocations: [first, { ...second, reason: 'keyCompromise' }], previous }),
      'refused-end-entity': crl({
        scope: 'end-entity',
        revocations: [first, { ...second, reason: 'superseded' }],
        previous: previousOfLeaves(),
      }),
    },
  },
};

function previousOfLeaves(): Uint8Array {
  return makeCrl({ scope: 'end-entity', number: 6n, from: utc('2026-11-21') });
}

import { tags } from '../../core/der/tags.ts';
import * as der from '../../core/der/writer.ts';
import { fromHex } from '../../core/ports/hex.ts';
import { utf8 } from '../../core/ports/bytes.ts';
import type { Extension } from '../../core/x509/extensions/extension.ts';
import { oids } from '../../core/x509/oids.ts';
import type { LintFixture } from './lint-fixture.ts';
import {
  makeCertificate,
  signingTime,
  typeOf,
  utc,
  world,
  type Authority,
  type Change,
  type PlanName,
  type Setting,
} from './lint-world.ts';

/** The two fixtures every rule has, and more of either kind under a name. */
export type Cases = Readonly<
  Record<
    string,
    {
      readonly refused: LintFixture;
      readonly accepted: LintFixture;
      readonly more?: Readonly<Record<`${'refused' | 'accepted'}-${string}`, LintFixture>>;
    }
  >
>;

/** A fixture that judges one certificate as what it is meant to be, with its issuer, at the usual time. */
export function cert(name: PlanName | 'leaf', setting: Setting = {}, change: Change = {}): LintFixture {
  const { certificate } = makeCertificate(name, setting, change);
  const issuer = setting.issuer ?? (name === 'root' || name === 'rsa-root' ? undefined : world()[name]);
  return {
    judged: { kind: 'certificate', bytes: certificate },
    as: typeOf[name],
    signingTime,
    ...(issuer === undefined ? {} : { issuer: issuer.certificate }),
  };
}

/** An intermediate that is not as usual, to issue a leaf or another intermediate. */
export function issuerWith(change: Change): Authority {
  return makeCertificate('issuing', { from: utc('2026-01-02') }, change).self;
}

/** One attribute of a name: its type, its string type and its text. */
export function attribute(type: string, text: string, tag: number = tags.utf8String): der.Der {
  const bytes = tag === tags.bmpString ? Buffer.from(text, 'utf16le').swap16() : utf8(text);
  return der.sequence(der.oid(type), der.element(tag, bytes));
}

/** A Name of these RDNs, each a list of attributes. */
export function name(...rdns: readonly (readonly der.Der[])[]): Uint8Array {
  return der.encode(der.sequence(...rdns.map((attributes) => der.setOf(attributes))));
}

export const country = attribute(oids.countryName, 'US', tags.printableString);
export const organization = attribute(oids.organizationName, 'Example Corp');
export const commonName = attribute(oids.commonName, 'Example Corp Issuing I1');

/** An extension with any value, right or wrong. */
export function raw(oid: string, value: string | der.Der, critical = false): Extension {
  return { oid, critical, value: typeof value === 'string' ? fromHex(value) : der.encode(value) };
}

/** A Time of the type its year does not have. */
export function wrongTime(seconds: number): der.Der {
  const digits = new Date(seconds * 1000).toISOString().replace(/[-:T]|\.\d+/gu, '');
  return der.element(tags.generalizedTime, utf8(digits));
}

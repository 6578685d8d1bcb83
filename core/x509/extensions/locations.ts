import type { DerReader } from '../../der/reader.ts';
import { contextConstructedTag } from '../../der/tags.ts';
import * as der from '../../der/writer.ts';
import { encodeGeneralName, readGeneralName } from '../general-name.ts';
import { oids } from '../oids.ts';
import { enterValue, extension, type Extension } from './extension.ts';

const maximumLocations = 16;

function uri(value: string): der.Der {
  return encodeGeneralName({ kind: 'uri', value });
}

function readUri(reader: DerReader): string {
  const name = readGeneralName(reader);
  return name.kind === 'uri' ? name.value : `(${name.kind})`;
}

/** RFC 5280 §4.2.1.13: one distribution point, its fullName these URLs of one and the same CRL. */
export function cRLDistributionPoints(urls: readonly string[]): Extension {
  const fullName = der.explicit(0, ...urls.map(uri));
  return extension(oids.cRLDistributionPoints, false, der.sequence(der.sequence(der.explicit(0, fullName))));
}

/** What the distribution points of a certificate say. */
export interface CRLDistributionPoints {
  /** How many points there are. */
  readonly points: number;
  /** Every URL of every point. */
  readonly urls: readonly string[];
  /** True when a point has reasons, an issuer or a relative name. */
  readonly special: boolean;
}

export function readCRLDistributionPoints(value: Uint8Array): CRLDistributionPoints {
  let special = false;
  const points = enterValue(value).list(maximumLocations, (list) => {
    const point = list.enter();
    const name = point.enterOptional(contextConstructedTag(0));
    const fullName = name?.enterOptional(contextConstructedTag(0));
    special ||= fullName === undefined || !point.atEnd;
    return fullName?.list(maximumLocations, readUri) ?? [];
  });
  return { points: points.length, urls: points.flat(), special };
}

/** RFC 5280 §4.2.2.1: where the issuer's certificate and its OCSP responder are. */
export interface AuthorityInfoAccess {
  readonly caIssuers: readonly string[];
  readonly ocsp: readonly string[];
}

export function authorityInfoAccess({ caIssuers, ocsp }: AuthorityInfoAccess): Extension {
  const describe = (method: string) => (url: string) => der.sequence(der.oid(method), uri(url));
  const parts = [...ocsp.map(describe(oids.ocsp)), ...caIssuers.map(describe(oids.caIssuers))];
  return extension(oids.authorityInfoAccess, false, der.sequence(...parts));
}

export function readAuthorityInfoAccess(value: Uint8Array): AuthorityInfoAccess & { readonly others: boolean } {
  const [caIssuers, ocsp]: [string[], string[]] = [[], []];
  let others = false;
  enterValue(value).list(maximumLocations, (list) => {
    const description = list.enter();
    const method = description.oid();
    const location = readUri(description);
    description.end();
    if (method === oids.caIssuers) caIssuers.push(location);
    else if (method === oids.ocsp) ocsp.push(location);
    else others = true;
  });
  return { caIssuers, ocsp, others };
}

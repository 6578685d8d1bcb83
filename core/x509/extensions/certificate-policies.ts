import * as der from '../../der/writer.ts';
import { oids } from '../oids.ts';
import { enterValue, extension, type Extension } from './extension.ts';

/** RFC 5280 §4.2.1.4, policy identifiers only: qualifiers are not used. */
export function certificatePolicies(policies: readonly string[]): Extension {
  const parts = policies.map((policy) => der.sequence(der.oid(policy)));
  return extension(oids.certificatePolicies, false, der.sequence(...parts));
}

/** `qualified` says whether any policy carried qualifiers. */
export interface CertificatePolicies {
  readonly policies: readonly string[];
  readonly qualified: boolean;
}

export function readCertificatePolicies(value: Uint8Array): CertificatePolicies {
  let qualified = false;
  const policies = enterValue(value).list(32, (list) => {
    const information = list.enter();
    const policy = information.oid();
    qualified ||= !information.atEnd;
    return policy;
  });
  return { policies, qualified };
}

import { isOnCurve } from '../curve.ts';
import { everyType, publicKeyOf } from '../helpers.ts';
import type { KeyRule } from '../rule.ts';

export const certKeyOnCurve: KeyRule = {
  id: 'cert-key-on-curve',
  clause: 'BR 6.1.6; NIST SP 800-56A §5.6.2.3',
  demand: 'An EC public key is a point of its curve.',
  appliesTo: everyType,
  check: ({ tbs }) => {
    const key = publicKeyOf(tbs.spki);
    const off = key !== undefined && isOnCurve(key.algorithm, key.publicKey) === false;
    return off ? 'a point that is not on its curve' : undefined;
  },
};

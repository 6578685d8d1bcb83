import { revocationReasons } from '../../x509/extensions/crl-extensions.ts';
import { formatSerial } from '../../x509/serial.ts';
import type { CrlEntry } from '../../x509/crl.ts';
import { reasonCodeOf } from '../crl-tables.ts';
import { listed } from '../helpers.ts';
import type { CrlRule, CrlSubject } from '../rule.ts';

function isUnchanged(before: CrlEntry, now: CrlEntry, scope: CrlSubject['scope']): boolean {
  const [oldReason, newReason] = [reasonCodeOf(before), reasonCodeOf(now)];
  if (before.revokedAt === now.revokedAt && oldReason === newReason) return true;
  // BR wants a leaf's entry to say so, and since when, once its key turns out to be compromised.
  const learned = scope === 'end-entity' && newReason === revocationReasons.keyCompromise;
  return learned && now.revokedAt <= before.revokedAt;
}

export const crlEntryUnchanged: CrlRule = {
  id: 'crl-entry-unchanged',
  clause: 'RFC 5280 §5.1.2.6; BR 7.2.2 (revocationDate)',
  demand: 'An entry keeps its date and reason, except that a leaf’s may turn to keyCompromise since an earlier date.',
  check: ({ tbs, previous, scope }) => {
    if (previous === undefined) return undefined;
    const before = new Map(previous.tbs.entries.map((entry) => [formatSerial(entry.serial), entry]));
    return listed(
      tbs.entries.flatMap((entry) => {
        const serial = formatSerial(entry.serial);
        const old = before.get(serial);
        return old === undefined || isUnchanged(old, entry, scope) ? [] : [`${serial} has another date or reason`];
      }),
    );
  },
};

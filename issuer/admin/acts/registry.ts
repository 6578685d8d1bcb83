import type { AdminAct } from '../act.ts';
import { accounts, orders, reopenAccount, shutAccount } from './accounts.ts';
import { addBlockedKey, blockedKeys, dropBlockedKey } from './blocked-keys.ts';
import { certificates, revoke } from './certificates.ts';
import { addExternalKey, dropExternalKey, externalKeys, sealExternalKeys } from './external-keys.ts';
import { audit, auditVerify, bundles } from './history.ts';
import { addIncident, closeIncident, incidents } from './incidents.ts';
import { dropLimit, limits, setLimit } from './limits.ts';
import { status } from './status.ts';

/** Everything an operator can ask for, by name: POST /admin/NAME with its input, or `coldroot-issuer NAME`. */
export const adminActs: Readonly<Record<string, AdminAct<unknown>>> = {
  status,
  accounts,
  'account-revoke': shutAccount,
  'account-reinstate': reopenAccount,
  orders,
  certificates,
  revoke,
  'blocked-keys': blockedKeys,
  'key-block': addBlockedKey,
  'key-unblock': dropBlockedKey,
  bundles,
  limits,
  'limit-set': setLimit,
  'limit-drop': dropLimit,
  'eab-keys': externalKeys,
  'eab-add': addExternalKey,
  'eab-revoke': dropExternalKey,
  'eab-seal': sealExternalKeys,
  incidents,
  'incident-add': addIncident,
  'incident-end': closeIncident,
  audit,
  'audit-verify': auditVerify,
};

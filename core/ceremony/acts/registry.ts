import type { AnyAct } from '../act.ts';
import { attend } from './attend.ts';
import { attestKey } from './attest-key.ts';
import { backupKey } from './backup-key.ts';
import { changeCustodians } from './change-custodians.ts';
import { checkRoom } from './check-room.ts';
import { confirm } from './confirm.ts';
import { confirmClock } from './confirm-clock.ts';
import { crossCertify } from './cross-certify.ts';
import { destroyKey } from './destroy-key.ts';
import { exportBundle } from './export-bundle.ts';
import { generateKey } from './generate-key.ts';
import { generateWrappingKey } from './generate-wrapping-key.ts';
import { importBundle } from './import-bundle.ts';
import { importCsr } from './import-csr.ts';
import { initToken } from './init-token.ts';
import { inventory } from './inventory.ts';
import { issueBundleSigner } from './issue-bundle-signer.ts';
import { issueCrl } from './issue-crl.ts';
import { issueIntermediate } from './issue-intermediate.ts';
import { issueOcspSigner } from './issue-ocsp-signer.ts';
import { issueRoot } from './issue-root.ts';
import { makeCsr } from './make-csr.ts';
import { mediaIn } from './media-in.ts';
import { mediaOut } from './media-out.ts';
import { openToken } from './open-token.ts';
import { readAloud } from './read-aloud.ts';
import { receipt } from './receipt.ts';
import { record } from './record.ts';
import { renewIntermediate } from './renew-intermediate.ts';
import { renewRoot } from './renew-root.ts';
import { restoreDrill } from './restore-drill.ts';
import { restoreKey } from './restore-key.ts';
import { revoke } from './revoke.ts';
import { sealKey } from './seal-key.ts';
import { splitPin } from './split-pin.ts';

/** Every act there is. To add one: write its file, put it here. */
export const acts: readonly AnyAct[] = [
  attend,
  confirm,
  record,
  confirmClock,
  checkRoom,
  readAloud,
  importBundle,
  receipt,
  mediaIn,
  mediaOut,
  initToken,
  openToken,
  splitPin,
  changeCustodians,
  inventory,
  generateKey,
  generateWrappingKey,
  backupKey,
  restoreKey,
  restoreDrill,
  sealKey,
  importCsr,
  attestKey,
  issueRoot,
  issueIntermediate,
  renewIntermediate,
  renewRoot,
  crossCertify,
  makeCsr,
  issueBundleSigner,
  issueOcspSigner,
  revoke,
  issueCrl,
  destroyKey,
  exportBundle,
];

export const actsByName: ReadonlyMap<string, AnyAct> = new Map(acts.map((act) => [act.name, act]));

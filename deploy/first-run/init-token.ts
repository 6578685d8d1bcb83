import pkcs11js from 'pkcs11js';
import { CodedError } from '../../core/ports/coded-error.ts';

const { PKCS11, CKF_TOKEN_INITIALIZED, CKF_RW_SESSION, CKF_SERIAL_SESSION, CKU_SO } = pkcs11js;

function trimmed(text: string): string {
  return text.replace(/[\s\0]+$/u, '');
}

/**
 * Initialises SoftHSM tokens with these labels where they are not there yet, and says their serials. PINs go through
 * the library, not through a command line that others on the machine could read. For rehearsals on SoftHSM only.
 */
export function initTokens(
  module: string,
  labels: readonly string[],
  pinOf: (label: string) => { readonly user: string; readonly officer: string },
): ReadonlyMap<string, string> {
  const library = new PKCS11();
  library.load(module);
  library.C_Initialize();
  try {
    const serials = new Map<string, string>();
    for (const label of labels) serials.set(label, findOrMake(library, label, pinOf(label)));
    return serials;
  } finally {
    library.C_Finalize();
    library.close();
  }
}

function findOrMake(
  library: InstanceType<typeof PKCS11>,
  label: string,
  pins: { readonly user: string; readonly officer: string },
): string {
  const slots = library.C_GetSlotList(true);
  const infos = slots.map((slot) => ({ slot, info: library.C_GetTokenInfo(slot) }));
  const isReady = (flags: number): boolean => (flags & CKF_TOKEN_INITIALIZED) !== 0;
  const there = infos.find(({ info }) => isReady(info.flags) && trimmed(info.label) === label);
  if (there !== undefined) return trimmed(there.info.serialNumber);
  const free = infos.find(({ info }) => !isReady(info.flags));
  if (free === undefined) {
    const remedy = 'Check the SoftHSM configuration in .coldroot/softhsm.';
    throw new CodedError({ code: 'first-run-no-slot', message: 'SoftHSM has no free slot.', remedy });
  }
  library.C_InitToken(free.slot, pins.officer, label.padEnd(32));
  // SoftHSM renumbers slots when a token is initialised: it has to be looked for again.
  const made = library.C_GetSlotList(true).find((slot) => trimmed(library.C_GetTokenInfo(slot).label) === label);
  if (made === undefined) {
    const remedy = 'Start over with npm start -- --fresh.';
    throw new CodedError({ code: 'first-run-token', message: `The token ${label} is not there.`, remedy });
  }
  const session = library.C_OpenSession(made, CKF_RW_SESSION | CKF_SERIAL_SESSION);
  library.C_Login(session, CKU_SO, pins.officer);
  library.C_InitPIN(session, pins.user);
  library.C_Logout(session);
  library.C_CloseSession(session);
  return trimmed(library.C_GetTokenInfo(made).serialNumber);
}

import type { TokenInfo } from '../../ports/token.ts';
import type { CryptokiTokenInfo } from './cryptoki.ts';
import * as p11 from './constants.ts';

/** Fields are blank-padded by the standard; some libraries end them with a zero octet and leave rubbish behind it. */
function unpadded(field: string): string {
  return (field.split('\0')[0] ?? '').trimEnd();
}

function pinStateOf(flags: number): TokenInfo['pinState'] {
  if ((flags & p11.CKF_USER_PIN_LOCKED) !== 0) return 'locked';
  if ((flags & p11.CKF_USER_PIN_FINAL_TRY) !== 0) return 'final-try';
  return (flags & p11.CKF_USER_PIN_COUNT_LOW) === 0 ? 'normal' : 'count-low';
}

/** CK_TOKEN_INFO in the words of the token port. */
export function describeToken(info: CryptokiTokenInfo): TokenInfo {
  return {
    label: unpadded(info.label),
    manufacturer: unpadded(info.manufacturerID),
    model: unpadded(info.model),
    serial: unpadded(info.serialNumber),
    firmware: `${info.firmwareVersion.major}.${info.firmwareVersion.minor}`,
    pinState: pinStateOf(info.flags),
    pinInitialized: (info.flags & p11.CKF_USER_PIN_INITIALIZED) !== 0,
    protectedPath: (info.flags & p11.CKF_PROTECTED_AUTHENTICATION_PATH) !== 0,
    pinLength: { minimum: info.minPinLen, maximum: info.maxPinLen },
  };
}

/** False for the blank slots that SoftHSM and others show beside their tokens. */
export function isInitialized(info: CryptokiTokenInfo): boolean {
  return (info.flags & p11.CKF_TOKEN_INITIALIZED) !== 0;
}

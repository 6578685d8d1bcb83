import { refuseHopeless, refuseImpossibleLength } from './login.ts';
import { currentInfo, type OpenToken } from './open-token.ts';

/**
 * Gives the user another PIN, and proves it by having the token take it as the old one once more: being logged in already
 * proves nothing. A wrong old PIN uses up a try, as at login.
 */
export function changePin(token: OpenToken, from: string, to: string): void {
  const info = currentInfo(token);
  refuseHopeless(info, from, false);
  refuseImpossibleLength(info, from);
  refuseImpossibleLength(info, to);
  token.cryptoki.C_SetPIN(token.main.handle, from, to);
  token.cryptoki.C_SetPIN(token.main.handle, to, to);
}

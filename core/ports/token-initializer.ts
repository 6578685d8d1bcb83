import type { TokenInfo } from './token.ts';

/** Makes tokens ready for use: what the security officer of a token does, before there is a user. */
export interface TokenInitializer {
  /** Tokens that were never initialised. One that gets its serial number by that has none yet: it is empty. */
  blanks(): Promise<readonly TokenInfo[]>;
  /**
   * Initialises the one token of this name (C_InitToken): `blank:…` one that was never in use, a URI one whose content
   * goes. `soPin` becomes the SO PIN of a blank one and must be that of any other. It may be renumbered, and get another
   * serial number: look for it again.
   */
  initialize(name: string, soPin: string, label: string): Promise<void>;
  /** Sets the user PIN (C_InitPIN) and proves it by logging in with it; nobody is logged in afterwards. */
  setUserPin(uri: string, soPin: string, pin: string): Promise<void>;
}

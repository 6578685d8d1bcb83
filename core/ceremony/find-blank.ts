import { matchesBlank, parseBlankName } from '../ports/blank-token.ts';
import type { TokenInfo } from '../ports/token.ts';
import type { TokenInitializer } from '../ports/token-initializer.ts';
import { ceremonyError } from './ceremony-error.ts';

/** The one blank token that a name of the binding fits, as things are now. */
export async function findBlank(uri: string, devices: Pick<TokenInitializer, 'blanks'>): Promise<TokenInfo> {
  const name = parseBlankName(uri);
  const fitting = (await devices.blanks()).filter((info) => matchesBlank(name, info));
  const [only] = fitting;
  if (only !== undefined && fitting.length === 1) return only;
  throw ceremonyError(
    only === undefined ? 'token-missing' : 'token-ambiguous',
    only === undefined ? 'No blank token that fits is there.' : `${fitting.length} blank tokens fit.`,
    'Plug in the right one and no other, or name it more closely: blank:serial=…;model=… (coldroot token list).',
  );
}

import { matchesBlank, type BlankName } from '../../ports/blank-token.ts';
import { matchesToken, type Pkcs11Uri } from '../../ports/pkcs11-uri.ts';
import type { TokenInfo } from '../../ports/token.ts';
import { tokenError } from './errors.ts';

/** A token that is there, and where: for the one who has to choose among several. */
interface Candidate {
  readonly info: TokenInfo;
  readonly place: string;
}

function nameAll(candidates: readonly Candidate[]): string {
  const shown = candidates
    .slice(0, 8)
    .map(({ info, place }) => `"${info.label}" serial ${info.serial} (${info.model}, ${place})`);
  if (candidates.length > shown.length) shown.push(`and ${candidates.length - shown.length} more`);
  return shown.length === 0 ? 'none' : shown.join('; ');
}

/** The one candidate that the URI names; `token-missing` and `token-ambiguous` tell what is there instead. */
export function exactlyOne<T extends Candidate>(uri: Pkcs11Uri, candidates: readonly T[]): T {
  const matching = candidates.filter(({ info }) => matchesToken(uri, info));
  const [match] = matching;
  if (match === undefined) {
    const narrowed = Object.keys(uri).length > 1 ? ' and the rest of its URI' : '';
    throw tokenError(
      'token-missing',
      `No token with serial ${uri.serial}${narrowed} is there. Present: ${nameAll(candidates)}.`,
      'Plug it in or correct the binding: compare serial, label, manufacturer and model.',
    );
  }
  if (matching.length === 1) return match;
  throw tokenError(
    'token-ambiguous',
    `Several tokens answer to serial ${uri.serial}: ${nameAll(matching)}.`,
    'Add token=…, manufacturer=… or model=… to the URI, or list its library only once.',
  );
}

/** The one blank token that fits; `token-missing` and `token-ambiguous` as above. */
export function exactlyOneBlank<T extends Candidate>(name: BlankName, blanks: readonly T[]): T {
  const matching = blanks.filter(({ info }) => matchesBlank(name, info));
  const [match] = matching;
  if (match === undefined) {
    throw tokenError(
      'token-missing',
      `No blank token that fits the binding is there. Blank: ${nameAll(blanks)}.`,
      'Plug it in or correct the binding. One that is in use already is named by its serial, and its content is wiped.',
    );
  }
  if (matching.length === 1) return match;
  throw tokenError(
    'token-ambiguous',
    `Several blank tokens fit the binding: ${nameAll(matching)}.`,
    'Add serial=… or model=… after "blank:", or unplug the others.',
  );
}

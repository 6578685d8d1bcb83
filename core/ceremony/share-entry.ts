import { isCoded, type Refusal } from '../ports/coded-error.ts';
import type { Digest } from '../ports/digest.ts';
import type { SecretSharing } from '../ports/secret-sharing.ts';
import { choiceFault } from './pin-choice.ts';
import type { Fact, Prompt } from './prompt.ts';
import type { Role } from './roles.ts';
import { joinShares, readShare, shareFault, tokenMark } from './share.ts';
import type { CeremonyState } from './state.ts';

export type SecretPrompt = Extract<Prompt, { kind: 'secret' }>;

/** Whether nothing more has to be typed for a token after this entry. */
export function isLastEntry({ share }: SecretPrompt): boolean {
  return share === undefined || share.number === share.of;
}

/** How many shares open a token, and of which set: those handed out in this ceremony, or those its plan opens it with. */
export function custodiansOf(
  { custodians, beginning: { plan } }: CeremonyState,
  token: string,
): { readonly of: number; readonly set?: string } | undefined {
  const handed = custodians[token];
  if (handed !== undefined) return { of: handed.threshold, set: handed.set };
  const opening = plan.acts.find((act) => act.do === 'open-token' && (act as { token?: string }).token === token);
  const of = (opening as { readonly shares?: number } | undefined)?.shares;
  return of === undefined ? undefined : { of };
}

/** Whether this is the prompt of a share of this token. */
export function isShareOf(token: string, id: string): boolean {
  return id.startsWith(shareId(token, 0).slice(0, -1));
}

function shareId(token: string, number: number): string {
  return `pin-${token}-share-${number}`;
}

/** One prompt for each share that is needed to open a token. */
export function sharePrompts(
  { token, serial, of, by, set }: { token: string; serial: string; of: number; by: Role; set?: string },
  show: readonly Fact[],
): readonly SecretPrompt[] {
  return Array.from({ length: of }, (_, index): SecretPrompt => {
    const number = index + 1;
    const which = set === undefined ? 'their share' : `their share of set ${set}`;
    const say = `An officer types ${which} of the PIN of "${token}": ${number} of the ${of} that are needed.`;
    const share = { number, of, serial, ...(set === undefined ? {} : { set }) };
    return { id: shareId(token, number), kind: 'secret', by, say, token, keypad: false, required: true, share, show };
  });
}

/** The PIN that the shares typed give together. In a dry run nobody typed any, and there is none. */
export async function pinFromShares(
  token: string,
  of: number,
  secret: (id: string) => string | undefined,
  { sharing, digest }: { readonly sharing: SecretSharing; readonly digest: Digest },
): Promise<string | undefined> {
  const texts = Array.from({ length: of }, (_, index) => secret(shareId(token, index + 1)));
  const typed = texts.filter((text) => text !== undefined);
  if (typed.length === 0) return undefined;
  return joinShares(
    typed.map((text) => readShare(text, digest)),
    sharing,
    digest,
  );
}

/** Why what was typed cannot be what a prompt asks for: found out before it counts, so that the person can correct it. */
export function entryFault(
  prompt: SecretPrompt,
  value: string,
  typed: ReadonlyMap<string, string>,
  digest: Digest,
): Refusal | undefined {
  const { share, token, chosen } = prompt;
  if (prompt.required === true && value === '') {
    return {
      code: 'secret-empty',
      message: 'Nothing was typed.',
      remedy: 'Type it here; this token has no keypad in use.',
    };
  }
  if (share === undefined) return chosen === undefined ? undefined : choiceFault(chosen, value);
  try {
    const ids = Array.from({ length: share.number - 1 }, (_, index) => shareId(token, index + 1));
    const before = ids.flatMap((id) => typed.get(id) ?? []).map((text) => readShare(text, digest));
    return shareFault(readShare(value, digest), before, tokenMark(share.serial, digest), share.set);
  } catch (error) {
    if (isCoded(error)) return error;
    throw error;
  }
}

import { toHex } from '../ports/hex.ts';
import type { ActPorts } from './act.ts';
import { ceremonyError } from './ceremony-error.ts';
import { fact } from './facts.ts';
import type { Prompt } from './prompt.ts';
import type { Role } from './roles.ts';
import { joinShares, shareHex, splitPin, tokenMark, type Share } from './share.ts';

/** How a PIN is split: among how many, and how many of them open the token. */
export interface Splitting {
  readonly token: string;
  readonly shares: number;
  readonly threshold: number;
  readonly by: readonly Role[];
}

/** Every share is tried once, in groups of as many as are needed, before anybody is given one. */
async function tryAll(pin: string, shares: readonly Share[], { sharing, digest }: ActPorts): Promise<void> {
  const threshold = shares[0]?.threshold ?? 0;
  for (let first = 0; first < shares.length; first += 1) {
    const group = Array.from({ length: threshold }, (_, index) => shares[(first + index) % shares.length]);
    const joined = await joinShares(
      group.filter((share) => share !== undefined),
      sharing,
      digest,
    );
    if (joined !== pin)
      throw ceremonyError('share-not-proven', 'The shares do not give the PIN again.', 'Report this.');
  }
}

/** The name of a new set of shares. */
export function newSet({ entropy }: ActPorts): string {
  return toHex(entropy.bytes(4));
}

/** Splits a PIN and keeps each share for the officer it is for. */
export async function prepareHandOver(
  pin: string,
  { serial, set }: { serial: string; set: string },
  { shares: count, threshold }: Splitting,
  ports: ActPorts,
): Promise<void> {
  const token = tokenMark(serial, ports.digest);
  const made = await splitPin(pin, { token, set, count, threshold }, ports.sharing, ports.digest);
  await tryAll(pin, made, ports);
  for (const share of made) ports.handOut(`share-${share.index}`, shareHex(share, ports.digest));
}

/** One prompt for each officer who takes a share. */
export function handOverPrompts({ token, shares, threshold, by }: Splitting, set: string): readonly Prompt[] {
  const [role = 'administrator'] = by;
  return Array.from({ length: shares }, (_, index): Prompt => {
    const number = index + 1;
    return {
      id: `share-${number}`,
      kind: 'word',
      by: role,
      say: `Share ${number} of ${shares}: only the officer it is for looks at the screen, writes it down, and types TAKEN.`,
      show: [
        fact('token', token),
        fact('set', set),
        fact('share', `${number} of ${shares}; any ${threshold} open the token`),
      ],
      word: 'TAKEN',
      handOut: { token, number, of: shares },
    };
  });
}

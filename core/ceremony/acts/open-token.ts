import { z } from 'zod';
import { slugSchema } from '../../bundle/manifest.ts';
import { defineAct } from '../act.ts';
import { ceremonyError } from '../ceremony-error.ts';
import { fact } from '../facts.ts';
import { actBase } from '../plan-types.ts';
import { pinFromShares, sharePrompts } from '../share-entry.ts';
import type { BoundToken } from '../state.ts';

const config = z.strictObject({
  do: z.literal('open-token'),
  token: slugSchema,
  /** How many shares of its PIN open it; its PIN itself where nothing is said. */
  shares: z.int().min(2).max(15).optional(),
  ...actBase,
});

function identity(bound: BoundToken): ReturnType<typeof fact>[] {
  return [
    fact('label', bound.label),
    fact('serial', bound.serial),
    fact('device', `${bound.manufacturer} ${bound.model}, firmware ${bound.firmware}`),
  ];
}

function boundToken(tokens: Readonly<Record<string, BoundToken>>, name: string): BoundToken {
  return (
    tokens[name] ?? { uri: '', serial: '?', label: '?', model: '?', manufacturer: '?', firmware: '?', keypad: false }
  );
}

/** Logs in to a token: the one whose serial the binding names, with a PIN that is typed and forgotten. */
export const openToken = defineAct({
  name: 'open-token',
  config,
  intent: z.strictObject({ serial: z.string().max(64) }),
  outcome: z.strictObject({ serial: z.string().max(64), pinState: z.string().max(32) }),
  references: ({ token }) => ({ opens: token }),
  describe: ({ token }, plan) => ({
    headline: `Open the token "${token}"`,
    why: `It is for ${plan.tokens[token]?.for ?? 'keys of this hierarchy'}.`,
    onToken: 'Logs in as its user. Nothing on it changes; a wrong PIN uses up a try.',
  }),
  questions: ({ token, by, shares }, { beginning }) => {
    const bound = boundToken(beginning.tokens, token);
    const [role = 'administrator'] = by;
    if (shares !== undefined)
      return sharePrompts({ token, serial: bound.serial, of: shares, by: role }, identity(bound));
    const where = bound.keypad ? ' on its own keypad' : '';
    const say = `Compare the serial with the device in front of you, then enter the PIN of "${token}"${where}.`;
    return [{ id: `pin-${token}`, kind: 'secret', by: role, say, token, keypad: bound.keypad, show: identity(bound) }];
  },
  prepare: ({ token }, { beginning }) => Promise.resolve({ serial: boundToken(beginning.tokens, token).serial }),
  confirmations: () => [],
  perform: async ({ token, shares }, { serial }, _, ports) => {
    const device = await ports.token(token);
    const before = await device.info();
    if (before.serial !== serial) {
      throw ceremonyError(
        'token-other-device',
        `The token has the serial ${before.serial}, not ${serial} as when the ceremony began.`,
        'Put the right device back and try again.',
      );
    }
    const secret = (id: string): string | undefined => ports.secret(id);
    await device.login(
      shares === undefined ? secret(`pin-${token}`) : await pinFromShares(token, shares, secret, ports),
    );
    const { pinState } = await device.info();
    return { serial, pinState };
  },
  apply: ({ token }, _, __, { openTokens }) => ({ openTokens: [...new Set([...openTokens, token])] }),
  summary: ({ token }, _, { serial, pinState }) => [
    fact('token', token),
    fact('serial', serial),
    fact('PIN state after login', pinState),
  ],
});

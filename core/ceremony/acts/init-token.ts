import { z } from 'zod';
import { slugSchema } from '../../bundle/manifest.ts';
import { formatTokenUri } from '../../ports/pkcs11-uri.ts';
import { defineAct } from '../act.ts';
import { confirmWord, fact } from '../facts.ts';
import { freshlyMade, prepareFresh, rememberedName, type FreshToken } from '../fresh-token.ts';
import { pinsOf, pinPrompts, requirePins } from '../init-pins.ts';
import { pinRuleFaults, pinRuleSchema } from '../pin-choice.ts';
import { actBase } from '../plan-types.ts';
import type { Fact } from '../prompt.ts';
import type { BoundToken, CeremonyState } from '../state.ts';

const config = z.strictObject({
  do: z.literal('init-token'),
  token: slugSchema,
  /** What the device calls itself from then on. */
  label: z.string().regex(/^[\x21-\x7e](?:[\x20-\x7e]{0,30}[\x21-\x7e])?$/u, 'not 1 to 32 plain characters'),
  /** The token was in use: everything on it goes. */
  wipe: z.boolean().default(false),
  'so-pin': pinRuleSchema.prefault({}),
  'user-pin': pinRuleSchema.prefault({}),
  ...actBase,
});
type Config = z.infer<typeof config>;

const intent = z.strictObject({
  /** Serial number, as far as the device has one before. */
  serial: z.string().max(64),
  label: z.string().max(32),
  wipe: z.boolean(),
  /** Serials of all tokens that were in use before: what is none of them afterwards is the one that was made. */
  before: z.array(z.string().max(64)).max(256),
  /** What a wiped token shows of its content without a PIN. */
  visible: z.array(z.string().max(300)).max(20),
});
type Intent = z.infer<typeof intent>;

const outcome = z.strictObject({
  uri: z.string().max(1000),
  serial: z.string().max(64),
  label: z.string().max(64),
  model: z.string().max(64),
  manufacturer: z.string().max(64),
  firmware: z.string().max(64),
  /** The device was initialised before an interruption, and only its user PIN was set now. */
  found: z.boolean(),
});
type Outcome = z.infer<typeof outcome>;

function deviceFacts(own: Config, made: Intent, { beginning }: CeremonyState): readonly Fact[] {
  const bound = beginning.tokens[own.token];
  const seen: readonly Fact[] =
    made.visible.length > 0
      ? made.visible.map((value) => ({ label: 'goes for ever', value, style: 'warning' }))
      : [{ label: 'goes for ever', value: 'whatever it holds; without its PIN nothing is seen', style: 'warning' }];
  return [
    fact('device', `${bound?.manufacturer ?? '?'} ${bound?.model ?? '?'}, firmware ${bound?.firmware ?? '?'}`),
    fact('serial', made.serial === '' ? 'none yet: the device gives itself one' : made.serial),
    fact('label', made.label),
    ...(made.wipe ? seen : []),
  ];
}

function boundBy({ found: _found, ...device }: Outcome): BoundToken {
  return { ...device, keypad: false };
}

/** What a dry run takes the device for afterwards. */
function imagined(own: Config, made: Intent, { beginning }: CeremonyState): Outcome {
  const { model = '', manufacturer = '', firmware = '', uri = '' } = beginning.tokens[own.token] ?? {};
  return { uri, serial: made.serial, label: made.label, model, manufacturer, firmware, found: false };
}

function outcomeOf({ info, found }: FreshToken): Outcome {
  const { serial, label, model, manufacturer, firmware } = info;
  return { uri: formatTokenUri(info), serial, label, model, manufacturer, firmware, found };
}

/**
 * Makes a token ready for use (C_InitToken, C_InitPIN). Done again after an interruption it finds the device by what was
 * written ahead, sets the user PIN once more, and initialises nothing twice; what is wiped may be wiped again.
 */
export const initToken = defineAct({
  name: 'init-token',
  config,
  intent,
  outcome,
  references: ({ token, wipe }) => ({ initializes: { token, wipe } }),
  faults: (own) => [
    ...pinRuleFaults('so', own['so-pin']),
    ...pinRuleFaults('user', own['user-pin']),
    ...(own.wipe && new Set(own.by).size < 2
      ? [
          [
            'plan-wipe-one-person',
            'two people must type the word before a token is wiped: name two roles in "by"',
          ] as const,
        ]
      : []),
  ],
  describe: ({ token, label, wipe }, plan) => ({
    headline: `${wipe ? 'Wipe and initialise' : 'Initialise'} the token "${token}" as "${label}"`,
    why: `It is for ${plan.tokens[token]?.for ?? 'this hierarchy'}. Its PINs are chosen here, and known to those who chose them.`,
    onToken: wipe
      ? 'Destroys everything on it, for ever. The SO PIN stays; the user gets a new one.'
      : 'Gives it its label, its SO PIN and its user PIN. A blank token holds nothing that could be lost.',
  }),
  questions: (own) => pinPrompts(own),
  prepare: async (own, { beginning }, ports) => {
    pinsOf(own, ports);
    return prepareFresh(own, beginning.tokens[own.token], ports.devices);
  },
  confirmations: (own, made, state) =>
    own.wipe
      ? confirmWord(own, 'WIPE', `Wipe the token "${own.token}" for ever?`, deviceFacts(own, made, state))
      : confirmWord(own, 'INITIALISE', `Initialise the token "${own.token}"?`, deviceFacts(own, made, state)),
  perform: async (own, made, state, ports) => {
    const pins = requirePins(own, state, ports);
    if (pins === undefined) return imagined(own, made, state);
    return outcomeOf(await freshlyMade(made, pins, ports.devices));
  },
  recover: async (_, made, __, { devices }) => {
    const { there } = await rememberedName(made, devices);
    const found = 'It was initialised before the interruption: its user PIN is set now.';
    if (there) return { kind: 'redo', because: found };
    return { kind: 'redo', because: made.wipe ? 'It is wiped, for the second time if need be.' : 'It is still blank.' };
  },
  apply: ({ token }, _, made, { beginning }) => ({
    beginning: { ...beginning, tokens: { ...beginning.tokens, [token]: boundBy(made) } },
  }),
  summary: ({ token, wipe }, _, { uri, serial, label, model, manufacturer, firmware, found }) => [
    fact('token', `${token}: ${manufacturer} ${model}, firmware ${firmware}`),
    fact('serial', serial),
    fact('label', label),
    fact('in later bindings', uri),
    fact('SO PIN', wipe ? 'the one it had' : 'chosen and entered twice in the room'),
    fact('user PIN', 'chosen and entered twice in the room; the token took it at a login'),
    fact('content', found ? 'no key (it was initialised before an interruption)' : 'no key'),
  ],
});

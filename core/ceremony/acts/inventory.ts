import { z } from 'zod';
import { slugSchema } from '../../bundle/manifest.ts';
import { toBase64 } from '../../ports/base64.ts';
import type { Token, TokenObject } from '../../ports/token.ts';
import { defineAct } from '../act.ts';
import { ceremonyError } from '../ceremony-error.ts';
import { fact } from '../facts.ts';
import { oddities } from '../oddities.ts';
import { actBase } from '../plan-types.ts';
import type { CeremonyState } from '../state.ts';

const config = z.strictObject({
  do: z.literal('inventory'),
  token: slugSchema,
  /** `planned`: exactly the keys this hierarchy knows to be there; `empty`: no key at all; `any`: look, do not judge. */
  expect: z.enum(['planned', 'empty', 'any']).default('planned'),
  ...actBase,
});

const found = z.strictObject({
  kind: z.string().max(32),
  label: z.string().max(256),
  id: z.string().max(512),
  algorithm: z.string().max(64),
});
const outcome = z.strictObject({
  objects: z.array(found).max(10_000),
  /** Duplicates and leftovers, in words. */
  oddities: z.array(z.string().max(1000)).max(200).default([]),
});

function plannedSpkis(state: CeremonyState, token: string): ReadonlySet<string> {
  return new Set(
    Object.values(state.keys)
      .filter((key) => key.token === token)
      .map(({ spki }) => spki),
  );
}

function describeObject({ kind, label, id }: TokenObject): string {
  return `${kind} "${label}" (CKA_ID ${id === '' ? 'none' : id})`;
}

/** Keys, and halves of keys, on the token that should not be there, and planned ones that are not. */
function differences(state: CeremonyState, token: string, objects: readonly TokenObject[]): readonly string[] {
  const planned = plannedSpkis(state, token);
  const keys = objects.filter(({ kind }) => kind === 'private-key' || kind === 'secret-key');
  const isPlanned = ({ spki }: TokenObject): boolean => spki !== undefined && planned.has(toBase64(spki));
  const halves = objects.filter(({ kind }) => kind === 'public-key');
  const spkis = keys.flatMap(({ spki }) => (spki === undefined ? [] : [toBase64(spki)]));
  const present = new Set(spkis);
  const copies = keys.filter(
    ({ spki }) => spki !== undefined && spkis.indexOf(toBase64(spki)) !== spkis.lastIndexOf(toBase64(spki)),
  );
  return [
    ...[...keys, ...halves].filter((key) => !isPlanned(key)).map((key) => `not in the plan: ${describeObject(key)}`),
    ...copies.map((key) => `there more than once: ${describeObject(key)}`),
    ...Object.entries(state.keys)
      .filter(([, key]) => key.token === token && !present.has(key.spki))
      .map(([name]) => `missing: the key of ${name}`),
  ];
}

/** By name, the halves of a pair together: devices list them in any order. */
function inOrder(one: TokenObject, other: TokenObject): number {
  const key = ({ label, id, kind }: TokenObject): string => `${label}\0${id}\0${kind}`;
  return key(one) < key(other) ? -1 : 1;
}

/** What people should look twice at. Certificates are read only where there are any: most tokens here have none. */
async function oddIn(device: Token, objects: readonly TokenObject[]): Promise<readonly string[]> {
  const certificates = objects.some(({ kind }) => kind === 'certificate') ? await device.certificates() : [];
  return oddities(objects, certificates);
}

/** Lists what is on a token and compares it with what the plan says is there. */
export const inventory = defineAct({
  name: 'inventory',
  config,
  intent: z.strictObject({}),
  outcome,
  references: ({ token }) => ({ tokens: [token] }),
  describe: ({ token, expect }) => ({
    headline: `List what is on the token "${token}"`,
    why:
      expect === 'any'
        ? 'The transcript shows what was there.'
        : 'What is on the token before and after must differ by exactly what the plan says.',
    onToken: 'Reads the list of objects. Nothing changes.',
  }),
  questions: () => [],
  prepare: () => Promise.resolve({}),
  confirmations: () => [],
  perform: async ({ token, expect }, _, state, ports) => {
    const device = await ports.token(token);
    const objects = await device.objects();
    const odd = await oddIn(device, objects);
    const keys = objects.filter(({ kind }) => kind.endsWith('-key'));
    const wrong =
      expect === 'any'
        ? []
        : expect === 'empty'
          ? keys.map((key) => `not empty: ${describeObject(key)}`)
          : differences(state, token, objects);
    if (wrong.length > 0) {
      throw ceremonyError(
        'inventory-differs',
        `The token "${token}" does not hold what it should: ${[...wrong, ...odd].slice(0, 20).join('; ')}.`,
        'Find out where the difference comes from before going on. A leftover key of a rehearsal must be destroyed first.',
      );
    }
    return {
      objects: [...objects].sort(inOrder).map(({ kind, label, id, algorithm = '' }) => {
        return { kind, label: label.slice(0, 256), id: id.slice(0, 512), algorithm };
      }),
      oddities: odd.map((one) => one.slice(0, 1000)).slice(0, 200),
    };
  },
  apply: () => ({}),
  summary: ({ token }, _, { objects, oddities: odd }) => [
    fact('token', token),
    fact('objects', objects.length === 0 ? 'none' : `${objects.length}`),
    ...objects.map(({ kind, label, id, algorithm }) => fact(kind, `${label} ${algorithm} (CKA_ID ${id})`)),
    ...odd.map((value) => ({ label: 'look twice', value, style: 'warning' }) as const),
  ],
});

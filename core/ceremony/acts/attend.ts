import { z } from 'zod';
import { defineAct } from '../act.ts';
import { fact } from '../facts.ts';
import { actBase } from '../plan-types.ts';
import type { Prompt } from '../prompt.ts';
import { roles, roleSchema, seats } from '../roles.ts';

const config = z.strictObject({ do: z.literal('attend'), ...actBase });
const outcome = z.strictObject({
  people: z.array(z.strictObject({ role: roleSchema, name: z.string() })).max(100),
});

/** Who is in the room, by role. Nothing else can start before. */
export const attend = defineAct({
  name: 'attend',
  config,
  intent: z.strictObject({}),
  outcome,
  references: () => ({}),
  describe: () => ({
    headline: 'Record who is in the room',
    why: 'A CA key is generated under multi-person control, by people in Trusted Roles (BR 6.1.1.1).',
    onToken: '',
  }),
  questions: (_, { beginning: { plan } }): readonly Prompt[] =>
    roles.flatMap((role) => {
      const { minimum, maximum } = seats(plan.roles, role);
      const say = `Name the ${role}${maximum > 1 ? 's' : ''} present.`;
      return maximum === 0
        ? []
        : [{ id: role, kind: 'names', by: 'administrator', role, say, minimum, maximum } as const];
    }),
  prepare: () => Promise.resolve({}),
  confirmations: () => [],
  perform: (_, __, state) => {
    const named = roles.flatMap((role) => {
      const answer = state.current.answers[role];
      return Array.isArray(answer) ? (answer as readonly string[]).map((name) => ({ role, name })) : [];
    });
    return Promise.resolve({ people: named });
  },
  apply: (_, __, { people }) => ({ people }),
  summary: (_, __, { people }) => people.map(({ role, name }) => fact(role, name)),
});

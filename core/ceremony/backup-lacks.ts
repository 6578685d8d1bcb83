import type { Refusal } from '../ports/coded-error.ts';
import type { TokenProvider } from '../ports/token.ts';
import { actsByName } from './acts/registry.ts';
import type { Plan } from './plan-types.ts';

type Task = 'wrap' | 'restore';

/** What of a backup a plan has this token do. A wrapping key is proved on its own token, which takes both. */
function tasksOf(plan: Plan, token: string): ReadonlySet<Task> {
  const tasks = plan.acts.flatMap((act): readonly Task[] => {
    const { makesWrappingKey, wraps, restores } = actsByName.get(act.do)?.references(act, plan) ?? {};
    return [
      ...(makesWrappingKey?.token === token ? (['wrap', 'restore'] as const) : []),
      ...(wraps?.token === token ? (['wrap'] as const) : []),
      ...(restores?.token === token ? (['restore'] as const) : []),
    ];
  });
  return new Set(tasks);
}

/** `token-cannot-wrap` where the plan wants a backup of a token that has no mechanism for it; nothing is logged in to. */
export async function lackFaults(plan: Plan, name: string, uri: string, tokens: TokenProvider): Promise<Refusal[]> {
  const tasks = tasksOf(plan, name);
  if (tasks.size === 0) return [];
  const token = await tokens.open(uri);
  try {
    const lacks = await Promise.all([...tasks].map((task) => token.backupLacks(task)));
    const missing = [...new Set(lacks.flat())];
    if (missing.length === 0) return [];
    return [
      {
        code: 'token-cannot-wrap',
        message: `The token "${name}" cannot take the part in a backup that the plan gives it; it lacks ${missing.join('; ')}.`,
        remedy:
          'Back its keys up by the vendor’s own procedure and take these acts out of the plan, or use another token.',
      },
    ];
  } finally {
    await token.close();
  }
}

import { utf8 } from '../../core/ports/bytes.ts';
import type { Digest } from '../../core/ports/digest.ts';
import { actsByName } from '../../core/ceremony/acts/registry.ts';
import { parsePlan } from '../../core/ceremony/plan.ts';
import { readTextFile } from '../../core/node/text-file.ts';
import { refusalsError } from '../../core/node/workspace.ts';
import type { ResponseOf } from '../contract/methods.ts';
import type { Place } from './folders.ts';
import { hashOf } from './hashed.ts';

/** A plan to be read before anybody decides anything. */
export async function planPage({ name, path }: Place, digest: Digest): Promise<ResponseOf<'plan'>> {
  const text = await readTextFile(path);
  const parsed = parsePlan(text, name);
  if (!parsed.ok) throw refusalsError(parsed.refusals);
  const plan = parsed.value;
  const acts = plan.acts.map((config, index) => {
    const told = actsByName.get(config.do)?.describe(config, plan);
    return {
      number: index + 1,
      headline: told?.headline ?? config.do,
      why: told?.why ?? '',
      onToken: told?.onToken ?? '',
    };
  });
  return { file: name, title: plan.title, hierarchy: plan.hierarchy, ...hashOf(utf8(text), digest), text, acts };
}

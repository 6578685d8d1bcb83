import type { Refusal } from '../ports/coded-error.ts';
import { approvalStep } from './approval.ts';
import type { AnyAct } from './act.ts';
import { actsByName } from './acts/registry.ts';
import { impossible } from './ceremony-error.ts';
import { pausePrompt } from './pause.ts';
import type { ActConfig } from './plan-types.ts';
import type { Fact, Prompt } from './prompt.ts';
import { custodiansOf, sharePrompts, type SecretPrompt } from './share-entry.ts';
import type { CeremonyState } from './state.ts';

/** What has to happen next. Computed from the state alone, so the same for every face and every replay. */
export type Next =
  | { readonly kind: 'ask'; readonly prompt: Prompt }
  /** The act failed; people decide between trying again and stopping. */
  | { readonly kind: 'failed'; readonly failure: Refusal }
  /** A token that was open before an interruption must be opened again. */
  | { readonly kind: 'reopen'; readonly token: string; readonly prompt: SecretPrompt }
  | { readonly kind: 'prepare' }
  /** A person's own token signs their approval; the PIN was entered. */
  | { readonly kind: 'approve'; readonly number: number; readonly token: string; readonly prompt: string }
  | { readonly kind: 'recover' }
  | { readonly kind: 'resolve'; readonly choice: string }
  | { readonly kind: 'perform' }
  | { readonly kind: 'end' }
  | { readonly kind: 'over' };

/** The current act and its configuration; undefined when all are done. */
export function currentAct(state: CeremonyState): { readonly act: AnyAct; readonly config: ActConfig } | undefined {
  const config = state.beginning.plan.acts[state.index];
  if (config === undefined) return undefined;
  const act = actsByName.get(config.do);
  if (act === undefined) throw impossible(`There is no act ${config.do}`);
  return { act, config };
}

const choiceLabels: Readonly<Record<string, string>> = {
  adopt: 'Adopt it: it is the key this act was making',
  destroy: 'Destroy it and make the key again',
  abort: 'Stop the ceremony',
};

/** The question people must answer about what an interruption left behind. */
export const foundPromptId = 'found';

function foundPrompt(facts: readonly Fact[], choices: readonly string[]): Prompt {
  return {
    id: foundPromptId,
    kind: 'choice',
    by: 'administrator',
    say: 'An interruption left something behind. Decide together what becomes of it.',
    show: facts,
    choices: choices.map((value) => ({ value, label: choiceLabels[value] ?? value })),
  };
}

/** Tokens that must be open before an act touches them, and are not. */
function closedTokens(state: CeremonyState, act: AnyAct, config: ActConfig): readonly string[] {
  const { plan } = state.beginning;
  const references = act.references(config, plan);
  const signing = (references.signsWith ?? []).flatMap((key) => state.keys[key]?.token ?? []);
  return [...(references.tokens ?? []), ...signing].filter((token) => !state.openTokens.includes(token));
}

function reopenPrompt(state: CeremonyState, token: string): SecretPrompt {
  const custodians = custodiansOf(state, token);
  if (custodians !== undefined) {
    const serial = state.beginning.tokens[token]?.serial ?? '';
    const show = [{ label: 'why', value: `The token "${token}" was open before the interruption.` }];
    const prompts = sharePrompts({ token, serial, by: 'administrator', ...custodians }, show);
    const next = prompts.find(({ id }) => !(id in state.current.answers)) ?? prompts.at(-1);
    if (next !== undefined) return next;
  }
  return {
    id: `pin-${token}`,
    kind: 'secret',
    by: 'administrator',
    say: `The token "${token}" was open before the interruption. Enter its PIN again.`,
    token,
    keypad: state.beginning.tokens[token]?.keypad === true,
  };
}

/** What has to happen next. */
export function nextOf(state: CeremonyState): Next {
  if (state.status !== 'running') return { kind: 'over' };
  const paused = pausePrompt(state);
  if (paused !== undefined) return { kind: 'ask', prompt: paused };
  if (state.failure !== undefined) return { kind: 'failed', failure: state.failure };
  const found = currentAct(state);
  if (found === undefined) return { kind: 'end' };
  const { act, config } = found;
  const { answers, intent, uncertain } = state.current;
  const unanswered = (prompts: readonly Prompt[]): Prompt | undefined => prompts.find(({ id }) => !(id in answers));
  const question = unanswered(act.questions(config, state));
  if (question !== undefined) return { kind: 'ask', prompt: question };
  const [shut] = act.looksFirst ? closedTokens(state, act, config) : [];
  if (shut !== undefined) return { kind: 'reopen', token: shut, prompt: reopenPrompt(state, shut) };
  if (intent === undefined) return { kind: 'prepare' };
  const confirmations = act.confirmations(config, intent, state);
  const confirmation = unanswered(confirmations);
  if (confirmation !== undefined) return { kind: 'ask', prompt: confirmation };
  const approval = approvalStep(state, intent, confirmations[0]?.show ?? []);
  if (approval !== undefined) return approval;
  const [closed] = closedTokens(state, act, config);
  if (closed !== undefined) return { kind: 'reopen', token: closed, prompt: reopenPrompt(state, closed) };
  if (!uncertain) return { kind: 'perform' };
  if (state.current.found === undefined) return { kind: 'recover' };
  const choice = answers[foundPromptId];
  if (typeof choice === 'string') return { kind: 'resolve', choice };
  return { kind: 'ask', prompt: foundPrompt(state.current.found.facts, state.current.found.choices) };
}

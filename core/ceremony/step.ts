import { z } from 'zod';
import { fromBase64, toBase64 } from '../ports/base64.ts';
import { isCoded, type Refusal } from '../ports/coded-error.ts';
import { readCertificate } from '../x509/certificate.ts';
import { readSpki } from '../x509/spki.ts';
import type { CeremonyEvent, EventBody } from './events.ts';
import { currentAct, foundPromptId, nextOf, type Next } from './next.ts';
import { losesLogin } from './login-loss.ts';
import { parsePlan } from './plan.ts';
import { answerFault, type Answer, type Prompt } from './prompt.ts';
import type { CeremonyKey, CeremonyState, CurrentAct } from './state.ts';

export type StepResult =
  | { readonly ok: true; readonly state: CeremonyState }
  | { readonly ok: false; readonly refusal: Refusal };

function refuse(code: string, message: string, remedy = 'Answer what is asked.'): StepResult {
  return { ok: false, refusal: { code, message, remedy } };
}

const otherCopy = 'Use a copy of the journal that verifies.';
const fresh: CurrentAct = { answers: {}, uncertain: false };

function existingKeys(
  event: EventBody<'begin'>,
  plan: CeremonyState['beginning']['plan'],
): Record<string, CeremonyKey> {
  const keys: Record<string, CeremonyKey> = {};
  for (const [name, { der }] of Object.entries(event.certificates)) {
    const { spki } = readCertificate(fromBase64(der)).tbs;
    const token = plan.existing[name]?.token;
    const base = { algorithm: readSpki(spki).algorithm, spki: toBase64(spki), origin: 'existing' as const };
    keys[name] = token === undefined ? base : { ...base, token };
  }
  return keys;
}

function begin(event: Extract<CeremonyEvent, { kind: 'begin' }>): StepResult {
  const parsed = parsePlan(event.planText, 'plan');
  if (!parsed.ok) return refuse('journal-plan', 'The plan in the journal does not parse.', otherCopy);
  const { planText, planHash, bindingHash, rehearsal, version, tokens, previous, at } = event;
  const plan = parsed.value;
  const beginning = { plan, planText, planHash, bindingHash, rehearsal, version, tokens, previous, begunAt: at };
  const certificates = Object.fromEntries(
    Object.entries(event.certificates).map(([name, { policy, ...rest }]) => [
      name,
      policy === undefined ? rest : { ...rest, policy },
    ]),
  );
  const state: CeremonyState = {
    beginning,
    status: 'running',
    index: 0,
    current: fresh,
    completed: [],
    at,
    people: [],
    openTokens: [],
    keys: existingKeys(event, plan),
    certificates,
    crls: event.crls,
    notes: {},
    resumptions: 0,
  };
  return { ok: true, state };
}

function withCurrent(state: CeremonyState, change: Partial<CurrentAct>): StepResult {
  return { ok: true, state: { ...state, current: { ...state.current, ...change } } };
}

function answered(state: CeremonyState, prompt: Prompt, id: string, answer: Answer): StepResult {
  if (prompt.id !== id) return refuse('answer-not-asked', `"${id}" is not what is asked now.`);
  const fault = answerFault(prompt, answer) ?? duplicatePerson(state, prompt, answer);
  if (fault !== undefined) return refuse('answer-refused', `This answer is not accepted: ${fault}.`, 'Answer again.');
  return withCurrent(state, { answers: { ...state.current.answers, [id]: answer } });
}

/** Separation of duties: nobody holds two roles in one ceremony. */
function duplicatePerson(state: CeremonyState, prompt: Prompt, answer: Answer): string | undefined {
  if (prompt.kind !== 'names' || !Array.isArray(answer)) return undefined;
  const named = Object.values(state.current.answers).flatMap((other) =>
    Array.isArray(other) ? (other as readonly string[]) : [],
  );
  const twice = (answer as readonly string[]).find((name) => named.includes(name));
  return twice === undefined ? undefined : `${twice} has another role already`;
}

/** Answers without those that stood for a secret: nobody has it any more. */
function withoutSecrets(answers: Readonly<Record<string, Answer>>): Record<string, Answer> {
  return Object.fromEntries(
    Object.entries(answers).filter(([, answer]) => typeof answer === 'string' || Array.isArray(answer)),
  );
}

function did(state: CeremonyState, event: Extract<CeremonyEvent, { kind: 'did' }>): StepResult {
  const found = currentAct(state);
  const { intent, answers } = state.current;
  if (found === undefined || intent === undefined) return refuse('event-out-of-order', 'Nothing was being done.');
  const { act, config } = found;
  const change = act.apply(config, intent, event.outcome, state);
  const { headline } = act.describe(config, state.beginning.plan);
  const summary = act.summary(config, intent, event.outcome, answers);
  const completed = [...state.completed, { at: event.at, headline, answers, summary }];
  return { ok: true, state: { ...state, ...change, completed, index: state.index + 1, current: fresh } };
}

/** What each kind of event needs the ceremony to be waiting for. */
const expected: Readonly<Partial<Record<CeremonyEvent['kind'], readonly Next['kind'][]>>> = {
  answer: ['ask'],
  secret: ['ask', 'reopen'],
  intend: ['prepare'],
  did: ['perform', 'resolve'],
  retry: ['failed'],
  reopened: ['reopen'],
  found: ['recover'],
  redo: ['recover', 'resolve'],
  end: ['end'],
};

function advance(state: CeremonyState, event: CeremonyEvent, next: Next): StepResult {
  switch (event.kind) {
    case 'answer':
      return next.kind === 'ask' ? answered(state, next.prompt, event.prompt, event.value) : outOfOrder(event);
    case 'secret':
      if (next.kind === 'reopen') return { ok: true, state };
      return next.kind === 'ask' ? answered(state, next.prompt, event.prompt, { secret: true }) : outOfOrder(event);
    case 'intend':
      return withCurrent(state, { intent: event.intent });
    case 'did':
      return did(state, event);
    case 'failed': {
      const { code, message, remedy } = event;
      const current = { ...state.current, answers: withoutSecrets(state.current.answers) };
      // Past the intent nobody can be sure how far the act got: it must be looked for before it is done again.
      const uncertain = state.current.intent !== undefined;
      const openTokens = losesLogin(code) ? [] : state.openTokens;
      const failure = { code, message, remedy };
      return { ok: true, state: { ...state, failure, openTokens, current: { ...current, uncertain } } };
    }
    case 'retry': {
      const { failure: _failure, ...rest } = state;
      return { ok: true, state: rest };
    }
    case 'reopened': {
      const openTokens = [...new Set([...state.openTokens, event.token])];
      return { ok: true, state: { ...state, openTokens } };
    }
    case 'found':
      return withCurrent(state, { found: { facts: event.facts, choices: event.choices } });
    case 'redo': {
      const { found: _found, ...rest } = state.current;
      const answers = Object.fromEntries(Object.entries(rest.answers).filter(([id]) => id !== foundPromptId));
      return { ok: true, state: { ...state, current: { ...rest, answers, uncertain: false } } };
    }
    case 'resume':
      return { ok: true, state: resumed(state) };
    case 'abort':
      return { ok: true, state: { ...state, status: 'aborted', openTokens: [] } };
    case 'end':
      return { ok: true, state: { ...state, status: 'finished', openTokens: [] } };
    case 'begin':
      return outOfOrder(event);
  }
}

/** A new process: no token is open, no secret is known, and what was written ahead may or may not have happened. */
function resumed(state: CeremonyState): CeremonyState {
  const { failure: _failure, ...rest } = state;
  const { found: _found, ...current } = state.current;
  const answers = withoutSecrets(current.answers);
  const uncertain = current.intent !== undefined;
  return { ...rest, openTokens: [], resumptions: state.resumptions + 1, current: { ...current, answers, uncertain } };
}

function outOfOrder(event: CeremonyEvent): StepResult {
  return refuse('event-out-of-order', `"${event.kind}" cannot happen now.`, otherCopy);
}

/**
 * The engine: what a ceremony is after one more event. Pure and total: an event that does not fit is refused as a
 * value, and folding the journal's events from nothing gives the live state at every prefix.
 */
export function step(state: CeremonyState | undefined, event: CeremonyEvent): StepResult {
  if (state === undefined) return event.kind === 'begin' ? begin(event) : outOfOrder(event);
  if (event.at < state.at) {
    const remedy = 'Set this machine’s clock right, compare it with another, and try again.';
    return refuse('clock-went-back', 'The clock shows an earlier time than at the last record.', remedy);
  }
  if ('act' in event && event.act !== state.index) return outOfOrder(event);
  const next = nextOf(state);
  const wanted = expected[event.kind];
  if (wanted !== undefined && !wanted.includes(next.kind)) return outOfOrder(event);
  if (wanted === undefined && next.kind === 'over') return outOfOrder(event);
  try {
    const result = advance(state, event, next);
    return result.ok ? { ok: true, state: { ...result.state, at: event.at } } : result;
  } catch (error) {
    if (isCoded(error)) return { ok: false, refusal: error };
    if (error instanceof z.ZodError) return refuse('event-malformed', 'A record does not fit its act.', otherCopy);
    throw error;
  }
}

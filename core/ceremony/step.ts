import { z } from 'zod';
import { fromBase64, toBase64 } from '../ports/base64.ts';
import { isCoded, type Refusal } from '../ports/coded-error.ts';
import { samePerson } from '../ports/same-person.ts';
import { readCertificate } from '../x509/certificate.ts';
import { readSpki } from '../x509/spki.ts';
import { approvalsGiven } from './approval.ts';
import { fact } from './facts.ts';
import type { CeremonyEvent, EventBody } from './events.ts';
import { currentAct, foundPromptId, nextOf, type Next } from './next.ts';
import { losesLogin } from './login-loss.ts';
import { currentPause, pauseAnswered, strangerAmong } from './pause.ts';
import { parsePlan } from './plan.ts';
import { answerFault, type Answer, type Prompt } from './prompt.ts';
import { isLastEntry, isShareOf, type SecretPrompt } from './share-entry.ts';
import { addCalls } from './token-calls.ts';
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
  for (const [name, key] of Object.entries(event.keys)) {
    const token = plan.existing[name]?.token;
    keys[name] = { ...key, origin: 'uncertified', ...(token === undefined ? {} : { token }) };
  }
  for (const name of event.unsealed) {
    const key = keys[name];
    if (key !== undefined) keys[name] = { ...key, wrappable: true };
  }
  return keys;
}

function begin(event: Extract<CeremonyEvent, { kind: 'begin' }>): StepResult {
  const parsed = parsePlan(event.planText, 'plan');
  if (!parsed.ok) return refuse('journal-plan', 'The plan in the journal does not parse.', otherCopy);
  const { planText, planHash, bindingHash, boundHash, rehearsal, version, tokens, previous, rehearsed, at } = event;
  const plan = parsed.value;
  if (plan.rehearsed && !rehearsal && rehearsed === undefined) {
    return refuse('rehearsal-missing', 'The plan demands a rehearsal, and none was shown.', otherCopy);
  }
  const fixed = { plan, planText, planHash, bindingHash, rehearsal, version, tokens, previous, begunAt: at };
  const beginning = {
    ...fixed,
    ...(boundHash === undefined ? {} : { boundHash }),
    ...(rehearsed === undefined ? {} : { rehearsed }),
  };
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
    custodians: {},
    keys: existingKeys(event, plan),
    certificates,
    crls: event.crls,
    revocations: {},
    compromised: event.compromised,
    notes: {},
    media: {},
    resumptions: 0,
    approvals: event.approvals,
    tokenCalls: {},
    pauses: [],
    deviations: [],
  };
  return { ok: true, state };
}

function withCurrent(state: CeremonyState, change: Partial<CurrentAct>): StepResult {
  return { ok: true, state: { ...state, current: { ...state.current, ...change } } };
}

function answered(state: CeremonyState, prompt: Prompt, id: string, answer: Answer, at: number): StepResult {
  if (prompt.id !== id) return refuse('answer-not-asked', `"${id}" is not what is asked now.`);
  const fault = answerFault(prompt, answer) ?? duplicatePerson(state, prompt, answer);
  if (fault !== undefined) return refuse('answer-refused', `This answer is not accepted: ${fault}.`, 'Answer again.');
  const pause = currentPause(state);
  if (pause !== undefined && typeof answer === 'string') {
    const pauses = [...state.pauses.slice(0, -1), pauseAnswered(pause, id, answer, at)];
    return { ok: true, state: { ...state, pauses } };
  }
  const { answers, answeredAt } = state.current;
  return withCurrent(state, { answers: { ...answers, [id]: answer }, answeredAt: { ...answeredAt, [id]: at } });
}

/** Separation of duties: nobody holds two roles in one ceremony. */
function duplicatePerson(state: CeremonyState, prompt: Prompt, answer: Answer): string | undefined {
  if (prompt.kind !== 'names' || !Array.isArray(answer)) return undefined;
  const named = Object.values(state.current.answers).flatMap((other) =>
    Array.isArray(other) ? (other as readonly string[]).map(samePerson) : [],
  );
  const twice = (answer as readonly string[]).find((name) => named.includes(samePerson(name)));
  return twice === undefined ? undefined : `${twice} has another role already`;
}

/**
 * Where an act stands once it was broken off: whoever knew a secret has it no more, and what was found then, and decided
 * about it, says nothing of what is there now. Past the intent nobody can be sure how far it got.
 */
function brokenOff({ answers, intent, approvals }: CurrentAct): CurrentAct {
  const kept = Object.entries(answers).filter(
    ([id, answer]) => id !== foundPromptId && (typeof answer === 'string' || Array.isArray(answer)),
  );
  const current = { answers: Object.fromEntries(kept), uncertain: intent !== undefined };
  return intent === undefined ? current : { ...current, intent, ...(approvals === undefined ? {} : { approvals }) };
}

/** An act whose secrets only memory knew: it begins anew, and knows that the attempt before may have been done. */
function begunAnew(state: CeremonyState): CurrentAct {
  const { intent, lapsed } = state.current;
  const maybe = intent === undefined || isUntouched(state) ? lapsed : intent;
  return maybe === undefined ? fresh : { ...fresh, lapsed: maybe };
}

/** Lint comes before the signature: an intent it refuses on the day has not happened, and must be made anew. */
function afterFailure(code: string, state: CeremonyState): CurrentAct {
  if (currentAct(state)?.act.inMemory === true) return begunAnew(state);
  return code === 'lint-refused' ? fresh : brokenOff(state.current);
}

function did(state: CeremonyState, event: Extract<CeremonyEvent, { kind: 'did' }>): StepResult {
  const found = currentAct(state);
  const { intent, answers } = state.current;
  if (found === undefined || intent === undefined) return refuse('event-out-of-order', 'Nothing was being done.');
  const { act, config } = found;
  const change = act.apply(config, intent, event.outcome, state);
  const { headline } = act.describe(config, state.beginning.plan);
  const approvedBy = approvalsGiven(state, intent).map(({ who, role, signed }) =>
    fact(signed === undefined ? 'approved by' : 'approved with their own key by', `${who} (${role})`),
  );
  const summary = [...act.summary(config, intent, event.outcome, answers), ...approvedBy];
  const completed = [...state.completed, { at: event.at, headline, answers, summary }];
  const approvals = [...state.approvals, ...approvalsGiven(state, intent)];
  return { ok: true, state: { ...state, ...change, approvals, completed, index: state.index + 1, current: fresh } };
}

/** What each kind of event needs the ceremony to be waiting for. */
const expected: Readonly<Partial<Record<CeremonyEvent['kind'], readonly Next['kind'][]>>> = {
  answer: ['ask'],
  secret: ['ask', 'reopen'],
  intend: ['prepare'],
  approved: ['approve'],
  did: ['perform', 'resolve'],
  retry: ['failed'],
  pause: ['ask', 'reopen', 'failed'],
  reopened: ['reopen'],
  failed: ['approve', 'prepare', 'perform', 'recover', 'resolve', 'reopen'],
  found: ['recover'],
  redo: ['recover', 'resolve'],
  end: ['end'],
};

function advance(state: CeremonyState, event: CeremonyEvent, next: Next): StepResult {
  switch (event.kind) {
    case 'answer':
      return next.kind === 'ask'
        ? answered(state, next.prompt, event.prompt, event.value, event.at)
        : outOfOrder(event);
    case 'secret':
      if (next.kind === 'reopen') return reopeningWith(state, next.prompt, event.prompt);
      return next.kind === 'ask'
        ? answered(state, next.prompt, event.prompt, { secret: true }, event.at)
        : outOfOrder(event);
    case 'intend':
      return withCurrent(state, { intent: event.intent });
    case 'approved': {
      if (next.kind !== 'approve' || next.number !== event.number) return outOfOrder(event);
      const signed = { spki: event.spki, signature: event.signature };
      return withCurrent(state, { approvals: { ...state.current.approvals, [event.number]: signed } });
    }
    case 'did':
      return did(state, event);
    case 'failed': {
      const { code, message, remedy } = event;
      const openTokens = losesLogin(code) ? [] : state.openTokens;
      const failure = { code, message, remedy };
      const current = afterFailure(code, state);
      return { ok: true, state: { ...state, failure, openTokens, current } };
    }
    case 'retry': {
      const { failure: _failure, ...rest } = state;
      return { ok: true, state: rest };
    }
    case 'reopened': {
      const openTokens = [...new Set([...state.openTokens, event.token])];
      return reopening(
        { ...state, openTokens, current: withoutShares(state.current, event.token) },
        next.kind === 'reopen' && next.token === event.token,
      );
    }
    case 'found':
      return withCurrent(state, { found: { facts: event.facts, choices: event.choices } });
    case 'redo': {
      const { found: _found, ...rest } = state.current;
      const answers = Object.fromEntries(Object.entries(rest.answers).filter(([id]) => id !== foundPromptId));
      return { ok: true, state: { ...state, current: { ...rest, answers, uncertain: false } } };
    }
    case 'pause':
      return paused(state, event);
    case 'deviation':
      return deviated(state, event);
    case 'resume':
      return { ok: true, state: resumed(state, event) };
    case 'abort':
      return { ok: true, state: { ...state, status: 'aborted', openTokens: [] } };
    case 'end':
      return { ok: true, state: { ...state, status: 'finished', openTokens: [] } };
    case 'begin':
      return outOfOrder(event);
  }
}

/** An act put down where people are asked: tokens closed, secrets forgotten, and what nobody confirmed made anew. */
function putDown(state: CeremonyState): CeremonyState {
  const found = currentAct(state);
  if (found?.act.inMemory === true) return { ...state, openTokens: [], current: begunAnew(state) };
  const asked = new Set((found?.act.questions(found.config, state) ?? []).map(({ id }) => id));
  // Names are typed again, perhaps in another order: a signature left behind would count for whoever comes in its place.
  const { approvals: _given, ...broken } = brokenOff(state.current);
  const answers = Object.fromEntries(Object.entries(broken.answers).filter(([id]) => asked.has(id)));
  const current = isUntouched(state) ? { answers, uncertain: false } : { ...broken, answers };
  return { ...state, openTokens: [], current };
}

function paused(state: CeremonyState, { at, act, reason, by }: Extract<CeremonyEvent, { kind: 'pause' }>): StepResult {
  if (currentPause(state) !== undefined) return refuse('pause-already', 'The ceremony is paused already.');
  const stranger = strangerAmong(state, [by]);
  if (stranger !== undefined) return unknownPerson(stranger);
  const pause = { at, act, reason, by, continuedBy: [] };
  return { ok: true, state: { ...putDown(state), pauses: [...state.pauses, pause] } };
}

function deviated(state: CeremonyState, event: Extract<CeremonyEvent, { kind: 'deviation' }>): StepResult {
  const { at, act, what, cause, decision, by } = event;
  const stranger = strangerAmong(state, by);
  if (stranger !== undefined) return unknownPerson(stranger);
  return { ok: true, state: { ...state, deviations: [...state.deviations, { at, act, what, cause, decision, by }] } };
}

function unknownPerson(name: string): StepResult {
  return refuse(
    'person-not-present',
    `Nobody called ${name} was named as present.`,
    'Type the name as it was recorded.',
  );
}

/**
 * A new process: no token is open, no secret is known, and what was written ahead may or may not have happened. People
 * confirm it once more: until now it lay in a file that somebody could have changed.
 */
function resumed(state: CeremonyState, { at, act, reason }: Extract<CeremonyEvent, { kind: 'resume' }>): CeremonyState {
  const { failure: _failure, ...rest } = putDown(state);
  const noted = {
    at,
    act,
    what: reason,
    cause: 'Power, machine or program: to be said by the people, as a deviation of their own.',
    decision: 'The ceremony was taken up again; what may or may not have been done is looked for first.',
    by: [],
  };
  return { ...rest, resumptions: state.resumptions + 1, deviations: [...state.deviations, noted] };
}

/** True while people have not yet confirmed what is to be done: none of it can have happened, so it is made anew. */
function isUntouched(state: CeremonyState): boolean {
  const found = currentAct(state);
  const { intent, answers, uncertain } = state.current;
  if (found === undefined || intent === undefined || uncertain) return false;
  return found.act.confirmations(found.config, intent, state).some(({ id }) => !(id in answers));
}

/** A share that is not the last is remembered as given; the last, or a PIN, opens the token outside of here. */
function reopeningWith(state: CeremonyState, prompt: SecretPrompt, id: string): StepResult {
  if (prompt.id !== id || isLastEntry(prompt)) return reopening(state, prompt.id === id);
  return withCurrent(state, { answers: { ...state.current.answers, [id]: { secret: true } } });
}

function withoutShares(current: CurrentAct, token: string): CurrentAct {
  const answers = Object.entries(current.answers).filter(([id]) => !isShareOf(token, id));
  return { ...current, answers: Object.fromEntries(answers) };
}

/** A token is opened again under the name that is asked for and no other. */
function reopening(state: CeremonyState, asked: boolean): StepResult {
  return asked ? { ok: true, state } : refuse('answer-not-asked', 'Another token is asked for now.');
}

function outOfOrder(event: CeremonyEvent): StepResult {
  return refuse('event-out-of-order', `"${event.kind}" cannot happen now.`, otherCopy);
}

/** What was asked of tokens, with what this record says of it. */
function calledIn({ tokenCalls }: CeremonyState, event: CeremonyEvent): CeremonyState['tokenCalls'] {
  if (!('calls' in event)) return tokenCalls;
  return { ...tokenCalls, [event.act]: addCalls(tokenCalls[event.act] ?? [], event.calls) };
}

function judged(state: CeremonyState | undefined, event: CeremonyEvent): StepResult {
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
  const result = advance(state, event, next);
  return result.ok
    ? { ok: true, state: { ...result.state, at: event.at, tokenCalls: calledIn(state, event) } }
    : result;
}

/**
 * The engine: what a ceremony is after one more event. Pure and total: an event that does not fit is refused as a
 * value, and folding the journal's events from nothing gives the live state at every prefix.
 */
export function step(state: CeremonyState | undefined, event: CeremonyEvent): StepResult {
  try {
    const result = judged(state, event);
    // An event after which nobody could say what comes next (an intent that does not parse) is refused as well.
    if (result.ok) nextOf(result.state);
    return result;
  } catch (error) {
    if (isCoded(error)) return { ok: false, refusal: error };
    if (error instanceof z.ZodError) return refuse('event-malformed', 'A record does not fit its act.', otherCopy);
    throw error;
  }
}

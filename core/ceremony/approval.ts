import { z } from 'zod';
import { approvalVerifies, type Approval } from '../bundle/approvals.ts';
import type { Digest } from '../ports/digest.ts';
import { fromBase64 } from '../ports/base64.ts';
import { toHex } from '../ports/hex.ts';
import type { Json } from '../ports/json.ts';
import { samePerson } from '../ports/same-person.ts';
import type { Verifier } from '../ports/verifier.ts';
import { ceremonyError } from './ceremony-error.ts';
import { digestFacts } from './facts.ts';
import type { Answer, Fact, Prompt } from './prompt.ts';
import type { CeremonyState, SignedApproval } from './state.ts';
import { hashWords } from './words.ts';

/** An intent to sign: every act that writes TBS bytes ahead has this shape, whatever else is in its intent. */
const signing = z.object({ tbs: z.base64(), digest: z.string().regex(/^[0-9a-f]{64}$/u) });

/** How many words of the digest are typed: each approval names what it is for. */
const typedWordCount = 4;

/** An approval as far as it has come. */
interface Slot {
  readonly number: number;
  readonly who: string;
  /** The token whose key signs for this person; absent where they type the digest's words. */
  readonly token?: string;
}

const nameId = (number: number): string => `approve-${number}-name`;
const wordId = (number: number): string => `approve-${number}-word`;
const pinId = (number: number): string => `approve-${number}-pin`;

/** The digest that needs approvals before this intent may be carried out; undefined where none are asked. */
function digestToApprove({ beginning }: CeremonyState, intent: Json): string | undefined {
  if (beginning.plan.approvals === undefined) return undefined;
  const parsed = signing.safeParse(intent);
  return parsed.success ? parsed.data.digest : undefined;
}

/** The key with which the plan has this person approve; undefined where they type the words of the digest. */
export function enrolledFor(
  { beginning: { plan } }: CeremonyState,
  who: string,
): { readonly token: string; readonly spki: string } | undefined {
  const keys = Object.entries(plan.approvals?.keys ?? {});
  return keys.find(([name]) => samePerson(name) === samePerson(who))?.[1];
}

function slotOf(state: CeremonyState, number: number, answer: Answer | undefined): Slot | undefined {
  if (typeof answer !== 'string') return undefined;
  const own = enrolledFor(state, answer);
  return own === undefined ? { number, who: answer } : { number, who: answer, token: own.token };
}

/** What an approval waits for: an answer, or a signature that the program has the officer's own token make. */
export type ApprovalStep =
  | { readonly kind: 'ask'; readonly prompt: Prompt }
  | { readonly kind: 'approve'; readonly number: number; readonly token: string; readonly prompt: string };

function roleOf({ people }: CeremonyState, who: string): Approval['role'] {
  return people.find(({ name }) => samePerson(name) === samePerson(who))?.role ?? 'administrator';
}

function namePrompt(state: CeremonyState, number: number, taken: readonly string[], show: readonly Fact[]): Prompt {
  const { quorum = 0, by = [] } = state.beginning.plan.approvals ?? {};
  const people = state.people.filter(({ role }) => by.includes(role)).map(({ name }) => name);
  const [first = 'administrator'] = by;
  const who = by.join(' or ');
  const say = `Approval ${number} of ${quorum}, by any ${who} who has not approved yet: read what will be signed, then type your own name.`;
  return { id: nameId(number), kind: 'person', by: first, say, show, people, not: taken };
}

function givenPrompt(state: CeremonyState, { number, who, token }: Slot, digest: string): Prompt {
  const by = roleOf(state, who);
  const show = digestFacts('TBS SHA-256', digest);
  if (token !== undefined) {
    const keypad = state.beginning.tokens[token]?.keypad === true;
    const say = `${who}: enter the PIN of your own token "${token}". It signs your approval of this digest.`;
    return { id: pinId(number), kind: 'secret', by, say, show, token, keypad };
  }
  const word = hashWords(digest).slice(0, typedWordCount).join(' ');
  return {
    id: wordId(number),
    kind: 'word',
    by,
    say: `${who}: type the first words of the digest you approve.`,
    show,
    word,
  };
}

/** What has to happen before an approved intent may be carried out; undefined once the quorum has given its word. */
export function approvalStep(state: CeremonyState, intent: Json, shown: readonly Fact[]): ApprovalStep | undefined {
  const digest = digestToApprove(state, intent);
  if (digest === undefined) return undefined;
  const { answers, approvals } = state.current;
  const taken: string[] = [];
  for (let number = 1; number <= (state.beginning.plan.approvals?.quorum ?? 0); number += 1) {
    const slot = slotOf(state, number, answers[nameId(number)]);
    if (slot === undefined) return { kind: 'ask', prompt: namePrompt(state, number, taken, shown) };
    taken.push(slot.who);
    const prompt = givenPrompt(state, slot, digest);
    const { token } = slot;
    if (token !== undefined && approvals?.[number] !== undefined) continue;
    if (!(prompt.id in answers)) return { kind: 'ask', prompt };
    if (token !== undefined) return { kind: 'approve', number, token, prompt: prompt.id };
  }
  return undefined;
}

/** The approvals under which the current intent may be carried out. */
export function approvalsGiven(state: CeremonyState, intent: Json): readonly Approval[] {
  const digest = digestToApprove(state, intent);
  if (digest === undefined) return [];
  const {
    planHash: plan,
    plan: { approvals: terms },
  } = state.beginning;
  return Array.from({ length: terms?.quorum ?? 0 }, (_, index): Approval => {
    const who = state.current.answers[nameId(index + 1)];
    const name = typeof who === 'string' ? who : '';
    const signed: SignedApproval | undefined = state.current.approvals?.[index + 1];
    const base = { who: name, role: roleOf(state, name), plan, act: state.index + 1, digest };
    return signed === undefined ? base : { ...base, signed };
  });
}

/** The digest of an intent to sign that is not that of the bytes beside it: people would compare one and sign the other. */
export function otherDigest(intent: Json, digest: Digest): boolean {
  const parsed = signing.safeParse(intent);
  return parsed.success && toHex(digest('sha256', fromBase64(parsed.data.tbs))) !== parsed.data.digest;
}

/** Whose approval is not signed with the key that the plan enrols for them, or is signed where none is enrolled. */
export function strangersKey(state: CeremonyState, intent: Json, digest: Digest): string | undefined {
  const keyOf = ({ signed }: Approval): string | undefined =>
    signed === undefined ? undefined : toHex(digest('sha256', fromBase64(signed.spki)));
  // One that is still to be given has no name, and no key.
  const given = approvalsGiven(state, intent).filter(({ who, signed }) => who !== '' && signed !== undefined);
  return given.find((approval) => keyOf(approval) !== enrolledFor(state, approval.who)?.spki)?.who;
}

/**
 * The last look before C_Sign: the digest that was shown, and approved, is that of the bytes; every approval that must be
 * a signature is one, verifies, and is by the key of the person it is counted for.
 */
export function requireApproved(state: CeremonyState, intent: Json, digest: Digest, verify: Verifier): void {
  const approvals = approvalsGiven(state, intent);
  if (otherDigest(intent, digest) || !approvals.every((approval) => approvalVerifies(approval, verify))) {
    throw ceremonyError(
      'approval-other-digest',
      'What was approved is not what would be signed.',
      'Stop, keep the journal, and find out who changed it.',
    );
  }
  const unsigned = approvals.find(({ who, signed }) => signed === undefined && enrolledFor(state, who) !== undefined);
  const who = unsigned?.who ?? strangersKey(state, intent, digest);
  if (who === undefined) return;
  throw ceremonyError(
    'approval-other-key',
    `The approval of ${who} is not signed with the key that the plan enrols for them.`,
    'Stop, keep the journal, and find out who changed it.',
  );
}

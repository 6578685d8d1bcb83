import { approvalStatement, approvalVerifies } from '../bundle/approvals.ts';
import { toBase64 } from '../ports/base64.ts';
import type { Digest } from '../ports/digest.ts';
import { toHex } from '../ports/hex.ts';
import type { Token } from '../ports/token.ts';
import type { Verifier } from '../ports/verifier.ts';
import { keyAlgorithms } from '../x509/algorithms.ts';
import { readSpki } from '../x509/spki.ts';
import { approvalsGiven, enrolledFor } from './approval.ts';
import { ceremonyError, impossible } from './ceremony-error.ts';
import type { CeremonyState, SignedApproval } from './state.ts';

/** Has an officer's own token sign the approval of this number; the key is the one the plan enrols, by its hash. */
export async function signApproval(
  state: CeremonyState,
  number: number,
  token: Token,
  { digest, verify }: { readonly digest: Digest; readonly verify: Verifier },
): Promise<SignedApproval & { readonly number: number }> {
  const { intent } = state.current;
  const approval = intent === undefined ? undefined : approvalsGiven(state, intent)[number - 1];
  if (approval === undefined) throw impossible('There is nothing to approve');
  const enrolled = enrolledFor(state, approval.who)?.spki;
  const found = (await token.objects()).find(
    ({ spki, kind }) => kind === 'private-key' && spki !== undefined && toHex(digest('sha256', spki)) === enrolled,
  )?.spki;
  if (found === undefined) {
    throw ceremonyError(
      'approval-key-missing',
      `The key that the plan enrols for ${approval.who} is not on this token.`,
      'Put the right token in, and try again.',
    );
  }
  const [algorithm] = keyAlgorithms[readSpki(found).algorithm].signatures;
  const signature = await token.sign({ spki: found }, algorithm, approvalStatement(approval));
  const signed = { spki: toBase64(found), signature: toBase64(signature) };
  if (approvalVerifies({ ...approval, signed }, verify)) return { number, ...signed };
  throw ceremonyError(
    'approval-not-verified',
    `The signature of ${approval.who} does not verify.`,
    'Try again; if it stays so, the token is broken.',
  );
}

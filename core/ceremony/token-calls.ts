import { z } from 'zod';
import type { NotedCall } from '../ports/token.ts';

/** PKCS#11 calls of one kind, as a record tells them: which function, on which token, what it returned, how often. */
export const tokenCallsSchema = z
  .array(
    z.strictObject({
      function: z.string().regex(/^C_[A-Za-z]{1,40}$/u),
      /** Serial number, where the call concerned one token. */
      token: z.string().max(64).exactOptional(),
      result: z.string().max(64),
      times: z.int().min(1),
    }),
  )
  .max(200);
export type TokenCalls = z.infer<typeof tokenCallsSchema>;

/** Calls counted by kind, in the order in which each kind came first. */
export function countCalls(calls: readonly NotedCall[], before: TokenCalls = []): TokenCalls {
  const counted = new Map(before.map((call) => [JSON.stringify([call.token, call.function, call.result]), call]));
  for (const { function: name, token, result } of calls) {
    const key = JSON.stringify([token, name, result]);
    const times = (counted.get(key)?.times ?? 0) + 1;
    counted.set(key, { function: name, result, times, ...(token === undefined ? {} : { token }) });
  }
  return [...counted.values()].slice(0, 200);
}

/** Two counts as one. */
export function addCalls(one: TokenCalls, other: TokenCalls): TokenCalls {
  const all = other.flatMap(({ times, ...call }) => ({ call, times }));
  return all.reduce<TokenCalls>((sum, { call, times }) => {
    const found = sum.findIndex(
      (each) => each.function === call.function && each.result === call.result && each.token === call.token,
    );
    if (found === -1) return [...sum, { ...call, times }];
    return sum.map((each, index) => (index === found ? { ...each, times: each.times + times } : each));
  }, one);
}

/** Counts as one line: `C_Login CKR_OK, C_FindObjects CKR_OK ×4`. */
export function callsLine(calls: TokenCalls): string {
  return calls
    .map(({ function: name, result, times }) => `${name} ${result}${times > 1 ? ` ×${times}` : ''}`)
    .join(', ');
}

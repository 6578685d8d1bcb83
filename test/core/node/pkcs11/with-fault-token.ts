import { expect } from 'vitest';
import { connectTokens, type ConnectOptions, type TokenCall } from '../../../../core/node/pkcs11/connect.ts';
import type { Token, TokenProvider } from '../../../../core/ports/token.ts';
import type { TokenInitializer } from '../../../../core/ports/token-initializer.ts';
import { faultChildEntry, faultModule, faultPin, faultSerial, type FaultScript } from '../../../faults/fault-script.ts';

/** A connection to a fault token, and what was heard of it. */
export interface FaultConnection {
  readonly provider: TokenProvider & TokenInitializer;
  readonly calls: TokenCall[];
  readonly log: string[];
  /** Opens the token that scripts have unless they say otherwise, logged in. */
  openLoggedIn(): Promise<Token>;
  /** How often this function was called. */
  count(functionName: string): number;
}

/** Runs `body` with a connection to a token that follows the script. */
export async function withFaultToken(
  script: FaultScript,
  body: (connection: FaultConnection) => Promise<void>,
  options: ConnectOptions = {},
): Promise<void> {
  const calls: TokenCall[] = [];
  const log: string[] = [];
  const provider = connectTokens(
    { fault: faultModule(script) },
    {
      childEntry: faultChildEntry,
      onCall: (call) => calls.push(call),
      log: (line) => log.push(line),
      ...options,
    },
  );
  try {
    await body({
      provider,
      calls,
      log,
      openLoggedIn: async () => {
        const token = await provider.open(faultSerial);
        await token.login(faultPin);
        return token;
      },
      count: (functionName) => calls.filter((call) => call.function === functionName).length,
    });
  } finally {
    await provider.close();
  }
}

/** The refusal with which `attempt` fails; the test fails where it does not, or has another code. */
export async function refusalOf(attempt: Promise<unknown>, code: string): Promise<{ message: string; remedy: string }> {
  const error: unknown = await attempt.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toEqual(expect.objectContaining({ code }));
  return error as { message: string; remedy: string };
}

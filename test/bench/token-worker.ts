// A process of `bench token`: signs as a worker of the issuer does, with a token process of its own or through its parent.
import { TokenKeys } from '../../issuer/sign/token-keys.ts';
import type { IssuerKeys } from '../../issuer/sign/issuer-keys.ts';
import { connectTokens } from '../../core/node/pkcs11/connect.ts';
import { programs } from '../support/programs.ts';
import type { TokenOrder } from './token.ts';

type Sign = (message: Uint8Array) => Promise<Uint8Array>;

/** Through the parent: a message there and a message back. */
function signThroughParent(): Sign {
  const waiting = new Map<number, (signature: Uint8Array) => void>();
  let last = 0;
  process.on('message', (answer: { id?: number; signature?: Uint8Array }) => {
    if (answer.id === undefined || answer.signature === undefined) return;
    waiting.get(answer.id)?.(answer.signature);
    waiting.delete(answer.id);
  });
  return (message) => {
    last += 1;
    const id = last;
    process.send?.({ id, message });
    return new Promise((resolve) => waiting.set(id, resolve));
  };
}

/** With a token process of its own, as the issuer does it. */
export function openKeys({ module, environment, serial, pin }: TokenOrder): {
  keys: IssuerKeys;
  close: () => Promise<void>;
} {
  const provider = connectTokens({ softhsm: { path: module, environment } }, { childEntry: programs.pkcs11Child });
  const keys = new TokenKeys({ provider, uri: serial, readPin: () => pin });
  return {
    keys,
    async close() {
      await keys.close();
      await provider.close();
    },
  };
}

async function signMany(sign: Sign, count: number, atOnce: number): Promise<number[]> {
  const latencies: number[] = [];
  let next = 0;
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      for (; next < count; next += 1) {
        const from = performance.now();
        await sign(Buffer.from(`${'x'.repeat(600)} ${next}`));
        latencies.push(performance.now() - from);
      }
    }),
  );
  return latencies;
}

async function work(order: TokenOrder): Promise<void> {
  const own = order.shared ? undefined : openKeys(order);
  const sign: Sign = own
    ? (message) => own.keys.sign({ spki: order.spki }, 'ecdsa-sha256', message)
    : signThroughParent();
  await signMany(sign, 300, order.atOnce);
  process.send?.({ ready: true });
  await new Promise<void>((resolve) => {
    process.on('message', (message: { go?: boolean }) => {
      if (message.go === true) resolve();
    });
  });
  process.send?.({ latencies: await signMany(sign, order.signatures, order.atOnce) });
  await new Promise((resolve) => process.once('message', resolve));
  await own?.close();
  process.disconnect();
}

if (process.send !== undefined) {
  process.once('message', (order: TokenOrder) => void work(order));
}

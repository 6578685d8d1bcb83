// A process that takes and lets go of a lock when it is told to: what the tests of core/node/lock.ts race against each other.
import { closeSync, openSync, unlinkSync } from 'node:fs';
import { isCoded } from '../../core/ports/coded-error.ts';
import { lock, type Lock } from '../../core/node/lock.ts';

export type Order =
  | { readonly do: 'lock'; readonly file: string }
  | { readonly do: 'note'; readonly pid: number }
  | { readonly do: 'release' }
  /** Takes the lock so often, as fast as it can be had; nobody else may be inside meanwhile. */
  | { readonly do: 'churn'; readonly file: string; readonly times: number; readonly inside: string };

export type Answer = 'held' | 'waiting' | 'done' | 'not alone' | (string & {});

let held: Lock | undefined;

function answer(text: Answer): void {
  process.send?.(text);
}

async function take(file: string): Promise<Answer> {
  try {
    held = await lock(file, () => answer('waiting'));
    return 'held';
  } catch (error) {
    return isCoded(error) ? error.code : String(error);
  }
}

async function churn(file: string, times: number, inside: string): Promise<Answer> {
  for (let done = 0; done < times;) {
    const answered = await take(file);
    if (answered === 'locked') continue;
    if (answered !== 'held') return answered;
    try {
      closeSync(openSync(inside, 'wx'));
    } catch {
      return 'not alone';
    }
    unlinkSync(inside);
    await held?.release();
    done += 1;
  }
  return 'done';
}

async function obey(order: Order): Promise<Answer> {
  switch (order.do) {
    case 'lock':
      return take(order.file);
    case 'note':
      held?.note(order.pid);
      return 'done';
    case 'release':
      await held?.release();
      return 'done';
    case 'churn':
      return churn(order.file, order.times, order.inside);
  }
}

process.on('message', (order: Order) => {
  obey(order).then(answer, (error: unknown) => answer(String(error)));
});
answer('ready');

import type { Cryptoki } from '../../core/node/pkcs11/cryptoki.ts';
import type { FaultTrigger } from './fault-script.ts';

/** Throws as pkcs11js does. */
export function fail(value: number): never {
  throw new Error(`CKR_BY_SCRIPT:${value}`);
}

function act(does: FaultTrigger['does']): void {
  if (does === 'abort') process.abort();
  // The thread itself stands still, as it does when a library waits for a device that does not answer.
  if (does === 'hang') Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  else fail(does);
}

/** The same functions, with the script's triggers in front of them. */
export function withTriggers(cryptoki: Cryptoki, triggers: readonly FaultTrigger[]): Cryptoki {
  const armed = triggers.map((trigger) => ({
    ...trigger,
    armed: trigger.after === undefined,
    calls: 0,
    sprung: false,
  }));
  const returned = (name: string) => {
    for (const trigger of armed) if (trigger.after === name) trigger.armed = true;
  };
  const enter = (name: string) => {
    for (const trigger of armed) {
      if (trigger.sprung && trigger.forever) act(trigger.does);
      if (!trigger.armed || trigger.sprung || trigger.call !== name) continue;
      trigger.calls += 1;
      if (trigger.calls < trigger.on) continue;
      trigger.sprung = true;
      act(trigger.does);
    }
  };
  return new Proxy(cryptoki, {
    get(target, property) {
      const method: unknown = Reflect.get(target, property);
      if (typeof method !== 'function' || typeof property !== 'string') return method;
      const name = property.replace(/Async$/u, '');
      return (...values: unknown[]): unknown => {
        enter(name);
        const result: unknown = Reflect.apply(method, target, values);
        if (!(result instanceof Promise)) {
          returned(name);
          return result;
        }
        return result.then((value: unknown) => {
          returned(name);
          return value;
        });
      };
    },
  });
}

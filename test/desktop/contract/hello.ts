// A host that answers one method and counts what reaches it; every other method is a fault if it is ever called.
import type { Bridge } from '../../../desktop/contract/bridge.ts';
import { dispatch, type Handlers } from '../../../desktop/contract/dispatch.ts';
import { methods, type MethodName, type ResponseOf } from '../../../desktop/contract/methods.ts';

export const hello: ResponseOf<'hello'> = {
  version: '0.0.0-test',
  shell: 'page',
  selfCheck: null,
  networkDenied: null,
  mediaStandIn: false,
};

export interface CountingHost {
  readonly handlers: Handlers;
  readonly reached: string[];
}

/** `answer` says what each method comes to. */
export function countingHost(answer: (method: MethodName) => unknown = () => hello): CountingHost {
  const reached: string[] = [];
  const handlers = Object.fromEntries(
    Object.keys(methods).map((method) => [
      method,
      () => {
        reached.push(method);
        return Promise.resolve(answer(method as MethodName));
      },
    ]),
  ) as unknown as Handlers;
  return { handlers, reached };
}

/** The shortest bridge there is: page and host in one process. */
export function directBridge(handlers: Handlers): Bridge {
  return {
    call: (method, request) => dispatch(handlers, { method, request }) as ReturnType<Bridge['call']> as never,
    secret: ({ secret }) => {
      secret.fill(0);
      return Promise.resolve({ ok: true, response: null });
    },
    subscribe: () => () => undefined,
  };
}

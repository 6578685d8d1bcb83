// What the hooks beside this file share: what they are told, and a look at every process that the program starts and talks to.
import childProcess from 'node:child_process';
import { syncBuiltinESMExports } from 'node:module';

/** What the test says to the hook; the program never sees it. */
export function takeOrders() {
  const orders = JSON.parse(process.env.COLDROOT_TEST_HOOK ?? '{}');
  delete process.env.COLDROOT_TEST_HOOK;
  return orders;
}

/** Shows `watch` every child with a channel before anybody talks to it, with the `send` that is the program's own. */
export function watchChildren(watch) {
  for (const name of ['fork', 'spawn']) {
    const start = childProcess[name];
    childProcess[name] = (...args) => {
      const child = start(...args);
      if (typeof child.send === 'function') watch(child, child.send.bind(child));
      return child;
    };
  }
  syncBuiltinESMExports();
}

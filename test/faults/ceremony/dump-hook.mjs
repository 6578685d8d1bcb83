// Preloaded into a real coldroot process (node --import): dumps core when the token has taken the PIN, so that it is, or was just
// now, in memory. { whose: 'program' | 'tokens' } says of which process; { filter } undoes what that process did against it.
import childProcess from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

const { whose, filter } = JSON.parse(process.env.COLDROOT_TEST_HOOK ?? '{}');
delete process.env.COLDROOT_TEST_HOOK;

for (const name of ['fork', 'spawn']) {
  const start = childProcess[name];
  childProcess[name] = (...args) => {
    const child = start(...args);
    const { send } = child;
    if (typeof send !== 'function') return child;
    let login;
    child.send = (message, ...rest) => {
      if (message.kind === 'login') login = message.id;
      return send.call(child, message, ...rest);
    };
    child.prependListener('message', ({ id }) => {
      if (id === undefined || id !== login) return;
      const pid = whose === 'program' ? process.pid : child.pid;
      if (filter !== undefined) writeFileSync(`/proc/${pid}/coredump_filter`, filter);
      process.kill(pid, 'SIGABRT');
    });
    return child;
  };
}
syncBuiltinESMExports();

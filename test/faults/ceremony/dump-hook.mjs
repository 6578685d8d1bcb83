// Preloaded into a real coldroot process (node --import): dumps core when the token has taken the PIN, so that it is, or was just
// now, in memory. { whose: 'program' | 'tokens' } says of which process; { filter } undoes what that process did against it.
import { writeFileSync } from 'node:fs';
import { takeOrders, watchChildren } from './watch-children.mjs';

const { whose, filter } = takeOrders();

watchChildren((child, send) => {
  let login;
  child.send = (message, ...rest) => {
    if (message.kind === 'login') login = message.id;
    return send(message, ...rest);
  };
  child.prependListener('message', ({ id }) => {
    if (id === undefined || id !== login) return;
    const pid = whose === 'program' ? process.pid : child.pid;
    if (filter !== undefined) writeFileSync(`/proc/${pid}/coredump_filter`, filter);
    process.kill(pid, 'SIGABRT');
  });
});

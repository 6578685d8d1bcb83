// Preloaded into a process that takes a lock, it kills that process before the n-th thing it does to the lock's files, or
// the n-th thing it asks of the system's lock. Between two of them nothing changes that another process could see.
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { DatabaseSync } from 'node:sqlite';

const { file, count } = JSON.parse(process.env.COLDROOT_TEST_HOOK);
let seen = 0;
const descriptors = new Set();

function step() {
  seen += 1;
  if (seen === count) process.kill(process.pid, 'SIGKILL');
}

for (const name of ['lstatSync', 'openSync', 'writeSync', 'closeSync', 'rmSync']) {
  const real = fs[name];
  fs[name] = (...args) => {
    const ours = descriptors.has(args[0]) || String(args[0]).startsWith(file);
    if (ours) step();
    const result = real(...args);
    if (ours && name === 'openSync') descriptors.add(result);
    if (ours && name === 'closeSync') descriptors.delete(args[0]);
    return result;
  };
}
for (const name of ['exec', 'close']) {
  const real = DatabaseSync.prototype[name];
  DatabaseSync.prototype[name] = function (...args) {
    step();
    return real.apply(this, args);
  };
}
syncBuiltinESMExports();

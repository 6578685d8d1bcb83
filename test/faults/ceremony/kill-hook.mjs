// Preloaded into a real coldroot process (node --import): kills it, as a pulled plug would, at one exact point. A point is
// the n-th time the program makes something durable (rename of a finished file: every journal record is one) or the
// n-th request it sends to the PKCS#11 process. In counting mode it only reports how many points there were.
import childProcess from 'node:child_process';
import { writeFileSync } from 'node:fs';
import fs from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';

const { point, count, report } = JSON.parse(process.env.COLDROOT_TEST_HOOK ?? '{}');
delete process.env.COLDROOT_TEST_HOOK;
const seen = { 'before-rename': 0, 'after-rename': 0, 'after-send': 0 };

function reach(name) {
  seen[name] += 1;
  if (name === point && seen[name] === count) process.kill(process.pid, 'SIGKILL');
}

const { rename } = fs;
fs.rename = async (...args) => {
  reach('before-rename');
  const result = await rename(...args);
  reach('after-rename');
  return result;
};
for (const name of ['fork', 'spawn']) {
  const start = childProcess[name];
  childProcess[name] = (...args) => {
    const child = start(...args);
    const { send } = child;
    if (typeof send !== 'function') return child;
    child.send = (...message) => {
      const result = send.apply(child, message);
      // The message is in the pipe: the other process will act on it, and nobody will hear the answer.
      reach('after-send');
      return result;
    };
    return child;
  };
}
syncBuiltinESMExports();
if (report !== undefined) process.on('exit', () => writeFileSync(report, JSON.stringify(seen)));

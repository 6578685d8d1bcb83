// Preloaded into a real coldroot process (node --import), it does one of three things at exact points. A point is the n-th
// time the program makes something durable (a finished file gets its name: every journal record is one) or the n-th request
// it sends to the PKCS#11 process.
//   { point, count }        kills it there, as a pulled plug would
//   { room, photographs }   copies the room's files before every durable write, and after the last
//   { report }              (with any of them) says how many points there were
import { cpSync, rmSync, writeFileSync } from 'node:fs';
import fs from 'node:fs/promises';
import path from 'node:path';
import { takeOrders, watchChildren } from './watch-children.mjs';

const { point, count, room, photographs, report } = takeOrders();
const seen = { 'before-rename': 0, 'after-rename': 0, 'after-send': 0, unanswered: 0 };
/** Requests on their way to the PKCS#11 process, by number. */
const asked = new Set();

function reach(name) {
  seen[name] += 1;
  if (name === point && seen[name] === count) process.kill(process.pid, 'SIGKILL');
}

/** Nothing else runs meanwhile: copying is synchronous, and a request that is under way is counted. */
function photograph(name) {
  if (photographs === undefined) return;
  seen.unanswered += asked.size;
  rmSync(path.join(photographs, name), { recursive: true, force: true });
  cpSync(room, path.join(photographs, name), { recursive: true });
}

// A finished file gets its name by either: a new one of a link, one that replaces another by a rename.
for (const name of ['link', 'rename']) {
  const give = fs[name];
  fs[name] = async (...args) => {
    reach('before-rename');
    photograph(String(seen['before-rename']));
    const result = await give(...args);
    reach('after-rename');
    photograph('last');
    return result;
  };
}
watchChildren((child, send) => {
  child.send = (message, ...rest) => {
    asked.add(message.id);
    const result = send(message, ...rest);
    // The message is in the pipe: the other process will act on it, and nobody will hear the answer.
    reach('after-send');
    return result;
  };
  child.prependListener('message', ({ id }) => asked.delete(id));
});
if (report !== undefined) process.on('exit', () => writeFileSync(report, JSON.stringify(seen)));

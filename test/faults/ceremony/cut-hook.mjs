// Preloaded into a real coldroot process (node --import): kills it at the first place where it has not been killed before.
// The places are those of its requests to the PKCS#11 process: before a request is sent, while it is on its way, and when
// its answer has come and nobody has heard it. { log } names a file that outlives the process: what was asked, and where it
// was killed, one a line. { log, only: 'watch' } kills nothing; { connecting: true } kills it
// with the requests in flight that only connect, too.
import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import fs from 'node:fs/promises';
import { takeOrders, watchChildren } from './watch-children.mjs';

const { log, only, connecting } = takeOrders();
const cuts = new Set(existsSync(log) ? readFileSync(log, 'utf8').split('\n') : []);

/** What only connects, before and after an act. */
const around = new Set(['start', 'list', 'open', 'info', 'close', 'stop']);
/** What looks and changes nothing: killed while it is on its way. */
const looking = new Set(['objects', 'findKey', 'backupLacks', 'holdsWrappingKey']);
/** Messages no longer than this are challenges, drawn anew each time: one is like another. */
const challenge = 64;

function hash(bytes) {
  return createHash('sha256').update(bytes).digest('hex').slice(0, 16);
}

/** The signature asked for last, if nothing was written down since. */
let signing;

/** A seal covers the signature before it, which is never the same twice: it is named after that one's message. */
function signatureName({ message, selector }) {
  const own = message.length > challenge ? hash(message) : `challenge-${hash(selector.spki)}`;
  signing = signing === undefined ? `sign-${own}` : `${signing}-then`;
  return signing;
}

/** Tokens by the number they have in this process: the URI they were opened by. */
const tokens = new Map();

/** Named after the token and not after the PIN, which may be another one each time. */
const pinned = new Set(['login', 'changePin']);

/** The same name for the same request, in whichever process it is made. */
function nameOf({ kind, body }) {
  if (kind === 'sign') return signatureName(body);
  if (pinned.has(kind)) return `${kind}-${hash(tokens.get(body.token) ?? '')}`;
  const { token: _token, ...rest } = body;
  const plain = (_, value) => (value instanceof Uint8Array ? hash(value) : value);
  return `${kind}-${hash(JSON.stringify(rest, plain))}`;
}

/** The power fails here, unless it did before. */
function cut(place) {
  const line = `cut ${place}`;
  if (only === 'watch' || cuts.has(line)) return;
  appendFileSync(log, `${line}\n`);
  process.kill(process.pid, 'SIGKILL');
}

for (const name of ['link', 'rename']) {
  const give = fs[name];
  fs[name] = (...args) => {
    signing = undefined;
    return give(...args);
  };
}
watchChildren((child, send) => {
  const asked = new Map();
  const opening = new Map();
  child.send = (message, ...rest) => {
    if (message.kind === 'open') opening.set(message.id, message.body.name);
    if (around.has(message.kind)) {
      const result = send(message, ...rest);
      if (connecting === true) cut(`${nameOf(message)} during`);
      return result;
    }
    const request = nameOf(message);
    if (!looking.has(message.kind)) cut(`${request} before`);
    asked.set(message.id, { request, kind: message.kind });
    appendFileSync(log, `sent ${request}\n`);
    const result = send(message, ...rest);
    // The message is in the pipe: the other process will act on it, and nobody will hear the answer.
    cut(`${request} during`);
    return result;
  };
  child.prependListener('message', ({ id, value }) => {
    if (opening.has(id)) tokens.set(value?.token, opening.get(id));
    const answered = asked.get(id);
    if (answered !== undefined && !looking.has(answered.kind)) cut(`${answered.request} after`);
  });
});

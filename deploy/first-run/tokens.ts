import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { toHex } from '../../core/ports/hex.ts';
import { CodedError } from '../../core/ports/coded-error.ts';
import { systemEntropy } from '../../core/node/entropy.ts';
import { initTokens } from './init-token.ts';
import { demo, places } from './places.ts';

const libraries = ['/usr/lib/softhsm/libsofthsm2.so', '/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so'];

/** SoftHSM's PKCS#11 library. */
export function softhsmModule(): string {
  const found = libraries.find((file) => existsSync(file));
  if (found !== undefined) return found;
  const remedy = 'On Debian, as root: apt-get install softhsm2';
  throw new CodedError({ code: 'first-run-softhsm', message: 'SoftHSM is not installed.', remedy });
}

/** A PIN of this machine's own, made once and kept in a file only we can read. */
function pin(name: string): string {
  const file = path.join(places.pins, `${name}.pin`);
  if (!existsSync(file)) writeFileSync(file, `${toHex(systemEntropy.bytes(6))}\n`, { mode: 0o600 });
  return readFileSync(file, 'utf8').trim();
}

/** Two SoftHSM tokens, as two HSMs would be: serials by label. A second run finds the first one's. */
export function prepareTokens(configuration: string = writeConfiguration()): ReadonlyMap<string, string> {
  mkdirSync(places.pins, { recursive: true, mode: 0o700 });
  process.env['SOFTHSM2_CONF'] = configuration;
  return initTokens(softhsmModule(), demo.tokens, (label) => ({ user: pin(label), officer: pin(`${label}-officer`) }));
}

function writeConfiguration(): string {
  const store = path.join(places.softhsm, 'tokens');
  mkdirSync(store, { recursive: true, mode: 0o700 });
  writeFileSync(
    places.softhsmConf,
    `directories.tokendir = ${store}\nobjectstore.backend = file\nlog.level = ERROR\nslots.removable = false\n`,
  );
  return places.softhsmConf;
}

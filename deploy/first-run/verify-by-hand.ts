import { cpSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { bundleOf, rootCertificate } from './ceremonies.ts';
import { places } from './places.ts';
import { runShown, say } from './say.ts';

/** The commands docs/bundle.md gives to people without Coldroot: these, and not a copy of them. */
function documentedCommands(): readonly string[] {
  const text = readFileSync(path.join(places.root, 'docs/bundle.md'), 'utf8');
  const block = /```sh verify\n([\s\S]*?)```/u.exec(text)?.[1] ?? 'false';
  return block.trim().split('\n');
}

/** Unpacks the bundle and checks it with openssl and sha256sum alone, each command shown. */
export function verifyByHand(): string {
  const bundle = bundleOf(places.intermediateCeremony);
  rmSync(places.unpacked, { recursive: true, force: true });
  mkdirSync(places.unpacked, { recursive: true });
  cpSync(rootCertificate, path.join(places.unpacked, 'root.pem'));
  for (const command of [`tar xf ${bundle}`, ...documentedCommands()]) {
    say(`$ ${command}`);
    runShown('sh', ['-c', command], places.unpacked);
  }
  return bundle;
}

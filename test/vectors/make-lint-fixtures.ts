// Writes test/vectors/lint/*.pem. ECDSA signatures differ from run to run, so a file is written anew only where what is
// signed, or what the rules find, has changed. Files that belong to no case any more are removed.
//   node test/vectors/make-lint-fixtures.ts
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { lintFixtures } from './lint-cases.ts';
import { isSameFixture, writeLintFixture } from './lint-fixture.ts';

const folder = new URL('lint/', import.meta.url);
mkdirSync(folder, { recursive: true });

for (const [name, fixture] of lintFixtures) {
  const file = new URL(name, folder);
  if (existsSync(file) && isSameFixture(readFileSync(file, 'utf8'), fixture)) continue;
  writeFileSync(file, writeLintFixture(fixture));
  console.log(`wrote ${name}`);
}
for (const name of readdirSync(folder)) {
  if (lintFixtures.has(name)) continue;
  rmSync(new URL(name, folder));
  console.log(`removed ${name}`);
}

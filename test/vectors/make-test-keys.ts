// Makes test/vectors/test-keys.pem. Run once: everything under test/vectors is signed with these keys, so making them
// anew changes every file. They are published with the source and worth nothing.
//   node test/vectors/make-test-keys.ts
import { generateKeyPairSync } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { keyAlgorithms } from '../../core/x509/algorithms.ts';
import { testKeyAlgorithms, testKeyFile } from './test-keys.ts';

let text = 'Test keys: published, worthless. Made by test/vectors/make-test-keys.ts.\n';
for (const [name, algorithm] of Object.entries(testKeyAlgorithms)) {
  const { kind, bits } = keyAlgorithms[algorithm];
  const { privateKey } =
    kind === 'ec'
      ? generateKeyPairSync('ec', { namedCurve: bits === 256 ? 'P-256' : 'P-384' })
      : generateKeyPairSync('rsa', { modulusLength: bits });
  text += `\n${name}: ${algorithm}\n${privateKey.export({ format: 'pem', type: 'pkcs8' }).toString()}`;
}
writeFileSync(testKeyFile, text, { flag: 'wx' });

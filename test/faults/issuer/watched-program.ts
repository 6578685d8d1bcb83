// The issuer as it ships, with a witness between it and the token: whatever the token is asked to sign is written down
// first, by another process than the one that is killed and in no database that could lose it.
import { cpSync, mkdirSync, readFileSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { sha256 } from '../../support/hierarchy.ts';
import { programs, projectRoot } from '../../support/programs.ts';

const witness = (file: string): string => `import { appendFileSync } from 'node:fs';
import './pkcs11-child-itself.js';
// Behind the listener of the program itself, which has seen every message by then and loses none.
process.on('message', ({ kind, body }) => {
  if (kind === 'sign') appendFileSync(${JSON.stringify(file)}, Buffer.from(body.message).toString('hex') + '\\n');
});
`;

export interface WatchedProgram {
  readonly program: string;
  /** SHA-256 of every TBSCertificate that a token was asked to sign, each once. */
  certificatesAsked(): readonly string[];
}

/** A copy of the program in this folder. */
export function watchedProgram(folder: string): WatchedProgram {
  const directory = path.join(folder, 'watched');
  const file = path.join(folder, 'asked-to-sign');
  mkdirSync(directory);
  cpSync(path.dirname(programs.issuer), directory, { recursive: true });
  symlinkSync(path.join(projectRoot, 'node_modules'), path.join(folder, 'node_modules'));
  writeFileSync(path.join(directory, 'package.json'), '{ "type": "module" }\n');
  renameSync(path.join(directory, 'pkcs11-child.js'), path.join(directory, 'pkcs11-child-itself.js'));
  writeFileSync(path.join(directory, 'pkcs11-child.js'), witness(file));
  writeFileSync(file, '');
  return {
    program: path.join(directory, path.basename(programs.issuer)),
    certificatesAsked: () => {
      const messages = readFileSync(file, 'utf8').split('\n').filter(Boolean);
      // A TBSCertificate begins with its version in [0]; a TBSCertList with an INTEGER (RFC 5280 §4.1, §5.1).
      const certificates = messages.map((hex) => Buffer.from(hex, 'hex')).filter((bytes) => isCertificate(bytes));
      return [...new Set(certificates.map((bytes) => sha256(bytes)))];
    },
  };
}

function isCertificate(bytes: Uint8Array): boolean {
  const length = bytes[1] ?? 0;
  return bytes[length < 0x80 ? 2 : 2 + (length & 0x7f)] === 0xa0;
}

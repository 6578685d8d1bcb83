import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { toPem } from '../../../../core/x509/pem.ts';
import { makeCertificate, signingTime, utc, world } from '../../../vectors/lint-world.ts';
import { testKey } from '../../../vectors/test-keys.ts';
import { withFiles } from '../openssl.ts';

/** The issuing CA under the root, a certificate of its, and a signer it has delegated its answers to. */
export const issuer = world().leaf;
export const leaf = makeCertificate('leaf');
export const delegate = makeCertificate('ocsp', { key: 'rsa-leaf' }).self;

const files = {
  'root.pem': toPem('CERTIFICATE', world().issuing.certificate),
  'issuer.pem': toPem('CERTIFICATE', issuer.certificate),
  'leaf.pem': toPem('CERTIFICATE', leaf.certificate),
  'leaf.key': String(testKey('leaf').privateKey.export({ format: 'pem', type: 'pkcs8' })),
};

/** Times of answers that are in force whenever these tests run: openssl looks at the machine's clock for them. */
export const inForce = { thisUpdate: utc('2020-01-01'), nextUpdate: utc('2090-01-01') } as const;

/** The root and nothing of the machine's, at the time of the fixtures. */
const trust = ['-CAfile', 'root.pem', '-no-CApath', '-no-CAstore', '-attime', String(signingTime)] as const;

function ocsp(folder: string, arguments_: readonly string[]): string {
  const { stdout, stderr, error } = spawnSync('openssl', ['ocsp', ...arguments_], { cwd: folder, encoding: 'utf8' });
  if (error !== undefined) throw error;
  return `${stderr}${stdout}`;
}

/** The request that `openssl ocsp` makes about the leaf. */
export function requestOf(hash: 'sha1' | 'sha256', options: readonly string[]): Uint8Array {
  return withFiles(files, (folder) => {
    const said = ocsp(folder, [
      '-issuer',
      'issuer.pem',
      `-${hash}`,
      '-cert',
      'leaf.pem',
      '-reqout',
      'request.der',
      ...options,
    ]);
    try {
      return Uint8Array.from(readFileSync(path.join(folder, 'request.der')));
    } catch (error) {
      throw new Error(`openssl made no request: ${said}`, { cause: error });
    }
  });
}

/** What `openssl ocsp` says of an answer about the leaf, its chain judged at the time of the fixtures. */
export function verdictOn(response: Uint8Array, hash: 'sha1' | 'sha256' = 'sha1'): string {
  return withFiles({ ...files, 'response.der': response }, (folder) =>
    ocsp(folder, [
      '-issuer',
      'issuer.pem',
      `-${hash}`,
      '-cert',
      'leaf.pem',
      '-no_nonce',
      '-respin',
      'response.der',
      ...trust,
    ]),
  );
}

/** The same for an answer to this very request, whose nonce it must repeat; with the answer as text. */
export function verdictOnAnswer(request: Uint8Array, response: Uint8Array): string {
  return withFiles(files, (folder) => {
    writeFileSync(path.join(folder, 'request.der'), request);
    writeFileSync(path.join(folder, 'response.der'), response);
    return ocsp(folder, [
      '-reqin',
      'request.der',
      '-respin',
      'response.der',
      '-resp_text',
      '-verify_other',
      'issuer.pem',
      ...trust,
    ]);
  });
}

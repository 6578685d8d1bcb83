import path from 'node:path';
import { formatRefusal } from '../../core/ports/coded-error.ts';
import type { Bundle } from '../../core/bundle/bundle.ts';
import { certificateFacts, crlFacts } from '../../core/ceremony/facts.ts';
import { factLine } from '../../core/ceremony/facts.ts';
import type { Command, CommandInput } from '../cli/command.ts';
import { exitCodes } from '../cli/exit-codes.ts';
import type { Output, Program } from '../cli/program.ts';
import { bundleOptions, verifyGiven } from './bundle-files.ts';

function printBundle({ manifest, certificates, crls, sums }: Bundle, output: Output): void {
  output.line(`${manifest.hierarchy}, epoch ${manifest.epoch}${manifest.rehearsal ? '  REHEARSAL' : ''}`);
  output.line(`  created     ${manifest.created}`);
  output.line(`  expires     ${manifest.expires}`);
  output.line(`  SHA256SUMS  ${sums}`);
  output.line(`  previous    ${manifest.previous ?? 'none: the first'}`);
  output.line(`  plan        ${manifest.plan}`);
  const kinds = [
    ['root', manifest.roots],
    ['bundle signer', manifest.signers],
    ['issuer', manifest.issuers],
    ['cross-certificate', manifest.crosses ?? []],
    ['OCSP signer', manifest.ocspSigners ?? []],
  ] as const;
  for (const [kind, entries] of kinds) {
    for (const { name, sha256 } of entries) {
      const certificate = certificates.get(name);
      output.line(`${kind} ${name}`);
      output.line(`  SHA-256  ${sha256.toUpperCase()}`);
      for (const fact of certificate === undefined ? [] : certificateFacts(certificate.tbs)) {
        output.line(`  ${factLine(fact)}`);
      }
    }
  }
  for (const { name, algorithm, id = 'not known' } of manifest.keys ?? []) {
    output.line(`key ${name}, without a certificate`);
    output.line(`  algorithm  ${algorithm}`);
    output.line(`  CKA_ID     ${id}`);
  }
  for (const name of manifest.unsealed ?? []) output.line(`key ${name} may leave its token wrapped: it is not sealed`);
  for (const { issuer, crl } of crls) {
    output.line(`CRL of ${issuer}`);
    for (const fact of crlFacts(crl.tbs)) output.line(`  ${factLine(fact)}`);
  }
}

async function extract({ files }: Bundle, directory: string, { output, ports }: Program): Promise<void> {
  for (const [name, bytes] of files) await ports.media.write(path.join(directory, name), bytes);
  output.note(`${files.size} files written to ${directory}`);
}

async function run(input: CommandInput, program: Program): Promise<number> {
  const { verdict } = await verifyGiven(input, program);
  if (!verdict.ok) {
    program.output.note(formatRefusal(verdict.refusal));
    return exitCodes.notVerified;
  }
  printBundle(verdict.bundle, program.output);
  const directory = input.values['extract'];
  if (directory !== undefined) await extract(verdict.bundle, path.resolve(directory), program);
  return exitCodes.done;
}

export const bundleShow: Command = {
  name: 'bundle show',
  summary: 'Verify a bundle and say what is in it',
  operands: [{ name: 'FILE', help: 'the bundle (*.coldroot)' }],
  options: { ...bundleOptions, extract: { value: 'DIR', help: 'write its files there (nothing is overwritten)' } },
  run,
};

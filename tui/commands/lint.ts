import { CodedError, formatRefusal, isCoded } from '../../core/ports/coded-error.ts';
import { fromUtf8 } from '../../core/ports/bytes.ts';
import { judgeCertificate, judgeCrl } from '../../core/lint/linted.ts';
import type { Finding } from '../../core/lint/rule.ts';
import { profileTypes, type ProfileType } from '../../core/profile/profile.ts';
import { extensionOf, readCertificate, type Certificate } from '../../core/x509/certificate.ts';
import { maximumCrlBytes, readCrl } from '../../core/x509/crl.ts';
import { equalBytes } from '../../core/ports/bytes.ts';
import { readBasicConstraints } from '../../core/x509/extensions/basic-constraints.ts';
import { keyPurposes, readExtKeyUsage } from '../../core/x509/extensions/ext-key-usage.ts';
import { oids } from '../../core/x509/oids.ts';
import { readPem, type PemBlock } from '../../core/x509/pem.ts';
import type { Command, CommandInput } from '../cli/command.ts';
import { exitCodes } from '../cli/exit-codes.ts';
import type { Program } from '../cli/program.ts';

/** What a certificate says it is, where nobody said what it is meant to be. */
function guessType({ tbs }: Certificate): ProfileType {
  const constraints = extensionOf(tbs, oids.basicConstraints);
  const purposes = extensionOf(tbs, oids.extKeyUsage);
  const ca = constraints !== undefined && readBasicConstraints(constraints.value).ca;
  if (ca) return equalBytes(tbs.issuer, tbs.subject) ? 'root' : 'intermediate';
  const named = purposes === undefined ? [] : readExtKeyUsage(purposes.value);
  if (named.includes(keyPurposes.bundleSigning)) return 'bundle-signer';
  return named.includes(keyPurposes.ocspSigning) ? 'ocsp-signer' : 'leaf';
}

async function blocksOf(file: string, { ports }: Program): Promise<readonly PemBlock[]> {
  const bytes = await ports.media.read(file, maximumCrlBytes * 2);
  const text = fromUtf8(bytes);
  if (text?.includes('-----BEGIN ') === true) return readPem(text);
  // DER: a CRL's TBS starts with a version 1 or an AlgorithmIdentifier, a certificate's with [0].
  return [{ label: isCertificate(bytes) ? 'CERTIFICATE' : 'X509 CRL', bytes }];
}

function isCertificate(bytes: Uint8Array): boolean {
  try {
    return readCertificate(bytes).tbs.version > 0;
  } catch (error) {
    if (isCoded(error)) return false;
    throw error;
  }
}

async function issuerOf({ values }: CommandInput, program: Program): Promise<Certificate | undefined> {
  const file = values['issuer'];
  if (file === undefined) return undefined;
  const [block] = await blocksOf(file, program);
  return block === undefined ? undefined : readCertificate(block.bytes);
}

function typeOf({ values }: CommandInput, certificate: Certificate): ProfileType {
  const named = values['as'];
  if (named === undefined) return guessType(certificate);
  const type = profileTypes.find((known) => known === named);
  if (type !== undefined) return type;
  const remedy = `Use one of: ${profileTypes.join(', ')}.`;
  throw new CodedError({ code: 'usage', message: `There is no profile type "${named}".`, remedy });
}

function judge(
  block: PemBlock,
  issuer: Certificate | undefined,
  input: CommandInput,
  { ports }: Program,
): { what: string; findings: readonly Finding[] } {
  const context = issuer === undefined ? {} : { issuer };
  if (block.label === 'X509 CRL') {
    const { tbs } = readCrl(block.bytes);
    const scope = input.switches.has('end-entity') ? 'end-entity' : 'ca';
    return { what: `CRL (${scope})`, findings: judgeCrl({ tbs, scope, ...context }) };
  }
  const certificate = readCertificate(block.bytes);
  const type = typeOf(input, certificate);
  const subject = { tbs: certificate.tbs, type, digest: ports.digest, ...context };
  return { what: `certificate (${type})`, findings: judgeCertificate(subject) };
}

async function lintFile(
  file: string,
  issuer: Certificate | undefined,
  input: CommandInput,
  program: Program,
): Promise<boolean> {
  let good = true;
  let blocks: readonly PemBlock[];
  try {
    blocks = await blocksOf(file, program);
  } catch (error) {
    if (!isCoded(error) || error.code.startsWith('media-')) throw error;
    program.output.line(`${file}: ${formatRefusal(error)}`);
    return false;
  }
  for (const [index, block] of blocks.entries()) {
    try {
      const { what, findings } = judge(block, issuer, input, program);
      program.output.line(
        `${file}#${index + 1} ${what}: ${findings.length === 0 ? 'OK' : `${findings.length} refused`}`,
      );
      for (const { rule, clause, demand, found } of findings) {
        program.output.line(`  ${rule} (${clause}): ${demand} Found: ${found}`);
      }
      good &&= findings.length === 0;
    } catch (error) {
      if (!isCoded(error) || error.code === 'usage') throw error;
      program.output.line(`${file}#${index + 1}: ${formatRefusal(error)}`);
      good = false;
    }
  }
  return good;
}

async function run(input: CommandInput, program: Program): Promise<number> {
  const issuer = await issuerOf(input, program);
  let good = true;
  for (const file of input.operands) good = (await lintFile(file, issuer, input, program)) && good;
  return good ? exitCodes.done : exitCodes.notVerified;
}

export const lint: Command = {
  name: 'lint',
  summary: 'Judge certificates and CRLs by the rules that ceremonies and the issuer sign by',
  operands: [{ name: 'FILE', help: 'certificates or CRLs, PEM or DER' }],
  several: true,
  options: {
    as: { value: 'TYPE', help: `what it is meant to be: ${profileTypes.join(', ')} (default: what it says it is)` },
    issuer: { value: 'FILE', help: 'the issuer’s certificate: rules that compare with it apply' },
    'end-entity': { help: 'CRLs are those of an issuing CA, not of a root' },
  },
  run,
};

import { chainTo } from '../attestation/chain.ts';
import type { AttestationVerifier, AttestedDevice, Statement } from '../attestation/verifier.ts';
import { concatBytes, equalBytes, fromUtf8, utf8 } from '../ports/bytes.ts';
import { isCoded } from '../ports/coded-error.ts';
import { toHex } from '../ports/hex.ts';
import { readCertificate, type Certificate } from '../x509/certificate.ts';
import { readPem, toPem } from '../x509/pem.ts';
import type { ActPorts } from './act.ts';
import { ceremonyError } from './ceremony-error.ts';

/** What came of an attestation, and where its evidence is. */
export interface Attested {
  readonly status: 'verified' | 'kept' | 'not-available';
  readonly statements: readonly Statement[];
  /** DER, from the attestation to the CA. */
  readonly chain: readonly Uint8Array[];
  readonly file: string;
  readonly sha256: string;
}

interface Wanted {
  readonly token: string;
  readonly key: string;
  readonly evidence?: string | undefined;
}

interface Terms {
  readonly spki: Uint8Array;
  readonly anchor: Certificate;
  readonly verifier: AttestationVerifier;
  readonly device: AttestedDevice;
}

const maximumEvidenceBytes = 512 * 1024;
const maximumEvidenceCertificates = 32;

/** Certificates among these blobs; what is none of ours to read (another algorithm, another format) is left out. */
function certificatesAmong(blobs: readonly Uint8Array[]): readonly Certificate[] {
  return blobs.flatMap((der) => {
    try {
      return [readCertificate(der)];
    } catch (error) {
      if (isCoded(error)) return [];
      throw error;
    }
  });
}

function blobsIn(bytes: Uint8Array): readonly Uint8Array[] {
  const text = fromUtf8(bytes);
  if (text?.includes('-----BEGIN ') !== true) return [bytes];
  return readPem(text, maximumEvidenceCertificates).map((block) => block.bytes);
}

async function readIfThere(path: string, ports: ActPorts): Promise<Uint8Array | undefined> {
  try {
    return await ports.media.read(path, maximumEvidenceBytes);
  } catch (error) {
    if (isCoded(error, 'media-missing')) return undefined;
    throw error;
  }
}

/** Chain and statements for the key, from these certificates; undefined where none of them is an attestation of it. */
function verified(
  pool: readonly Certificate[],
  { spki, anchor, verifier, device }: Terms,
  ports: ActPorts,
): Pick<Attested, 'statements' | 'chain'> | undefined {
  const candidates = pool.filter((one) => equalBytes(one.tbs.spki, spki) && verifier.isAttestation(one));
  if (candidates.length === 0) return undefined;
  const terms = { anchor, now: ports.clock.now(), verify: ports.verify };
  const chain = candidates.map((one) => chainTo(one, pool, terms)).find((found) => found !== undefined);
  const [leaf] = chain ?? [];
  if (chain === undefined || leaf === undefined) {
    throw ceremonyError(
      'attest-chain',
      'The attestation does not chain to the CA that the plan names.',
      'Bring the certificates in between in the file "evidence"; if it is whole, do not take the key for attested.',
    );
  }
  const verdict = verifier.judge(leaf, device);
  if (verdict.ok) return { statements: verdict.statements, chain: chain.map(({ raw }) => raw) };
  const remedy = 'Do not take the key for attested. Find out where it came from before going on.';
  throw ceremonyError(verdict.code, verdict.fault, remedy);
}

/** Reads, verifies and keeps the attestation of a key. Evidence that is there and does not verify is always refused. */
export async function attested(own: Wanted, terms: Terms, ports: ActPorts): Promise<Attested> {
  const file = `${own.key}-attestation.pem`;
  const kept = (bytes: Uint8Array, found: Pick<Attested, 'statements' | 'chain'>): Attested => {
    return { status: 'verified', ...found, file, sha256: toHex(ports.digest('sha256', bytes)) };
  };
  // Some devices make another attestation at every reading: what was kept before an interruption stays.
  const before = await readIfThere(ports.output(file), ports);
  const again = before === undefined ? undefined : verified(certificatesAmong(blobsIn(before)), terms, ports);
  if (before !== undefined && again !== undefined) return kept(before, again);
  const device = await ports.token(own.token);
  const onToken = (await device.certificates()).map(({ der }) => der);
  const brought = own.evidence === undefined ? undefined : await readIfThere(ports.file(own.evidence), ports);
  const pool = certificatesAmong([...onToken, ...(brought === undefined ? [] : blobsIn(brought))]);
  const found = verified(pool, terms, ports);
  if (found === undefined) {
    throw ceremonyError('attest-missing', 'There is no attestation of this key.', terms.verifier.fetches);
  }
  const bytes = concatBytes(...found.chain.map((der) => utf8(toPem('CERTIFICATE', der))));
  await ports.media.write(ports.output(file), bytes);
  return kept(bytes, found);
}

/** Keeps evidence that nobody here can judge, byte by byte; a rehearsal on another device has none. */
export async function keptEvidence(own: Wanted, rehearsal: boolean, ports: ActPorts): Promise<Attested> {
  const nothing = { status: 'not-available', statements: [], chain: [], file: '', sha256: '' } as const;
  if (own.evidence === undefined) return nothing;
  const path = ports.file(own.evidence);
  const bytes = rehearsal ? await readIfThere(path, ports) : await ports.media.read(path, maximumEvidenceBytes);
  if (bytes === undefined) return nothing;
  const file = `${own.key}-attestation.bin`;
  await ports.media.write(ports.output(file), bytes);
  return { ...nothing, status: 'kept', file, sha256: toHex(ports.digest('sha256', bytes)) };
}

import { fromBase64 } from '../../core/ports/base64.ts';
import { toPem } from '../../core/x509/pem.ts';
import type { Database } from '../store/database.ts';
import { readChains } from '../store/read-chains.ts';

/** Chains in PEM, by the name of the issuing CA, of every issuing CA there ever was. */
export async function loadChains(database: Database): Promise<ReadonlyMap<string, readonly string[]>> {
  const pem = (chain: readonly string[]): string =>
    chain.map((certificate) => toPem('CERTIFICATE', fromBase64(certificate))).join('');
  return new Map((await readChains(database)).map(({ name, chains }) => [name, chains.map(pem)]));
}

import { setTimeout as pause } from 'node:timers/promises';
import { isRevoked } from '../support/chain-checks.ts';
import type { TestIssuer } from '../support/issuer.ts';

/** The issuing CA's CRL as relying parties get it. */
export async function fetchCrl({ ports }: TestIssuer): Promise<Uint8Array> {
  const response = await fetch(`http://127.0.0.1:${ports.publish}/crl/issuing-i1.crl`);
  return new Uint8Array(await response.arrayBuffer());
}

/** Waits until the published CRL revokes this certificate; false when it never does. */
export async function becomesRevoked(issuer: TestIssuer, pem: string): Promise<boolean> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    if (isRevoked(pem, issuer.rootPem, await fetchCrl(issuer))) return true;
    await pause(100);
  }
  return false;
}

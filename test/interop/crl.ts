import { isRevoked } from '../support/chain-checks.ts';
import type { TestIssuer } from '../support/issuer.ts';
import { until } from '../support/until.ts';

/** The issuing CA's CRL as relying parties get it. */
export async function fetchCrl({ ports }: TestIssuer): Promise<Uint8Array> {
  const response = await fetch(`http://127.0.0.1:${ports.publish}/crl/issuing-i1.crl`);
  return new Uint8Array(await response.arrayBuffer());
}

/** Waits until the published CRL revokes this certificate. */
export function becomesRevoked(issuer: TestIssuer, pem: string): Promise<true> {
  return until('the CRL revokes it', async () => isRevoked(pem, issuer.rootPem, await fetchCrl(issuer)));
}

import { toPem } from '../../../core/x509/pem.ts';
import { downloadCertificate } from '../../store/download-certificate.ts';
import { notFound } from '../problems.ts';
import type { AccountRequest, AcmeReply } from '../request.ts';
import type { Services } from '../services.ts';

function serialOf(text: string | undefined): Uint8Array {
  if (text === undefined || !/^(?:[0-9a-f]{2}){8,20}$/u.test(text)) throw notFound();
  return Buffer.from(text, 'hex');
}

/**
 * RFC 8555 §7.4.2 and §9.1: the certificate and the chain up to but without the root. Other chains have URLs of their
 * own, /1 and up.
 */
export async function certificate(request: AccountRequest, services: Services): Promise<AcmeReply> {
  const { caller, directory, nonce, params } = request;
  const serial = serialOf(params['serial']);
  const row = nonce.admit(await downloadCertificate(services.database, caller, serial));
  const chains = services.chains.get(row.issuer ?? '') ?? [];
  const chosen = Number(params['chain'] ?? 0);
  const chain = chains[chosen];
  if (row.der === null || chain === undefined) throw notFound();
  const url = directory.urls.certificate(serial);
  const alternates = chains.flatMap((_, index) => {
    if (index === chosen) return [];
    // No space after the semicolon: Posh-ACME looks for exactly this.
    return [`<${index === 0 ? url : `${url}/${index}`}>;rel="alternate"`];
  });
  return {
    status: 200,
    type: 'application/pem-certificate-chain',
    links: alternates,
    body: `${toPem('CERTIFICATE', row.der)}${chain}`,
  };
}

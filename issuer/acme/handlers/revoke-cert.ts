import { z } from 'zod';
import { fromBase64Url, withoutPadding } from '../../../core/ports/base64.ts';
import { equalBytes } from '../../../core/ports/bytes.ts';
import { isCoded } from '../../../core/ports/coded-error.ts';
import { formatUtc } from '../../../core/profile/dates.ts';
import { readCertificate, type Certificate } from '../../../core/x509/certificate.ts';
import { reasonOf, type RevocationReason } from '../../../core/x509/extensions/crl-extensions.ts';
import { revokeByAccount, type RevocationRow } from '../../store/revoke-by-account.ts';
import { revokeByKey } from '../../store/revoke-by-key.ts';
import { AcmeProblem, malformed, unauthorized } from '../problems.ts';
import { readPayload, type AccountRequest, type AcmeReply, type AcmeRequest } from '../request.ts';
import type { Services } from '../services.ts';

const payloadSchema = z.looseObject({ certificate: z.string().min(1), reason: z.int().nullish() });

/** Those that a subscriber may give (BR 4.9.1.1; RFC 5280 §5.3.1): the others speak of CAs, holds and deltas. */
const allowed: readonly RevocationReason[] = [
  'unspecified',
  'keyCompromise',
  'affiliationChanged',
  'superseded',
  'cessationOfOperation',
  'privilegeWithdrawn',
];

function readReason(code: number | null | undefined): RevocationReason {
  const reason = reasonOf(code ?? 0);
  if (reason !== undefined && allowed.includes(reason)) return reason;
  throw new AcmeProblem('badRevocationReason', `The reason ${code} is not accepted.`, 'Use 0, 1, 3, 4, 5 or 9.');
}

function readDer(text: string): Certificate {
  try {
    return readCertificate(fromBase64Url(withoutPadding(text)));
  } catch (error) {
    if (!isCoded(error)) throw error;
    throw malformed('"certificate" is not a certificate in DER, base64url-encoded.');
  }
}

/** What the statement found, in the words of RFC 8555 §7.6. */
function conclude(
  row: Pick<RevocationRow, 'issuer' | 'revoked'> & Partial<Pick<RevocationRow, 'allowed' | 'ordered'>>,
  reason: RevocationReason,
  services: Services,
): AcmeReply {
  if (row.issuer === null) throw malformed('This server has not issued the certificate.', 'Ask the CA that did.');
  if (row.allowed === false) {
    throw unauthorized('The account neither ordered this certificate nor controls all of its names.');
  }
  if (row.ordered === false && reason === 'keyCompromise') {
    throw new AcmeProblem(
      'badRevocationReason',
      'Whoever controls the names alone cannot say that the key is compromised.',
      'Sign with the key of the certificate, or give another reason.',
    );
  }
  if (!row.revoked) throw new AcmeProblem('alreadyRevoked', 'The certificate is revoked already.', '');
  services.counters.revocations += 1;
  services.revoked(row.issuer);
  return { status: 200 };
}

/** RFC 8555 §7.6: for the account that ordered it, one that controls its names, or whoever has its key. */
export async function revokeCert(request: AcmeRequest | AccountRequest, services: Services): Promise<AcmeReply> {
  const { key, nonce } = request;
  const { clock, database } = services;
  const payload = readPayload(payloadSchema, request.payload);
  const { raw, tbs } = readDer(payload.certificate);
  const reason = readReason(payload.reason);
  const revocation = { serial: tbs.serial, der: raw, now: formatUtc(clock.now()), reason };
  if ('caller' in request) {
    return conclude(nonce.admit(await revokeByAccount(database, request.caller, revocation)), reason, services);
  }
  if (!equalBytes(tbs.spki, key.spki)) {
    throw unauthorized(
      'The request is signed with a key that is not the certificate’s.',
      'Sign with that or as an account.',
    );
  }
  return conclude(nonce.admit(await revokeByKey(database, nonce.open, revocation)), reason, services);
}

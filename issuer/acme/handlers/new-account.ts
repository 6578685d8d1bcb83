import { z } from 'zod';
import { formatUtc } from '../../../core/profile/dates.ts';
import { registerAccount } from '../../store/register-account.ts';
import { newId } from '../ids.ts';
import { AcmeProblem, unauthorized } from '../problems.ts';
import { readPayload, type AcmeReply, type AcmeRequest } from '../request.ts';
import type { Services } from '../services.ts';
import { accountReply } from './account-reply.ts';
import { readContacts } from './contact.ts';

// Clients send members of their own here; what is not known is ignored (RFC 8555 §7.3 asks no more).
const payloadSchema = z.looseObject({
  contact: z.array(z.string().max(512)).nullish(),
  onlyReturnExisting: z.boolean().optional(),
});

/** RFC 8555 §7.3 and §7.3.1: makes the account of a key, or finds it. */
export async function newAccount(request: AcmeRequest, services: Services): Promise<AcmeReply> {
  const { directory, key, nonce } = request;
  const payload = readPayload(payloadSchema, request.payload);
  const { fresh, key_known, found } = await registerAccount(services.database, {
    nonce: nonce.open,
    directory: directory.name,
    id: newId(services),
    jwk: key.jwk,
    thumbprint: key.thumbprint,
    contact: readContacts(payload.contact ?? []),
    now: formatUtc(services.clock.now()),
    create: payload.onlyReturnExisting !== true,
  });
  nonce.admit({ fresh, key_known });
  if (found === undefined) {
    throw new AcmeProblem('accountDoesNotExist', 'No account has this key.', 'Leave "onlyReturnExisting" out.');
  }
  if (found.status !== 'valid') throw unauthorized(`The account of this key is ${found.status}.`, 'Use another key.');
  services.accountKeys.keep(found.id, key);
  return accountReply(found.created ? 201 : 200, found, directory.urls);
}

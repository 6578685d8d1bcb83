import { z } from 'zod';
import { formatUtc } from '../../../core/profile/dates.ts';
import { aboutExternalKey } from '../../ops/sealer.ts';
import { accountByThumbprint } from '../../store/account-by-thumbprint.ts';
import { findExternalKey } from '../../store/find-external-key.ts';
import { registerAccount } from '../../store/register-account.ts';
import { newId } from '../ids.ts';
import {
  externalBindingSchema,
  readExternalBinding,
  unknownExternalAccount,
  type ExternalBinding,
} from '../jws/external-binding.ts';
import { accountClosed, AcmeProblem, userActionRequired } from '../problems.ts';
import { readPayload, type AcmeReply, type AcmeRequest } from '../request.ts';
import type { Services } from '../services.ts';
import { accountReply } from './account-reply.ts';
import { readContacts } from './contact.ts';

// Clients send members of their own here; what is not known is ignored (RFC 8555 §7.3 asks no more).
const payloadSchema = z.looseObject({
  contact: z.array(z.string().max(512)).nullish(),
  onlyReturnExisting: z.boolean().optional(),
  termsOfServiceAgreed: z.boolean().optional(),
  externalAccountBinding: externalBindingSchema.nullish(),
});
type Payload = z.infer<typeof payloadSchema>;

/**
 * The binding a client sent, checked; undefined when it sent none, or its key has an account already, which is found
 * whatever came with it: clients repeat a binding that they have used.
 */
async function bindingOf(
  { externalAccountBinding: sent }: Payload,
  { directory, key }: AcmeRequest,
  { clock, database, sealer }: Services,
): Promise<ExternalBinding | undefined> {
  if (sent === undefined || sent === null) return undefined;
  const binding = readExternalBinding(sent, directory.urls.newAccount, key);
  const stored = await findExternalKey(database, directory.name, binding.kid, formatUtc(clock.now()));
  if (stored === undefined) {
    if ((await accountByThumbprint(database, directory.name, key.thumbprint)) !== undefined) return undefined;
    throw unknownExternalAccount();
  }
  const { secret, sealed_with: sealedWith } = stored;
  binding.verify(sealer.open({ secret, sealedWith }, aboutExternalKey(directory.name, binding.kid)));
  return binding;
}

/** Why a key that has no account gets none, or undefined when nothing stands against it. */
function obstacle(
  payload: Payload,
  binding: ExternalBinding | undefined,
  { directory: { options } }: AcmeRequest,
): AcmeProblem | undefined {
  if (payload.onlyReturnExisting === true) {
    return new AcmeProblem('accountDoesNotExist', 'No account has this key.', 'Leave "onlyReturnExisting" out.');
  }
  if (options.termsOfService !== undefined && payload.termsOfServiceAgreed !== true) {
    return userActionRequired(options.termsOfService);
  }
  if (options.externalAccountRequired && binding === undefined) {
    const remedy = 'Ask the operator for an external account key.';
    return new AcmeProblem('externalAccountRequired', 'A new account needs an external account binding here.', remedy);
  }
  return undefined;
}

/**
 * RFC 8555 §7.3, §7.3.1 and §7.3.4: makes the account of a key, or finds it. This is also where an account agrees to terms
 * that have changed since it was made: its updates may not (§7.3.2).
 */
export async function newAccount(request: AcmeRequest, services: Services): Promise<AcmeReply> {
  const { directory, key, nonce } = request;
  const payload = readPayload(payloadSchema, request.payload);
  const contact = readContacts(payload.contact ?? []);
  const binding = await bindingOf(payload, request, services);
  const hindered = obstacle(payload, binding, request);
  const { fresh, key_known, found } = await registerAccount(services.database, {
    nonce: nonce.open,
    directory: directory.name,
    id: newId(services),
    jwk: key.jwk,
    thumbprint: key.thumbprint,
    contact,
    now: formatUtc(services.clock.now()),
    create: hindered === undefined,
    terms: payload.termsOfServiceAgreed === true ? (directory.options.termsOfService ?? null) : null,
    binding: binding === undefined ? null : { kid: binding.kid, jws: binding.jws },
  });
  nonce.admit({ fresh, key_known });
  // Not hindered and not made: somebody else has used the external key up meanwhile.
  if (found === undefined) throw hindered ?? unknownExternalAccount();
  if (found.status !== 'valid') throw accountClosed(found.status);
  services.accountKeys.keep(found.id, key);
  return accountReply(found.created ? 201 : 200, found, directory);
}

import { z } from 'zod';
import { readAccount } from '../../store/read-account.ts';
import { updateAccount } from '../../store/update-account.ts';
import { notFound, unauthorized } from '../problems.ts';
import { isEmptyPayload, readPayload, type AccountRequest, type AcmeReply } from '../request.ts';
import type { Services } from '../services.ts';
import { accountReply } from './account-reply.ts';
import { readContacts } from './contact.ts';

const payloadSchema = z.looseObject({
  contact: z.array(z.string().max(512)).nullish(),
  status: z.string().optional(),
});

/** Null for no change. */
function readContactChange(contact: readonly string[] | null | undefined): readonly string[] | null {
  return contact === null || contact === undefined ? null : readContacts(contact);
}

/** RFC 8555 §7.3.2 and §7.3.6: reads, updates or deactivates the account that asks. */
export async function account(request: AccountRequest, services: Services): Promise<AcmeReply> {
  const { caller, directory, nonce, params } = request;
  if (params['id'] !== caller.accountId) throw unauthorized('This is the URL of another account.');
  const { database } = services;
  const payload = isEmptyPayload(request.payload) ? {} : readPayload(payloadSchema, request.payload);
  // Any other status than this one cannot be asked for, nor can terms be agreed to here (RFC 8555 §7.3.2): both are
  // ignored as unknown members are.
  const status = payload.status === 'deactivated' ? 'deactivated' : null;
  const contact = readContactChange(payload.contact);
  const read = status === null && contact === null;
  const row = nonce.admit(
    read ? await readAccount(database, caller) : await updateAccount(database, caller, { contact, status }),
  );
  if (row.id === null) throw notFound();
  return accountReply(200, row, directory);
}

import { readAccount } from '../../store/read-account.ts';
import { directoryBody } from '../directory-body.ts';
import { malformed } from '../problems.ts';
import { isEmptyPayload, type AccountRequest, type AcmeReply } from '../request.ts';
import type { Services } from '../services.ts';

// RFC 8555 §6.3: directory and newNonce are read by GET, and by POST-as-GET as everything else is.

async function admitReader({ payload, nonce, caller }: AccountRequest, { database }: Services): Promise<void> {
  if (!isEmptyPayload(payload)) throw malformed('This resource is only read.', 'Send an empty payload.');
  nonce.admit(await readAccount(database, caller));
}

/** RFC 8555 §7.1.1. */
export async function signedDirectory(request: AccountRequest, services: Services): Promise<AcmeReply> {
  await admitReader(request, services);
  return { status: 200, body: directoryBody(request.directory) };
}

/** RFC 8555 §7.2: the nonce comes with every answer to a POST. */
export async function signedNewNonce(request: AccountRequest, services: Services): Promise<AcmeReply> {
  await admitReader(request, services);
  return { status: 204 };
}

import type { StoredAccount } from '../../store/account.ts';
import type { AcmeReply } from '../request.ts';
import type { Urls } from '../urls.ts';

/** An account object (RFC 8555 §7.1.2). `orders` is left out because there is no such list yet. */
export function accountReply(status: 200 | 201, account: StoredAccount, urls: Urls): AcmeReply {
  return {
    status,
    headers: { location: urls.account(account.id) },
    body: { status: account.status, ...(account.contact.length === 0 ? {} : { contact: account.contact }) },
  };
}

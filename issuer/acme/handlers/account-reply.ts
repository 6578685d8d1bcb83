import type { StoredAccount } from '../../store/account.ts';
import type { Directory } from '../directory.ts';
import type { AcmeReply } from '../request.ts';

/** An account object (RFC 8555 §7.1.2). */
export function accountReply(status: 200 | 201, account: StoredAccount, { urls, options }: Directory): AcmeReply {
  const { id, contact, terms_agreed, external_binding } = account;
  const agreed = terms_agreed !== null && terms_agreed === options.termsOfService;
  return {
    status,
    headers: { location: urls.account(id) },
    body: {
      status: account.status,
      ...(contact.length === 0 ? {} : { contact }),
      ...(agreed ? { termsOfServiceAgreed: true } : {}),
      ...(external_binding === null ? {} : { externalAccountBinding: external_binding }),
      orders: urls.orders(id),
    },
  };
}

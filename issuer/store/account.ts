import type { Admission, Maybe } from './admission.ts';

export interface StoredAccount {
  readonly id: string;
  readonly status: 'valid' | 'deactivated' | 'revoked';
  readonly contact: readonly string[];
  readonly terms_agreed: string | null;
  /** The external account binding, as the client sent it. */
  readonly external_binding: object | null;
}

/** Columns of {@link StoredAccount} of a row. */
export const accountColumns = 'id, status, contact, terms_agreed, external_binding';
/** The same, where another table has such columns. */
export const qualifiedAccountColumns =
  'accounts.id, accounts.status, accounts.contact, accounts.terms_agreed, accounts.external_binding';

export type AccountRow = Admission & Maybe<StoredAccount>;

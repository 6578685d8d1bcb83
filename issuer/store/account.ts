import type { Admission, Maybe } from './admission.ts';

export interface StoredAccount {
  readonly id: string;
  readonly status: 'valid' | 'deactivated' | 'revoked';
  readonly contact: readonly string[];
}

export type AccountRow = Admission & Maybe<StoredAccount>;

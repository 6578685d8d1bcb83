import { z } from 'zod';
import { formatUtc } from '../../../core/profile/dates.ts';
import { CodedError } from '../../../core/ports/coded-error.ts';
import { fromHex } from '../../../core/ports/hex.ts';
import { revokeSerials } from '../../store/revoke-serials.ts';
import { searchCertificates } from '../../store/search-certificates.ts';
import { adminAct, idSchema, limitSchema, serialSchema, sha256Schema, timeSchema } from '../act.ts';

const filterShape = {
  name: z.string().min(1).max(255).toLowerCase().optional(),
  serial: serialSchema.optional(),
  spki: sha256Schema.optional(),
  account: idSchema.optional(),
  directory: z.string().max(64).optional(),
  issuer: z.string().max(64).optional(),
  issuedFrom: timeSchema.optional(),
  issuedBefore: timeSchema.optional(),
} as const;

/** Certificates by name, serial, key, account, directory, issuing CA and date. */
export const certificates = adminAct({
  summary: 'List certificates',
  input: z.strictObject({ ...filterShape, after: serialSchema.optional(), limit: limitSchema }),
  looks: ({ limit, ...filter }, { database }) => searchCertificates(database, filter, limit),
});

/** What an operator may give: the reasons of RFC 5280 §5.3.1 that hold for a leaf. */
const reasons = [
  'unspecified',
  'keyCompromise',
  'affiliationChanged',
  'superseded',
  'cessationOfOperation',
  'privilegeWithdrawn',
] as const;

const maximumAtOnce = 10_000;

const revocationSchema = z
  .strictObject({
    ...filterShape,
    reason: z.enum(reasons),
    /** Says what would be revoked and revokes nothing. */
    dryRun: z.boolean(),
  })
  .refine((input) => Object.keys(filterShape).some((name) => input[name as keyof typeof filterShape] !== undefined), {
    error: 'nothing says which: every certificate there is would be revoked',
  });

/** Revokes one certificate or all that fit. The same filter with dryRun says before what it would do. */
export const revoke = adminAct({
  summary: 'Revoke certificates',
  input: revocationSchema,
  async does({ reason, dryRun, ...filter }, queries, { clock }) {
    const fitting = await searchCertificates(queries, { ...filter, revoked: false }, maximumAtOnce + 1);
    const found = fitting.filter(({ status }) => status === 'issued');
    if (found.length > maximumAtOnce) {
      throw new CodedError({
        code: 'revoke-too-many',
        message: `More than ${maximumAtOnce} certificates fit; none was revoked.`,
        remedy: 'Narrow it, such as by --issued-from and --issued-before, and revoke in several steps.',
      });
    }
    if (dryRun) return { result: { wouldRevoke: found.length, certificates: found }, record: undefined };
    const serials = found.map(({ serial }) => fromHex(serial));
    const done = await revokeSerials(queries, serials, formatUtc(clock.now()), reason);
    const names = done.map(({ serial }) => serial);
    return {
      result: { revoked: done.length, serials: names },
      record: done.length === 0 ? undefined : { reason, serials: names },
      revoked: [...new Set(done.map(({ issuer }) => issuer))],
    };
  },
});

import { z } from 'zod';
import { canonicalBytes, parseCanonicalJson } from '../journal/canonical.ts';
import { isCoded, type Refusal } from '../ports/coded-error.ts';
import { instantSchema } from '../profile/dates.ts';
import { slugSchema } from './manifest.ts';

/** Longest receipt that is read. */
export const maximumReceiptBytes = 16_384;

/** What an issuer says of the bundle it has loaded, to be carried back into the room. */
export const receiptSchema = z.strictObject({
  'coldroot-receipt': z.literal(1),
  /** Nothing proves who made it: an issuing key signs certificates and CRLs, and a receipt is neither. */
  authenticated: z.literal(false),
  hierarchy: slugSchema,
  rehearsal: z.boolean(),
  epoch: z.int().min(1),
  /** SHA-256 of the bundle's SHA256SUMS. */
  sums: z.string().regex(/^[0-9a-f]{64}$/u),
  /** When the issuer loaded it, and when it wrote this. */
  loaded: instantSchema,
  made: instantSchema,
  /** The issuer's base URL, and the machine that wrote this. */
  issuer: z.string().min(1).max(500),
  replica: z.string().min(1).max(255),
});
export type Receipt = z.infer<typeof receiptSchema>;

/** A receipt as a file: canonical JSON, so that its hash can be compared. */
export function writeReceipt(receipt: Receipt): Uint8Array {
  return canonicalBytes(receipt);
}

/** Reads a receipt as hostile input. */
export function readReceipt(
  bytes: Uint8Array,
): { readonly ok: true; readonly receipt: Receipt } | { readonly ok: false; readonly refusal: Refusal } {
  const refused = (detail: string): ReturnType<typeof readReceipt> => {
    const remedy = 'Have the issuer write it anew (coldroot-issuer receipt), and carry it unchanged.';
    return { ok: false, refusal: { code: 'receipt-malformed', message: `This is no receipt: ${detail}`, remedy } };
  };
  try {
    const parsed = receiptSchema.safeParse(parseCanonicalJson(bytes));
    if (parsed.success) return { ok: true, receipt: parsed.data };
    const [issue] = parsed.error.issues;
    return refused(`${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}.`);
  } catch (error) {
    if (isCoded(error)) return refused(error.message);
    throw error;
  }
}

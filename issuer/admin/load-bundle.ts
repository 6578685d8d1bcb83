import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs';
import type { ApprovalTerms } from '../../core/bundle/approvals.ts';
import type { Bundle } from '../../core/bundle/bundle.ts';
import { certificatesIn } from '../../core/bundle/certificates-in.ts';
import { maximumBundleBytes } from '../../core/bundle/layout.ts';
import { verifyBundle } from '../../core/bundle/verify.ts';
import { nodeDigest, nodeVerifier } from '../../core/node/crypto.ts';
import { toBase64 } from '../../core/ports/base64.ts';
import type { Clock } from '../../core/ports/clock.ts';
import { CodedError } from '../../core/ports/coded-error.ts';
import { formatUtc } from '../../core/profile/dates.ts';
import type { Config } from '../ops/config.ts';
import type { Database, Queries } from '../store/database.ts';
import { appendAudit } from './audit.ts';
import { insertBundle } from '../store/insert-bundle.ts';
import { lastBundle, type StoredBundle } from '../store/last-bundle.ts';
import { lockBundles } from '../store/lock-bundles.ts';
import { upsertIssuer } from '../store/upsert-issuer.ts';

/** What decides whether a bundle is one for this issuer. */
export type BundleTerms = Pick<Config, 'rootFingerprint' | 'hierarchy' | 'mode' | 'approvals'>;

/** Reads a bundle file, bounded. */
export function readBundleFile(file: string): Uint8Array {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(file, 'r');
    const { size } = fstatSync(descriptor);
    // One byte more than allowed is enough for the verification to say so.
    if (size > maximumBundleBytes) return new Uint8Array(maximumBundleBytes + 1);
    return readFileSync(descriptor);
  } catch {
    throw new CodedError({
      code: 'bundle-unreadable',
      message: 'Cannot read the bundle.',
      remedy: 'Give the path of a .coldroot file that this user may read.',
      where: { file },
    });
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

/** A database that served another hierarchy, or rehearsals, is not used for this: its accounts and serials would mix. */
function requireSameHistory(last: StoredBundle | undefined, { hierarchy, mode }: BundleTerms): void {
  if (last === undefined) return;
  if (last.hierarchy === hierarchy && last.rehearsal === (mode === 'rehearsal')) return;
  throw new CodedError({
    code: 'database-of-another-kind',
    message: `The database holds a ${last.rehearsal ? 'rehearsal' : 'production'} of hierarchy "${last.hierarchy}".`,
    remedy: 'Give each hierarchy, and each rehearsal, a database of its own.',
  });
}

function approvalTerms({ quorum, keys }: NonNullable<BundleTerms['approvals']>): ApprovalTerms {
  return keys === undefined ? { quorum } : { quorum, keys };
}

function verified(bytes: Uint8Array, last: StoredBundle | undefined, terms: BundleTerms, clock: Clock): Bundle {
  const { rootFingerprint, hierarchy, mode, approvals } = terms;
  const verdict = verifyBundle(
    bytes,
    {
      rootFingerprint,
      hierarchy,
      now: clock.now(),
      rehearsal: mode === 'rehearsal' ? 'require' : 'refuse',
      ...(approvals === undefined ? {} : { approvals: approvalTerms(approvals) }),
      ...(last === undefined
        ? {}
        : {
            last: {
              epoch: last.epoch,
              sums: last.sums,
              certificates: certificatesIn(last.bytes),
              crlNumbers: new Map(Object.entries(last.crl_numbers).map(([name, number]) => [name, BigInt(number)])),
            },
          }),
    },
    { digest: nodeDigest, verify: nodeVerifier },
  );
  if (verdict.ok) return verdict.bundle;
  throw new CodedError(verdict.refusal);
}

async function storeIssuers(queries: Queries, { manifest, issuers }: Bundle): Promise<void> {
  for (const { entry, certificate, chains } of issuers) {
    const stored = await upsertIssuer(queries, {
      name: entry.name,
      epoch: manifest.epoch,
      certificate: certificate.raw,
      spkiSha256: nodeDigest('sha256', certificate.tbs.spki),
      chains: chains.map((chain) => chain.map(({ raw }) => toBase64(raw))),
    });
    if (stored) continue;
    throw new CodedError({
      code: 'issuer-key-changed',
      message: `The issuing CA "${entry.name}" had another key in a bundle that was loaded before.`,
      remedy: 'A new key gets a new name in the plan. Find out which ceremony this bundle is from.',
    });
  }
}

async function store(queries: Queries, bundle: Bundle, bytes: Uint8Array, clock: Clock): Promise<boolean> {
  const { manifest, sums, crls } = bundle;
  const { epoch, hierarchy, rehearsal } = manifest;
  const crl_numbers = Object.fromEntries(crls.map(({ issuer, number }) => [issuer, number.toString()]));
  const isNew = await insertBundle(
    queries,
    { epoch, hierarchy, rehearsal, sums, bytes, crl_numbers },
    formatUtc(clock.now()),
  );
  if (isNew) await storeIssuers(queries, bundle);
  if (isNew) await appendAudit(queries, clock, 'bundle', { epoch, hierarchy, sums });
  return isNew;
}

/**
 * Verifies a bundle against the pinned root and everything loaded before, and stores it, all or nothing. The same bundle
 * again is fine. Refusals are thrown with the bundle's own codes.
 */
export async function loadBundle(
  database: Database,
  bytes: Uint8Array,
  terms: BundleTerms,
  clock: Clock,
): Promise<{ readonly bundle: Bundle; readonly isNew: boolean }> {
  return database.transaction(async (queries) => {
    await lockBundles(queries);
    const last = await lastBundle(queries);
    requireSameHistory(last, terms);
    const bundle = verified(bytes, last, terms, clock);
    return { bundle, isNew: await store(queries, bundle, bytes, clock) };
  });
}

/** The bundle loaded last, verified anew: the database is not trusted with what the root's signature says. */
export async function reloadBundle(database: Database, terms: BundleTerms, clock: Clock): Promise<Bundle> {
  const last = await lastBundle(database);
  requireSameHistory(last, terms);
  if (last !== undefined) return verified(last.bytes, last, terms, clock);
  throw new CodedError({
    code: 'bundle-none',
    message: 'No bundle has been loaded and the configuration names none.',
    remedy: 'Run "coldroot-issuer load --config FILE BUNDLE", or name the bundle in the configuration.',
  });
}

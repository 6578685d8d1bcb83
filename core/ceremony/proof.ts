import type { Bundle } from '../bundle/bundle.ts';
import { transcriptFile } from '../bundle/layout.ts';
import { readTranscript } from '../bundle/transcript.ts';
import { canonicalJson } from '../journal/canonical.ts';
import { fromBase64 } from '../ports/base64.ts';
import { equalBytes } from '../ports/bytes.ts';
import type { Refusal } from '../ports/coded-error.ts';
import type { Digest } from '../ports/digest.ts';
import { toHex } from '../ports/hex.ts';
import type { JournalRecord } from '../ports/journal.ts';
import type { Json } from '../ports/json.ts';
import { formatUtc, parseUtc } from '../profile/dates.ts';
import { manifestOf } from './manifest-of.ts';
import { replay } from './replay.ts';
import type { CeremonyState } from './state.ts';

export type Proof =
  | { readonly ok: true; readonly state: CeremonyState; readonly records: readonly JournalRecord[] }
  | { readonly ok: false; readonly refusal: Refusal };

function refuse(code: string, message: string): Proof {
  const remedy = 'Do not believe this bundle. Compare it with the copy that the ceremony kept, and with its minutes.';
  return { ok: false, refusal: { code, message, remedy } };
}

/** What the transcript and the manifest say differently, or undefined. */
function difference(state: CeremonyState, bundle: Bundle, digest: Digest): string | undefined {
  const { manifest } = bundle;
  const facts = {
    created: parseUtc(manifest.created) ?? 0,
    expires: parseUtc(manifest.expires) ?? 0,
    journal: manifest.journal,
  };
  const told = manifestOf(state, facts, digest) as Record<string, unknown>;
  const signed: Record<string, unknown> = manifest;
  const text = (value: unknown): string => canonicalJson({ value: (value ?? null) as Json });
  return [...new Set([...Object.keys(told), ...Object.keys(signed)])].find(
    (key) => text(told[key]) !== text(signed[key]),
  );
}

/** A CRL that is in only one of the two, or another in each: the manifest names their numbers and no more. */
function otherCrl({ crls }: CeremonyState, bundle: Bundle): string | undefined {
  return bundle.crls.find(({ issuer, crl }) => !equalBytes(fromBase64(crls[issuer]?.der ?? ''), crl.raw))?.issuer;
}

/**
 * Whether a bundle whose seal was verified is what its own transcript leads to: the records are one unbroken chain, every
 * one of them can follow the one before, all acts before the export were done, and from the state they lead to follow the
 * manifest, every certificate and every CRL, byte for byte. Whoever stole the signer's key can sign other files, but has
 * to invent a ceremony for them.
 */
export function proveBundle(bundle: Bundle, digest: Digest): Proof {
  const records = readTranscript(bundle.files.get(transcriptFile) ?? new Uint8Array(), digest);
  if (records === undefined) return refuse('journal-chain-broken', 'The transcript in the bundle is broken.');
  const replayed = replay(records, digest);
  if (!replayed.ok) return replayed;
  const { state } = replayed;
  const { acts } = state.beginning.plan;
  if (state.index !== acts.length - 1 || acts[state.index]?.do !== 'export-bundle') {
    const done = `${state.completed.length} of ${acts.length}`;
    return refuse('proof-unfinished', `The transcript ends before the export: ${done} acts were done.`);
  }
  if (formatUtc(state.at) > bundle.manifest.created) {
    return refuse('proof-late', `The transcript goes on until ${formatUtc(state.at)}, after the bundle was made.`);
  }
  const differing = difference(state, bundle, digest);
  if (differing !== undefined) {
    return refuse(
      'proof-artefacts',
      `What the transcript leads to is not what is in the bundle: "${differing}" differs.`,
    );
  }
  const crl = otherCrl(state, bundle);
  if (crl !== undefined) {
    return refuse(
      'proof-artefacts',
      `What the transcript leads to is not what is in the bundle: the CRL of ${crl} differs.`,
    );
  }
  return { ok: true, state, records };
}

/** What the proof says, in words. */
export function proofLines({ manifest, root, sums }: Bundle, digest: Digest): readonly string[] {
  const { signers } = manifest;
  return [
    `sealed ${manifest.created} by ${signers.map(({ name }) => name).join(' or ')}, whom the pinned root certified`,
    `root SHA-256 ${toHex(digest('sha256', root.raw)).toUpperCase()}`,
    `SHA256SUMS ${sums}`,
    `PROVEN: seal, chain and replay; the manifest, every certificate and every CRL follow from the transcript`,
  ];
}

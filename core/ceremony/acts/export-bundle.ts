import { z } from 'zod';
import { buildBundle, type BundleParts } from '../../bundle/build.ts';
import { slugSchema } from '../../bundle/manifest.ts';
import type { Bundle } from '../../bundle/bundle.ts';
import { verifyBundle } from '../../bundle/verify.ts';
import { canonicalJson } from '../../journal/canonical.ts';
import type { Json } from '../../ports/json.ts';
import { maximumBundleBytes, signatureFile, sumsFile } from '../../bundle/layout.ts';
import { readTar } from '../../bundle/tar.ts';
import { writeTranscript } from '../../bundle/transcript.ts';
import { fromBase64 } from '../../ports/base64.ts';
import { equalBytes, utf8 } from '../../ports/bytes.ts';
import { formatRefusal } from '../../ports/coded-error.ts';
import { fromHex, toHex } from '../../ports/hex.ts';
import { formatUtc } from '../../profile/dates.ts';
import { addDuration, durationSchema, parseDuration } from '../../profile/duration.ts';
import type { Certificate } from '../../x509/certificate.ts';
import { toPem } from '../../x509/pem.ts';
import { defineAct, type ActPorts } from '../act.ts';
import { ceremonyError, impossible } from '../ceremony-error.ts';
import { confirmWord, digestFacts, fact } from '../facts.ts';
import { readersOf } from '../issuing.ts';
import { certificateNamed, keyNamed, tokenOfKey } from '../lookup.ts';
import { certificatePath, crlPath, earliestCrlLapse, manifestOf, type ExportFacts } from '../manifest-of.ts';
import { actBase, type Plan } from '../plan-types.ts';
import { reportHtml } from '../report.ts';
import type { CeremonyState } from '../state.ts';

const config = z.strictObject({
  do: z.literal('export-bundle'),
  /** Key name of the bundle signer; may be left out where the plan has only one. */
  signer: slugSchema.optional(),
  /** How long the bundle may be loaded; as long as its CRLs where nothing is said. */
  valid: durationSchema.optional(),
  ...actBase,
});
type Config = z.infer<typeof config>;

const hash = z.string().regex(/^[0-9a-f]{64}$/u);
const intent = z.strictObject({
  created: z.int().min(0),
  expires: z.int().min(0),
  /** How many journal records the transcript holds, and the hash of the last. */
  records: z.int().min(1),
  journal: hash,
  file: z.string().max(100),
});
type Intent = z.infer<typeof intent>;

const outcome = z.strictObject({
  file: z.string().max(100),
  sha256: hash,
  sums: hash,
  epoch: z.int().min(1),
  bytes: z.int().min(1),
  readers: z.array(z.string().max(100)).min(1),
});

/** Names of bundle signers a plan makes. */
function bundleSigners(plan: Plan): readonly string[] {
  return plan.acts.flatMap((act) => {
    const own = act as { readonly 'subject-key'?: string };
    return act.do === 'issue-bundle-signer' && own['subject-key'] !== undefined ? [own['subject-key']] : [];
  });
}

/** The signer: the one the act names, or the only one the plan makes. `plan-export-signer` where neither is so. */
function signerOf(own: Config, plan: Plan): string {
  if (own.signer !== undefined) return own.signer;
  const [only, another] = bundleSigners(plan);
  if (only !== undefined && another === undefined) return only;
  throw ceremonyError(
    'plan-export-signer',
    only === undefined
      ? 'The plan makes no bundle signer and the export names none.'
      : 'There are several bundle signers.',
    'Name one in the act: { do: export-bundle, signer: NAME }.',
  );
}

function signerName(own: Config, state: CeremonyState): string {
  const name = signerOf(own, state.beginning.plan);
  if (state.certificates[name]?.type === 'bundle-signer') return name;
  const remedy = 'Name the key of a bundle signer: coldroot bundle show says which the previous bundle has.';
  throw ceremonyError('export-signer', `The certificate of "${name}" is not one for signing bundles.`, remedy);
}

function rootNameOf(state: CeremonyState, signer: string): string {
  const issuer = state.certificates[signer]?.issuedBy;
  if (issuer === undefined) throw impossible(`The certificate of ${signer} is not known`);
  return issuer;
}

function prepare(own: Config, state: CeremonyState, ports: ActPorts): Promise<Intent> {
  signerName(own, state);
  const created = ports.clock.now();
  const lapse = earliestCrlLapse(state);
  const length = own.valid === undefined ? undefined : parseDuration(own.valid);
  const expires = length === undefined ? lapse : addDuration(created, length);
  if (expires === undefined) {
    const remedy = 'Issue a CRL before the export, or say how long the bundle is valid.';
    throw ceremonyError('export-expiry', 'Nothing says how long the bundle is valid.', remedy);
  }
  if (lapse !== undefined && expires > lapse) {
    throw ceremonyError(
      'export-outlives-crl',
      `The bundle would be valid until ${formatUtc(expires)}, but a CRL in it lapses ${formatUtc(lapse)}.`,
      'Shorten the bundle’s validity or issue a longer CRL.',
    );
  }
  const records = ports.records();
  const journal = records.at(-1)?.hash ?? '';
  const { hierarchy } = state.beginning.plan;
  const epoch = (state.beginning.previous?.epoch ?? 0) + 1;
  const mark = state.beginning.rehearsal ? '-rehearsal' : '';
  return Promise.resolve({
    created,
    expires,
    records: records.length,
    journal,
    file: `${hierarchy}-${epoch}${mark}.coldroot`,
  });
}

/**
 * What the report tells: what the transcript beside it tells and no more. Whatever came up later is in the journal, and a
 * bundle that is signed again after an interruption is the same bundle.
 */
function toldIn(own: Intent, state: CeremonyState, ports: ActPorts): CeremonyState {
  const kinds = ports
    .records()
    .slice(0, own.records)
    .map(({ kind }) => kind);
  const count = (...of: string[]): number => kinds.filter((kind) => of.includes(kind)).length;
  return {
    ...state,
    resumptions: count('resume'),
    deviations: state.deviations.slice(0, count('deviation', 'resume')),
    pauses: state.pauses.slice(0, count('pause')),
  };
}

function partsOf(own: Intent, state: CeremonyState, ports: ActPorts): BundleParts {
  const facts: ExportFacts = own;
  const certificates = Object.entries(state.certificates).map(
    ([name, { der }]) => [certificatePath(name), fromBase64(der)] as const,
  );
  const crls = Object.entries(state.crls).map(([issuer, { der }]) => [crlPath(issuer), fromBase64(der)] as const);
  return {
    manifest: manifestOf(state, facts, ports.digest),
    certificates: new Map(certificates),
    crls: new Map(crls),
    plan: utf8(state.beginning.planText),
    transcript: writeTranscript(ports.records().slice(0, own.records)),
    report: utf8(reportHtml(toldIn(own, state, ports), own.created)),
  };
}

async function signBundle(own: Config, made: Intent, state: CeremonyState, ports: ActPorts): Promise<Uint8Array> {
  const signer = signerName(own, state);
  const token = await ports.token(tokenOfKey(state, signer));
  const { spki, id } = keyNamed(state, signer);
  const selector = { spki: fromBase64(spki), ...(id === undefined ? {} : { id: fromHex(id) }) };
  const certificate = certificateNamed(state, signer);
  return buildBundle(
    partsOf(made, state, ports),
    { certificate, sign: (algorithm, message) => token.sign(selector, algorithm, message) },
    made.created,
    ports.digest,
  );
}

/** A bundle found on the medium may be a good one of another ceremony: only the one that was meant goes on from here. */
function requireOurs(bundle: Bundle, made: Intent, state: CeremonyState, ports: ActPorts): void {
  const meant = canonicalJson(manifestOf(state, made, ports.digest) as Json);
  if (canonicalJson(bundle.manifest as Json) === meant) return;
  throw ceremonyError(
    'media-exists',
    `There is another bundle named ${made.file} already.`,
    'Find out where it is from and move it away.',
  );
}

/** Fingerprints by which the root may be pinned: of each of its certificates, where it was renewed. */
function fingerprintsOf(root: Certificate, state: CeremonyState, { digest }: ActPorts): readonly string[] {
  const anchors = Object.entries(state.certificates)
    .filter(([, { type }]) => type === 'root')
    .map(([name]) => certificateNamed(state, name))
    .filter(({ tbs }) => equalBytes(tbs.spki, root.tbs.spki) && equalBytes(tbs.subject, root.tbs.subject));
  return anchors.map(({ raw }) => toHex(digest('sha256', raw)));
}

/** Reads the finished bundle as every issuer will: if one of them would refuse it, it never leaves the room. */
function checkBundle(archive: Uint8Array, own: Config, made: Intent, state: CeremonyState, ports: ActPorts): string {
  const root = certificateNamed(state, rootNameOf(state, signerName(own, state)));
  const { rehearsal, previous, plan } = state.beginning;
  const expect = {
    now: ports.clock.now(),
    rehearsal: rehearsal ? 'require' : 'refuse',
    hierarchy: plan.hierarchy,
    ...(previous === null ? {} : { last: previous }),
  } as const;
  let sums = '';
  for (const rootFingerprint of fingerprintsOf(root, state, ports)) {
    const verdict = verifyBundle(archive, { ...expect, rootFingerprint }, ports);
    if (!verdict.ok) {
      throw ceremonyError(
        'export-refused',
        `The bundle would be refused by its loader: ${formatRefusal(verdict.refusal)}`,
        'Stop, keep the journal, and report this.',
      );
    }
    requireOurs(verdict.bundle, made, state, ports);
    ({ sums } = verdict.bundle);
  }
  return sums;
}

async function perform(
  own: Config,
  made: Intent,
  state: CeremonyState,
  ports: ActPorts,
): Promise<z.infer<typeof outcome>> {
  const path = ports.output(made.file);
  // After a crash the file may already be there, whole and signed: a second one with other signatures would differ.
  const archive = (await existing(path, made, ports)) ?? (await signBundle(own, made, state, ports));
  const sums = checkBundle(archive, own, made, state, ports);
  const readers = await signatureReaders(archive, own, state, ports);
  await ports.media.write(path, archive);
  const back = await ports.media.read(path, maximumBundleBytes);
  if (!equalBytes(back, archive)) {
    const remedy = 'The medium is bad: use another one.';
    throw ceremonyError('media-differs', `What was read back from ${path} is not what was written.`, remedy);
  }
  await writeArtefacts(state, ports);
  const epoch = (state.beginning.previous?.epoch ?? 0) + 1;
  const sha256 = toHex(ports.digest('sha256', archive));
  return { file: made.file, sha256, sums, epoch, bytes: archive.length, readers };
}

/** Has the other implementations read and verify the signature over the list of files. */
function signatureReaders(archive: Uint8Array, own: Config, state: CeremonyState, ports: ActPorts): Promise<string[]> {
  const tar = readTar(archive);
  if (!tar.ok) throw impossible('The bundle is not an archive');
  const root = certificateNamed(state, rootNameOf(state, signerName(own, state)));
  const der = tar.files.get(signatureFile) ?? new Uint8Array();
  const content = tar.files.get(sumsFile) ?? new Uint8Array();
  return readersOf({ kind: 'signature', der, content, issuer: root.raw }, ports);
}

async function existing(path: string, made: Intent, ports: ActPorts): Promise<Uint8Array | undefined> {
  let bytes;
  try {
    bytes = await ports.media.read(path, maximumBundleBytes);
  } catch {
    return undefined;
  }
  const tar = readTar(bytes);
  return tar.ok && tar.mtime === made.created && tar.files.has(sumsFile) ? bytes : undefined;
}

/** The certificates and CRLs once more as plain files, for people who want to look at one. */
async function writeArtefacts(state: CeremonyState, ports: ActPorts): Promise<void> {
  for (const [name, { der }] of Object.entries(state.certificates)) {
    await ports.media.write(ports.output(`${name}.pem`), utf8(toPem('CERTIFICATE', fromBase64(der))));
  }
  for (const [issuer, { der }] of Object.entries(state.crls)) {
    await ports.media.write(ports.output(`${issuer}.crl.pem`), utf8(toPem('X509 CRL', fromBase64(der))));
  }
}

/** Signs everything public the hierarchy has into one file, reads it as its loader will, and writes it out. */
export const exportBundle = defineAct({
  name: 'export-bundle',
  config,
  intent,
  outcome,
  references: (own, plan) => {
    const named = own.signer === undefined ? bundleSigners(plan).slice(0, 1) : [own.signer];
    return { signsWith: named, usesCertificates: named };
  },
  describe: () => ({
    headline: 'Export the signed bundle',
    why: 'It carries public data only: certificates, CRLs, the plan and this transcript. The issuer loads nothing else.',
    onToken: 'Signs twice with the bundle signer.',
  }),
  questions: () => [],
  prepare,
  confirmations: (own, made, state) =>
    confirmWord(own, 'EXPORT', 'Sign and write the bundle?', [
      fact('file', made.file),
      fact('created', formatUtc(made.created)),
      fact('valid until', formatUtc(made.expires)),
      fact('certificates', Object.keys(state.certificates).join(', ')),
      fact(
        'CRLs',
        Object.entries(state.crls)
          .map(([issuer, { number }]) => `${issuer} number ${number}`)
          .join(', '),
      ),
    ]),
  perform,
  apply: (_, __, { file, sha256, sums, epoch }) => ({ bundle: { file, sha256, sums, epoch } }),
  summary: (_, __, { file, sha256, epoch, bytes, readers }) => [
    fact('bundle', `${file}, epoch ${epoch}, ${bytes} bytes`),
    ...digestFacts('bundle SHA-256', sha256),
    fact('signature also verified by', readers.join(', ')),
  ],
});

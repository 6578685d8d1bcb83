import { z } from 'zod';
import { slugSchema } from '../../bundle/manifest.ts';
import { equalBytes } from '../../ports/bytes.ts';
import { toHex } from '../../ports/hex.ts';
import { formatUtc, instantSchema, parseUtc } from '../../profile/dates.ts';
import { maximumCertificateBytes, readCertificate, type Certificate } from '../../x509/certificate.ts';
import { formatName } from '../../x509/name.ts';
import { formatSerial } from '../../x509/serial.ts';
import { defineAct, type ActPorts } from '../act.ts';
import { ceremonyError } from '../ceremony-error.ts';
import { confirmWord, digestFacts, fact } from '../facts.ts';
import { derOfFile } from '../file-input.ts';
import { certificateNamed, crlOf } from '../lookup.ts';
import { actBase } from '../plan-types.ts';
import type { Fact } from '../prompt.ts';
import { revocationSchema, type CeremonyState } from '../state.ts';

const config = z
  .strictObject({
    do: z.literal('revoke'),
    /** Key name of the CA that issued it. */
    issuer: slugSchema,
    /** A certificate of the previous bundle, by its name… */
    certificate: slugSchema.optional(),
    /** …or a file, by the name the binding gives it: of a certificate that is in no bundle any more. */
    file: slugSchema.optional(),
    reason: revocationSchema.shape.reason,
    /** When it was revoked; `now` is when the act is prepared. */
    at: z.union([z.literal('now'), instantSchema]).default('now'),
    ...actBase,
  })
  .refine((own) => (own.certificate === undefined) !== (own.file === undefined), {
    message: 'give either "certificate" or "file"',
  });
type Config = z.infer<typeof config>;

const intent = revocationSchema.extend({
  subject: z.string().max(2000),
  sha256: z.string().regex(/^[0-9a-f]{64}$/u),
  /** SHA-256 of its public key. */
  spki: z.string().regex(/^[0-9a-f]{64}$/u),
});
type Intent = z.infer<typeof intent>;

async function certificateOf(own: Config, state: CeremonyState, ports: ActPorts): Promise<Certificate> {
  if (own.file === undefined) return certificateNamed(state, own.certificate ?? '');
  const certificate = readCertificate(await derOfFile(own.file, maximumCertificateBytes, state, ports));
  const held = Object.keys(state.certificates).find((name) =>
    equalBytes(certificateNamed(state, name).raw, certificate.raw),
  );
  if (held === undefined) return certificate;
  throw ceremonyError(
    'revoke-in-bundle',
    `The certificate in the file is in the bundle, as "${held}": it would stay there.`,
    `Revoke it by its name: certificate: ${held}.`,
  );
}

/** Only its issuer can revoke a certificate: the name is compared, and the signature verified with the CA's key. */
function requireIssuedBy(
  { tbs, signatureAlgorithm, signature }: Certificate,
  issuer: Certificate,
  ports: ActPorts,
): void {
  const named = equalBytes(tbs.issuer, issuer.tbs.subject) && !equalBytes(tbs.subject, tbs.issuer);
  if (named && ports.verify(issuer.tbs.spki, signatureAlgorithm, tbs.raw, signature)) return;
  throw ceremonyError(
    'revoke-other-issuer',
    `The certificate of ${formatName(tbs.subject)} was not issued by ${formatName(issuer.tbs.subject)}.`,
    'Name the CA that issued it, or the right certificate: last year’s file has the same name as this year’s.',
  );
}

function requireNewEntry(serial: Uint8Array, { issuer }: Config, state: CeremonyState): void {
  const listed = (crlOf(state, issuer)?.tbs.entries ?? []).map((entry) => formatSerial(entry.serial));
  const pending = (state.revocations[issuer] ?? []).map((entry) => entry.serial);
  if (![...listed, ...pending].includes(formatSerial(serial))) return;
  throw ceremonyError(
    'revoke-already',
    `The certificate ${formatSerial(serial)} is revoked already.`,
    'Take the act out of the plan: an entry keeps its first date and reason (RFC 5280 §5.1.2.6).',
  );
}

/** What stands below a CA would be certified by nobody: it must be revoked, or have another issuer, first. */
function requireNothingBelow({ certificate }: Config, state: CeremonyState): void {
  const below = Object.entries(state.certificates).filter(
    ([name, { issuedBy }]) => name !== certificate && issuedBy === certificate,
  );
  if (below.length === 0) return;
  throw ceremonyError(
    'revoke-has-children',
    `"${certificate ?? ''}" issued what is still in the bundle: ${below.map(([name]) => name).join(', ')}.`,
    'Revoke those before it, in the same plan.',
  );
}

function revokedAt({ at }: Config, { tbs }: Certificate, now: number): number {
  const time = at === 'now' ? now : (parseUtc(at) ?? 0);
  if (time <= now && time >= tbs.notBefore) return time;
  throw ceremonyError(
    'revoke-date',
    time > now
      ? `The revocation is dated ${formatUtc(time)}, and it is ${formatUtc(now)}.`
      : `The revocation is dated ${formatUtc(time)}, before the certificate was valid (${formatUtc(tbs.notBefore)}).`,
    'Correct the year, or leave the date out: then it is the time of the act.',
  );
}

async function prepare(own: Config, state: CeremonyState, ports: ActPorts): Promise<Intent> {
  const certificate = await certificateOf(own, state, ports);
  const { tbs, raw } = certificate;
  requireIssuedBy(certificate, certificateNamed(state, own.issuer), ports);
  requireNewEntry(tbs.serial, own, state);
  requireNothingBelow(own, state);
  return {
    serial: formatSerial(tbs.serial),
    revokedAt: revokedAt(own, certificate, ports.clock.now()),
    reason: own.reason,
    subject: formatName(tbs.subject),
    sha256: toHex(ports.digest('sha256', raw)),
    spki: toHex(ports.digest('sha256', tbs.spki)),
  };
}

function shown({ subject, serial, reason, revokedAt: at, sha256 }: Intent): readonly Fact[] {
  return [
    fact('subject', subject),
    fact('serial', serial),
    fact('reason', reason),
    fact('revoked at', formatUtc(at)),
    ...digestFacts('SHA-256 fingerprint', sha256),
  ];
}

/** Reasons that say something of the key, and not of the certificate alone. */
const saysCompromised: ReadonlySet<string> = new Set(['keyCompromise', 'cACompromise']);

/** A certificate that must not be trusted any more. It counts with the next CRL of its issuer, and leaves the bundle now. */
export const revoke = defineAct({
  name: 'revoke',
  config,
  intent,
  outcome: z.strictObject({}),
  references: ({ issuer, certificate, file }) => ({
    usesCertificates: certificate === undefined ? [issuer] : [issuer, certificate],
    revokes: { issuer, ...(certificate === undefined ? {} : { certificate }) },
    ...(file === undefined ? {} : { files: [file] }),
  }),
  describe: ({ certificate, file = '', issuer, reason }) => ({
    headline: `Revoke the certificate "${certificate ?? file}" of "${issuer}": ${reason}`,
    why: 'The next CRL of its issuer lists it for ever: there is no way back. The bundle carries it no longer.',
    onToken: '',
  }),
  questions: () => [],
  prepare,
  confirmations: (own, made) => confirmWord(own, 'REVOKE', 'This certificate will be revoked for good.', shown(made)),
  perform: () => Promise.resolve({}),
  apply: ({ issuer, certificate }, { serial, revokedAt: at, reason, spki }, _, state) => {
    const { revocations, certificates, crls } = state;
    // A revoked CA’s own CRL goes with it: nobody believes either of them any more.
    const without = <T>(table: Readonly<Record<string, T>>): Record<string, T> =>
      Object.fromEntries(Object.entries(table).filter(([name]) => name !== certificate));
    const pending = [...(revocations[issuer] ?? []), { serial, revokedAt: at, reason }];
    return {
      revocations: { ...revocations, [issuer]: pending },
      certificates: without(certificates),
      crls: without(crls),
      compromised: saysCompromised.has(reason) ? [...new Set([...state.compromised, spki])] : state.compromised,
    };
  },
  summary: (_, made) => shown(made),
});

import { z } from 'zod';
import { slugSchema } from '../../bundle/manifest.ts';
import { fromBase64 } from '../../ports/base64.ts';
import { toHex } from '../../ports/hex.ts';
import { formatName } from '../../x509/name.ts';
import { defineAct, type ActPorts } from '../act.ts';
import { confirmWord, digestFacts, fact } from '../facts.ts';
import { certificateNamed, keyNamed } from '../lookup.ts';
import { actBase } from '../plan-types.ts';
import type { Fact } from '../prompt.ts';
import type { CeremonyState } from '../state.ts';

const config = z.strictObject({
  do: z.literal('read-aloud'),
  /** The certificate whose fingerprint is read, by its key's name; */
  certificate: slugSchema.optional(),
  /** or the key whose public half is, where it has no certificate. */
  key: slugSchema.optional(),
  ...actBase,
});
type Config = z.infer<typeof config>;

const intent = z.strictObject({
  /** Whose hash it is, in words. */
  of: z.string().max(2000),
  sha256: z.string().regex(/^[0-9a-f]{64}$/u),
});
type Intent = z.infer<typeof intent>;

function prepare({ certificate, key }: Config, state: CeremonyState, ports: ActPorts): Promise<Intent> {
  const sha256 = (bytes: Uint8Array): string => toHex(ports.digest('sha256', bytes));
  if (certificate !== undefined) {
    const { raw, tbs } = certificateNamed(state, certificate);
    return Promise.resolve({ of: formatName(tbs.subject), sha256: sha256(raw) });
  }
  const { spki, algorithm } = keyNamed(state, key ?? '');
  return Promise.resolve({ of: `the public key of "${key ?? ''}" (${algorithm})`, sha256: sha256(fromBase64(spki)) });
}

function shown({ certificate }: Config, { of, sha256 }: Intent): readonly Fact[] {
  const label = certificate === undefined ? 'public key (SPKI) SHA-256' : 'SHA-256 fingerprint';
  return [fact('of', of), ...digestFacts(label, sha256)];
}

/** A hash that people outside will pin, or that comes up again later, is read aloud, written down, and heard by all. */
export const readAloud = defineAct({
  name: 'read-aloud',
  config,
  intent,
  outcome: z.strictObject({}),
  references: ({ certificate, key }) => ({
    ...(certificate === undefined ? {} : { usesCertificates: [certificate] }),
    ...(key === undefined ? {} : { namesKey: key }),
  }),
  faults: ({ certificate, key }) =>
    (certificate === undefined) === (key === undefined)
      ? [['plan-read-aloud-what', 'read-aloud names a certificate or a key: one of the two']]
      : [],
  describe: ({ certificate, key }) => ({
    headline: `Read aloud the SHA-256 of ${certificate === undefined ? 'the key' : 'the certificate'} "${certificate ?? key ?? ''}"`,
    why: 'Later it is compared with what was heard and written down here: in other ceremonies, and wherever it is pinned.',
    onToken: '',
  }),
  questions: () => [],
  prepare,
  confirmations: (own, made) =>
    confirmWord(own, 'HEARD', 'Read the words aloud; somebody writes them into the minutes.', shown(own, made)),
  perform: () => Promise.resolve({}),
  apply: () => ({}),
  summary: (own, made) => shown(own, made),
});

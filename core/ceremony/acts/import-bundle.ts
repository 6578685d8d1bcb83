import { z } from 'zod';
import type { Bundle } from '../../bundle/bundle.ts';
import { maximumBundleBytes } from '../../bundle/layout.ts';
import { CodedError } from '../../ports/coded-error.ts';
import { toHex } from '../../ports/hex.ts';
import { formatUtc } from '../../profile/dates.ts';
import { formatName } from '../../x509/name.ts';
import { defineAct, type ActPorts } from '../act.ts';
import { ceremonyError, impossible } from '../ceremony-error.ts';
import { changesOf } from '../changes.ts';
import { confirmWord, digestFacts, fact } from '../facts.ts';
import { actBase } from '../plan-types.ts';
import { verifyPrevious } from '../previous.ts';
import type { Fact } from '../prompt.ts';
import type { CeremonyState } from '../state.ts';

const config = z.strictObject({ do: z.literal('import-bundle'), ...actBase });

const intent = z.strictObject({
  epoch: z.int().min(1),
  /** SHA-256 of the file: what was read aloud when it was exported. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/u),
  created: z.string().max(40),
  expires: z.string().max(40),
  lines: z.array(z.strictObject({ label: z.string().max(100), value: z.string().max(2500) })).max(600),
});
type Intent = z.infer<typeof intent>;

/** The bundle again, from its medium: it is the one the ceremony began with, or somebody exchanged it. */
async function read(state: CeremonyState, ports: ActPorts): Promise<{ bundle: Bundle; sha256: string }> {
  const named = ports.previous();
  const { previous, rehearsal, plan } = state.beginning;
  if (named === undefined || previous === null) throw impossible('There is no previous bundle');
  const archive = await ports.media.read(named.bundle, maximumBundleBytes);
  const expect = { root: named.root, now: ports.clock.now(), rehearsal, hierarchy: plan.hierarchy };
  const verdict = verifyPrevious(archive, expect, ports);
  if (!verdict.ok) throw new CodedError(verdict.refusal);
  if (verdict.bundle.sums === previous.sums) {
    return { bundle: verdict.bundle, sha256: toHex(ports.digest('sha256', archive)) };
  }
  throw ceremonyError(
    'media-changed',
    'The previous bundle is not the one this ceremony began with.',
    'Stop. Find out who exchanged the medium or wrote on it.',
  );
}

function linesOf(bundle: Bundle, ports: ActPorts): Intent['lines'] {
  const now = ports.clock.now();
  const since = (end: number): string => `${formatUtc(end)}${end < now ? ', which is past' : ''}`;
  const certificates = [...bundle.certificates].map(([name, { tbs }]) =>
    fact(`certificate ${name}`, `${formatName(tbs.subject)}, until ${since(tbs.notAfter)}`),
  );
  const crls = bundle.crls.map(({ issuer, number, crl }) =>
    fact(`CRL of ${issuer}`, `number ${number}, until ${since(crl.tbs.nextUpdate ?? 0)}`),
  );
  const changed = changesOf(bundle, ports.digest);
  return [
    ...certificates,
    ...crls,
    fact('the last ceremony changed', changed.slice(0, 20).join('; ') || 'nothing but the bundle'),
  ].map(({ label, value }) => ({ label, value: value.slice(0, 2500) }));
}

async function prepare(_: unknown, state: CeremonyState, ports: ActPorts): Promise<Intent> {
  const { bundle, sha256 } = await read(state, ports);
  const { epoch, created, expires } = bundle.manifest;
  return { epoch, sha256, created, expires, lines: linesOf(bundle, ports) };
}

function shown({ epoch, sha256, created, expires, lines }: Intent): readonly Fact[] {
  return [
    fact('epoch', `${epoch}; the bundle of this ceremony will be ${epoch + 1}`),
    fact('made', `${created}, to be loaded until ${expires}`),
    ...lines,
    ...digestFacts('bundle SHA-256', sha256),
  ];
}

/** The state the last ceremony left, before the eyes of those who go on from it. */
export const importBundle = defineAct({
  name: 'import-bundle',
  config,
  intent,
  outcome: z.strictObject({}),
  references: () => ({}),
  describe: () => ({
    headline: 'Take in the bundle that the last ceremony left',
    why: 'This ceremony goes on from it. Its hash is the one that was read aloud at the end of the last: compare it with the minutes.',
    onToken: '',
  }),
  questions: () => [],
  prepare,
  confirmations: (own, made) =>
    confirmWord(
      own,
      'SAME',
      'Compare the words with the minutes of the last ceremony, and the list with what you know.',
      shown(made),
    ),
  perform: async (_, { sha256 }, state, ports) => {
    if ((await read(state, ports)).sha256 === sha256) return {};
    const remedy = 'Stop. Find out who exchanged the medium or wrote on it.';
    throw ceremonyError('media-changed', 'The previous bundle is not the file that was confirmed.', remedy);
  },
  apply: () => ({}),
  summary: (_, made) => shown(made),
});

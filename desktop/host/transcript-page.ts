import { CodedError } from '../../core/ports/coded-error.ts';
import type { CeremonyPorts } from '../../core/ceremony/ports.ts';
import { digestFacts } from '../../core/ceremony/facts.ts';
import { crlsMadeHere, madeHere } from '../../core/ceremony/made.ts';
import type { Fact } from '../../core/ceremony/prompt.ts';
import type { CeremonyState } from '../../core/ceremony/state.ts';
import { fromBase64 } from '../../core/ports/base64.ts';
import type { Digest } from '../../core/ports/digest.ts';
import { toHex } from '../../core/ports/hex.ts';
import { reportHeading } from '../../core/ceremony/report.ts';
import { view } from '../../core/ceremony/view.ts';
import type { ResponseOf } from '../contract/methods.ts';
import { hashed } from './hashed.ts';
import type { Past } from './past.ts';
import { madeBy } from './shown.ts';

/** What the ceremony made, by its hashes: what it only carries on has its hash in the transcript that made it. */
function hashFacts(state: CeremonyState, digest: Digest): readonly Fact[] {
  const hash = (der: string): string => toHex(digest('sha256', fromBase64(der)));
  const own = crlsMadeHere(state);
  return [
    ...Object.entries(state.certificates)
      .filter(([, one]) => madeHere(one))
      .flatMap(([name, { der }]) => digestFacts(`certificate ${name} SHA-256`, hash(der))),
    ...Object.entries(state.crls)
      .filter(([issuer]) => own.has(issuer))
      .flatMap(([issuer, { number, der }]) => digestFacts(`CRL of ${issuer}, number ${number}, SHA-256`, hash(der))),
  ];
}

/** The transcript as a document: everything the paper needs to be checked against the journal later. */
export function transcriptPage(
  { state, records }: Past,
  ports: Pick<CeremonyPorts, 'clock' | 'digest'>,
): ResponseOf<'transcript'> {
  const last = records.at(-1);
  if (last === undefined) {
    throw new CodedError({
      code: 'journal-empty',
      message: 'The journal is empty.',
      remedy: 'Use a whole copy of it.',
    });
  }
  const { title, hierarchy, rehearsal, status, people, transcript, acts } = view(state);
  const { facts, bundle } = madeBy(state);
  const artefacts = [
    ...facts,
    ...hashFacts(state, ports.digest),
    ...(bundle === null ? [] : digestFacts(`bundle ${bundle.file} SHA-256`, bundle.sha256)),
  ];
  return {
    title,
    hierarchy,
    rehearsal,
    status,
    sections: [
      { title: 'The ceremony', facts: reportHeading(state, ports.clock.now()) },
      { title: 'What was made', facts: artefacts },
    ],
    people: people.map(({ role, name }) => ({ role, name })),
    lines: transcript,
    acts: acts.map(({ number, headline }) => ({ number, headline })),
    records: records.length,
    last: hashed(last.hash),
  };
}

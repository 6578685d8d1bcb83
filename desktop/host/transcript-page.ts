import { CodedError } from '../../core/ports/coded-error.ts';
import type { CeremonyPorts } from '../../core/ceremony/ports.ts';
import { digestFacts, fact } from '../../core/ceremony/facts.ts';
import { reportHeading } from '../../core/ceremony/report.ts';
import { view } from '../../core/ceremony/view.ts';
import type { ResponseOf } from '../contract/methods.ts';
import { hashed } from './hashed.ts';
import type { Past } from './past.ts';
import { madeBy } from './shown.ts';

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
  const made = madeBy(state, ports.digest);
  const artefacts = [
    ...made.keys.map(({ name, algorithm, token }) => fact(`key ${name}`, `${algorithm} on token ${token}`)),
    ...made.certificates.flatMap(({ name, sha256 }) => digestFacts(`certificate ${name} SHA-256`, sha256)),
    ...made.crls.flatMap(({ issuer, number, sha256 }) =>
      digestFacts(`CRL of ${issuer}, number ${number}, SHA-256`, sha256),
    ),
    ...(made.bundle === null ? [] : digestFacts(`bundle ${made.bundle.file} SHA-256`, made.bundle.sha256)),
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

// Writes test/vectors/transcripts/*.txt: what the plain face logs of each shipped plan.
//   node test/vectors/make-transcripts.ts
import { writeFileSync } from 'node:fs';
import { transcriptFolder, transcriptOf } from '../support/memory/transcript.ts';
import { shippedPlans } from '../support/ready-plans.ts';

for (const name of shippedPlans()) writeFileSync(new URL(`${name}.txt`, transcriptFolder), await transcriptOf(name));

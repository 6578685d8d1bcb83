// Writes docs/schema/*.json: JSON Schemas of the files people write, for their editors.
//   node test/house/make-schemas.ts
import { writeFileSync } from 'node:fs';
import { schemaFile, schemaNames } from './schemas.ts';

for (const { url, text } of schemaNames.map(schemaFile)) writeFileSync(url, text);

// Writes docs/lint-rules.md from the rule registry.
//   node test/house/make-lint-doc.ts
import { writeFileSync } from 'node:fs';
import { lintDoc, lintDocFile } from './lint-doc.ts';

writeFileSync(lintDocFile, lintDoc());

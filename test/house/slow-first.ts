// The order in which test files are begun. The slow ones come first, so that none of them runs alone at the end while the
// other workers have nothing left to do.
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Beginnings of the paths of slow files, slowest first; `test/run.ts` prints what belongs here. */
const slow: readonly string[] = [
  'test/faults/ceremony/kill',
  'test/deploy/package',
  'test/browser/',
  'test/ceremonies/',
  'test/issuer/running',
  'test/issuer/start',
  'test/core/bundle/openssl',
  'test/core/node/pkcs11/faults',
  'test/interop/',
  'test/deploy/',
  'test/core/node/pkcs11/watchdog',
  'test/desktop/',
  'test/terminal/',
  'test/issuer/',
];

function rank({ moduleId, project }: TestSpecification): number {
  const file = moduleId.slice(project.config.root.length + 1);
  const index = slow.findIndex((beginning) => file.startsWith(beginning));
  return index === -1 ? slow.length : index;
}

/** Slow files first, in the order of the table; the others as vitest would have them. */
export class SlowFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const usual = await super.sort(files);
    return usual.toSorted((a, b) => rank(a) - rank(b));
  }
}

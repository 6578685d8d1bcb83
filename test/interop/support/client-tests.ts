import { softHsmMissing } from '../../support/softhsm.ts';
import { featuresOf, type ClientRecord, type Feature } from './features.ts';
import { clientMissing, installedVersion } from './installed.ts';

/** Milliseconds for one test: some clients are shell scripts, and the machine has two cores for everybody. */
const patience = 300_000;

/** The tests of one client, which must show what docs/clients.md says of it, no less and no more. */
export class ClientTests {
  /** Where it cannot be tested here: that is said aloud. */
  readonly missing: boolean;
  readonly #record: ClientRecord;
  readonly #shown = new Set<Feature>();

  constructor(record: ClientRecord, lacking?: string) {
    const missing = clientMissing(record) ?? softHsmMissing() ?? lacking;
    if (missing !== undefined) console.warn(`NOT CHECKED: interoperation with ${record.name}: ${missing}`);
    const installed = installedVersion(record);
    if (installed !== undefined && installed !== record.version) {
      console.warn(`${record.name} is ${installed} here; docs/clients.md speaks of ${record.version}`);
    }
    this.missing = missing !== undefined;
    this.#record = record;
  }

  /** The options of a test that shows these features. */
  shows(...features: readonly Feature[]): { timeout: number } {
    for (const feature of features) this.#shown.add(feature);
    return { timeout: patience };
  }

  /** Features that the record does not declare impossible and no test shows, and the other way round. */
  disagreements(): readonly string[] {
    const declared = featuresOf(this.#record);
    const untested = declared.filter((feature) => !this.#shown.has(feature));
    const undeclared = [...this.#shown].filter((feature) => !declared.includes(feature));
    return [
      ...untested.map((feature) => `no test shows "${feature}"`),
      ...undeclared.map((feature) => `"${feature}" is declared impossible, and is shown`),
    ];
  }
}

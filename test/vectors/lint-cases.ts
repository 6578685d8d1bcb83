import { intermediateCases, rootCases } from './lint-ca-cases.ts';
import { extensionCases, fieldCases, issuerCases } from './lint-certificate-cases.ts';
import { crlEntryCases, crlExtensionCases, crlFieldCases } from './lint-crl-cases.ts';
import { crossCases } from './lint-cross-cases.ts';
import type { LintFixture } from './lint-fixture.ts';
import { leafCases } from './lint-leaf-cases.ts';
import { nameCases } from './lint-name-cases.ts';

const everyCase = {
  ...fieldCases,
  ...nameCases,
  ...extensionCases,
  ...issuerCases,
  ...rootCases,
  ...intermediateCases,
  ...crossCases,
  ...leafCases,
  ...crlFieldCases,
  ...crlExtensionCases,
  ...crlEntryCases,
};

/** Every fixture by the name of its file: `<rule id>.refused.pem`, `<rule id>.accepted.pem`, `<rule id>.refused-<what>.pem`. */
export const lintFixtures: ReadonlyMap<string, LintFixture> = new Map(
  Object.entries(everyCase).flatMap(([rule, { refused, accepted, more = {} }]) =>
    Object.entries({ refused, accepted, ...more }).map(([outcome, fixture]) => [`${rule}.${outcome}.pem`, fixture]),
  ),
);

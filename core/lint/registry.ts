import { certExtensionClosedWorld } from './rules/cert-extension-closed-world.ts';
import { certVersion3 } from './rules/cert-version-3.ts';
import { crlNumberRises } from './rules/crl-number-rises.ts';
import { crlVersion2 } from './rules/crl-version-2.ts';
import type { CertificateRule, CrlRule } from './rule.ts';

/** Every certificate rule there is. A rule file that is not here fails test/core/lint/registry.test.ts. */
export const certificateRules: readonly CertificateRule[] = [certVersion3, certExtensionClosedWorld];

/** Every CRL rule there is. */
export const crlRules: readonly CrlRule[] = [crlVersion2, crlNumberRises];

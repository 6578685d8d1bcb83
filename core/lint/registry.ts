import { bundleSignerEku } from './rules/bundle-signer-eku.ts';
import { caBasicConstraints } from './rules/ca-basic-constraints.ts';
import { caSubjectAttributes } from './rules/ca-subject-attributes.ts';
import { caSubjectCountry } from './rules/ca-subject-country.ts';
import { caSubjectNoOu } from './rules/ca-subject-no-ou.ts';
import { certAiaHttp } from './rules/cert-aia-http.ts';
import { certAiaMethods } from './rules/cert-aia-methods.ts';
import { certAiaNoRepeats } from './rules/cert-aia-no-repeats.ts';
import { certAkiKeyIdentifierOnly } from './rules/cert-aki-key-identifier-only.ts';
import { certAkiMatchesIssuer } from './rules/cert-aki-matches-issuer.ts';
import { certCrlOnePoint } from './rules/cert-crl-one-point.ts';
import { certCrlUrlHttp } from './rules/cert-crl-url-http.ts';
import { certEkuNoAny } from './rules/cert-eku-no-any.ts';
import { certEkuNoRepeats } from './rules/cert-eku-no-repeats.ts';
import { certEkuWithinIssuer } from './rules/cert-eku-within-issuer.ts';
import { certExtensionClosedWorld } from './rules/cert-extension-closed-world.ts';
import { certExtensionCriticality } from './rules/cert-extension-criticality.ts';
import { certExtensionRequired } from './rules/cert-extension-required.ts';
import { certExtensionValueDer } from './rules/cert-extension-value-der.ts';
import { certIssuerAtHand } from './rules/cert-issuer-at-hand.ts';
import { certIssuerIsCa } from './rules/cert-issuer-is-ca.ts';
import { certIssuerKeyCertSign } from './rules/cert-issuer-key-cert-sign.ts';
import { certIssuerName } from './rules/cert-issuer-name.ts';
import { certIssuerNotEmpty } from './rules/cert-issuer-not-empty.ts';
import { certKeyAlgorithm } from './rules/cert-key-algorithm.ts';
import { certKeyClosePrimes } from './rules/cert-key-close-primes.ts';
import { certKeyNotIssuers } from './rules/cert-key-not-issuers.ts';
import { certKeyOnCurve } from './rules/cert-key-on-curve.ts';
import { certKeyRoca } from './rules/cert-key-roca.ts';
import { certKeySize } from './rules/cert-key-size.ts';
import { certKeySmallFactors } from './rules/cert-key-small-factors.ts';
import { certKeyUsageEncoding } from './rules/cert-key-usage-encoding.ts';
import { certKeyUsageSet } from './rules/cert-key-usage-set.ts';
import { certLocationsNotIssuersOwn } from './rules/cert-locations-not-issuers-own.ts';
import { certNameClosedWorld } from './rules/cert-name-closed-world.ts';
import { certNameLengths } from './rules/cert-name-lengths.ts';
import { certNameNoRepeats } from './rules/cert-name-no-repeats.ts';
import { certNameOrder } from './rules/cert-name-order.ts';
import { certNameReadable } from './rules/cert-name-readable.ts';
import { certNameSingleValued } from './rules/cert-name-single-valued.ts';
import { certNameStringTypes } from './rules/cert-name-string-types.ts';
import { certNameVisible } from './rules/cert-name-visible.ts';
import { certNoUniqueIdentifiers } from './rules/cert-no-unique-identifiers.ts';
import { certNotBeforeWindow } from './rules/cert-not-before-window.ts';
import { certNotExpiredAtSigning } from './rules/cert-not-expired-at-signing.ts';
import { certPoliciesNoAny } from './rules/cert-policies-no-any.ts';
import { certPoliciesNoRepeats } from './rules/cert-policies-no-repeats.ts';
import { certPoliciesPlain } from './rules/cert-policies-plain.ts';
import { certSerial64Bits } from './rules/cert-serial-64-bits.ts';
import { certSerialLength } from './rules/cert-serial-length.ts';
import { certSerialPositive } from './rules/cert-serial-positive.ts';
import { certSignatureAlgorithm } from './rules/cert-signature-algorithm.ts';
import { certSignatureFitsKey } from './rules/cert-signature-fits-key.ts';
import { certSkiMethod } from './rules/cert-ski-method.ts';
import { certSubjectNotIssuer } from './rules/cert-subject-not-issuer.ts';
import { certValidityEncoding } from './rules/cert-validity-encoding.ts';
import { certValidityOrder } from './rules/cert-validity-order.ts';
import { certVersion3 } from './rules/cert-version-3.ts';
import { certWithinIssuerValidity } from './rules/cert-within-issuer-validity.ts';
import { crossEkuCarried } from './rules/cross-eku-carried.ts';
import { crossKeyIdentical } from './rules/cross-key-identical.ts';
import { crossPathLengthCarried } from './rules/cross-path-length-carried.ts';
import { crossSubjectIdentical } from './rules/cross-subject-identical.ts';
import { crlAkiKeyIdentifierOnly } from './rules/crl-aki-key-identifier-only.ts';
import { crlAkiMatchesIssuer } from './rules/crl-aki-matches-issuer.ts';
import { crlEntryExtensionClosedWorld } from './rules/crl-entry-extension-closed-world.ts';
import { crlEntryExtensionCriticality } from './rules/crl-entry-extension-criticality.ts';
import { crlEntrySerial } from './rules/crl-entry-serial.ts';
import { crlEntrySerialsUnique } from './rules/crl-entry-serials-unique.ts';
import { crlEntryUnchanged } from './rules/crl-entry-unchanged.ts';
import { crlExtensionClosedWorld } from './rules/crl-extension-closed-world.ts';
import { crlExtensionCriticality } from './rules/crl-extension-criticality.ts';
import { crlExtensionValueDer } from './rules/crl-extension-value-der.ts';
import { crlIdpFull } from './rules/crl-idp-full.ts';
import { crlIssuerAtHand } from './rules/crl-issuer-at-hand.ts';
import { crlIssuerCrlSign } from './rules/crl-issuer-crl-sign.ts';
import { crlIssuerName } from './rules/crl-issuer-name.ts';
import { crlKeepsEntries } from './rules/crl-keeps-entries.ts';
import { crlNextUpdatePresent } from './rules/crl-next-update-present.ts';
import { crlNoEmptyList } from './rules/crl-no-empty-list.ts';
import { crlNoHold } from './rules/crl-no-hold.ts';
import { crlNoGap } from './rules/crl-no-gap.ts';
import { crlNotDelta } from './rules/crl-not-delta.ts';
import { crlNotExpiredAtSigning } from './rules/crl-not-expired-at-signing.ts';
import { crlNumberPresent } from './rules/crl-number-present.ts';
import { crlNumberRange } from './rules/crl-number-range.ts';
import { crlNumberRises } from './rules/crl-number-rises.ts';
import { crlPeriod } from './rules/crl-period.ts';
import { crlPreviousSameIssuer } from './rules/crl-previous-same-issuer.ts';
import { crlReasonLegal } from './rules/crl-reason-legal.ts';
import { crlReasonRequired } from './rules/crl-reason-required.ts';
import { crlRevocationDate } from './rules/crl-revocation-date.ts';
import { crlSignatureAlgorithm } from './rules/crl-signature-algorithm.ts';
import { crlSignatureFitsKey } from './rules/crl-signature-fits-key.ts';
import { crlThisUpdateFollows } from './rules/crl-this-update-follows.ts';
import { crlThisUpdateNotFuture } from './rules/crl-this-update-not-future.ts';
import { crlTimeEncoding } from './rules/crl-time-encoding.ts';
import { crlUpdateOrder } from './rules/crl-update-order.ts';
import { crlVersion2 } from './rules/crl-version-2.ts';
import { crlWithinIssuerValidity } from './rules/crl-within-issuer-validity.ts';
import { endEntityNotCa } from './rules/end-entity-not-ca.ts';
import { intermediateConstraintsDns } from './rules/intermediate-constraints-dns.ts';
import { intermediateConstraintsIp } from './rules/intermediate-constraints-ip.ts';
import { intermediateConstraintsKinds } from './rules/intermediate-constraints-kinds.ts';
import { intermediateConstraintsNotEmpty } from './rules/intermediate-constraints-not-empty.ts';
import { intermediateEkuPresent } from './rules/intermediate-eku-present.ts';
import { intermediateEkuSeparate } from './rules/intermediate-eku-separate.ts';
import { intermediateIssuerPathLength } from './rules/intermediate-issuer-path-length.ts';
import { intermediatePathLengthBelowIssuer } from './rules/intermediate-path-length-below-issuer.ts';
import { intermediatePathLengthPresent } from './rules/intermediate-path-length-present.ts';
import { leafCommonName } from './rules/leaf-common-name.ts';
import { leafConstraintsDirectory } from './rules/leaf-constraints-directory.ts';
import { leafConstraintsDns } from './rules/leaf-constraints-dns.ts';
import { leafConstraintsIp } from './rules/leaf-constraints-ip.ts';
import { leafDnsLength } from './rules/leaf-dns-length.ts';
import { leafDnsNotAddress } from './rules/leaf-dns-not-address.ts';
import { leafDnsPunycode } from './rules/leaf-dns-punycode.ts';
import { leafDnsSyntax } from './rules/leaf-dns-syntax.ts';
import { leafDnsWildcard } from './rules/leaf-dns-wildcard.ts';
import { leafEku } from './rules/leaf-eku.ts';
import { leafIpLength } from './rules/leaf-ip-length.ts';
import { leafNotBeforeWindow } from './rules/leaf-not-before-window.ts';
import { leafSanCriticality } from './rules/leaf-san-criticality.ts';
import { leafSanKinds } from './rules/leaf-san-kinds.ts';
import { leafSanNoRepeats } from './rules/leaf-san-no-repeats.ts';
import { leafSanNotEmpty } from './rules/leaf-san-not-empty.ts';
import { leafSubjectAttributes } from './rules/leaf-subject-attributes.ts';
import { ocspSignerEku } from './rules/ocsp-signer-eku.ts';
import { ocspSignerValidityPeriod } from './rules/ocsp-signer-validity-period.ts';
import { renewalExtensionsCarried } from './rules/renewal-extensions-carried.ts';
import { rootAkiIsSki } from './rules/root-aki-is-ski.ts';
import { rootNoEku } from './rules/root-no-eku.ts';
import { rootNoPathLength } from './rules/root-no-path-length.ts';
import { rootSelfIssued } from './rules/root-self-issued.ts';
import { rootValidityPeriod } from './rules/root-validity-period.ts';
import type { CertificateRule, CrlRule, KeyRule } from './rule.ts';

/** Every certificate rule there is. A rule file that is not here fails test/core/lint/registry.test.ts. */
export const certificateRules: readonly CertificateRule[] = [
  certAiaHttp,
  certAiaMethods,
  certAiaNoRepeats,
  certAkiKeyIdentifierOnly,
  certAkiMatchesIssuer,
  certCrlOnePoint,
  certCrlUrlHttp,
  certEkuNoAny,
  certEkuNoRepeats,
  certEkuWithinIssuer,
  certExtensionClosedWorld,
  certExtensionCriticality,
  certExtensionRequired,
  certExtensionValueDer,
  certIssuerAtHand,
  certIssuerIsCa,
  certIssuerKeyCertSign,
  certIssuerName,
  certIssuerNotEmpty,
  certKeyAlgorithm,
  certKeyClosePrimes,
  certKeyNotIssuers,
  certKeyOnCurve,
  certKeyRoca,
  certKeySize,
  certKeySmallFactors,
  certKeyUsageEncoding,
  certKeyUsageSet,
  certLocationsNotIssuersOwn,
  certNameClosedWorld,
  certNameLengths,
  certNameNoRepeats,
  certNameOrder,
  certNameReadable,
  certNameSingleValued,
  certNameStringTypes,
  certNameVisible,
  certNoUniqueIdentifiers,
  certNotBeforeWindow,
  certNotExpiredAtSigning,
  certPoliciesNoAny,
  certPoliciesNoRepeats,
  certPoliciesPlain,
  certSerial64Bits,
  certSerialLength,
  certSerialPositive,
  certSignatureAlgorithm,
  certSignatureFitsKey,
  certSkiMethod,
  certSubjectNotIssuer,
  certValidityEncoding,
  certValidityOrder,
  certVersion3,
  certWithinIssuerValidity,
  caBasicConstraints,
  caSubjectAttributes,
  caSubjectCountry,
  caSubjectNoOu,
  rootAkiIsSki,
  rootNoEku,
  rootNoPathLength,
  rootSelfIssued,
  rootValidityPeriod,
  intermediateConstraintsDns,
  intermediateConstraintsIp,
  intermediateConstraintsKinds,
  intermediateConstraintsNotEmpty,
  intermediateEkuPresent,
  intermediateEkuSeparate,
  intermediateIssuerPathLength,
  intermediatePathLengthBelowIssuer,
  intermediatePathLengthPresent,
  bundleSignerEku,
  ocspSignerEku,
  ocspSignerValidityPeriod,
  endEntityNotCa,
  leafCommonName,
  leafConstraintsDirectory,
  leafConstraintsDns,
  leafConstraintsIp,
  leafDnsLength,
  leafDnsNotAddress,
  leafDnsPunycode,
  leafDnsSyntax,
  leafDnsWildcard,
  leafEku,
  leafIpLength,
  leafNotBeforeWindow,
  leafSanCriticality,
  leafSanKinds,
  leafSanNoRepeats,
  leafSanNotEmpty,
  leafSubjectAttributes,
  crossEkuCarried,
  crossKeyIdentical,
  crossPathLengthCarried,
  crossSubjectIdentical,
  renewalExtensionsCarried,
];

/** Those of them that look at the key alone. */
export const keyRules: readonly KeyRule[] = [
  certKeyAlgorithm,
  certKeyClosePrimes,
  certKeyOnCurve,
  certKeyRoca,
  certKeySize,
  certKeySmallFactors,
];

/** Every CRL rule there is. */
export const crlRules: readonly CrlRule[] = [
  crlAkiKeyIdentifierOnly,
  crlAkiMatchesIssuer,
  crlEntryExtensionClosedWorld,
  crlEntryExtensionCriticality,
  crlEntrySerial,
  crlEntrySerialsUnique,
  crlEntryUnchanged,
  crlExtensionClosedWorld,
  crlExtensionCriticality,
  crlExtensionValueDer,
  crlIdpFull,
  crlIssuerAtHand,
  crlIssuerCrlSign,
  crlIssuerName,
  crlKeepsEntries,
  crlNextUpdatePresent,
  crlNoEmptyList,
  crlNoHold,
  crlNoGap,
  crlNotDelta,
  crlNotExpiredAtSigning,
  crlNumberPresent,
  crlNumberRange,
  crlNumberRises,
  crlPeriod,
  crlPreviousSameIssuer,
  crlReasonLegal,
  crlReasonRequired,
  crlRevocationDate,
  crlSignatureAlgorithm,
  crlSignatureFitsKey,
  crlThisUpdateFollows,
  crlThisUpdateNotFuture,
  crlTimeEncoding,
  crlUpdateOrder,
  crlVersion2,
  crlWithinIssuerValidity,
];

import type { Directory } from './directory.ts';

/** draft-ietf-acme-profiles §3: the value of a profile is a URL; one sentence for people goes into a data URI. */
function descriptionUrl(description: string): string {
  const page = URL.canParse(description) && /^https?:/iu.test(description);
  return page ? description : `data:text/plain;charset=utf-8,${encodeURIComponent(description)}`;
}

/** RFC 8555 §7.1.1, RFC 9773 §3, RFC 9444 §4.4, draft-ietf-acme-profiles §3, draft-ietf-acme-dns-persist §3.2 and §4.1: nothing is advertised that does not work. */
export function directoryBody({ urls, options, challenges }: Directory): object {
  const { newNonce, newAccount, newOrder, newAuthz, revokeCert, keyChange, renewalInfo } = urls;
  const { termsOfService, website, caaIdentities, externalAccountRequired, subdomains, profiles } = options;
  const described = Object.entries(profiles).map(([name, { description }]) => [name, descriptionUrl(description)]);
  return {
    newNonce,
    newAccount,
    newOrder,
    // Without reuse no order would ever use what it gives.
    ...(options.reuseAuthorizations ? { newAuthz } : {}),
    revokeCert,
    keyChange,
    renewalInfo,
    meta: {
      ...(termsOfService === undefined ? {} : { termsOfService }),
      ...(website === undefined ? {} : { website }),
      ...(caaIdentities.length === 0 ? {} : { caaIdentities }),
      externalAccountRequired,
      ...(challenges.includes('dns-persist-01')
        ? { issuerDomainNames: caaIdentities, accountHashPrefix: urls.accountHashPrefix }
        : {}),
      ...(subdomains ? { subdomainAuthAllowed: true } : {}),
      ...(described.length === 0 ? {} : { profiles: Object.fromEntries(described) as object }),
    },
  };
}

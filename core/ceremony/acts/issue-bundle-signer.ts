import { defineSignerAct } from '../signer-act.ts';

/** The certificate of the key that signs bundles: issued by the root, for that use and no other. */
export const issueBundleSigner = defineSignerAct({
  name: 'issue-bundle-signer',
  type: 'bundle-signer',
  headline: ({ subjectKey }) => `Sign the certificate of the bundle signer "${subjectKey}"`,
  why: 'The online issuer believes a bundle because this key signed it and the root vouches for the key.',
  shown: 'This is the bundle signer’s certificate that will be signed.',
});

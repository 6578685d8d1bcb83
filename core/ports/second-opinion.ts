/** What another implementation read in the same bytes. Times in seconds since the epoch, bytes in lower-case hex. */
export interface SecondReading {
  /** Who read it: `@peculiar/x509 2.2.0`, `OpenSSL 3.0.17`. */
  readonly by: string;
  readonly serial?: string;
  readonly subject?: string;
  readonly issuer?: string;
  readonly notBefore?: number;
  readonly notAfter?: number;
  readonly spkiSha256?: string;
  readonly extensions?: readonly { readonly oid: string; readonly critical: boolean; readonly sha256: string }[];
  /** What kept it from reading the bytes at all. */
  readonly problem?: string;
  /** Whether it could verify the signature with the issuer's certificate. */
  readonly signatureValid?: boolean;
}

/** An artefact to be read again, with the certificate that issued it (itself, for a root). */
export type Artefact =
  | { readonly kind: 'certificate' | 'crl'; readonly der: Uint8Array; readonly issuer: Uint8Array }
  /** A detached CMS signature over `content`; `issuer` is the root that vouches for its signer. */
  | {
      readonly kind: 'signature';
      readonly der: Uint8Array;
      readonly content: Uint8Array;
      readonly issuer: Uint8Array;
    };

/** Has every other implementation at hand read an artefact. At least one must always be there. */
export type SecondOpinions = (artefact: Artefact) => Promise<readonly SecondReading[]>;

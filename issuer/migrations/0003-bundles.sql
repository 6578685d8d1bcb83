-- Bundles that were verified and accepted, and what they brought. Nothing else makes an issuer.
CREATE TABLE bundles (
  epoch integer PRIMARY KEY CHECK (epoch > 0),
  hierarchy text NOT NULL,
  rehearsal boolean NOT NULL,
  -- SHA-256 of SHA256SUMS, lower-case hex: the bundle's identity.
  sums text NOT NULL UNIQUE,
  bytes bytea NOT NULL,
  -- {"root-r1": "17"}: CRL numbers, decimal. A later bundle may not go back behind them.
  crl_numbers jsonb NOT NULL,
  loaded_at timestamptz NOT NULL
);

CREATE TABLE issuers (
  -- The name its key has in the plan.
  name text PRIMARY KEY,
  epoch integer NOT NULL REFERENCES bundles (epoch),
  certificate bytea NOT NULL,
  -- SHA-256 of the SubjectPublicKeyInfo: a name never changes its key.
  spki_sha256 bytea NOT NULL UNIQUE,
  -- Chains of certificates in DER, each without the root, the default first: [["base64", …], …].
  chains jsonb NOT NULL
);

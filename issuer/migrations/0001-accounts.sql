-- ACME accounts (RFC 8555 §7.1.2). One key has one account in a directory, for good: a deactivated account keeps its key.
CREATE TABLE accounts (
  id text COLLATE "C" PRIMARY KEY,
  directory text NOT NULL,
  status text NOT NULL CHECK (status IN ('valid', 'deactivated', 'revoked')),
  -- The public key as a JWK with its required members only.
  jwk jsonb NOT NULL,
  -- RFC 7638, SHA-256.
  thumbprint bytea NOT NULL CHECK (octet_length(thumbprint) = 32),
  contact text[] NOT NULL,
  created_at timestamptz NOT NULL,
  CONSTRAINT accounts_one_per_key UNIQUE (directory, thumbprint)
);

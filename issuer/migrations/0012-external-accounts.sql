-- Keys that bind an ACME account to an account somewhere else (RFC 8555 §7.3.4).
CREATE TABLE external_account_keys (
  kid text COLLATE "C" NOT NULL,
  directory text NOT NULL,
  -- The MAC key.
  secret bytea NOT NULL CHECK (octet_length(secret) BETWEEN 16 AND 64),
  -- For people: whose it is.
  label text NOT NULL,
  -- Good for any number of accounts.
  reusable boolean NOT NULL,
  created_at timestamptz NOT NULL,
  expires_at timestamptz,
  revoked_at timestamptz,
  -- The account it was used for, the last one where it is reusable.
  account_id text COLLATE "C" REFERENCES accounts (id),
  bound_at timestamptz,
  PRIMARY KEY (directory, kid)
);
-- The binding as the client sent it, which the account object must repeat.
ALTER TABLE accounts ADD COLUMN external_binding jsonb;
ALTER TABLE accounts ADD COLUMN external_kid text;
-- URL of the terms of service that the account has agreed to (RFC 8555 §7.3.3).
ALTER TABLE accounts ADD COLUMN terms_agreed text;

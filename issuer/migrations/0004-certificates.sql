-- Every certificate an issuing key was asked to sign. The row is committed before the token signs, so that there can be
-- no certificate without a record; 'abandoned' rows are those whose certificate was never stored.
CREATE TABLE certificates (
  -- INTEGER content octets.
  serial bytea PRIMARY KEY CHECK (octet_length(serial) BETWEEN 8 AND 20),
  issuer text NOT NULL REFERENCES issuers (name),
  directory text,
  account_id text REFERENCES accounts (id),
  order_id text COLLATE "C" REFERENCES orders (id),
  status text NOT NULL CHECK (status IN ('intended', 'issued', 'abandoned')),
  -- SHA-256 of the TBSCertificate.
  tbs_sha256 bytea NOT NULL CHECK (octet_length(tbs_sha256) = 32),
  spki_sha256 bytea NOT NULL CHECK (octet_length(spki_sha256) = 32),
  -- Names as identifiers write them: "*.example.com", "192.0.2.1".
  names text[] NOT NULL,
  not_before timestamptz NOT NULL,
  not_after timestamptz NOT NULL,
  der bytea,
  intended_at timestamptz NOT NULL,
  issued_at timestamptz,
  revoked_at timestamptz,
  -- A name of RFC 5280 §5.3.1, such as 'keyCompromise'.
  revocation_reason text,
  -- The first CRL that lists it. Null while a revocation waits to be published.
  crl_number bigint,
  CHECK ((status = 'issued') = (der IS NOT NULL)),
  CHECK ((revoked_at IS NULL) = (revocation_reason IS NULL))
);
-- An order has one certificate, whatever races happen; a failed attempt does not count.
CREATE UNIQUE INDEX certificates_one_per_order ON certificates (order_id) WHERE status <> 'abandoned';
CREATE INDEX certificates_intended ON certificates (intended_at) WHERE status = 'intended';
CREATE INDEX certificates_revoked ON certificates (issuer, not_after) WHERE revoked_at IS NOT NULL;
CREATE INDEX certificates_unlisted ON certificates (issuer) WHERE revoked_at IS NOT NULL AND crl_number IS NULL;

CREATE TABLE crls (
  issuer text NOT NULL REFERENCES issuers (name),
  number bigint NOT NULL CHECK (number > 0),
  der bytea NOT NULL,
  this_update timestamptz NOT NULL,
  next_update timestamptz NOT NULL,
  PRIMARY KEY (issuer, number)
);

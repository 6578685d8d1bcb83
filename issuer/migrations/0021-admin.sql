-- What operators did, a hash chain: each row's hash covers its contents and the hash of the row before it, so that no row
-- can be changed or taken out between two others without "audit verify" seeing it.
CREATE TABLE audit (
  sequence bigint PRIMARY KEY CHECK (sequence > 0),
  -- Seconds since the epoch: what was hashed, not what a time zone makes of it.
  at bigint NOT NULL,
  kind text NOT NULL,
  -- Canonical JSON (RFC 8785), as it was hashed.
  body text NOT NULL,
  previous text NOT NULL,
  hash text NOT NULL UNIQUE
);

-- By what operators look certificates up.
CREATE INDEX certificates_by_name ON certificates USING gin (names);
CREATE INDEX certificates_by_key ON certificates (spki_sha256);
CREATE INDEX certificates_by_date ON certificates (issued_at);
CREATE INDEX certificates_by_account ON certificates (account_id);

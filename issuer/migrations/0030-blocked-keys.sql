-- Keys that no certificate is made for any more, in no directory and by no issuing CA (BR 6.1.1.3). A table of its own and not a
-- look at what was revoked: a record of an expired certificate may go, and whoever has its key still has it.
CREATE TABLE blocked_keys (
  -- SHA-256 of the SubjectPublicKeyInfo.
  spki_sha256 bytea PRIMARY KEY CHECK (octet_length(spki_sha256) = 32),
  blocked_at timestamptz NOT NULL,
  -- For people.
  reason text NOT NULL
);
INSERT INTO blocked_keys (spki_sha256, blocked_at, reason)
  SELECT DISTINCT ON (spki_sha256) spki_sha256, revoked_at, 'revoked: keyCompromise' FROM certificates
  WHERE revocation_reason = 'keyCompromise' ORDER BY spki_sha256, revoked_at;

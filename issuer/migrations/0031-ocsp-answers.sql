-- OCSP answers without a nonce, signed once for all processes and replicas. Unlogged: a crash that forgets them costs
-- signatures and nothing else, and no commit waits for the disk. Whether one may be given out is decided by the record of
-- the certificate at that moment, never by what stands here.
CREATE UNLOGGED TABLE ocsp_answers (
  issuer text NOT NULL,
  -- SHA-256 of the question.
  question bytea NOT NULL CHECK (octet_length(question) = 32),
  -- The question, a CertID in DER: what an answer repeats.
  cert_id bytea NOT NULL CHECK (octet_length(cert_id) <= 200),
  serial bytea NOT NULL,
  -- What it says: "good", or "revoked", when and why.
  status text NOT NULL,
  -- SHA-1 of the signer's key, as the answer names it.
  signer bytea NOT NULL CHECK (octet_length(signer) = 20),
  der bytea NOT NULL,
  this_update timestamptz NOT NULL,
  next_update timestamptz NOT NULL,
  -- When a client wanted it last: marked when a process looks here, so at least twice in its life where it is in demand.
  asked_at timestamptz NOT NULL,
  -- Somebody is about to sign it anew, until then.
  claimed_until timestamptz,
  PRIMARY KEY (issuer, question)
);
CREATE INDEX ocsp_answers_by_age ON ocsp_answers (this_update);
CREATE INDEX ocsp_answers_by_end ON ocsp_answers (next_update);

-- Further challenge types, and validations that are tried again (RFC 8555 §8.2).
ALTER TABLE challenges DROP CONSTRAINT challenges_type_check;
ALTER TABLE challenges ADD CONSTRAINT challenges_type_check
  CHECK (type IN ('http-01', 'dns-01', 'tls-alpn-01', 'dns-account-01', 'dns-persist-01'));
-- Validations that have failed so far.
ALTER TABLE challenges ADD COLUMN attempts integer NOT NULL DEFAULT 0;
-- While processing and between two attempts: when the next one is due. The client may ask for it sooner.
ALTER TABLE challenges ADD COLUMN retry_at timestamptz;

-- MAC keys of external accounts may be sealed: AES-256-GCM under a key that the operator keeps in a file and never in here.
-- Null: the MAC key stands in "secret" as it is. Otherwise the name of the key that sealed it (the first 8 bytes of its SHA-256),
-- and "secret" is 12 bytes of nonce, the MAC key encrypted, 16 bytes of tag.
ALTER TABLE external_account_keys ADD COLUMN sealed_with bytea CHECK (octet_length(sealed_with) = 8);
ALTER TABLE external_account_keys DROP CONSTRAINT external_account_keys_secret_check;
ALTER TABLE external_account_keys ADD CONSTRAINT external_account_keys_secret_check
  CHECK (octet_length(secret) - CASE WHEN sealed_with IS NULL THEN 0 ELSE 28 END BETWEEN 16 AND 64);

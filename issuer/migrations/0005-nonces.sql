-- Nonces are minted without the database: time, random bytes and a MAC. Both tables are unlogged, and that is what makes
-- it safe: a crash empties both together, so that every nonce whose redemption it forgot has lost its key as well.
CREATE UNLOGGED TABLE nonce_keys (
  -- Seconds since the epoch divided by the life of a key.
  period bigint PRIMARY KEY,
  id bytea NOT NULL UNIQUE CHECK (octet_length(id) = 8),
  key bytea NOT NULL CHECK (octet_length(key) = 32)
);

-- The value begins with the time it was minted: the oldest come first in the index, where pruning finds them.
CREATE UNLOGGED TABLE used_nonces (
  value bytea PRIMARY KEY CHECK (octet_length(value) = 15)
);

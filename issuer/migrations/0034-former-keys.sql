-- Keys that accounts had before a key change, by their RFC 7638 thumbprints. draft-ietf-acme-dns-persist-02 §4.2: a record in DNS
-- that was made with one of them stands for the account still; the key itself is good for nothing any more.
CREATE TABLE account_former_keys (
  account_id text COLLATE "C" NOT NULL REFERENCES accounts (id),
  thumbprint bytea NOT NULL CHECK (octet_length(thumbprint) = 32),
  replaced_at timestamptz NOT NULL,
  PRIMARY KEY (account_id, thumbprint)
);

-- Orders, authorizations and challenges (RFC 8555 §7.1.3 to §7.1.5). Every status changes only by an UPDATE that names
-- the status it comes from, so that of two who try, one finds nothing to change.
CREATE TABLE orders (
  id text COLLATE "C" PRIMARY KEY,
  account_id text NOT NULL REFERENCES accounts (id),
  directory text NOT NULL,
  status text NOT NULL CHECK (status IN ('pending', 'ready', 'processing', 'valid', 'invalid')),
  -- [{"type": "dns", "value": "…"}], normalised, in the order they were asked for.
  identifiers jsonb NOT NULL,
  -- How many authorizations are not valid yet. Counted down by whoever makes one valid, because two who do so at the
  -- same time do not see each other's row, but do queue for this one.
  awaiting integer NOT NULL CHECK (awaiting >= 0),
  not_before timestamptz,
  not_after timestamptz,
  -- The problem document that made it invalid.
  error jsonb,
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL
);
CREATE INDEX orders_by_account ON orders (account_id, created_at);

CREATE TABLE authorizations (
  id text COLLATE "C" PRIMARY KEY,
  account_id text NOT NULL REFERENCES accounts (id),
  status text NOT NULL CHECK (status IN ('pending', 'valid', 'invalid', 'deactivated')),
  identifier_type text NOT NULL CHECK (identifier_type IN ('dns', 'ip')),
  -- Without "*.": wildcard says whether it was there.
  identifier_value text NOT NULL,
  wildcard boolean NOT NULL,
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL
);
-- Who may revoke (RFC 8555 §7.6), and later which authorization can be used again.
CREATE INDEX authorizations_valid ON authorizations (account_id, identifier_value) WHERE status = 'valid';

CREATE TABLE order_authorizations (
  order_id text COLLATE "C" NOT NULL REFERENCES orders (id),
  position integer NOT NULL,
  authorization_id text COLLATE "C" NOT NULL REFERENCES authorizations (id),
  PRIMARY KEY (order_id, position)
);
CREATE INDEX order_authorizations_backwards ON order_authorizations (authorization_id);

CREATE TABLE challenges (
  id text COLLATE "C" PRIMARY KEY,
  authorization_id text COLLATE "C" NOT NULL REFERENCES authorizations (id),
  type text NOT NULL CHECK (type IN ('http-01', 'dns-01')),
  status text NOT NULL CHECK (status IN ('pending', 'processing', 'valid', 'invalid')),
  token text NOT NULL,
  validated_at timestamptz,
  error jsonb,
  -- While processing: until when whoever validates it may take. After that anybody may take it over.
  leased_until timestamptz
);
CREATE INDEX challenges_by_authorization ON challenges (authorization_id);
CREATE INDEX challenges_processing ON challenges (leased_until) WHERE status = 'processing';

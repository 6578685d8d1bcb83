-- Rate limits (GCRA): one time for each thing that is limited, the moment at which it would be at rest again. Unlogged,
-- because a crash that forgets them costs nothing but a little patience; no commit waits for the disk.
CREATE UNLOGGED TABLE rate_limits (
  kind text NOT NULL,
  -- What is limited, with its directory: "main/<account>", "main/192.0.2.1".
  subject text NOT NULL,
  -- Seconds since the epoch, by the database's clock: the one that all replicas share.
  rests_at double precision NOT NULL,
  PRIMARY KEY (kind, subject)
);
CREATE INDEX rate_limits_at_rest ON rate_limits (rests_at);

-- Other numbers for somebody in particular, made by an operator.
CREATE TABLE rate_limit_overrides (
  kind text NOT NULL,
  subject text NOT NULL,
  count integer NOT NULL CHECK (count > 0),
  -- Seconds.
  period integer NOT NULL CHECK (period > 0),
  reason text NOT NULL,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (kind, subject)
);

-- RFC 9773. The certificate that an order replaces, as the client named it.
ALTER TABLE orders ADD COLUMN replaces text;
-- The order that replaces this certificate, which counts as long as that order is not invalid. Marked here, and not looked
-- up among orders, because two orders that race for it then queue for this row.
ALTER TABLE certificates ADD COLUMN replaced_by text COLLATE "C";

-- "Renew everything that this issuer signed before then, by the deadline": moves the suggested windows of all of it.
CREATE TABLE incidents (
  id text COLLATE "C" PRIMARY KEY,
  issuer text NOT NULL REFERENCES issuers (name),
  -- Certificates issued before this time are concerned.
  issued_before timestamptz NOT NULL,
  -- Renewals are spread from one to the other.
  begins_at timestamptz NOT NULL,
  deadline timestamptz NOT NULL CHECK (deadline > begins_at),
  -- A page for people, shown to clients.
  explanation_url text,
  created_at timestamptz NOT NULL,
  ended_at timestamptz
);
CREATE INDEX incidents_open ON incidents (issuer, deadline) WHERE ended_at IS NULL;

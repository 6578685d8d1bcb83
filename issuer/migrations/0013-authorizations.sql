-- An authorization that stands for every name below its own as well (RFC 9444).
ALTER TABLE authorizations ADD COLUMN subdomains boolean NOT NULL DEFAULT false;
-- The profile an order was placed for (draft-ietf-acme-profiles); null for the directory's own.
ALTER TABLE orders ADD COLUMN profile text;
-- The list of an account's orders is read in pages, by name.
DROP INDEX orders_by_account;
CREATE INDEX orders_of_account ON orders (account_id, id);

-- Orders and authorizations are forgotten some time after they have ended; the record of a certificate stays, and goes on
-- naming the order it was for. (Removing a row that something refers to would also read all certificates each time.)
ALTER TABLE certificates DROP CONSTRAINT certificates_order_id_fkey;
-- By what the old ones are found. Neither column ever changes, so that no update of a row touches these.
CREATE INDEX orders_by_age ON orders (created_at);
CREATE INDEX authorizations_by_age ON authorizations (created_at);

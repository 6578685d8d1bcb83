-- RFC 9773 renewals that limits of orders do not count. How many requests have named this certificate in time: after a few,
-- they are counted like any other, or failing them would be a way to load the issuer without a limit.
ALTER TABLE certificates ADD COLUMN free_renewals smallint NOT NULL DEFAULT 0;
-- Whether no limit counts the order, nor the certificate that comes of it.
ALTER TABLE orders ADD COLUMN uncounted boolean NOT NULL DEFAULT false;

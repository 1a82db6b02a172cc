// Exact look-up of contact details, by keyed hashes.
CREATE INDEX customer_email IF NOT EXISTS FOR (c:Customer) ON (c.emailIndex);
CREATE INDEX customer_phone IF NOT EXISTS FOR (c:Customer) ON (c.phoneIndex)

// Which tokens are refused before they expire, and since when.
CREATE CONSTRAINT revocation_id IF NOT EXISTS FOR (r:Revocation) REQUIRE r.id IS UNIQUE;
CREATE INDEX revocation_at IF NOT EXISTS FOR (r:Revocation) ON (r.at)

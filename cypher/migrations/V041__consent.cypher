// Whom a campaign aims at; who is on the suppression list; what was decided, by time.
CREATE CONSTRAINT segment_id IF NOT EXISTS FOR (s:Segment) REQUIRE s.id IS UNIQUE;
CREATE CONSTRAINT suppression_id IF NOT EXISTS FOR (s:Suppression) REQUIRE s.id IS UNIQUE;
CREATE CONSTRAINT suppression_entry IF NOT EXISTS FOR (s:Suppression) REQUIRE s.entry IS UNIQUE;
CREATE INDEX suppression_key IF NOT EXISTS FOR (s:Suppression) ON (s.key);
CREATE INDEX suppression_at IF NOT EXISTS FOR (s:Suppression) ON (s.at);
CREATE INDEX decision_at IF NOT EXISTS FOR (d:Decision) ON (d.at)

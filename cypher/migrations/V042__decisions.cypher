// What was decided about a customer of a campaign, once each, and who decides about a campaign right now.
CREATE CONSTRAINT decision_id IF NOT EXISTS FOR (d:Decision) REQUIRE d.id IS UNIQUE;
CREATE CONSTRAINT audience_build_id IF NOT EXISTS FOR (b:AudienceBuild) REQUIRE b.id IS UNIQUE;
// Who is written to when: the cap looks back a few days, campaigns look at their own.
CREATE INDEX decision_at IF NOT EXISTS FOR (d:Decision) ON (d.at)

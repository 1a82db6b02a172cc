// The offers that are kept: two snapshots in turn, each of one model.
CREATE CONSTRAINT snapshot_id IF NOT EXISTS FOR (s:Snapshot) REQUIRE s.id IS UNIQUE;
CREATE INDEX snapshot_model IF NOT EXISTS FOR (s:Snapshot) ON (s.model)

// A message counts for caps from when it was handed over.
CREATE INDEX decision_handed_at IF NOT EXISTS FOR (d:Decision) ON (d.handedAt)

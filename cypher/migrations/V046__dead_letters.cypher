// What a webhook would not take is found again.
CREATE INDEX decision_dead_at IF NOT EXISTS FOR (d:Decision) ON (d.deadAt)

// What retention drops by its age.
CREATE INDEX viewed_at IF NOT EXISTS FOR ()-[v:VIEWED]-() ON (v.at);
CREATE INDEX interaction_at IF NOT EXISTS FOR (i:Interaction) ON (i.at)

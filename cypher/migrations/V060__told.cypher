// What was told to subscribers is kept for an hour, by number, for those who come back.
CREATE INDEX outbox_key_number IF NOT EXISTS FOR (o:Outbox) ON (o.key, o.number);
CREATE INDEX outbox_told_at IF NOT EXISTS FOR (o:Outbox) ON (o.toldAt);

// Which campaigns hand over to a webhook now?
// @read many
// @return id: ID!
MATCH (k:Campaign)
WHERE k.status = 'RUNNING' AND k.webhookUrl IS NOT NULL AND k.startsAt <= datetime.realtime() AND k.endsAt > datetime.realtime()
RETURN k.id AS id
ORDER BY id

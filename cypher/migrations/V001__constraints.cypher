// Every key of the graph. Community has no node keys: what must not be null is enforced on write.
CREATE CONSTRAINT migration_version IF NOT EXISTS FOR (m:Migration) REQUIRE m.version IS UNIQUE;
CREATE CONSTRAINT customer_id IF NOT EXISTS FOR (c:Customer) REQUIRE c.id IS UNIQUE;
CREATE CONSTRAINT product_id IF NOT EXISTS FOR (p:Product) REQUIRE p.id IS UNIQUE;
CREATE CONSTRAINT category_id IF NOT EXISTS FOR (c:Category) REQUIRE c.id IS UNIQUE;
CREATE CONSTRAINT order_id IF NOT EXISTS FOR (o:Order) REQUIRE o.id IS UNIQUE;
CREATE CONSTRAINT campaign_id IF NOT EXISTS FOR (c:Campaign) REQUIRE c.id IS UNIQUE;
CREATE CONSTRAINT coupon_id IF NOT EXISTS FOR (c:Coupon) REQUIRE c.id IS UNIQUE;
CREATE CONSTRAINT interaction_id IF NOT EXISTS FOR (i:Interaction) REQUIRE i.id IS UNIQUE;
CREATE CONSTRAINT consent_id IF NOT EXISTS FOR (c:Consent) REQUIRE c.id IS UNIQUE;
CREATE CONSTRAINT group_id IF NOT EXISTS FOR (g:Group) REQUIRE g.id IS UNIQUE;
CREATE CONSTRAINT week_id IF NOT EXISTS FOR (w:Week) REQUIRE w.id IS UNIQUE;
CREATE CONSTRAINT model_id IF NOT EXISTS FOR (m:Model) REQUIRE m.id IS UNIQUE;
CREATE CONSTRAINT event_id IF NOT EXISTS FOR (e:Event) REQUIRE e.id IS UNIQUE;
CREATE CONSTRAINT outbox_id IF NOT EXISTS FOR (o:Outbox) REQUIRE o.id IS UNIQUE;
CREATE CONSTRAINT load_id IF NOT EXISTS FOR (l:Load) REQUIRE l.id IS UNIQUE;
CREATE INDEX order_placed_at IF NOT EXISTS FOR (o:Order) ON (o.placedAt);
CREATE INDEX order_counted IF NOT EXISTS FOR (o:Order) ON (o.counted);
CREATE INDEX campaign_status IF NOT EXISTS FOR (c:Campaign) ON (c.status);
CREATE INDEX model_status IF NOT EXISTS FOR (m:Model) ON (m.status);
CREATE INDEX outbox_at IF NOT EXISTS FOR (o:Outbox) ON (o.at);
CREATE INDEX bought_with_model IF NOT EXISTS FOR ()-[w:BOUGHT_WITH]-() ON (w.model)

// How often which role used which root field, a day each.
CREATE CONSTRAINT field_use_id IF NOT EXISTS FOR (u:FieldUse) REQUIRE u.id IS UNIQUE;
CREATE INDEX field_use_day IF NOT EXISTS FOR (u:FieldUse) ON (u.day)

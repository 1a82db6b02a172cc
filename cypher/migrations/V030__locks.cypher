// What may be done by one at a time: training, and changing which model answers.
CREATE CONSTRAINT lock_id IF NOT EXISTS FOR (l:Lock) REQUIRE l.id IS UNIQUE

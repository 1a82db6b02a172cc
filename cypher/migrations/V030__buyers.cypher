// Who had bought what when a model learned is forgotten with it.
CREATE INDEX had_buyers_model IF NOT EXISTS FOR ()-[h:HAD_BUYERS]-() ON (h.model)

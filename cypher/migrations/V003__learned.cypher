// What a model learned is found by its id, to be read at once and to be forgotten.
CREATE INDEX bought_after_model IF NOT EXISTS FOR ()-[w:BOUGHT_AFTER]-() ON (w.model);
CREATE INDEX similar_to_model IF NOT EXISTS FOR ()-[s:SIMILAR_TO]-() ON (s.model);
CREATE INDEX has_weights_model IF NOT EXISTS FOR ()-[h:HAS_WEIGHTS]-() ON (h.model);
CREATE INDEX popular_model IF NOT EXISTS FOR ()-[p:POPULAR]-() ON (p.model);
CREATE INDEX measured_model IF NOT EXISTS FOR ()-[m:MEASURED]-() ON (m.model)

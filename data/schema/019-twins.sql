-- Buyers and goods that are there twice (src/store/catalogue_p.h): whoever writes one of a pair puts
-- both here, so that looking for them does not read the catalogue.  Some may have lost the other
-- since: the reader asks.

CREATE TABLE catalogue_twin (
  unit_id INTEGER NOT NULL REFERENCES unit (id) ON DELETE CASCADE,
  kind INTEGER NOT NULL, -- as in catalogue_tally
  id INTEGER NOT NULL,
  PRIMARY KEY (unit_id, kind, id)
) WITHOUT ROWID;

INSERT INTO catalogue_twin SELECT a.unit_id, 2, a.id
  FROM (SELECT name_key AS k FROM goods WHERE name_key IS NOT NULL GROUP BY name_key
    HAVING COUNT(*) > 1) d CROSS JOIN goods a ON a.name_key = d.k
  WHERE a.removed_at IS NULL AND EXISTS (SELECT 1 FROM goods b WHERE b.name_key = a.name_key
    AND +b.unit_id = a.unit_id AND b.name = a.name AND b.spec = a.spec AND b.id <> a.id
    AND b.removed_at IS NULL);
INSERT INTO catalogue_twin SELECT a.unit_id, 1, a.id
  FROM (SELECT name_key AS k FROM buyer WHERE name_key IS NOT NULL GROUP BY name_key
    HAVING COUNT(*) > 1) d CROSS JOIN buyer a ON a.name_key = d.k
  WHERE a.removed_at IS NULL AND EXISTS (SELECT 1 FROM buyer b WHERE b.name_key = a.name_key
    AND +b.unit_id = a.unit_id AND b.name = a.name AND b.id <> a.id AND b.removed_at IS NULL);
INSERT INTO catalogue_twin SELECT a.unit_id, 1, a.id
  FROM (SELECT tax_key AS k FROM buyer WHERE tax_key IS NOT NULL GROUP BY tax_key
    HAVING COUNT(*) > 1) d CROSS JOIN buyer a ON a.tax_key = d.k
  WHERE a.removed_at IS NULL AND EXISTS (SELECT 1 FROM buyer b WHERE b.tax_key = a.tax_key
    AND +b.unit_id = a.unit_id AND b.tax_no = a.tax_no AND b.id <> a.id AND b.removed_at IS NULL)
    AND NOT EXISTS (SELECT 1 FROM catalogue_twin t WHERE t.unit_id = a.unit_id AND t.kind = 1
      AND t.id = a.id);

-- Business types: names compared without width, case and blanks around (folded() is the program's,
-- src/store/types.c), the invoices that name one, lists by it.
-- A row with removed_at that was never maintained stands for a text invoices were issued with; it
-- becomes a type of the unit when somebody adds one of that name.

ALTER TABLE business_type ADD COLUMN folded TEXT NOT NULL DEFAULT '';
UPDATE business_type SET folded = folded(name);
DROP INDEX business_type_name;
CREATE UNIQUE INDEX business_type_name ON business_type (unit_id, folded) WHERE removed_at IS NULL;
CREATE INDEX business_type_text ON business_type (unit_id, folded, id);

ALTER TABLE invoice ADD COLUMN business_type_id INTEGER REFERENCES business_type (id);
INSERT INTO business_type (id, unit_id, name, folded, uses, created_at, updated_at, removed_at)
  SELECT (SELECT COALESCE(MAX(id), 0) FROM business_type) +
      ROW_NUMBER() OVER (ORDER BY unit_id, key),
    unit_id, MIN(name), key, SUM(CASE WHEN state = 'void' THEN 0 ELSE 1 END),
    MIN(created_at), MAX(updated_at), MAX(updated_at)
  FROM (SELECT unit_id, state, created_at, updated_at, name, folded(name) AS key
    FROM (SELECT unit_id, state, created_at, updated_at,
        CASE WHEN json_valid(head) THEN json_extract(head, '$.business_type') END AS name
      FROM invoice) n) i
  WHERE key <> '' GROUP BY unit_id, key;
UPDATE invoice SET business_type_id = (SELECT t.id FROM business_type t
    WHERE t.unit_id = invoice.unit_id
      AND t.folded = folded(json_extract(invoice.head, '$.business_type')))
  WHERE json_valid(head) AND json_extract(head, '$.business_type') <> '';
INSERT INTO counter (name, value)
  SELECT 'business_type', COALESCE(MAX(id), 0) FROM business_type WHERE TRUE
  ON CONFLICT (name) DO UPDATE SET value = excluded.value;

-- As the lists without a type, for those with one.
CREATE INDEX invoice_type ON invoice (unit_id, business_type_id, id)
  WHERE business_type_id IS NOT NULL;
CREATE INDEX invoice_type_state ON invoice (unit_id, business_type_id, state, kind, id)
  WHERE business_type_id IS NOT NULL;
CREATE INDEX invoice_type_buyer ON invoice (unit_id, business_type_id, buyer_name_id, id)
  WHERE business_type_id IS NOT NULL;
CREATE INDEX invoice_type_buyer_state ON invoice (unit_id, business_type_id, buyer_name_id, state,
    kind, id) WHERE business_type_id IS NOT NULL;

ALTER TABLE issue_habit ADD COLUMN business_type TEXT NOT NULL DEFAULT '';

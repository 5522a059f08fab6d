-- 红字确认单 under way (src/store/red.h): an answer of ours or a red invoice that has no result yet
-- makes a letter 处理中; a refused application that was put away is one that is not valid.  A red
-- invoice of the tax side's list names its blue one.

ALTER TABLE red_letter ADD COLUMN making INTEGER NOT NULL DEFAULT 0; -- its red invoice is on its way

UPDATE red_letter SET making = 1 WHERE issued = 0 AND red_invoice_id IN (SELECT id FROM invoice
  WHERE state NOT IN ('failed', 'issued', 'void'));

CREATE INDEX red_letter_busy ON red_letter (unit_id, side, entered_by, state, place)
  WHERE making = 1 OR action <> '';

DELETE FROM red_tally;
INSERT INTO red_tally (unit_id, side, situation, n)
SELECT unit_id, side, CASE
    WHEN progress = 'refused' THEN CASE WHEN valid = 0 THEN 'void' ELSE 'failed' END
    WHEN progress <> 'known' THEN 'on-the-way'
    WHEN issued = 1 THEN 'issued'
    WHEN state > 4 OR (valid = 0 AND state > 0) THEN 'void'
    WHEN state = 0 OR making = 1 OR action <> '' THEN 'on-the-way'
    WHEN state IN (2, 3) THEN CASE WHEN entered_by = side THEN 'for-them' ELSE 'for-us' END
    WHEN side = 0 THEN 'issuable' ELSE 'they-issue' END AS situation, COUNT(*)
  FROM red_letter GROUP BY 1, 2, 3;

ALTER TABLE recon_theirs ADD COLUMN blue_number TEXT NOT NULL DEFAULT '';

-- Red invoices are found by what stands before their remark, too (as 023 did for 附加要素).
INSERT INTO invoice_find_past (unit_id, done_id, end_id)
  SELECT f.unit_id, MIN(r.invoice_id) - 1, f.done_id FROM invoice_find f
    JOIN invoice_red r ON r.unit_id = f.unit_id
    WHERE f.done_id > 0 GROUP BY f.unit_id, f.done_id HAVING MIN(r.invoice_id) <= f.done_id
  ON CONFLICT (unit_id) DO UPDATE SET done_id = MIN(done_id, excluded.done_id),
    end_id = MAX(end_id, excluded.end_id);

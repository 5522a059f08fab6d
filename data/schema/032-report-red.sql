-- 统计报表: of every sum what the red invoices in it come to (src/store/report.h); and the letters
-- that ran out of their 72 hours, until somebody has looked at them (src/store/red.h).

ALTER TABLE report_sum ADD COLUMN red_count INTEGER NOT NULL DEFAULT 0;
ALTER TABLE report_sum ADD COLUMN red_net INTEGER NOT NULL DEFAULT 0;
ALTER TABLE report_sum ADD COLUMN red_tax INTEGER NOT NULL DEFAULT 0;

-- Days with red invoices, and days in which a natural person is two buyers (the suffix （个人） of
-- the wire stood in the key once), are summed anew; so are their months.
UPDATE report_day SET turn = turn + 1 WHERE (unit_id, day) IN (
  SELECT r.unit_id, substr(i.issued_at, 1, 10) FROM invoice_red r
    JOIN invoice i ON i.id = r.invoice_id WHERE i.state = 'issued'
  UNION
  SELECT s.unit_id, printf('%04d-%02d-%02d', s.period / 10000, s.period / 100 % 100, s.period % 100)
    FROM report_key k JOIN report_sum s ON s.unit_id = k.unit_id AND s.dim = k.dim
      AND s.key_id = k.id
    WHERE k.dim = 4 AND k.key LIKE 'N%（个人）');

ALTER TABLE red_letter ADD COLUMN lapsed INTEGER NOT NULL DEFAULT 0; -- and nobody has looked
CREATE INDEX red_letter_lapsed ON red_letter (unit_id) WHERE lapsed = 1;

-- 统计报表: what the issued invoices of a day add up to, by buyer, goods, rate ... and of a month
-- what its days do (src/store/report.h).  Summed when first asked for; amounts are fen.

CREATE TABLE report_day ( -- every business day with an issued invoice
  unit_id INTEGER NOT NULL,
  day TEXT NOT NULL, -- yyyy-MM-dd of 开票日期
  turn INTEGER NOT NULL, -- grows with every change of the day's invoices
  summed INTEGER NOT NULL, -- the turn report_sum is of; the same: it holds
  first_id INTEGER NOT NULL, last_id INTEGER NOT NULL, -- of its invoices
  PRIMARY KEY (unit_id, day)
) WITHOUT ROWID;
INSERT INTO report_day (unit_id, day, turn, summed, first_id, last_id)
  SELECT unit_id, SUBSTR(issued_at, 1, 10), COUNT(*), 0, MIN(id), MAX(id) FROM invoice
  WHERE state = 'issued' AND issued_at <> '' GROUP BY unit_id, SUBSTR(issued_at, 1, 10);

CREATE TABLE report_month ( -- months whose days are summed up once more
  unit_id INTEGER NOT NULL,
  month TEXT NOT NULL, -- yyyy-MM
  turns INTEGER NOT NULL, -- the sum of its days' turns then
  PRIMARY KEY (unit_id, month)
) WITHOUT ROWID;

CREATE TABLE report_key ( -- a buyer, goods, rate ...
  id INTEGER NOT NULL PRIMARY KEY,
  unit_id INTEGER NOT NULL,
  dim INTEGER NOT NULL,
  key TEXT NOT NULL,
  label TEXT NOT NULL,   -- what it is called on its latest invoice
  label_at TEXT NOT NULL -- when that was issued
);
CREATE UNIQUE INDEX report_key_key ON report_key (unit_id, dim, key);

CREATE TABLE report_sum (
  unit_id INTEGER NOT NULL,
  dim INTEGER NOT NULL,
  period INTEGER NOT NULL, -- yyyyMMdd; yyyyMM00 of a month
  key_id INTEGER NOT NULL REFERENCES report_key (id),
  count INTEGER NOT NULL, -- invoices
  net INTEGER NOT NULL, tax INTEGER NOT NULL, gross INTEGER NOT NULL,
  PRIMARY KEY (unit_id, dim, period, key_id)
) WITHOUT ROWID;

-- What the tax side changed of a unit's own data (src/store/unit_changes.c).

CREATE TABLE taxpayer_change (
  id INTEGER NOT NULL PRIMARY KEY,
  unit_id INTEGER NOT NULL REFERENCES unit (id),
  at INTEGER NOT NULL,
  key TEXT NOT NULL,              -- a member of struct taxpayer, or rates.RATE, rates.RATE.levy
  before TEXT NOT NULL,
  after TEXT NOT NULL
);
CREATE INDEX taxpayer_change_unit ON taxpayer_change (unit_id, id);

-- Edges of months that were noted while the clock of who answered was wrong: the month of their
-- date is possible, too, and without it nothing could count them there.
UPDATE invoice_boundary SET other = (SELECT substr(i.issued_at, 1, 7) FROM invoice i
    WHERE i.id = invoice_boundary.invoice_id)
  WHERE month = other AND EXISTS (SELECT 1 FROM invoice i WHERE i.id = invoice_boundary.invoice_id
    AND length(i.issued_at) >= 7 AND substr(i.issued_at, 1, 7) <> invoice_boundary.month);

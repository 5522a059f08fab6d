-- Full text, amounts and parts of numbers of the invoices: their index (find_post) follows behind
-- in the background; what it has not reached yet is read itself.  Issued invoices by their date.

CREATE TABLE invoice_find (
  unit_id INTEGER NOT NULL PRIMARY KEY,
  done_id INTEGER NOT NULL -- every invoice of the unit up to here has been put in
);
CREATE TABLE invoice_find_again ( -- of those, what was changed since
  unit_id INTEGER NOT NULL,
  invoice_id INTEGER NOT NULL,
  PRIMARY KEY (unit_id, invoice_id)
) WITHOUT ROWID;

CREATE INDEX invoice_issued ON invoice (unit_id, issued_at, id, kind) WHERE state = 'issued';

-- What came of each attempt to upload an invoice; its own message is only of the last one.
ALTER TABLE upload_item ADD COLUMN message TEXT NOT NULL DEFAULT '';
ALTER TABLE upload_item ADD COLUMN told_at INTEGER;

CREATE INDEX audit_invoice ON audit (subject, id)
  WHERE action = 'invoice.retry' OR action = 'invoice.void' OR action = 'invoice.settle' OR
    action = 'invoice.correct';

CREATE INDEX invoice_person ON invoice (unit_id, id) WHERE needs_person = 1;

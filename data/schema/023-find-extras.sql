-- Invoices that were taken into the index of searches before 附加要素 were searched are looked at once
-- more, behind everything else, some hundred at a time (src/store/invoices_index.c).

CREATE TABLE invoice_find_past (
  unit_id INTEGER NOT NULL PRIMARY KEY,
  done_id INTEGER NOT NULL, -- up to here it has been done
  end_id INTEGER NOT NULL   -- up to here it is to be done
);
INSERT INTO invoice_find_past (unit_id, done_id, end_id)
  SELECT unit_id, 0, done_id FROM invoice_find WHERE done_id > 0;

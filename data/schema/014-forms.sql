-- Drafts that were put together or taken apart (src/store/drafts.h), 发票模板 (src/store/templates.h).

CREATE TABLE draft_change ( -- 合并 or 拆分
  id INTEGER NOT NULL PRIMARY KEY,
  unit_id INTEGER NOT NULL REFERENCES unit (id),
  kind TEXT NOT NULL CHECK (kind = 'merge' OR kind = 'split'),
  user_id INTEGER NOT NULL REFERENCES app_user (id),
  at INTEGER NOT NULL
);
CREATE INDEX draft_change_unit ON draft_change (unit_id);

-- What went into it, whole, so that it can be taken back.  As long as one of its results is not void,
-- the order numbers here cannot be issued by themselves.
CREATE TABLE draft_source (
  change_id INTEGER NOT NULL REFERENCES draft_change (id),
  seq INTEGER NOT NULL,
  unit_id INTEGER NOT NULL,
  user_id INTEGER NOT NULL, -- whose it was
  order_no TEXT, -- NULL: it had none
  draft_id INTEGER, -- stored draft it was
  form_id INTEGER, -- form it was
  title TEXT NOT NULL,
  body TEXT NOT NULL, -- JSON of the invoice
  form TEXT, -- JSON of the form
  PRIMARY KEY (change_id, seq)
);
CREATE INDEX draft_source_order ON draft_source (unit_id, order_no) WHERE order_no IS NOT NULL;
CREATE INDEX draft_source_draft ON draft_source (draft_id) WHERE draft_id IS NOT NULL;
CREATE INDEX draft_source_form ON draft_source (form_id) WHERE form_id IS NOT NULL;

-- What it became: drafts, later the invoices that are issued of them.
CREATE TABLE draft_result (
  change_id INTEGER NOT NULL REFERENCES draft_change (id),
  invoice_id INTEGER NOT NULL REFERENCES invoice (id) DEFERRABLE INITIALLY DEFERRED,
  PRIMARY KEY (change_id, invoice_id)
);
CREATE INDEX draft_result_invoice ON draft_result (invoice_id);

CREATE TABLE invoice_template (
  id INTEGER NOT NULL PRIMARY KEY,
  unit_id INTEGER NOT NULL REFERENCES unit (id),
  owner_id INTEGER NOT NULL, -- 0: all clerks of the unit
  name TEXT NOT NULL,
  folded TEXT NOT NULL, -- half width, small letters: names are the same by it
  kind TEXT NOT NULL,
  buyer_name TEXT NOT NULL,
  line_count INTEGER NOT NULL,
  gross INTEGER NOT NULL, -- 0: not all figures are filled in
  uses INTEGER NOT NULL DEFAULT 0,
  used_at INTEGER NOT NULL DEFAULT 0,
  created_by INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  body TEXT NOT NULL -- JSON of the invoice, as entered
);
CREATE UNIQUE INDEX invoice_template_name ON invoice_template (unit_id, owner_id, folded);

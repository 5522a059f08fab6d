-- 批量开票: batches of orders and what became of each (src/store/batch.h).  Counts are kept in the
-- transactions that change states.

CREATE TABLE order_batch (
  id INTEGER NOT NULL PRIMARY KEY,
  unit_id INTEGER NOT NULL REFERENCES unit (id),
  state TEXT NOT NULL CHECK (state = 'checked' OR state = 'running' OR state = 'paused' OR
    state = 'done' OR state = 'cancelled'),
  strict INTEGER NOT NULL,
  file TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  first_order INTEGER NOT NULL, -- id of its first order; the others follow it
  orders INTEGER NOT NULL DEFAULT 0,
  lines INTEGER NOT NULL DEFAULT 0,
  n_bad INTEGER NOT NULL DEFAULT 0,
  n_ready INTEGER NOT NULL DEFAULT 0,
  n_repeat INTEGER NOT NULL DEFAULT 0,
  n_taken INTEGER NOT NULL DEFAULT 0,
  n_issued INTEGER NOT NULL DEFAULT 0,
  n_failed INTEGER NOT NULL DEFAULT 0,
  n_skipped INTEGER NOT NULL DEFAULT 0,
  net INTEGER NOT NULL DEFAULT 0, tax INTEGER NOT NULL DEFAULT 0, gross INTEGER NOT NULL DEFAULT 0,
  ready_lines INTEGER NOT NULL DEFAULT 0,
  ready_net INTEGER NOT NULL DEFAULT 0,
  ready_tax INTEGER NOT NULL DEFAULT 0,
  ready_gross INTEGER NOT NULL DEFAULT 0,
  ready_quota INTEGER NOT NULL DEFAULT 0,
  served INTEGER NOT NULL DEFAULT 0, -- the lowest one is next
  created_by INTEGER NOT NULL,
  owner INTEGER NOT NULL, -- who started it: the runner acts as this person
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  started_at INTEGER,
  finished_at INTEGER,
  doubtful INTEGER NOT NULL DEFAULT 0, -- restored from a backup: may have been issued since
  reason TEXT NOT NULL DEFAULT '', -- of a pause
  mend TEXT NOT NULL DEFAULT ''
);
CREATE INDEX order_batch_unit ON order_batch (unit_id, id);
CREATE INDEX order_batch_state ON order_batch (unit_id, state, id);
CREATE INDEX order_batch_running ON order_batch (served, id) WHERE state = 'running';
CREATE INDEX order_batch_file ON order_batch (unit_id, sha256, id);

CREATE TABLE batch_order (
  id INTEGER NOT NULL PRIMARY KEY,
  batch_id INTEGER NOT NULL REFERENCES order_batch (id),
  unit_id INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state = 'bad' OR state = 'ready' OR state = 'repeat' OR
    state = 'taken' OR state = 'issued' OR state = 'failed' OR state = 'skipped'),
  invoice_id INTEGER REFERENCES invoice (id),
  sheet_row INTEGER NOT NULL,
  kind TEXT NOT NULL,
  line_count INTEGER NOT NULL,
  net INTEGER NOT NULL, tax INTEGER NOT NULL, gross INTEGER NOT NULL,
  quota INTEGER NOT NULL,
  order_no TEXT NOT NULL,
  buyer_name TEXT NOT NULL, buyer_tax_no TEXT NOT NULL,
  reason TEXT NOT NULL
);
CREATE INDEX batch_order_state ON batch_order (batch_id, state, seq);
CREATE INDEX batch_order_no ON batch_order (unit_id, order_no);
CREATE INDEX batch_order_invoice ON batch_order (invoice_id) WHERE invoice_id IS NOT NULL;

CREATE TABLE batch_body ( -- content of an order that has no invoice yet
  order_id INTEGER NOT NULL PRIMARY KEY REFERENCES batch_order (id),
  body BLOB NOT NULL
);

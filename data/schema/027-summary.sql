-- 汇总确认 (src/store/summary.h): one row a unit and month, written before the tax side is asked.

CREATE TABLE summary (
  id INTEGER NOT NULL PRIMARY KEY,
  unit_id INTEGER NOT NULL REFERENCES unit (id),
  month TEXT NOT NULL, -- yyyy-MM of the tax side's success
  identity TEXT NOT NULL CHECK (identity = 'using' OR identity = 'direct'), -- 接入身份
  state TEXT NOT NULL CHECK (state = 'open' OR state = 'confirming' OR state = 'confirmed' OR
    state = 'cancelling' OR state = 'cancelled' OR state = 'auto' OR state = 'failed'),
  doubt INTEGER NOT NULL DEFAULT 0,  -- what was last sent may have been done
  forced INTEGER NOT NULL DEFAULT 0, -- confirmed although invoices of the month were open
  tries INTEGER NOT NULL DEFAULT 0,  -- refused as not equal, while theirs may lag
  blue_count INTEGER NOT NULL DEFAULT 0, blue_net INTEGER NOT NULL DEFAULT 0,
  blue_tax INTEGER NOT NULL DEFAULT 0, red_count INTEGER NOT NULL DEFAULT 0,
  red_net INTEGER NOT NULL DEFAULT 0, red_tax INTEGER NOT NULL DEFAULT 0,
  sent_at INTEGER NOT NULL DEFAULT 0, -- when those six were put on record to be sent
  their_blue_count INTEGER NOT NULL DEFAULT 0, their_blue_net INTEGER NOT NULL DEFAULT 0,
  their_blue_tax INTEGER NOT NULL DEFAULT 0, their_red_count INTEGER NOT NULL DEFAULT 0,
  their_red_net INTEGER NOT NULL DEFAULT 0, their_red_tax INTEGER NOT NULL DEFAULT 0,
  theirs_at INTEGER NOT NULL DEFAULT 0, -- 0: not told
  message TEXT NOT NULL DEFAULT '',
  recon_id INTEGER NOT NULL DEFAULT 0, -- the comparison that was begun when they differed
  made_by INTEGER NOT NULL, -- 0: the calendar
  made_at INTEGER NOT NULL,
  ended_at INTEGER NOT NULL DEFAULT 0, -- confirmed, cancelled or found summed up
  updated_at INTEGER NOT NULL,
  UNIQUE (unit_id, month)
);
CREATE INDEX summary_moving ON summary (id) WHERE state = 'confirming' OR state = 'cancelling';

-- Invoices that were sent in one month and learnt to be issued in another: which one counts them.
CREATE TABLE invoice_boundary (
  invoice_id INTEGER NOT NULL PRIMARY KEY REFERENCES invoice (id),
  unit_id INTEGER NOT NULL,
  month TEXT NOT NULL, -- counted in
  other TEXT NOT NULL, -- the other one it may be
  sent_at INTEGER NOT NULL,
  told_at INTEGER NOT NULL
);
CREATE INDEX invoice_boundary_month ON invoice_boundary (unit_id, month);
CREATE INDEX invoice_boundary_other ON invoice_boundary (unit_id, other);

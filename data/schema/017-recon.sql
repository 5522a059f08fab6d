-- 对账: a month compared with the tax side (src/store/recon.h).  Abilities of a unit beyond those every
-- unit has.

CREATE TABLE unit_ability (
  unit_id INTEGER NOT NULL,
  ability TEXT NOT NULL, -- 203067 归集
  has INTEGER NOT NULL,
  by_person INTEGER NOT NULL, -- 0: as the tax side answered
  at INTEGER NOT NULL,
  PRIMARY KEY (unit_id, ability)
) WITHOUT ROWID;

-- 批量发票下载申请: few are allowed, so each is on record before it is made.
CREATE TABLE collect_apply (
  id INTEGER NOT NULL PRIMARY KEY,
  unit_id INTEGER NOT NULL,
  run_id INTEGER NOT NULL,
  month TEXT NOT NULL, -- yyyy-MM of 开票日期
  kind TEXT NOT NULL CHECK (kind = 'special' OR kind = 'ordinary'),
  day TEXT NOT NULL, -- yyyy-MM-dd it was made on
  at INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state = 'sending' OR state = 'granted' OR state = 'refused'),
  serial TEXT NOT NULL DEFAULT '', -- 流水号 of a granted one
  packages INTEGER NOT NULL DEFAULT 0, -- 0: not known yet
  loaded INTEGER NOT NULL DEFAULT 0,
  outcome TEXT NOT NULL DEFAULT '' CHECK (outcome = '' OR outcome = 'whole' OR outcome = 'failed'),
  message TEXT NOT NULL DEFAULT ''
);
CREATE INDEX collect_apply_month ON collect_apply (unit_id, month, kind, id);
CREATE INDEX collect_apply_run ON collect_apply (run_id, kind, id);

CREATE TABLE recon_run (
  id INTEGER NOT NULL PRIMARY KEY,
  unit_id INTEGER NOT NULL,
  month TEXT NOT NULL,
  thorough INTEGER NOT NULL, -- issued ones are asked for one by one, too
  collect INTEGER NOT NULL,  -- the lists of 归集 may be applied for
  state TEXT NOT NULL CHECK (state = 'running' OR state = 'done' OR state = 'failed'),
  stage TEXT NOT NULL,
  at_text TEXT NOT NULL DEFAULT '', -- how far the stage is
  at_id INTEGER NOT NULL DEFAULT 0,
  listed_special INTEGER NOT NULL DEFAULT 0, -- the whole list of the kind is in hand
  listed_ordinary INTEGER NOT NULL DEFAULT 0,
  mute INTEGER NOT NULL DEFAULT 0, -- single ones cannot be asked for
  ours INTEGER NOT NULL DEFAULT 0, -- issued invoices of the month
  theirs INTEGER NOT NULL DEFAULT 0,
  same INTEGER NOT NULL DEFAULT 0,
  asked INTEGER NOT NULL DEFAULT 0,
  differences INTEGER NOT NULL DEFAULT 0,
  others INTEGER NOT NULL DEFAULT 0, -- of other channels
  figures TEXT NOT NULL DEFAULT '', -- JSON: the six figures, ours and theirs
  notes TEXT NOT NULL DEFAULT '',
  created_by INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  finished_at INTEGER
);
CREATE INDEX recon_run_unit ON recon_run (unit_id, id);

-- What the lists said; only while the run goes on.
CREATE TABLE recon_theirs (
  run_id INTEGER NOT NULL,
  number TEXT NOT NULL,
  kind TEXT NOT NULL,
  issued_at TEXT NOT NULL,
  red INTEGER NOT NULL,
  row_count INTEGER NOT NULL, -- of goods; -1: not told
  net INTEGER NOT NULL, tax INTEGER NOT NULL, gross INTEGER NOT NULL,
  buyer_tax_no TEXT NOT NULL,
  buyer_name TEXT NOT NULL,
  PRIMARY KEY (run_id, number)
) WITHOUT ROWID;

CREATE TABLE recon_difference (
  id INTEGER NOT NULL PRIMARY KEY,
  run_id INTEGER NOT NULL REFERENCES recon_run (id),
  unit_id INTEGER NOT NULL,
  kind TEXT NOT NULL,
  number TEXT NOT NULL,
  invoice_id INTEGER NOT NULL, -- 0: we have none
  compared INTEGER NOT NULL,   -- contents were: 0 not, 1 the same, 2 they differ
  state TEXT NOT NULL CHECK (state = 'open' OR state = 'settled' OR state = 'dismissed'),
  buyer TEXT NOT NULL,
  gross INTEGER NOT NULL,
  ours TEXT NOT NULL,
  theirs TEXT NOT NULL,
  note TEXT NOT NULL DEFAULT '', -- of the person who settled it
  settled_at INTEGER
);
CREATE UNIQUE INDEX recon_difference_one ON recon_difference (run_id, number, kind);
CREATE INDEX recon_difference_kind ON recon_difference (run_id, kind, id);

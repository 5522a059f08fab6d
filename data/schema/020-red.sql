-- 红字确认单 and what red invoices take back (src/store/red.h).  Sides, states and reasons are the
-- numbers of the wire: 0 销方 1 购方, state 1..13 (0: not answered yet), reason 1..4.  Amounts of
-- letters are below zero.

CREATE TABLE red_letter ( -- our copy, one per unit, side of ours and UUID; long texts last
  id INTEGER NOT NULL PRIMARY KEY,
  unit_id INTEGER NOT NULL REFERENCES unit (id),
  side INTEGER NOT NULL CHECK (side = 0 OR side = 1), -- ours
  entered_by INTEGER NOT NULL CHECK (entered_by = 0 OR entered_by = 1),
  state INTEGER NOT NULL CHECK (state BETWEEN 0 AND 13),
  issued INTEGER NOT NULL CHECK (issued = 0 OR issued = 1), -- 已开具红字发票
  place INTEGER NOT NULL, -- where it stands in lists: when it was entered, then the id
  progress TEXT NOT NULL CHECK (progress = 'applying' OR progress = 'doubtful' OR
    progress = 'known' OR progress = 'refused'),
  party_id INTEGER REFERENCES buyer_name (id), -- the other side's name
  blue_day TEXT NOT NULL DEFAULT '', -- yyyy-MM-dd
  reason INTEGER NOT NULL CHECK (reason BETWEEN 0 AND 4),
  valid INTEGER NOT NULL,
  net INTEGER NOT NULL, tax INTEGER NOT NULL,
  number TEXT, uuid TEXT, -- NULL before the tax side has it
  blue_number TEXT NOT NULL,
  entered_at TEXT NOT NULL DEFAULT '', confirmed_at TEXT NOT NULL DEFAULT '',
  red_number TEXT NOT NULL DEFAULT '', red_issued_at TEXT NOT NULL DEFAULT '',
  blue_invoice_id INTEGER, -- when the blue one is ours
  red_invoice_id INTEGER,  -- the living one made here
  declared_lines INTEGER NOT NULL DEFAULT 0,
  detail_at INTEGER NOT NULL DEFAULT 0, -- when the lines came; 0: not here
  synced_at INTEGER NOT NULL DEFAULT 0, -- when the tax side last spoke of it
  action TEXT NOT NULL DEFAULT '' CHECK (action = '' OR action = 'confirm' OR action = 'deny' OR
    action = 'revoke'), -- under way
  created_by INTEGER,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  seller_tax_no TEXT NOT NULL, seller_name TEXT NOT NULL,
  buyer_tax_no TEXT NOT NULL, buyer_name TEXT NOT NULL,
  blue_code TEXT NOT NULL DEFAULT '', blue_paper INTEGER NOT NULL DEFAULT 0,
  blue_issued_at TEXT NOT NULL DEFAULT '', blue_kind TEXT NOT NULL DEFAULT '',
  blue_net INTEGER NOT NULL DEFAULT 0, blue_tax INTEGER NOT NULL DEFAULT 0,
  element TEXT NOT NULL DEFAULT '', differential TEXT NOT NULL DEFAULT '',
  message TEXT NOT NULL DEFAULT '',       -- why the application waits or was refused
  action_message TEXT NOT NULL DEFAULT '' -- why the action waits or was refused
);
CREATE UNIQUE INDEX red_letter_uuid ON red_letter (unit_id, side, uuid) WHERE uuid IS NOT NULL;
CREATE INDEX red_letter_number ON red_letter (unit_id, number) WHERE number IS NOT NULL;
CREATE INDEX red_letter_blue ON red_letter (unit_id, blue_number);
CREATE UNIQUE INDEX red_letter_red ON red_letter (red_invoice_id) WHERE red_invoice_id IS NOT NULL;
-- Each list is a merge of ranges of one of these, newest first.
CREATE INDEX red_letter_place ON red_letter (unit_id, side, entered_by, place);
CREATE INDEX red_letter_state ON red_letter (unit_id, side, entered_by, state, issued, place);
CREATE INDEX red_letter_party ON red_letter (unit_id, side, entered_by, party_id, place);
CREATE INDEX red_letter_day ON red_letter (unit_id, side, entered_by, blue_day, place);
CREATE INDEX red_letter_open ON red_letter (unit_id, side, synced_at)
  WHERE progress = 'known' AND state <= 4 AND issued = 0;
CREATE INDEX red_letter_gone ON red_letter (unit_id, side, entered_by, state, place)
  WHERE valid = 0; -- for those void without a state that says so
CREATE INDEX red_letter_bare ON red_letter (unit_id, side, place)
  WHERE progress = 'known' AND detail_at = 0;

CREATE TABLE red_letter_line (
  letter_id INTEGER NOT NULL REFERENCES red_letter (id) ON DELETE CASCADE,
  seq INTEGER NOT NULL,
  blue_row INTEGER NOT NULL,
  rate_ppm INTEGER NOT NULL,
  quantity TEXT NOT NULL, price TEXT NOT NULL, -- '' without
  net INTEGER NOT NULL, tax INTEGER NOT NULL, deduction INTEGER NOT NULL,
  tax_code TEXT NOT NULL, name TEXT NOT NULL, short_name TEXT NOT NULL, spec TEXT NOT NULL,
  unit TEXT NOT NULL, preference TEXT NOT NULL,
  PRIMARY KEY (letter_id, seq)
) WITHOUT ROWID;

CREATE TABLE red_history ( -- what became of a letter, ours and the tax side's word
  id INTEGER NOT NULL PRIMARY KEY,
  letter_id INTEGER NOT NULL REFERENCES red_letter (id) ON DELETE CASCADE,
  at INTEGER NOT NULL,
  user_id INTEGER, -- NULL: the tax side, or the engine
  what TEXT NOT NULL,
  old_state INTEGER NOT NULL, new_state INTEGER NOT NULL,
  note TEXT NOT NULL DEFAULT ''
);
CREATE INDEX red_history_letter ON red_history (letter_id, id);

CREATE TABLE red_tally ( -- letters by situation, kept in the same transaction
  unit_id INTEGER NOT NULL,
  side INTEGER NOT NULL,
  situation TEXT NOT NULL,
  n INTEGER NOT NULL,
  PRIMARY KEY (unit_id, side, situation)
) WITHOUT ROWID;

CREATE TABLE red_window ( -- how far the letters of a side were brought in whole
  unit_id INTEGER NOT NULL REFERENCES unit (id) ON DELETE CASCADE,
  side INTEGER NOT NULL,
  until TEXT NOT NULL, -- yyyy-MM-dd
  at INTEGER NOT NULL,
  PRIMARY KEY (unit_id, side)
) WITHOUT ROWID;

CREATE TABLE invoice_red ( -- the red ones among the invoices
  invoice_id INTEGER NOT NULL PRIMARY KEY REFERENCES invoice (id),
  unit_id INTEGER NOT NULL,
  blue_number TEXT NOT NULL,
  blue_invoice_id INTEGER, -- when it is ours
  letter_id INTEGER REFERENCES red_letter (id)
);
CREATE INDEX invoice_red_unit ON invoice_red (unit_id, invoice_id);
CREATE INDEX invoice_red_blue ON invoice_red (blue_invoice_id) WHERE blue_invoice_id IS NOT NULL;

CREATE TABLE invoice_reversed ( -- blue ones of which issued red ones took something back
  invoice_id INTEGER NOT NULL PRIMARY KEY REFERENCES invoice (id),
  net INTEGER NOT NULL, tax INTEGER NOT NULL,
  whole INTEGER NOT NULL CHECK (whole = 0 OR whole = 1)
);

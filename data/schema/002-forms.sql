-- What a person has typed and not issued yet, and what he has used before.

CREATE TABLE form_state ( -- a form as typed, valid or not; saved whenever a field is left
  id INTEGER NOT NULL PRIMARY KEY,
  unit_id INTEGER NOT NULL REFERENCES unit (id) ON DELETE CASCADE,
  user_id INTEGER NOT NULL REFERENCES app_user (id),
  kind TEXT NOT NULL, -- which form: 'blue'
  title TEXT NOT NULL, -- what a list shows of it
  updated_at INTEGER NOT NULL,
  body TEXT NOT NULL -- JSON of the form
);
CREATE INDEX form_state_user ON form_state (unit_id, user_id, updated_at, id);

CREATE TABLE buyer ( -- buyers of issued invoices
  id INTEGER NOT NULL PRIMARY KEY,
  unit_id INTEGER NOT NULL REFERENCES unit (id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  tax_no TEXT NOT NULL DEFAULT '',
  address TEXT NOT NULL DEFAULT '',
  phone TEXT NOT NULL DEFAULT '',
  bank TEXT NOT NULL DEFAULT '',
  account TEXT NOT NULL DEFAULT '',
  email TEXT NOT NULL DEFAULT '',
  is_person INTEGER NOT NULL DEFAULT 0,
  used_at INTEGER NOT NULL,
  uses INTEGER NOT NULL DEFAULT 1,
  UNIQUE (unit_id, name, tax_no)
);
-- Completion reads the newest names out of these indexes alone.
CREATE INDEX buyer_used ON buyer (unit_id, used_at, id, name, tax_no);

CREATE TABLE goods ( -- goods and services of issued invoices
  id INTEGER NOT NULL PRIMARY KEY,
  unit_id INTEGER NOT NULL REFERENCES unit (id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  tax_code TEXT NOT NULL DEFAULT '',
  short_name TEXT NOT NULL DEFAULT '',
  spec TEXT NOT NULL DEFAULT '',
  unit_name TEXT NOT NULL DEFAULT '',
  price TEXT NOT NULL DEFAULT '', -- decimal, in the mode of `inclusive`; '' none
  inclusive INTEGER NOT NULL DEFAULT 1,
  rate_ppm INTEGER NOT NULL,
  preference TEXT NOT NULL DEFAULT '',
  used_at INTEGER NOT NULL,
  uses INTEGER NOT NULL DEFAULT 1,
  UNIQUE (unit_id, name, spec, tax_code)
);
CREATE INDEX goods_used ON goods (unit_id, used_at, id, name, tax_code, spec);

CREATE TABLE issue_habit ( -- what the next empty form of a person begins with
  unit_id INTEGER NOT NULL REFERENCES unit (id) ON DELETE CASCADE,
  user_id INTEGER NOT NULL REFERENCES app_user (id),
  kind TEXT NOT NULL,
  inclusive INTEGER NOT NULL,
  drawer TEXT NOT NULL,
  payee TEXT NOT NULL,
  reviewer TEXT NOT NULL,
  PRIMARY KEY (unit_id, user_id)
) WITHOUT ROWID;

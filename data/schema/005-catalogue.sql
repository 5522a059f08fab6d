-- Buyers, goods and business types as catalogues of a unit, and the search index they share.
-- doc: document number in find_post, NULL until indexed, 0 once removed.
-- name_key, tax_key: numbers made of unit and text (NULL: no text), until indexed NULL.  An index of
-- them is a third of one of the texts, which is what counts when very many rows are imported.

CREATE TABLE find_list ( -- catalogues that are searched
  id INTEGER NOT NULL PRIMARY KEY, -- 1 .. 65535
  scope INTEGER NOT NULL, -- unit, or 0, -1 ... for lists that belong to none
  kind INTEGER NOT NULL,
  doc INTEGER NOT NULL, -- the next document number
  UNIQUE (scope, kind)
);
CREATE TABLE find_post ( -- documents of a term, in blocks
  id INTEGER NOT NULL PRIMARY KEY, -- list, term, first document: 16, 18, 29 bits
  docs BLOB NOT NULL -- the distances of the others
);
CREATE TABLE catalogue_tally ( -- rows not removed, kept in the same transaction
  unit_id INTEGER NOT NULL,
  kind INTEGER NOT NULL,
  count INTEGER NOT NULL,
  PRIMARY KEY (unit_id, kind)
) WITHOUT ROWID;

CREATE TABLE buyer_new (
  id INTEGER NOT NULL PRIMARY KEY,
  unit_id INTEGER NOT NULL REFERENCES unit (id) ON DELETE CASCADE,
  doc INTEGER,
  name_key INTEGER, tax_key INTEGER,
  name TEXT NOT NULL,
  tax_no TEXT NOT NULL DEFAULT '',
  mnemonic TEXT NOT NULL DEFAULT '', -- 简码
  address TEXT NOT NULL DEFAULT '', phone TEXT NOT NULL DEFAULT '',
  bank TEXT NOT NULL DEFAULT '', account TEXT NOT NULL DEFAULT '', -- of the default address
  email TEXT NOT NULL DEFAULT '', mobile TEXT NOT NULL DEFAULT '',
  is_person INTEGER NOT NULL DEFAULT 0,
  source TEXT NOT NULL CHECK (source = 'issued' OR source = 'entered' OR source = 'imported'),
  by_name INTEGER NOT NULL DEFAULT 0, -- imported rows of its name without tax number mean this one
  more INTEGER NOT NULL DEFAULT 0,  -- rows in buyer_address
  uses INTEGER NOT NULL DEFAULT 0, used_at INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL,
  rev INTEGER NOT NULL DEFAULT 0, -- how often it was changed
  removed_at INTEGER
);
INSERT INTO buyer_new (id, unit_id, name, tax_no, address, phone, bank, account, email, is_person,
  source, uses, used_at, created_at, updated_at)
  SELECT id, unit_id, name, tax_no, address, phone, bank, account, email, is_person,
    'issued', uses, used_at, used_at, used_at FROM buyer;
DROP TABLE buyer;
ALTER TABLE buyer_new RENAME TO buyer;
CREATE INDEX buyer_doc ON buyer (unit_id, doc);
CREATE INDEX buyer_name_key ON buyer (name_key);
CREATE INDEX buyer_tax_key ON buyer (tax_key) WHERE tax_key IS NOT NULL;
CREATE INDEX buyer_mnemonic ON buyer (unit_id, mnemonic) WHERE mnemonic <> '';
CREATE INDEX buyer_used ON buyer (unit_id, used_at, id) WHERE uses > 0 AND removed_at IS NULL;

CREATE TABLE buyer_address ( -- further addresses of a buyer
  buyer_id INTEGER NOT NULL REFERENCES buyer (id) ON DELETE CASCADE,
  seq INTEGER NOT NULL,
  address TEXT NOT NULL, phone TEXT NOT NULL, bank TEXT NOT NULL, account TEXT NOT NULL,
  email TEXT NOT NULL DEFAULT '', mobile TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (buyer_id, seq)
) WITHOUT ROWID;

CREATE TABLE goods_new (
  id INTEGER NOT NULL PRIMARY KEY,
  unit_id INTEGER NOT NULL REFERENCES unit (id) ON DELETE CASCADE,
  doc INTEGER,
  name_key INTEGER,
  name TEXT NOT NULL,
  category TEXT NOT NULL DEFAULT '', -- 项目分类
  mnemonic TEXT NOT NULL DEFAULT '', -- 简码
  tax_code TEXT NOT NULL DEFAULT '',
  short_name TEXT NOT NULL DEFAULT '',
  spec TEXT NOT NULL DEFAULT '',
  unit_name TEXT NOT NULL DEFAULT '',
  price TEXT NOT NULL DEFAULT '', -- decimal, in the mode of `inclusive`; '' none
  inclusive INTEGER NOT NULL DEFAULT 1,
  rate_ppm INTEGER NOT NULL DEFAULT -1, -- -1: none
  preference TEXT NOT NULL DEFAULT '',
  source TEXT NOT NULL CHECK (source = 'issued' OR source = 'entered' OR source = 'imported'),
  by_name INTEGER NOT NULL DEFAULT 0, -- imported rows of its name without tax code mean this one
  uses INTEGER NOT NULL DEFAULT 0, used_at INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL,
  rev INTEGER NOT NULL DEFAULT 0, -- how often it was changed
  removed_at INTEGER
);
INSERT INTO goods_new (id, unit_id, name, tax_code, short_name, spec, unit_name, price, inclusive,
  rate_ppm, preference, source, uses, used_at, created_at, updated_at)
  SELECT id, unit_id, name, tax_code, short_name, spec, unit_name, price, inclusive, rate_ppm,
    preference, 'issued', uses, used_at, used_at, used_at FROM goods;
DROP TABLE goods;
ALTER TABLE goods_new RENAME TO goods;
CREATE INDEX goods_doc ON goods (unit_id, doc);
CREATE INDEX goods_name_key ON goods (name_key);
CREATE INDEX goods_mnemonic ON goods (unit_id, mnemonic) WHERE mnemonic <> '';
CREATE INDEX goods_code ON goods (unit_id, tax_code, id) WHERE removed_at IS NULL;
CREATE INDEX goods_used ON goods (unit_id, used_at, id) WHERE uses > 0 AND removed_at IS NULL;

INSERT INTO catalogue_tally SELECT unit_id, 1, COUNT(*) FROM buyer GROUP BY unit_id;
INSERT INTO catalogue_tally SELECT unit_id, 2, COUNT(*) FROM goods GROUP BY unit_id;

CREATE TABLE business_type ( -- 业务类型
  id INTEGER NOT NULL PRIMARY KEY,
  unit_id INTEGER NOT NULL REFERENCES unit (id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  note TEXT NOT NULL DEFAULT '', -- 说明
  uses INTEGER NOT NULL DEFAULT 0, -- invoices and drafts that name it
  created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL,
  removed_at INTEGER
);
CREATE UNIQUE INDEX business_type_name ON business_type (unit_id, name) WHERE removed_at IS NULL;

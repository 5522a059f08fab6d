-- What a person writes into remarks again and again; what a buyer paid last for an article.

CREATE TABLE phrase ( -- 备注常用语
  id INTEGER NOT NULL PRIMARY KEY,
  unit_id INTEGER NOT NULL REFERENCES unit (id) ON DELETE CASCADE,
  user_id INTEGER NOT NULL,
  body TEXT NOT NULL, -- with placeholders
  uses INTEGER NOT NULL DEFAULT 0, used_at INTEGER NOT NULL DEFAULT 0,
  UNIQUE (unit_id, user_id, body)
);

-- Keys are numbers made of texts (catalogue_key): of the buyer's tax number, or his name; of name,
-- specification and unit of the article.  A unit that has invoices is never removed.
CREATE TABLE price_buyer (
  unit_id INTEGER NOT NULL,
  buyer_key INTEGER NOT NULL,
  written INTEGER NOT NULL, -- prices written since they were counted, and those there were then
  learned INTEGER NOT NULL DEFAULT 0, -- 1: older invoices have been looked through
  PRIMARY KEY (unit_id, buyer_key)
) WITHOUT ROWID;
CREATE TABLE price_last (
  unit_id INTEGER NOT NULL,
  buyer_key INTEGER NOT NULL,
  goods_key INTEGER NOT NULL,
  invoice_id INTEGER NOT NULL, -- that it was on last
  price TEXT NOT NULL, -- decimal, in the mode of `inclusive`
  inclusive INTEGER NOT NULL,
  rate_ppm INTEGER NOT NULL,
  PRIMARY KEY (unit_id, buyer_key, goods_key)
) WITHOUT ROWID;

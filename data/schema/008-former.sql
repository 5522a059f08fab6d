-- The invoices of a buyer: what he was called before, and the names that invoices of a tax number
-- have.  Goods that wait for their rate.

CREATE TABLE buyer_former ( -- names and tax numbers a buyer in use had before
  buyer_id INTEGER NOT NULL REFERENCES buyer (id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  tax_no TEXT NOT NULL,
  PRIMARY KEY (buyer_id, name, tax_no)
) WITHOUT ROWID;

CREATE INDEX invoice_buyer_tax ON invoice (unit_id, buyer_tax_no, buyer_name_id)
  WHERE buyer_tax_no <> '';

CREATE INDEX goods_rateless ON goods (unit_id, doc) WHERE rate_ppm = -1 AND removed_at IS NULL;

-- 合并 of orders of a batch (src/store/batch.h): which order number went into which order.  The sums
-- of a batch leave out what is not issued.

CREATE TABLE batch_merged (
  batch_id INTEGER NOT NULL REFERENCES order_batch (id),
  seq INTEGER NOT NULL, -- of the order that went in
  order_no TEXT NOT NULL, -- its number then, '' none
  into_seq INTEGER NOT NULL, -- of the order it is part of now
  unit_id INTEGER NOT NULL,
  PRIMARY KEY (batch_id, seq, order_no)
) WITHOUT ROWID;
CREATE INDEX batch_merged_no ON batch_merged (unit_id, order_no);

UPDATE order_batch SET
  net = net - (SELECT COALESCE(SUM(o.net), 0) FROM batch_order o
    WHERE o.batch_id = order_batch.id AND o.state = 'skipped'),
  tax = tax - (SELECT COALESCE(SUM(o.tax), 0) FROM batch_order o
    WHERE o.batch_id = order_batch.id AND o.state = 'skipped'),
  gross = gross - (SELECT COALESCE(SUM(o.gross), 0) FROM batch_order o
    WHERE o.batch_id = order_batch.id AND o.state = 'skipped')
WHERE n_skipped > 0;

-- What was claimed at once (src/store/claims.h).  A piece keeps its serial for ever and is asked again
-- with it.  What became of a piece is not written here: a segment of its serial, or its newest job,
-- tells.

CREATE TABLE claim (
  id INTEGER NOT NULL PRIMARY KEY,
  unit_id INTEGER NOT NULL REFERENCES unit (id),
  created_by INTEGER, -- NULL: nobody asked (自动领购)
  created_at INTEGER NOT NULL,
  closed_at INTEGER   -- not to be continued: the home was restored from a backup since
);
CREATE INDEX claim_unit ON claim (unit_id, id);

CREATE TABLE claim_piece (
  claim_id INTEGER NOT NULL REFERENCES claim (id),
  piece INTEGER NOT NULL,
  size INTEGER NOT NULL CHECK (size > 0),
  serial TEXT NOT NULL UNIQUE, -- 业务流水号
  job_id INTEGER NOT NULL,     -- the newest that asks for it
  jobs INTEGER NOT NULL,       -- how many there were
  PRIMARY KEY (claim_id, piece)
) WITHOUT ROWID;

-- What was claimed before: the jobs that one person put in one second.
INSERT INTO claim (id, unit_id, created_by, created_at)
  SELECT ROW_NUMBER() OVER (ORDER BY MIN(id)), unit_id, created_by, created_at FROM job
  WHERE kind = 'numbers.claim' AND unit_id IN (SELECT id FROM unit)
    AND CAST(substr(payload, 11) AS INTEGER) > 0 AND request_key IS NOT NULL
  GROUP BY unit_id, created_by, created_at;
INSERT OR IGNORE INTO claim_piece (claim_id, piece, size, serial, job_id, jobs)
  SELECT DENSE_RANK() OVER (ORDER BY first), ROW_NUMBER() OVER (PARTITION BY first ORDER BY id),
    size, request_key, id, 1
  FROM (SELECT id, request_key, CAST(substr(payload, 11) AS INTEGER) AS size,
      MIN(id) OVER (PARTITION BY unit_id, created_by, created_at) AS first FROM job
    WHERE kind = 'numbers.claim' AND unit_id IN (SELECT id FROM unit)
      AND CAST(substr(payload, 11) AS INTEGER) > 0 AND request_key IS NOT NULL);
INSERT OR REPLACE INTO counter (name, value)
  SELECT 'claim', MAX(id) FROM claim HAVING MAX(id) IS NOT NULL;

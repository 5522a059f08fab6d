-- Tax codes join the search index (scopes 0, -1 ... in find_post); what a sync changed is kept.

ALTER TABLE taxcode ADD COLUMN doc INTEGER; -- NULL until indexed
CREATE INDEX taxcode_doc ON taxcode (env, doc);
CREATE INDEX taxcode_order ON taxcode (env, summary, code);
CREATE INDEX taxcode_stopped ON taxcode (env, stop_date, code) WHERE stop_date <> '';
CREATE INDEX taxcode_unindexed ON taxcode (env, summary, code) WHERE doc IS NULL;

CREATE TABLE taxcode_change ( -- differences between answers of the tax side
  id INTEGER NOT NULL PRIMARY KEY,
  env TEXT NOT NULL,
  at INTEGER NOT NULL, -- one value for all rows of an answer
  kind TEXT NOT NULL CHECK (kind = 'added' OR kind = 'changed' OR kind = 'stopped'),
  code TEXT NOT NULL,
  name TEXT NOT NULL, old_name TEXT NOT NULL,
  short_name TEXT NOT NULL, old_short_name TEXT NOT NULL,
  vat_rates TEXT NOT NULL, old_vat_rates TEXT NOT NULL,
  levy_rates TEXT NOT NULL, old_levy_rates TEXT NOT NULL,
  stop_date TEXT NOT NULL, old_stop_date TEXT NOT NULL,
  summary INTEGER NOT NULL, old_summary INTEGER NOT NULL
);
CREATE INDEX taxcode_change_env ON taxcode_change (env, id);
CREATE INDEX taxcode_change_code ON taxcode_change (env, code, id);

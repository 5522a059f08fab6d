-- 001-core: units, taxpayer, numbers, quota, invoices, jobs, log, audit, tax codes.
-- Keys are integers given by the program (counter).  Times ending in _at are Unix seconds, *_ms
-- milliseconds; dates are text.  Amounts are fen.  Enumerations are words, checked here; by chains of
-- OR, because for a list SQLite builds a temporary tree whenever a row is written.

CREATE TABLE counter (
  name TEXT NOT NULL PRIMARY KEY,
  value INTEGER NOT NULL
);

CREATE TABLE setting ( -- parameter triples: 配置项类型, key, 值
  type TEXT NOT NULL,
  key TEXT NOT NULL,
  value TEXT NOT NULL,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (type, key)
);

CREATE TABLE app_user (
  id INTEGER NOT NULL PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  display_name TEXT NOT NULL,
  os_user TEXT,
  role TEXT NOT NULL CHECK (role = 'admin' OR role = 'manager' OR role = 'issuer' OR
    role = 'viewer'),
  enabled INTEGER NOT NULL DEFAULT 1,
  last_unit_id INTEGER,
  created_at INTEGER NOT NULL
);

CREATE TABLE unit (
  id INTEGER NOT NULL PRIMARY KEY,
  role TEXT NOT NULL CHECK (role IN ('direct', 'using')),
  env TEXT NOT NULL CHECK (env = 'production' OR env = 'sandbox' OR env = 'practice'), -- 正式 沙箱 演练
  tax_no TEXT NOT NULL,
  name TEXT NOT NULL,
  leqi_id TEXT NOT NULL,
  direct_id INTEGER REFERENCES unit (id),
  relation TEXT NOT NULL DEFAULT 'self' CHECK (relation IN ('self', 'joint')), -- 自用 联用
  region TEXT,
  address TEXT, phone TEXT, bank TEXT, account TEXT,
  url TEXT, ca_pem TEXT, connect_to TEXT,
  sealed_key TEXT, key_hint TEXT,
  edition TEXT NOT NULL DEFAULT '4.000',
  state TEXT NOT NULL CHECK (state IN ('unverified', 'verified')),
  verified_at INTEGER,
  verify_error TEXT,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  CHECK (role = 'direct' OR direct_id IS NOT NULL),
  UNIQUE (role, env, tax_no)
);

CREATE TABLE taxpayer ( -- what the tax side says; body is JSON of struct taxpayer
  unit_id INTEGER NOT NULL PRIMARY KEY REFERENCES unit (id),
  body TEXT NOT NULL,
  basic_at INTEGER NOT NULL DEFAULT 0,
  risk_at INTEGER NOT NULL DEFAULT 0,
  rates_at INTEGER NOT NULL DEFAULT 0
);

CREATE TABLE tax_rate (
  unit_id INTEGER NOT NULL REFERENCES unit (id),
  ppm INTEGER NOT NULL,
  levy INTEGER NOT NULL,
  enabled INTEGER NOT NULL,
  start_date TEXT NOT NULL,
  stop_date TEXT NOT NULL,
  PRIMARY KEY (unit_id, ppm, levy, start_date)
);

-- The list of each environment as its tax side sent it.  env '' is the starter list and what was
-- imported, which serves every environment whose tax side has not spoken yet; 'incoming' are rows of
-- an answer that is being taken in.
CREATE TABLE taxcode (
  env TEXT NOT NULL CHECK (env = '' OR env = 'incoming' OR env = 'production' OR
    env = 'sandbox' OR env = 'practice'),
  code TEXT NOT NULL,
  parent TEXT NOT NULL,
  name TEXT NOT NULL,
  short_name TEXT NOT NULL,
  vat_rates TEXT NOT NULL DEFAULT '',
  levy_rates TEXT NOT NULL DEFAULT '',
  note TEXT NOT NULL DEFAULT '',
  keywords TEXT NOT NULL DEFAULT '',
  start_date TEXT NOT NULL DEFAULT '',
  stop_date TEXT NOT NULL DEFAULT '',
  summary INTEGER NOT NULL DEFAULT 0,
  differential INTEGER NOT NULL DEFAULT 0,
  untaxed INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (env, code)
);
CREATE INDEX taxcode_parent ON taxcode (env, parent, code);

-- Number segments (数电领购).  Free = size - taken while the state is open, expired = the same while it
-- is expired.  The four counts are those of number_taken, kept in the same transaction.
CREATE TABLE segment (
  id INTEGER NOT NULL PRIMARY KEY,
  unit_id INTEGER NOT NULL REFERENCES unit (id),
  serial TEXT NOT NULL UNIQUE, -- 业务流水号
  first_number TEXT NOT NULL,
  last_number TEXT NOT NULL,
  size INTEGER NOT NULL CHECK (size > 0),
  taken INTEGER NOT NULL DEFAULT 0 CHECK (taken BETWEEN 0 AND size),
  reserved INTEGER NOT NULL DEFAULT 0,
  used INTEGER NOT NULL DEFAULT 0,
  reusable INTEGER NOT NULL DEFAULT 0,
  voided INTEGER NOT NULL DEFAULT 0,
  year INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state = 'open' OR state = 'used' OR state = 'expired'),
  claimed_at INTEGER NOT NULL
);
CREATE INDEX segment_unit ON segment (unit_id, id);
CREATE INDEX segment_open ON segment (unit_id, state, year, id);
CREATE INDEX segment_range ON segment (first_number);

CREATE TABLE number_taken ( -- every number that is no longer free; per unit, as a unit has one environment
  unit_id INTEGER NOT NULL REFERENCES unit (id),
  number TEXT NOT NULL,
  segment_id INTEGER NOT NULL REFERENCES segment (id),
  invoice_id INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state = 'reserved' OR state = 'used' OR state = 'reusable' OR
    state = 'void'),
  changed_at INTEGER NOT NULL,
  PRIMARY KEY (unit_id, number)
) WITHOUT ROWID;
CREATE INDEX number_segment ON number_taken (segment_id, state);

-- Quota.  unused/reserved are the sums of the entries; remote_* is what the tax side last said.
CREATE TABLE quota_month (
  unit_id INTEGER NOT NULL REFERENCES unit (id),
  month TEXT NOT NULL, -- yyyy-MM
  unused INTEGER NOT NULL DEFAULT 0,
  reserved INTEGER NOT NULL DEFAULT 0 CHECK (reserved >= 0),
  start_date TEXT, end_date TEXT, -- 使用区间 yyyy-MM-dd
  remote_total INTEGER, remote_available INTEGER, remote_downloaded INTEGER, remote_unused INTEGER,
  paused INTEGER NOT NULL DEFAULT 0,
  synced_at INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (unit_id, month)
);
CREATE TABLE quota_entry (
  id INTEGER NOT NULL PRIMARY KEY,
  unit_id INTEGER NOT NULL REFERENCES unit (id),
  month TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind = 'download' OR kind = 'return' OR kind = 'reserve' OR
    kind = 'release' OR kind = 'use' OR kind = 'adopt' OR kind = 'red' OR kind = 'expire'),
  unused_delta INTEGER NOT NULL,
  reserved_delta INTEGER NOT NULL,
  invoice_id INTEGER,
  serial TEXT UNIQUE, -- 业务流水号 of a download or return
  note TEXT,
  at INTEGER NOT NULL
);
CREATE INDEX quota_entry_unit ON quota_entry (unit_id, month, id);
CREATE INDEX quota_entry_invoice ON quota_entry (invoice_id);

CREATE TABLE buyer_name ( -- distinct names, so that a substring search never reads the invoices
  id INTEGER NOT NULL PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  folded TEXT NOT NULL -- half width, small letters: what is searched
);
CREATE TABLE buyer_gram ( -- every character and every pair of neighbours of a folded name
  gram TEXT NOT NULL,
  name_id INTEGER NOT NULL REFERENCES buyer_name (id),
  PRIMARY KEY (gram, name_id)
) WITHOUT ROWID;

CREATE TABLE invoice ( -- long texts last, so that lists do not read over them
  id INTEGER NOT NULL PRIMARY KEY,
  unit_id INTEGER NOT NULL REFERENCES unit (id),
  state TEXT NOT NULL CHECK (state = 'draft' OR state = 'numbered' OR state = 'sending' OR
    state = 'accepted' OR state = 'issued' OR state = 'failed' OR state = 'unknown' OR
    state = 'void'),
  kind TEXT NOT NULL CHECK (kind IN ('ordinary', 'special')),
  order_no TEXT,
  number TEXT,
  issued_at TEXT NOT NULL DEFAULT '', -- 开票日期 yyyy-MM-dd HH:mm:ss
  buyer_name_id INTEGER REFERENCES buyer_name (id),
  buyer_tax_no TEXT NOT NULL DEFAULT '',
  net INTEGER NOT NULL DEFAULT 0, tax INTEGER NOT NULL DEFAULT 0, gross INTEGER NOT NULL DEFAULT 0,
  line_count INTEGER NOT NULL DEFAULT 0,
  quota_amount INTEGER NOT NULL DEFAULT 0,
  quota_month TEXT NOT NULL DEFAULT '',
  batch_id INTEGER,
  refusals INTEGER NOT NULL DEFAULT 0,
  needs_person INTEGER NOT NULL DEFAULT 0, -- 需人工
  created_by INTEGER NOT NULL REFERENCES app_user (id),
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  finished_at INTEGER,
  message TEXT NOT NULL DEFAULT '', -- why it failed or waits; empty once issued
  head TEXT NOT NULL                -- the invoice without lines, JSON of the store's codec
);
CREATE UNIQUE INDEX invoice_order ON invoice (unit_id, order_no) WHERE order_no IS NOT NULL;
CREATE UNIQUE INDEX invoice_number ON invoice (unit_id, number) WHERE number IS NOT NULL;
-- Each list is a merge of ranges of one of these, newest id first.
CREATE INDEX invoice_unit ON invoice (unit_id, id);
CREATE INDEX invoice_state ON invoice (unit_id, state, kind, id);
CREATE INDEX invoice_buyer ON invoice (unit_id, buyer_name_id, id);
CREATE INDEX invoice_buyer_state ON invoice (unit_id, buyer_name_id, state, kind, id);
CREATE INDEX invoice_unfinished ON invoice (unit_id, created_at)
  WHERE state = 'numbered' OR state = 'sending' OR state = 'accepted' OR state = 'unknown';

CREATE TABLE invoice_day ( -- range of the ids created on a business day: turns dates into ids
  unit_id INTEGER NOT NULL,
  day TEXT NOT NULL, -- yyyy-MM-dd
  first_id INTEGER NOT NULL,
  last_id INTEGER NOT NULL,
  PRIMARY KEY (unit_id, day)
) WITHOUT ROWID;

CREATE TABLE invoice_line (
  invoice_id INTEGER NOT NULL REFERENCES invoice (id),
  seq INTEGER NOT NULL,
  body TEXT NOT NULL, -- the line's JSON, entered and computed
  PRIMARY KEY (invoice_id, seq)
) WITHOUT ROWID;

CREATE TABLE invoice_tally ( -- counts for list totals, kept in the same transaction
  unit_id INTEGER NOT NULL,
  state TEXT NOT NULL,
  kind TEXT NOT NULL,
  count INTEGER NOT NULL,
  PRIMARY KEY (unit_id, state, kind)
) WITHOUT ROWID;

CREATE TABLE invoice_sent ( -- the bytes of an invoice as they were first sent; a retry sends the same
  invoice_id INTEGER NOT NULL PRIMARY KEY REFERENCES invoice (id),
  body BLOB NOT NULL,
  sha256 TEXT NOT NULL,
  first_sent_at INTEGER NOT NULL
);

CREATE TABLE upload_batch (
  id INTEGER NOT NULL PRIMARY KEY,
  unit_id INTEGER NOT NULL REFERENCES unit (id),
  state TEXT NOT NULL CHECK (state = 'sending' OR state = 'accepted' OR state = 'refused' OR
    state = 'lost' OR state = 'done'),
  receipt TEXT, -- 受理流水号
  size INTEGER NOT NULL,
  sent_at INTEGER NOT NULL,
  accepted_at INTEGER,
  polls INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE upload_item ( -- every batch an invoice was ever in; its present one is invoice.batch_id
  batch_id INTEGER NOT NULL REFERENCES upload_batch (id),
  invoice_id INTEGER NOT NULL REFERENCES invoice (id),
  refused INTEGER NOT NULL DEFAULT 0, -- the tax side has said no to these bytes for good
  PRIMARY KEY (batch_id, invoice_id)
) WITHOUT ROWID;
CREATE INDEX upload_batch_accepted ON upload_batch (id) WHERE state = 'accepted';
CREATE INDEX upload_item_invoice ON upload_item (invoice_id);
CREATE INDEX upload_batch_unit ON upload_batch (unit_id);

CREATE TABLE job (
  id INTEGER NOT NULL PRIMARY KEY,
  kind TEXT NOT NULL,
  unit_id INTEGER,
  subject_id INTEGER, -- invoice, batch ... by kind
  state TEXT NOT NULL CHECK (state = 'ready' OR state = 'running' OR state = 'done' OR
    state = 'failed' OR state = 'cancelled'),
  group_key TEXT NOT NULL DEFAULT '', -- jobs that may share one call
  request_key TEXT,              -- 业务流水号: the idempotency key of the call
  payload TEXT NOT NULL DEFAULT '', -- JSON
  result TEXT NOT NULL DEFAULT '',  -- JSON or text
  attempts INTEGER NOT NULL DEFAULT 0,
  due_ms INTEGER NOT NULL,
  error_class INTEGER NOT NULL DEFAULT 0,
  error_code TEXT NOT NULL DEFAULT '',
  error_text TEXT NOT NULL DEFAULT '',
  created_by INTEGER,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
);
CREATE INDEX job_due ON job (state, due_ms, id);
CREATE INDEX job_open ON job (kind, unit_id, subject_id) WHERE state IN ('ready', 'running');
CREATE INDEX job_unit ON job (unit_id, state);
CREATE INDEX job_state ON job (state, id);
CREATE INDEX job_kind ON job (kind, id);
CREATE INDEX job_kind_state ON job (kind, state, id);
CREATE INDEX job_group ON job (kind, unit_id, group_key, due_ms, id) WHERE state = 'ready';

CREATE TABLE request_log ( -- one row per call; written before, completed after; long texts last
  id INTEGER NOT NULL PRIMARY KEY,
  at_ms INTEGER NOT NULL,
  job_id INTEGER,
  unit_id INTEGER,
  service TEXT NOT NULL,
  url TEXT NOT NULL,
  trace_id TEXT NOT NULL, -- clientTid
  http_status INTEGER NOT NULL DEFAULT 0,
  platform_code TEXT NOT NULL DEFAULT '',
  return_code TEXT NOT NULL DEFAULT '',
  message TEXT NOT NULL DEFAULT '',
  request_id TEXT NOT NULL DEFAULT '',
  took_ms INTEGER NOT NULL DEFAULT 0,
  result TEXT NOT NULL DEFAULT 'sent' CHECK (result = 'sent' OR result = 'ok' OR
    result = 'refused' OR result = 'misconfigured' OR result = 'later' OR result = 'lost'),
  request TEXT NOT NULL,
  answer TEXT NOT NULL DEFAULT ''
);
CREATE INDEX request_log_at ON request_log (at_ms);
CREATE INDEX request_log_service ON request_log (service, id);
CREATE INDEX request_log_failed ON request_log (id) WHERE result <> 'ok';
CREATE INDEX request_log_service_failed ON request_log (service, id) WHERE result <> 'ok';

CREATE TABLE audit (
  id INTEGER NOT NULL PRIMARY KEY,
  at INTEGER NOT NULL,
  user_id INTEGER,
  unit_id INTEGER,
  action TEXT NOT NULL,
  subject TEXT NOT NULL DEFAULT '',
  before TEXT NOT NULL DEFAULT '',
  after TEXT NOT NULL DEFAULT ''
);
CREATE INDEX audit_at ON audit (at);

-- 推送 and 邮件: where results go, what went, what waits (src/store/post.h).  Jobs of such calls are
-- done apart from those of the tax side: whoever does not answer there must not keep an invoice.

CREATE TABLE push_target (
  unit_id INTEGER NOT NULL PRIMARY KEY REFERENCES unit (id) ON DELETE CASCADE,
  automatic INTEGER NOT NULL, -- an invoice that is issued becomes an event
  kinds TEXT NOT NULL CHECK (kinds IN ('', 'ordinary', 'special')), -- '' both
  url TEXT NOT NULL,
  plain INTEGER NOT NULL, -- http is allowed
  ca_pem TEXT,
  key_id TEXT NOT NULL,
  sealed_secret TEXT NOT NULL,
  together INTEGER NOT NULL, -- 0: one object a call; else an array of up to so many
  days INTEGER NOT NULL, -- how long an event is tried
  updated_at INTEGER NOT NULL
);

CREATE TABLE push_event ( -- what the receiver is told; its id is made of environment and number
  id INTEGER NOT NULL PRIMARY KEY, -- order of sending: a repeat gets a new one
  unit_id INTEGER NOT NULL REFERENCES unit (id),
  invoice_id INTEGER NOT NULL REFERENCES invoice (id),
  event TEXT NOT NULL CHECK (event = 'invoice.issued'),
  state TEXT NOT NULL CHECK (state = 'waiting' OR state = 'done' OR state = 'person' OR
    state = 'skipped'),
  attempts INTEGER NOT NULL DEFAULT 0,
  queued_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  done_at INTEGER,
  http_status INTEGER NOT NULL DEFAULT 0,
  message TEXT NOT NULL DEFAULT '', -- why it waits
  answer TEXT NOT NULL DEFAULT '',  -- of the receiver
  UNIQUE (invoice_id, event)
);
CREATE INDEX push_event_state ON push_event (unit_id, state, id);
CREATE INDEX push_event_unit ON push_event (unit_id, id);

CREATE TABLE mail_server (
  unit_id INTEGER NOT NULL PRIMARY KEY REFERENCES unit (id) ON DELETE CASCADE,
  automatic INTEGER NOT NULL, -- an invoice that is issued goes to the address on it
  host TEXT NOT NULL,
  port INTEGER NOT NULL,
  security TEXT NOT NULL CHECK (security IN ('starttls', 'tls', 'plain')),
  ca_pem TEXT,
  user TEXT NOT NULL,
  sealed_password TEXT,
  sender TEXT NOT NULL,
  sender_name TEXT NOT NULL,
  subject TEXT NOT NULL,
  body TEXT NOT NULL,
  formats TEXT NOT NULL, -- 'pdf,ofd,xml'
  days INTEGER NOT NULL, -- how long a mail is tried
  updated_at INTEGER NOT NULL
);

CREATE TABLE mail (
  id INTEGER NOT NULL PRIMARY KEY,
  unit_id INTEGER NOT NULL REFERENCES unit (id),
  invoice_id INTEGER NOT NULL REFERENCES invoice (id),
  state TEXT NOT NULL CHECK (state = 'queued' OR state = 'sending' OR state = 'sent' OR
    state = 'failed' OR state = 'unknown' OR state = 'cancelled'),
  recipients TEXT NOT NULL,
  message_id TEXT NOT NULL, -- the same whenever it is sent
  automatic INTEGER NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 0,
  queued_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  sent_at INTEGER,
  smtp_status INTEGER NOT NULL DEFAULT 0,
  message TEXT NOT NULL DEFAULT '', -- why it failed or waits
  answer TEXT NOT NULL DEFAULT '',  -- of the mail server
  created_by INTEGER,
  created_at INTEGER NOT NULL
);
CREATE INDEX mail_state ON mail (unit_id, state, id);
CREATE INDEX mail_unit ON mail (unit_id, id);
CREATE INDEX mail_invoice ON mail (invoice_id, id);
CREATE INDEX mail_sending ON mail (id) WHERE state = 'sending';

ALTER TABLE job ADD COLUMN lane INTEGER NOT NULL DEFAULT 0; -- 0 the tax side, 1 push and mail
DROP INDEX job_due;
CREATE INDEX job_due ON job (state, lane, due_ms, id);

-- 乐企请求日志 (src/store/reqlog.h).  A long request or answer is kept whole, packed, beside its row:
-- rows stay small, and a list reads no texts.  Texts that an older program wrote stay in their rows.

CREATE TABLE request_text (
  log_id INTEGER NOT NULL REFERENCES request_log (id) ON DELETE CASCADE,
  part INTEGER NOT NULL CHECK (part = 0 OR part = 1), -- 0 request, 1 answer
  size INTEGER NOT NULL CHECK (size > 0),             -- bytes of the text
  packed BLOB NOT NULL,                               -- deflated
  PRIMARY KEY (log_id, part)
);

CREATE INDEX request_log_unit ON request_log (unit_id, id);
CREATE INDEX request_log_job ON request_log (job_id, id);
CREATE INDEX request_log_request_id ON request_log (request_id) WHERE request_id <> '';
CREATE INDEX request_log_trace ON request_log (trace_id);

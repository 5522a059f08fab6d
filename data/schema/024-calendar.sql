-- What the calendar did (src/store/calendar.h): one run per rule, unit and slot.

CREATE TABLE calendar_run (
  id INTEGER NOT NULL PRIMARY KEY,
  rule TEXT NOT NULL,
  unit_id INTEGER NOT NULL REFERENCES unit (id),
  slot TEXT NOT NULL,
  slot_at INTEGER NOT NULL,  -- from when it is due
  until_at INTEGER NOT NULL, -- up to when it may be done
  state TEXT NOT NULL CHECK (state = 'open' OR state = 'done' OR state = 'failed' OR
    state = 'idle'),
  job_id INTEGER,            -- under way
  next_at INTEGER NOT NULL,  -- when an open one without a job is tried again
  attempts INTEGER NOT NULL, -- jobs that failed
  kind TEXT NOT NULL DEFAULT '',
  reason TEXT NOT NULL DEFAULT '',
  hint TEXT NOT NULL DEFAULT '',
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  UNIQUE (rule, unit_id, slot)
);
CREATE INDEX calendar_run_slot ON calendar_run (rule, unit_id, slot_at);
CREATE INDEX calendar_run_open ON calendar_run (until_at) WHERE state = 'open';
CREATE INDEX calendar_run_old ON calendar_run (slot_at);

-- What became of drafts and forms that were issued (src/store/drafts.h): another screen may have the
-- same one open still, and must learn of it before it takes a second number.

CREATE TABLE draft_used (
  kind TEXT NOT NULL CHECK (kind = 'form' OR kind = 'draft'),
  id INTEGER NOT NULL, -- of the form or the stored draft
  unit_id INTEGER NOT NULL REFERENCES unit (id),
  number TEXT NOT NULL, -- the invoice it became
  user_id INTEGER NOT NULL, -- who issued it
  at INTEGER NOT NULL,
  PRIMARY KEY (kind, id)
) WITHOUT ROWID;

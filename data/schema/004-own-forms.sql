-- What a person has typed that belongs to no unit: the connection wizard begins before there is one.

CREATE TABLE own_form (
  user_id INTEGER NOT NULL REFERENCES app_user (id),
  kind TEXT NOT NULL, -- which form, e.g. 'unit:direct::'
  updated_at INTEGER NOT NULL,
  body TEXT NOT NULL, -- JSON of the form, secrets left out
  PRIMARY KEY (user_id, kind)
);

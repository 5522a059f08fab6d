-- Who issues for a unit, and what was said of its 接入条件 (src/store/access.h).

CREATE TABLE drawer (
  id INTEGER NOT NULL PRIMARY KEY,
  unit_id INTEGER NOT NULL REFERENCES unit (id),
  name TEXT NOT NULL,
  id_type TEXT NOT NULL,          -- 证件类型, two or three digits
  id_no TEXT NOT NULL,
  state TEXT NOT NULL,            -- bound, waiting, stopped
  platform TEXT NOT NULL,         -- the platform he is bound to
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  UNIQUE (unit_id, name)
);

-- They were settings for all units together.
INSERT INTO drawer (id, unit_id, name, id_type, id_no, state, platform, created_at, updated_at)
  SELECT ROW_NUMBER() OVER (ORDER BY unit.id, setting.key), unit.id, setting.key,
    substr(setting.value, 1, instr(setting.value, ':') - 1),
    substr(setting.value, instr(setting.value, ':') + 1), 'bound', '乐企平台',
    setting.updated_at, setting.updated_at
  FROM setting, unit
  WHERE setting.type = 'drawer' AND instr(setting.value, ':') > 1 AND unit.role = 'using';
INSERT OR REPLACE INTO counter (name, value)
  SELECT 'drawer', MAX(id) FROM drawer HAVING MAX(id) IS NOT NULL;
DELETE FROM setting WHERE type = 'drawer';

CREATE TABLE eligibility (
  unit_id INTEGER NOT NULL REFERENCES unit (id),
  item INTEGER NOT NULL,          -- 1 to 4
  answer INTEGER NOT NULL,        -- src/tax/access.h
  note TEXT NOT NULL DEFAULT '',
  at INTEGER NOT NULL,
  user_id INTEGER NOT NULL,
  PRIMARY KEY (unit_id, item)
) WITHOUT ROWID;

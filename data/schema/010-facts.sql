-- What the tax side allows of 差额征税, by tax code, as a unit was told last.

CREATE TABLE differential_code (
  unit_id INTEGER NOT NULL REFERENCES unit (id),
  code TEXT NOT NULL,
  name TEXT NOT NULL,
  short_name TEXT NOT NULL,
  part INTEGER NOT NULL, -- 1: 差额开票; every code may be issued as 全额
  part_special INTEGER NOT NULL, -- 1: 专票 of 差额开票
  full_special INTEGER NOT NULL, -- 1: 专票 of 全额开票
  general_rates TEXT NOT NULL,
  general_levy TEXT NOT NULL,
  small_levy TEXT NOT NULL,
  PRIMARY KEY (unit_id, code)
);

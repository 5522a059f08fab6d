-- 授信额度 (src/store/quota.h), and the switches of numbers and quota (src/store/due.h), which are a
-- unit's: the same tax number may be known in several environments.

-- What invoices that wait for a person may have changed when the tax side's figures were last taken.
ALTER TABLE quota_month ADD COLUMN unsure INTEGER NOT NULL DEFAULT 0;

-- Moved to TAXNO@ENV.; the switch of the interval is one of its own.
INSERT OR IGNORE INTO setting (type, key, value, updated_at)
  SELECT s.type, u.tax_no || '@' || u.env || substr(s.key, length(u.tax_no) + 1), s.value,
    s.updated_at
  FROM setting s JOIN unit u ON u.role = 'using'
    AND substr(s.key, 1, length(u.tax_no) + 1) = u.tax_no || '.'
  WHERE s.type IN ('numbers', 'quota') AND instr(s.key, '@') = 0;
INSERT OR IGNORE INTO setting (type, key, value, updated_at)
  SELECT 'quota', substr(key, 1, length(key) - 3) || '.adjust', value, updated_at FROM setting
  WHERE type = 'quota' AND key LIKE '%@%.on' AND value = '0';
DELETE FROM setting WHERE type IN ('numbers', 'quota') AND instr(key, '@') = 0
  AND EXISTS (SELECT 1 FROM unit u WHERE u.role = 'using'
    AND substr(setting.key, 1, length(u.tax_no) + 1) = u.tax_no || '.');

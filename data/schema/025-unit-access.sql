-- What a unit is to whom, and by which way it is reached (src/store/unit.h).  Channels: leqi 乐企平台,
-- leqi-joint 乐企平台（联用）, portal 电子税局/RPA, disk 税盘, cert 软证书, '' none.

ALTER TABLE unit ADD COLUMN project TEXT NOT NULL DEFAULT '';       -- 渠道/项目名称
ALTER TABLE unit ADD COLUMN filing_region TEXT NOT NULL DEFAULT ''; -- 备案地区
ALTER TABLE unit ADD COLUMN proxy TEXT NOT NULL DEFAULT '';         -- host:port, asked by CONNECT
ALTER TABLE unit ADD COLUMN tls_name TEXT NOT NULL DEFAULT '';      -- the server's, where url has another
ALTER TABLE unit ADD COLUMN issue_channel TEXT NOT NULL DEFAULT 'leqi';
ALTER TABLE unit ADD COLUMN collect_channel TEXT NOT NULL DEFAULT 'leqi';
ALTER TABLE unit ADD COLUMN abilities TEXT NOT NULL DEFAULT '';    -- chosen ones: words with ',' between
ALTER TABLE unit ADD COLUMN handler TEXT NOT NULL DEFAULT '';      -- 经办身份: legal, finance, tax
ALTER TABLE unit ADD COLUMN safety_until TEXT NOT NULL DEFAULT ''; -- 安全验证截止日 yyyy-MM-dd
ALTER TABLE unit ADD COLUMN granted_at INTEGER NOT NULL DEFAULT 0; -- when it was authorised
ALTER TABLE unit ADD COLUMN frozen_at INTEGER NOT NULL DEFAULT 0;  -- issues nothing since then
ALTER TABLE unit ADD COLUMN frozen_why TEXT NOT NULL DEFAULT '';

UPDATE unit SET issue_channel = 'leqi-joint', collect_channel = '' WHERE relation = 'joint';

CREATE INDEX unit_direct ON unit (direct_id);

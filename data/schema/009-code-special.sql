-- What the tax side says of a code's special treatment (preferences), and telephones of further
-- addresses in the index: their buyers get a new place in it at the next start.
ALTER TABLE taxcode ADD COLUMN special TEXT NOT NULL DEFAULT '';
UPDATE buyer SET doc = NULL WHERE more > 0 AND doc > 0;

-- How to mend what a job has failed of, apart from what and why: a sentence is put together once.

ALTER TABLE job ADD COLUMN error_hint TEXT NOT NULL DEFAULT '';

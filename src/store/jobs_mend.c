/* jobs_mend.c - jobs that are missing or due in a time that will not come (after a crash, a wrong
 * clock, a job that was ended by mistake). */
#include "store/jobs.h"

#include "base/date.h"
#include "base/file.h"
#include "base/log.h"
#include "store/home.h"

enum err store_job_last(struct db *db, const char *kind, int64_t unit, bool *failed, int64_t *at,
			struct err_info *e)
{
	struct rows *q;
	enum err r =
	    db_query(db, &q, e,
		     "SELECT state = 'failed', updated_at FROM job WHERE kind = ? AND unit_id = ?"
		     " ORDER BY id DESC LIMIT 1",
		     "sl", kind, unit);

	*failed = false;
	*at = 0;
	if (!r && rows_next(q)) {
		*failed = rows_int(q, 0) != 0;
		*at = rows_int(q, 1);
	}
	return rows_end(&q, r, e);
}

enum err store_job_last_asked(struct db *db, const char *kind, int64_t unit, bool *asked,
			      struct err_info *e)
{
	int64_t user = 0;
	enum err r = db_get_int(db, e, &user, NULL,
				"SELECT COALESCE(created_by, 0) FROM job WHERE kind = ?"
				" AND unit_id = ? ORDER BY id DESC LIMIT 1",
				"sl", kind, unit);

	*asked = user != 0;
	return r;
}

enum err store_job_hasten(struct db *db, int64_t after_ms, int64_t due_ms, int *changed,
			  struct err_info *e)
{
	return db_run(db, e, changed,
		      "UPDATE job SET due_ms = ? WHERE state = 'ready' AND lane IN (0, 1)"
		      " AND due_ms > ?",
		      "ll", due_ms, after_ms);
}

enum err store_job_late(struct db *db, int64_t after_ms, bool *any, struct err_info *e)
{
	int64_t one;
	return db_get_int(db, e, &one, any,
			  "SELECT 1 FROM job WHERE state = 'ready' AND lane IN (0, 1)"
			  " AND due_ms > ? LIMIT 1",
			  "l", after_ms);
}

enum err store_job_overdue(struct db *db, int64_t now_ms, int64_t *first_due_ms, int64_t *count,
			   struct err_info *e)
{
	enum { SEEN = 1000 };
	struct rows *q;
	enum err r = db_query(db, &q, e,
			      "SELECT due_ms FROM job WHERE state = 'ready' AND lane IN (0, 1)"
			      " AND due_ms <= ? ORDER BY due_ms LIMIT ?",
			      "li", now_ms, (int)SEEN);
	*count = 0;
	while (!r && rows_next(q))
		if (++*count == 1)
			*first_due_ms = rows_int(q, 0);
	return rows_end(&q, r, e);
}

static enum err each_pair(struct db *db, const char *sql, job_missing_each f, void *arg,
			  struct err_info *e)
{
	struct rows *q;
	enum err r = db_query(db, &q, e, sql, "");

	while (!r && rows_next(q))
		r = f(arg, rows_int(q, 0), rows_int(q, 1));
	return rows_end(&q, r, e);
}

enum err store_job_missing_polls(struct db *db, job_missing_each f, void *arg, struct err_info *e)
{
	return each_pair(db,
			 "SELECT b.unit_id, b.id FROM upload_batch b WHERE b.state = 'accepted'"
			 " AND NOT EXISTS (SELECT 1 FROM job j WHERE j.kind = 'invoice.poll'"
			 " AND j.unit_id = b.unit_id AND j.subject_id = b.id"
			 " AND j.state IN ('ready', 'running')) LIMIT 1000",
			 f, arg, e);
}

enum err store_job_missing_uploads(struct db *db, job_missing_each f, void *arg, struct err_info *e)
{
	return each_pair(db,
			 "SELECT i.unit_id, i.id FROM invoice i WHERE (i.state = 'numbered' OR"
			 " i.state = 'sending' OR i.state = 'accepted' OR i.state = 'unknown')"
			 " AND i.state IN ('numbered', 'unknown') AND i.needs_person = 0"
			 " AND NOT EXISTS (SELECT 1 FROM job j WHERE j.kind = 'invoice.upload'"
			 " AND j.unit_id = i.unit_id AND j.subject_id = i.id"
			 " AND j.state IN ('ready', 'running')) LIMIT 1000",
			 f, arg, e);
}

enum err store_job_imports_dead(struct db *db, struct err_info *e)
{
	int n = 0;
	enum err r = db_run(db, e, &n,
			    "UPDATE job SET state = 'failed', error_class = ?, error_code = ?,"
			    " error_text = ?, error_hint = ?, updated_at = ?"
			    " WHERE state = 'running' AND kind = 'catalogue.import'",
			    "isssl", (int)ERR_INTERNAL, "import.broken",
			    "导入：中断，什么都没有导入", "请重新导入", clock_now());

	if (!r && n)
		log_write(LOG_WARN, "store", "%d dead imports", n);
	return r;
}

static enum err mend_imports(struct db *db, struct err_info *e)
{
	enum err r = db_begin(db, e);

	if (r)
		return r;
	if ((r = store_job_imports_dead(db, e))) {
		db_rollback(db);
		return r;
	}
	return db_commit(db, e);
}

enum err store_job_imports_mend(struct db *db, const char *home, struct err_info *e)
{
	char path[HOME_PATH];
	int64_t one;
	bool any = false;
	int lock = -1;
	enum err r = db_get_int(db, e, &one, &any,
				"SELECT 1 FROM job WHERE state = 'running'"
				" AND kind = 'catalogue.import' LIMIT 1",
				"");

	if (r || !any || (r = home_path(home, HOME_IMPORT_LOCK, path, e)))
		return r;
	/* Held: it is alive, or another one is mending. */
	if (file_lock(path, &lock, NULL))
		return ERR_OK;
	r = mend_imports(db, e);
	file_unlock(&lock);
	return r;
}

static enum err newest_of(struct db *db, const struct job *j, int64_t *id, bool *open, bool *failed,
			  int64_t *at, struct err_info *e)
{
	struct rows *q;
	enum err r =
	    db_query(db, &q, e,
		     "SELECT id, state IN ('ready', 'running'), state = 'failed', updated_at"
		     " FROM job WHERE kind = ? AND unit_id = ? AND group_key = ?"
		     " ORDER BY id DESC LIMIT 1",
		     "sls", j->kind, j->unit_id, j->group_key);

	*id = *at = 0;
	*open = *failed = false;
	if (!r && rows_next(q)) {
		*id = rows_int(q, 0);
		*open = rows_int(q, 1) != 0;
		*failed = rows_int(q, 2) != 0;
		*at = rows_int(q, 3);
	}
	return rows_end(&q, r, e);
}

enum err store_job_newest(struct db *db, const struct job *j, bool *open, bool *failed, int64_t *at,
			  struct err_info *e)
{
	int64_t id;

	return newest_of(db, j, &id, open, failed, at, e);
}

enum err store_job_renew(struct db *db, struct job *j, struct err_info *e)
{
	bool open, failed;
	int64_t at;
	enum err r = newest_of(db, j, &j->id, &open, &failed, &at, e);

	if (r || !j->id)
		return r ? r : store_job_add(db, j, e);
	return db_run(db, e, NULL,
		      "UPDATE job SET state = 'ready', payload = ?, result = '', attempts = 0,"
		      " due_ms = ?, error_class = 0, error_code = '', error_text = '',"
		      " error_hint = '', updated_at = ? WHERE id = ?"
		      " AND state NOT IN ('ready', 'running')",
		      "slll", j->payload ? j->payload : "", j->due_ms, clock_now(), j->id);
}

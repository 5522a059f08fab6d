/* import_job.c - the job row of an import and the lock that makes it the only one. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "desk/import_p.h"

enum { TRIES = 15, NAP_NS = 20 * 1000 * 1000 };

static void nap(void)
{
	struct timespec t = {.tv_nsec = NAP_NS};

	nanosleep(&t, NULL);
}

enum err import_lock(struct session *s, int *lock, struct err_info *e)
{
	struct err_info why = {0};
	char path[HOME_PATH];
	enum err r = home_path(s->home, HOME_IMPORT_LOCK, path, e);
	int i;

	if (r)
		return r;
	/* Whoever mends the job of a dead import holds the lock for a moment. */
	for (i = 0; (r = file_lock(path, lock, &why)) == ERR_BUSY && i < TRIES; i++)
		nap();
	if (r == ERR_BUSY) {
		err_fail(e, ERR_BUSY, "import.running", "导入", "另一个导入正在进行，%s", why.why);
		err_hint(e, "请等它结束后重试");
	} else if (r && e) {
		*e = why;
	}
	return r;
}

/* {"table":…,"file":…,"dry_run":…,"partial":…}; malloc'd. */
static char *payload_of(const struct import_options *o)
{
	struct json_out j;
	struct buf b;

	buf_init(&b, 2 * HOME_PATH);
	json_out_init(&j, &b, 0);
	json_open(&j, NULL, '{');
	json_put(&j, "table", o->table);
	json_put(&j, "file", o->file);
	json_put_bool(&j, "dry_run", o->dry_run);
	json_put_bool(&j, "partial", o->partial);
	json_close(&j, '}');
	return buf_detach(&b);
}

enum err import_job_add(struct import *m, struct err_info *e)
{
	struct job j = {.unit_id = m->unit, .due_ms = clock_now_ms(), .created_by = m->s->user.id};
	char *payload = payload_of(m->options);
	struct db *db = m->s->db;
	enum err r;

	j.payload = payload;
	text_copy(j.kind, sizeof(j.kind), JOB_IMPORT);
	if (!(r = db_begin(db, e))) {
		if ((r = store_job_imports_dead(db, e)) || (r = store_job_add(db, &j, e)) ||
		    (r = store_job_running(db, j.id, e)))
			db_rollback(db);
		else
			r = db_commit(db, e);
	}
	free(payload);
	if (!r)
		m->report->job = j.id;
	return r;
}

/* A look that found faults has been had: what it was for is done. */
static enum err store_end(struct import *m, const struct err_info *why, struct err_info *e)
{
	struct db *db = m->s->db;
	char *result;
	enum err r;

	if (!strcmp(why->code, "import.cancelled"))
		return store_job_stop(db, m->report->job, why, e);
	if (!m->options->dry_run || strcmp(why->code, "import.failed") != 0)
		return store_job_fail(db, m->report->job, why, e);
	result = import_result(m->report);
	r = store_job_done(db, m->report->job, result, e);
	free(result);
	return r;
}

void import_job_failed(struct import *m, const struct err_info *why)
{
	struct db *db = m->s->db;
	struct err_info e = {0};
	enum err r = db_begin(db, &e);

	if (r)
		goto out;
	r = store_end(m, why, &e);
	if (r)
		db_rollback(db);
	else
		r = db_commit(db, &e);
out:
	/* What stays running is mended when the next one looks: the lock is free then. */
	if (r)
		log_err(LOG_WARN, "import", &e);
}

enum err import_job_tried(struct import *m, struct err_info *e)
{
	struct db *db = m->s->db;
	char *result = import_result(m->report);
	enum err r = db_begin(db, e);

	if (!r) {
		if ((r = store_job_done(db, m->report->job, result, e)))
			db_rollback(db);
		else
			r = db_commit(db, e);
	}
	free(result);
	return r;
}

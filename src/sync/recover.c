/* recover.c - what a dead engine left behind (invariant I4). */
#include <string.h>

#include "base/date.h"
#include "base/log.h"
#include "sync/sync_p.h"

/* A call of the dead engine may have got through: whatever was `sending` is now unknown, its
 * batch lost. */
static enum err sending_to_unknown(struct engine *en, struct err_info *e)
{
	enum { MANY = 256 };
	int64_t ids[MANY];
	size_t n = 0;
	enum err r;

	do {
		if ((r = store_invoice_ids(en->db, 0, INVOICE_SENDING, ids, MANY, &n, e)))
			return r;
		for (size_t i = 0; i < n; i++) {
			struct invoice_record rec;
			if ((r = store_invoice_head(en->db, ids[i], &rec, e)))
				return r;
			int64_t batch = rec.batch_id;
			invoice_record_free(&rec);
			if ((batch && (r = store_batch_set(en->db, batch, "lost", NULL, e))) ||
			    (r = store_invoice_set_state(en->db, ids[i], INVOICE_UNKNOWN,
							 "上传时程序中断，正在向税局核对", e)))
				return r;
		}
	} while (n == MANY);
	return ERR_OK;
}

struct running {
	struct engine *en;
	bool all;
	int64_t ids[1024], applied[1024]; /* applied: the letter of an application, or 0 */
	size_t count;
};

static enum err note_running(void *arg, const struct job *j)
{
	struct running *run = arg;
	/* An import belongs to the process that imports: the engine was never at it. */
	if (strcmp(j->kind, JOB_IMPORT) == 0 ||
	    (!run->all && job_lane_of(j->kind) != run->en->which))
		return ERR_OK;
	if (run->count < sizeof run->ids / sizeof *run->ids) {
		run->applied[run->count] = strcmp(j->kind, JOB_RED_APPLY) == 0 ? j->subject_id : 0;
		run->ids[run->count++] = j->id;
	}
	return ERR_OK;
}

/* A mail of which some may have left is nobody's to send again without being asked. */
static enum err mails_to_unknown(struct engine *en, bool all, struct err_info *e)
{
	bool any = false;
	return all || en->which == LANE_POST ? store_mail_died(en->db, &any, e) : ERR_OK;
}

static enum err running_to_ready(struct engine *en, const struct running *run, struct err_info *e)
{
	enum err r = ERR_OK;
	for (size_t i = 0; !r && i < run->count; i++) {
		if (run->applied[i])
			r = red_died(en, run->applied[i], e);
		if (!r)
			r = store_job_again(en->db, run->ids[i], clock_now_ms(), NULL, NULL, e);
	}
	return r;
}

enum err recover(struct engine *en, bool all, struct err_info *e)
{
	enum err r;

	/* Reading first: a clean start writes nothing. */
	for (;;) {
		struct running run = {.en = en, .all = all};
		int64_t one;
		size_t sending = 0;
		if ((r = store_job_list_running(en->db, note_running, &run, e)) ||
		    ((all || en->which == LANE_TAX) &&
		     (r = store_invoice_ids(en->db, 0, INVOICE_SENDING, &one, 1, &sending, e))))
			return r;
		if (run.count == 0 && sending == 0)
			return ERR_OK;
		log_write(LOG_WARN, "sync", "recovering %zu running jobs of a dead engine",
			  run.count);
		if ((r = db_begin(en->db, e)))
			return r;
		if ((sending && (r = sending_to_unknown(en, e))) ||
		    (r = mails_to_unknown(en, all, e)) || (r = running_to_ready(en, &run, e)) ||
		    (r = db_commit(en->db, e))) {
			db_rollback(en->db);
			return r;
		}
	}
}

/* ---- mending ---- */

struct missing {
	struct engine *en;
	const char *kind;
	int64_t units[1000], subjects[1000];
	size_t count;
};

static enum err note_missing(void *arg, int64_t unit, int64_t subject)
{
	struct missing *m = arg;
	if (m->count < sizeof m->units / sizeof *m->units) {
		m->units[m->count] = unit;
		m->subjects[m->count++] = subject;
	}
	return ERR_OK;
}

static enum err add_missing(struct missing *m, struct err_info *e)
{
	enum err r = m->count ? db_begin(m->en->db, e) : ERR_OK;
	for (size_t i = 0; !r && i < m->count; i++)
		r = add_job(m->en, m->kind, m->units[i], m->subjects[i], clock_now_ms(), e);
	return r || !m->count ? r : db_commit(m->en->db, e);
}

/* No job of ours is ever due later than this: beyond it lies a clock that was ahead. */
static int64_t horizon_ms(const struct engine *en)
{
	int64_t far = en->params.retry_max_ms + en->params.retry_max_ms / 4;
	if (far < en->params.poll_max_ms)
		far = en->params.poll_max_ms;
	return (far < SET_ASIDE_MS ? SET_ASIDE_MS : far) + 60000;
}

static enum err bring_near(struct engine *en, struct err_info *e)
{
	int64_t now = clock_now_ms(), far = now + horizon_ms(en);
	bool any = false;
	int changed = 0;
	enum err r = store_job_late(en->db, far, &any, e);
	if (r || !any || (r = db_begin(en->db, e)) ||
	    (r = store_job_hasten(en->db, far, now, &changed, e)))
		return r;
	log_write(LOG_WARN, "sync", "%d jobs were due in a time that will not come", changed);
	return db_commit(en->db, e);
}

enum err mend_jobs(struct engine *en, struct err_info *e)
{
	struct missing polls = {.en = en, .kind = JOB_POLL},
		       uploads = {.en = en, .kind = JOB_UPLOAD};
	enum err r;

	if ((r = store_job_missing_polls(en->db, note_missing, &polls, e)) ||
	    (r = store_job_missing_uploads(en->db, note_missing, &uploads, e)) ||
	    (r = add_missing(&polls, e)) || (r = add_missing(&uploads, e)) ||
	    (r = bring_near(en, e)) || (r = store_job_imports_mend(en->db, en->home, e)))
		db_rollback(en->db);
	return r;
}

/* summary_keep.c - 汇总确认: months that were left behind, by a cancelled job, by a machine that was
 * off, by a clock that was ahead. */
#include <stdlib.h>

#include "base/date.h"
#include "base/text.h"
#include "sync/sync_p.h"

enum { AGAIN_S = 3600 };

struct moving {
	struct summary *items;
	size_t n;
};

static enum err note_moving(void *arg, const struct summary *s)
{
	struct moving *m = arg;

	m->items[m->n++] = *s;
	return ERR_OK;
}

/* Its job was cancelled: what may have been done is asked for again, else it was not. */
static enum err mend(struct engine *en, struct summary *s, struct err_info *e)
{
	bool cancel = s->state == SUMMARY_CANCELLING;
	const char *kind = cancel ? JOB_SUMMARY_CANCEL : JOB_SUMMARY_CONFIRM;
	int64_t job = 0;
	enum err r = store_job_open(en->db, kind, s->unit_id, s->id, &job, e);

	if (r || job || (r = db_begin(en->db, e)) ||
	    (r = store_job_open(en->db, kind, s->unit_id, s->id, &job, e)) ||
	    (!job && (r = store_summary_get(en->db, s->id, s, e))))
		return r;
	if (!job && s->doubt) {
		r = add_job(en, kind, s->unit_id, s->id, clock_now_ms(), e);
	} else if (!job && s->state == (cancel ? SUMMARY_CANCELLING : SUMMARY_CONFIRMING)) {
		s->state = cancel ? SUMMARY_CONFIRMED : SUMMARY_OPEN;
		text_copy(s->message, sizeof(s->message), "任务已取消，没有发给税局");
		r = store_summary_put(en->db, s, e);
	}
	return r ? r : db_commit(en->db, e);
}

enum err keep_summary(struct engine *en, struct err_info *e)
{
	struct moving all = {.items = mem_zalloc(SUMMARY_MANY * sizeof(*all.items))};
	enum err r = store_summary_moving(en->db, note_moving, &all, e);

	for (size_t i = 0; i < all.n && !r; i++)
		if ((r = mend(en, &all.items[i], e)))
			db_rollback(en->db);
	free(all.items);
	return r;
}

/* Their figures come now: nobody was there when the tax side summed up, or it did not answer. */
enum err calendar_left(struct engine *en, int64_t unit, bool *put, struct err_info *e)
{
	struct moving all = {.items = mem_zalloc(SUMMARY_MANY * sizeof(*all.items))};
	char month[MONTH_TEXT];
	int64_t job;
	enum err r;

	/* The newest month that may be closed has its own slot. */
	summary_month_add(month_text(clock_now(), month), -1, month);
	r = store_summary_left(en->db, unit, month, clock_now(), note_moving, &all, e);
	if (!r && all.n && !(r = db_begin(en->db, e))) {
		for (size_t i = 0; i < all.n && !r; i++)
			r = store_summary_look(en->db, &all.items[i], 0, &job, e);
		if (!r)
			r = db_commit(en->db, e);
		*put |= !r;
	}
	free(all.items);
	return r;
}

/* Theirs is the clock that decides.  Not again at once, should ours be behind. */
static enum err look_again(struct engine *en, const struct summary *s, struct err_info *e)
{
	int64_t job, now = clock_now();
	enum err r;

	if (summary_time(s->month, now) == SUMMARY_CLOSED ||
	    (s->updated_at <= now && now - s->updated_at < AGAIN_S))
		return ERR_OK;
	if ((r = db_begin(en->db, e)) || (r = store_summary_look(en->db, s, 0, &job, e)))
		return r;
	return db_commit(en->db, e);
}

enum err keep_summed(struct engine *en, struct err_info *e)
{
	struct moving all = {.items = mem_zalloc(SUMMARY_MANY * sizeof(*all.items))};
	char month[MONTH_TEXT];
	int64_t after = 0;
	enum err r;

	summary_month_add(month_text(clock_now(), month), -1, month);
	do {
		all.n = 0;
		r = store_summary_summed(en->db, month, after, note_moving, &all, e);
		for (size_t i = 0; i < all.n && !r; i++)
			if ((r = look_again(en, &all.items[i], e)))
				db_rollback(en->db);
		after = all.n ? all.items[all.n - 1].id : 0;
	} while (!r && all.n == SUMMARY_MANY);
	free(all.items);
	return r;
}

/* summary.c - 汇总确认: confirming a month with the six figures, cancelling that (protocol 7.13).
 *
 * Order of things, each line durable before the next:
 *   1. the row is confirming (or cancelling), with its job              (who asks)
 *   2. the six figures as they will be sent, and that they may have been (doubt)
 *   3. the call
 *   4. what the answer says, with the request log row
 * The interface has no serial.  After a lost answer, or a death behind 2, the same figures are sent
 * again, and a tax side that says the month is confirmed already has said yes, to us or to somebody
 * else: its figures are asked for then.  Once the month is
 * closed nothing is sent: the tax side has summed up by itself.  It is closed when its own clock
 * says so, too.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/crash.h"
#include "base/date.h"
#include "base/text.h"
#include "sync/summary_p.h"

enum { LAG_S = 600, LAG_TRIES = 3 };

static const char *what_of(const struct summary_work *w)
{
	return w->cancel ? "取消汇总确认" : "汇总确认";
}

/* ---- ends; each inside the caller's transaction ---- */

static enum err end_done(struct summary_work *w, enum summary_state state, struct err_info *e)
{
	char result[64];
	enum err r;

	w->s.state = state;
	w->s.doubt = false;
	w->s.ended_at = clock_now();
	snprintf(result, sizeof(result), "{\"state\":\"%s\"}", summary_state_word(state));
	r = store_summary_put(w->en->db, &w->s, e);
	return r ? r : job_done(w->en, w->job->id, result, e);
}

static enum err end_failed(struct summary_work *w, enum summary_state state,
			   const struct err_info *why, struct err_info *e)
{
	enum err r;

	w->s.state = state;
	w->s.doubt = false;
	err_sentence(why, w->s.message, sizeof(w->s.message));
	r = store_summary_put(w->en->db, &w->s, e);
	return r ? r : job_failed(w->en, w->job->id, why, e);
}

/* Where it falls back to when it certainly was not done. */
static enum summary_state state_before(const struct summary_work *w)
{
	return w->cancel ? SUMMARY_CONFIRMED : SUMMARY_FAILED;
}

static enum err again(struct summary_work *w, int64_t due_ms, const struct err_info *why,
		      struct err_info *e)
{
	enum err r;

	err_sentence(why, w->s.message, sizeof(w->s.message));
	r = store_summary_put(w->en->db, &w->s, e);
	return r ? r : store_job_again(w->en->db, w->job->id, due_ms, NULL, why, e);
}

/* ---- before the call ---- */

bool summary_closed_there(const struct engine *en, const char *month)
{
	return summary_time(month, call_their_now(en)) == SUMMARY_CLOSED;
}

bool summary_closed(const struct engine *en, const char *month)
{
	return summary_time(month, clock_now()) == SUMMARY_CLOSED &&
	       summary_closed_there(en, month);
}

/* Nothing is sent any more.  Whether the tax side has summed up, and what, it is asked: that ends
 * the month, not our clock. */
static enum err too_late(struct summary_work *w, struct err_info *e)
{
	struct err_info why = {0};
	int64_t job;
	enum err r;

	err_fail(&why, ERR_REFUSED, "summary.closed", what_of(w),
		 "%s 已过 13 日 0 时，税局已自动汇总%s", w->s.month,
		 w->s.doubt ? "；之前发出的没有收到答复" : "");
	r = end_failed(w, w->s.doubt ? SUMMARY_FAILED : state_before(w), &why, e);
	return r ? r : store_summary_look(w->en->db, &w->s, w->job->created_by, &job, e);
}

static enum err refuse_pending(struct summary_work *w, size_t pending, struct err_info *e)
{
	struct err_info why = {0};

	err_fail(&why, ERR_INVALID, "summary.pending", what_of(w), "还有 %zu 张 %s 的发票没有结果",
		 pending, w->s.month);
	err_hint(&why, "等它们有了结果再确认");
	return end_failed(w, SUMMARY_FAILED, &why, e);
}

/* The figures go on record before they are sent; those of a call in doubt stay as they were. */
static enum err put_figures(struct summary_work *w, bool *ready, struct err_info *e)
{
	size_t pending = 0;
	enum err r = ERR_OK;

	*ready = false;
	if (!w->cancel && !w->s.doubt) {
		if ((r = store_summary_pending(w->en->db, w->s.unit_id, w->s.month, NULL, 0,
					       &pending, e)))
			return r;
		if (pending && !w->s.forced)
			return refuse_pending(w, pending, e);
		if ((r = store_summary_sums(w->en->db, w->s.unit_id, w->s.month, &w->s.ours, e)))
			return r;
		w->s.sent_at = clock_now();
	}
	*ready = true;
	w->doubted = w->s.doubt;
	w->s.doubt = true;
	return store_summary_put(w->en->db, &w->s, e);
}

/* *ready false: the job has ended. */
static enum err prepare(struct summary_work *w, bool *ready, struct err_info *e)
{
	enum err r = db_begin(w->en->db, e);

	*ready = false;
	if (r || (r = store_summary_get(w->en->db, w->job->subject_id, &w->s, e)))
		return r;
	if (w->s.state != (w->cancel ? SUMMARY_CANCELLING : SUMMARY_CONFIRMING))
		r = job_done(w->en, w->job->id, "{}", e); /* settled meanwhile */
	else if (summary_closed(w->en, w->s.month))
		r = too_late(w, e);
	else
		r = put_figures(w, ready, e);
	return r ? r : db_commit(w->en->db, e);
}

/* The unit cannot be called: what was never sent ends, what is in doubt waits for the mend. */
static enum err uncallable(struct summary_work *w, const struct err_info *why, struct err_info *e)
{
	enum err r = db_begin(w->en->db, e);

	if (r || (r = store_summary_get(w->en->db, w->job->subject_id, &w->s, e)))
		return r;
	if (w->s.state != (w->cancel ? SUMMARY_CANCELLING : SUMMARY_CONFIRMING))
		r = job_failed(w->en, w->job->id, why, e);
	else if (summary_closed(w->en, w->s.month))
		r = too_late(w, e);
	else if (w->s.doubt)
		r = again(w, clock_now_ms() + w->en->params.retry_max_ms, why, e);
	else
		r = end_failed(w, state_before(w), why, e);
	return r ? r : db_commit(w->en->db, e);
}

/* ---- behind the call ---- */

/* Invoices that were kept back go out now. */
static enum err let_go(struct summary_work *w, struct err_info *e)
{
	int64_t ids[WATCH_MAX];
	size_t n = 0;
	enum err r =
	    store_summary_pending(w->en->db, w->s.unit_id, w->s.month, ids, WATCH_MAX, &n, e);

	for (size_t i = 0; i < n && !r; i++) {
		int64_t job = 0;

		if (!(r = store_job_open(w->en->db, JOB_UPLOAD, w->s.unit_id, ids[i], &job, e)) &&
		    job)
			r = store_job_again(w->en->db, job, clock_now_ms(), NULL, NULL, e);
	}
	return r;
}

static enum err done(struct summary_work *w, struct err_info *e)
{
	enum err r;

	*w->s.message = 0;
	if (w->cancel) {
		r = end_done(w, SUMMARY_CANCELLED, e);
		return r ? r : let_go(w, e);
	}
	w->s.theirs = w->s.ours; /* the same, else it says no */
	w->s.theirs_at = clock_now();
	return end_done(w, SUMMARY_CONFIRMED, e);
}

/* Not equal: theirs may be minutes behind (protocol 7.13); else somebody has to look into it. */
static enum err unequal(struct summary_work *w, const struct err_info *why, struct err_info *e)
{
	int64_t last = 0, job;
	enum err r = store_summary_last(w->en->db, w->s.unit_id, w->s.month, &last, e);

	if (r)
		return r;
	w->s.doubt = false;
	if (w->s.tries < LAG_TRIES && clock_now() - last < LAG_S) {
		struct err_info later = *why;

		w->s.tries++;
		later.class = ERR_BUSY;
		err_hint(&later, "税局的数可能晚几分钟");
		return again(w, clock_now_ms() + w->en->params.summary_wait_ms, &later, e);
	}
	r = end_failed(w, SUMMARY_FAILED, why, e);
	return r ? r : store_summary_look(w->en->db, &w->s, w->job->created_by, &job, e);
}

static enum err refused(struct summary_work *w, const struct leqi_reply *rep,
			const struct err_info *why, struct err_info *e)
{
	if (w->cancel && leqi_says_unconfirmed(rep->message))
		return done(w, e);
	if (!w->cancel && leqi_says_unequal(rep->message))
		return unequal(w, why, e);
	if (!w->cancel && leqi_says_confirmed(rep->message)) {
		int64_t job;
		enum err r;

		/* By somebody else, or by our call whose answer was lost, if it came there at all.
		 * Either way perhaps with other figures: theirs are asked for. */
		text_copy(w->s.message, sizeof(w->s.message),
			  w->doubted ? "" : "税局答复这个月已经确认过，不是由本机确认的");
		r = end_done(w, SUMMARY_CONFIRMED, e);
		return r ? r : store_summary_look(w->en->db, &w->s, w->job->created_by, &job, e);
	}
	return end_failed(w, state_before(w), why, e);
}

static enum err apply(struct summary_work *w, const struct leqi_reply *rep, struct err_info *e)
{
	struct err_info why = {0};
	int64_t due = retry_due_ms(w->en, w->job->attempts, rep->retry_after_s);
	enum err r = db_begin(w->en->db, e);

	if (r || (r = call_record(w->en, rep, e)))
		return r;
	if (rep->class != LEQI_OK)
		leqi_error(rep, what_of(w), &why);
	switch (rep->class) {
	case LEQI_OK:
		r = done(w, e);
		break;
	case LEQI_REFUSED:
		r = refused(w, rep, &why, e);
		break;
	case LEQI_LOST: /* may have been done: only asking again tells */
		r = again(w, due, &why, e);
		break;
	case LEQI_MISCONFIGURED: /* certainly not done by this call */
		w->s.doubt = w->doubted;
		r = w->doubted ? again(w, due, &why, e) : end_failed(w, state_before(w), &why, e);
		break;
	case LEQI_LATER:
		w->s.doubt = w->doubted;
		r = again(w, due, &why, e);
		break;
	}
	return r ? r : db_commit(w->en->db, e);
}

static enum err send(struct summary_work *w, const struct caller *c, struct err_info *e)
{
	struct leqi_reply rep = {0};
	enum err r;

	leqi_send_summary(w->en->leqi, &c->wire, c->unit.tax_no, c->unit.region, w->s.month,
			  w->cancel ? NULL : &w->s.ours, &rep);
	crash_step("after summary");
	r = apply(w, &rep, e);
	if (r)
		db_rollback(w->en->db);
	leqi_reply_free(&rep);
	return r;
}

static enum err run(struct engine *en, struct job *job, bool cancel, struct err_info *e)
{
	struct summary_work w = {.en = en, .job = job, .cancel = cancel};
	struct err_info why = {0};
	struct caller c;
	bool ready = false;
	enum err r;

	if (caller_load(en, job->unit_id, &c, &why)) {
		r = uncallable(&w, &why, e);
	} else {
		caller_free(&c);
		r = prepare(&w, &ready, e);
	}
	if (r)
		db_rollback(en->db);
	if (r || !ready || (r = call_begin(en, job, &c, &ready, e)) || !ready)
		return r;
	r = send(&w, &c, e);
	caller_free(&c);
	return r;
}

enum err run_summary_confirm(struct engine *en, struct job *job, struct err_info *e)
{
	return run(en, job, false, e);
}

enum err run_summary_cancel(struct engine *en, struct job *job, struct err_info *e)
{
	return run(en, job, true, e);
}

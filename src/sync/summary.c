/* summary.c - 汇总确认: confirming a month with the six figures, cancelling that, and looking at what
 * the tax side has (protocol 7.13).
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
#include "sync/sync_p.h"

enum {
	LAG_S = 600,
	LAG_TRIES = 3,
	EDGES = 64,
	THOROUGH_MAX = 500,
	AGAIN_S = 3600,
	LOOK_TRIES = 6, /* answers that cannot be read; those that do not come are waited for */
};

struct work {
	struct engine *en;
	struct job *job;
	struct summary s;
	bool cancel, doubted; /* doubted: before this call */
};

static const char *what_of(const struct work *w)
{
	return w->cancel ? "取消汇总确认" : "汇总确认";
}

/* ---- ends; each inside the caller's transaction ---- */

static enum err end_done(struct work *w, enum summary_state state, struct err_info *e)
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

static enum err end_failed(struct work *w, enum summary_state state, const struct err_info *why,
			   struct err_info *e)
{
	enum err r;

	w->s.state = state;
	w->s.doubt = false;
	err_sentence(why, w->s.message, sizeof(w->s.message));
	r = store_summary_put(w->en->db, &w->s, e);
	return r ? r : job_failed(w->en, w->job->id, why, e);
}

/* Where it falls back to when it certainly was not done. */
static enum summary_state state_before(const struct work *w)
{
	return w->cancel ? SUMMARY_CONFIRMED : SUMMARY_FAILED;
}

static enum err again(struct work *w, int64_t due_ms, const struct err_info *why,
		      struct err_info *e)
{
	enum err r;

	err_sentence(why, w->s.message, sizeof(w->s.message));
	r = store_summary_put(w->en->db, &w->s, e);
	return r ? r : store_job_again(w->en->db, w->job->id, due_ms, NULL, why, e);
}

/* ---- before the call ---- */

/* Is the month closed?  A clock of ours that is wrong for a moment must not end a month that goes
 * on, so theirs has to say so, too, where it is known. */
static bool is_closed_there(const struct engine *en, const char *month)
{
	return summary_time(month, call_their_now(en)) == SUMMARY_CLOSED;
}

static bool is_closed(const struct engine *en, const char *month)
{
	return summary_time(month, clock_now()) == SUMMARY_CLOSED && is_closed_there(en, month);
}

/* Nothing is sent any more.  Whether the tax side has summed up, and what, it is asked: that ends
 * the month, not our clock. */
static enum err too_late(struct work *w, struct err_info *e)
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

static enum err refuse_pending(struct work *w, size_t pending, struct err_info *e)
{
	struct err_info why = {0};

	err_fail(&why, ERR_INVALID, "summary.pending", what_of(w), "还有 %zu 张 %s 的发票没有结果",
		 pending, w->s.month);
	err_hint(&why, "等它们有了结果再确认");
	return end_failed(w, SUMMARY_FAILED, &why, e);
}

/* The figures go on record before they are sent; those of a call in doubt stay as they were. */
static enum err put_figures(struct work *w, bool *ready, struct err_info *e)
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
static enum err prepare(struct work *w, bool *ready, struct err_info *e)
{
	enum err r = db_begin(w->en->db, e);

	*ready = false;
	if (r || (r = store_summary_get(w->en->db, w->job->subject_id, &w->s, e)))
		return r;
	if (w->s.state != (w->cancel ? SUMMARY_CANCELLING : SUMMARY_CONFIRMING))
		r = job_done(w->en, w->job->id, "{}", e); /* settled meanwhile */
	else if (is_closed(w->en, w->s.month))
		r = too_late(w, e);
	else
		r = put_figures(w, ready, e);
	return r ? r : db_commit(w->en->db, e);
}

/* The unit cannot be called: what was never sent ends, what is in doubt waits for the mend. */
static enum err uncallable(struct work *w, const struct err_info *why, struct err_info *e)
{
	enum err r = db_begin(w->en->db, e);

	if (r || (r = store_summary_get(w->en->db, w->job->subject_id, &w->s, e)))
		return r;
	if (w->s.state != (w->cancel ? SUMMARY_CANCELLING : SUMMARY_CONFIRMING))
		r = job_failed(w->en, w->job->id, why, e);
	else if (is_closed(w->en, w->s.month))
		r = too_late(w, e);
	else if (w->s.doubt)
		r = again(w, clock_now_ms() + w->en->params.retry_max_ms, why, e);
	else
		r = end_failed(w, state_before(w), why, e);
	return r ? r : db_commit(w->en->db, e);
}

/* ---- behind the call ---- */

/* Invoices that were kept back go out now. */
static enum err let_go(struct work *w, struct err_info *e)
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

static enum err done(struct work *w, struct err_info *e)
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
static enum err unequal(struct work *w, const struct err_info *why, struct err_info *e)
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

static enum err refused(struct work *w, const struct leqi_reply *rep, const struct err_info *why,
			struct err_info *e)
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

static enum err apply(struct work *w, const struct leqi_reply *rep, struct err_info *e)
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

static enum err send(struct work *w, const struct caller *c, struct err_info *e)
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
	struct work w = {.en = en, .job = job, .cancel = cancel};
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

/* ---- what the tax side has ---- */

struct edges {
	struct invoice_boundary one[EDGES];
	struct summary_figures items[EDGES];
	bool pick[EDGES];
	size_t n;
};

/* The month an invoice at the edge would be taken from or given to must not be settled: there it
 * was counted right.  One that the tax side has summed up otherwise than we count can be wrong. */
static enum err may_turn(struct work *w, const struct invoice_boundary *b, bool *ok,
			 struct err_info *e)
{
	const char *other = strcmp(b->month, w->s.month) ? b->month : b->other;
	struct summary_figures ours;
	struct summary s;
	bool found = false;
	enum err r = ERR_OK;

	*ok = strcmp(b->month, b->other) != 0;
	if (!*ok || (r = store_summary_find(w->en->db, w->s.unit_id, other, &s, &found, e)) ||
	    !found)
		return *ok ? r : ERR_OK;
	if (s.state != SUMMARY_AUTO) {
		*ok = !summary_state_locks(s.state) && !is_closed(w->en, other);
		return ERR_OK;
	}
	r = store_summary_sums(w->en->db, w->s.unit_id, other, &ours, e);
	*ok = !r && s.theirs_at && !summary_equal(&ours, &s.theirs);
	return r;
}

static enum err find_edges(struct work *w, struct edges *x, struct err_info *e)
{
	size_t n = 0;
	enum err r = store_boundary_list(w->en->db, w->s.unit_id, w->s.month, x->one, EDGES, &n, e);

	for (size_t i = 0; i < n && !r; i++) {
		bool ok;

		if ((r = may_turn(w, &x->one[i], &ok, e)) || !ok)
			continue;
		x->one[x->n] = x->one[i];
		x->items[x->n] = (struct summary_figures) {0};
		summary_add(&x->items[x->n], &x->one[i].figures,
			    strcmp(x->one[i].month, w->s.month) ? 1 : -1);
		x->n++;
	}
	return r;
}

/* Could what the tax side lacks as well be an invoice of the month that it has lost? */
static enum err may_be_lost(struct work *w, const struct edges *x, bool *out, struct err_info *e)
{
	enum err r = ERR_OK;

	*out = false;
	for (size_t i = 0; i < x->n && !r && !*out; i++)
		if (x->pick[i] && !strcmp(x->one[i].month, w->s.month))
			r = store_summary_alike(w->en->db, w->s.unit_id, w->s.month,
						&x->one[i].figures, out, e);
	return r;
}

static enum err note_lost(void *arg, const struct recon_difference *d)
{
	(void)d;
	*(bool *)arg = true;
	return ERR_OK;
}

/* Has a comparison found that the tax side has all of ours? */
static enum err is_compared(struct work *w, bool *out, struct err_info *e)
{
	static const enum recon_kind LOST = RECON_ONLY_OURS;
	struct difference_filter f = {.run = w->s.recon_id, .kind = &LOST, .limit = 1};
	struct recon_run run;
	int64_t next, total;
	bool lost = false;
	enum err r = ERR_OK;

	*out = false;
	if (!w->s.recon_id || (r = store_recon_get(w->en->db, w->s.recon_id, &run, e)) ||
	    !run.finished_at || !((run.thorough && !run.mute) || (run.listed[0] && run.listed[1])))
		return r;
	r = store_difference_list(w->en->db, &f, note_lost, &lost, &next, &total, e);
	*out = !r && !lost;
	return r;
}

/* Invoices at the edges of the month whose month can only be guessed: does counting some of them
 * the other way explain the difference (features N61)?  *turned counts them.  Where something else
 * explains it as well, *doubtful, and a comparison comes first. */
static enum err turn_edges(struct work *w, size_t *turned, bool *doubtful, struct err_info *e)
{
	struct edges *x = mem_zalloc(sizeof(*x));
	bool compared = false;
	int fits = 0;
	enum err r = find_edges(w, x, e);

	if (!r && x->n)
		fits = summary_fit(&w->s.ours, &w->s.theirs, x->items, x->n, x->pick);
	if (fits && !(r = may_be_lost(w, x, doubtful, e))) {
		*doubtful |= fits > 1;
		r = is_compared(w, &compared, e);
		*doubtful &= !compared;
	}
	for (size_t i = 0; fits && !*doubtful && i < x->n && !r; i++)
		if (x->pick[i] && !(r = store_boundary_turn(w->en->db, x->one[i].invoice_id, e)))
			++*turned;
	free(x);
	return r;
}

/* 对账 finds out which invoices they are; one that goes on already will. */
static enum err begin_recon(struct work *w, struct err_info *e)
{
	struct recon_run run = {
	    .unit_id = w->s.unit_id, .stage = "summary", .created_by = w->job->created_by};
	enum ability_state ability;
	bool by_person;
	int64_t open = 0;
	enum err r;

	if ((r = store_recon_open(w->en->db, run.unit_id, w->s.month, &open, e)) ||
	    (r = store_ability_get(w->en->db, run.unit_id, ABILITY_COLLECT, &ability, &by_person,
				   e)))
		return r;
	if (open)
		w->s.recon_id = open;
	/* The calendar tries again and again: one is enough, and lists are few. */
	if (open || (w->s.recon_id && !w->job->created_by))
		return ERR_OK;
	text_copy(run.month, sizeof(run.month), w->s.month);
	run.collect = ability != ABILITY_NO;
	/* Without lists each is asked for, unless they are very many. */
	run.thorough = !run.collect && w->s.ours.blue_count + w->s.ours.red_count <= THOROUGH_MAX;
	if ((r = store_recon_add(w->en->db, &run, e)))
		return r;
	w->s.recon_id = run.id;
	return add_job(w->en, JOB_RECON, run.unit_id, run.id, clock_now_ms(), e);
}

/* Of a month that was refused as not equal. */
static enum err explain_difference(struct work *w, struct err_info *e)
{
	size_t turned = 0;
	bool doubtful = false;
	enum err r = store_summary_sums(w->en->db, w->s.unit_id, w->s.month, &w->s.ours, e);

	if (r)
		return r;
	if (!summary_equal(&w->s.ours, &w->s.theirs)) {
		if ((r = turn_edges(w, &turned, &doubtful, e)))
			return r;
		if (doubtful)
			text_copy(w->s.message, sizeof(w->s.message),
				  "税局少的可能是月末的发票（记在另一个月），也可能是它漏收的："
				  "请看对账，税局都有的，再刷新");
		if (!turned)
			return begin_recon(w, e);
	}
	w->s.state = SUMMARY_OPEN;
	if (turned)
		snprintf(w->s.message, sizeof(w->s.message),
			 "月末的 %zu 张发票已按税局的数归月，请再确认", turned);
	else
		text_copy(w->s.message, sizeof(w->s.message), "现在与税局一致，请再确认");
	return turned ? store_summary_sums(w->en->db, w->s.unit_id, w->s.month, &w->s.ours, e)
		      : ERR_OK;
}

static enum err sum_up(struct work *w, struct err_info *e)
{
	enum err r = store_summary_sums(w->en->db, w->s.unit_id, w->s.month, &w->s.ours, e);

	if (r)
		return r;
	w->s.state = SUMMARY_AUTO;
	w->s.doubt = false;
	w->s.ended_at = clock_now();
	summary_difference(&w->s.ours, &w->s.theirs, w->s.message, sizeof(w->s.message));
	return ERR_OK;
}

/* It was called summed up under a clock that was ahead. */
static void reopen(struct work *w)
{
	w->s.state = SUMMARY_OPEN;
	w->s.doubt = false;
	w->s.ended_at = 0;
	text_copy(w->s.message, sizeof(w->s.message),
		  "本机时钟曾经走快，误认为税局已自动汇总；按税局的时间还没有截止");
}

/* Of a month that is confirmed: were they our figures? */
static void compare(struct work *w)
{
	char text[sizeof(w->s.message) - 100];

	if (summary_equal(&w->s.ours, &w->s.theirs))
		return;
	summary_difference(&w->s.ours, &w->s.theirs, text, sizeof(text));
	snprintf(w->s.message, sizeof(w->s.message), "税局的数与本机发出的不同：%s", text);
}

static enum err looked(struct work *w, const struct caller *c, const struct leqi_summary *all,
		       size_t n, const struct leqi_reply *rep, struct err_info *e)
{
	enum err r = db_begin(w->en->db, e);

	if (r || (r = call_record(w->en, rep, e)) ||
	    (r = store_summary_get(w->en->db, w->job->subject_id, &w->s, e)))
		return r;
	w->s.theirs = (struct summary_figures) {0};
	for (size_t i = 0; i < n; i++)
		if ((!*all[i].platform || !strcmp(all[i].platform, c->direct.leqi_id)) &&
		    (!*all[i].month || !strcmp(all[i].month, w->s.month)))
			summary_add(&w->s.theirs, &all[i].figures, 1);
	w->s.theirs_at = clock_now();
	if (!summary_state_final(w->s.state) && is_closed(w->en, w->s.month))
		r = sum_up(w, e);
	else if (w->s.state == SUMMARY_AUTO && !is_closed_there(w->en, w->s.month))
		reopen(w);
	else if (w->s.state == SUMMARY_FAILED)
		r = explain_difference(w, e);
	else if (w->s.state == SUMMARY_CONFIRMED)
		compare(w);
	if (r || (r = store_summary_put(w->en->db, &w->s, e)) ||
	    (r = job_done(w->en, w->job->id, "{}", e)))
		return r;
	return db_commit(w->en->db, e);
}

/* The same answer would come for ever: somebody has to look, and the calendar asks another time. */
static enum err unreadable(struct work *w, const struct leqi_reply *rep, struct err_info *e)
{
	struct err_info why = {0};
	enum err r = db_begin(w->en->db, e);

	leqi_error(rep, "查询汇总数", &why);
	why.class = ERR_REFUSED;
	err_hint(&why, "请带上乐企请求日志联系主管税务机关；之后重新取汇总数");
	if (r || (r = call_record(w->en, rep, e)) ||
	    (r = store_summary_get(w->en->db, w->job->subject_id, &w->s, e)))
		return r;
	if (!*w->s.message) {
		err_sentence(&why, w->s.message, sizeof(w->s.message));
		r = store_summary_put(w->en->db, &w->s, e);
	}
	if (r || (r = job_failed(w->en, w->job->id, &why, e)))
		return r;
	return db_commit(w->en->db, e);
}

enum err run_summary_look(struct engine *en, struct job *job, struct err_info *e)
{
	struct work w = {.en = en, .job = job};
	struct leqi_summary *all = NULL;
	struct leqi_reply rep = {0};
	struct caller c;
	size_t n = 0;
	bool ok;
	enum err r = store_summary_get(en->db, job->subject_id, &w.s, e);

	if (r || (r = call_begin(en, job, &c, &ok, e)) || !ok)
		return r;
	leqi_query_summary(en->leqi, &c.wire, c.unit.tax_no, c.unit.region, w.s.month, &all, &n,
			   &rep);
	if (rep.class == LEQI_OK)
		r = looked(&w, &c, all, n, &rep, e);
	else if (rep.class == LEQI_LOST && rep.http_status == 200 && job->attempts >= LOOK_TRIES)
		r = unreadable(&w, &rep, e);
	else
		r = job_not_ok(en, job, &rep, "查询汇总数", e);
	if (r)
		db_rollback(en->db);
	free(all);
	leqi_reply_free(&rep);
	caller_free(&c);
	return r;
}

/* ---- what was left behind ---- */

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
	enum err r;

	summary_month_add(month_text(clock_now(), month), -1, month);
	r = store_summary_summed(en->db, month, note_moving, &all, e);
	for (size_t i = 0; i < all.n && !r; i++)
		if ((r = look_again(en, &all.items[i], e)))
			db_rollback(en->db);
	free(all.items);
	return r;
}

/* calendar.c - the runner of the calendar: what a slot asks for becomes jobs, and the run tells how
 * they ended.
 *
 * The newest slot of each rule is looked at, for every unit that may work: once for a slot, also
 * when the clock went back or the engine died, because run and jobs are one transaction.
 */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/decimal.h"
#include "base/json.h"
#include "base/text.h"
#include "store/calendar.h"
#include "store/due.h"
#include "sync/sync_p.h"

enum { EVERY_MS = 30 * 1000, DAY_S = 86400, PAYLOAD_MAX = 65536, MONTH_AGAIN_S = 300 };

/* One slot of a rule for a unit. */
struct slot_work {
	struct engine *en;
	const struct unit *unit;
	const struct calendar_rule *rule;
	struct calendar_slot slot;
	struct calendar_run run;
	bool begun; /* the run is stored */
};

/* ---- what the rules look at ---- */

typedef enum err (*look_fn)(const struct slot_work *w, struct due *out, struct err_info *e);

static enum err look_expire(const struct slot_work *w, struct due *out, struct err_info *e)
{
	int expired = 0;
	/* Theirs is the year that numbers are of; a clock of ours may be wrong for a moment. */
	int year = date_of(call_their_now(w->en)).date.year;
	enum err r;

	*out = (struct due) {.kind = NULL};
	if ((r = db_begin(w->en->db, e)) ||
	    (r = store_segment_expire(w->en->db, w->unit->id, year, &expired, e)) ||
	    (r = db_commit(w->en->db, e)))
		return r;
	out->amount = 1; /* once for a slot, whatever there was */
	if (expired)
		snprintf(out->why, sizeof(out->why), "%d 个号段", expired);
	else
		text_copy(out->why, sizeof(out->why), "没有上年的号码");
	return ERR_OK;
}

static enum err look_quota(const struct slot_work *w, struct due *out, struct err_info *e)
{
	/* How long a refusal rests is the run's business. */
	return store_due_quota(w->en->db, w->unit, true, out, e);
}

static enum err look_interval(const struct slot_work *w, struct due *out, struct err_info *e)
{
	return store_due_interval(w->en->db, w->unit, out, e);
}

static enum err look_codes(const struct slot_work *w, struct due *out, struct err_info *e)
{
	return store_due_codes(w->en->db, w->unit, w->slot.at, out, e);
}

static enum err look_taxpayer(const struct slot_work *w, struct due *out, struct err_info *e)
{
	return store_due_taxpayer(w->en->db, w->unit, w->slot.at, out, e);
}

/* Says on the days a person is told how long the verification holds; never asks the tax side. */
static enum err look_safety(const struct slot_work *w, struct due *out, struct err_info *e)
{
	char text[SAFETY_TEXT];
	int64_t now = clock_now();

	(void)e;
	*out = (struct due) {.amount = safety_told(w->unit->safety_until, now)};
	safety_text(w->unit->safety_until, now, text);
	text_copy(out->why, sizeof(out->why), *text ? text : "没有登记开票安全验证截止日");
	return ERR_OK;
}

/* The month before the slot's. */
static const char *month_before(const struct slot_work *w, char out[MONTH_TEXT])
{
	char month[MONTH_TEXT];

	return summary_month_add(month_text(w->slot.at, month), -1, out);
}

static enum err look_make(const struct slot_work *w, struct due *out, struct err_info *e)
{
	char month[MONTH_TEXT];
	enum err r = db_begin(w->en->db, e);

	if (r || (r = store_due_summary_make(w->en->db, w->unit, month_before(w, month), out, e)))
		return r;
	return db_commit(w->en->db, e);
}

static enum err look_confirm(const struct slot_work *w, struct due *out, struct err_info *e)
{
	char month[MONTH_TEXT];

	return store_due_summary_confirm(w->en->db, w->unit, month_before(w, month), out, e);
}

static enum err look_summed(const struct slot_work *w, struct due *out, struct err_info *e)
{
	char month[MONTH_TEXT];
	enum err r = db_begin(w->en->db, e);

	if (r || (r = store_due_summary_look(w->en->db, w->unit, month_before(w, month), out, e)))
		return r;
	return db_commit(w->en->db, e);
}

static const struct {
	const char *rule;
	look_fn look;
	bool local; /* asks the tax side nothing: also for a unit that is not verified */
} LOOKS[] = {
    {"numbers.expire", look_expire, true},    {"quota.month", look_quota, false},
    {"quota.interval", look_interval, false}, {"codes.daily", look_codes, false},
    {"taxpayer.daily", look_taxpayer, false}, {"safety.daily", look_safety, true},
    {"summary.make", look_make, false},       {"summary.confirm", look_confirm, false},
    {"summary.look", look_summed, false},
};

/* ---- runs ---- */

static enum err keep_run(struct slot_work *w, struct err_info *e)
{
	enum err r = db_begin(w->en->db, e);

	if (r || (r = store_run_put(w->en->db, &w->run, e)))
		return r;
	w->begun = true;
	return db_commit(w->en->db, e);
}

/* Nothing is to be done: the run is done when it did something, else it is looked at again while
 * its time lasts. */
static enum err put_nothing(struct slot_work *w, const struct due *d, struct err_info *e)
{
	bool did = *w->run.kind || d->amount > 0;
	enum run_state state = did ? RUN_DONE : RUN_IDLE;

	if (w->begun && w->run.state == state && (*w->run.kind || !strcmp(w->run.reason, d->why)))
		return ERR_OK;
	w->run.state = state;
	w->run.next_at = 0;
	if (!*w->run.kind) /* else it says what its job did */
		text_copy(w->run.reason, sizeof(w->run.reason), d->why);
	*w->run.hint = 0;
	return keep_run(w, e);
}

/* The figures were asked for and are none of this month: the tax side's clock is still in the one
 * before.  A download would be that month's, so the run waits for theirs. */
static enum err put_early(struct slot_work *w, struct err_info *e)
{
	w->run.state = RUN_OPEN;
	w->run.next_at = clock_now() + MONTH_AGAIN_S;
	*w->run.kind = 0;
	text_copy(w->run.reason, sizeof(w->run.reason),
		  "税局答的还不是本月的额度（两边的钟不同），几分钟后再问");
	*w->run.hint = 0;
	return keep_run(w, e);
}

static void note_job(void *arg, int64_t job)
{
	struct calendar_run *run = arg;

	run->job_id = job;
}

/* The jobs and the run that asks for them are one transaction. */
static enum err put_jobs(struct slot_work *w, const struct due *d, struct err_info *e)
{
	enum err r = db_begin(w->en->db, e);

	if (r)
		return r;
	w->run.state = RUN_OPEN;
	w->run.next_at = 0;
	text_copy(w->run.kind, sizeof(w->run.kind), d->kind);
	w->run.job_id = d->open;
	if ((!d->open && (r = store_due_add(w->en->db, w->unit, d, 0, note_job, &w->run, e))) ||
	    (r = store_run_put(w->en->db, &w->run, e)))
		return r;
	return db_commit(w->en->db, e);
}

/* Is the slot's run to be looked at now?  A time far away was put there under a clock that was
 * ahead. */
static bool run_waits(const struct calendar_run *run)
{
	int64_t now = clock_now();

	if (run->state == RUN_DONE || run->state == RUN_FAILED || run->job_id)
		return true;
	return run->state == RUN_OPEN && run->next_at > now && run->next_at <= now + DAY_S;
}

static enum err work_slot(struct slot_work *w, look_fn look, bool *put, struct err_info *e)
{
	struct due d;
	bool may = true;
	enum err r = store_run_find(w->en->db, w->rule->id, w->unit->id, w->slot.name, &w->run,
				    &w->begun, e);

	if (r || (w->begun && run_waits(&w->run)))
		return r;
	if (!w->begun) {
		if ((r = store_run_may_begin(w->en->db, w->rule->id, w->unit->id, w->slot.at, &may,
					     e)) ||
		    !may)
			return r;
		w->run = (struct calendar_run) {
		    .unit_id = w->unit->id, .slot_at = w->slot.at, .until = w->slot.until};
		text_copy(w->run.rule, sizeof(w->run.rule), w->rule->id);
		text_copy(w->run.slot, sizeof(w->run.slot), w->slot.name);
	}
	if ((r = look(w, &d, e)))
		return r;
	if (d.kind && !strcmp(d.kind, JOB_QUOTA_SYNC) && !strcmp(w->run.kind, JOB_QUOTA_SYNC))
		return put_early(w, e);
	/* One job of a kind that did its work is enough for a slot. */
	if (!d.kind || !strcmp(d.kind, w->run.kind))
		return put_nothing(w, &d, e);
	*put = true;
	return put_jobs(w, &d, e);
}

/* ---- how the jobs ended ---- */

/* What a job that is done did, where that is more than its name says. */
static void tell_done(struct calendar_run *run, const struct job *j)
{
	char text[FEN_TEXT + 8];
	cJSON *tree = NULL;
	int64_t fen;

	if (strcmp(j->kind, JOB_QUOTA_MOVE) != 0 ||
	    json_parse(j->payload, strlen(j->payload), PAYLOAD_MAX, &tree, NULL))
		return;
	if (fen_parse(json_member(tree, "amount"), &fen))
		snprintf(run->reason, sizeof(run->reason), "已下载 %s 元",
			 fen_format_grouped(fen, text));
	json_free(&tree);
}

static enum err job_ended(struct engine *en, struct calendar_run *run, const struct job *j,
			  struct err_info *e)
{
	int64_t now = clock_now();
	enum err r;

	run->job_id = 0;
	run->next_at = now;
	if (j->state == JOB_DONE) {
		run->state = run->until > now ? RUN_OPEN : RUN_DONE;
		*run->reason = *run->hint = 0;
		tell_done(run, j);
	} else {
		run->attempts++;
		*run->kind = 0;
		run->next_at = calendar_again(now, run->attempts);
		run->state =
		    j->state == JOB_CANCELLED || run->next_at >= run->until ? RUN_FAILED : RUN_OPEN;
		if (run->state == RUN_FAILED)
			run->next_at = 0;
		text_copy(run->reason, sizeof(run->reason),
			  j->state == JOB_CANCELLED ? "任务已取消" : j->error_text);
		text_copy(run->hint, sizeof(run->hint), j->error_hint);
	}
	if ((r = db_begin(en->db, e)) || (r = store_run_put(en->db, run, e)))
		return r;
	return db_commit(en->db, e);
}

struct runs {
	struct calendar_run *items;
	size_t n, room;
};

static enum err note_run(void *arg, const struct calendar_run *run)
{
	struct runs *all = arg;

	if (!run->job_id)
		return ERR_OK;
	if (all->n == all->room) {
		all->room = all->room ? all->room * 2 : 16;
		all->items = mem_realloc(all->items, all->room * sizeof(*all->items));
	}
	all->items[all->n++] = *run;
	return ERR_OK;
}

/* Follows the jobs of open runs; *left: some are under way. */
static enum err follow_jobs(struct engine *en, bool *left, struct err_info *e)
{
	static const enum run_state OPEN = RUN_OPEN;
	const struct run_filter open = {.state = &OPEN};
	struct runs all = {.n = 0};
	enum err r = store_run_list(en->db, &open, 0, INT_MAX, note_run, &all, e);

	for (size_t i = 0; i < all.n && !r; i++) {
		struct job j;

		if ((r = store_job_get(en->db, all.items[i].job_id, &j, e)))
			break;
		if (j.state == JOB_READY || j.state == JOB_RUNNING)
			*left = true;
		else
			r = job_ended(en, &all.items[i], &j, e);
		job_free(&j);
	}
	free(all.items);
	return r;
}

/* What was not done in its time is not done any more. */
static enum err lapse(struct engine *en, struct err_info *e)
{
	bool any = false;
	int changed;
	enum err r = store_run_lapsed(en->db, clock_now(), &any, e);

	if (r || !any || (r = db_begin(en->db, e)) ||
	    (r = store_run_lapse(en->db, clock_now(), &changed, e)))
		return r;
	return db_commit(en->db, e);
}

/* ---- units ---- */

static enum err work_unit(struct engine *en, const struct unit *u, bool ready, bool *put,
			  struct err_info *e)
{
	enum err r = ERR_OK;

	for (size_t i = 0; i < sizeof(LOOKS) / sizeof(LOOKS[0]) && !r; i++) {
		struct slot_work w = {.en = en, .unit = u, .rule = calendar_find(LOOKS[i].rule)};

		if ((ready || LOOKS[i].local) && calendar_due(w.rule, clock_now(), &w.slot))
			r = work_slot(&w, LOOKS[i].look, put, e);
	}
	return r || !ready ? r : calendar_left(en, u->id, put, e);
}

static enum err work_units(struct engine *en, bool *put, struct err_info *e)
{
	struct unit_ids all = {.n = 0};
	enum err r = units_of(en, false, &all, e);

	for (size_t i = 0; i < all.n && !r; i++) {
		struct unit u, direct;

		if ((r = store_unit_get(en->db, all.ids[i], &u, e)))
			break;
		if (!(r = store_unit_get(en->db, u.direct_id, &direct, e))) {
			r = work_unit(en, &u, u.verified && direct.verified, put, e);
			unit_free(&direct);
		}
		unit_free(&u);
	}
	free(all.ids);
	return r;
}

/* ---- turns ---- */

/* At first, every half a minute, and when a job of ours may have ended. */
static bool is_time(const struct engine *en)
{
	return !en->calendar_ms || clock_mono_ms() - en->calendar_ms > EVERY_MS ||
	       (en->calendar_open && en->done + en->failed != en->calendar_seen);
}

bool calendar_waited(const struct engine *en)
{
	int64_t since = en->calendar_ms ? en->calendar_ms : en->opened_ms;

	return clock_mono_ms() - since > EVERY_MS;
}

enum err calendar_turn(struct engine *en, bool *put, struct err_info *e)
{
	enum err r;

	*put = false;
	if (!en->brings || !en->params.calendar)
		return ERR_OK;
	if ((r = calendar_ahead(en, e)) || !is_time(en))
		return r;
	en->calendar_ms = clock_mono_ms();
	en->calendar_seen = en->done + en->failed;
	en->calendar_open = false;
	if ((r = follow_jobs(en, &en->calendar_open, e)) || (r = lapse(en, e)) ||
	    (r = work_units(en, put, e)))
		db_rollback(en->db);
	en->calendar_open |= *put;
	return r;
}

/* calendar.c - the plan of a month; runs, and doing one again. */
#include "desk/calendar.h"

#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "desk/page_p.h"

enum { DAY_ENTRIES = 64 };

static const struct {
	const char *word, *label;
} PLAN_STATES[] = {
    [PLAN_READY] = {"planned", "到时办理"},
    [PLAN_ABSENT] = {"absent", "未接入"},
    [PLAN_OFF] = {"off", "未启用"},
};

const char *plan_state_word(enum plan_state s)
{
	return PLAN_STATES[s].word;
}

const char *plan_state_label(enum plan_state s)
{
	return PLAN_STATES[s].label;
}

/* ---- plan ---- */

struct plan {
	enum calendar_channel channel;
	bool on, replenish; /* engine calendar; rim_download open_replenish_last_month */
	struct plan_entry day[DAY_ENTRIES];
	size_t n;
};

static enum plan_state plan_state_of(const struct plan *p, const struct calendar_rule *r)
{
	if (r->on_request && !p->replenish)
		return PLAN_OFF;
	if (!r->ready)
		return PLAN_ABSENT;
	return p->on ? PLAN_READY : PLAN_OFF;
}

/* By time; what comes at the same time stays in the order of the rules. */
static void put_entry(struct plan *p, const struct plan_entry *entry)
{
	size_t i = p->n;

	if (p->n == DAY_ENTRIES)
		return;
	for (; i > 0 && p->day[i - 1].slot.at > entry->slot.at; i--)
		p->day[i] = p->day[i - 1];
	p->day[i] = *entry;
	p->n++;
}

static enum err give_day(struct plan *p, struct date day, plan_each f, void *arg)
{
	const struct calendar_rule *r;
	enum err rc = ERR_OK;
	size_t i;

	p->n = 0;
	for (i = 0; (r = calendar_rule(i)); i++) {
		struct calendar_slot slots[CALENDAR_TIMES];
		int n = r->channels & (1u << p->channel) ? calendar_slots(r, day, slots) : 0;
		int k;

		for (k = 0; k < n; k++)
			put_entry(p, &(struct plan_entry) {.rule = r,
							   .channel = p->channel,
							   .slot = slots[k],
							   .state = plan_state_of(p, r)});
	}
	for (i = 0; i < p->n && !rc; i++)
		rc = f(arg, &p->day[i]);
	return rc;
}

static enum err parse_plan(struct session *s, const char *month, const char *channel,
			   struct plan *p, struct date *first, struct err_info *e)
{
	char value[16];
	enum err r;

	*first = date_of(clock_now()).date;
	if (month && (strlen(month) != 7 || !month_parse(month, &first->year, &first->month)))
		return err_fail(e, ERR_INVALID, "date.month", "月份", "“%.40s”不是 yyyy-MM 的月份",
				month);
	if (channel && !calendar_channel_parse(channel, &p->channel))
		return err_fail(e, ERR_INVALID, "calendar.channel", "通道",
				"“%.40s”不是 乐企、电子税局、软证书、税盘 之一", channel);
	if ((r = store_calendar_on(s->db, &p->on, e)) ||
	    (r = store_setting_get(s->db, "rim_download", "open_replenish_last_month", "0", value,
				   sizeof(value), e)))
		return r;
	p->replenish = !strcmp(value, "1");
	return ERR_OK;
}

enum err desk_calendar_plan(struct session *s, const char *month, const char *channel, plan_each f,
			    void *arg, struct err_info *e)
{
	struct plan p = {.channel = CHANNEL_LEQI};
	struct date d;
	int last;
	enum err r;

	if ((r = desk_allow(s, DESK_VIEW, e)) || (r = parse_plan(s, month, channel, &p, &d, e)))
		return r;
	last = date_month_days(d.year, d.month);
	for (d.day = 1; d.day <= last && !r; d.day++)
		r = give_day(&p, d, f, arg);
	return r;
}

/* ---- runs ---- */

struct runs {
	struct page page;
	struct session *s;
	const char *rule;
	const enum run_state *state;
	run_row_each f;
	void *arg;
};

static const char *label_of(const char *rule)
{
	const struct calendar_rule *r = calendar_find(rule);

	return r ? r->label : rule;
}

/* With the unit's name, and what its job has to say. */
static enum err give_row(struct runs *l, const struct calendar_run *run)
{
	struct run_row row = {.run = run,
			      .label = label_of(run->rule),
			      .unit_name = "",
			      .late = calendar_late(run->slot_at, run->created_at),
			      .reason = run->reason,
			      .hint = run->hint};
	struct job j = {.id = 0};
	struct unit u;
	enum err r = store_unit_get(l->s->db, run->unit_id, &u, NULL);
	bool known = !r;

	if (known)
		row.unit_name = u.name;
	if (run->job_id && !store_job_get(l->s->db, run->job_id, &j, NULL) && *j.error_text) {
		row.reason = j.error_text;
		row.hint = j.error_hint;
	}
	r = l->f(l->arg, &row);
	job_free(&j);
	if (known)
		unit_free(&u);
	return r;
}

static enum err give_run(void *arg, const struct calendar_run *run)
{
	struct runs *l = arg;

	return page_takes(&l->page, run->id) ? give_row(l, run) : ERR_OK;
}

static enum err read_runs(struct page *p, int64_t cursor, int max, struct err_info *e)
{
	struct runs *l = (struct runs *)p;

	return store_run_list(l->s->db, l->rule, l->state, cursor, max, give_run, l, e);
}

enum err desk_run_list(struct session *s, const struct run_query *q, run_row_each f, void *arg,
		       int64_t *next, int64_t *total, struct err_info *e)
{
	struct runs l = {.page = {.read = read_runs}, .s = s, .rule = q->rule, .f = f, .arg = arg};
	enum run_state state = RUN_OPEN;
	enum err r = desk_allow(s, DESK_VIEW, e);

	*next = *total = 0;
	if (r)
		return r;
	if (q->rule && !calendar_find(q->rule))
		return err_fail(e, ERR_INVALID, "calendar.rule", "日历", "没有规则 %.40s", q->rule);
	if (q->state && !run_state_parse(q->state, &state))
		return err_fail(e, ERR_INVALID, "run.state", "日历", "“%.40s”不是办理记录的状态",
				q->state);
	l.state = q->state ? &state : NULL;
	return page_list(&l.page, q->cursor, q->limit, next, total, e);
}

static enum err load_run(struct session *s, const char *id, struct calendar_run *out,
			 struct err_info *e)
{
	if (!text_all_digits(id) || strlen(id) >= 19)
		return err_fail(e, ERR_INVALID, "id.form", "日历", "编号“%.40s”应为数字", id);
	return store_run_get(s->db, strtoll(id, NULL, 10), out, e);
}

enum err desk_run_get(struct session *s, const char *id, run_row_each f, void *arg,
		      struct err_info *e)
{
	struct runs l = {.s = s, .f = f, .arg = arg};
	struct calendar_run run;
	enum err r;

	if ((r = desk_allow(s, DESK_VIEW, e)) || (r = load_run(s, id, &run, e)))
		return r;
	return give_row(&l, &run);
}

/* ---- again ---- */

static enum err may_again(const struct calendar_run *run, struct err_info *e)
{
	char until[DATETIME_TEXT];

	if (run->state == RUN_DONE)
		return err_fail(e, ERR_INVALID, "run.done", "日历", "第 %lld 号已经办好",
				(long long)run->id);
	if (run->job_id)
		return err_fail(e, ERR_INVALID, "run.open", "日历",
				"第 %lld 号正在办理，任务编号 %lld", (long long)run->id,
				(long long)run->job_id);
	if (run->until > clock_now())
		return ERR_OK;
	err_fail(e, ERR_INVALID, "run.over", "日历", "第 %lld 号的办理时间已过（到 %s）",
		 (long long)run->id, datetime_text(run->until, until));
	err_hint(e, "需要时请直接办理，例如 kaipiao quota download、taxpayer sync");
	return ERR_INVALID;
}

enum err desk_run_again(struct session *s, const char *id, struct err_info *e)
{
	struct calendar_run run;
	enum err r;

	if ((r = desk_allow(s, DESK_JOBS, e)) || (r = load_run(s, id, &run, e)) ||
	    (r = may_again(&run, e)) || (r = db_begin(s->db, e)))
		return r;
	/* As it is now: the engine may have been quicker. */
	if (!(r = store_run_get(s->db, run.id, &run, e)) && !(r = may_again(&run, e))) {
		run.state = RUN_OPEN;
		run.next_at = 0;
		*run.kind = 0;
		if (!(r = store_run_put(s->db, &run, e)) &&
		    !(r = desk_audit(s, run.unit_id, "calendar.again", id, "", "", e)))
			return db_commit(s->db, e);
	}
	db_rollback(s->db);
	return r;
}

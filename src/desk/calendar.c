/* calendar.c - runs of the calendar, and doing one again. */
#include "desk/calendar.h"

#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "desk/page_p.h"
#include "desk/unit_p.h"

/* ---- runs ---- */

struct runs {
	struct page page;
	struct session *s;
	struct run_filter filter;
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

	return store_run_list(l->s->db, &l->filter, cursor, max, give_run, l, e);
}

enum err desk_run_list(struct session *s, const struct run_query *q, run_row_each f, void *arg,
		       int64_t *next, int64_t *total, struct err_info *e)
{
	int64_t units[RUN_UNITS];
	struct runs l = {.page = {.read = read_runs},
			 .s = s,
			 .filter = {.rule = q->rule, .units = units},
			 .f = f,
			 .arg = arg};
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
	l.filter.state = q->state ? &state : NULL;
	if (!text_empty(q->unit) &&
	    (r = unit_ids_named(s, q->unit, units, RUN_UNITS, &l.filter.unit_count, e)))
		return r;
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

/* recon.c - 对账: what it would take, beginning it, what it found. */
#include "desk/recon.h"

#include <stdio.h>
#include <string.h>

#include "base/base.h"
#include "desk/access.h"
#include "desk/intent_p.h"
#include "desk/issue_p.h"

enum { NOTE_CHARS = 200, UNSETTLED_COUNTED = 1000 };

static const struct {
	const char *stage, *label;
} STAGES[] = {
    {"summary", "取汇总数"}, {"apply", "申请清单"},     {"fetch", "下载清单"},
    {"theirs", "比对清单"},  {"unsettled", "查未定的"}, {"issued", "查已开的"},
    {"tidy", "收尾"},        {"done", "完成"},
};

const char *desk_recon_stage(const struct recon_run *r)
{
	for (size_t i = 0; i < sizeof(STAGES) / sizeof(STAGES[0]); i++)
		if (!strcmp(STAGES[i].stage, r->stage))
			return STAGES[i].label;
	return r->stage;
}

/* ---- what it would take ---- */

static enum err month_of(const char *text, char out[MONTH_TEXT], struct err_info *e)
{
	char now[MONTH_TEXT];
	int year, month;

	if (text && month_parse(text, &year, &month) && strlen(text) == MONTH_TEXT - 1 &&
	    strcmp(text, month_text(clock_now(), now)) <= 0) {
		text_copy(out, MONTH_TEXT, text);
		return ERR_OK;
	}
	err_fail(e, ERR_INVALID, "recon.month", "对账", "月份“%.20s”应为 YYYY-MM，不晚于本月",
		 text ? text : "");
	err_field(e, "month");
	return ERR_INVALID;
}

static void next_month(const char *month, char out[MONTH_TEXT])
{
	struct datetime t = {.date = {.year = 1970, .month = 1, .day = 1}};

	month_parse(month, &t.date.year, &t.date.month);
	t.date = date_add_months(t.date, 1);
	month_text(date_unix(t), out);
}

static enum err count_ours(struct session *s, int64_t unit, struct recon_budget *b,
			   struct err_info *e)
{
	int64_t ids[UNSETTLED_COUNTED];
	char to[MONTH_TEXT];
	size_t n = 0;
	enum err r;

	next_month(b->month, to);
	if ((r = store_recon_unsettled(s->db, unit, b->month, 0, ids, UNSETTLED_COUNTED, &n, e)))
		return r;
	b->unsettled = (int64_t)n;
	return store_invoice_issued_count(s->db, unit, b->month, to, NULL, NULL, &b->issued, e);
}

/* A unit in 联用 has no 归集, whatever was told (features A5). */
static enum err ability_of(struct session *s, const struct unit *u, enum ability_state *out,
			   bool *by_person, struct err_info *e)
{
	*out = ABILITY_NO;
	*by_person = false;
	if (desk_unit_collects(u, NULL))
		return ERR_OK;
	return store_ability_get(s->db, u->id, ABILITY_COLLECT, out, by_person, e);
}

static enum err budget_of(struct session *s, const struct unit *u, struct recon_budget *b,
			  struct err_info *e)
{
	char today[DATE_TEXT];
	int64_t unit = u->id;
	enum err r = ability_of(s, u, &b->ability, &b->by_person, e);

	date_text(clock_now(), today);
	b->current = !strncmp(today, b->month, MONTH_TEXT - 1);
	b->a_day = COLLECT_A_DAY;
	b->a_month = b->current ? COLLECT_THIS_MONTH : COLLECT_PAST_MONTH;
	for (int k = 0; k < 2 && !r; k++) {
		r = store_collect_count(s->db, unit, b->month, (enum invoice_kind)k, today,
					&b->kinds[k].today, &b->kinds[k].all, e);
		b->kinds[k].may = b->ability != ABILITY_NO && b->kinds[k].today < b->a_day &&
				  b->kinds[k].all < b->a_month;
	}
	return r ? r : store_recon_open(s->db, unit, b->month, &b->running, e);
}

enum err desk_recon_budget(struct session *s, const char *month, struct recon_budget *out,
			   struct err_info *e)
{
	struct unit u;
	enum err r;

	*out = (struct recon_budget) {.running = 0};
	if ((r = desk_allow(s, DESK_VIEW, e)) || (r = month_of(month, out->month, e)) ||
	    (r = desk_unit(s, &u, e)))
		return r;
	if (!(r = budget_of(s, &u, out, e)))
		r = count_ours(s, u.id, out, e);
	unit_free(&u);
	return r;
}

/* ---- beginning ---- */

/* The open job of the run, made due now, or a new one. */
static enum err give_job(struct session *s, int64_t unit, int64_t run, struct desk_wait *w,
			 struct err_info *e)
{
	struct job j = {
	    .unit_id = unit, .subject_id = run, .due_ms = clock_now_ms(), .created_by = s->user.id};
	int64_t open = 0;
	enum err r = store_job_open(s->db, JOB_RECON, unit, run, &open, e);

	if (r)
		return r;
	text_copy(j.kind, sizeof(j.kind), JOB_RECON);
	if (!open && !(r = store_job_add(s->db, &j, e)))
		open = j.id;
	if (!r)
		desk_wait_job(w, open);
	return r;
}

static enum err begin(struct session *s, const struct unit *u, const struct recon_wish *wish,
		      int64_t *id, struct desk_wait *w, struct err_info *e)
{
	int64_t unit = u->id;
	struct recon_run run = {.unit_id = unit,
				.thorough = wish->thorough,
				.stage = "summary",
				.created_by = s->user.id};
	enum ability_state ability;
	bool by_person;
	enum err r = store_recon_open(s->db, unit, wish->month, id, e);

	if (r || (r = ability_of(s, u, &ability, &by_person, e)))
		return r;
	if (*id)
		return give_job(s, unit, *id, w, e);
	text_copy(run.month, sizeof(run.month), wish->month);
	run.collect = !wish->one_by_one && ability != ABILITY_NO;
	if ((r = store_recon_add(s->db, &run, e)))
		return r;
	*id = run.id;
	if ((r = give_job(s, unit, run.id, w, e)))
		return r;
	return desk_audit(s, unit, "recon.start", wish->month, "", "", e);
}

enum err desk_recon_start(struct session *s, const struct recon_wish *wish, int64_t *id,
			  struct desk_wait *w, struct err_info *e)
{
	char month[MONTH_TEXT];
	struct unit u;
	enum err r;

	if ((r = desk_allow(s, DESK_REFRESH, e)) || (r = month_of(wish->month, month, e)) ||
	    (r = desk_unit_ready(s, &u, NULL, e)))
		return r;
	if (!(r = db_begin(s->db, e))) {
		r = begin(s, &u, wish, id, w, e);
		if (r)
			db_rollback(s->db);
		else
			r = db_commit(s->db, e);
	}
	unit_free(&u);
	return r;
}

/* ---- what it found ---- */

static bool goes_on(const struct recon_run *r)
{
	return !strcmp(r->state, "running");
}

bool desk_recon_known(const struct recon_run *r, int64_t count)
{
	return count || !goes_on(r);
}

/* How many there are, while the run counts. */
static enum err true_ours(struct session *s, struct recon_run *r, struct err_info *e)
{
	char to[MONTH_TEXT];

	if (!goes_on(r))
		return ERR_OK;
	next_month(r->month, to);
	return store_invoice_issued_count(s->db, r->unit_id, r->month, to, NULL, NULL, &r->ours, e);
}

struct listing {
	struct session *s;
	recon_each each;
	void *arg;
};

static enum err list_one(void *arg, const struct recon_run *r)
{
	struct listing *l = arg;
	struct recon_run run = *r;
	enum err rc = true_ours(l->s, &run, NULL);

	return rc ? rc : l->each(l->arg, &run);
}

enum err desk_recon_list(struct session *s, int64_t cursor, int limit, recon_each f, void *arg,
			 int64_t *next, int64_t *total, struct err_info *e)
{
	struct listing l = {s, f, arg};
	int64_t unit;
	enum err r = desk_own_unit(s, DESK_VIEW, &unit, e);

	return r ? r : store_recon_list(s->db, unit, cursor, limit, list_one, &l, next, total, e);
}

/* A run of another unit is none. */
static enum err run_of(struct session *s, int64_t id, struct recon_run *out, struct err_info *e)
{
	int64_t unit;
	enum err r = desk_own_unit(s, DESK_VIEW, &unit, e);

	if (r)
		return r;
	r = store_recon_get(s->db, id, out, e);
	if (!r && out->unit_id != unit) {
		r = err_fail(e, ERR_INVALID, "recon.unknown", "对账",
			     "这个单位没有编号为 %lld 的对账", (long long)id);
		err_hint(e, "用 kaipiao reconcile list 查看");
	}
	return r;
}

enum err desk_recon_get(struct session *s, int64_t id, struct recon_run *out, int64_t *job,
			struct err_info *e)
{
	enum err r = run_of(s, id, out, e);

	*job = 0;
	if (!r)
		r = true_ours(s, out, e);
	return r ? r : store_job_open(s->db, JOB_RECON, out->unit_id, id, job, e);
}

enum err desk_recon_verdict(struct session *s, const struct recon_run *r, struct err_info *e)
{
	int64_t open = 0;
	enum err rc;

	if (goes_on(r)) {
		err_fail(e, ERR_UNKNOWN, "recon.running", "对账", "还没有完成，正在%s",
			 desk_recon_stage(r));
		err_hint(e,
			 "清单由税局准备，可能要等一阵，程序会接着做；稍后用 kaipiao "
			 "reconcile show %lld 看结果",
			 (long long)r->id);
		return ERR_UNKNOWN;
	}
	if ((rc = store_difference_open(s->db, r->id, &open, e)) || !open)
		return rc;
	err_fail(e, ERR_INVALID, "recon.differences", "对账", "%s 有 %lld 处差异待处理", r->month,
		 (long long)open);
	err_hint(e, "见各行的处理办法");
	return ERR_INVALID;
}

enum err desk_recon_differences(struct session *s, const struct difference_filter *f,
				difference_each each, void *arg, int64_t *next, int64_t *total,
				struct err_info *e)
{
	struct recon_run run;
	enum err r = run_of(s, f->run, &run, e);

	return r ? r : store_difference_list(s->db, f, each, arg, next, total, e);
}

enum err desk_recon_difference(struct session *s, int64_t id, struct recon_difference *out,
			       struct err_info *e)
{
	struct recon_run run;
	enum err r = desk_allow(s, DESK_VIEW, e);

	if (!r && !(r = store_difference_get(s->db, id, out, e)))
		r = run_of(s, out->run_id, &run, e);
	return r;
}

/* ---- what becomes of it ---- */

static enum err check_note(const char *note, struct err_info *e)
{
	size_t at;
	uint32_t cp;

	if (!text_empty(note) && text_chars(note) <= NOTE_CHARS &&
	    !text_find_forbidden(note, false, &at, &cp))
		return ERR_OK;
	err_fail(e, ERR_INVALID, "recon.reason", "对账", "须写明理由，最多 %d 个字，不能有控制字符",
		 NOTE_CHARS);
	err_field(e, "reason");
	return ERR_INVALID;
}

static enum err still_open(const struct recon_difference *d, struct err_info *e)
{
	return strcmp(d->state, "open") == 0 ? ERR_OK
					     : err_fail(e, ERR_INVALID, "recon.settled", "对账",
							"这一处%s", recon_state_label(d->state));
}

enum err desk_recon_adoptable(const struct recon_difference *d, struct err_info *e)
{
	enum err r = still_open(d, e);

	if (r)
		return r;
	if (d->kind != RECON_UNKNOWN_THERE && d->kind != RECON_FAILED_THERE) {
		err_fail(e, ERR_INVALID, "recon.kind", "认作已开", "“%s”的差异不能这样处理",
			 recon_kind_label(d->kind));
		err_hint(e, "%s", recon_kind_mend(d->kind));
		return ERR_INVALID;
	}
	if (d->compared == RECON_DIFFERENT) {
		err_fail(e, ERR_INVALID, "recon.different", "认作已开",
			 "税局的内容与本机不同：%.300s", d->theirs);
		err_hint(e, "不能认作已开；核对后用 invoices settle --void 或开红字发票");
		return ERR_INVALID;
	}
	return ERR_OK;
}

static enum err may_adopt(const struct recon_difference *d, const char *reason, struct err_info *e)
{
	enum err r = desk_recon_adoptable(d, e);

	if (r)
		return r;
	if (d->compared == RECON_NOT_COMPARED && text_empty(reason)) {
		err_fail(e, ERR_INVALID, "recon.not_compared", "认作已开", "内容没有比对过");
		err_field(e, "reason");
		err_hint(e, "在电子税务局核对金额和购方后，写明理由（--reason）再认");
		return ERR_INVALID;
	}
	return ERR_OK;
}

/* A failed one may have been corrected since. */
static enum err unchanged(struct session *s, const struct recon_difference *d,
			  const struct invoice_record *rec, struct err_info *e)
{
	struct recon_run run;
	enum err r = store_recon_get(s->db, d->run_id, &run, e);

	if (r || rec->state != INVOICE_FAILED || rec->updated_at <= run.created_at)
		return r;
	err_fail(e, ERR_INVALID, "recon.changed", "认作已开", "发票 %s 在对账以后改动过",
		 d->number);
	err_hint(e, "请再对一次");
	return ERR_INVALID;
}

static enum err adopt(struct session *s, const struct recon_difference *d, const char *reason,
		      struct err_info *e)
{
	const char *why = text_empty(reason) ? "对账：税局清单里有，内容与本机一致" : reason;
	struct invoice_record rec;
	enum err r = store_invoice_head(s->db, d->invoice_id, &rec, e);

	if (r)
		return r;
	if (!(r = unchanged(s, d, &rec, e)) && !(r = issue_settle_found(s, &rec, why, e)))
		r = store_difference_settle(s->db, d->id, "settled", why, e);
	invoice_record_free(&rec);
	return r;
}

enum err desk_recon_adopt(struct session *s, int64_t id, const char *reason, struct err_info *e)
{
	struct recon_difference d;
	enum err r;

	if ((r = desk_allow(s, DESK_SETTLE, e)) || (r = desk_recon_difference(s, id, &d, e)) ||
	    (r = may_adopt(&d, reason, e)) ||
	    (!text_empty(reason) && (r = check_note(reason, e))) || (r = db_begin(s->db, e)))
		return r;
	if ((r = adopt(s, &d, reason, e))) {
		db_rollback(s->db);
		return r;
	}
	return db_commit(s->db, e);
}

enum err desk_recon_dismiss(struct session *s, int64_t id, const char *reason, struct err_info *e)
{
	struct recon_difference d;
	enum err r;

	if ((r = desk_allow(s, DESK_SETTLE, e)) || (r = desk_recon_difference(s, id, &d, e)) ||
	    (r = still_open(&d, e)) || (r = check_note(reason, e)) || (r = db_begin(s->db, e)))
		return r;
	if ((r = store_difference_settle(s->db, id, "dismissed", reason, e)) ||
	    (r = desk_audit(s, d.unit_id, "recon.dismiss", d.number, recon_kind_word(d.kind),
			    reason, e))) {
		db_rollback(s->db);
		return r;
	}
	return db_commit(s->db, e);
}

enum err desk_recon_ability(struct session *s, enum ability_state state, struct err_info *e)
{
	static const char *const WORDS[] = {"auto", "no", "yes"};
	struct unit u;
	enum err r;

	if ((r = desk_allow(s, DESK_UNITS, e)) || (r = desk_unit(s, &u, e)))
		return r;
	if (state == ABILITY_YES)
		r = desk_unit_collects(&u, e);
	if (!r && !(r = db_begin(s->db, e))) {
		if ((r = store_ability_set(s->db, u.id, ABILITY_COLLECT, state, true, e)) ||
		    (r = desk_audit(s, u.id, "unit.ability", u.tax_no, ABILITY_COLLECT,
				    WORDS[state], e)))
			db_rollback(s->db);
		else
			r = db_commit(s->db, e);
	}
	unit_free(&u);
	return r;
}

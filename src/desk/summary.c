/* summary.c - 乐企汇总确认: reading, adding, confirming, cancelling. */
#include "desk/summary.h"

#include <stdio.h>
#include <string.h>

#include "base/base.h"
#include "desk/intent_p.h"

enum { EDGES = 64 };

static enum err check_month(const char *month, struct err_info *e)
{
	if (month && summary_month_valid(month))
		return ERR_OK;
	err_fail(e, ERR_INVALID, "summary.month", "汇总月份", "“%.20s”不是 YYYY-MM 的月份",
		 month ? month : "");
	err_field(e, "month");
	return ERR_INVALID;
}

/* ---- reading ---- */

/* What the next step is; of a month with invoices that were kept back: cancel, upload, confirm
 * (features N63). */
static void advise(struct summary_view *v)
{
	const struct summary *r = &v->row;
	long long n = v->pending;
	char *out = v->advice;

	*out = 0;
	if (r->state == SUMMARY_AUTO) {
		if (n)
			snprintf(out, SUMMARY_ADVICE, "%lld 张没有上传的发票须以新的日期重开", n);
	} else if (v->time == SUMMARY_CLOSED && r->state != SUMMARY_CONFIRMED) {
		snprintf(out, SUMMARY_ADVICE, "已过 13 日 0 时，等取税局自动汇总的结果");
	} else if (r->state == SUMMARY_CONFIRMING || r->state == SUMMARY_CANCELLING) {
		snprintf(out, SUMMARY_ADVICE, "%s", r->doubt ? "没有收到答复，正在再问税局" : "");
	} else if (r->state == SUMMARY_CONFIRMED) {
		if (n && v->time == SUMMARY_TIME)
			snprintf(out, SUMMARY_ADVICE,
				 "%lld 张发票没有上传：先取消确认，等它们上传，再确认", n);
		else if (n)
			snprintf(out, SUMMARY_ADVICE, "%lld 张没有上传的发票须以新的日期重开", n);
	} else if (n) {
		snprintf(out, SUMMARY_ADVICE, "%lld 张发票没有结果：等它们有了结果再确认", n);
	} else if (r->state == SUMMARY_FAILED && r->recon_id) {
		snprintf(out, SUMMARY_ADVICE, "差异见第 %lld 号对账；改正后再确认",
			 (long long)r->recon_id);
	} else {
		snprintf(out, SUMMARY_ADVICE, "%s，13 日 0 时以前",
			 r->state == SUMMARY_OPEN ? "请确认" : "请再确认");
	}
}

static enum err view_of(struct session *s, const struct summary *r, struct summary_view *v,
			struct err_info *e)
{
	size_t pending = 0;
	enum err rc;

	*v = (struct summary_view) {.row = *r,
				    .ours = r->ours,
				    .time = summary_time(r->month, clock_now()),
				    .deadline = summary_deadline(r->month)};
	if ((rc = store_summary_pending(s->db, r->unit_id, r->month, NULL, 0, &pending, e)))
		return rc;
	v->pending = (int64_t)pending;
	if (!summary_state_locks(r->state))
		rc = store_summary_sums(s->db, r->unit_id, r->month, &v->ours, e);
	advise(v);
	return rc;
}

struct listing {
	struct session *s;
	summary_view_each f;
	void *arg;
	struct err_info *e;
};

static enum err list_one(void *arg, const struct summary *r)
{
	struct listing *l = arg;
	struct summary_view v;
	enum err rc = view_of(l->s, r, &v, l->e);

	return rc ? rc : l->f(l->arg, &v);
}

enum err desk_summary_list(struct session *s, const char *state, int64_t cursor, int limit,
			   summary_view_each f, void *arg, int64_t *next, int64_t *total,
			   struct err_info *e)
{
	struct listing l = {s, f, arg, e};
	enum summary_state st = SUMMARY_OPEN;
	struct unit u;
	enum err r;

	*next = *total = 0;
	if (state && !summary_state_parse(state, &st))
		return err_fail(e, ERR_INVALID, "summary.state", "汇总状态",
				"“%.40s”不是汇总确认的状态", state);
	if ((r = desk_allow(s, DESK_VIEW, e)) || (r = desk_unit(s, &u, e)))
		return r;
	r = store_summary_list(s->db, u.id, state ? &st : NULL, cursor, limit, list_one, &l, next,
			       total, e);
	unit_free(&u);
	return r;
}

static enum err row_of(struct session *s, int64_t unit, const char *month, struct summary *out,
		       struct err_info *e)
{
	bool found = false;
	enum err r = check_month(month, e);

	if (r || (r = store_summary_find(s->db, unit, month, out, &found, e)) || found)
		return r;
	err_fail(e, ERR_INVALID, "summary.none", "汇总确认", "没有 %s 的记录", month);
	err_hint(e, "每月 1 日自动生成；也可以 kaipiao summary add %s", month);
	return ERR_INVALID;
}

enum err desk_summary_get(struct session *s, const char *month, struct summary_view *out,
			  struct err_info *e)
{
	struct summary row;
	struct unit u;
	enum err r;

	if ((r = desk_allow(s, DESK_VIEW, e)) || (r = desk_unit(s, &u, e)))
		return r;
	if (!(r = row_of(s, u.id, month, &row, e)))
		r = view_of(s, &row, out, e);
	unit_free(&u);
	return r;
}

enum err desk_summary_edges(struct session *s, const char *month, boundary_each f, void *arg,
			    struct err_info *e)
{
	struct invoice_boundary edges[EDGES];
	struct unit u;
	size_t n = 0;
	enum err r;

	if ((r = desk_allow(s, DESK_VIEW, e)) || (r = check_month(month, e)) ||
	    (r = desk_unit(s, &u, e)))
		return r;
	r = store_boundary_list(s->db, u.id, month, edges, EDGES, &n, e);
	for (size_t i = 0; i < n && !r; i++)
		r = f(arg, &edges[i]);
	unit_free(&u);
	return r;
}

/* ---- adding ---- */

static enum err parse_identity(const char *text, bool *direct, struct err_info *e)
{
	*direct = text && (!strcmp(text, "direct") || !strcmp(text, "直连单位"));
	if (*direct || (text && (!strcmp(text, "using") || !strcmp(text, "使用单位"))))
		return ERR_OK;
	err_fail(e, ERR_INVALID, "summary.identity", "接入身份", "须为 使用单位 或 直连单位");
	err_field(e, "identity");
	return ERR_INVALID;
}

static enum err check_over(const char *month, struct err_info *e)
{
	if (summary_time(month, clock_now()) != SUMMARY_EARLY)
		return ERR_OK;
	err_fail(e, ERR_INVALID, "summary.early", "汇总确认", "%s 还没有结束", month);
	err_hint(e, "下月 1 日以后再办");
	err_field(e, "month");
	return ERR_INVALID;
}

static enum err add(struct session *s, struct summary *row, struct err_info *e)
{
	bool added = false;
	enum err r = store_summary_add(s->db, row, &added, e);

	if (r)
		return r;
	if (!added) {
		err_fail(e, ERR_INVALID, "summary.exists", "汇总确认", "%s 已存在，状态是“%s”",
			 row->month, summary_state_label(row->state));
		err_field(e, "month");
		return ERR_INVALID;
	}
	return desk_audit(s, row->unit_id, "summary.add", row->month, "",
			  row->direct ? "direct" : "using", e);
}

enum err desk_summary_add(struct session *s, const char *month, const char *identity,
			  struct err_info *e)
{
	struct summary row = {.made_by = s->user.id};
	struct unit u;
	enum err r;

	if ((r = desk_allow(s, DESK_SUMMARY, e)) || (r = check_month(month, e)) ||
	    (r = parse_identity(identity, &row.direct, e)) || (r = check_over(month, e)) ||
	    (r = desk_unit_ready(s, &u, NULL, e)))
		return r;
	row.unit_id = u.id;
	unit_free(&u);
	text_copy(row.month, sizeof(row.month), month);
	if ((r = db_begin(s->db, e)))
		return r;
	if ((r = add(s, &row, e))) {
		db_rollback(s->db);
		return r;
	}
	return db_commit(s->db, e);
}

/* ---- confirming, cancelling ---- */

static enum err refuse_closed(const char *month, bool cancel, struct err_info *e)
{
	err_fail(e, ERR_INVALID, "summary.closed", cancel ? "取消汇总确认" : "汇总确认",
		 "%s 已过 13 日 0 时，税局已自动汇总，不能再%s", month, cancel ? "取消" : "确认");
	err_hint(e,
		 "运行 kaipiao summary refresh %s 取税局的结果；如有没上传的发票，请以新的日期重开",
		 month);
	return ERR_INVALID;
}

static enum err may_confirm(struct session *s, const struct summary *r, bool forced,
			    struct err_info *e)
{
	size_t pending = 0;
	enum err rc;

	if (summary_state_locks(r->state))
		return err_fail(e, ERR_INVALID, "summary.state", "汇总确认", "%s 的状态是“%s”",
				r->month, summary_state_label(r->state));
	if (summary_time(r->month, clock_now()) == SUMMARY_CLOSED)
		return refuse_closed(r->month, false, e);
	if ((rc = check_over(r->month, e)) ||
	    (rc = store_summary_pending(s->db, r->unit_id, r->month, NULL, 0, &pending, e)) ||
	    !pending || forced)
		return rc;
	err_fail(e, ERR_INVALID, "summary.pending", "汇总确认",
		 "还有 %zu 张 %s 的发票没有结果；确认以后它们不能再上传", pending, r->month);
	err_hint(e, "等它们有了结果再确认（kaipiao sync --once）；仍要确认用 --force");
	return ERR_INVALID;
}

static enum err may_cancel(const struct summary *r, struct err_info *e)
{
	if (summary_time(r->month, clock_now()) == SUMMARY_CLOSED)
		return refuse_closed(r->month, true, e);
	if (r->state == SUMMARY_CONFIRMED)
		return ERR_OK;
	return err_fail(e, ERR_INVALID, "summary.state", "取消汇总确认",
			"%s 的状态是“%s”，只有已确认的可以取消", r->month,
			summary_state_label(r->state));
}

struct wish {
	const char *month;
	bool cancel, forced;
};

static enum err begin(struct session *s, int64_t unit, const struct wish *wish, int64_t *job,
		      struct err_info *e)
{
	struct summary row;
	enum err r = row_of(s, unit, wish->month, &row, e);

	if (r || (r = wish->cancel ? may_cancel(&row, e) : may_confirm(s, &row, wish->forced, e)))
		return r;
	return store_summary_begin(s->db, &row, wish->cancel, wish->forced, s->user.id, job, e);
}

static enum err ask(struct session *s, const struct wish *wish, struct desk_wait *w,
		    struct err_info *e)
{
	struct unit u;
	int64_t job = 0;
	enum err r;

	if ((r = desk_allow(s, DESK_SUMMARY, e)) || (r = check_month(wish->month, e)) ||
	    (r = desk_unit_ready(s, &u, NULL, e)))
		return r;
	if (!(r = db_begin(s->db, e))) {
		r = begin(s, u.id, wish, &job, e);
		if (r)
			db_rollback(s->db);
		else
			r = db_commit(s->db, e);
	}
	unit_free(&u);
	if (!r)
		desk_wait_job(w, job);
	return r;
}

enum err desk_summary_confirm(struct session *s, const char *month, bool forced,
			      struct desk_wait *w, struct err_info *e)
{
	return ask(s, &(struct wish) {.month = month, .forced = forced}, w, e);
}

enum err desk_summary_cancel(struct session *s, const char *month, struct desk_wait *w,
			     struct err_info *e)
{
	return ask(s, &(struct wish) {.month = month, .cancel = true}, w, e);
}

static enum err look(struct session *s, int64_t unit, const char *month, int64_t *job,
		     struct err_info *e)
{
	struct summary row;
	enum err r = row_of(s, unit, month, &row, e);

	return r ? r : store_summary_look(s->db, &row, s->user.id, job, e);
}

enum err desk_summary_look(struct session *s, const char *month, struct desk_wait *w,
			   struct err_info *e)
{
	struct unit u;
	int64_t job = 0;
	enum err r;

	if ((r = desk_allow(s, DESK_REFRESH, e)) || (r = desk_unit_ready(s, &u, NULL, e)))
		return r;
	if (!(r = db_begin(s->db, e))) {
		if (!(r = look(s, u.id, month, &job, e)) && !(r = desk_intent_hurry(s, job, e)))
			r = db_commit(s->db, e);
		if (r)
			db_rollback(s->db);
	}
	unit_free(&u);
	if (!r)
		desk_wait_job(w, job);
	return r;
}

enum err desk_summary_follow(struct session *s, const char *month, struct desk_wait *w,
			     struct err_info *e)
{
	struct summary row;
	struct unit u;
	int64_t job = 0;
	enum err r = desk_unit(s, &u, e);

	if (r)
		return r;
	if (!(r = row_of(s, u.id, month, &row, e)))
		r = store_job_open(s->db, JOB_SUMMARY_LOOK, u.id, row.id, &job, e);
	unit_free(&u);
	if (!r && job)
		desk_wait_job(w, job);
	return r;
}

/* ---- the switch ---- */

enum err desk_summary_auto(struct session *s, bool *on, struct err_info *e)
{
	struct unit u;
	enum err r;

	if ((r = desk_allow(s, DESK_VIEW, e)) || (r = desk_unit(s, &u, e)))
		return r;
	r = store_summary_auto(s->db, &u, on, e);
	unit_free(&u);
	return r;
}

static enum err set_auto(struct session *s, const struct unit *u, bool on, struct err_info *e)
{
	bool before = true;
	enum err r;

	if ((r = store_summary_auto(s->db, u, &before, e)) ||
	    (r = store_summary_set_auto(s->db, u, on, e)))
		return r;
	return desk_audit(s, u->id, "summary.auto", "", before ? "on" : "off", on ? "on" : "off",
			  e);
}

enum err desk_summary_set_auto(struct session *s, bool on, struct err_info *e)
{
	struct unit u;
	enum err r;

	if ((r = desk_allow(s, DESK_SUMMARY, e)) || (r = desk_unit(s, &u, e)))
		return r;
	if (!(r = db_begin(s->db, e))) {
		r = set_auto(s, &u, on, e);
		if (r)
			db_rollback(s->db);
		else
			r = db_commit(s->db, e);
	}
	unit_free(&u);
	return r;
}

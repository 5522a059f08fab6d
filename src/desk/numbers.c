/* numbers.c - claiming, listing and proving numbers. */
#include "desk/numbers.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "desk/intent_p.h"
#include "desk/numbers_p.h"
#include "desk/page_p.h"

/* ---- claim ---- */

static enum err parse_count(const char *text, int64_t *out, struct err_info *e)
{
	long n = text_all_digits(text) && strlen(text) <= 6 ? strtol(text, NULL, 10) : 0;

	if (n >= 1 && n <= CLAIM_MAX) {
		*out = n;
		return ERR_OK;
	}
	err_fail(e, ERR_INVALID, "numbers.count", "领购数量", "“%.40s”不是 1 至 %d 的整数", text,
		 CLAIM_MAX);
	err_field(e, "count");
	return ERR_INVALID;
}

static void wait_job(void *arg, int64_t job)
{
	desk_wait_job(arg, job);
}

enum err desk_numbers_claim(struct session *s, const char *count, struct desk_wait *w,
			    struct err_info *e)
{
	struct due d = {.kind = JOB_CLAIM};
	struct unit u;
	enum err r;

	if ((r = desk_allow(s, DESK_STOCK, e)) || (r = parse_count(count, &d.amount, e)) ||
	    (r = desk_unit_ready(s, &u, NULL, e)))
		return r;
	if (!(r = db_begin(s->db, e))) {
		if ((r = store_due_add(s->db, &u, &d, s->user.id, wait_job, w, e)))
			db_rollback(s->db);
		else
			r = db_commit(s->db, e);
	}
	unit_free(&u);
	return r;
}

static int64_t member_count(const char *json)
{
	cJSON *tree = NULL;
	long long n = 0;

	if (*json && !json_parse(json, strlen(json), 4096, &tree, NULL))
		n = strtoll(json_member(tree, "count"), NULL, 10);
	json_free(&tree);
	return n;
}

static enum err report_done(const struct job *j, claim_each f, void *arg)
{
	cJSON *tree = NULL;
	enum err r = ERR_OK;

	if (!json_parse(j->result, strlen(j->result), 4096, &tree, NULL))
		r = f(arg, json_member(tree, "first"), json_member(tree, "last"),
		      member_count(j->result));
	json_free(&tree);
	return r;
}

enum err desk_claim_report(struct session *s, const struct desk_wait *w, struct claim_report *out,
			   claim_each f, void *arg, struct err_info *e)
{
	enum err r = ERR_OK;
	size_t i;

	memset(out, 0, sizeof(*out));
	for (i = 0; i < w->job_count && !r; i++) {
		struct job j;
		int64_t n;

		if ((r = store_job_get(s->db, w->jobs[i], &j, e)))
			break;
		n = member_count(j.payload);
		out->asked += n;
		if (j.state == JOB_DONE) {
			out->claimed += n;
			r = report_done(&j, f, arg);
		} else if (j.state == JOB_READY || j.state == JOB_RUNNING) {
			out->open += n;
		} else {
			out->failed += n;
		}
		job_free(&j);
	}
	return r;
}

/* ---- list, stock, audit ---- */

static enum err check_dates(const struct numbers_query *q, struct err_info *e)
{
	struct date from, to;

	if ((q->from && !date_parse(q->from, &from)) || (q->to && !date_parse(q->to, &to)))
		return err_fail(e, ERR_INVALID, "date.form", "领购时间",
				"应为 yyyy-MM-dd 的有效日期");
	if (q->from && q->to && date_days(from) > date_days(to))
		return err_fail(e, ERR_INVALID, "date.order", "领购时间", "起 %s 晚于止 %s",
				q->from, q->to);
	return ERR_OK;
}

struct segments {
	struct page page;
	struct db *db;
	int64_t unit;
	const struct numbers_query *q;
	segment_each f;
	void *arg;
};

static enum err give_segment(void *arg, const struct segment *g, const struct number_counts *c)
{
	struct segments *l = arg;

	return page_takes(&l->page, g->id) ? l->f(l->arg, g, c) : ERR_OK;
}

static enum err read_segments(struct page *p, int64_t cursor, int max, struct err_info *e)
{
	struct segments *l = (struct segments *)p;

	return store_segment_list(l->db, l->unit, l->q->from, l->q->to, cursor, max, give_segment,
				  l, e);
}

enum err desk_numbers_list(struct session *s, const struct numbers_query *q, segment_each f,
			   void *arg, int64_t *next, int64_t *total, struct err_info *e)
{
	struct segments l = {
	    .page = {.read = read_segments}, .db = s->db, .q = q, .f = f, .arg = arg};
	struct unit u;
	enum err r;

	*next = *total = 0;
	if ((r = desk_allow(s, DESK_VIEW, e)) || (r = check_dates(q, e)) ||
	    (r = desk_unit(s, &u, e)))
		return r;
	l.unit = u.id;
	unit_free(&u);
	return page_list(&l.page, q->cursor, q->limit, next, total, e);
}

enum err desk_numbers_stock(struct session *s, int64_t *stock, struct err_info *e)
{
	struct unit u;
	enum err r;

	if ((r = desk_allow(s, DESK_VIEW, e)) || (r = desk_unit(s, &u, e)))
		return r;
	r = store_number_stock(s->db, u.id, date_of(clock_now()).date.year, stock, e);
	unit_free(&u);
	return r;
}

enum err desk_numbers_audit(struct session *s, struct number_audit *out, struct err_info *e)
{
	struct unit u;
	enum err r;

	memset(out, 0, sizeof(*out));
	if ((r = desk_allow(s, DESK_VIEW, e)) || (r = desk_unit(s, &u, e)))
		return r;
	if (!(r = store_number_audit(s->db, u.id, out, e)) && out->unexplained) {
		r = err_fail(e, ERR_DAMAGED, "numbers.audit", "号码审计", "%lld 个号码无法解释：%s",
			     (long long)out->unexplained, out->first_problem);
		err_hint(e, "请保留现场并从备份核对");
	}
	if (!r)
		r = store_quota_audit(s->db, u.id, e);
	unit_free(&u);
	return r;
}

/* ---- automatic claiming: settings of type "numbers", keys TAXNO.on / .below / .claim ---- */

static enum err put_number(struct session *s, const struct unit *u, const char *what, int64_t v,
			   struct err_info *e)
{
	char key[80], value[32];

	if (v < 0)
		return ERR_OK;
	snprintf(key, sizeof(key), "%s.%s", u->tax_no, what);
	snprintf(value, sizeof(value), "%lld", (long long)v);
	return store_setting_set(s->db, "numbers", key, value, e);
}

enum err numbers_read_auto(struct session *s, const struct unit *u, struct numbers_auto *out,
			   struct err_info *e)
{
	struct auto_numbers a;
	enum err r = store_auto_numbers(s->db, u, &a, e);

	*out = (struct numbers_auto) {.on = a.on, .below = a.below, .claim = a.claim};
	return r;
}

enum err desk_numbers_auto(struct session *s, struct numbers_auto *out, struct err_info *e)
{
	struct unit u;
	enum err r;

	if ((r = desk_allow(s, DESK_VIEW, e)) || (r = desk_unit(s, &u, e)))
		return r;
	r = numbers_read_auto(s, &u, out, e);
	unit_free(&u);
	return r;
}

enum err desk_numbers_set_auto(struct session *s, const struct numbers_auto *a, struct err_info *e)
{
	struct unit u;
	enum err r;

	if ((r = desk_allow(s, DESK_STOCK, e)))
		return r;
	if (a->below > CLAIM_MAX || a->claim > CLAIM_MAX || a->claim == 0)
		return err_fail(e, ERR_INVALID, "numbers.auto", "自动领购", "份数应为 1 至 %d",
				CLAIM_MAX);
	if ((r = desk_unit(s, &u, e)))
		return r;
	if (!(r = db_begin(s->db, e))) {
		if ((r = put_number(s, &u, "on", a->on, e)) ||
		    (r = put_number(s, &u, "below", a->below, e)) ||
		    (r = put_number(s, &u, "claim", a->claim, e)) ||
		    (r = desk_audit(s, u.id, "numbers.auto", a->on ? "on" : "off", "", "", e)))
			db_rollback(s->db);
		else
			r = db_commit(s->db, e);
	}
	unit_free(&u);
	return r;
}

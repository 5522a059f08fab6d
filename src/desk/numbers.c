/* numbers.c - listing and proving numbers; automatic claiming. */
#include "desk/numbers.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "desk/numbers_p.h"
#include "desk/page_p.h"

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
	int64_t unit;
	enum err r = desk_own_unit(s, DESK_VIEW, &unit, e);

	return r ? r : store_number_stock(s->db, unit, date_of(clock_now()).date.year, stock, e);
}

enum err desk_numbers_audit(struct session *s, struct number_audit *out, struct err_info *e)
{
	int64_t unit;
	enum err r;

	memset(out, 0, sizeof(*out));
	if ((r = desk_own_unit(s, DESK_VIEW, &unit, e)))
		return r;
	if (!(r = store_number_audit(s->db, unit, out, e)) && out->unexplained) {
		r = err_fail(e, ERR_DAMAGED, "numbers.audit", "号码审计", "%lld 个号码无法解释：%s",
			     (long long)out->unexplained, out->first_problem);
		err_hint(e, "请保留现场并从备份核对");
	}
	if (!r)
		r = store_quota_audit(s->db, unit, e);
	return r;
}

/* Why a number is in its state. */
static const struct {
	const char *state, *label, *why;
} STATES[] = {
    {"free", "剩余", "还没有取用"},
    {"expired", "跨年作废", "上年没有用完，不再使用"},
    {"reserved", "在途", "发票占用，还没有结果"},
    {"used", "已用", "已经开具"},
    {"reusable", "可重用", "发票开具失败，重开时用原号码"},
    {"void", "作废", "发票已作废，号码不再使用"},
    {"unexplained", "无法解释", "已取用，但没有去向"},
};

static void tell_state(struct number_story *out)
{
	size_t i;

	for (i = 0; i < sizeof(STATES) / sizeof(STATES[0]); i++) {
		if (strcmp(STATES[i].state, out->place.state) != 0)
			continue;
		out->label = STATES[i].label;
		out->why = STATES[i].why;
	}
}

static enum err tell_invoice(struct session *s, struct number_story *out, struct err_info *e)
{
	struct invoice_record rec;
	enum err r;

	if (!out->place.invoice)
		return ERR_OK;
	if ((r = store_invoice_head(s->db, out->place.invoice, &rec, e)))
		return r;
	out->invoice_state = rec.state;
	text_copy(out->order_no, sizeof(out->order_no),
		  rec.invoice.order_no ? rec.invoice.order_no : "");
	text_copy(out->issued_at, sizeof(out->issued_at), rec.invoice.issued_at);
	text_copy(out->message, sizeof(out->message), rec.message);
	invoice_record_free(&rec);
	return ERR_OK;
}

enum err desk_number_explain(struct session *s, const char *number, struct number_story *out,
			     struct err_info *e)
{
	struct unit u;
	bool found = false;
	enum err r;

	*out = (struct number_story) {.label = "", .why = ""};
	if ((r = desk_allow(s, DESK_VIEW, e)))
		return r;
	if (!invoice_number_ok(number))
		return err_fail(e, ERR_INVALID, "number.form", "数电号码",
				"“%.40s”不是 20 位数字的号码", number);
	if ((r = desk_unit(s, &u, e)))
		return r;
	r = store_number_place(s->db, u.id, number, &out->place, &found, e);
	unit_free(&u);
	if (!r && !found)
		r = err_fail(e, ERR_INVALID, "number.unknown", "数电号码",
			     "号码 %s 不在本单位领购的任何号段", number);
	if (r || (r = tell_invoice(s, out, e)) ||
	    (r = store_claim_of(s->db, out->place.segment.serial, &out->claim, e)))
		return r;
	tell_state(out);
	return ERR_OK;
}

/* ---- automatic claiming: the unit's own settings of type "numbers" ---- */

static enum err put_number(struct session *s, const struct unit *u, const char *what, int64_t v,
			   struct err_info *e)
{
	char key[AUTO_KEY], value[32];

	if (v < 0)
		return ERR_OK;
	snprintf(value, sizeof(value), "%lld", (long long)v);
	return store_setting_set(s->db, "numbers", store_auto_key(u, what, key), value, e);
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

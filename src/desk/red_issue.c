/* red_issue.c - red invoices from red letters: number, invoice and upload in one transaction. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "desk/auto.h"
#include "desk/memory.h"
#include "desk/red_p.h"

/* ---- before ---- */

/* Letters that have no red invoice yet; the lines of those that lack them are fetched. */
static enum err look_at(struct session *s, const struct unit *u, int64_t letter, int64_t *fresh,
			struct desk_wait *w, struct err_info *e)
{
	struct red_record rec;
	enum err r = store_red_head(s->db, letter, &rec, e);

	if (r || (r = red_of_unit(u, &rec, e)))
		return r;
	*fresh += !rec.red_invoice_id;
	if (!rec.red_invoice_id && !(r = desk_red_may(s, &rec, RED_ISSUE, e)))
		r = red_add_lines(s, &rec, w, e);
	red_record_free(&rec);
	return r;
}

static enum err look_at_all(struct session *s, const struct unit *u, const int64_t *letters,
			    size_t n, int64_t *fresh, struct desk_wait *w, struct err_info *e)
{
	enum err r = db_begin(s->db, e);

	if (r)
		return r;
	for (size_t i = 0; i < n && !r; i++)
		r = look_at(s, u, letters[i], fresh, w, e);
	if (r) {
		db_rollback(s->db);
		return r;
	}
	return db_commit(s->db, e);
}

enum err desk_red_issue_prepare(struct session *s, const int64_t *letters, size_t n,
				struct desk_wait *w, struct err_info *e)
{
	struct unit u;
	int64_t fresh = 0;
	enum err r;

	if ((r = desk_allow(s, DESK_ISSUE, e)) || (r = desk_unit_issues(s, &u, NULL, e)))
		return r;
	if (!(r = look_at_all(s, &u, letters, n, &fresh, w, e)) && fresh &&
	    !(r = red_add_risk(s, &u, w, e)))
		r = desk_auto_issue_red(s, &u, fresh, w, e);
	unit_free(&u);
	return r;
}

/* ---- the invoice ---- */

struct issuing {
	struct session *s;
	struct unit unit;
	struct issue_context *rules;
	struct issue_habit habit;
	const char *remark;
	char now[DATETIME_TEXT];
};

static void fill_head(const struct issuing *x, struct invoice *inv)
{
	issue_fill_seller(inv, &x->unit);
	if (text_empty(inv->drawer))
		mem_set(&inv->drawer, x->habit.drawer);
	if (x->remark)
		mem_set(&inv->remark, x->remark);
	text_copy(inv->issued_at, sizeof(inv->issued_at), x->now);
}

static enum err not_of_blue(const struct red_letter *l, const char *why, struct err_info *e)
{
	err_fail(e, ERR_INVALID, "red.differs", "红字发票", "红字确认单 %s 与蓝字发票 %s 不符：%s",
		 l->number, l->blue_number, why);
	err_hint(e, "请在电子税务局核对这张确认单，不要开具");
	return ERR_INVALID;
}

/* A row may be there in part, and in several lines. */
static int64_t row_net(const struct red_letter *l, unsigned row)
{
	dec_int net = 0;

	for (size_t i = 0; i < l->line_count; i++)
		net -= l->lines[i].blue_row == row ? l->lines[i].net_fen : 0;
	return net > INT64_MAX ? INT64_MAX : (int64_t)net;
}

static enum err check_rows(const struct red_letter *l, const struct red_blue *b, struct err_info *e)
{
	for (size_t i = 0; i < l->line_count; i++) {
		const struct red_blue_line *at = NULL;

		for (size_t k = 0; k < b->line_count && !at; k++)
			if (b->lines[k].row == l->lines[i].blue_row)
				at = &b->lines[k];
		if (!at)
			return not_of_blue(l, "蓝字发票没有确认单上的明细", e);
		if (row_net(l, at->row) > at->net_fen)
			return not_of_blue(l, "冲红金额超过蓝字发票的明细", e);
	}
	return ERR_OK;
}

/* Letters come from outside: one of other parties, or of more than our invoice has, is not issued
 * from.  Texts and prices are the tax side's own. */
static enum err check_beside(const struct red_letter *l, const struct invoice *blue,
			     struct err_info *e)
{
	struct red_blue b;
	enum err r;

	if (!text_eq(l->seller_tax_no, blue->seller.tax_no))
		return not_of_blue(l, "销售方不同", e);
	if (!text_empty(blue->buyer.tax_no) && !text_eq(l->buyer_tax_no, blue->buyer.tax_no))
		return not_of_blue(l, "购买方不同", e);
	if (tax_red_blue(blue, &b, NULL)) /* prices that cannot be told: rows cannot be compared */
		return ERR_OK;
	r = check_rows(l, &b, e);
	red_blue_free(&b);
	return r;
}

static enum err make_invoice(const struct issuing *x, const struct red_record *rec,
			     struct invoice *out, struct err_info *e)
{
	struct invoice_record blue;
	enum err r;

	if (!rec->blue_invoice_id) {
		r = tax_red_invoice(&rec->letter, NULL, out, e);
	} else if (!(r = store_invoice_get(x->s->db, rec->blue_invoice_id, &blue, e))) {
		if (!(r = check_beside(&rec->letter, &blue.invoice, e)))
			r = tax_red_invoice(&rec->letter, &blue.invoice, out, e);
		invoice_record_free(&blue);
	}
	if (r)
		return r;
	fill_head(x, out);
	if ((r = tax_validate(out, &x->rules->tax, NULL, e)))
		invoice_free(out);
	return r;
}

static enum err store_one(const struct issuing *x, struct invoice *inv, int64_t *id,
			  struct err_info *e)
{
	struct db *db = x->s->db;
	struct invoice_record rec = {
	    .unit_id = x->unit.id, .created_by = x->s->user.id, .state = INVOICE_NUMBERED};
	enum err r;

	snprintf(rec.quota_month, sizeof(rec.quota_month), "%.7s", inv->issued_at);
	if ((r = db_next_ids(db, "invoice", 1, &rec.id, e)) ||
	    (r = store_number_take(db, x->unit.id, (int)strtol(inv->issued_at, NULL, 10), rec.id,
				   inv->number, e)))
		return r;
	rec.invoice = *inv; /* lent */
	*id = rec.id;
	if ((r = store_invoice_insert(db, &rec, e)) ||
	    (r = issue_add_upload(x->s, &x->unit, rec.id, e)))
		return r;
	return desk_audit(x->s, x->unit.id, "red.issue", inv->number, "", inv->red_letter_no, e);
}

/* Names the letter when there are several. */
static void name_letter(const struct red_record *rec, size_t n, struct err_info *e)
{
	char what[sizeof(e->what)];

	if (n < 2 || !e || strstr(e->why, rec->letter.number))
		return;
	text_copy(what, sizeof(what), e->what);
	snprintf(e->what, sizeof(e->what), "红字确认单 %.20s %.100s", rec->letter.number, what);
	e->what[text_whole(e->what, strlen(e->what))] = 0;
}

static enum err issue_one(const struct issuing *x, const struct red_record *rec, int64_t *id,
			  struct err_info *e)
{
	struct invoice inv;
	enum err r = desk_red_may(x->s, rec, RED_ISSUE, e);

	if (r)
		return r;
	if (!rec->letter.line_count) {
		err_fail(e, ERR_INVALID, "red.bare", "红字发票", "红字确认单 %s 的明细还没有取到",
			 rec->letter.number);
		err_hint(e, "刷新以后再开具");
		return ERR_INVALID;
	}
	if ((r = make_invoice(x, rec, &inv, e)))
		return r;
	r = store_one(x, &inv, id, e);
	invoice_free(&inv);
	return r;
}

/* Read inside the transaction: two clerks may issue from one letter. */
static enum err issue_letter(const struct issuing *x, int64_t letter, size_t n, int64_t *id,
			     bool *repeat, struct err_info *e)
{
	struct red_record rec;
	enum err r = store_red_get(x->s->db, letter, &rec, e);

	if (r || (r = red_of_unit(&x->unit, &rec, e)))
		return r;
	*repeat = rec.red_invoice_id != 0;
	*id = rec.red_invoice_id;
	if (!*repeat && (r = issue_one(x, &rec, id, e)))
		name_letter(&rec, n, e);
	red_record_free(&rec);
	return r;
}

static enum err issue_all(struct issuing *x, const int64_t *letters, size_t n, int64_t *ids,
			  bool *repeat, struct err_info *e)
{
	enum err r = db_begin(x->s->db, e);
	int expired;

	if (r)
		return r;
	/* The moment of the transaction: midnight may have passed in the queue for it. */
	x->rules->tax.now = clock_now();
	datetime_text(x->rules->tax.now, x->now);
	r = store_segment_expire(x->s->db, x->unit.id, date_of(x->rules->tax.now).date.year,
				 &expired, e);
	for (size_t i = 0; i < n && !r; i++)
		r = issue_letter(x, letters[i], n, &ids[i], &repeat[i], e);
	if (r) {
		db_rollback(x->s->db);
		return r;
	}
	return db_commit(x->s->db, e);
}

static enum err refuse_remark(const char *remark, struct err_info *e)
{
	size_t n = remark ? text_chars(remark) : 0;

	if (n <= RED_REMARK_CHARS)
		return ERR_OK;
	err_fail(e, ERR_INVALID, "remark.length", "备注", "红字发票的备注最多 %d 个字，现在 %zu 个",
		 RED_REMARK_CHARS, n);
	err_field(e, "remark");
	return ERR_INVALID;
}

enum err desk_red_issue(struct session *s, const int64_t *letters, size_t n, const char *remark,
			int64_t *invoices, bool *repeat, struct err_info *e)
{
	struct issuing x = {.s = s, .remark = remark};
	enum err r;

	if ((r = desk_allow(s, DESK_ISSUE, e)) || (r = refuse_remark(remark, e)) ||
	    (r = desk_unit_issues(s, &x.unit, NULL, e)))
		return r;
	if (!(r = desk_habit(s, &x.habit, e)) &&
	    !(r = issue_context_load(s, &x.unit, true, &x.rules, e)))
		r = issue_all(&x, letters, n, invoices, repeat, e);
	issue_context_free(&x.rules);
	unit_free(&x.unit);
	return r;
}

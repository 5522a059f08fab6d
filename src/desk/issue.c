/* issue.c - the transaction that turns invoices into numbers, quota and uploads. */
#include "desk/issue.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "desk/forms.h"
#include "desk/issue_p.h"
#include "desk/memory.h"

enum err issue_add_upload(struct session *s, const struct unit *u, int64_t invoice,
			  struct err_info *e)
{
	struct job j = {.unit_id = u->id,
			.subject_id = invoice,
			.due_ms = clock_now_ms(),
			.created_by = s->user.id};

	text_copy(j.kind, sizeof(j.kind), JOB_UPLOAD);
	return store_job_add(s->db, &j, e);
}

enum err issue_enqueue(struct session *s, const struct unit *u, const struct invoice_record *r,
		       struct err_info *e)
{
	enum err rc = store_quota_reserve(s->db, u->id, r->quota_month, r->invoice.issued_at, r->id,
					  r->quota_amount, e);

	return rc ? rc : issue_add_upload(s, u, r->id, e);
}

/* An older draft of the order gives way to the invoice of that id. */
static enum err drop_draft(struct session *s, const struct unit *u, const char *order_no,
			   int64_t invoice, struct err_info *e)
{
	int64_t id = 0;
	enum err r;

	if (text_empty(order_no))
		return ERR_OK;
	r = store_invoice_by_order(s->db, u->id, order_no, &id, e);
	if (r || !id || (r = store_draft_moved(s->db, id, invoice, e)))
		return r;
	return store_invoice_delete_draft(s->db, id, e);
}

/* The date on the invoice decides, not the clock: month of the quota and year of the number agree
 * with it whatever the hour. */
static int year_of(const struct invoice *inv)
{
	return (int)strtol(inv->issued_at, NULL, 10);
}

/* Lends the invoice to a record, so that nothing is copied. */
static enum err number_one(struct session *s, const struct unit *u, struct invoice *inv, int64_t id,
			   struct err_info *e)
{
	struct invoice_record r = {
	    .id = id, .unit_id = u->id, .created_by = s->user.id, .state = INVOICE_NUMBERED};
	enum err rc;

	snprintf(r.quota_month, sizeof(r.quota_month), "%.7s", inv->issued_at);
	if ((rc = desk_form_claim(s, u->id, e)) || (rc = drop_draft(s, u, inv->order_no, id, e)) ||
	    (rc = store_number_take(s->db, u->id, year_of(inv), id, inv->number, e)))
		return rc;
	r.quota_amount = tax_quota_amount(inv);
	r.invoice = *inv;
	if ((rc = store_invoice_insert(s->db, &r, e)) || (rc = issue_enqueue(s, u, &r, e)) ||
	    (rc = desk_remember(s, u->id, inv, e)))
		return rc;
	return desk_audit(s, u->id, "invoice.issue", inv->number, "", inv->order_no, e);
}

/* New content under the number of the first try, which the tax side has refused. */
static enum err correct_one(struct session *s, const struct unit *u, struct invoice *inv,
			    int64_t id, struct err_info *e)
{
	struct invoice_record old, r = {.id = id, .unit_id = u->id, .state = INVOICE_FAILED};
	enum err rc = desk_form_claim(s, u->id, e);

	if (rc || (rc = store_invoice_head(s->db, id, &old, e)))
		return rc;
	text_copy(inv->number, sizeof(inv->number), old.invoice.number);
	r.created_by = old.created_by;
	r.created_at = old.created_at;
	invoice_record_free(&old);
	r.invoice = *inv; /* lent */
	if ((rc = issue_send_again(s, u, &r, e)) || (rc = desk_remember(s, u->id, inv, e)))
		return rc;
	return desk_audit(s, u->id, "invoice.correct", inv->number, "", inv->order_no, e);
}

enum err issue_record_one(struct session *s, const struct unit *u, struct invoice *inv, int64_t id,
			  bool corrects, struct err_info *e)
{
	enum err r = corrects ? correct_one(s, u, inv, id, e) : number_one(s, u, inv, id, e);

	return r ? r : store_price_issued(s->db, u->id, id, inv, e);
}

static enum err number_all(struct session *s, const struct unit *u, struct invoice_set *set,
			   int64_t *ids, bool *repeat, int64_t now, struct err_info *e)
{
	struct issue_counts n;
	size_t i;
	int64_t next = 0;
	int expired;
	enum err r;

	/* Asked again inside the transaction: another process may have been quicker. */
	if ((r = issue_mark_repeats(s, u, set, ids, repeat, &n, e)) || !n.fresh ||
	    (r = store_segment_expire(s->db, u->id, date_of(now).date.year, &expired, e)) ||
	    (n.numbers && (r = db_next_ids(s->db, "invoice", (int64_t)n.numbers, &next, e))))
		return r;
	for (i = 0; i < set->n && !r; i++) {
		if (repeat[i])
			continue;
		if (set->corrected)
			set->corrected[i] = ids[i] != 0;
		bool corrects = ids[i] != 0;

		if (!corrects)
			ids[i] = next++;
		if ((r = issue_record_one(s, u, &set->items[i], ids[i], corrects, e)))
			issue_name_place(set, i, e);
	}
	return r;
}

enum err issue_validate_one(struct session *s, const struct unit *u, const struct issue_context *c,
			    struct invoice *inv, int64_t now, struct err_info *e)
{
	enum err r;

	issue_fill_seller(inv, u);
	inv->number[0] = 0;
	datetime_text(now, inv->issued_at);
	r = issue_take_goods(s, u, inv, e);
	return r ? r : tax_validate(inv, &c->tax, NULL, e);
}

/* Dates the invoices and asks the rules of that moment. */
static enum err validate_fresh(struct session *s, const struct unit *u, struct invoice_set *set,
			       const bool *repeat, int64_t now, struct err_info *e)
{
	struct issue_context *c = NULL;
	enum err r = issue_context_load(s, u, true, &c, e);
	size_t i;

	if (!r)
		c->tax.now = now;
	for (i = 0; i < set->n && !r; i++) {
		struct invoice *inv = &set->items[i];

		if (repeat[i])
			continue;
		if ((r = issue_validate_one(s, u, c, inv, now, e)))
			issue_name_place(set, i, e);
	}
	issue_context_free(&c);
	return r;
}

static bool same_day(int64_t a, int64_t b)
{
	char day[2][DATE_TEXT];

	return !strcmp(date_text(a, day[0]), date_text(b, day[1]));
}

/* `checked` is the moment the invoices were dated at; midnight may have passed in the queue for the
 * transaction, and with it the month, the year or a rule. */
static enum err record(struct session *s, const struct unit *u, struct invoice_set *set,
		       int64_t *ids, bool *repeat, int64_t checked, struct err_info *e)
{
	enum err r = db_begin(s->db, e);
	int64_t now = clock_now();

	if (r)
		return r;
	if (!same_day(now, checked))
		r = validate_fresh(s, u, set, repeat, now, e);
	else
		now = checked;
	if (r || (r = number_all(s, u, set, ids, repeat, now, e))) {
		db_rollback(s->db);
		return r;
	}
	return db_commit(s->db, e);
}

static enum err issue_fresh(struct session *s, struct invoice_set *set, int64_t *ids, bool *repeat,
			    struct err_info *e)
{
	int64_t now = clock_now();
	struct unit u;
	enum err r;

	if ((r = desk_unit_issues(s, &u, NULL, e)))
		return r;
	if (!(r = validate_fresh(s, &u, set, repeat, now, e)))
		r = record(s, &u, set, ids, repeat, now, e);
	unit_free(&u);
	return r;
}

enum err desk_issue(struct session *s, struct invoice_set *set, int64_t *ids, bool *repeat,
		    struct err_info *e)
{
	struct issue_counts n;
	struct unit u;
	enum err r;

	memset(repeat, 0, set->n * sizeof(*repeat));
	if ((r = desk_allow(s, DESK_ISSUE, e)) || (r = issue_refuse_twins(set, e)) ||
	    (r = desk_unit(s, &u, e)))
		return r;
	if (!(r = issue_try_goods(s, &u, set, e)))
		r = issue_mark_repeats(s, &u, set, ids, repeat, &n, e);
	unit_free(&u);
	return r || !n.fresh ? r : issue_fresh(s, set, ids, repeat, e);
}

/* issue.c - the transaction that turns invoices into numbers, quota and uploads. */
#include "desk/issue.h"

#include <string.h>

#include "base/base.h"
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

/* An older draft of the order gives way to the invoice. */
static enum err drop_draft(struct session *s, const struct unit *u, const char *order_no,
			   struct err_info *e)
{
	int64_t id = 0;
	enum err r;

	if (text_empty(order_no))
		return ERR_OK;
	r = store_invoice_by_order(s->db, u->id, order_no, &id, e);
	return r || !id ? r : store_invoice_delete_draft(s->db, id, e);
}

/* Lends the invoice to a record, so that nothing is copied. */
static enum err number_one(struct session *s, const struct unit *u, struct invoice *inv, int64_t id,
			   struct err_info *e)
{
	struct invoice_record r = {
	    .id = id, .unit_id = u->id, .created_by = s->user.id, .state = INVOICE_NUMBERED};
	int64_t now = clock_now();
	enum err rc;

	r.created_at = r.updated_at = now;
	month_text(now, r.quota_month);
	if ((rc = drop_draft(s, u, inv->order_no, e)) ||
	    (rc = store_number_take(s->db, u->id, date_of(now).date.year, id, inv->number, e)))
		return rc;
	r.quota_amount = tax_quota_amount(inv);
	r.invoice = *inv;
	if ((rc = store_invoice_insert(s->db, &r, e)) || (rc = issue_enqueue(s, u, &r, e)) ||
	    (rc = desk_remember(s, u->id, inv, e)))
		return rc;
	return desk_audit(s, u->id, "invoice.issue", inv->number, "", inv->order_no, e);
}

static enum err number_all(struct session *s, const struct unit *u, struct invoice_set *set,
			   int64_t *ids, bool *repeat, struct err_info *e)
{
	size_t i, fresh;
	int64_t next = 0;
	int expired;
	enum err r;

	/* Asked again inside the transaction: another process may have been quicker. */
	if ((r = issue_mark_repeats(s, u, set, ids, repeat, &fresh, e)) || !fresh ||
	    (r = store_segment_expire(s->db, u->id, date_of(clock_now()).date.year, &expired, e)) ||
	    (r = db_next_ids(s->db, "invoice", (int64_t)fresh, &next, e)))
		return r;
	for (i = 0; i < set->n && !r; i++) {
		if (repeat[i])
			continue;
		ids[i] = next++;
		r = number_one(s, u, &set->items[i], ids[i], e);
		if (r)
			issue_name_place(set, i, e);
	}
	return r;
}

static enum err validate_fresh(struct session *s, const struct unit *u, struct invoice_set *set,
			       const bool *repeat, struct err_info *e)
{
	struct issue_context *c = NULL;
	enum err r = issue_context_load(s, u, true, &c, e);
	size_t i;

	for (i = 0; i < set->n && !r; i++) {
		struct invoice *inv = &set->items[i];

		if (repeat[i])
			continue;
		issue_fill_seller(inv, u);
		inv->number[0] = 0;
		datetime_text(c->tax.now, inv->issued_at);
		if ((r = tax_validate(inv, &c->tax, NULL, e)))
			issue_name_place(set, i, e);
	}
	issue_context_free(&c);
	return r;
}

static enum err record(struct session *s, const struct unit *u, struct invoice_set *set,
		       int64_t *ids, bool *repeat, struct err_info *e)
{
	enum err r = db_begin(s->db, e);

	if (r)
		return r;
	if ((r = number_all(s, u, set, ids, repeat, e))) {
		db_rollback(s->db);
		return r;
	}
	return db_commit(s->db, e);
}

static enum err issue_fresh(struct session *s, struct invoice_set *set, int64_t *ids, bool *repeat,
			    struct err_info *e)
{
	struct unit u;
	enum err r;

	if ((r = desk_unit_ready(s, &u, NULL, e)))
		return r;
	if (!(r = validate_fresh(s, &u, set, repeat, e)))
		r = record(s, &u, set, ids, repeat, e);
	unit_free(&u);
	return r;
}

enum err desk_issue(struct session *s, struct invoice_set *set, int64_t *ids, bool *repeat,
		    struct err_info *e)
{
	struct unit u;
	size_t fresh = 0;
	enum err r;

	if ((r = desk_allow(s, DESK_ISSUE, e)) || (r = issue_refuse_twins(set, e)) ||
	    (r = desk_unit(s, &u, e)))
		return r;
	r = issue_mark_repeats(s, &u, set, ids, repeat, &fresh, e);
	unit_free(&u);
	return r || !fresh ? r : issue_fresh(s, set, ids, repeat, e);
}

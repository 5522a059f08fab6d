/* draft.c - invoices that are not issued yet. */
#include <string.h>

#include "base/base.h"
#include "desk/drafts_p.h"
#include "desk/invoices.h"
#include "desk/issue_p.h"
#include "desk/templates.h"
#include "desk/types.h"

/* A draft of the same order is replaced by that of id *made, which is taken for it when there is
 * none yet; anything else under that order stands. */
static enum err make_room(struct session *s, const struct unit *u, const char *order_no,
			  int64_t *made, struct err_info *e)
{
	struct invoice_record old;
	int64_t id = 0;
	enum err r;

	if (text_empty(order_no))
		return ERR_OK;
	if ((r = desk_order_free(s, u->id, order_no, e)) ||
	    (r = store_invoice_by_order(s->db, u->id, order_no, &id, e)) || !id)
		return r;
	if ((r = store_invoice_head(s->db, id, &old, e)))
		return r;
	if (old.state == INVOICE_DRAFT) {
		if (!*made)
			r = db_next_id(s->db, "invoice", made, e);
		if (!r && !(r = store_draft_moved(s->db, id, *made, e)))
			r = store_invoice_delete_draft(s->db, id, e);
	} else {
		r = err_fail(e, ERR_INVALID, "order.exists", "订单号", "%s 已开票，号码 %s",
			     order_no, old.invoice.number);
	}
	invoice_record_free(&old);
	return r;
}

enum err draft_store(struct session *s, const struct unit *u, struct invoice *inv, int64_t user,
		     int64_t *id, struct err_info *e)
{
	struct invoice_record r = {.unit_id = u->id, .created_by = user, .state = INVOICE_DRAFT};
	enum err rc;

	r.created_at = r.updated_at = clock_now();
	issue_fill_seller(inv, u);
	inv->number[0] = inv->issued_at[0] = 0;
	if ((rc = issue_take_goods(s, u, inv, e)) || (rc = tax_invoice_compute(inv, e)) ||
	    (rc = make_room(s, u, inv->order_no, id, e)))
		return rc;
	r.id = *id;
	r.invoice = *inv; /* lent */
	if ((rc = store_invoice_insert(s->db, &r, e)))
		return rc;
	*id = r.id;
	return desk_audit(s, u->id, "invoice.draft", inv->order_no, "", "", e);
}

static enum err store_drafts(struct session *s, const struct unit *u, struct invoice_set *set,
			     int64_t *ids, struct err_info *e)
{
	enum err r = db_begin(s->db, e);
	size_t i;

	if (r)
		return r;
	for (i = 0; i < set->n && !r; i++) {
		ids[i] = 0;
		r = draft_store(s, u, &set->items[i], s->user.id, &ids[i], e);
	}
	if (r) {
		db_rollback(s->db);
		return r;
	}
	return db_commit(s->db, e);
}

enum err desk_draft(struct session *s, struct invoice_set *set, int64_t *ids, struct err_info *e)
{
	struct unit u;
	enum err r;

	if ((r = desk_allow(s, DESK_ISSUE, e)) || (r = desk_unit(s, &u, e)))
		return r;
	r = store_drafts(s, &u, set, ids, e);
	unit_free(&u);
	return r;
}

enum err desk_copy(struct session *s, const char *no, int64_t *id, struct err_info *e)
{
	struct invoice_record r;
	struct invoice_set set = {.n = 1};
	struct unit u;
	enum err rc;

	if ((rc = desk_allow(s, DESK_ISSUE, e)) || (rc = desk_invoice_pattern(s, no, &r, e)))
		return rc;
	if (!(rc = desk_type_renew(s, &r, e)) && !(rc = desk_unit(s, &u, e))) {
		desk_invoice_bare(&r.invoice);
		set.items = &r.invoice;
		rc = store_drafts(s, &u, &set, id, e);
		unit_free(&u);
	}
	invoice_record_free(&r);
	return rc;
}

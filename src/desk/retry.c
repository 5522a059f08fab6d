/* retry.c - issuing a failed invoice again, and giving it up.
 *
 * The record is read inside the transaction that changes it: two people may act on one invoice, and
 * the engine on every one.
 */
#include <stdio.h>
#include <string.h>

#include "base/base.h"
#include "desk/intent_p.h"
#include "desk/invoices.h"
#include "desk/issue_p.h"
#include "store/red.h"

enum { UPLOAD_WINDOW = 48 * 3600 };

static enum err wrong_state(const struct invoice_record *r, const char *action, struct err_info *e)
{
	err_fail(e, ERR_INVALID, "invoice.state", action,
		 "发票 %s 的状态是“%s”，只有开票失败的发票可以%s",
		 *r->invoice.number ? r->invoice.number : r->invoice.order_no,
		 invoice_state_label(r->state), action);
	err_hint(e, "可用 kaipiao invoices show 查看");
	return ERR_INVALID;
}

/* features F4: the second refusal is for the administrator. */
static enum err person_needed(struct session *s, const struct invoice_record *r, struct err_info *e)
{
	char admins[ADMINS_TEXT];

	if (!r->needs_person || !strcmp(s->user.role, "admin"))
		return ERR_OK;
	err_fail(e, ERR_DENIED, "invoice.person", "重试",
		 "发票 %s 已失败 %d 次，需要联系管理员介入处理", r->invoice.number, r->refusals);
	desk_administrators(s, admins);
	err_hint(e, "请联系 %s", admins);
	return ERR_DENIED;
}

/* The old date stands while it can be uploaded and its month is still this one. */
static bool date_stands(const struct invoice *inv, int64_t now)
{
	char today[DATETIME_TEXT];
	int64_t issued;

	return datetime_parse(inv->issued_at, &issued) && now - issued < UPLOAD_WINDOW &&
	       !strncmp(datetime_text(now, today), inv->issued_at, 7);
}

static enum err refresh(struct session *s, const struct unit *u, struct invoice_record *r,
			struct err_info *e)
{
	struct issue_context *c = NULL;
	enum err rc;

	issue_fill_seller(&r->invoice, u);
	if ((rc = issue_context_load(s, u, true, &c, e)))
		return rc;
	/* Its type may have been renamed since: the text was right when it was issued. */
	c->tax.type_known = NULL;
	if (!date_stands(&r->invoice, c->tax.now))
		datetime_text(c->tax.now, r->invoice.issued_at);
	rc = tax_validate(&r->invoice, &c->tax, NULL, e);
	issue_context_free(&c);
	return rc;
}

/* The tax side has refused the old bytes, so new ones may carry the number (invariant I3). */
enum err issue_send_again(struct session *s, const struct unit *u, struct invoice_record *r,
			  struct err_info *e)
{
	enum err rc;

	snprintf(r->quota_month, sizeof(r->quota_month), "%.7s", r->invoice.issued_at);
	/* What is taken back takes no quota. */
	r->quota_amount = r->invoice.red ? 0 : tax_quota_amount(&r->invoice);
	if ((rc = store_sent_forget(s->db, r->id, e)) || (rc = store_invoice_update(s->db, r, e)) ||
	    (rc = store_invoice_set_state(s->db, r->id, INVOICE_NUMBERED, "", e)) ||
	    (rc = store_number_set(s->db, u->id, r->invoice.number, "reserved", e)))
		return rc;
	return issue_enqueue(s, u, r, e);
}

static enum err retry_failed(struct session *s, const struct unit *u, struct invoice_record *r,
			     struct err_info *e)
{
	enum err rc;

	if ((rc = person_needed(s, r, e)) || (rc = refresh(s, u, r, e)) ||
	    (rc = issue_send_again(s, u, r, e)))
		return rc;
	return desk_audit(s, u->id, "invoice.retry", r->invoice.number, "", "", e);
}

/* An upload that waits for its next attempt is made due now; where there is none any more, the same
 * bytes go out again. */
static enum err hurry(struct session *s, const struct unit *u, const struct invoice_record *r,
		      struct err_info *e)
{
	int64_t job = 0;
	enum err rc;

	if ((rc = person_needed(s, r, e)) ||
	    (rc = store_job_open(s->db, JOB_UPLOAD, u->id, r->id, &job, e)))
		return rc;
	if (job)
		return desk_intent_hurry(s, job, e);
	if ((rc = issue_add_upload(s, u, r->id, e)))
		return rc;
	return desk_audit(s, u->id, "invoice.retry", r->invoice.number, "", "", e);
}

/* What a letter of the tax side names as issued needs no other upload. */
static enum err retry_one(struct session *s, const struct unit *u, struct invoice_record *r,
			  struct err_info *e)
{
	bool told = false;
	enum err rc = store_red_told_issued(s->db, r->id, &told, e);

	if (rc)
		return rc;
	if (told &&
	    (r->state == INVOICE_FAILED || (r->state == INVOICE_UNKNOWN && r->needs_person)))
		return issue_settle_found(s, r, "税局的红字确认单记着这个号码已开具", e);
	if (r->state == INVOICE_FAILED)
		return retry_failed(s, u, r, e);
	if (r->state == INVOICE_NUMBERED || r->state == INVOICE_UNKNOWN)
		return hurry(s, u, r, e);
	return wrong_state(r, "重试", e);
}

static enum err retry(struct session *s, const struct unit *u, const char *no, int64_t *id,
		      struct err_info *e)
{
	struct invoice_record r;
	enum err rc = store_invoice_by_no(s->db, u->id, no, &r, e);

	if (rc)
		return rc;
	*id = r.id;
	rc = retry_one(s, u, &r, e);
	invoice_record_free(&r);
	return rc;
}

enum err desk_retry(struct session *s, const char *no, int64_t *id, struct err_info *e)
{
	struct unit u;
	enum err rc;

	if ((rc = desk_allow(s, DESK_ISSUE, e)) || (rc = desk_unit_issues(s, &u, NULL, e)))
		return rc;
	if (!(rc = db_begin(s->db, e))) {
		if ((rc = retry(s, &u, no, id, e)))
			db_rollback(s->db);
		else
			rc = db_commit(s->db, e);
	}
	unit_free(&u);
	return rc;
}

/* ---- giving up ---- */

static enum err give_up(struct session *s, const struct invoice_record *r, struct err_info *e)
{
	enum err rc;

	if (r->state != INVOICE_FAILED && r->state != INVOICE_DRAFT)
		return wrong_state(r, "作废", e);
	if ((rc = issue_refuse_void(s, r, e)) ||
	    (rc = store_invoice_set_state(s->db, r->id, INVOICE_VOID, "", e)) ||
	    (r->state == INVOICE_DRAFT && (rc = store_invoice_free_order(s->db, r->id, e))) ||
	    (*r->invoice.number &&
	     (rc = store_number_set(s->db, r->unit_id, r->invoice.number, "void", e))))
		return rc;
	return desk_audit(s, r->unit_id, "invoice.void", r->invoice.number, "", r->invoice.order_no,
			  e);
}

enum err desk_void(struct session *s, const char *no, int64_t *id, struct err_info *e)
{
	struct invoice_record r;
	enum err rc;

	if ((rc = desk_allow(s, DESK_ISSUE, e)) || (rc = issue_find(s, no, id, e)) ||
	    (rc = db_begin(s->db, e)))
		return rc;
	if (!(rc = store_invoice_head(s->db, *id, &r, e))) {
		rc = give_up(s, &r, e);
		invoice_record_free(&r);
	}
	if (rc) {
		db_rollback(s->db);
		return rc;
	}
	return db_commit(s->db, e);
}

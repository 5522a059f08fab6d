/* settle.c - a person's word on an invoice whose outcome the engine cannot find out.
 *
 * After a backup was restored the tax side may hold a number under another content than ours, and
 * no call tells which.  An administrator looks at the tax bureau's own records and says what is
 * true; the reason stays in the audit.
 */
#include <stdio.h>
#include <string.h>

#include "base/base.h"
#include "desk/invoices.h"
#include "desk/issue_p.h"
#include "store/red.h"

enum { REASON_CHARS = 200, AUDIT_TEXT = 1024 };

static enum err check_reason(const char *reason, struct err_info *e)
{
	size_t at;
	uint32_t cp;

	if (!text_empty(reason) && text_chars(reason) <= REASON_CHARS &&
	    !text_find_forbidden(reason, false, &at, &cp))
		return ERR_OK;
	err_fail(e, ERR_INVALID, "settle.reason", "人工确认",
		 "须写明理由，最多 %d 个字，不能有控制字符", REASON_CHARS);
	err_field(e, "reason");
	return ERR_INVALID;
}

/* Nothing may be sent of what a person has spoken about. */
static enum err stop_upload(struct session *s, const struct invoice_record *r, struct err_info *e)
{
	struct job j;
	int64_t open = 0;
	enum err rc;

	if ((rc = store_job_open(s->db, JOB_UPLOAD, r->unit_id, r->id, &open, e)) || !open ||
	    (rc = store_job_get(s->db, open, &j, e)))
		return rc;
	if (j.state == JOB_RUNNING) {
		rc = err_fail(e, ERR_BUSY, "invoice.sending", "人工确认",
			      "程序正在向税局核对发票 %s", r->invoice.number);
		err_hint(e, "请稍后再试");
	} else {
		rc = store_job_cancel(s->db, open, e);
	}
	job_free(&j);
	return rc;
}

static enum err may_settle(struct session *s, const struct invoice_record *r, struct err_info *e)
{
	if (r->state != INVOICE_UNKNOWN || !r->needs_person) {
		err_fail(e, ERR_INVALID, "invoice.state", "人工确认",
			 "发票 %s 的状态是“%s”，只有结果待查且需人工的发票可以人工确认",
			 *r->invoice.number ? r->invoice.number : r->invoice.order_no,
			 invoice_state_label(r->state));
		err_hint(e, "程序还能查到结果的，请运行 kaipiao sync --once");
		return ERR_INVALID;
	}
	return stop_upload(s, r, e);
}

static enum err settle_issued(struct session *s, const struct invoice_record *r, struct err_info *e)
{
	enum err rc;

	if ((rc = store_invoice_set_state(s->db, r->id, INVOICE_ISSUED, "", e)) ||
	    (rc = store_number_set(s->db, r->unit_id, r->invoice.number, "used", e)))
		return rc;
	if ((rc = store_quota_use(s->db, r->id, e)) || (rc = store_boundary_note(s->db, r, 0, e)))
		return rc;
	return store_post_issued(s->db, r, e);
}

enum err issue_refuse_void(struct session *s, const struct invoice_record *r, struct err_info *e)
{
	bool told = false;
	enum err rc = store_red_told_issued(s->db, r->id, &told, e);

	if (rc || !told)
		return rc;
	err_fail(e, ERR_INVALID, "red.issued", "作废",
		 "税局的红字确认单记着红字发票 %s 已经开具，不能作废", r->invoice.number);
	err_hint(e, "重试后按已开具处理：kaipiao invoices retry %s", r->invoice.number);
	return ERR_INVALID;
}

/* The tax side has another invoice of that number, or none; the order may get a new number. */
static enum err settle_void(struct session *s, const struct invoice_record *r, struct err_info *e)
{
	enum err rc;

	if ((rc = issue_refuse_void(s, r, e)) ||
	    (rc = store_invoice_set_state(s->db, r->id, INVOICE_VOID, "", e)) ||
	    (rc = store_number_set(s->db, r->unit_id, r->invoice.number, "void", e)) ||
	    (rc = store_quota_release(s->db, r->id, e)))
		return rc;
	return store_invoice_free_order(s->db, r->id, e);
}

static enum err settle(struct session *s, const struct invoice_record *r, bool issued,
		       const char *reason, struct err_info *e)
{
	char before[AUDIT_TEXT], after[AUDIT_TEXT];
	enum err rc = may_settle(s, r, e);

	if (rc || (rc = issued ? settle_issued(s, r, e) : settle_void(s, r, e)))
		return rc;
	snprintf(before, sizeof(before), "unknown，订单号 %.300s", r->invoice.order_no);
	snprintf(after, sizeof(after), "%s，理由：%s", issued ? "issued" : "void", reason);
	return desk_audit(s, r->unit_id, "invoice.settle", r->invoice.number, before, after, e);
}

/* A failed one gave its quota back; the tax side's next figures put that right. */
static enum err settle_failed(struct session *s, const struct invoice_record *r, struct err_info *e)
{
	enum err rc;

	if ((rc = store_invoice_set_state(s->db, r->id, INVOICE_UNKNOWN, "对账：税局已有", e)) ||
	    (rc = store_number_set(s->db, r->unit_id, r->invoice.number, "reserved", e)) ||
	    (rc = store_invoice_set_state(s->db, r->id, INVOICE_ISSUED, "", e)) ||
	    (rc = store_number_set(s->db, r->unit_id, r->invoice.number, "used", e)) ||
	    (rc = store_boundary_note(s->db, r, 0, e)))
		return rc;
	return store_post_issued(s->db, r, e);
}

enum err issue_settle_found(struct session *s, const struct invoice_record *r, const char *reason,
			    struct err_info *e)
{
	char before[AUDIT_TEXT], after[AUDIT_TEXT];
	enum err rc;

	if (r->state != INVOICE_UNKNOWN && r->state != INVOICE_FAILED)
		return err_fail(e, ERR_INVALID, "invoice.state", "认作已开",
				"发票 %s 的状态是“%s”，只有结果待查或失败的可以认作已开",
				r->invoice.number, invoice_state_label(r->state));
	if ((rc = check_reason(reason, e)) || (rc = stop_upload(s, r, e)))
		return rc;
	rc = r->state == INVOICE_FAILED ? settle_failed(s, r, e) : settle_issued(s, r, e);
	if (rc)
		return rc;
	snprintf(before, sizeof(before), "%s，订单号 %.300s", invoice_state_word(r->state),
		 r->invoice.order_no ? r->invoice.order_no : "");
	snprintf(after, sizeof(after), "issued，理由：%s", reason);
	return desk_audit(s, r->unit_id, "invoice.settle", r->invoice.number, before, after, e);
}

enum err desk_settle(struct session *s, const char *no, bool issued, const char *reason,
		     int64_t *id, struct err_info *e)
{
	struct invoice_record r;
	enum err rc;

	if ((rc = desk_allow(s, DESK_SETTLE, e)) || (rc = check_reason(reason, e)) ||
	    (rc = issue_find(s, no, id, e)) || (rc = db_begin(s->db, e)))
		return rc;
	if (!(rc = store_invoice_head(s->db, *id, &r, e))) {
		rc = settle(s, &r, issued, reason, e);
		invoice_record_free(&r);
	}
	if (rc) {
		db_rollback(s->db);
		return rc;
	}
	return db_commit(s->db, e);
}

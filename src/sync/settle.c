/* settle.c - the final states of an invoice, with its number and its quota, in one transaction. */
#include <stdio.h>
#include <stdlib.h>

#include "store/red.h"
#include "sync/sync_p.h"

enum { REFUSALS_BEFORE_PERSON = 2 }; /* features F4: after the second failure 需人工 */

enum err settle_issued(struct engine *en, const struct invoice_record *rec, struct err_info *e)
{
	enum err r;
	if ((r = store_invoice_set_state(en->db, rec->id, INVOICE_ISSUED, "", e)) ||
	    (r = store_number_set(en->db, rec->unit_id, rec->invoice.number, "used", e)))
		return r;
	if ((r = store_quota_use(en->db, rec->id, e)) ||
	    (r = store_boundary_note(en->db, rec, en->clock_apart, e)))
		return r;
	return store_post_issued(en->db, rec, e);
}

enum err settle_told(struct engine *en, const struct invoice_record *rec, struct err_info *e)
{
	enum err r = ERR_OK;

	if (rec->state == INVOICE_FAILED)
		r = store_number_set(en->db, rec->unit_id, rec->invoice.number, "reserved", e);
	if (!r && (rec->state == INVOICE_FAILED || rec->state == INVOICE_SENDING))
		r = store_invoice_set_state(en->db, rec->id, INVOICE_UNKNOWN,
					    "税局的红字确认单记着这个号码已开具", e);
	return r ? r : settle_issued(en, rec, e);
}

enum err settle_failed(struct engine *en, const struct invoice_record *rec, const char *message,
		       struct err_info *e)
{
	int refusals = rec->refusals + 1;
	bool told = false;
	enum err r = store_red_told_issued(en->db, rec->id, &told, e);

	if (r)
		return r;
	if (told && rec->state != INVOICE_NUMBERED)
		return settle_told(en, rec, e);
	if ((r = store_invoice_set_state(en->db, rec->id, INVOICE_FAILED, message, e)) ||
	    (r = store_invoice_set_person(en->db, rec->id, refusals,
					  refusals >= REFUSALS_BEFORE_PERSON, e)) ||
	    (r = store_sent_refused(en->db, rec->id, e)) ||
	    (r = store_number_set(en->db, rec->unit_id, rec->invoice.number, "reusable", e)))
		return r;
	return store_quota_release(en->db, rec->id, e);
}

static enum err to_person(struct engine *en, const struct invoice_record *rec, const char *why,
			  struct err_info *e)
{
	enum err r = ERR_OK;
	if (rec->state != INVOICE_UNKNOWN)
		r = store_invoice_set_state(en->db, rec->id, INVOICE_UNKNOWN, why, e);
	return r ? r : store_invoice_set_person(en->db, rec->id, rec->refusals, true, e);
}

enum err settle_duplicate(struct engine *en, const struct invoice_record *rec, int64_t batch,
			  struct err_info *e)
{
	bool ours = false, older = false;
	enum err r = store_sent_before(en->db, rec->id, batch, &ours, e);
	/* Numbers of a restored backup may have been used after the backup was made, by invoices
	 * this home no longer knows. */
	if (!r)
		r = store_before_restore(en->db, rec->created_at, &older, e);
	if (r)
		return r;
	if (!ours || older)
		return to_person(
		    en, rec,
		    "税局已有此发票号码，但不能确认是本机上传的内容（可能恢复了旧备份），"
		    "请人工核对",
		    e);
	if (rec->state == INVOICE_SENDING || rec->state == INVOICE_UNKNOWN)
		r = store_invoice_set_state(en->db, rec->id, INVOICE_ACCEPTED, "", e);
	return r ? r : settle_issued(en, rec, e);
}

enum err settle_doubt(struct engine *en, const struct invoice_record *rec, const char *why,
		      struct err_info *e)
{
	int refusals = rec->refusals + 1;
	bool told = false;
	enum err r = store_red_told_issued(en->db, rec->id, &told, e);

	if (r || told)
		return r ? r : settle_told(en, rec, e);
	r = store_invoice_set_state(en->db, rec->id, INVOICE_UNKNOWN, why, e);
	return r ? r
		 : store_invoice_set_person(en->db, rec->id, refusals,
					    refusals >= REFUSALS_BEFORE_PERSON, e);
}

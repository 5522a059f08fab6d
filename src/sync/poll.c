/* poll.c - asks what became of a receipt (protocol 7.4). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/crash.h"
#include "base/date.h"
#include "sync/sync_p.h"

enum { RECEIPT_LIFE = 12 * 3600 }; /* protocol 7.4: afterwards the invoice is uploaded again */

struct poll {
	struct engine *en;
	struct job *job;
	struct upload_batch batch;
	struct leqi_result *results;
	size_t count;
	int64_t ids[TAX_BATCH_MAX]; /* invoices of the batch that still wait */
	size_t waiting;
};

static const struct leqi_result *result_of(const struct poll *p, const char *number)
{
	for (size_t i = 0; i < p->count; i++)
		if (strcmp(p->results[i].number, number) == 0)
			return &p->results[i];
	return NULL;
}

static enum err collect_waiting(void *arg, int64_t invoice, const char *number,
				enum invoice_state state)
{
	struct poll *p = arg;
	(void)number;
	if (state == INVOICE_ACCEPTED && p->waiting < TAX_BATCH_MAX)
		p->ids[p->waiting++] = invoice;
	return ERR_OK;
}

/* The same bytes go out again, and 03 will tell. */
static enum err send_again(struct poll *p, int64_t id, int64_t due_ms, struct err_info *e)
{
	return add_job(p->en, JOB_UPLOAD, p->batch.unit_id, id, due_ms, e);
}

/* A final no, unless an earlier upload of the same bytes may have got through. */
static enum err apply_failed(struct poll *p, const struct invoice_record *rec,
			     const struct leqi_result *res, struct err_info *e)
{
	const char *why = *res->message ? res->message : res->code;
	char number[NUMBER_TEXT];
	bool doubt = false;

	if (leqi_says_duplicate(res->message, number))
		return settle_duplicate(p->en, rec, p->batch.id, e);
	enum err r = store_sent_before(p->en->db, rec->id, p->batch.id, &doubt, e);
	if (r || !doubt)
		return r ? r : settle_failed(p->en, rec, why, e);
	r = settle_doubt(p->en, rec, why, e);
	return r ? r : send_again(p, rec->id, retry_due_ms(p->en, rec->refusals + 1, 0), e);
}

/* Applies one result; *open tells whether the invoice still waits. */
static enum err apply_result(struct poll *p, int64_t id, bool *open, struct err_info *e)
{
	struct invoice_record rec;
	enum err r = store_invoice_head(p->en->db, id, &rec, e);
	if (r)
		return r;
	const struct leqi_result *res = result_of(p, rec.invoice.number);
	enum leqi_status status = res ? res->status : LEQI_STATUS_PROCESSING;

	*open = status == LEQI_STATUS_PROCESSING;
	if (status == LEQI_STATUS_DONE)
		r = settle_issued(p->en, &rec, e);
	else if (status == LEQI_STATUS_DUPLICATE)
		r = settle_duplicate(p->en, &rec, p->batch.id, e);
	else if (status == LEQI_STATUS_FAILED)
		r = apply_failed(p, &rec, res, e);
	invoice_record_free(&rec);
	return r;
}

/* The receipt is too old to be asked for. */
static enum err expire(struct poll *p, struct err_info *e)
{
	enum err r = store_batch_set(p->en->db, p->batch.id, "lost", NULL, e);
	for (size_t i = 0; !r && i < p->waiting; i++) {
		r = store_invoice_set_state(p->en->db, p->ids[i], INVOICE_UNKNOWN,
					    "受理已超过 12 小时没有结果，正在重新查询", e);
		if (!r)
			r = send_again(p, p->ids[i], clock_now_ms(), e);
	}
	return r ? r : job_done(p->en, p->job->id, "{}", e);
}

static enum err ask_again(struct poll *p, const struct err_info *why, struct err_info *e)
{
	enum err r = store_batch_polled(p->en->db, p->batch.id, e);
	return r ? r
		 : store_job_again(p->en->db, p->job->id, poll_due_ms(p->en, p->batch.polls + 1),
				   NULL, why, e);
}

static enum err apply_all(struct poll *p, const struct leqi_reply *rep, struct err_info *e)
{
	struct err_info why = {0};
	size_t left = 0;
	enum err r = db_begin(p->en->db, e);

	if (r || (r = call_record(p->en, rep, e)))
		return r;
	if (rep->class != LEQI_OK)
		leqi_error(rep, "查询上传结果", &why);
	for (size_t i = 0; i < p->waiting; i++) {
		bool open = true;
		if (rep->class == LEQI_OK && (r = apply_result(p, p->ids[i], &open, e)))
			return r;
		if (open)
			p->ids[left++] = p->ids[i];
	}
	p->waiting = left;
	if (left == 0) {
		if (!(r = store_batch_set(p->en->db, p->batch.id, "done", NULL, e)))
			r = job_done(p->en, p->job->id, "{}", e);
	} else if (clock_now() - p->batch.accepted_at >= RECEIPT_LIFE) {
		r = expire(p, e);
	} else {
		r = ask_again(p, rep->class == LEQI_OK ? NULL : &why, e);
	}
	return r ? r : db_commit(p->en->db, e);
}

static enum err ask(struct poll *p, const struct caller *c, struct err_info *e)
{
	struct leqi_reply rep = {0};

	enum err r = store_batch_get(p->en->db, p->job->subject_id, &p->batch, e);
	if (!r)
		r = store_batch_items(p->en->db, p->batch.id, collect_waiting, p, e);
	if (r)
		return r;
	leqi_upload_result(p->en->leqi, &c->wire, p->batch.receipt, &p->results, &p->count, &rep);
	crash_step("after poll");
	r = apply_all(p, &rep, e);
	leqi_reply_free(&rep);
	free(p->results);
	return r;
}

enum err run_poll(struct engine *en, struct job *job, struct err_info *e)
{
	struct poll p = {.en = en, .job = job};
	struct caller c;
	bool ok;
	enum err r = call_begin(en, job, &c, &ok, e);
	if (r || !ok)
		return r;
	r = ask(&p, &c, e);
	caller_free(&c);
	return r;
}

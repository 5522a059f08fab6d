/* upload.c - numbered and unknown invoices go to the tax side, in batches of one unit.
 *
 * Order of things, each line durable before the next:
 *   1. one transaction: the bytes of each invoice, state `sending`, the batch, jobs running
 *   2. the call
 *   3. one transaction: receipt, refusal, or "not known", with the request log row
 * A dead process leaves `sending`; recover() makes it `unknown`, and the same bytes go out again.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/crash.h"
#include "base/date.h"
#include "base/text.h"
#include "sync/sync_p.h"

enum {
	UPLOAD_WINDOW = 48 * 3600,     /* protocol 7.4: upload - 开票日期 < 48 h */
	BATCH_BYTES = 4 * 1024 * 1024, /* keeps a batch of very long invoices to a sane request */
	BODY_MAX = 64 * 1024 * 1024,
	OUTSIDE_TRIES = 3, /* a refusal for quota, risk ... is tried again so often */
};

struct item {
	int64_t job;
	struct invoice_record rec;
	char *body;
	size_t len;
	bool first;         /* the bytes are new and must be stored */
	const char *refuse; /* our own reason not to send it, or NULL */
	bool held;          /* that reason may go away: it waits */
	char reason[900];
};

struct upload {
	struct engine *en;
	struct caller *caller;
	int64_t batch;
	struct item items[TAX_BATCH_MAX];
	size_t count; /* items to send */
};

static void upload_clear(struct upload *u)
{
	for (size_t i = 0; i < u->count; i++) {
		invoice_record_free(&u->items[i].rec);
		free(u->items[i].body);
	}
	u->count = 0;
}

/* ---- gathering ---- */

/* 联用 needs the drawer's registered document (protocol 7.5). */
static enum err drawer_document(struct engine *en, int64_t unit, const char *name,
				struct drawer *out, struct err_info *e)
{
	bool found = false;
	enum err r = store_drawer_find(en->db, unit, name, out, &found, e);

	if (r || (found && out->state == DRAWER_BOUND))
		return r;
	return err_fail(e, ERR_INVALID, "drawer.unregistered", "开票人",
			found ? "联用单位的开票人“%s”没有绑定乐企平台"
			      : "联用单位的开票人“%s”没有登记证件",
			name);
}

static enum err make_body(struct upload *u, struct item *it, struct err_info *e)
{
	struct drawer d = {.id = 0};
	struct buf b;
	struct leqi_invoice in = {
	    .invoice = &it->rec.invoice,
	    .direct_id = u->caller->direct.leqi_id,
	    .region = u->caller->unit.region,
	    .ip = u->en->ip,
	    .mac = u->en->mac,
	    .drawer_id_type = d.id_type,
	    .drawer_id_no = d.id_no,
	    .joint = u->caller->unit.joint,
	    .edition = u->caller->wire.edition,
	};
	enum err r = ERR_OK;
	if (in.joint)
		r = drawer_document(u->en, u->caller->unit.id, it->rec.invoice.drawer, &d, e);
	if (r)
		return r;
	buf_init(&b, BODY_MAX);
	r = leqi_invoice_body(&in, &b, e);
	if (!r && b.failed)
		r = err_fail(e, ERR_INVALID, "invoice.size", "发票", "报文超过 %d 兆字节",
			     BODY_MAX >> 20);
	it->len = b.len;
	it->body = r ? NULL : buf_detach(&b);
	it->first = true;
	buf_free(&b);
	return r;
}

static bool too_late(const struct invoice_record *rec)
{
	int64_t issued;
	return datetime_parse(rec->invoice.issued_at, &issued) &&
	       clock_now() - issued >= UPLOAD_WINDOW;
}

/* A month that is confirmed takes no more invoices until that is cancelled (features J12); one that
 * goes on cannot be, whatever a clock that was ahead has left.  An invoice that may be there
 * already is asked about all the same. */
static enum err hold_back(struct upload *u, struct item *it, struct err_info *e)
{
	char month[MONTH_TEXT];
	struct summary s;
	bool found = false;
	enum err r;

	snprintf(month, sizeof(month), "%.7s", it->rec.invoice.issued_at);
	if (it->rec.state != INVOICE_NUMBERED || summary_time(month, clock_now()) == SUMMARY_EARLY)
		return ERR_OK;
	r = store_summary_find(u->en->db, u->caller->unit.id, month, &s, &found, e);
	if (r || !found || !summary_state_locks(s.state))
		return r;
	snprintf(it->reason, sizeof it->reason, "%s 的汇总确认是“%s”，税局不再接收这个月的发票",
		 month, summary_state_label(s.state));
	it->refuse = it->reason;
	it->held = true;
	return ERR_OK;
}

/* Decides what happens to one invoice: bytes to send, or our own reason not to. */
static enum err prepare(struct upload *u, struct item *it, struct err_info *e)
{
	char sha[65];
	bool found = false;
	struct err_info why = {0};

	if (it->rec.state != INVOICE_NUMBERED && it->rec.state != INVOICE_UNKNOWN) {
		it->refuse = ""; /* settled meanwhile: the job has nothing to do */
		return ERR_OK;
	}
	if (too_late(&it->rec)) {
		it->refuse = "开票日期距今已满 48 小时，税局不再接收（请重试以新的日期开具）";
		return ERR_OK;
	}
	enum err r = hold_back(u, it, e);
	if (r || it->refuse)
		return r;
	r = store_sent_get(u->en->db, it->rec.id, &it->body, &it->len, sha, &found, e);
	if (r || found)
		return r;
	if (make_body(u, it, &why) == ERR_OK)
		return ERR_OK;
	err_sentence(&why, it->reason, sizeof it->reason);
	it->refuse = it->reason;
	return ERR_OK;
}

/* An invoice we do not send: settled already, too late, or not expressible on the wire. */
static enum err drop(struct upload *u, const struct item *it, struct err_info *e)
{
	struct err_info why = {0};
	enum err r;

	if (!*it->refuse)
		return job_done(u->en, it->job, "{}", e);
	if (it->held) {
		err_fail(&why, ERR_INVALID, "summary.locked", "上传发票", "%s", it->refuse);
		err_hint(&why, "先取消确认：kaipiao summary cancel %.7s；上传后再确认",
			 it->rec.invoice.issued_at);
		return store_job_again(u->en->db, it->job, clock_now_ms() + SET_ASIDE_MS, NULL,
				       &why, e);
	}
	err_fail(&why, ERR_INVALID, "invoice.unsendable", "上传发票", "%s", it->refuse);
	if (it->rec.state != INVOICE_UNKNOWN) {
		r = settle_failed(u->en, &it->rec, it->refuse, e);
		return r ? r : job_failed(u->en, it->job, &why, e);
	}
	/* It may have been accepted: only a person with the tax side's list can tell.  The job
	 * stays, for the day the clock is found to have been wrong. */
	r = store_invoice_set_person(u->en->db, it->rec.id, it->rec.refusals, true, e);
	return r ? r
		 : store_job_again(u->en->db, it->job, clock_now_ms() + SET_ASIDE_MS, NULL, &why,
				   e);
}

/* A record that cannot be read costs its own job, not the queue. */
static enum err unreadable(struct upload *u, int64_t job, int64_t invoice,
			   const struct err_info *why, struct err_info *e)
{
	enum err r = store_invoice_set_person(u->en->db, invoice, 0, true, e);
	return r ? r : store_job_again(u->en->db, job, clock_now_ms() + SET_ASIDE_MS, NULL, why, e);
}

/* Loads the jobs of the group, drops what cannot be sent, keeps at most BATCH_BYTES. */
static enum err gather(struct upload *u, const struct job *job, struct err_info *e)
{
	int64_t jobs[TAX_BATCH_MAX], invoices[TAX_BATCH_MAX];
	size_t n = 0, bytes = 0;

	enum err r =
	    store_job_group(u->en->db, job->kind, job->unit_id, job->group_key, clock_now_ms(),
			    jobs, invoices, (size_t)u->en->params.batch_size, &n, e);
	for (size_t i = 0; !r && i < n && (u->count == 0 || bytes < BATCH_BYTES); i++) {
		struct item *it = &u->items[u->count];
		memset(it, 0, sizeof *it);
		it->job = jobs[i];
		struct err_info why = {0};
		r = store_invoice_get(u->en->db, invoices[i], &it->rec, &why);
		if (r && strncmp(why.code, "invoice.", 8) == 0) {
			r = unreadable(u, it->job, invoices[i], &why, e);
			continue;
		}
		if (r) {
			if (e)
				*e = why;
			break;
		}
		u->count++; /* owned from here on */
		if ((r = prepare(u, it, e)))
			break;
		if (it->refuse) {
			r = drop(u, it, e);
			invoice_record_free(&it->rec);
			u->count--;
		} else {
			bytes += it->len;
		}
	}
	return r;
}

/* ---- step 1: sending ---- */

static enum err commit_sending(struct upload *u, struct err_info *e)
{
	int64_t ids[TAX_BATCH_MAX];
	enum err r = ERR_OK;

	for (size_t i = 0; !r && i < u->count; i++) {
		struct item *it = &u->items[i];
		ids[i] = it->rec.id;
		if ((it->first &&
		     (r = store_sent_put(u->en->db, it->rec.id, it->body, it->len, e))) ||
		    (r = store_invoice_set_state(u->en->db, it->rec.id, INVOICE_SENDING, "", e)) ||
		    (r = store_job_running(u->en->db, it->job, e)))
			break;
		it->rec.state = INVOICE_SENDING;
	}
	if (!r)
		r = store_batch_create(u->en->db, u->caller->unit.id, ids, u->count, &u->batch, e);
	return r ? r : db_commit(u->en->db, e);
}

/* ---- step 3: outcomes ---- */

static enum err accepted(struct upload *u, const char *receipt, struct err_info *e)
{
	enum err r = store_batch_set(u->en->db, u->batch, "accepted", receipt, e);

	for (size_t i = 0; !r && i < u->count; i++)
		if (!(r = store_invoice_set_state(u->en->db, u->items[i].rec.id, INVOICE_ACCEPTED,
						  "", e)))
			r = job_done(u->en, u->items[i].job, "{}", e);
	return r ? r
		 : add_job(u->en, JOB_POLL, u->caller->unit.id, u->batch, poll_due_ms(u->en, 0), e);
}

/* Puts one invoice back for another attempt. */
static enum err again(struct upload *u, size_t i, enum invoice_state state, int64_t due_ms,
		      const char *group, const struct err_info *why, struct err_info *e)
{
	struct item *it = &u->items[i];
	bool doubt = false; /* an earlier upload of these bytes may have got through */
	enum err r = store_sent_before(u->en->db, it->rec.id, u->batch, &doubt, e);
	if (!r)
		r = store_invoice_set_state(u->en->db, it->rec.id, doubt ? INVOICE_UNKNOWN : state,
					    why ? why->why : "", e);
	return r ? r : store_job_again(u->en->db, it->job, due_ms, group, why, e);
}

static enum err all_again(struct upload *u, enum invoice_state state, int64_t due_ms,
			  const struct err_info *why, struct err_info *e)
{
	enum err r = ERR_OK;
	for (size_t i = 0; !r && i < u->count; i++)
		r = again(u, i, state, due_ms, NULL, why, e);
	return r;
}

/* One bad invoice refuses the whole batch: each half goes again on its own until the bad one is
 * alone (protocol 7.4). */
static enum err halve(struct upload *u, struct err_info *e)
{
	size_t half = (u->count + 1) / 2;
	enum err r = ERR_OK;

	for (size_t i = 0; !r && i < u->count; i++) {
		char group[48];
		snprintf(group, sizeof group, "b%lld.%d", (long long)u->batch, i < half ? 1 : 2);
		r = again(u, i, INVOICE_NUMBERED, clock_now_ms(), group, NULL, e);
	}
	return r;
}

/* The batch was refused because one number exists already: that one is settled, the others go
 * again. */
static enum err refused_duplicate(struct upload *u, const char *number, bool *handled,
				  struct err_info *e)
{
	enum err r = ERR_OK;

	*handled = u->count == 1;
	for (size_t i = 0; i < u->count; i++)
		*handled = *handled || strcmp(u->items[i].rec.invoice.number, number) == 0;
	for (size_t i = 0; *handled && !r && i < u->count; i++) {
		struct item *it = &u->items[i];
		if (u->count > 1 && strcmp(it->rec.invoice.number, number) != 0)
			r = again(u, i, INVOICE_NUMBERED, clock_now_ms(), NULL, NULL, e);
		else if (!(r = settle_duplicate(u->en, &it->rec, u->batch, e)))
			r = job_done(u->en, it->job, "{}", e);
	}
	return r;
}

/* The only invoice of a batch was refused. */
static enum err refused_alone(struct upload *u, const struct err_info *why, int attempts,
			      struct err_info *e)
{
	struct item *it = &u->items[0];
	bool doubt = false;
	enum err r = store_sent_before(u->en->db, it->rec.id, u->batch, &doubt, e);

	if (r)
		return r;
	if (!doubt) {
		r = settle_failed(u->en, &it->rec, why->why, e);
		return r ? r : job_failed(u->en, it->job, why, e);
	}
	r = settle_doubt(u->en, &it->rec, why->why, e);
	return r ? r
		 : store_job_again(u->en->db, it->job, retry_due_ms(u->en, attempts, 0), NULL, why,
				   e);
}

static enum err refused(struct upload *u, const struct leqi_reply *rep, const struct err_info *why,
			int attempts, struct err_info *e)
{
	char number[NUMBER_TEXT];
	bool handled = false;
	enum err r = store_batch_set(u->en->db, u->batch, "refused", NULL, e);

	if (!r && leqi_says_duplicate(rep->message, number))
		r = refused_duplicate(u, number, &handled, e);
	if (r || handled)
		return r;
	if (attempts < OUTSIDE_TRIES &&
	    (leqi_cause_is_outside(rep->message) || leqi_cause_is_outside(rep->return_code))) {
		struct err_info later = *why; /* the invoice is good: the same bytes, later */
		later.class = ERR_BUSY;
		return all_again(u, INVOICE_NUMBERED, retry_due_ms(u->en, attempts, 0), &later, e);
	}
	return u->count > 1 ? halve(u, e) : refused_alone(u, why, attempts, e);
}

static enum err apply(struct upload *u, const struct leqi_reply *rep, const char *receipt,
		      int attempts, struct err_info *e)
{
	struct err_info why = {0};
	int64_t due = retry_due_ms(u->en, attempts, rep->retry_after_s);
	enum err r = db_begin(u->en->db, e);

	if (r || (r = call_record(u->en, rep, e)))
		return r;
	if (rep->class != LEQI_OK)
		leqi_error(rep, "上传发票", &why);
	switch (rep->class) {
	case LEQI_OK:
		r = accepted(u, receipt, e);
		break;
	case LEQI_REFUSED:
		r = refused(u, rep, &why, attempts, e);
		break;
	case LEQI_LOST: /* may have been processed: only asking with the same bytes tells */
		if (!(r = store_batch_set(u->en->db, u->batch, "lost", NULL, e)))
			r = all_again(u, INVOICE_UNKNOWN, due, &why, e);
		break;
	case LEQI_MISCONFIGURED: /* certainly not processed, and no use to hurry */
	case LEQI_LATER:
		if (!(r = store_batch_set(u->en->db, u->batch, "refused", NULL, e)))
			r = all_again(u, INVOICE_NUMBERED, due, &why, e);
		break;
	}
	return r ? r : db_commit(u->en->db, e);
}

static enum err send(struct upload *u, struct job *job, struct err_info *e)
{
	struct leqi_body bodies[TAX_BATCH_MAX];
	struct leqi_reply rep = {0};
	char receipt[LEQI_RECEIPT_TEXT] = "";

	for (size_t i = 0; i < u->count; i++)
		bodies[i] = (struct leqi_body) {.json = u->items[i].body, .len = u->items[i].len};
	call_prepare(u->en, job);
	leqi_upload(u->en->leqi, &u->caller->wire, bodies, u->count, receipt, &rep);
	crash_step("after upload");
	enum err r = apply(u, &rep, receipt, job->attempts + 1, e);
	leqi_reply_free(&rep);
	return r;
}

enum err run_upload(struct engine *en, struct job *job, struct err_info *e)
{
	struct caller c;
	struct err_info why = {0};

	if (caller_load(en, job->unit_id, &c, &why))
		return not_callable(en, job, &why, e);
	struct upload *u = mem_zalloc(sizeof *u);
	u->en = en;
	u->caller = &c;
	enum err r = db_begin(en->db, e);
	if (!r)
		r = gather(u, job, e);
	if (!r)
		r = u->count ? commit_sending(u, e) : db_commit(en->db, e);
	if (!r && u->count)
		r = send(u, job, e);
	if (r)
		db_rollback(en->db);
	upload_clear(u);
	free(u);
	caller_free(&c);
	return r;
}

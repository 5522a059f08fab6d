/* wait.c - deciding whether the things a verb waits for have come to rest. */
#include "desk/wait.h"

#include <stdlib.h>
#include <string.h>

#include "base/base.h"

enum { PATIENT_MS = 10000, PATIENT_ATTEMPTS = 2 };

static void push(int64_t **list, size_t *n, int64_t id)
{
	/* Grows at powers of two. */
	if ((*n & (*n - 1)) == 0)
		*list = mem_realloc(*list, (*n ? *n * 2 : 1) * sizeof(**list));
	(*list)[(*n)++] = id;
}

void desk_wait_job(struct desk_wait *w, int64_t job)
{
	push(&w->jobs, &w->job_count, job);
}

void desk_wait_invoice(struct desk_wait *w, int64_t invoice)
{
	push(&w->invoices, &w->invoice_count, invoice);
}

void desk_wait_free(struct desk_wait *w)
{
	free(w->jobs);
	free(w->invoices);
	memset(w, 0, sizeof(*w));
}

/* An open job that will not move before long. */
static bool job_rests(const struct job *j)
{
	if (j->state == JOB_RUNNING)
		return false;
	if (j->state != JOB_READY)
		return true;
	if (j->error_class == ERR_OK || j->error_class == ERR_UNKNOWN)
		return false;
	if (j->error_class != ERR_BUSY) /* also one that could not even be tried: no key */
		return true;
	return j->attempts >= PATIENT_ATTEMPTS || j->due_ms > clock_now_ms() + PATIENT_MS;
}

static enum err job_settled(struct db *db, int64_t id, bool *done, struct err_info *e)
{
	struct job j;
	enum err r = store_job_get(db, id, &j, e);

	if (r)
		return r;
	*done = job_rests(&j);
	job_free(&j);
	return ERR_OK;
}

static bool waits_for_person(const struct invoice_record *r)
{
	return r->state == INVOICE_UNKNOWN && r->needs_person;
}

/* The open upload of an invoice that was not sent yet, or that a person had sent again; *id 0:
 * none. */
static enum err upload_job(struct db *db, const struct invoice_record *r, int64_t *id,
			   struct err_info *e)
{
	*id = 0;
	if (r->state != INVOICE_NUMBERED && !waits_for_person(r))
		return ERR_OK;
	return store_job_open(db, JOB_UPLOAD, r->unit_id, r->id, id, e);
}

static bool final_state(enum invoice_state s)
{
	return s == INVOICE_ISSUED || s == INVOICE_FAILED || s == INVOICE_VOID ||
	       s == INVOICE_DRAFT;
}

static enum err invoice_settled(struct db *db, int64_t id, bool *done, struct err_info *e)
{
	struct invoice_record r;
	int64_t job = 0;
	enum err rc = store_invoice_head(db, id, &r, e);

	if (rc)
		return rc;
	*done = final_state(r.state);
	if (!*done && !(rc = upload_job(db, &r, &job, e))) {
		/* Without a job, one that needs a person is asked about no more. */
		if (job)
			rc = job_settled(db, job, done, e);
		else
			*done = waits_for_person(&r);
	}
	invoice_record_free(&r);
	return rc;
}

/* Moves the settled prefix on; done when it covers all. */
static enum err advance(struct db *db, const int64_t *ids, size_t n, size_t *at,
			enum err (*settled)(struct db *, int64_t, bool *, struct err_info *),
			struct err_info *e)
{
	bool done = true;
	enum err r = ERR_OK;

	while (*at < n && !(r = settled(db, ids[*at], &done, e)) && done)
		(*at)++;
	return r;
}

enum err desk_wait_settled(void *arg, struct db *db, bool *done, struct err_info *e)
{
	struct desk_wait *w = arg;
	enum err r = advance(db, w->jobs, w->job_count, &w->settled_jobs, job_settled, e);

	if (!r)
		r = advance(db, w->invoices, w->invoice_count, &w->settled_invoices,
			    invoice_settled, e);
	*done = !r && w->settled_jobs == w->job_count && w->settled_invoices == w->invoice_count;
	return r;
}

enum err desk_worse(enum err a, enum err b)
{
	/* What needs a person first outranks what the engine mends by itself. */
	static const unsigned char RANK[] = {
	    [ERR_OK] = 0,      [ERR_BUSY] = 1,     [ERR_UNKNOWN] = 2,
	    [ERR_REFUSED] = 3, [ERR_INVALID] = 4,  [ERR_USAGE] = 5,
	    [ERR_DENIED] = 6,  [ERR_INTERNAL] = 7, [ERR_DAMAGED] = 8,
	};

	return RANK[a] >= RANK[b] ? a : b;
}

static enum err job_verdict(const struct job *j, struct err_info *e)
{
	enum err class = j->error_class;

	if (j->state == JOB_DONE)
		return ERR_OK;
	if (j->state == JOB_CANCELLED)
		return err_fail(e, ERR_INVALID, "job.cancelled", "任务", "第 %lld 号任务已取消",
				(long long)j->id);
	if (j->state == JOB_FAILED && class == ERR_OK)
		class = ERR_REFUSED;
	if (j->state == JOB_READY && !j->attempts)
		class = ERR_UNKNOWN;
	if (class == ERR_OK)
		class = ERR_UNKNOWN;
	err_fail(e, class, *j->error_code ? j->error_code : "job.open", "", "%s",
		 *j->error_text ? j->error_text : "结果还不知道");
	/* One that has ended is not tried again, known or not: a mail with a lost answer. */
	if (j->state == JOB_READY || j->state == JOB_RUNNING)
		err_hint(e, "%s%s已记录，稍后自动重试；可用 kaipiao jobs show %lld 查看",
			 j->error_hint, *j->error_hint ? "；" : "", (long long)j->id);
	else if (*j->error_hint)
		err_hint(e, "%s", j->error_hint);
	return class;
}

enum err desk_wait_verdict(struct session *s, const struct desk_wait *w, struct err_info *e)
{
	enum err worst = ERR_OK;
	size_t i;

	for (i = 0; i < w->job_count; i++) {
		struct job j;
		struct err_info one = {0};
		enum err r = store_job_get(s->db, w->jobs[i], &j, e);

		if (r)
			return r;
		r = job_verdict(&j, &one);
		job_free(&j);
		if (r && desk_worse(worst, r) == r && worst != r) {
			worst = r;
			if (e)
				*e = one;
		}
	}
	return worst;
}

enum err desk_wait_unit_verdict(struct session *s, const struct desk_wait *w, int64_t unit,
				struct err_info *e)
{
	enum err r = ERR_OK;

	for (size_t i = 0; i < w->job_count && !r; i++) {
		struct job j;

		if ((r = store_job_get(s->db, w->jobs[i], &j, e)))
			break;
		if (j.unit_id == unit)
			r = job_verdict(&j, e);
		job_free(&j);
	}
	return r;
}

enum err desk_invoice_verdict(struct session *s, const struct invoice_record *r, char *text,
			      size_t size, struct err_info *e)
{
	struct job j;
	int64_t job;
	enum err rc;

	text_copy(text, size, r->message);
	if (r->state == INVOICE_ISSUED || r->state == INVOICE_DRAFT)
		return ERR_OK;
	if (r->state == INVOICE_FAILED || r->state == INVOICE_VOID)
		return r->state == INVOICE_FAILED ? ERR_REFUSED : ERR_INVALID;
	if ((rc = upload_job(s->db, r, &job, e)))
		return rc;
	if (!job)
		return ERR_UNKNOWN;
	if ((rc = store_job_get(s->db, job, &j, e)))
		return rc;
	if (*j.error_text && !*text)
		text_copy(text, size, j.error_text);
	if (r->state != INVOICE_NUMBERED || j.error_class == ERR_OK || j.error_class == ERR_UNKNOWN)
		rc = ERR_UNKNOWN;
	else
		rc = j.error_class;
	job_free(&j);
	return rc;
}

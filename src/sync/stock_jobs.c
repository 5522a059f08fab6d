/* stock_jobs.c - numbers and quota: claim, query, download, return, adjust.  Requests that change
 * something carry the job's serial, so a repeat after a lost reply gives the same result
 * (protocol 7.2, 7.3). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/json.h"
#include "sync/sync_p.h"
#include "tax/ids.h"

/* A job's payload as JSON, parsed; a payload we cannot read is a fault of our own house. */
static enum err payload_of(const struct job *job, cJSON **out, struct err_info *e)
{
	enum err r = json_parse(job->payload, strlen(job->payload), 65536, out, e);
	return r ? err_fail(e, ERR_INTERNAL, "job.payload", "任务", "任务 %lld 的参数无法读取",
			    (long long)job->id)
		 : ERR_OK;
}

/* ---- numbers.claim ---- */

/* The tax side's segment must be what was asked for; anything else is never used. */
static bool segment_fits(const struct leqi_numbers *n, int64_t asked, struct err_info *why)
{
	long long span;
	if (invoice_number_ok(n->first) && invoice_number_ok(n->last) &&
	    invoice_number_diff(n->first, n->last, &span) && span + 1 == n->count &&
	    n->count <= asked && n->count > 0)
		return true;
	err_fail(why, ERR_REFUSED, "numbers.range", "数电领购",
		 "税局返回的号段 %s 至 %s 与数量 %lld 不符", n->first, n->last,
		 (long long)n->count);
	err_hint(why, "号段未使用，请联系主管税务机关核对");
	return false;
}

static enum err claim_taken(struct engine *en, struct job *job, const struct leqi_numbers *n,
			    const struct leqi_reply *rep, struct err_info *e)
{
	struct segment s = {.unit_id = job->unit_id, .size = n->count, .claimed_at = clock_now()};
	struct err_info why = {0};
	char result[160];
	enum err r;

	if ((r = db_begin(en->db, e)) || (r = call_record(en, rep, e)))
		return r;
	snprintf(s.serial, sizeof s.serial, "%s", job->request_key);
	snprintf(s.first, sizeof s.first, "%s", n->first);
	snprintf(s.last, sizeof s.last, "%s", n->last);
	s.year = 2000 + (n->first[0] - '0') * 10 + (n->first[1] - '0');
	snprintf(result, sizeof result, "{\"first\":\"%s\",\"last\":\"%s\",\"count\":\"%lld\"}",
		 n->first, n->last, (long long)n->count);
	r = store_segment_add(en->db, &s, &why);
	if (r == ERR_DAMAGED && strncmp(why.code, "segment.", 8) == 0)
		r = job_failed(en, job->id, &why,
			       e); /* an overlapping range: refuse it, keep working */
	else if (!r)
		r = job_done(en, job->id, result, e);
	else if (e)
		*e = why;
	return r ? r : db_commit(en->db, e);
}

static enum err claim_refused(struct engine *en, struct job *job, const struct leqi_reply *rep,
			      const struct err_info *why, struct err_info *e)
{
	enum err r;
	if ((r = db_begin(en->db, e)) || (r = call_record(en, rep, e)) ||
	    (r = job_failed(en, job->id, why, e)))
		return r;
	return db_commit(en->db, e);
}

static enum err claim(struct engine *en, struct job *job, const struct caller *c,
		      struct err_info *e)
{
	struct leqi_numbers n = {0};
	struct leqi_reply rep = {0};
	struct err_info why = {0};
	cJSON *payload = NULL;
	long long count = 0;

	enum err r = payload_of(job, &payload, e);
	if (r)
		return r;
	bool ok = json_member_int(payload, "count", 1, 5000, &count);
	json_free(&payload);
	if (!ok)
		return err_fail(e, ERR_INTERNAL, "job.payload", "数电领购", "任务 %lld 没有数量",
				(long long)job->id);
	if (leqi_claim_numbers(en->leqi, &c->wire, c->unit.tax_no, count, job->request_key, &n,
			       &rep) != LEQI_OK)
		r = job_not_ok(en, job, &rep, "数电领购", e);
	else if (segment_fits(&n, count, &why))
		r = claim_taken(en, job, &n, &rep, e);
	else
		r = claim_refused(en, job, &rep, &why, e);
	leqi_reply_free(&rep);
	return r;
}

enum err run_claim(struct engine *en, struct job *job, struct err_info *e)
{
	struct caller c;
	bool ok;
	enum err r = call_begin(en, job, &c, &ok, e);
	if (r || !ok)
		return r;
	r = claim(en, job, &c, e);
	caller_free(&c);
	return r;
}

/* ---- quota ---- */

enum err quota_adopt(struct engine *en, int64_t unit, const struct leqi_quota *q,
		     int64_t *difference, struct err_info *e)
{
	int64_t diff = 0;
	struct quota_month remote = {
	    .unit_id = unit,
	    .has_remote = true,
	    .paused = q->paused,
	    .remote_total = q->total,
	    .remote_available = q->available,
	    .remote_downloaded = q->downloaded,
	    .remote_unused = q->unused,
	    .synced_at = clock_now(),
	};
	snprintf(remote.month, sizeof remote.month, "%s", q->month);
	enum err r = store_quota_sync(en->db, unit, &remote, &diff, e);
	if (!r && difference)
		*difference = diff;
	return r;
}

enum err run_quota_sync(struct engine *en, struct job *job, struct err_info *e)
{
	struct caller c;
	struct leqi_quota q;
	struct leqi_reply rep = {0};
	char result[64], text[FEN_TEXT];
	int64_t difference = 0;
	bool ok;

	enum err r = call_begin(en, job, &c, &ok, e);
	if (r || !ok)
		return r;
	if (leqi_query_quota(en->leqi, &c.wire, c.unit.tax_no, c.unit.region, &q, &rep) !=
	    LEQI_OK) {
		r = job_not_ok(en, job, &rep, "查询发票额度", e);
	} else if (!(r = db_begin(en->db, e)) && !(r = call_record(en, &rep, e)) &&
		   !(r = quota_adopt(en, job->unit_id, &q, &difference, e))) {
		snprintf(result, sizeof result, "{\"difference\":\"%s\"}",
			 fen_format(difference, text));
		if (!(r = job_done(en, job->id, result, e)))
			r = db_commit(en->db, e);
	}
	leqi_reply_free(&rep);
	caller_free(&c);
	return r;
}

struct move {
	bool download;
	int64_t amount;
	char month[MONTH_TEXT];
};

static enum err move_of(const struct job *job, struct move *m, struct err_info *e)
{
	cJSON *p = NULL;
	enum err r = payload_of(job, &p, e);
	if (r)
		return r;
	m->download = cJSON_IsTrue(json_get(p, "download"));
	snprintf(m->month, sizeof m->month, "%s", json_member(p, "month"));
	if (!fen_parse(json_member(p, "amount"), &m->amount) || m->amount <= 0 || !*m->month)
		r = err_fail(e, ERR_INTERNAL, "job.payload", "授信额度", "任务 %lld 的参数无法读取",
			     (long long)job->id);
	json_free(&p);
	return r;
}

/* The answer of a move does not tell what is left, so the figures are asked for next (protocol
 * 7.3). */
static enum err add_quota_query(struct engine *en, const struct job *after, struct err_info *e)
{
	return add_job(en, JOB_QUOTA_SYNC, after->unit_id, 0, clock_now_ms(), e);
}

static enum err moved(struct engine *en, struct job *job, const struct move *m,
		      const struct leqi_interval *span, const struct leqi_reply *rep,
		      struct err_info *e)
{
	char result[96];
	enum err r;

	snprintf(result, sizeof result, "{\"start\":\"%s\",\"end\":\"%s\"}", span->start,
		 span->end);
	if ((r = db_begin(en->db, e)) || (r = call_record(en, rep, e)) ||
	    (r = store_quota_move(en->db, job->unit_id, m->month, m->download, m->amount,
				  job->request_key, e)))
		return r;
	if (*span->start && *span->end)
		r = store_quota_set_interval(en->db, job->unit_id, m->month, span->start, span->end,
					     e);
	if (r || (r = add_quota_query(en, job, e)) || (r = job_done(en, job->id, result, e)))
		return r;
	return db_commit(en->db, e);
}

enum err run_quota_move(struct engine *en, struct job *job, struct err_info *e)
{
	struct caller c;
	struct move m;
	struct leqi_interval span = {0};
	struct leqi_reply rep = {0};
	bool ok;

	enum err r = move_of(job, &m, e);
	if (r || (r = call_begin(en, job, &c, &ok, e)) || !ok)
		return r;
	if (leqi_move_quota(en->leqi, &c.wire, c.unit.tax_no, c.unit.region, m.download, m.amount,
			    job->request_key, &span, &rep) == LEQI_OK)
		r = moved(en, job, &m, &span, &rep, e);
	else
		r = job_not_ok(en, job, &rep, m.download ? "下载额度" : "退回额度", e);
	leqi_reply_free(&rep);
	caller_free(&c);
	return r;
}

static enum err adjusted(struct engine *en, struct job *job, const char *month,
			 const struct leqi_interval *span, const struct leqi_reply *rep,
			 struct err_info *e)
{
	char result[96];
	enum err r;

	snprintf(result, sizeof result, "{\"start\":\"%s\",\"end\":\"%s\"}", span->start,
		 span->end);
	if ((r = db_begin(en->db, e)) || (r = call_record(en, rep, e)))
		return r;
	if (*span->start && *span->end)
		r = store_quota_set_interval(en->db, job->unit_id, month, span->start, span->end,
					     e);
	if (r || (r = job_done(en, job->id, result, e)))
		return r;
	return db_commit(en->db, e);
}

enum err run_quota_adjust(struct engine *en, struct job *job, struct err_info *e)
{
	struct caller c;
	struct leqi_interval span = {0};
	struct leqi_reply rep = {0};
	char month[MONTH_TEXT];
	cJSON *p = NULL;
	bool ok;

	enum err r = payload_of(job, &p, e);
	if (r)
		return r;
	snprintf(month, sizeof month, "%s", json_member(p, "month"));
	json_free(&p);
	if ((r = call_begin(en, job, &c, &ok, e)) || !ok)
		return r;
	if (leqi_adjust_quota(en->leqi, &c.wire, c.unit.tax_no, c.unit.region, month, &span,
			      &rep) == LEQI_OK)
		r = adjusted(en, job, month, &span, &rep, e);
	else
		r = job_not_ok(en, job, &rep, "调整额度有效期", e);
	leqi_reply_free(&rep);
	caller_free(&c);
	return r;
}

/* quota.c - quota: query, download, return, adjust.  Moves carry the job's serial, so a repeat
 * after a lost reply gives the same result (protocol 7.3). */
#include <stdio.h>
#include <string.h>

#include "base/date.h"
#include "base/json.h"
#include "base/text.h"
#include "sync/sync_p.h"

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
		r = query_not_ok(en, job, &rep, "查询发票额度", e);
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
	bool download, refresh; /* refresh: what was downloaded goes back at once (features N65) */
	int64_t amount;
	char month[MONTH_TEXT];
};

static enum err move_of(const struct job *job, struct move *m, struct err_info *e)
{
	cJSON *p = NULL;
	enum err r = job_payload(job, &p, e);
	if (r)
		return r;
	m->download = cJSON_IsTrue(json_get(p, "download"));
	m->refresh = m->download && cJSON_IsTrue(json_get(p, "refresh"));
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

/* The second half of a refresh has a serial of its own. */
static enum err add_return(struct engine *en, const struct job *job, const struct caller *c,
			   const struct move *m, struct err_info *e)
{
	struct job back = {
	    .unit_id = job->unit_id, .due_ms = clock_now_ms(), .created_by = job->created_by};
	char payload[128], amount[FEN_TEXT];

	text_copy(back.kind, sizeof(back.kind), JOB_QUOTA_MOVE);
	unit_serial(&c->unit, &c->direct, back.request_key);
	snprintf(payload, sizeof(payload),
		 "{\"download\":false,\"amount\":\"%s\",\"month\":\"%s\"}",
		 fen_format(m->amount, amount), m->month);
	back.payload = payload;
	return store_job_add(en->db, &back, e);
}

static enum err moved(struct engine *en, struct job *job, const struct caller *c,
		      const struct move *m, const struct leqi_interval *span,
		      const struct leqi_reply *rep, struct err_info *e)
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
	if (r || (r = m->refresh ? add_return(en, job, c, m, e) : add_quota_query(en, job, e)) ||
	    (r = job_done(en, job->id, result, e)))
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
		r = moved(en, job, &c, &m, &span, &rep, e);
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

	enum err r = job_payload(job, &p, e);
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

/* claim.c - claims numbers.  A claim carries the job's serial, so a repeat after a lost reply gives
 * the same segment (protocol 7.2).
 *
 * A number is of the year its first digits name, which is the tax side's.  Where the clocks differ
 * around New Year it gives numbers of a year that is not ours: they are kept, but nothing more is
 * claimed for it, else numbers that cannot be used would be fetched again and again.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/json.h"
#include "sync/sync_p.h"
#include "tax/ids.h"

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

/* Are they of another year than the one invoices are dated in here? */
static bool other_year(const struct segment *s, struct err_info *why)
{
	int here = date_of(clock_now()).date.year;

	if (s->year == here)
		return false;
	err_fail(why, ERR_REFUSED, "numbers.year", "数电领购",
		 "税局给的是 %d 年的号码，本机时钟%s %d 年，%s", s->year,
		 s->year < here ? "已经是" : "还是", here,
		 s->year < here ? "不能用" : "现在还不能用");
	err_hint(why, "号段已记下。请核对本机时钟；跨年前后请等两边进入同一年再领购");
	return true;
}

/* The other pieces would bring the same; they keep their serials and can be taken up later. */
static enum err fail_others(struct engine *en, const struct job *job, const struct err_info *why,
			    struct err_info *e)
{
	int64_t id = 0;
	enum err r;

	while (!(r = store_job_open(en->db, JOB_CLAIM, job->unit_id, 0, &id, e)) && id)
		if ((r = job_failed(en, id, why, e)))
			break;
	return r;
}

static enum err end_claim(struct engine *en, struct job *job, const struct segment *s,
			  struct err_info *e)
{
	struct err_info why = {0};
	char result[160];
	enum err r;

	if (other_year(s, &why)) {
		int year = date_of(call_their_now(en)).date.year, expired;

		/* The year may be over there as well: nobody looks for its numbers any more. */
		if (s->year < year &&
		    (r = store_segment_expire(en->db, job->unit_id, year, &expired, e)))
			return r;
		r = job_failed(en, job->id, &why, e);
		return r ? r : fail_others(en, job, &why, e);
	}
	snprintf(result, sizeof result, "{\"first\":\"%s\",\"last\":\"%s\",\"count\":\"%lld\"}",
		 s->first, s->last, (long long)s->size);
	return job_done(en, job->id, result, e);
}

static enum err claim_taken(struct engine *en, struct job *job, const struct leqi_numbers *n,
			    const struct leqi_reply *rep, struct err_info *e)
{
	struct segment s = {.unit_id = job->unit_id, .size = n->count, .claimed_at = clock_now()};
	struct err_info why = {0};
	enum err r;

	if ((r = db_begin(en->db, e)) || (r = call_record(en, rep, e)))
		return r;
	snprintf(s.serial, sizeof s.serial, "%s", job->request_key);
	snprintf(s.first, sizeof s.first, "%s", n->first);
	snprintf(s.last, sizeof s.last, "%s", n->last);
	s.year = 2000 + (n->first[0] - '0') * 10 + (n->first[1] - '0');
	r = store_segment_add(en->db, &s, &why);
	if (r == ERR_DAMAGED && strncmp(why.code, "segment.", 8) == 0)
		r = job_failed(en, job->id, &why,
			       e); /* an overlapping range: refuse it, keep working */
	else if (!r)
		r = end_claim(en, job, &s, e);
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

	enum err r = job_payload(job, &payload, e);
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

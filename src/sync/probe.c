/* probe.c - unit.probe: goes the way of a call hop by hop and writes down how far it came (features
 * N67).  Two harmless questions are asked; nothing they say is stored but in the job's result. */
#include <string.h>

#include "base/buf.h"
#include "base/date.h"
#include "base/text.h"
#include "sync/sync_p.h"

enum { RESULT_MAX = 8192 };

struct finding {
	struct leqi_probe line;
	enum leqi_hop fault; /* LEQI_HOPS: not at one of them */
	bool reached;        /* the server answered the handshake */
	bool called, good;   /* a question was asked; both were answered */
	struct taxpayer t;
	struct err_info why;
	int64_t skew; /* seconds our clock is ahead */
	bool timed;
};

static void tell_time(struct finding *f, int64_t server)
{
	if (!server)
		return;
	f->skew = clock_now() - server;
	f->timed = true;
}

static void put_result(const struct finding *f, struct buf *b)
{
	struct json_out o;

	json_out_init(&o, b, 0);
	json_open(&o, NULL, '{');
	json_put_bool(&o, "good", f->good);
	json_put(&o, "fault", leqi_hop_word(f->fault));
	json_put_bool(&o, "reached", f->reached);
	json_put_bool(&o, "called", f->called);
	json_put(&o, "address", f->line.address);
	json_put_int(&o, "took_ms", f->line.took_ms);
	if (f->timed)
		json_put_int(&o, "skew", f->skew);
	json_put(&o, "tax_no", f->t.tax_no);
	json_put(&o, "pilot", f->t.pilot);
	json_put(&o, "state", f->t.state);
	json_put(&o, "risk_class", f->t.risk_class);
	json_put(&o, "alert_level", f->t.alert_level);
	json_put(&o, "risk_flag", f->t.risk_flag);
	json_put_int(&o, "class", f->why.class);
	json_put(&o, "code", f->why.code);
	json_put(&o, "why", f->why.why);
	json_put(&o, "hint", f->why.hint);
	json_close(&o, '}');
}

/* Ends the job with what was found; rep NULL: no question was asked. */
static enum err finish(struct engine *en, const struct job *job, const struct finding *f,
		       const struct leqi_reply *rep, struct err_info *e)
{
	struct buf b;
	enum err r;

	buf_init(&b, RESULT_MAX);
	put_result(f, &b);
	if (!(r = db_begin(en->db, e)) && !(r = rep ? call_record(en, rep, e) : ERR_OK) &&
	    !(r = job_done(en, job->id, buf_str(&b), e)))
		r = db_commit(en->db, e);
	buf_free(&b);
	return r;
}

/* Takes the answer to a question; true: the next one may be asked. */
static bool take(struct finding *f, const struct leqi_reply *rep, const char *what)
{
	f->called = true;
	tell_time(f, rep->server_time);
	if (rep->class == LEQI_OK)
		return true;
	f->fault = leqi_reply_hop(rep);
	leqi_error(rep, what, &f->why);
	return false;
}

static enum err ask(struct engine *en, const struct job *job, const struct caller *c,
		    struct finding *f, struct err_info *e)
{
	const char *tax_no = c->unit.tax_no, *region = c->unit.region;
	struct leqi_reply rep = {0};
	enum err r;

	leqi_query_taxpayer(en->leqi, &c->wire, tax_no, region, &f->t, &rep);
	if (!take(f, &rep, "查询企业基本信息")) {
		r = finish(en, job, f, &rep, e);
		leqi_reply_free(&rep);
		return r;
	}
	if (!(r = db_begin(en->db, e)) && !(r = call_record(en, &rep, e)))
		r = db_commit(en->db, e);
	leqi_reply_free(&rep);
	if (r)
		return r;
	rep = (struct leqi_reply) {0};
	leqi_query_risk(en->leqi, &c->wire, tax_no, region, &f->t, &rep);
	f->good = take(f, &rep, "查询企业风险信息");
	r = finish(en, job, f, &rep, e);
	leqi_reply_free(&rep);
	return r;
}

/* What can be seen before the key is needed; false: it ends there. */
static bool walk(struct engine *en, struct caller *c, struct finding *f)
{
	f->fault = LEQI_HOPS;
	if (leqi_probe(en->leqi, &c->wire, &f->line, &f->why)) {
		f->fault = f->line.fault;
		return false;
	}
	f->reached = true;
	tell_time(f, f->line.server_time);
	if (caller_unseal(en, c, &f->why)) {
		f->fault = LEQI_HOP_KEY;
		return false;
	}
	return true;
}

enum err run_probe(struct engine *en, struct job *job, struct err_info *e)
{
	struct finding f = {.fault = LEQI_HOPS};
	struct caller c;
	bool ok = true;
	enum err r;

	if (caller_fill(en, job->unit_id, &c, &f.why))
		return finish(en, job, &f, NULL, e);
	if (!(r = job_start(en, job, &ok, e)) && ok) {
		call_prepare(en, job);
		r = walk(en, &c, &f) ? ask(en, job, &c, &f, e) : finish(en, job, &f, NULL, e);
	}
	caller_free(&c);
	return r;
}

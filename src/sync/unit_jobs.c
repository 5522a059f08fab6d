/* unit_jobs.c - verify a unit, fetch what the tax side says about it, fetch the classification. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/date.h"
#include "base/json.h"
#include "base/text.h"
#include "store/recon.h"
#include "sync/sync_p.h"
#include "tax/channel.h"

/* ---- unit.verify ---- */

enum { VERIFY_TRIES = 5, VERIFY_S = 120 }; /* after both, nobody is asked any more */

/* The tax side must speak of the same taxpayer, else the 乐企ID belongs to somebody else. */
static bool same_taxpayer(const struct caller *c, const struct taxpayer *t, struct err_info *why)
{
	if (strcmp(t->tax_no, c->unit.tax_no) == 0)
		return true;
	err_fail(why, ERR_REFUSED, "unit.other", c->unit.name,
		 "税局返回的纳税人识别号是 %s，与填写的 %s 不一致", t->tax_no, c->unit.tax_no);
	err_hint(why, "请核对使用单位乐企ID与税号");
	return false;
}

/* What an answer says of the ability it was asked under (features B13). */
static enum err learn_ability(struct engine *en, int64_t unit, enum ability_state state,
			      struct err_info *e)
{
	return store_ability_set(en->db, unit, ABILITY_BASIC, state, false, e);
}

/* Codes of the platform that deny the ability or the service under it (protocol 5.1). */
static bool denies_ability(const struct leqi_reply *rep)
{
	static const char *const codes[] = {"4032", "4033", "40321", "40322", "4049"};

	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++)
		if (strcmp(rep->platform_code, codes[i]) == 0)
			return true;
	return false;
}

/* Is what was asked about stored still?  A person may have put another environment, number or key
 * in its place while the answer was on its way. */
static enum err asked_still(struct engine *en, const struct caller *c, bool *still,
			    struct err_info *e)
{
	const struct unit *u = &c->unit, *d = &c->direct;
	struct err_info why = {0};
	struct caller now;
	enum err r = caller_fill(en, u->id, &now, &why);

	*still = false;
	if (r == ERR_INVALID)
		return ERR_OK; /* removed */
	if (r && e)
		*e = why;
	if (r)
		return r;
	*still = now.unit.env == u->env && now.unit.joint == u->joint && now.direct.id == d->id &&
		 text_eq(now.unit.tax_no, u->tax_no) && text_eq(now.unit.name, u->name) &&
		 text_eq(now.unit.leqi_id, u->leqi_id) && text_eq(now.direct.url, d->url) &&
		 text_eq(now.direct.leqi_id, d->leqi_id) &&
		 text_eq(now.direct.sealed_key, d->sealed_key);
	caller_free(&now);
	return ERR_OK;
}

static enum err answer_void(struct engine *en, struct job *job, const struct caller *c,
			    struct err_info *e)
{
	struct err_info why = {0};
	enum err r;

	err_fail(&why, ERR_REFUSED, "unit.edited", c->unit.name,
		 "税局应答以前单位又改过，这次的结果不算");
	err_hint(&why, "请再验证");
	if ((r = job_failed(en, job->id, &why, e)))
		return r;
	return db_commit(en->db, e);
}

static enum err verified(struct engine *en, struct job *job, const struct caller *c,
			 const struct taxpayer *t, const struct leqi_reply *rep, struct err_info *e)
{
	bool still = false;
	enum err r;
	if ((r = db_begin(en->db, e)) || (r = call_record(en, rep, e)) ||
	    (r = asked_still(en, c, &still, e)))
		return r;
	if (!still)
		return answer_void(en, job, c, e);
	if ((r = store_unit_set_state(en->db, job->unit_id, true, "", e)) ||
	    (r = learn_ability(en, job->unit_id, ABILITY_YES, e)) ||
	    (r = store_taxpayer_put(en->db, job->unit_id, t, e)) ||
	    (r = job_done(en, job->id, "{}", e)))
		return r;
	return db_commit(en->db, e);
}

static enum err not_verified(struct engine *en, struct job *job, const struct leqi_reply *rep,
			     const struct err_info *why, struct err_info *e)
{
	char sentence[1200];
	enum err r;
	if ((r = db_begin(en->db, e)) || (r = call_record(en, rep, e)) ||
	    (r = store_unit_set_state(en->db, job->unit_id, false,
				      err_sentence(why, sentence, sizeof sentence), e)) ||
	    (denies_ability(rep) && (r = learn_ability(en, job->unit_id, ABILITY_NO, e))) ||
	    (r = job_failed(en, job->id, why, e)))
		return r;
	return db_commit(en->db, e);
}

/* Its own, under another name: what was told is kept, so that the name can be taken over. */
static enum err other_name(struct engine *en, struct job *job, const struct taxpayer *t,
			   const struct leqi_reply *rep, const struct err_info *why,
			   struct err_info *e)
{
	char sentence[1200];
	enum err r;
	if ((r = db_begin(en->db, e)) || (r = call_record(en, rep, e)) ||
	    (r = store_unit_set_state(en->db, job->unit_id, false,
				      err_sentence(why, sentence, sizeof sentence), e)) ||
	    (r = learn_ability(en, job->unit_id, ABILITY_YES, e)) ||
	    (r = store_taxpayer_put(en->db, job->unit_id, t, e)) ||
	    (r = job_failed(en, job->id, why, e)))
		return r;
	return db_commit(en->db, e);
}

/* Nobody waits for it any more: it would only fill the log. */
static bool asked_enough(const struct job *job)
{
	return job->attempts >= VERIFY_TRIES && clock_now() - job->created_at >= VERIFY_S;
}

/* The line says nothing of the unit: what is verified stays so. */
static enum err not_answered(struct engine *en, struct job *job, const struct caller *c,
			     const struct leqi_reply *rep, struct err_info *e)
{
	struct err_info why = {0};
	char sentence[1200];
	enum err r;

	leqi_error(rep, "验证单位", &why);
	err_hint(&why, "试了 %d 次，不再自动重试；网络恢复后请再验证", job->attempts + 1);
	if ((r = db_begin(en->db, e)) || (r = call_record(en, rep, e)) ||
	    (!c->unit.verified &&
	     (r = store_unit_set_state(en->db, job->unit_id, false,
				       err_sentence(&why, sentence, sizeof sentence), e))) ||
	    (r = job_failed(en, job->id, &why, e)))
		return r;
	return db_commit(en->db, e);
}

/* 自用 and 联用 are asked under an ability each; the tax side knows a unit under one of them, and
 * moves it without a word (features B22). */
static bool denies_channel(const struct caller *c, const struct leqi_reply *rep)
{
	return !c->unit.direct &&
	       (!strcmp(rep->platform_code, "4032") || !strcmp(rep->platform_code, "4033"));
}

/* Is the unit answered under the other ability?  rep, the denial, is recorded, and becomes the
 * other answer where one came. */
static enum err ask_other(struct engine *en, const struct caller *c, struct leqi_reply *rep,
			  bool *moved, struct err_info *e)
{
	struct leqi_unit other = c->wire;
	struct leqi_reply second = {0};
	struct err_info why = {0};
	struct taxpayer *t = mem_zalloc(sizeof(*t));
	enum err r = db_begin(en->db, e);

	if (!r && !(r = call_record(en, rep, e)) && !(r = db_commit(en->db, e))) {
		other.joint = !c->unit.joint;
		other.ability = caller_ability(other.joint);
		leqi_query_taxpayer(en->leqi, &other, c->unit.tax_no, c->unit.region, t, &second);
		*moved = second.class == LEQI_OK && same_taxpayer(c, t, &why);
		if (*moved) {
			leqi_reply_free(rep);
			*rep = second;
		} else if (!(r = db_begin(en->db, e)) && !(r = call_record(en, &second, e))) {
			r = db_commit(en->db, e);
		}
		if (!*moved)
			leqi_reply_free(&second);
	}
	free(t);
	return r;
}

/* The person decides: numbers, quota and who may issue depend on it. */
static void say_moved(const struct caller *c, struct err_info *why)
{
	bool joint = !c->unit.joint;

	err_fail(why, ERR_REFUSED, "unit.channel", c->unit.name,
		 "税局不再按%s（%s）应答，而按%s（%s）应答：开票通道 %s → %s",
		 joint ? "自用" : "联用", caller_ability(!joint), joint ? "联用" : "自用",
		 caller_ability(joint), channel_label(joint ? "leqi" : "leqi-joint"),
		 channel_label(joint ? "leqi-joint" : "leqi"));
	err_hint(why, "确认后请改：kaipiao unit edit %s@%s --role using --relation %s，再验证",
		 c->unit.tax_no, unit_env_label(c->unit.env), joint ? "joint" : "self");
}

/* Refused under the ability it is asked under: by which one is it known then? */
static enum err refused(struct engine *en, struct job *job, const struct caller *c,
			struct leqi_reply *rep, struct err_info *e)
{
	struct err_info why = {0};
	bool denied = denies_channel(c, rep), moved = false;
	enum err r;

	leqi_error(rep, "验证单位", &why);
	if (denied && (r = ask_other(en, c, rep, &moved, e)))
		return r;
	if (moved)
		say_moved(c, &why);
	return not_verified(en, job, rep, &why, e);
}

static enum err verify(struct engine *en, struct job *job, const struct caller *c,
		       struct err_info *e)
{
	struct taxpayer t;
	struct leqi_reply rep = {0};
	struct err_info why = {0};
	bool found;

	enum err r = store_taxpayer_get(en->db, job->unit_id, &t, &found, e);
	if (r)
		return r;
	leqi_query_taxpayer(en->leqi, &c->wire, c->unit.tax_no, c->unit.region, &t, &rep);
	if (rep.class == LEQI_LATER || rep.class == LEQI_LOST) {
		r = asked_enough(job) ? not_answered(en, job, c, &rep, e)
				      : job_not_ok(en, job, &rep, "验证单位", e);
	} else if (rep.class != LEQI_OK) {
		r = refused(en, job, c, &rep, e);
	} else if (!same_taxpayer(c, &t, &why)) {
		r = not_verified(en, job, &rep, &why, e);
	} else {
		t.basic_at = clock_now();
		r = store_taxpayer_named(&t, &c->unit, ERR_REFUSED, &why)
			? verified(en, job, c, &t, &rep, e)
			: other_name(en, job, &t, &rep, &why, e);
	}
	leqi_reply_free(&rep);
	return r;
}

enum err run_verify(struct engine *en, struct job *job, struct err_info *e)
{
	struct caller c;
	bool ok;
	enum err r = call_begin(en, job, &c, &ok, e);
	if (r || !ok)
		return r;
	r = verify(en, job, &c, e);
	caller_free(&c);
	return r;
}

/* ---- taxpayer.sync: five questions, each answer stored at once ---- */

struct inquiry {
	const char *what;
	/* Asks, fills t / rates / quota. */
	enum leqi_class (*ask)(struct engine *en, const struct caller *c, struct inquiry *q,
			       struct leqi_reply *rep);
	enum err (*keep)(struct engine *en, const struct caller *c, struct inquiry *q,
			 struct err_info *e);
	struct taxpayer t;
	struct tax_rate *rates;
	size_t rate_count;
	struct differential_code *differential;
	size_t differential_count;
	struct leqi_quota quota;
	bool optional; /* a refusal of this one leaves the others standing */
};

static enum leqi_class ask_basic(struct engine *en, const struct caller *c, struct inquiry *q,
				 struct leqi_reply *rep)
{
	return leqi_query_taxpayer(en->leqi, &c->wire, c->unit.tax_no, c->unit.region, &q->t, rep);
}

static enum err keep_basic(struct engine *en, const struct caller *c, struct inquiry *q,
			   struct err_info *e)
{
	q->t.basic_at = clock_now();
	return store_taxpayer_put(en->db, c->unit.id, &q->t, e);
}

static enum leqi_class ask_risk(struct engine *en, const struct caller *c, struct inquiry *q,
				struct leqi_reply *rep)
{
	return leqi_query_risk(en->leqi, &c->wire, c->unit.tax_no, c->unit.region, &q->t, rep);
}

static enum err keep_risk(struct engine *en, const struct caller *c, struct inquiry *q,
			  struct err_info *e)
{
	q->t.risk_at = clock_now();
	return store_taxpayer_put(en->db, c->unit.id, &q->t, e);
}

static enum leqi_class ask_rates(struct engine *en, const struct caller *c, struct inquiry *q,
				 struct leqi_reply *rep)
{
	return leqi_query_rates(en->leqi, &c->wire, &q->rates, &q->rate_count, rep);
}

static enum err keep_rates(struct engine *en, const struct caller *c, struct inquiry *q,
			   struct err_info *e)
{
	return store_rates_put(en->db, c->unit.id, q->rates, q->rate_count, e);
}

static enum leqi_class ask_differential(struct engine *en, const struct caller *c,
					struct inquiry *q, struct leqi_reply *rep)
{
	return leqi_query_differential(en->leqi, &c->wire, &q->differential, &q->differential_count,
				       rep);
}

static enum err keep_differential(struct engine *en, const struct caller *c, struct inquiry *q,
				  struct err_info *e)
{
	return store_differential_put(en->db, c->unit.id, q->differential, q->differential_count,
				      e);
}

static enum leqi_class ask_quota(struct engine *en, const struct caller *c, struct inquiry *q,
				 struct leqi_reply *rep)
{
	return leqi_query_quota(en->leqi, &c->wire, c->unit.tax_no, c->unit.region, &q->quota, rep);
}

static enum err keep_quota(struct engine *en, const struct caller *c, struct inquiry *q,
			   struct err_info *e)
{
	return quota_adopt(en, c->unit.id, &q->quota, NULL, e);
}

static void inquiry_free(struct inquiry *q)
{
	for (size_t i = 0; i < q->differential_count; i++)
		differential_code_free(&q->differential[i]);
	free(q->differential);
	free(q->rates);
}

static enum err one_inquiry(struct engine *en, struct job *job, const struct caller *c,
			    struct inquiry *q, bool last, bool *ok, struct err_info *e)
{
	struct leqi_reply rep = {0};
	bool found, answered;

	enum err r = store_taxpayer_get(en->db, c->unit.id, &q->t, &found, e);
	if (r)
		return r;
	answered = q->ask(en, c, q, &rep) == LEQI_OK;
	*ok = answered ||
	      (q->optional && (rep.class == LEQI_REFUSED || rep.class == LEQI_MISCONFIGURED));
	if (!*ok)
		r = query_not_ok(en, job, &rep, q->what, e);
	else if (!(r = db_begin(en->db, e)) && !(r = call_record(en, &rep, e)) &&
		 !(r = answered ? q->keep(en, c, q, e) : ERR_OK) &&
		 !(r = last ? job_done(en, job->id, "{}", e) : ERR_OK))
		r = db_commit(en->db, e);
	leqi_reply_free(&rep);
	inquiry_free(q);
	return r;
}

enum err run_taxpayer(struct engine *en, struct job *job, struct err_info *e)
{
	static const struct inquiry INQUIRIES[] = {
	    {.what = "查询纳税人基本信息", .ask = ask_basic, .keep = keep_basic},
	    {.what = "查询纳税人风险信息", .ask = ask_risk, .keep = keep_risk},
	    {.what = "查询可用税率", .ask = ask_rates, .keep = keep_rates},
	    {.what = "查询差额征税编码",
	     .ask = ask_differential,
	     .keep = keep_differential,
	     .optional = true},
	    {.what = "查询发票额度", .ask = ask_quota, .keep = keep_quota},
	};
	enum { COUNT = sizeof INQUIRIES / sizeof *INQUIRIES };
	struct caller c;
	bool ok;

	enum err r = call_begin(en, job, &c, &ok, e);
	if (r || !ok)
		return r;
	for (size_t i = 0; !r && ok && i < COUNT; i++) {
		struct inquiry q = INQUIRIES[i];
		r = one_inquiry(en, job, &c, &q, i == COUNT - 1, &ok, e);
	}
	caller_free(&c);
	return r;
}

/* ---- taxcodes.sync ---- */

/* Rows are written as they are decoded, in the transaction of the whole answer: all or none. */
struct code_sink {
	struct engine *en;
	struct err_info e;
	bool open;
};

static enum err take_code(void *arg, const struct tax_code *code)
{
	struct code_sink *s = arg;
	enum err r = ERR_OK;
	if (!s->open) {
		r = db_begin(s->en->db, &s->e);
		s->open = r == ERR_OK;
	}
	return r ? r : store_taxcode_put(s->en->db, code, true, &s->e);
}

static enum err codes_taken(struct engine *en, struct job *job, const struct caller *c,
			    const char *stamp, size_t count, const struct leqi_reply *rep,
			    bool open, struct err_info *e)
{
	char result[160];
	struct taxcode_news news;
	enum err r = ERR_OK;

	if (!open)
		r = db_begin(en->db, e);
	if (r || (r = call_record(en, rep, e)) ||
	    (r = store_taxcode_adopt(en->db, unit_env_word(c->unit.env), stamp, &news, e)))
		return r;
	snprintf(result, sizeof result,
		 "{\"count\":%zu,\"added\":%lld,\"changed\":%lld,\"stopped\":%lld,\"first\":%s}",
		 count, (long long)news.added, (long long)news.changed, (long long)news.stopped,
		 news.first ? "true" : "false");
	if ((r = job_done(en, job->id, result, e)))
		return r;
	return db_commit(en->db, e);
}

enum err run_taxcodes(struct engine *en, struct job *job, struct err_info *e)
{
	struct caller c;
	bool ok;
	char stamp[24], fresh[24] = "";
	size_t count = 0;
	struct leqi_reply rep = {0};
	struct code_sink sink = {.en = en};

	enum err r = call_begin(en, job, &c, &ok, e);
	if (r || !ok)
		return r;
	r = store_taxcode_stamp(en->db, unit_env_word(c.unit.env), stamp, e);
	if (!r) {
		leqi_query_codes(en->leqi, &c.wire, c.unit.tax_no, c.unit.region, stamp, take_code,
				 &sink, fresh, &count, &rep);
		if (sink.e.class) { /* our own house refused a row */
			if (e)
				*e = sink.e;
			r = sink.e.class;
		} else if (rep.class == LEQI_OK) {
			r = codes_taken(en, job, &c, fresh, count, &rep, sink.open, e);
		} else {
			db_rollback(en->db);
			r = query_not_ok(en, job, &rep, "同步税收分类编码", e);
		}
		leqi_reply_free(&rep);
	}
	caller_free(&c);
	return r;
}

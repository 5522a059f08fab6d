/* call.c - the surroundings of a call: unit, key, request log, retry times. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/crash.h"
#include "base/date.h"
#include "base/json.h"
#include "base/log.h"
#include "base/text.h"
#include "sync/sync_p.h"

enum { QUERY_TRIES = 6 };

enum err caller_unseal(struct engine *en, struct caller *c, struct err_info *e)
{
	char context[UNIT_KEY_CONTEXT];
	unsigned char *plain = NULL;
	size_t n = 0;

	if (text_empty(c->direct.sealed_key))
		return err_fail(e, ERR_INVALID, "unit.key", c->direct.name, "没有配置 API 密钥");
	enum err r = secret_open(en->secret, unit_key_context(&c->direct, context),
				 c->direct.sealed_key, &plain, &n, e);
	if (r)
		return r;
	if (n == LEQI_KEY) {
		c->key = secret_alloc(LEQI_KEY);
		memcpy(c->key, plain, LEQI_KEY);
		c->wire.key = c->key;
	} else {
		r = err_fail(e, ERR_DAMAGED, "unit.key", c->direct.name, "保存的 API 密钥长度不对");
	}
	secret_wipe(plain, n);
	free(plain);
	return r;
}

/* The sandbox of the tax side wants either the test flag (after approval) or a use case (protocol
 * 1.2); production wants neither, whatever a leftover parameter says (features I3). */
static enum err sandbox_headers(struct engine *en, struct caller *c, struct err_info *e)
{
	char flag[8];

	if (c->unit.env != ENV_SANDBOX)
		return ERR_OK;
	enum err r = store_setting_get(en->db, "bdm_lqpt", "sxcsbz", "", flag, sizeof flag, e);
	if (!r)
		r = store_setting_get(en->db, "bdm_lqpt", "ylbm", "911001", c->use_case,
				      sizeof c->use_case, e);
	if (r)
		return r;
	c->wire.sandbox_flag = strcmp(flag, "1") == 0;
	c->wire.use_case = c->wire.sandbox_flag ? NULL : c->use_case;
	return ERR_OK;
}

const char *caller_ability(bool joint)
{
	return joint ? "202076" : "202007";
}

enum err caller_fill(struct engine *en, int64_t unit, struct caller *out, struct err_info *e)
{
	struct caller *c = out;
	memset(c, 0, sizeof *c);

	enum err r = store_unit_get(en->db, unit, &c->unit, e);
	if (!r)
		r = store_unit_get(en->db, c->unit.direct ? c->unit.id : c->unit.direct_id,
				   &c->direct, e);
	if (r) {
		caller_free(c);
		return r;
	}
	c->wire = (struct leqi_unit) {
	    .base_url = c->direct.url,
	    .direct_id = c->direct.leqi_id,
	    .using_id = c->unit.leqi_id,
	    .ability = caller_ability(c->unit.joint),
	    .ca_pem = text_empty(c->direct.ca_pem) ? NULL : c->direct.ca_pem,
	    .connect_to = text_empty(c->direct.connect_to) ? NULL : c->direct.connect_to,
	    .proxy = text_empty(c->direct.proxy) ? NULL : c->direct.proxy,
	    .tls_name = text_empty(c->direct.tls_name) ? NULL : c->direct.tls_name,
	    .joint = c->unit.joint,
	    .edition = text_empty(c->direct.edition) ? NULL : c->direct.edition,
	    .connect_ms = (long)en->params.connect_ms,
	    .total_ms = (long)en->params.total_ms,
	};
	r = sandbox_headers(en, c, e);
	if (r)
		caller_free(c);
	return r;
}

enum err caller_load(struct engine *en, int64_t unit, struct caller *out, struct err_info *e)
{
	enum err r = caller_fill(en, unit, out, e);

	if (!r && (r = caller_unseal(en, out, e)))
		caller_free(out);
	return r;
}

void caller_free(struct caller *c)
{
	secret_free(c->key, LEQI_KEY);
	c->key = NULL;
	unit_free(&c->unit);
	unit_free(&c->direct);
}

void call_prepare(struct engine *en, const struct job *job)
{
	en->calling_job = job->id;
	en->calling_unit = job->unit_id;
	en->log_row = 0;
}

enum err call_outcome_begin(struct engine *en, struct err_info *e)
{
	bool open = en->carried;

	en->carried = false;
	return open ? ERR_OK : db_begin(en->db, e);
}

void call_outcome_carry(struct engine *en)
{
	en->carried = true;
}

enum err call_outcome_settle(struct engine *en, struct err_info *e)
{
	bool open = en->carried;

	en->carried = false;
	return open ? db_commit(en->db, e) : ERR_OK;
}

enum err call_trace(void *arg, const char *service, const struct leqi_reply *rep)
{
	struct engine *en = arg;
	struct err_info e = {0};
	struct request_row row = {
	    .at_ms = clock_now_ms(),
	    .job_id = en->calling_job,
	    .unit_id = en->calling_unit,
	    .service = service,
	    .url = rep->url,
	    .trace_id = rep->trace_id,
	    .request = rep->request ? rep->request : "",
	    .result = "sent",
	};
	enum err r = call_outcome_begin(en, &e);
	if (r)
		return r;
	r = store_request_begin(en->db, &row, &e);
	if (!r)
		r = db_commit(en->db, &e);
	if (r) {
		db_rollback(en->db);
		return r;
	}
	en->log_row = row.id;
	crash_step("before call");
	return ERR_OK;
}

void call_clock(struct engine *en, const struct leqi_reply *rep)
{
	if (!rep->server_time)
		return;
	en->clock_apart = rep->server_time - clock_now();
	en->clock_base = clock_now_ms() - clock_mono_ms();
	en->clock_told = true;
}

int64_t call_their_now(const struct engine *en)
{
	return clock_now() + en->clock_apart;
}

/* Each direct unit has its own line: its address, its proxy. */
static void note_reach(struct engine *en)
{
	struct unit u;
	int64_t direct;
	size_t i = 0;

	if (!en->calling_unit || store_unit_get(en->db, en->calling_unit, &u, NULL))
		return;
	direct = u.direct ? u.id : u.direct_id;
	unit_free(&u);
	while (i < REACHED && en->reach[i].direct && en->reach[i].direct != direct)
		i++;
	if (i == REACHED)
		i = (size_t)(en->calls % REACHED);
	en->reach[i] = (struct reach) {.direct = direct, .missed = en->missed};
}

enum err call_record(struct engine *en, const struct leqi_reply *rep, struct err_info *e)
{
	en->calls++;
	en->missed = rep->http_status == 0 && (rep->class == LEQI_LATER || rep->class == LEQI_LOST);
	note_reach(en);
	call_clock(en, rep);
	if (en->log_row == 0) /* nothing left this machine */
		return ERR_OK;
	struct request_row row = {
	    .id = en->log_row,
	    .http_status = rep->http_status,
	    .took_ms = rep->took_ms,
	    .answer = rep->answer ? rep->answer : "",
	    .platform_code = rep->platform_code,
	    .return_code = rep->return_code,
	    .message = rep->message,
	    .request_id = rep->request_id,
	    .result = leqi_class_word(rep->class),
	};
	en->log_row = 0;
	return store_request_end(en->db, &row, e);
}

static int64_t doubled(int64_t base, int times, int64_t max)
{
	int64_t v = base;
	for (int i = 0; i < times && v < max; i++)
		v *= 2;
	return v < max ? v : max;
}

int64_t retry_due_ms(const struct engine *en, int attempts, int retry_after_s)
{
	int64_t wait = doubled(en->params.retry_base_ms, attempts - 1, en->params.retry_max_ms);
	/* A quarter of jitter keeps many machines from knocking in step. */
	wait += random_below((uint32_t)(wait / 4 + 1));
	if (wait < (int64_t)retry_after_s * 1000)
		wait = (int64_t)retry_after_s * 1000;
	return clock_now_ms() + wait;
}

int64_t poll_due_ms(const struct engine *en, int polls)
{
	return clock_now_ms() + doubled(en->params.poll_first_ms, polls, en->params.poll_max_ms);
}

enum err job_done(struct engine *en, int64_t job, const char *result, struct err_info *e)
{
	en->done++;
	return store_job_done(en->db, job, result, e);
}

enum err job_failed(struct engine *en, int64_t job, const struct err_info *why, struct err_info *e)
{
	en->failed++;
	log_err(LOG_WARN, "sync", why);
	return store_job_fail(en->db, job, why, e);
}

static enum err not_ok(struct engine *en, struct job *job, const struct leqi_reply *rep,
		       const struct err_info *why, bool again, struct err_info *e)
{
	enum err r = db_begin(en->db, e);
	if (r)
		return r;
	r = call_record(en, rep, e);
	if (!r && again)
		r = store_job_again(en->db, job->id,
				    retry_due_ms(en, job->attempts, rep->retry_after_s), NULL, why,
				    e);
	else if (!r)
		r = job_failed(en, job->id, why, e);
	if (!r)
		r = db_commit(en->db, e);
	if (r)
		db_rollback(en->db);
	return r;
}

enum err job_not_ok(struct engine *en, struct job *job, const struct leqi_reply *rep,
		    const char *what, struct err_info *e)
{
	struct err_info why = {0};

	leqi_error(rep, what, &why);
	return not_ok(en, job, rep, &why, rep->class == LEQI_LATER || rep->class == LEQI_LOST, e);
}

bool query_in_vain(const struct job *job, const struct leqi_reply *rep)
{
	return rep->class == LEQI_LOST && rep->http_status == 200 &&
	       strcmp(rep->platform_code, "200") == 0 && job->attempts >= QUERY_TRIES;
}

enum err query_not_ok(struct engine *en, struct job *job, const struct leqi_reply *rep,
		      const char *what, struct err_info *e)
{
	struct err_info why = {0};

	if (!query_in_vain(job, rep))
		return job_not_ok(en, job, rep, what, e);
	leqi_error(rep, what, &why);
	why.class = ERR_REFUSED;
	err_hint(&why, "请带上乐企请求日志联系主管税务机关；之后再取");
	return not_ok(en, job, rep, &why, false, e);
}

bool call_not_granted(const struct leqi_reply *rep)
{
	static const char *const CODES[] = {"4032", "4033", "4049", "4061"};

	for (size_t i = 0; i < sizeof CODES / sizeof CODES[0]; i++)
		if (strcmp(rep->platform_code, CODES[i]) == 0)
			return true;
	return false;
}

enum err job_start(struct engine *en, struct job *job, bool *ok, struct err_info *e)
{
	struct job now;
	enum err r = db_begin(en->db, e);
	if (r || (r = store_job_get(en->db, job->id, &now, e)))
		return r;
	*ok = now.state == JOB_READY;
	job_free(&now);
	if (*ok && (r = store_job_running(en->db, job->id, e)))
		return r;
	job->attempts++;
	return db_commit(en->db, e);
}

bool job_is_owed(const struct job *job)
{
	return strncmp(job->kind, "invoice.", 8) == 0 || strcmp(job->kind, JOB_RED_APPLY) == 0 ||
	       strcmp(job->kind, JOB_RED_ACT) == 0 || strcmp(job->kind, JOB_SUMMARY_CONFIRM) == 0 ||
	       strcmp(job->kind, JOB_SUMMARY_CANCEL) == 0;
}

enum err not_callable(struct engine *en, const struct job *job, const struct err_info *why,
		      struct err_info *e)
{
	enum err r = db_begin(en->db, e);
	if (r)
		return r;
	if (job_is_owed(job))
		r = store_job_again(en->db, job->id, clock_now_ms() + en->params.retry_max_ms, NULL,
				    why, e);
	else
		r = job_failed(en, job->id, why, e);
	return r ? r : db_commit(en->db, e);
}

enum err call_begin(struct engine *en, struct job *job, struct caller *c, bool *ok,
		    struct err_info *e)
{
	struct err_info why = {0};

	*ok = false;
	if (caller_load(en, job->unit_id, c, &why))
		return not_callable(en, job, &why, e);
	enum err r = job_start(en, job, ok, e);
	if (r || !*ok)
		caller_free(c);
	call_prepare(en, job);
	return r;
}

enum err add_job(struct engine *en, const char *kind, int64_t unit, int64_t subject, int64_t due_ms,
		 struct err_info *e)
{
	struct job j = {.unit_id = unit, .subject_id = subject, .due_ms = due_ms};
	snprintf(j.kind, sizeof j.kind, "%s", kind);
	return store_job_add(en->db, &j, e);
}

enum err job_payload(const struct job *job, cJSON **out, struct err_info *e)
{
	enum err r = json_parse(job->payload, strlen(job->payload), 65536, out, e);
	return r ? err_fail(e, ERR_INTERNAL, "job.payload", "任务", "任务 %lld 的参数无法读取",
			    (long long)job->id)
		 : ERR_OK;
}

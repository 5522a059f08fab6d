/* push.c - the events of a unit go to its receiver, oldest first.
 *
 * Order of things: one transaction (job running, log row), the call, one transaction (what became
 * of each event, log row, job).  A dead process leaves the events waiting: they go again under the
 * same ids.  Nothing overtakes an event that is not taken; after some days it wants a person, and
 * the next one's turn comes.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/crash.h"
#include "base/date.h"
#include "base/json.h"
#include "base/text.h"
#include "sync/sync_p.h"

enum {
	BODY_MAX = 64 * 1024 * 1024,
	BODY_ENOUGH = 4 * 1024 * 1024, /* no further event joins a call of this size */
	TOTAL_MS = 30000,
};

struct push {
	struct engine *en;
	struct job *job;
	struct unit unit;
	struct push_target target;
	struct push_event *events; /* POST_TOGETHER_MAX */
	size_t count;
	struct buf body;
	struct post_reply rep;
};

static void push_free(struct push *p)
{
	unit_free(&p->unit);
	push_target_free(&p->target);
	buf_free(&p->body);
	free(p->events);
	free(p);
}

static enum err load(struct push *p, bool *found, struct err_info *e)
{
	enum err r = store_unit_get(p->en->db, p->job->unit_id, &p->unit, e);

	return r ? r : store_push_target_get(p->en->db, p->job->unit_id, &p->target, found, e);
}

static enum err open_push(struct engine *en, struct job *job, struct push **out, bool *found,
			  struct err_info *e)
{
	struct push *p = mem_zalloc(sizeof(*p));
	enum err r;

	p->en = en;
	p->job = job;
	p->events = mem_zalloc(POST_TOGETHER_MAX * sizeof(*p->events));
	buf_init(&p->body, BODY_MAX);
	r = load(p, found, e);
	if (r)
		push_free(p);
	else
		*out = p;
	return r;
}

/* ---- the body ---- */

static enum err add_event(struct push *p, struct json_out *o, const struct push_event *v,
			  struct err_info *e)
{
	struct invoice_record rec;
	enum err r = store_invoice_get(p->en->db, v->invoice_id, &rec, e);

	if (r)
		return r;
	json_open(o, NULL, '{');
	push_event_put_json(o, p->unit.env, &rec);
	json_close(o, '}');
	invoice_record_free(&rec);
	return ERR_OK;
}

/* What is tried again goes alone: one the receiver chokes on must show which it is. */
static size_t how_many(const struct push *p, size_t waiting)
{
	return p->events[0].attempts ? 1 : waiting;
}

static enum err make_body(struct push *p, size_t waiting, struct err_info *e)
{
	struct json_out o;
	size_t most = how_many(p, waiting);
	enum err r = ERR_OK;

	buf_reset(&p->body);
	json_out_init(&o, &p->body, 0);
	if (p->target.together)
		json_open(&o, NULL, '[');
	for (p->count = 0; !r && p->count < most && p->body.len < BODY_ENOUGH; p->count++)
		r = add_event(p, &o, &p->events[p->count], e);
	if (p->target.together)
		json_close(&o, ']');
	if (!r && p->body.failed)
		r = err_fail(e, ERR_INVALID, "push.size", "推送", "内容超过 %d 兆字节",
			     BODY_MAX >> 20);
	return r;
}

/* ---- the call ---- */

/* What a call needs opened; gone with close_call. */
struct opened {
	unsigned char *key, *url;
	size_t key_len, url_len;
};

static void close_call(struct opened *o)
{
	if (o->key)
		secret_wipe(o->key, o->key_len);
	if (o->url)
		secret_wipe(o->url, o->url_len);
	free(o->key);
	free(o->url);
}

static enum err open_call(struct push *p, struct opened *o, struct err_info *e)
{
	char context[POST_CONTEXT];
	enum err r = post_unseal(p->en, push_secret_context(&p->unit, context),
				 p->target.sealed_secret, "推送密钥", &o->key, &o->key_len, e);

	return r ? r
		 : post_unseal(p->en, push_url_context(&p->unit, context), p->target.sealed_url,
			       "推送地址", &o->url, &o->url_len, e);
}

static enum err post(struct push *p, bool *ok, struct err_info *e)
{
	struct engine *en = p->en;
	char first[EVENT_ID_TEXT] = "test", note[600], masked[URL_TEXT];
	struct opened o = {.key = NULL};
	enum err r = open_call(p, &o, e);

	if (r) {
		close_call(&o);
		return r;
	}
	if (p->count)
		push_event_id(p->unit.env, p->events[0].number, first);
	snprintf(note, sizeof(note),
		 "{\"key_id\":\"%s\",\"first_event\":\"%s\",\"events\":%zu,\"bytes\":%zu}",
		 p->target.key_id, first, p->count, p->body.len);
	r = post_begin(en, p->job,
		       &(struct post_note) {.service = "推送",
					    .url = url_mask((const char *)o.url, masked),
					    .trace_id = first,
					    .request = note},
		       ok, e);
	if (!r && *ok) {
		struct push_call c = {
		    .url = (const char *)o.url,
		    .ca_pem = p->target.ca_pem,
		    .key_id = p->target.key_id,
		    .key = o.key,
		    .key_len = o.key_len,
		    .timestamp = clock_now(),
		    .body = buf_str(&p->body),
		    .size = p->body.len,
		    .connect_ms = (long)en->params.connect_ms,
		    .total_ms =
			(long)(en->params.total_ms < TOTAL_MS ? en->params.total_ms : TOTAL_MS),
		};

		post_push(en->post, &c, &p->rep);
		crash_step("after push");
	}
	close_call(&o);
	return r;
}

/* ---- outcomes ---- */

static enum err book_event(struct push *p, struct push_event *v, struct err_info *e)
{
	bool taken = p->rep.class == POST_OK;

	v->state = taken ? PUSH_DONE : PUSH_WAITING;
	v->http_status = p->rep.status;
	snprintf(v->message, sizeof(v->message), "%s%s%s", p->rep.words, *p->rep.hint ? "；" : "",
		 p->rep.hint);
	if (taken)
		v->message[0] = 0;
	text_copy(v->answer, sizeof(v->answer), p->rep.answer);
	return store_push_result(p->en->db, v, e);
}

static enum err apply(struct push *p, struct err_info *e)
{
	struct err_info why = {0};
	int64_t due = clock_now_ms();
	enum err r = db_begin(p->en->db, e);

	if (r || (r = post_record(p->en, &p->rep, e)))
		return r;
	for (size_t i = 0; !r && i < p->count; i++)
		r = book_event(p, &p->events[i], e);
	if (post_error(&p->rep, "推送开票结果", &why))
		due = retry_due_ms(p->en, p->events[0].attempts + 1, p->rep.retry_after_s);
	if (!r)
		r = store_job_again(p->en->db, p->job->id, due, NULL, why.class ? &why : NULL, e);
	return r ? r : db_commit(p->en->db, e);
}

/* ---- before a call ---- */

/* An event nobody took for days, or one that cannot be read. */
static enum err to_person(struct push *p, const char *why, struct err_info *e)
{
	struct push_event *v = &p->events[0];
	enum err r = db_begin(p->en->db, e);

	v->state = PUSH_PERSON;
	if (why)
		text_copy(v->message, sizeof(v->message), why);
	if (r || (r = store_push_result(p->en->db, v, e)) ||
	    (r = store_job_again(p->en->db, p->job->id, clock_now_ms(), NULL, NULL, e)))
		return r;
	return db_commit(p->en->db, e);
}

/* Nothing waits: looked at once more inside the transaction that ends the job, because whoever
 * records an event meanwhile sees an open job and puts none. */
static enum err finish(struct push *p, struct err_info *e)
{
	size_t n = 0;
	enum err r = db_begin(p->en->db, e);

	if (r || (r = store_push_waiting(p->en->db, p->unit.id, p->events, 1, &n, e)) ||
	    (r = n ? store_job_again(p->en->db, p->job->id, clock_now_ms(), NULL, NULL, e)
		   : job_done(p->en, p->job->id, "{}", e)))
		return r;
	return db_commit(p->en->db, e);
}

static enum err no_target(struct push *p, struct err_info *e)
{
	struct err_info why = {0};
	enum err r = db_begin(p->en->db, e);

	err_fail(&why, ERR_INVALID, "push.target", "推送开票结果", "没有设置推送地址");
	err_hint(&why, "请先填写推送设置");
	if (r || (r = job_failed(p->en, p->job->id, &why, e)))
		return r;
	return db_commit(p->en->db, e);
}

static enum err step(struct push *p, bool found, struct err_info *e)
{
	struct err_info why = {0};
	size_t waiting = 0, most = p->target.together ? (size_t)p->target.together : 1;
	bool ok = false;
	enum err r;

	if (!found)
		return no_target(p, e);
	r = store_push_waiting(p->en->db, p->unit.id, p->events, most, &waiting, e);
	if (r || !waiting)
		return r ? r : finish(p, e);
	if (p->events[0].attempts && post_too_old(p->events[0].queued_at, p->target.days))
		return to_person(p, NULL, e);
	r = make_body(p, waiting, &why);
	if (r && (strncmp(why.code, "invoice.", 8) == 0 || strcmp(why.code, "push.size") == 0)) {
		char sentence[1200];

		/* The first of them alone is to blame for sure. */
		if (p->count <= 1)
			return to_person(p, err_sentence(&why, sentence, sizeof(sentence)), e);
		r = make_body(p, p->count - 1, &why);
	}
	if (r) {
		if (e)
			*e = why;
		return r;
	}
	if ((r = post(p, &ok, e)) || !ok)
		return r;
	return apply(p, e);
}

enum err run_push(struct engine *en, struct job *job, struct err_info *e)
{
	struct push *p;
	bool found = false;
	enum err r = open_push(en, job, &p, &found, e);

	if (r)
		return r;
	r = step(p, found, e);
	if (r)
		db_rollback(en->db);
	push_free(p);
	return r;
}

enum err push_test(struct engine *en, struct job *job, struct err_info *e)
{
	struct push *p;
	struct json_out o;
	char uuid[UUID_TEXT], id[64];
	bool found = false, ok = false;
	enum err r = open_push(en, job, &p, &found, e);

	if (r)
		return r;
	random_uuid(uuid);
	snprintf(id, sizeof(id), "test.%s", uuid);
	json_out_init(&o, &p->body, 0);
	if (p->target.together)
		json_open(&o, NULL, '[');
	json_open(&o, NULL, '{');
	json_put(&o, "event_id", id);
	json_put(&o, "event", "test");
	json_put(&o, "environment", unit_env_word(p->unit.env));
	json_put_time(&o, "occurred_at", clock_now());
	json_close(&o, '}');
	if (p->target.together)
		json_close(&o, ']');
	if (!found)
		r = no_target(p, e);
	else if (!(r = post(p, &ok, e)) && ok)
		r = post_test_end(en, job, &p->rep, "测试推送", e);
	push_free(p);
	return r;
}

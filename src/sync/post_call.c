/* post_call.c - the surroundings of a push or mail: job, request log, secrets; the test calls. */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/crash.h"
#include "base/date.h"
#include "base/json.h"
#include "sync/sync_p.h"

enum { PAYLOAD_MAX = 4096, DAY_S = 86400 };

static enum err begin(struct engine *en, struct job *job, const struct post_note *note, bool *ok,
		      struct err_info *e)
{
	struct request_row row = {
	    .at_ms = clock_now_ms(),
	    .job_id = job->id,
	    .unit_id = job->unit_id,
	    .service = note->service,
	    .url = note->url,
	    .trace_id = note->trace_id,
	    .request = note->request,
	    .result = "sent",
	};
	struct job now;
	enum err r;

	if ((r = db_begin(en->db, e)) || (r = store_job_get(en->db, job->id, &now, e)))
		return r;
	*ok = now.state == JOB_READY;
	job_free(&now);
	if (!*ok) {
		db_rollback(en->db);
		return ERR_OK;
	}
	if ((r = store_job_running(en->db, job->id, e)) ||
	    (r = store_request_begin(en->db, &row, e)))
		return r;
	job->attempts++;
	en->log_row = row.id;
	return db_commit(en->db, e);
}

enum err post_begin(struct engine *en, struct job *job, const struct post_note *note, bool *ok,
		    struct err_info *e)
{
	enum err r = begin(en, job, note, ok, e);

	if (r)
		db_rollback(en->db);
	else if (*ok)
		crash_step("before post");
	return r;
}

enum err post_record(struct engine *en, const struct post_reply *rep, struct err_info *e)
{
	struct request_row row = {
	    .id = en->log_row,
	    .http_status = rep->status,
	    .took_ms = rep->took_ms,
	    .answer = rep->answer,
	    .message = rep->words,
	    .result = post_class_word(rep->class),
	};

	en->calls++;
	en->log_row = 0;
	return store_request_end(en->db, &row, e);
}

enum err post_unseal(struct engine *en, const char *context, const char *sealed, const char *what,
		     unsigned char **out, size_t *n, struct err_info *e)
{
	struct err_info why = {0};

	if (!secret_open(en->secret, context, sealed, out, n, &why))
		return ERR_OK;
	/* The secret of one unit is no fault of the house. */
	err_fail(e, ERR_INVALID, "post.secret", what, "%s", why.why);
	err_hint(e, "请在交付与推送的设置里重新填写");
	return ERR_INVALID;
}

bool post_too_old(int64_t queued_at, int days)
{
	return clock_now() - queued_at >= (int64_t)days * DAY_S;
}

/* ---- tests ---- */

static enum err end_test(struct engine *en, struct job *job, const struct post_reply *rep,
			 const char *what, struct err_info *e)
{
	struct err_info why = {0};
	struct json_out o;
	struct buf b;
	enum err r;

	if ((r = db_begin(en->db, e)) || (r = post_record(en, rep, e)))
		return r;
	if (post_error(rep, what, &why)) {
		r = job_failed(en, job->id, &why, e);
	} else {
		buf_init(&b, PAYLOAD_MAX + sizeof(rep->answer) * 2);
		json_out_init(&o, &b, 0);
		json_open(&o, NULL, '{');
		json_put_int(&o, "status", rep->status);
		json_put(&o, "answer", rep->answer);
		json_close(&o, '}');
		r = job_done(en, job->id, buf_str(&b), e);
		buf_free(&b);
	}
	return r ? r : db_commit(en->db, e);
}

enum err post_test_end(struct engine *en, struct job *job, const struct post_reply *rep,
		       const char *what, struct err_info *e)
{
	enum err r = end_test(en, job, rep, what, e);

	if (r)
		db_rollback(en->db);
	return r;
}

enum err run_post_test(struct engine *en, struct job *job, struct err_info *e)
{
	cJSON *p = NULL;
	enum err r = json_parse(job->payload, strlen(job->payload), PAYLOAD_MAX, &p, e);

	if (r)
		return r;
	r = strcmp(json_member(p, "what"), "push") ? mail_test(en, job, json_member(p, "to"), e)
						   : push_test(en, job, e);
	json_free(&p);
	return r;
}

/* intent.c - one job, one audit row. */
#include <stdio.h>
#include <stdlib.h>

#include "base/base.h"
#include "desk/intent_p.h"

enum err desk_intent_add(struct session *s, int64_t unit, const char *kind, const char *request_key,
			 const char *payload, struct desk_wait *w, struct err_info *e)
{
	struct job j = {.unit_id = unit, .due_ms = clock_now_ms(), .created_by = s->user.id};
	char *text = mem_strdup(payload);
	enum err r;

	text_copy(j.kind, sizeof(j.kind), kind);
	text_copy(j.request_key, sizeof(j.request_key), request_key);
	j.payload = text;
	r = store_job_add(s->db, &j, e);
	free(text);
	if (!r)
		desk_wait_job(w, j.id);
	return r;
}

enum err desk_intent_hurry(struct session *s, int64_t job, struct err_info *e)
{
	struct job j;
	enum err r = store_job_get(s->db, job, &j, e);

	if (r)
		return r;
	/* The engine may have read it and be about to begin: never taken from under it. */
	if (j.state == JOB_READY && (j.attempts || j.due_ms > clock_now_ms()))
		r = store_job_again(s->db, job, clock_now_ms(), NULL, NULL, e);
	job_free(&j);
	return r;
}

enum err desk_intent_join(struct session *s, int64_t unit, const char *kind, struct desk_wait *w,
			  struct err_info *e)
{
	int64_t open = 0;
	enum err r = store_job_open(s->db, kind, unit, 0, &open, e);

	if (r)
		return r;
	if (!open)
		return desk_intent_add(s, unit, kind, "", "", w, e);
	if (!(r = desk_intent_hurry(s, open, e)))
		desk_wait_job(w, open);
	return r;
}

enum err desk_intent_simple(struct session *s, enum desk_action a, const char *kind,
			    const char *action, struct desk_wait *w, struct err_info *e)
{
	struct unit u;
	int64_t unit;
	enum err r;

	if ((r = desk_allow(s, a, e)) || (r = desk_unit_ready(s, &u, NULL, e)))
		return r;
	unit = u.id;
	unit_free(&u);
	if ((r = db_begin(s->db, e)))
		return r;
	if ((r = desk_intent_join(s, unit, kind, w, e)) ||
	    (r = desk_audit(s, unit, action, "", "", "", e))) {
		db_rollback(s->db);
		return r;
	}
	return db_commit(s->db, e);
}

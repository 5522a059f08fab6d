/* red_refresh.c - bringing in what the tax side has; answering letters. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "desk/red_p.h"

/* ---- what is new ---- */

static char *sync_payload(const struct red_span *span)
{
	struct buf b;
	struct json_out o;

	buf_init(&b, 4096);
	json_out_init(&o, &b, 0);
	json_open(&o, NULL, '{');
	json_put(&o, "side", red_side_word(span->side));
	json_put(&o, "from", span->from);
	json_put(&o, "to", span->to);
	json_put_bool(&o, "lines", span->lines);
	json_put_bool(&o, "whole", false);
	if (span->letter)
		json_put_int(&o, "letter", span->letter);
	json_close(&o, '}');
	return buf_detach(&b);
}

/* Two of a kind are told apart by their payload: side and days.  One that has begun may be past the
 * pages of what is new by now: another one goes behind it. */
enum err red_add_sync(struct session *s, int64_t unit, const struct red_span *span,
		      struct desk_wait *w, struct err_info *e)
{
	char *payload = sync_payload(span);
	int64_t open = 0;
	enum err r = store_job_ahead(s->db, JOB_RED_SYNC, unit, payload, &open, e);

	if (!r && !open)
		r = red_add_job(s, JOB_RED_SYNC, unit, 0, payload, w, e);
	else if (!r && !(r = desk_intent_hurry(s, open, e)))
		desk_wait_job(w, open);
	free(payload);
	return r;
}

enum err red_add_lines(struct session *s, const struct red_record *r, struct desk_wait *w,
		       struct err_info *e)
{
	char day[DATE_TEXT];

	if (r->detail_at || r->progress != RED_KNOWN)
		return ERR_OK;
	snprintf(day, sizeof(day), "%.10s", r->letter.entered_at);
	return red_add_sync(
	    s, r->unit_id,
	    &(struct red_span) {r->side, .from = day, .to = day, .lines = true, .letter = r->id}, w,
	    e);
}

/* Runs `add` for one or both sides in a transaction. */
static enum err add_sides(struct session *s, int64_t unit, const enum red_side *only,
			  struct desk_wait *w, struct err_info *e)
{
	enum err r = ERR_OK;

	for (int i = 0; i < 2 && !r; i++) {
		struct red_span span = {(enum red_side)i, .from = "", .to = ""};

		if (!only || *only == span.side)
			r = red_add_sync(s, unit, &span, w, e);
	}
	return r;
}

enum err desk_red_refresh(struct session *s, const enum red_side *side, struct desk_wait *w,
			  struct err_info *e)
{
	struct unit u;
	int64_t unit;
	enum err r;

	if ((r = desk_allow(s, DESK_REFRESH, e)) || (r = desk_unit_ready(s, &u, NULL, e)))
		return r;
	unit = u.id;
	unit_free(&u);
	if ((r = db_begin(s->db, e)))
		return r;
	if ((r = add_sides(s, unit, side, w, e))) {
		db_rollback(s->db);
		return r;
	}
	return db_commit(s->db, e);
}

enum err desk_red_lines(struct session *s, int64_t id, struct desk_wait *w, struct err_info *e)
{
	struct red_record rec;
	enum err r = desk_red_by_id(s, id, &rec, e);

	if (r)
		return r;
	if (!(r = db_begin(s->db, e))) {
		if ((r = red_add_lines(s, &rec, w, e)))
			db_rollback(s->db);
		else
			r = db_commit(s->db, e);
	}
	red_record_free(&rec);
	return r;
}

/* ---- answering ---- */

/* It has been done already, by us or in the tax bureau's own page.  What the other side did is not
 * ours: the rule says who may. */
static bool is_done(const struct red_record *r, enum red_action a)
{
	return r->progress == RED_KNOWN && tax_red_did(&r->letter, r->side, a);
}

/* The same answer is on its way: its job is waited for. */
static enum err join_act(struct session *s, const struct red_record *r, struct desk_wait *w,
			 struct err_info *e)
{
	int64_t open = 0;
	enum err rc = store_job_open(s->db, JOB_RED_ACT, r->unit_id, r->id, &open, e);

	if (rc || !open || (rc = desk_intent_hurry(s, open, e)))
		return rc;
	desk_wait_job(w, open);
	return ERR_OK;
}

static enum err begin_act(struct session *s, const struct unit *u, const struct red_record *r,
			  enum red_action a, struct desk_wait *w, struct err_info *e)
{
	char payload[64];
	enum err rc;

	if ((rc = desk_red_may(s, r, a, e)) || (rc = red_unit_may(s, u, e)) ||
	    (rc = store_red_act_begin(s->db, r->id, a, s->user.id, e)))
		return rc;
	snprintf(payload, sizeof(payload), "{\"action\":\"%s\"}", red_action_word(a));
	if ((rc = red_add_job(s, JOB_RED_ACT, u->id, r->id, payload, w, e)))
		return rc;
	return desk_audit(s, u->id, "red.act", r->letter.number, red_state_label(r->letter.state),
			  red_action_label(a), e);
}

/* Read inside the transaction that changes it: two clerks may look at one letter. */
static enum err act(struct session *s, const struct unit *u, int64_t id, enum red_action a,
		    struct desk_wait *w, bool *done, struct err_info *e)
{
	struct red_record rec;
	enum err r = store_red_head(s->db, id, &rec, e);

	if (r || (r = red_of_unit(u, &rec, e)))
		return r;
	if (rec.acting && rec.action == a)
		r = join_act(s, &rec, w, e);
	else if (!rec.acting && is_done(&rec, a))
		*done = true;
	else
		r = begin_act(s, u, &rec, a, w, e);
	red_record_free(&rec);
	return r;
}

enum err desk_red_act(struct session *s, int64_t id, enum red_action a, struct desk_wait *w,
		      bool *done, struct err_info *e)
{
	struct unit u;
	bool already = false;
	enum err r;

	if ((r = desk_allow(s, DESK_ISSUE, e)) || (r = desk_unit_ready(s, &u, NULL, e)))
		return r;
	if (!(r = db_begin(s->db, e))) {
		if ((r = act(s, &u, id, a, w, &already, e)))
			db_rollback(s->db);
		else
			r = db_commit(s->db, e);
	}
	unit_free(&u);
	if (done)
		*done = already;
	return r;
}

/* ---- how it stands ---- */

static enum err verdict_of(const struct red_record *r, struct err_info *e)
{
	const char *blue = r->letter.blue_number;

	if (r->progress == RED_REFUSED)
		return err_fail(e, ERR_REFUSED, "red.refused", "红字确认单申请", "%s：%s", blue,
				r->message);
	if (r->progress != RED_KNOWN) {
		err_fail(e, ERR_UNKNOWN, "red.pending", "红字确认单申请", "%s：%s", blue,
			 *r->message ? r->message : "等待税局处理");
		err_hint(e, "已记录，稍后用 kaipiao red list 查看或 kaipiao sync --once 继续");
		return ERR_UNKNOWN;
	}
	if (r->acting) {
		err_fail(e, ERR_UNKNOWN, "red.pending", red_action_label(r->action), "%s：%s",
			 r->letter.number, *r->action_message ? r->action_message : "等待税局处理");
		err_hint(e, "已记录，稍后用 kaipiao red show %s 查看", r->letter.number);
		return ERR_UNKNOWN;
	}
	if (*r->action_message)
		return err_fail(e, ERR_REFUSED, "red.refused", "红字确认单", "%s：%s",
				r->letter.number, r->action_message);
	return ERR_OK;
}

/* Of what was certainly not sent its job knows why: no connection, say. */
static enum err why_not_sent(struct session *s, const struct red_record *r, struct err_info *e)
{
	const char *kind = r->progress == RED_APPLYING ? JOB_RED_APPLY : JOB_RED_ACT;
	enum err class = ERR_UNKNOWN;
	struct job j;
	int64_t job = 0;

	if (r->progress == RED_DOUBTFUL ||
	    store_job_open(s->db, kind, r->unit_id, r->id, &job, NULL) || !job ||
	    store_job_get(s->db, job, &j, NULL))
		return class;
	if (j.error_class != ERR_OK)
		class = j.error_class;
	job_free(&j);
	if (e)
		e->class = class;
	return class;
}

static enum err verdict(struct session *s, int64_t id, bool outcome, struct err_info *e)
{
	struct red_record rec;
	enum err r = store_red_head(s->db, id, &rec, e);

	if (r)
		return r;
	r = verdict_of(&rec, e);
	if (r == ERR_UNKNOWN && outcome)
		r = why_not_sent(s, &rec, e);
	red_record_free(&rec);
	return r;
}

enum err desk_red_verdict(struct session *s, int64_t id, struct err_info *e)
{
	return verdict(s, id, false, e);
}

enum err desk_red_outcome(struct session *s, int64_t id, struct err_info *e)
{
	return verdict(s, id, true, e);
}

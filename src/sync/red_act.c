/* red_act.c - confirming, denying and revoking a red letter.
 *
 * The action is noted in the letter until the tax side has taken it or said no.  An attempt that
 * may have got through, and a refusal, are followed by a look at the letter: when it is where the
 * action leads, the action is done; when it is where it was, it goes out again.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/crash.h"
#include "base/date.h"
#include "base/text.h"
#include "sync/red_p.h"

enum { OUTSIDE_TRIES = 3, UNREAD_TRIES = 5 };

struct acting {
	struct engine *en;
	struct job *job;
	const struct caller *caller;
	struct red_record rec;
	bool said_no; /* the tax side, in `no` */
	struct err_info no;
};

static const char *what(const struct acting *a)
{
	static const char *const WORDS[RED_ACTIONS] = {[RED_CONFIRM] = "确认红字确认单",
						       [RED_DENY] = "否认红字确认单",
						       [RED_REVOKE] = "撤销红字确认单",
						       [RED_ISSUE] = ""};
	return WORDS[a->rec.action];
}

/* Is the letter where the action of our side leads? */
static bool is_done(const struct acting *a, enum red_state s)
{
	struct red_letter there = a->rec.letter; /* lent */

	there.state = s;
	return tax_red_did(&there, a->rec.side, a->rec.action);
}

static enum err done(struct acting *a, enum red_state state, const char *at, struct err_info *e)
{
	char result[40];
	enum err r = store_red_act_done(a->en->db, a->rec.id, state, at, e);

	snprintf(result, sizeof(result), "{\"state\":\"%s\"}", red_state_code(state));
	return r ? r : red_end(a->en, a->job, result, e);
}

static enum err give_up(struct acting *a, const struct err_info *why, struct err_info *e)
{
	enum err r;

	if ((r = store_red_act_failed(a->en->db, a->rec.id, why->why, e)) ||
	    (r = job_failed(a->en, a->job->id, why, e)))
		return r;
	return db_commit(a->en->db, e);
}

static enum err wait(struct acting *a, int64_t due_ms, const struct err_info *why,
		     struct err_info *e)
{
	enum err r = store_red_act_waits(a->en->db, a->rec.id, why->why, e);

	return r ? r : red_back(a->en, a->job, due_ms, "{}", why, e);
}

static enum err again(struct acting *a, const struct leqi_reply *rep, const struct err_info *why,
		      struct err_info *e)
{
	return wait(a, retry_due_ms(a->en, a->job->attempts, rep->retry_after_s), why, e);
}

/* ---- looking ---- */

/* *send: it is where it was, and the action may go out. */
static enum err judge(struct acting *a, const struct red_letter *l, bool found, bool *send,
		      struct err_info *e)
{
	struct err_info why = {0};
	enum red_put put;
	enum err r;

	if (!found) {
		err_fail(&why, ERR_REFUSED, "red.gone", what(a), "税局查不到确认单 %s",
			 a->rec.letter.number);
		return give_up(a, a->said_no ? &a->no : &why, e);
	}
	if (is_done(a, l->state))
		return done(a, l->state, l->confirmed_at, e);
	if ((r = store_red_put(a->en->db, a->rec.unit_id, a->rec.side, l, &put, NULL, e)))
		return r;
	if (a->said_no)
		return give_up(a, &a->no, e);
	if (tax_red_may(l, a->rec.side, a->rec.action, &why) != ERR_OK) {
		why.class = ERR_REFUSED;
		return give_up(a, &why, e);
	}
	*send = true;
	return db_commit(a->en->db, e);
}

static enum err take_look(struct acting *a, const struct red_letter *l, bool found,
			  const struct leqi_reply *rep, bool *send, struct err_info *e)
{
	struct err_info why = {0};
	enum err r = db_begin(a->en->db, e);

	if (r || (r = call_record(a->en, rep, e)))
		return r;
	if (rep->class == LEQI_OK)
		return judge(a, l, found, send, e);
	if (a->said_no)
		return give_up(a, &a->no, e);
	leqi_error(rep, "查询红字确认单", &why);
	if (rep->unread && a->job->attempts >= UNREAD_TRIES) {
		why.class = ERR_REFUSED;
		err_hint(&why, "到电子税务局核对确认单的状态，再决定是否重新办理");
		return give_up(a, &why, e);
	}
	if (rep->class == LEQI_REFUSED || rep->class == LEQI_MISCONFIGURED)
		why.class = ERR_UNKNOWN; /* the action before may have got through */
	return again(a, rep, &why, e);
}

static enum err look(struct acting *a, bool *send, struct err_info *e)
{
	struct red_letter l;
	struct leqi_reply rep = {0};
	bool found = false;
	enum err r;

	*send = false;
	red_ask_detail(a->en, a->caller, a->rec.letter.uuid, a->rec.letter.seller_tax_no, &l,
		       &found, &rep);
	r = take_look(a, &l, found, &rep, send, e);
	red_letter_free(&l);
	leqi_reply_free(&rep);
	return r;
}

/* ---- acting ---- */

/* *ask: the letter is to be looked at. */
static enum err take_answer(struct acting *a, const char *at, const struct leqi_reply *rep,
			    bool *ask, struct err_info *e)
{
	struct err_info why = {0};
	enum red_state to = tax_red_after(&a->rec.letter, a->rec.action);
	enum err r = db_begin(a->en->db, e);

	if (r || (r = call_record(a->en, rep, e)))
		return r;
	if (rep->class != LEQI_OK)
		leqi_error(rep, what(a), &why);
	switch (rep->class) {
	case LEQI_OK:
		if (to != RED_UNKNOWN)
			return done(a, to, at, e);
		*ask = true; /* it was not where we thought */
		return db_commit(a->en->db, e);
	case LEQI_REFUSED:
		if (a->job->attempts <= OUTSIDE_TRIES && (leqi_cause_is_outside(rep->message) ||
							  leqi_cause_is_outside(rep->return_code)))
			return again(a, rep, &why, e);
		*ask = a->said_no = true;
		a->no = why;
		return db_commit(a->en->db, e);
	case LEQI_MISCONFIGURED:
		return give_up(a, &why, e);
	case LEQI_LATER:
		return again(a, rep, &why, e);
	case LEQI_LOST:
		break;
	}
	return wait(a, poll_due_ms(a->en, a->job->attempts - 1), &why, e);
}

static enum err send(struct acting *a, struct err_info *e)
{
	char at[DATETIME_TEXT];
	struct leqi_reply rep = {0};
	bool ask = false;
	enum err r;

	leqi_red_act(a->en->leqi, &a->caller->wire, &a->rec.letter, a->rec.action, at, &rep);
	crash_step("after red act");
	r = take_answer(a, at, &rep, &ask, e);
	leqi_reply_free(&rep);
	return r || !ask ? r : look(a, &ask, e);
}

static enum err act(struct acting *a, struct err_info *e)
{
	struct caller c;
	bool ok = false, clear = true, old = false;
	/* Restored from a backup: it may have been sent after that. */
	enum err r = store_before_restore(a->en->db, a->job->created_at, &old, e);

	if (!r)
		r = call_begin(a->en, a->job, &c, &ok, e);
	if (r || !ok)
		return r;
	a->caller = &c;
	if (a->job->attempts > 1 || old) /* an earlier one may have got through */
		r = look(a, &clear, e);
	if (!r && clear)
		r = send(a, e);
	caller_free(&c);
	return r;
}

/* Nothing is under way any more, or a list has brought what was wanted. */
static enum err settled(struct acting *a, struct err_info *e)
{
	enum err r = db_begin(a->en->db, e);

	if (r)
		return r;
	if (a->rec.acting)
		return done(a, a->rec.letter.state, a->rec.letter.confirmed_at, e);
	return red_end(a->en, a->job, "{}", e);
}

enum err run_red_act(struct engine *en, struct job *job, struct err_info *e)
{
	struct acting a = {.en = en, .job = job};
	enum err r = store_red_head(en->db, job->subject_id, &a.rec, e);

	if (r)
		return r;
	r = !a.rec.acting || is_done(&a, a.rec.letter.state) ? settled(&a, e) : act(&a, e);
	red_record_free(&a.rec);
	return r;
}

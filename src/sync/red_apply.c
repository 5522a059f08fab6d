/* red_apply.c - applications for red letters.
 *
 *   applying   committed; goes out now, or again when the tax side does not know the blue invoice
 *              yet, which was issued a moment ago
 *   doubtful   the answer is lost: the list is asked by the blue number, twice, before the same
 *              application goes out again; while one is running the tax side takes no second
 *   known      the tax side has it: its answer, or the list, says so
 *   refused    it does not take it
 *
 * A process that dies with a job running leaves the letter doubtful (recover.c); so does a backup
 * that is restored.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/crash.h"
#include "base/date.h"
#include "base/json.h"
#include "base/text.h"
#include "sync/red_p.h"

enum {
	FRESH_S = 24 * 3600,  /* so long a blue invoice may be unknown there for being new */
	PATIENCE_S = 30 * 60, /* and so long that is waited for */
	ASKED_ENOUGH = 2,
	ROUNDS_MAX = 8,  /* of sending with a lost answer */
	UNSURE_MAX = 12, /* attempts, where lists tell only a part */
	DAY_S = 86400,
	FAR_S = 7 * 86400, /* back from now, when nobody knows since when */
	SAME_TIME_S = 600, /* clocks that far apart are together */
	PAGE = 200,
	RESULT = 160
};

struct applying {
	struct engine *en;
	struct job *job;
	const struct caller *caller;
	struct red_record rec;
	long long asked;  /* since the last answer was lost */
	long long rounds; /* answers lost so far */
	long long looked; /* Unix: when the list last had nothing of it; 0: never */
	bool clear;       /* asked enough: the application may go out again */
	bool said_no;     /* the tax side, in `no`, a moment ago */
	struct err_info no;
	char result[RESULT];
};

static void read_progress(struct applying *a)
{
	cJSON *tree = NULL;

	if (json_parse(a->job->result, strlen(a->job->result), 4096, &tree, NULL) != ERR_OK)
		return;
	if (!json_member_int(tree, "asked", 0, 1000, &a->asked))
		a->asked = 0;
	if (!json_member_int(tree, "rounds", 0, 1000, &a->rounds))
		a->rounds = 0;
	if (!json_member_int(tree, "looked", 0, INT64_MAX, &a->looked))
		a->looked = 0;
	json_free(&tree);
}

static enum err back(struct applying *a, int64_t due_ms, const struct err_info *why,
		     struct err_info *e)
{
	snprintf(a->result, sizeof(a->result), "{\"asked\":%lld,\"rounds\":%lld,\"looked\":%lld}",
		 a->asked, a->rounds, a->looked);
	return red_back(a->en, a->job, due_ms, a->result, why, e);
}

static enum err end(struct applying *a, const char *number, enum red_state state,
		    struct err_info *e)
{
	snprintf(a->result, sizeof(a->result), "{\"number\":\"%s\",\"state\":\"%s\"}", number,
		 red_state_code(state));
	return red_end(a->en, a->job, a->result, e);
}

static enum err refuse(struct applying *a, const struct err_info *why, struct err_info *e)
{
	enum err r;

	if ((r = store_red_progress(a->en->db, a->rec.id, RED_REFUSED, why->why, e)) ||
	    (r = job_failed(a->en, a->job->id, why, e)))
		return r;
	return db_commit(a->en->db, e);
}

/* Only a person can tell; the list is asked again now and then. */
static enum err to_person(struct applying *a, const struct err_info *why, struct err_info *e)
{
	struct err_info rests = *why;
	enum err r = store_red_progress(a->en->db, a->rec.id, RED_DOUBTFUL, why->why, e);

	rests.class = ERR_REFUSED; /* nobody waits for it any longer */
	a->asked = 0;
	return r ? r : back(a, clock_now_ms() + SET_ASIDE_MS, &rests, e);
}

static enum err doubt(struct applying *a, const struct err_info *why, struct err_info *e)
{
	struct err_info open = *why;
	enum err r;

	if (a->rounds >= ROUNDS_MAX)
		return to_person(a, why, e);
	open.class = ERR_UNKNOWN; /* a no to a repeat says nothing of the first */
	a->asked = 0;
	a->rounds++;
	r = store_red_progress(a->en->db, a->rec.id, RED_DOUBTFUL, why->why, e);
	return r ? r : back(a, poll_due_ms(a->en, (int)a->rounds - 1), &open, e);
}

/* ---- sending ---- */

/* Once an answer was lost, whatever is sent again leaves that in doubt. */
static enum red_progress waiting(struct applying *a)
{
	if (!a->rounds)
		return RED_APPLYING;
	a->asked = ASKED_ENOUGH - 1; /* a look before it goes out again */
	return RED_DOUBTFUL;
}

/* Issued by us a moment ago: there it may not be known yet. */
static enum err blue_is_fresh(struct applying *a, bool *out, struct err_info *e)
{
	struct invoice_record blue;
	int64_t now = clock_now();
	enum err r;

	*out = false;
	if (!a->rec.blue_invoice_id || now - a->rec.created_at >= PATIENCE_S)
		return ERR_OK;
	if ((r = store_invoice_head(a->en->db, a->rec.blue_invoice_id, &blue, e)))
		return r;
	*out = blue.state == INVOICE_ISSUED && now - blue.finished_at < FRESH_S;
	invoice_record_free(&blue);
	return ERR_OK;
}

static enum err wait_for_blue(struct applying *a, const struct err_info *why, struct err_info *e)
{
	int64_t wait = a->en->params.red_blue_wait_ms;
	enum err r = store_red_progress(a->en->db, a->rec.id, waiting(a), why->why, e);

	for (int i = 1; i < a->job->attempts && wait < a->en->params.retry_max_ms; i++)
		wait *= 2;
	if (wait > a->en->params.retry_max_ms)
		wait = a->en->params.retry_max_ms;
	/* No fault of the job's: whoever waits, waits on. */
	return r ? r : back(a, clock_now_ms() + wait, NULL, e);
}

/* *ask: nothing is known for sure before the list was looked at. */
static enum err refused(struct applying *a, const struct leqi_reply *rep,
			const struct err_info *why, bool *ask, struct err_info *e)
{
	bool fresh = false;
	enum err r;

	if (leqi_red_says_unknown_blue(rep)) {
		r = blue_is_fresh(a, &fresh, e);
		return r ? r : fresh ? wait_for_blue(a, why, e) : refuse(a, why, e);
	}
	/* Ours, whose answer was lost, may be the one that is running. */
	if (a->rounds && leqi_red_says_exists(rep))
		return doubt(a, why, e);
	/* The other side's trouble: it may have happened halfway. */
	if (a->rounds < ROUNDS_MAX &&
	    (leqi_cause_is_outside(rep->message) || leqi_cause_is_outside(rep->return_code)))
		return doubt(a, why, e);
	if (!*rep->return_code) /* the gateway, before anybody looked at it */
		return refuse(a, why, e);
	*ask = a->said_no = true;
	a->no = *why;
	return db_commit(a->en->db, e);
}

/* The answer names the letter; one that is here already is not believed. */
static enum err accepted(struct applying *a, const struct leqi_red_answer *got, struct err_info *e)
{
	struct err_info why = {0};
	enum red_state state = RED_UNKNOWN;
	int64_t known = 0;
	enum err r =
	    store_red_by_uuid(a->en->db, a->rec.unit_id, a->rec.side, got->uuid, &known, e);

	if (r)
		return r;
	if (!*got->uuid || !*got->number || known || !red_state_parse(got->state, &state) ||
	    state == RED_UNKNOWN) {
		err_fail(&why, ERR_UNKNOWN, "red.answer", "申请红字确认单",
			 known ? "税局应答的确认单早已登记，正在核对"
			       : "税局的应答没有说明确认单，正在核对");
		return doubt(a, &why, e);
	}
	r = store_red_applied(a->en->db, a->rec.id, got->number, got->uuid, state, "", e);
	return r ? r : end(a, got->number, state, e);
}

static enum err take_answer(struct applying *a, const struct leqi_red_answer *got,
			    const struct leqi_reply *rep, bool *look, struct err_info *e)
{
	struct err_info why = {0};
	enum err r = db_begin(a->en->db, e);

	if (r || (r = call_record(a->en, rep, e)))
		return r;
	if (rep->class != LEQI_OK)
		leqi_error(rep, "申请红字确认单", &why);
	switch (rep->class) {
	case LEQI_OK:
		return accepted(a, got, e);
	case LEQI_REFUSED:
		return refused(a, rep, &why, look, e);
	case LEQI_MISCONFIGURED:
		return refuse(a, &why, e);
	case LEQI_LATER: /* certainly not processed */
		r = store_red_progress(a->en->db, a->rec.id, waiting(a), why.why, e);
		return r ? r
			 : back(a, retry_due_ms(a->en, a->job->attempts, rep->retry_after_s), &why,
				e);
	case LEQI_LOST:
		break;
	}
	return doubt(a, &why, e);
}

static enum err ask(struct applying *a, struct err_info *e);

static enum err send(struct applying *a, struct err_info *e)
{
	struct leqi_red_answer got;
	struct leqi_reply rep = {0};
	bool look = false;
	enum err r;

	leqi_red_apply(a->en->leqi, &a->caller->wire, &a->rec.letter, &got, &rep);
	crash_step("after red apply");
	r = take_answer(a, &got, &rep, &look, e);
	leqi_reply_free(&rep);
	return r || !look ? r : ask(a, e);
}

/* ---- asking ---- */

struct candidates {
	struct applying *a;
	size_t ours, valid;
	struct red_letter hit; /* a valid one before others */
	bool other_days;       /* asked by a clock that was wrong, as the answer says */
	bool other;            /* one that is running and is not this */
	struct red_letter running;
	struct err_info e;
};

static enum err look_at(void *arg, const struct red_letter *l)
{
	struct candidates *c = arg;
	struct applying *a = c->a;
	int64_t known = 0;
	enum err r =
	    store_red_by_uuid(a->en->db, a->rec.unit_id, a->rec.side, l->uuid, &known, &c->e);

	if (r || !text_eq(l->blue_number, a->rec.letter.blue_number) ||
	    !text_eq(l->blue_code, a->rec.letter.blue_code))
		return r;
	if ((known && known != a->rec.id) || !red_is_ours(a->en, &a->rec, l)) {
		if (red_is_running(l)) {
			c->other = true;
			red_letter_free(&c->running);
			red_letter_copy(&c->running, l);
		}
		return ERR_OK;
	}
	/* What was refused a moment ago is not void yet, if it is there. */
	if (a->said_no && !red_is_running(l))
		return ERR_OK;
	c->valid += red_is_running(l) || l->issued;
	if (!c->ours++ || red_is_running(l) || l->issued) {
		red_letter_free(&c->hit);
		red_letter_copy(&c->hit, l);
	}
	return ERR_OK;
}

static enum err nothing_there(struct applying *a, const struct candidates *c, struct err_info *e)
{
	struct err_info why = {0};

	if (a->said_no) /* not there: the no is the answer */
		return refuse(a, &a->no, e);
	if (++a->asked < ASKED_ENOUGH)
		return back(a, poll_due_ms(a->en, (int)a->rounds - 1), NULL, e);
	if (c->other) {
		err_fail(&why, ERR_REFUSED, "red.running", "申请红字确认单",
			 "该蓝字发票另有一张红字确认单 %s 正在办理，本次申请没有受理",
			 c->running.number);
		err_hint(&why, "先办完或撤销那一张，再重新申请");
		return refuse(a, &why, e);
	}
	a->asked = 0;
	a->looked = clock_now();
	a->clear = true;
	return db_commit(a->en->db, e);
}

static enum err again_at_once(struct applying *a, struct err_info *e)
{
	enum err r = store_red_progress(a->en->db, a->rec.id, RED_DOUBTFUL,
					a->said_no ? a->no.why : a->rec.message, e);

	return r ? r : back(a, clock_now_ms(), NULL, e);
}

static enum err judge(struct applying *a, struct candidates *c, const struct leqi_red_page *page,
		      struct err_info *e)
{
	struct err_info why = {0};
	enum err r;

	if (c->valid > 1 || (c->ours > 1 && !c->valid)) {
		err_fail(&why, ERR_UNKNOWN, "red.several", "申请红字确认单",
			 "税局有 %zu 张内容相同的红字确认单，分不清哪一张是本次申请的", c->ours);
		err_hint(&why, "刷新确认单列表，到电子税务局核对后撤销多余的");
		return to_person(a, &why, e);
	}
	if (c->ours) {
		r = store_red_adopt(a->en->db, a->rec.id, &c->hit, e);
		return r ? r : end(a, c->hit.number, c->hit.state, e);
	}
	if (c->other_days) /* judged by the wrong time */
		return again_at_once(a, e);
	/* What could not be read, or did not fit on the page, may be ours. */
	if (page->unread || page->total > (int64_t)page->rows) {
		err_fail(&why, ERR_UNKNOWN, "red.list", "申请红字确认单",
			 "税局的确认单列表不全，还不能断定申请是否受理");
		err_hint(&why, "到电子税务局核对有没有这张确认单");
		if (a->job->attempts >= UNSURE_MAX)
			return to_person(a, &why, e);
		if (a->said_no &&
		    (r = store_red_progress(a->en->db, a->rec.id, RED_DOUBTFUL, a->no.why, e)))
			return r;
		return back(a, retry_due_ms(a->en, a->job->attempts, 0), &why, e);
	}
	return nothing_there(a, c, e);
}

static enum err take_list(struct applying *a, struct candidates *c,
			  const struct leqi_red_page *page, const struct leqi_reply *rep,
			  struct err_info *e)
{
	struct err_info why = {0};
	enum err r = db_begin(a->en->db, e);

	if (r || (r = call_record(a->en, rep, e)))
		return r;
	if (rep->class == LEQI_OK)
		return judge(a, c, page, e);
	leqi_error(rep, "核对红字确认单", &why);
	if (a->said_no && (rep->class == LEQI_REFUSED || rep->class == LEQI_MISCONFIGURED))
		return refuse(a, &a->no, e); /* nobody may look */
	if (a->said_no &&
	    (r = store_red_progress(a->en->db, a->rec.id, RED_DOUBTFUL, a->no.why, e)))
		return r;
	why.class = ERR_UNKNOWN; /* whatever the list's trouble is: the application is in doubt */
	return back(a, retry_due_ms(a->en, a->job->attempts, rep->retry_after_s), &why, e);
}

static enum err ask(struct applying *a, struct err_info *e)
{
	struct candidates c = {.a = a};
	struct leqi_red_query q = red_query(a->caller, a->rec.side);
	struct leqi_red_page page;
	struct leqi_reply rep = {0};
	char from[DATE_TEXT], to[DATE_TEXT];
	int64_t now = clock_now(), since = a->rec.created_at < now ? a->rec.created_at : now;
	int64_t apart = a->en->clock_apart;
	enum err r;

	if (!a->rounds && !a->said_no) /* its engine died: that is a lost answer, too */
		a->rounds = 1;
	q.entered_by = a->rec.side == RED_BUYER ? "1" : "0";
	/* A clock that was ahead then says nothing of the day. */
	q.from = date_text(since + apart - (since < now ? DAY_S : FAR_S), from);
	q.to = date_text(red_their_now(a->en), to);
	q.blue_code = a->rec.letter.blue_code;
	q.blue_number = a->rec.letter.blue_number;
	q.size = PAGE;
	red_letter_init(&c.hit);
	red_letter_init(&c.running);
	leqi_red_list(a->en->leqi, &a->caller->wire, &q, look_at, &c, &page, &rep);
	crash_step("after red list");
	call_clock(a->en, &rep);
	c.other_days = llabs(a->en->clock_apart - apart) > SAME_TIME_S;
	if (c.e.class) {
		*e = c.e;
		r = c.e.class;
	} else {
		r = take_list(a, &c, &page, &rep, e);
	}
	red_letter_free(&c.hit);
	red_letter_free(&c.running);
	leqi_reply_free(&rep);
	return r;
}

/* It was answered, or found by the list, while the job waited. */
static enum err settled(struct applying *a, struct err_info *e)
{
	enum err r = db_begin(a->en->db, e);

	return r ? r : end(a, a->rec.letter.number, a->rec.letter.state, e);
}

/* A backup has taken the place of the home since the application was made, or since the list was
 * last asked: it may have been sent after that backup. */
static enum err doubt_restored(struct applying *a, struct err_info *e)
{
	int64_t at = a->looked > a->rec.created_at ? a->looked : a->rec.created_at;
	bool old = false;
	enum err r;

	if (a->rec.progress != RED_APPLYING)
		return ERR_OK;
	if ((r = store_before_restore(a->en->db, at, &old, e)) || !old ||
	    (r = db_begin(a->en->db, e)))
		return r;
	r = store_red_progress(a->en->db, a->rec.id, RED_DOUBTFUL,
			       "备份恢复前可能已经提交，正在向税局核对", e);
	if (r || (r = db_commit(a->en->db, e))) {
		db_rollback(a->en->db);
		return r;
	}
	a->rec.progress = RED_DOUBTFUL;
	return ERR_OK;
}

static enum err work(struct applying *a, struct err_info *e)
{
	struct caller c;
	bool ok = false;
	enum err r = doubt_restored(a, e);

	if (!r)
		r = call_begin(a->en, a->job, &c, &ok, e);

	if (r || !ok)
		return r;
	a->caller = &c;
	a->clear = a->rec.progress != RED_DOUBTFUL;
	r = a->clear ? ERR_OK : ask(a, e);
	if (!r && a->clear)
		r = send(a, e);
	caller_free(&c);
	return r;
}

enum err run_red_apply(struct engine *en, struct job *job, struct err_info *e)
{
	struct applying a = {.en = en, .job = job};
	enum err r = store_red_get(en->db, job->subject_id, &a.rec, e);

	if (r)
		return r;
	read_progress(&a);
	r = a.rec.progress == RED_KNOWN || a.rec.progress == RED_REFUSED ? settled(&a, e)
									 : work(&a, e);
	red_record_free(&a.rec);
	return r;
}

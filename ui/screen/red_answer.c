/* red_answer.c - 确认 or 否认 of several marked red letters: asked once with count and sums, then
 * given letter by letter, a row of the result each (features E13, E24). */
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "ui/screen/red_answer_p.h"

enum { LATE_MS = 200, STEP = 8 };

/* ---- answering ---- */

static void take_words(struct answer_row *row, const struct err_info *e)
{
	char sentence[1200];

	text_copy(row->why, sizeof(row->why), ui_sentence(e, sentence, sizeof(sentence)));
	row->why[text_whole(row->why, strlen(row->why))] = 0;
}

/* Nothing is answered while what the tax side says of us is older than a day. */
static bool fetch_risk(struct red_answer *s, const struct err_info *why)
{
	struct err_info e = {0};

	if (strncmp(why->code, "seller.", 7) != 0 || s->fetched)
		return false;
	s->fetched = true;
	if (desk_taxpayer_sync(ui_session(), &s->risk, &e))
		desk_wait_free(&s->risk);
	if (s->risk.job_count)
		ui_wake_engine();
	return s->risk.job_count != 0;
}

/* Gives the next letter to the engine; false: it has to wait. */
static bool give(struct red_answer *s)
{
	struct answer_row *row = &s->rows[s->next];
	struct err_info e = {0};
	bool done = false, before = desk_hurry(ui_session(), true);
	enum err r =
	    desk_red_act(ui_session(), s->pick.letters[s->next], s->action, &s->wait, &done, &e);

	desk_hurry(ui_session(), before);
	if (r && (!strcmp(e.code, "db.busy") || fetch_risk(s, &e)))
		return false;
	s->next++;
	row->stage = r ? ANSWER_REFUSED : done ? ANSWER_DONE : ANSWER_GIVEN;
	if (r)
		take_words(row, &e);
	else
		ui_wake_engine();
	return true;
}

/* How a letter stands that was given. */
static void look(struct red_answer *s, size_t i)
{
	struct answer_row *row = &s->rows[i];
	struct err_info e = {0};
	enum err r = desk_red_verdict(ui_session(), s->pick.letters[i], &e);

	if (!strcmp(e.code, "db.busy")) {
		s->unseen = true;
		return;
	}
	row->why[0] = 0;
	if (!r)
		row->stage = ANSWER_DONE;
	else if (r != ERR_UNKNOWN)
		row->stage = ANSWER_REFUSED;
	if (r && (r != ERR_UNKNOWN || s->phase == PHASE_RESTS))
		take_words(row, &e);
}

/* Busy is no answer: it is looked again. */
static bool has_settled(struct red_answer *s, struct desk_wait *w)
{
	bool settled = false;

	if (desk_wait_settled(w, ui_session()->db, &settled, NULL))
		s->unseen = true;
	return settled;
}

static void look_at_all(struct red_answer *s)
{
	size_t i;

	s->unseen = false;
	if (s->risk.job_count && has_settled(s, &s->risk))
		desk_wait_free(&s->risk);
	if (s->phase == PHASE_WAITING && has_settled(s, &s->wait))
		s->phase = PHASE_RESTS;
	for (i = 0; i < s->next; i++) {
		if (s->rows[i].stage == ANSWER_GIVEN)
			look(s, i);
	}
	red_answer_say(s, false);
}

static void answer_content(struct view *v, bool changed)
{
	struct red_answer *s = v->state;

	if (changed && s->phase != PHASE_ASK)
		look_at_all(s);
}

/* A few letters a step: keys come between them. */
static int give_some(struct red_answer *s)
{
	int i;

	for (i = 0; i < STEP && s->next < s->pick.count; i++) {
		if (!give(s))
			break;
	}
	if (s->next < s->pick.count) {
		red_answer_say(s, false);
		return i == STEP ? 0 : LATE_MS;
	}
	s->phase = PHASE_WAITING;
	look_at_all(s);
	return s->unseen ? LATE_MS : -1;
}

static int answer_idle(struct view *v)
{
	struct red_answer *s = v->state;

	if (s->phase == PHASE_GIVING && !s->risk.job_count)
		return give_some(s);
	if (!s->unseen)
		return -1;
	look_at_all(s);
	return LATE_MS;
}

/* ---- the view ---- */

static void answer_close(struct view *v)
{
	struct red_answer *s = v->state;

	red_pick_free(&s->pick);
	free(s->rows);
	free(s->done);
	desk_wait_free(&s->risk);
	desk_wait_free(&s->wait);
	text_sheet_free(&s->sheet);
}

static enum err answer_open(struct view *v, const void *arg, struct err_info *e)
{
	const struct red_answer_arg *a = arg;
	struct red_answer *s = v->state;
	enum err r = red_pick_take(&s->pick, a->letters, a->count, a->action, e);

	if (r)
		return r;
	s->action = a->action;
	s->rows = mem_zalloc(s->pick.count * sizeof(*s->rows));
	s->done = mem_zalloc(s->pick.count * sizeof(*s->done));
	red_answer_say(s, true);
	s->sheet.view = v;
	return ERR_OK;
}

static struct rect answer_place(struct view *v, struct rect area)
{
	struct red_answer *s = v->state;

	return text_sheet_place(&s->sheet, area);
}

static void answer_paint(struct view *v)
{
	struct red_answer *s = v->state;
	bool confirm = s->action == RED_CONFIRM;

	if (s->phase == PHASE_ASK)
		text_sheet_paint(&s->sheet, confirm ? "确认红字确认单" : "否认红字确认单",
				 FACE_VALUE);
	else
		text_sheet_paint(&s->sheet, confirm ? "确认结果" : "否认结果", FACE_VALUE);
}

/* With what is done; the rest stays marked. */
static bool leave(struct red_answer *s)
{
	struct red_answer_result done = {s->done, 0};
	size_t i;

	for (i = 0; i < s->pick.count; i++) {
		if (s->rows[i].stage == ANSWER_DONE)
			s->done[done.count++] = s->pick.letters[i];
	}
	view_pop(s->phase != PHASE_ASK, &done);
	return true;
}

static bool answer_act(struct view *v, enum action a)
{
	struct red_answer *s = v->state;
	bool done;
	enum action meant = text_sheet_act(&s->sheet, a, &done);

	if (meant == ACT_NONE)
		return done;
	if (meant == ACT_BACK)
		return leave(s);
	s->phase = PHASE_GIVING;
	red_answer_say(s, true);
	return true;
}

static const char *const *answer_sections(const struct view *v)
{
	static const char *const SECTIONS[] = {"dialog", NULL};

	(void)v;
	return SECTIONS;
}

static const enum action *answer_hints(const struct view *v)
{
	static const enum action ASK[] = {ACT_ENTER, ACT_BACK, ACT_NONE};
	static const enum action READ[] = {ACT_BACK, ACT_NONE};
	const struct red_answer *s = v->state;

	return s->phase == PHASE_ASK ? ASK : READ;
}

static const char *answer_help(const struct view *v)
{
	const struct red_answer *s = v->state;

	if (s->phase == PHASE_ASK)
		return "核对张数和金额。左右键选择，回车执行；返回什么也不做。";
	return "逐张办理，结果各一行，上下键看全。没有办成的返回后还勾着。";
}

static const char *answer_state(const struct view *v)
{
	static const char *const WORDS[] = {"ask", "giving", "waiting", "rests"};
	const struct red_answer *s = v->state;

	return WORDS[s->phase];
}

const struct view_ops view_red_answer_ops = {
    .name = "red-answer",
    .path = "开票 › 红字发票 › 答复",
    .modal = true,
    .size = sizeof(struct red_answer),
    .open = answer_open,
    .place = answer_place,
    .content = answer_content,
    .idle = answer_idle,
    .paint = answer_paint,
    .sections = answer_sections,
    .act = answer_act,
    .hints = answer_hints,
    .help = answer_help,
    .close = answer_close,
    .state = answer_state,
};

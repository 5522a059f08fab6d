/* red_answer.c - 确认 or 否认 of several marked red letters: asked once with count and sums, then
 * given letter by letter, a row of the result each (features E13, E24). */
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "ui/screen/red_pick.h"
#include "ui/screen/text_sheet.h"

enum { LATE_MS = 200, TEXT_MAX = 1 << 20, WHY = 600, STEP = 8 };

enum answer_stage {
	ANSWER_NEXT,  /* its turn has not come */
	ANSWER_GIVEN, /* recorded, with the engine */
	ANSWER_DONE,
	ANSWER_REFUSED
};
enum answer_phase { PHASE_ASK, PHASE_GIVING, PHASE_WAITING, PHASE_RESTS };
struct answer {
	struct text_sheet sheet;
	struct red_pick pick;
	enum red_action action;
	enum answer_phase phase;
	struct answer_row {
		enum answer_stage stage;
		char why[WHY];
	} * rows;              /* owned, as pick.letters */
	size_t next;           /* whose turn it is */
	bool fetched;          /* risk data older than a day is fetched once before */
	bool unseen;           /* another writer kept it from being looked how they stand */
	struct desk_wait risk; /* while it is fetched */
	struct desk_wait wait; /* all answers */
	size_t counts[ANSWER_REFUSED + 1];
	int64_t *done; /* owned; the letters that are done, for the asker */
};

/* ---- what it says ---- */

static const struct button *buttons(const struct answer *s)
{
	static const struct button CONFIRM[] = {
	    {"返回", ACT_BACK}, {"确认", ACT_RED_CONFIRM}, {NULL, ACT_NONE}};
	static const struct button DENY[] = {
	    {"返回", ACT_BACK}, {"否认", ACT_RED_DENY}, {NULL, ACT_NONE}};
	static const struct button BACK[] = {{"返回", ACT_BACK}, {NULL, ACT_NONE}};

	if (s->phase != PHASE_ASK)
		return BACK;
	return s->action == RED_CONFIRM ? CONFIRM : DENY;
}

static const char *what_follows(const struct answer *s)
{
	if (s->action == RED_DENY)
		return "否认后这些确认单作废，要冲红只能重新录入。";
	if (!s->pick.of[RED_BUYER])
		return "确认后由我方开具红字发票。";
	if (!s->pick.of[RED_SELLER])
		return "确认后由对方开具红字发票。";
	return "确认后由销方开具红字发票：我方是销方的由我方开具，其余由对方开具。";
}

static void say_question(const struct answer *s, struct buf *b)
{
	char net[RED_MONEY], tax[RED_MONEY], gross[RED_MONEY];
	const struct red_pick *p = &s->pick;

	buf_addf(b, "%s %zu 张红字确认单，冲销价税合计 %s（金额 %s，税额 %s）\n\n",
		 red_action_label(s->action), p->count, red_gross(p->net, p->tax, gross),
		 fen_format_grouped(p->net, net), fen_format_grouped(p->tax, tax));
	red_pick_say_rows(p, b);
	buf_addf(b, "\n%s\n", what_follows(s));
	red_pick_say_left_out(p, red_action_label(s->action), b);
}

static const char *stage_words(const struct answer *s, enum answer_stage stage)
{
	switch (stage) {
	case ANSWER_NEXT:
		return "等待办理";
	case ANSWER_GIVEN:
		return "正在办理";
	case ANSWER_DONE:
		return s->action == RED_CONFIRM ? "确认成功" : "否认成功";
	case ANSWER_REFUSED:
		break;
	}
	return "没有办成";
}

static bool is_issuable(const struct answer *s)
{
	return s->action == RED_CONFIRM && s->pick.of[RED_SELLER] && s->counts[ANSWER_DONE];
}

static void say_what_is_left(const struct answer *s, struct buf *b)
{
	if (s->risk.job_count) {
		buf_addf(b, "\n先取税局的风险信息，再逐张办理……\n");
	} else if (s->phase != PHASE_RESTS) {
		buf_addf(b, "\n已交给同步的，离开本画面也会办完；没有轮到的不办，留着勾选。\n");
	} else {
		if (s->counts[ANSWER_GIVEN])
			buf_addf(b, "\n没有答复的已记录，会自动再试；结果在确认单里也能看到。\n");
		if (s->counts[ANSWER_REFUSED])
			buf_addf(b, "\n没有办成的留着勾选。\n");
		if (is_issuable(s))
			buf_addf(b, "\n我方开票的，可以在“开具”里勾选几张一起开了。\n");
	}
}

static void say_results(struct answer *s, struct buf *b)
{
	size_t i;

	buf_addf(b, "%zu 张：%s %zu，没有办成 %zu，在办 %zu\n\n", s->pick.count,
		 stage_words(s, ANSWER_DONE), s->counts[ANSWER_DONE], s->counts[ANSWER_REFUSED],
		 s->counts[ANSWER_NEXT] + s->counts[ANSWER_GIVEN]);
	for (i = 0; i < s->pick.count; i++) {
		const struct answer_row *row = &s->rows[i];

		buf_addf(b, "%s  %s\n", stage_words(s, row->stage), s->pick.rows[i]);
		if (*row->why)
			buf_addf(b, "      %s\n", row->why);
	}
	say_what_is_left(s, b);
}

static void say(struct answer *s, bool entered)
{
	struct buf b;
	size_t i;

	memset(s->counts, 0, sizeof(s->counts));
	for (i = 0; i < s->pick.count; i++)
		s->counts[s->rows[i].stage]++;
	buf_init(&b, TEXT_MAX);
	if (s->phase == PHASE_ASK)
		say_question(s, &b);
	else
		say_results(s, &b);
	text_sheet_say(&s->sheet, buf_str(&b), buttons(s), entered);
	buf_free(&b);
}

/* ---- answering ---- */

static void take_words(struct answer_row *row, const struct err_info *e)
{
	char sentence[1200];

	text_copy(row->why, sizeof(row->why), ui_sentence(e, sentence, sizeof(sentence)));
	row->why[text_whole(row->why, strlen(row->why))] = 0;
}

/* Nothing is answered while what the tax side says of us is older than a day. */
static bool fetch_risk(struct answer *s, const struct err_info *why)
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
static bool give(struct answer *s)
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
static void look(struct answer *s, size_t i)
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
static bool has_settled(struct answer *s, struct desk_wait *w)
{
	bool settled = false;

	if (desk_wait_settled(w, ui_session()->db, &settled, NULL))
		s->unseen = true;
	return settled;
}

static void look_at_all(struct answer *s)
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
	say(s, false);
}

static void answer_content(struct view *v, bool changed)
{
	struct answer *s = v->state;

	if (changed && s->phase != PHASE_ASK)
		look_at_all(s);
}

/* A few letters a step: keys come between them. */
static int give_some(struct answer *s)
{
	int i;

	for (i = 0; i < STEP && s->next < s->pick.count; i++) {
		if (!give(s))
			break;
	}
	if (s->next < s->pick.count) {
		say(s, false);
		return i == STEP ? 0 : LATE_MS;
	}
	s->phase = PHASE_WAITING;
	look_at_all(s);
	return s->unseen ? LATE_MS : -1;
}

static int answer_idle(struct view *v)
{
	struct answer *s = v->state;

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
	struct answer *s = v->state;

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
	struct answer *s = v->state;
	enum err r = red_pick_take(&s->pick, a->letters, a->count, a->action, e);

	if (r)
		return r;
	s->action = a->action;
	s->rows = mem_zalloc(s->pick.count * sizeof(*s->rows));
	s->done = mem_zalloc(s->pick.count * sizeof(*s->done));
	say(s, true);
	s->sheet.view = v;
	return ERR_OK;
}

static struct rect answer_place(struct view *v, struct rect area)
{
	struct answer *s = v->state;

	return text_sheet_place(&s->sheet, area);
}

static void answer_paint(struct view *v)
{
	struct answer *s = v->state;
	bool confirm = s->action == RED_CONFIRM;

	if (s->phase == PHASE_ASK)
		text_sheet_paint(&s->sheet, confirm ? "确认红字确认单" : "否认红字确认单",
				 FACE_VALUE);
	else
		text_sheet_paint(&s->sheet, confirm ? "确认结果" : "否认结果", FACE_VALUE);
}

/* With what is done; the rest stays marked. */
static bool leave(struct answer *s)
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
	struct answer *s = v->state;
	bool done;
	enum action meant = text_sheet_act(&s->sheet, a, &done);

	if (meant == ACT_NONE)
		return done;
	if (meant == ACT_BACK)
		return leave(s);
	s->phase = PHASE_GIVING;
	say(s, true);
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
	const struct answer *s = v->state;

	return s->phase == PHASE_ASK ? ASK : READ;
}

static const char *answer_help(const struct view *v)
{
	const struct answer *s = v->state;

	if (s->phase == PHASE_ASK)
		return "核对张数和金额。左右键选择，回车执行；返回什么也不做。";
	return "逐张办理，结果各一行，上下键看全。没有办成的返回后还勾着。";
}

static const char *answer_state(const struct view *v)
{
	static const char *const WORDS[] = {"ask", "giving", "waiting", "rests"};
	const struct answer *s = v->state;

	return WORDS[s->phase];
}

const struct view_ops view_red_answer_ops = {
    .name = "red-answer",
    .path = "开票 › 红字发票 › 答复",
    .modal = true,
    .size = sizeof(struct answer),
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

/* red_answer_text.c - the sheet of answers: what it says, and its buttons. */
#include <string.h>

#include "base/base.h"
#include "ui/screen/red_answer_p.h"

enum { TEXT_MAX = 1 << 20 };

static const struct button *buttons(const struct red_answer *s)
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

static const char *what_follows(const struct red_answer *s)
{
	if (s->action == RED_DENY)
		return "否认后这些确认单作废，要冲红只能重新录入。";
	if (!s->pick.of[RED_BUYER])
		return "确认后由我方开具红字发票。";
	if (!s->pick.of[RED_SELLER])
		return "确认后由对方开具红字发票。";
	return "确认后由销方开具红字发票：我方是销方的由我方开具，其余由对方开具。";
}

static void say_question(const struct red_answer *s, struct buf *b)
{
	char net[RED_MONEY], tax[RED_MONEY], gross[RED_MONEY];
	const struct red_pick *p = &s->pick;

	buf_addf(b, "%s %zu 张红字确认单，冲销价税合计 %s\n金额 %s　税额 %s\n\n",
		 red_action_label(s->action), p->count, red_gross(p->net, p->tax, gross),
		 fen_format_grouped(p->net, net), fen_format_grouped(p->tax, tax));
	red_pick_say_rows(p, b);
	buf_addf(b, "\n%s\n", what_follows(s));
	red_pick_say_left_out(p, red_action_label(s->action), b);
}

static const char *stage_words(const struct red_answer *s, enum answer_stage stage)
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

static bool is_issuable(const struct red_answer *s)
{
	return s->action == RED_CONFIRM && s->pick.of[RED_SELLER] && s->counts[ANSWER_DONE];
}

static void say_what_is_left(const struct red_answer *s, struct buf *b)
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

static void say_results(struct red_answer *s, struct buf *b)
{
	size_t i;

	buf_addf(b, "%zu 张：%s %zu，没有办成 %zu，在办 %zu\n\n", s->pick.count,
		 stage_words(s, ANSWER_DONE), s->counts[ANSWER_DONE], s->counts[ANSWER_REFUSED],
		 s->counts[ANSWER_NEXT] + s->counts[ANSWER_GIVEN]);
	for (i = 0; i < s->pick.count; i++) {
		const struct answer_row *row = &s->rows[i];

		buf_addf(b, "%s %s\n", stage_words(s, row->stage), s->pick.rows[i]);
		if (*row->why)
			buf_addf(b, "      %s\n", row->why);
	}
	say_what_is_left(s, b);
}

void red_answer_say(struct red_answer *s, bool entered)
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

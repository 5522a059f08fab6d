/* red_apply_lines_view.c - 录入, step 4: how the negative lines are shown, and their keys. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "ui/screen/red_apply_lines_p.h"

enum { SENTENCE = 1200 };

void apply_lines_layout(struct apply *s)
{
	grid_layout(&s->grid, s->body);
}

static void paint_head(const struct apply *s)
{
	const struct red_blue *b = &s->source.blue;
	const char *party = s->side == RED_SELLER ? b->buyer_name : b->seller_name;
	char text[600];

	apply_paint_steps(s, s->head);
	snprintf(text, sizeof(text), "蓝字发票 %s%s%s  %.10s  %s%s %s", b->code,
		 *b->code ? " " : "", b->number, b->issued_at,
		 !strcmp(b->kind, "01") ? "专票  " : "普票  ",
		 red_side_name(s->side == RED_SELLER ? RED_BUYER : RED_SELLER), party);
	draw_text(s->head, 1, 1, s->head.w - 2, ALIGN_LEFT, FACE_VALUE, text);
	snprintf(text, sizeof(text), "冲红原因 %s %s：%s", red_reason_code(s->reason),
		 red_reason_label(s->reason), red_reason_lets(s->reason));
	draw_text(s->head, 2, 1, s->head.w - 2, ALIGN_LEFT, FACE_LABEL, text);
}

/* In two rows, if it takes them: what a wrong cell wants is to be read to its end. */
static void paint_words(struct rect r, const char *text, enum face face)
{
	size_t next, n = text_line(text, (size_t)(r.w - 2), &next);
	char first[SENTENCE];

	text_copy(first, n + 1 < sizeof(first) ? n + 1 : sizeof(first), text);
	draw_text(r, 0, 1, r.w - 2, ALIGN_LEFT, face, first);
	draw_text(r, 1, 1, r.w - 2, ALIGN_LEFT, face, text + next);
}

/* What is wrong in the row, else in the first wrong one, named; else what is left of the row. */
static void paint_state(const struct apply *s)
{
	const char *error = grid_error(&s->grid);
	char text[SENTENCE], *rest;
	int wrong = lines_first_wrong(s);

	if (*error) {
		paint_words(s->foot, error, FACE_ERROR);
	} else if (wrong >= 0) {
		snprintf(text, sizeof(text), "第 %d 行%s", wrong + 1, s->grid.rows[wrong].error);
		paint_words(s->foot, text, FACE_ERROR);
	} else {
		rest = lines_rests(lines_blue(s, s->grid.row));
		paint_words(s->foot, rest, FACE_DIM);
		free(rest);
	}
}

static void paint_foot(const struct apply *s)
{
	char net[RED_MONEY], tax[RED_MONEY], gross[RED_MONEY], words[WORDS_TEXT], text[400];

	paint_state(s);
	snprintf(text, sizeof(text), "合计 %d 行  金额 %s  税额 %s  价税合计 ¥%s", s->taken,
		 fen_format_grouped(s->net, net), fen_format_grouped(s->tax, tax),
		 red_gross(s->net, s->tax, gross));
	draw_text(s->foot, 2, 1, s->foot.w - 2, ALIGN_LEFT, s->wrong ? FACE_WARNING : FACE_TITLE,
		  text);
	draw_text(s->foot, 3, 1, s->foot.w - 2, ALIGN_LEFT, FACE_VALUE,
		  tax_words(s->net + s->tax, words));
	if (s->wrong) {
		snprintf(text, sizeof(text), "%d 行有误，不在合计里", s->wrong);
		draw_text(s->foot, 3, s->foot.w / 2, s->foot.w / 2 - 1, ALIGN_RIGHT, FACE_ERROR,
			  text);
	}
}

void apply_lines_paint(struct apply *s)
{
	paint_head(s);
	paint_foot(s);
	grid_paint(&s->grid, true);
}

/* ---- keys ---- */

static bool may_type(const struct apply *s)
{
	const char *why = lines_why_not_cell(s, s->grid.row, s->grid.column);

	if (why)
		ui_message(MESSAGE_WARNING, "%s", why);
	return !why;
}

bool apply_lines_key(struct apply *s, struct key k, const char *paste, size_t n)
{
	if (k.code == '=' || !may_type(s)) /* no row is like another */
		return true;
	return grid_key(&s->grid, k, paste, n);
}

static bool leave_out(struct apply *s)
{
	struct grid *g = &s->grid;
	const char *why = lines_why_not_part(s, g->row);
	struct part *p = lines_part(s, g->row);

	if (why) {
		ui_message(MESSAGE_WARNING, "%s", why);
		return true;
	}
	grid_step_begin(g, g->row, g->row);
	p = lines_part(s, g->row);
	g->editing = false;
	p->asked = (struct part_asked) {.by = p->by == PART_OUT ? PART_REST : PART_OUT};
	lines_changed(g, g->row, g->row);
	grid_focus(g, g->row, g->columns[g->column].id);
	s->worked = true;
	apply_keep(s);
	return true;
}

static bool edits(enum action a)
{
	return a == ACT_DELETE_BACK || a == ACT_DELETE_HERE || a == ACT_DELETE_WORD ||
	       a == ACT_CLEAR;
}

/* A cell that cannot be changed is no stop on the way, where the other one of the row is. */
static bool passes(const struct apply *s)
{
	const struct grid *g = &s->grid;
	bool net = g->column == INDEX_NET;

	if (!lines_why_not_cell(s, g->row, g->column))
		return false;
	return net || !lines_why_not_cell(s, g->row, INDEX_NET);
}

static enum grid_result move(struct apply *s, enum action a)
{
	struct grid *g = &s->grid;
	int row = g->row, column = g->columns[g->column].id;
	enum grid_result r = grid_act(g, a);

	if (r != GRID_LEFT_CELL || !passes(s))
		return r;
	if ((r = grid_act(g, a)) != GRID_LEFT_CELL)
		grid_focus(g, row, column);
	return r;
}

/* The reason goes back with the rows, and what is kept with both. */
static bool undo(struct apply *s, enum action a)
{
	if (grid_act(&s->grid, a) == GRID_UNUSED)
		ui_message(MESSAGE_INFO,
			   a == ACT_UNDO ? "没有可以撤销的改动" : "没有可以重做的改动");
	apply_keep(s);
	return true;
}

bool apply_lines_act(struct apply *s, enum action a)
{
	int row;

	switch (a) {
	case ACT_ROW_DELETE:
	case ACT_RED_LEAVE_OUT:
		return leave_out(s);
	case ACT_ROW_INSERT:
	case ACT_ROW_COPY_UP:
	case ACT_MARK:
		ui_message(MESSAGE_WARNING, "这里的行是蓝字发票的，不能增加；Ctrl-D 这一行不冲");
		return true;
	default:
		break;
	}
	if (edits(a) && !may_type(s))
		return true;
	if (a == ACT_UNDO || a == ACT_REDO)
		return undo(s, a);
	row = s->grid.row;
	switch (move(s, a)) {
	case GRID_LEFT_CELL:
	case GRID_LEFT_TOP:
	case GRID_LEFT_BOTTOM:
		lines_changed(&s->grid, row, row); /* with its sign */
		apply_keep(s);
		return true;
	case GRID_USED:
		return true;
	default:
		return false;
	}
}

const char *apply_lines_why_not(const struct apply *s, enum action a)
{
	if (a != ACT_RED_SUBMIT)
		return NULL;
	if (!s->taken)
		return "每一行都不冲，没有可以提交的";
	return NULL;
}

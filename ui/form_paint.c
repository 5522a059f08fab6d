#include "ui/form_p.h"

#include <string.h>

#include "base/text.h"
#include "ui/frame.h"
#include "ui/term.h"

enum { CELL_BYTES = 2048 };

/* ---- an input ---- */

/* The text from the scroll on, exactly what fits: draw_text would put its '~' over the caret. */
static void visible_part(const struct line *l, size_t cols, char out[CELL_BYTES])
{
	size_t fit = text_fit(l->text + l->scroll, cols, NULL);

	text_copy(out, fit + 1 < CELL_BYTES ? fit + 1 : CELL_BYTES, l->text + l->scroll);
}

static void secret_line(struct rect r, int row, int col, int width, enum face face,
			const struct line *l, bool caret)
{
	char stars[CELL_BYTES];
	size_t chars = text_chars(l->text), room = width > 1 ? (size_t)width - 1 : 0, before, at;
	uint32_t cp;

	if (chars > room)
		chars = room;
	memset(stars, '*', sizeof(stars));
	stars[chars < sizeof(stars) ? chars : sizeof(stars) - 1] = 0;
	draw_text(r, row, col, width, ALIGN_LEFT, face, stars);
	if (!caret)
		return;
	for (before = at = 0; at < l->caret; before++)
		at += text_next(l->text + at, l->len - at, &cp);
	draw_cursor(r, row, col + (int)(before < chars ? before : chars));
}

void form_paint_line(struct rect r, int row, int col, int width, enum face face, struct line *l,
		     bool caret, bool secret)
{
	char part[CELL_BYTES];
	size_t at;

	if (width <= 0)
		return;
	if (secret) {
		secret_line(r, row, col, width, face, l, caret);
		return;
	}
	if (!caret) {
		draw_text(r, row, col, width, ALIGN_LEFT, face, l->text);
		return;
	}
	at = line_fit(l, (size_t)width);
	visible_part(l, (size_t)width, part);
	draw_text(r, row, col, width, ALIGN_LEFT, face, part);
	draw_cursor(r, row, col + (int)at);
}

/* ---- a field ---- */

static enum face face_of(const struct form *f, int i, bool focused)
{
	if (f->fields[i].kind == FIELD_SHOW)
		return FACE_READONLY;
	if (focused)
		return f->untouched[i] ? FACE_FIELD : FACE_FOCUS;
	return f->errors[i][0] ? FACE_ERROR : FACE_FIELD;
}

static void paint_label(const struct form *f, int i, int row, int col)
{
	const struct field *fd = &f->fields[i];
	int cols = draw_cols(fd->label ? fd->label : "");

	if (cols > col - 1)
		cols = col - 1;
	if (cols > 0)
		draw_text(f->area, row, col - 1 - cols, cols, ALIGN_LEFT, FACE_LABEL, fd->label);
	if (f->errors[i][0])
		draw_text(f->area, row, col - 1, 1, ALIGN_LEFT, FACE_ERROR, "!");
	else if (fd->id == f->doubted)
		draw_text(f->area, row, col - 1, 1, ALIGN_LEFT, FACE_WARNING, "?");
	else if (fd->required)
		draw_text(f->area, row, col - 1, 1, ALIGN_LEFT, FACE_LABEL, "*");
}

static void paint_flag(struct form *f, int i, int row, int col, bool focused)
{
	bool on = strcmp(f->lines[i].text, "1") == 0;

	draw_text(f->area, row, col, 3, ALIGN_LEFT, face_of(f, i, focused), on ? "[x]" : "[ ]");
	if (focused)
		draw_cursor(f->area, row, col + 1);
}

/* Only what the first character will replace is selected, not the room behind it. */
static void paint_offer(struct form *f, int i, int row, struct form_place p)
{
	int cols = draw_cols(f->lines[i].text);

	if (cols < p.width)
		draw_text(f->area, row, p.col + 1, cols, ALIGN_LEFT, FACE_SELECTED,
			  f->lines[i].text);
}

static void paint_field(struct form *f, int i, int top, bool focused)
{
	const struct field *fd = &f->fields[i];
	struct form_place p = form_place(f, i);
	const char *brackets = fd->kind == FIELD_CHOICE ? "<>"
			       : fd->kind == FIELD_SHOW ? "  "
							: "[]";
	int row = p.row - top;
	char one[2] = {brackets[0], 0};
	bool text = fd->kind != FIELD_CHOICE && fd->kind != FIELD_SHOW;

	if (row < 0 || row >= f->area.h)
		return;
	paint_label(f, i, row, p.col);
	if (fd->kind == FIELD_FLAG) {
		paint_flag(f, i, row, p.col, focused);
		return;
	}
	if (p.width <= 0)
		return;
	draw_text(f->area, row, p.col, 1, ALIGN_LEFT, FACE_NORMAL, one);
	form_paint_line(f->area, row, p.col + 1, p.width, face_of(f, i, focused), &f->lines[i],
			focused && text, fd->kind == FIELD_SECRET);
	if (fd->stands && !f->lines[i].len && text)
		draw_text(f->area, row, p.col + 1, p.width, ALIGN_LEFT, FACE_DIM, fd->stands);
	if (focused && f->untouched[i])
		paint_offer(f, i, row, p);
	one[0] = brackets[1];
	draw_text(f->area, row, p.col + 1 + p.width, 1, ALIGN_LEFT, FACE_NORMAL, one);
	if (focused && !text)
		draw_cursor(f->area, row, p.col + 1);
}

void form_paint(struct form *f, bool focused)
{
	int i, top = form_top(f);

	draw_clear(f->area, FACE_NORMAL);
	for (i = 0; i < f->count; i++)
		paint_field(f, i, top, focused && i == f->focus);
	if (focused)
		form_paint_matches(f);
}

/* ---- completion list ---- */

static const char PICK_WORDS[] = "下键选用，回车用输入的文字";

static int widest(const struct candidate *c, int count, bool detail)
{
	int i, cols, most = 0;

	for (i = 0; i < count; i++) {
		cols = draw_cols(detail ? c[i].detail : c[i].label);
		if (cols > most)
			most = cols;
	}
	return most;
}

/* The part of the screen between the frame's lines. */
static struct rect screen_room(void)
{
	struct rect r = {0};

	term_size(&r.h, &r.w);
	rect_top(&r, FRAME_TOP);
	rect_bottom(&r, FRAME_BOTTOM);
	return r;
}

static void paint_candidate(struct rect r, int row, int label, const struct candidate *c,
			    bool chosen)
{
	enum face face = chosen ? FACE_SELECTED : FACE_MATCH;

	draw_text(r, row, 0, 2, ALIGN_LEFT, face, chosen ? "> " : "  ");
	draw_text(r, row, 2, label, ALIGN_LEFT, face, c->label);
	draw_text(r, row, 2 + label, r.w - 2 - label, ALIGN_LEFT, face, "");
	if (c->detail[0] && r.w - label - 5 > 0)
		draw_text(r, row, 4 + label, r.w - label - 5, ALIGN_LEFT, face, c->detail);
}

void form_paint_drop(int y, int x, const struct candidate *c, int count, int match)
{
	struct rect room = screen_room(), r;
	int label = widest(c, count, false), detail = widest(c, count, true), i, below, above,
	    first, rows = count + (match < 0);

	if (count <= 0)
		return;
	r.w = label + (detail ? detail + 2 : 0) + 3;
	if (match < 0 && r.w < draw_cols(PICK_WORDS) + 3)
		r.w = draw_cols(PICK_WORDS) + 3;
	if (r.w > room.w)
		r.w = room.w;
	r.x = x + r.w > room.x + room.w ? room.x + room.w - r.w : x;
	below = room.y + room.h - y - 1;
	above = y - room.y;
	r.h = rows <= below || below >= above ? below : above;
	if (r.h > rows)
		r.h = rows;
	r.y = rows <= below || below >= above ? y + 1 : y - r.h;
	if (label > r.w - 3)
		label = r.w - 3;
	first = match >= r.h ? match - r.h + 1 : 0;
	for (i = 0; i < r.h && first + i < count; i++)
		paint_candidate(r, i, label, &c[first + i], first + i == match);
	/* While none is chosen: how to take one. */
	if (i < r.h) {
		draw_text(r, i, 0, r.w, ALIGN_LEFT, FACE_MATCH, "");
		draw_text(r, i, 2, r.w - 2, ALIGN_LEFT, FACE_MATCH, PICK_WORDS);
	}
}

void form_paint_matches(const struct form *f)
{
	struct form_place p;

	if (!f->match_count || f->focus < 0)
		return;
	p = form_place(f, f->focus);
	form_paint_drop(f->area.y + p.row - form_top(f), f->area.x + p.col + 1, f->matches,
			f->match_count, f->match);
}

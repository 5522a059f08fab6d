#include "ui/dialog_p.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/text.h"

enum { SIDE_STEP = 8, LINE_TEXT = 2048, BUTTON_TEXT = 64 };

/* ---- wrapped text ---- */

void wrap_set(struct wrap *w, const char *text)
{
	char *p;

	wrap_free(w);
	w->text = mem_strdup(text);
	for (p = w->text; *p; p++) {
		if (*p == '\t')
			*p = ' ';
	}
}

void wrap_free(struct wrap *w)
{
	free(w->text);
	free(w->lines);
	*w = (struct wrap) {0};
}

static void line_text(const struct wrap *w, size_t at, size_t n, char out[LINE_TEXT])
{
	text_copy(out, n + 1 < LINE_TEXT ? n + 1 : LINE_TEXT, w->text + at);
}

int wrap_natural(const struct wrap *w)
{
	char line[LINE_TEXT];
	size_t at = 0, n;
	int most = 0, cols;

	for (;;) {
		n = strcspn(w->text + at, "\n");
		line_text(w, at, n, line);
		cols = draw_cols(line);
		if (cols > most)
			most = cols;
		if (!w->text[at + n])
			return most;
		at += n + 1;
	}
}

static void add_line(struct wrap *w, size_t at, size_t n)
{
	/* Grows by doubling: 0, 1, 2, 4... */
	if ((w->count & (w->count - 1)) == 0)
		w->lines = mem_realloc(w->lines,
				       (size_t)(w->count ? w->count * 2 : 1) * sizeof(*w->lines));
	w->lines[w->count++] = (struct wrap_line) {at, n};
}

/* The lines of the n bytes at `at`, which have no line feed. */
static void break_line(struct wrap *w, size_t at, size_t n)
{
	char *line = mem_strndup(w->text + at, n);
	size_t from = 0, next;

	do {
		add_line(w, at + from, text_line(line + from, (size_t)w->cols, &next));
		from += next;
	} while (from < n);
	free(line);
}

void wrap_layout(struct wrap *w, int cols)
{
	size_t at = 0, n;

	w->cols = cols > 0 ? cols : 1;
	w->count = 0;
	for (;;) {
		n = strcspn(w->text + at, "\n");
		if (w->exact)
			add_line(w, at, n);
		else
			break_line(w, at, n);
		at += n;
		if (!w->text[at])
			break;
		at++;
	}
	if (w->top >= w->count)
		w->top = w->count - 1;
	w->widest = w->exact ? wrap_natural(w) : w->cols;
	if (w->left > w->widest - w->cols)
		w->left = w->widest > w->cols ? w->widest - w->cols : 0;
}

/* A line without its first `left` columns; half of a wide character there leaves a blank. */
static void paint_line(struct rect r, int row, int left, enum face face, const char *line)
{
	size_t used, skip = text_fit(line, (size_t)left, &used);
	uint32_t cp;
	int col = 0;

	if (left > 0 && (int)used < left && line[skip]) {
		skip += text_next(line + skip, strlen(line + skip), &cp);
		draw_text(r, row, col++, 1, ALIGN_LEFT, face, "");
	}
	draw_text(r, row, col, r.w - col, ALIGN_LEFT, face, line + skip);
}

void wrap_paint(const struct wrap *w, struct rect r, enum face face)
{
	char line[LINE_TEXT];
	int i;

	for (i = 0; i < r.h && w->top + i < w->count; i++) {
		line_text(w, w->lines[w->top + i].at, w->lines[w->top + i].n, line);
		paint_line(r, i, w->left, face, line);
	}
}

static bool scroll_sideways(struct wrap *w, int step)
{
	int most = w->widest > w->cols ? w->widest - w->cols : 0, left = w->left + step;

	left = left > most ? most : left < 0 ? 0 : left;
	if (left == w->left)
		return false;
	w->left = left;
	return true;
}

bool wrap_scroll(struct wrap *w, enum action a, int rows)
{
	int last = w->count > rows ? w->count - rows : 0, top = w->top;

	if (a == ACT_LEFT || a == ACT_RIGHT)
		return scroll_sideways(w, a == ACT_LEFT ? -SIDE_STEP : SIDE_STEP);
	if (a == ACT_UP)
		top--;
	else if (a == ACT_DOWN)
		top++;
	else if (a == ACT_PAGE_UP)
		top -= rows > 1 ? rows - 1 : 1;
	else if (a == ACT_PAGE_DOWN)
		top += rows > 1 ? rows - 1 : 1;
	else if (a == ACT_FIRST)
		top = 0;
	else if (a == ACT_LAST)
		top = last;
	else
		return false;
	top = top > last ? last : top < 0 ? 0 : top;
	if (top == w->top)
		return false;
	w->top = top;
	return true;
}

/* ---- boxes ---- */

struct rect dialog_inside(struct rect box)
{
	return rect_inset(box, DIALOG_BORDER, DIALOG_PAD);
}

int dialog_cols(struct rect area, int inside, const char *title)
{
	int heading = draw_cols(title ? title : "") + 4;

	if (inside < heading)
		inside = heading;
	if (inside < DIALOG_MIN_COLS)
		inside = DIALOG_MIN_COLS;
	inside += 2 * DIALOG_PAD;
	return inside < area.w ? inside : area.w;
}

void dialog_buttons(struct rect r, int row, const char *yes, const char *no, int focus)
{
	char text[2][BUTTON_TEXT];
	int col, i;

	snprintf(text[0], BUTTON_TEXT, focus == 0 ? "[ %.40s ]" : "  %.40s  ", yes);
	snprintf(text[1], BUTTON_TEXT, focus == 1 ? "[ %.40s ]" : "  %.40s  ", no);
	col = (r.w - draw_cols(text[0]) - draw_cols(text[1]) - 2) / 2;
	col = col > 0 ? col : 0;
	for (i = 0; i < 2; i++) {
		if (focus == i)
			draw_cursor(r, row, col + 2);
		col += draw_run(r, row, col, focus == i ? FACE_FOCUS : FACE_NORMAL, text[i]) + 2;
	}
}

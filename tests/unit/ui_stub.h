/* A screen in memory for tests of widgets: draw_* records cells, what else widgets call is
 * counted. */
#ifndef KP_TESTS_UI_STUB_H
#define KP_TESTS_UI_STUB_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "ui/draw.h"
#include "ui/term.h"
#include "ui/view.h"

enum { STUB_ROWS = 60, STUB_COLS = 320 };

static struct {
	char text[STUB_ROWS][STUB_COLS][12]; /* "" : right half of a wide character */
	enum face face[STUB_ROWS][STUB_COLS];
	int rows, cols, cursor_y, cursor_x;
	int errors, messages, pops;
	char message[400];
	bool popped_ok;
	const void *result;
} stub = {.rows = 24, .cols = 80, .cursor_y = -1};

static void stub_put(int y, int x, enum face f, const char *s, size_t n)
{
	if (y < 0 || y >= STUB_ROWS || x < 0 || x >= STUB_COLS || n >= sizeof(stub.text[0][0]))
		return;
	memcpy(stub.text[y][x], s, n);
	stub.text[y][x][n] = 0;
	stub.face[y][x] = f;
}

static void stub_reset(int rows, int cols)
{
	int y, x;

	stub.rows = rows;
	stub.cols = cols;
	stub.cursor_y = stub.cursor_x = -1;
	for (y = 0; y < STUB_ROWS; y++) {
		for (x = 0; x < STUB_COLS; x++)
			stub_put(y, x, FACE_NORMAL, ".", 1);
	}
}

/* Fills exactly the width; cut text ends with '~'. */
void draw_text(struct rect r, int row, int col, int width, enum align a, enum face f,
	       const char *text)
{
	size_t used = 0, fit, at = 0, n, left;
	int x, y = r.y + row;
	bool cut;

	assert_non_null(text);
	/* Nothing is drawn outside the rectangle. */
	if (col + width > r.w)
		width = r.w - col;
	if (width <= 0 || row < 0 || row >= r.h || col < 0)
		return;
	fit = text_fit(text, (size_t)width, &used);
	cut = fit < strlen(text);
	if (cut)
		fit = text_fit(text, (size_t)width - 1, &used);
	for (x = 0; x < width; x++)
		stub_put(y, r.x + col + x, f, " ", 1);
	left = (size_t)width - used;
	x = r.x + col;
	if (!cut && a != ALIGN_LEFT)
		x += (int)(a == ALIGN_RIGHT ? left : left / 2);
	while (at < fit) {
		uint32_t cp;
		int cols;

		n = text_next(text + at, fit - at, &cp);
		cols = text_cp_cols(cp);
		if (cols)
			stub_put(y, x, f, text + at, n);
		if (cols == 2)
			stub_put(y, x + 1, f, "", 0);
		x += cols;
		at += n;
	}
	if (cut)
		stub_put(y, r.x + col + width - 1, f, "~", 1);
}

int draw_run(struct rect r, int row, int col, enum face f, const char *text)
{
	int cols = draw_cols(text);

	if (cols > r.w - col)
		cols = r.w - col;
	if (cols > 0)
		draw_text(r, row, col, cols, ALIGN_LEFT, f, text);
	return cols > 0 ? cols : 0;
}

void draw_clear(struct rect r, enum face f)
{
	int y;

	for (y = 0; y < r.h; y++)
		draw_text(r, y, 0, r.w, ALIGN_LEFT, f, "");
}

void draw_box(struct rect r, const char *title)
{
	draw_clear(r, FACE_NORMAL);
	if (r.h > 0 && r.w > 4 && title)
		draw_run(r, 0, 2, FACE_TITLE, title);
}

void draw_line(struct rect r, int row, const char *title)
{
	draw_text(r, row, 0, r.w, ALIGN_LEFT, FACE_BORDER, title ? title : "");
}

int draw_cols(const char *text)
{
	return (int)text_cols(text);
}

void draw_cursor(struct rect r, int row, int col)
{
	stub.cursor_y = r.y + row;
	stub.cursor_x = r.x + col;
}

void term_size(int *rows, int *cols)
{
	*rows = stub.rows;
	*cols = stub.cols;
}

bool term_copy(const char *text)
{
	return text != NULL;
}

void ui_error(const struct err_info *e)
{
	stub.errors++;
	err_sentence(e, stub.message, sizeof(stub.message));
}

void ui_message(enum message_kind kind, const char *fmt, ...)
{
	va_list ap;

	(void)kind;
	stub.messages++;
	va_start(ap, fmt);
	vsnprintf(stub.message, sizeof(stub.message), fmt, ap);
	va_end(ap);
}

void view_pop(bool ok, const void *result)
{
	stub.pops++;
	stub.popped_ok = ok;
	stub.result = result;
}

/* A row as text, trailing blanks and untouched cells cut. */
static inline const char *stub_row(int y)
{
	static char out[STUB_COLS * 12];
	size_t at = 0, n;
	int x, last = STUB_COLS - 1;

	while (last >= 0 && (!strcmp(stub.text[y][last], " ") || !strcmp(stub.text[y][last], ".")))
		last--;
	for (x = 0; x <= last; x++) {
		n = strlen(stub.text[y][x]);
		memcpy(out + at, stub.text[y][x], n);
		at += n;
	}
	out[at] = 0;
	return out;
}

static inline bool stub_shows(const char *words)
{
	int y;

	for (y = 0; y < STUB_ROWS; y++) {
		if (strstr(stub_row(y), words))
			return true;
	}
	return false;
}

#endif

/* draw.c - text into cells: columns, clipping, marks. */
#include "ui/draw.h"

#include <curses.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "base/buf.h"
#include "base/text.h"
#include "ui/options.h"

enum { MARK = 16, DUMP_MAX = 64 * 1024 };

/* Where cells go: row and columns of the screen; col is the next one, which may lie left of first.
 * */
struct pen {
	int row, col, first, end; /* end: one past the last that may be written */
	attr_t attr;
	short pair;
};

/* Half of a wide character that is about to lose its other half becomes a blank: curses would leave
 * it on the screen.  Both halves hold the character; only the second one counts above 1 in
 * A_CHARTEXT. */
static void split_at(int row, int col)
{
	wchar_t text[CCHARW_MAX + 1] = {0};
	cchar_t cell;
	attr_t attr;
	short pair;

	if (col < 1 || col >= COLS || mvin_wch(row, col, &cell) == ERR ||
	    (cell.attr & A_CHARTEXT) <= 1 || getcchar(&cell, text, &attr, &pair, NULL) == ERR)
		return;
	setcchar(&cell, L" ", attr, pair, NULL);
	mvadd_wch(row, col - 1, &cell);
	mvadd_wch(row, col, &cell);
}

static struct pen pen_at(struct rect r, int row, int col, int width, enum face f)
{
	int right = r.x + r.w < COLS ? r.x + r.w : COLS;
	struct pen p = {.row = r.y + row,
			.col = r.x + col,
			.first = r.x > 0 ? r.x : 0,
			.end = r.x + col + width < right ? r.x + col + width : right,
			.attr = (attr_t)theme_attr(f),
			.pair = (short)theme_pair(f)};

	if (row < 0 || row >= r.h || p.row < 0 || p.row >= LINES)
		p.end = p.first; /* nothing is inside */
	if (p.end > p.first && p.end > p.col) {
		split_at(p.row, p.col > p.first ? p.col : p.first);
		split_at(p.row, p.end);
	}
	return p;
}

/* A cell of `cols` columns; half of a wide one at an edge becomes a blank. */
static void put_cell(struct pen *p, const wchar_t *text, int cols)
{
	static const wchar_t BLANK[] = L" ";
	cchar_t cell;
	int i;

	if (p->col >= p->first && p->col + cols <= p->end) {
		if (setcchar(&cell, text, p->attr, p->pair, NULL) == OK)
			mvadd_wch(p->row, p->col, &cell);
	} else {
		setcchar(&cell, BLANK, p->attr, p->pair, NULL);
		for (i = p->col; i < p->col + cols; i++) {
			if (i >= p->first && i < p->end)
				mvadd_wch(p->row, i, &cell);
		}
	}
	p->col += cols;
}

static void put_ascii(struct pen *p, const char *s)
{
	for (; *s; s++) {
		const wchar_t text[2] = {(wchar_t)*s, 0};

		put_cell(p, text, 1);
	}
}

/* Most of a screen is blank: curses fills a run at once. */
static void put_blanks(struct pen *p, int n)
{
	int from = p->col > p->first ? p->col : p->first;
	int to = p->col + n < p->end ? p->col + n : p->end;
	cchar_t cell;

	if (to > from && setcchar(&cell, L" ", p->attr, p->pair, NULL) == OK)
		mvhline_set(p->row, from, &cell, to - from);
	if (to > p->col)
		p->col = to;
}

/* ---- units of text: a base character with its marks, or a mark for what may not be shown ---- */

struct unit_of_text {
	wchar_t text[CCHARW_MAX + 1];
	char mark[MARK]; /* "" when text counts */
	size_t bytes;
	int cols;
};

/* Selectors choose a picture's colours; terminals disagree about their width. */
static bool is_selector(uint32_t cp)
{
	return (cp >= 0xFE00 && cp <= 0xFE0F) || (cp >= 0xE0100 && cp <= 0xE01EF);
}

/* Where the library and the terminal's setting disagree about a width, something else of that width
 * stands in: a wrong guess would shift the rest of the row. */
static void stand_in(struct unit_of_text *u, uint32_t cp)
{
	static const struct {
		uint32_t cp;
		const char *text;
	} KNOWN[] = {{0x201C, "\""}, {0x201D, "\""}, {0x2018, "'"},  {0x2019, "'"},
		     {0x2014, "--"}, {0x2026, ".."}, {0x00B7, "."},  {0x00D7, "x"},
		     {0x2192, "->"}, {0x2190, "<-"}, {0x2500, "--"}, {0x2103, "'C"}};
	const char *text = "?";
	size_t i;

	for (i = 0; i < sizeof(KNOWN) / sizeof(KNOWN[0]); i++) {
		if (KNOWN[i].cp == cp)
			text = KNOWN[i].text;
	}
	snprintf(u->mark, sizeof(u->mark), "%-*.*s", u->cols, u->cols, text);
}

static void take_marks(struct unit_of_text *u, const char *s, size_t n)
{
	size_t count = 1;

	while (u->bytes < n) {
		uint32_t cp;
		size_t k = text_next(s + u->bytes, n - u->bytes, &cp);

		if (text_is_forbidden(cp) || text_cp_cols(cp) != 0)
			return;
		if (!is_selector(cp) && count < CCHARW_MAX && wcwidth((wchar_t)cp) == 0)
			u->text[count++] = (wchar_t)cp;
		u->bytes += k;
	}
}

/* The unit at s (n > 0 bytes). */
static void next_unit(struct unit_of_text *u, const char *s, size_t n)
{
	uint32_t cp;

	memset(u, 0, sizeof(*u));
	u->bytes = text_next(s, n, &cp);
	if (text_is_forbidden(cp)) {
		u->cols = snprintf(u->mark, sizeof(u->mark), "<U+%04X>", (unsigned)cp);
		return;
	}
	u->text[0] = (wchar_t)cp;
	u->cols = text_cp_cols(cp);
	if (u->cols == 0) { /* marks without a base stand on a blank */
		u->text[0] = L' ';
		u->cols = 1;
		u->bytes = 0;
	}
	take_marks(u, s, n);
	if (wcwidth(u->text[0]) != u->cols)
		stand_in(u, cp);
}

static void put_unit(struct pen *p, const struct unit_of_text *u)
{
	if (*u->mark)
		put_ascii(p, u->mark);
	else
		put_cell(p, u->text, u->cols);
}

int draw_cols(const char *text)
{
	size_t n = strlen(text), at = 0;
	struct unit_of_text u;
	int cols = 0;

	for (; at < n; at += u.bytes) {
		next_unit(&u, text + at, n - at);
		cols += u.cols;
	}
	return cols;
}

/* Text into at most `width` columns, `total` columns long; what is cut ends with '~'. */
static void put_text(struct pen *p, const char *text, int width, int total)
{
	int room = total > width ? width - 1 : width, used = 0;
	size_t n = strlen(text), at = 0;
	struct unit_of_text u;

	for (; at < n; at += u.bytes) {
		next_unit(&u, text + at, n - at);
		if (used + u.cols > room)
			break;
		put_unit(p, &u);
		used += u.cols;
	}
	if (total > width && width > 0) {
		put_blanks(p, room - used);
		put_ascii(p, "~");
	}
}

void draw_text(struct rect r, int row, int col, int width, enum align a, enum face f,
	       const char *text)
{
	struct pen p = pen_at(r, row, col, width, f);
	int total = draw_cols(text), gap = width > total ? width - total : 0;
	int before = a == ALIGN_RIGHT ? gap : a == ALIGN_CENTRE ? gap / 2 : 0;

	put_blanks(&p, before);
	put_text(&p, text, width, total);
	put_blanks(&p, gap - before);
}

int draw_wrapped(struct rect r, int row, int col, int width, int rows, enum face f,
		 const char *text)
{
	int used = 0;

	while (*text && used < rows && width > 1) {
		size_t len = strcspn(text, "\n"), n, next;
		char *line = mem_strndup(text, len);

		n = text_line(line, (size_t)width, &next);
		if (used + 1 < rows)
			line[n] = 0;
		draw_text(r, row + used++, col, width, ALIGN_LEFT, f, line);
		free(line);
		text += next;
		if (next == len && *text)
			text++;
	}
	return used;
}

int draw_run(struct rect r, int row, int col, enum face f, const char *text)
{
	int room = r.w - col, total = draw_cols(text), width = total < room ? total : room;

	if (width <= 0)
		return 0;
	draw_text(r, row, col, width, ALIGN_LEFT, f, text);
	return width;
}

void draw_clear(struct rect r, enum face f)
{
	int row;

	for (row = 0; row < r.h; row++) {
		struct pen p = pen_at(r, row, 0, r.w, f);

		p.col = p.col < 0 ? 0 : p.col;
		put_blanks(&p, p.end - p.col);
	}
}

/* ---- lines and boxes ---- */

enum border { H, V, TOP_LEFT, TOP_RIGHT, BOTTOM_LEFT, BOTTOM_RIGHT, BORDER_COUNT };

static const struct {
	char acs, ascii;
	wchar_t unicode;
} BORDERS[BORDER_COUNT] = {
    [H] = {'q', '-', 0x2500},           [V] = {'x', '|', 0x2502},
    [TOP_LEFT] = {'l', '+', 0x250C},    [TOP_RIGHT] = {'k', '+', 0x2510},
    [BOTTOM_LEFT] = {'m', '+', 0x2514}, [BOTTOM_RIGHT] = {'j', '+', 0x2518},
};

static void put_border(struct pen *p, enum border b)
{
	enum borders style = options_get()->borders;
	wchar_t text[2] = {(wchar_t)BORDERS[b].ascii, 0};
	cchar_t cell;

	/* Lines of Unicode are two columns wide where ambiguous characters are. */
	if (style == BORDERS_UNICODE && text_cp_cols((uint32_t)BORDERS[b].unicode) == 1 &&
	    wcwidth(BORDERS[b].unicode) == 1)
		text[0] = BORDERS[b].unicode;
	if (style == BORDERS_ACS && text_cp_cols((uint32_t)BORDERS[b].unicode) == 1 &&
	    p->col >= p->first && p->col < p->end) {
		wchar_t chars[CCHARW_MAX + 1];
		attr_t attr;
		short pair;

		getcchar(NCURSES_WACS(BORDERS[b].acs), chars, &attr, &pair, NULL);
		setcchar(&cell, chars, attr | p->attr, p->pair, NULL);
		mvadd_wch(p->row, p->col++, &cell);
		return;
	}
	put_cell(p, text, 1);
}

static void put_borders(struct pen *p, enum border b, int n)
{
	while (n-- > 0)
		put_border(p, b);
}

void draw_line(struct rect r, int row, const char *title)
{
	struct pen p = pen_at(r, row, 0, r.w, FACE_BORDER);
	int cols;

	put_borders(&p, H, r.w);
	if (text_empty(title) || r.w < 8)
		return;
	cols = draw_cols(title);
	if (cols > r.w - 6)
		cols = r.w - 6;
	draw_text(r, row, 2, cols + 2, ALIGN_CENTRE, FACE_TITLE, " ");
	draw_text(r, row, 3, cols, ALIGN_LEFT, FACE_TITLE, title);
}

void draw_box(struct rect r, const char *title)
{
	int row, cols;

	draw_clear(r, FACE_NORMAL);
	for (row = 0; row < r.h; row++) {
		struct pen p = pen_at(r, row, 0, r.w, FACE_BORDER);
		bool top = row == 0, bottom = row == r.h - 1;

		put_border(&p, top ? TOP_LEFT : bottom ? BOTTOM_LEFT : V);
		if (top || bottom)
			put_borders(&p, H, r.w - 2);
		else
			p.col += r.w > 2 ? r.w - 2 : 0;
		put_border(&p, top ? TOP_RIGHT : bottom ? BOTTOM_RIGHT : V);
	}
	if (text_empty(title) || r.w < 8)
		return;
	cols = draw_cols(title);
	if (cols > r.w - 6)
		cols = r.w - 6;
	draw_text(r, 0, 2, 1, ALIGN_LEFT, FACE_TITLE, " ");
	draw_text(r, 0, 3, cols, ALIGN_LEFT, FACE_TITLE, title);
	draw_text(r, 0, 3 + cols, 1, ALIGN_LEFT, FACE_TITLE, " ");
}

/* ---- the cursor ---- */

static struct {
	bool wanted;
	int row, col;
} cursor;

void draw_forget_cursor(void)
{
	cursor.wanted = false;
}

void draw_cursor(struct rect r, int row, int col)
{
	cursor.row = r.y + row;
	cursor.col = r.x + col;
	cursor.wanted = row >= 0 && row < r.h && col >= 0 && col <= r.w && cursor.row >= 0 &&
			cursor.row < LINES && cursor.col >= 0;
	if (cursor.col >= COLS)
		cursor.col = COLS - 1;
}

bool draw_cursor_at(int *row, int *col)
{
	*row = cursor.row;
	*col = cursor.col;
	return cursor.wanted;
}

bool draw_place_cursor(void)
{
	curs_set(cursor.wanted ? 1 : 0);
	leaveok(stdscr, !cursor.wanted);
	if (cursor.wanted)
		move(cursor.row, cursor.col);
	return cursor.wanted;
}

/* ---- for scripts ---- */

/* Line drawing of the alternate character set, as the characters it stands for. */
static wchar_t readable(wchar_t c, attr_t attr)
{
	size_t i;

	for (i = 0; i < BORDER_COUNT && (attr & A_ALTCHARSET); i++) {
		if (BORDERS[i].acs == (char)c)
			return BORDERS[i].unicode;
	}
	return c;
}

char *draw_dump_row(int row)
{
	struct buf b;
	int col = 0;

	buf_init(&b, DUMP_MAX);
	while (col < COLS) {
		wchar_t text[CCHARW_MAX + 1] = {0};
		cchar_t cell;
		attr_t attr;
		short pair;
		int i, cols;

		mvin_wch(row, col, &cell);
		getcchar(&cell, text, &attr, &pair, NULL);
		cols = wcwidth(text[0]);
		for (i = 0; text[i]; i++) {
			char utf8[4];

			buf_add(&b, utf8, text_put((uint32_t)readable(text[i], attr), utf8));
		}
		col += cols > 1 ? cols : 1;
	}
	while (b.len && b.data[b.len - 1] == ' ')
		b.data[--b.len] = 0;
	if (b.len)
		return buf_detach(&b);
	buf_free(&b);
	return mem_strdup("");
}

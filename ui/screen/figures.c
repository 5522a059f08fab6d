/* figures.c - figures in groups: labels and values, wrapped, scrollable, in one column or two. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "ui/screen/parts.h"

enum { LABEL_COLS = 16, WIDE = 100, GAP = 2, VALUE_TEXT = 2000 };

void figures_clear(struct figures *s)
{
	int i;

	for (i = 0; i < s->count; i++) {
		free(s->rows[i].label);
		free(s->rows[i].value);
	}
	free(s->rows);
	s->rows = NULL;
	s->count = 0;
}

static void push(struct figures *s, struct figure row)
{
	/* Grows at powers of two. */
	if ((s->count & (s->count - 1)) == 0)
		s->rows =
		    mem_realloc(s->rows, (size_t)(s->count ? s->count * 2 : 1) * sizeof(*s->rows));
	s->rows[s->count++] = row;
}

void figures_title(struct figures *s, const char *title)
{
	push(s, (struct figure) {.value = mem_strdup(title), .face = FACE_TITLE, .title = true});
}

void figures_add(struct figures *s, const char *label, enum face face, const char *fmt, ...)
{
	char text[VALUE_TEXT];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	text[text_whole(text, strlen(text))] = 0;
	push(s,
	     (struct figure) {.label = mem_strdup(label), .value = mem_strdup(text), .face = face});
}

void figures_time(struct figures *s, const char *label, int64_t at)
{
	char text[DATETIME_TEXT];

	figures_add(s, label, FACE_DIM, "%s", at ? datetime_text(at, text) : "还没有同步");
	s->rows[s->count - 1].time = true;
}

/* ---- painting ---- */

static int label_cols(const struct figures *s)
{
	return s->label_cols ? s->label_cols : LABEL_COLS;
}

static int value_cols(const struct figures *s, int cols)
{
	int left = cols - label_cols(s) - GAP;

	return left > 8 ? left : 8;
}

static int row_lines(const struct figures *s, int i, int cols)
{
	const struct figure *row = &s->rows[i];
	const char *at = row->value;
	size_t next;
	int lines = 0;

	if (row->title) /* an empty line before every title but the first */
		return i ? 2 : 1;
	do {
		text_line(at, (size_t)value_cols(s, cols), &next);
		at += next;
		lines++;
	} while (*at);
	return lines;
}

static void paint_row(const struct figures *s, int i, struct rect r, int y)
{
	const struct figure *row = &s->rows[i];
	const char *at = row->value;
	int width = value_cols(s, r.w), cols;

	if (row->title) {
		y += i > 0;
		if (y >= 0 && y < r.h)
			draw_text(r, y, 1, r.w - 1, ALIGN_LEFT, row->face, row->value);
		return;
	}
	cols = draw_cols(row->label);
	cols = cols < label_cols(s) ? cols : label_cols(s);
	if (y >= 0 && y < r.h)
		draw_text(r, y, label_cols(s) - cols, cols, ALIGN_LEFT, FACE_LABEL, row->label);
	do {
		char line[VALUE_TEXT];
		size_t next, n = text_line(at, (size_t)width, &next);

		text_copy(line, n + 1 < sizeof(line) ? n + 1 : sizeof(line), at);
		if (y >= 0 && y < r.h)
			draw_text(r, y, label_cols(s) + GAP, r.w - label_cols(s) - GAP, ALIGN_LEFT,
				  row->face, line);
		at += next;
		y++;
	} while (*at);
}

static int lines_between(const struct figures *s, int from, int to, int cols)
{
	int i, lines = 0;

	for (i = from; i < to; i++)
		lines += row_lines(s, i, cols) - (i == from && i && s->rows[i].title);
	return lines;
}

static bool has_titles(const struct figures *s)
{
	int i;

	for (i = 0; i < s->count; i++) {
		if (s->rows[i].title)
			return true;
	}
	return false;
}

/* Where the second column begins: the title nearest to the middle, without titles the middle;
 * count for one column. */
static int part(const struct figures *s, int cols)
{
	int i, all = lines_between(s, 0, s->count, cols), best = s->count, most = all;
	bool titles = has_titles(s);

	for (i = 1; i < s->count; i++) {
		int left, right;

		if (titles && !s->rows[i].title)
			continue;
		left = lines_between(s, 0, i, cols);
		right = lines_between(s, i, s->count, cols);
		if ((left > right ? left : right) < most) {
			most = left > right ? left : right;
			best = i;
		}
	}
	return best;
}

static void paint_column(const struct figures *s, int from, int to, struct rect r)
{
	int i, y = -s->top - (from > 0 && from < s->count && s->rows[from].title);

	for (i = from; i < to; i++) {
		paint_row(s, i, r, y);
		y += row_lines(s, i, r.w);
	}
}

void figures_paint(struct figures *s, struct rect r)
{
	struct rect left = r;
	int middle = s->count, lines;

	draw_clear(r, FACE_NORMAL);
	if (r.w > WIDE) {
		left.w = r.w / 2 - 1;
		middle = part(s, left.w);
	}
	if (middle == s->count)
		left.w = r.w;
	lines = lines_between(s, 0, middle, left.w);
	s->lines = lines_between(s, middle, s->count, left.w);
	s->lines = s->lines > lines ? s->lines : lines;
	s->lines += s->tail;
	s->shown = r.h;
	if (s->top > s->lines - s->shown)
		s->top = s->lines > s->shown ? s->lines - s->shown : 0;
	paint_column(s, 0, middle, left);
	if (middle < s->count) {
		struct rect right = {r.y, r.x + left.w + GAP, r.h, r.w - left.w - GAP};

		paint_column(s, middle, s->count, right);
	}
}

bool figures_act(struct figures *s, enum action a)
{
	int last = s->lines > s->shown ? s->lines - s->shown : 0, top = s->top;
	int page = s->shown > 1 ? s->shown - 1 : 1;

	switch (a) {
	case ACT_UP:
		top--;
		break;
	case ACT_DOWN:
		top++;
		break;
	case ACT_PAGE_UP:
		top -= page;
		break;
	case ACT_PAGE_DOWN:
		top += page;
		break;
	case ACT_FIRST:
		top = 0;
		break;
	case ACT_LAST:
		top = last;
		break;
	default:
		return false;
	}
	top = top > last ? last : top < 0 ? 0 : top;
	if (top == s->top)
		return false;
	s->top = top;
	return true;
}

/* ---- comparing ---- */

static const struct figure *same_label(const struct figures *s, const char *title,
				       const char *label)
{
	const char *under = "";
	int i;

	for (i = 0; i < s->count; i++) {
		if (s->rows[i].title)
			under = s->rows[i].value;
		else if (!strcmp(under, title) && !strcmp(s->rows[i].label, label))
			return &s->rows[i];
	}
	return NULL;
}

/* Rows there are no more. */
static int changes_gone(const struct figures *before, const struct figures *after, struct buf *b)
{
	const char *title = "";
	int i, n = 0;

	for (i = 0; i < before->count; i++) {
		const struct figure *row = &before->rows[i];

		if (row->title) {
			title = row->value;
		} else if (!row->time && !same_label(after, title, row->label)) {
			n++;
			buf_addf(b, "%s　%s：%s -> 无\n", title, row->label, row->value);
		}
	}
	return n;
}

int figures_changes(const struct figures *before, const struct figures *after, struct buf *b)
{
	const char *title = "";
	int i, n = 0;

	for (i = 0; before->count && i < after->count; i++) {
		const struct figure *row = &after->rows[i], *old;

		if (row->title) {
			title = row->value;
			continue;
		}
		old = same_label(before, title, row->label);
		if (row->time || (old && !strcmp(old->value, row->value)))
			continue;
		n++;
		buf_addf(b, "%s　%s：%s -> %s\n", title, row->label, old ? old->value : "无",
			 row->value);
	}
	return n + changes_gone(before, after, b);
}

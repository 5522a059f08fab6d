#include "print/sheet_p.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "print/print.h"

const struct face_rgb face_rgb[INKS] = {
    [INK_LABEL] = {128, 0, 0},         [INK_VALUE] = {0, 0, 0},
    [INK_SEAL] = {255, 0, 0},          [INK_BAND_LIGHT] = {246, 237, 225},
    [INK_BAND_DARK] = {118, 89, 84},   [INK_ICON] = {250, 239, 173},
    [INK_WATERMARK] = {238, 238, 238},
};

void sheets_init(struct sheets *s)
{
	memset(s, 0, sizeof(*s));
	buf_init(&s->text, PRINT_SIZE_MAX);
}

void sheets_free(struct sheets *s)
{
	buf_free(&s->text);
	free(s->marks);
	free(s->rects);
	free(s->pages);
	memset(s, 0, sizeof(*s));
}

/* Room for one more element; returns the array. */
static void *grown(void *array, size_t count, size_t *cap, size_t size)
{
	if (count < *cap)
		return array;
	*cap = *cap ? *cap * 2 : 64;
	return mem_realloc(array, *cap * size);
}

void sheets_page(struct sheets *s, double width, double height)
{
	s->pages = grown(s->pages, s->page_count, &s->page_cap, sizeof(*s->pages));
	s->pages[s->page_count++] =
	    (struct sheet) {.width = width, .height = height, .first = s->mark_count};
}

static struct mark *add_mark(struct sheets *s, enum mark_kind kind, enum face_ink ink)
{
	struct mark *m;

	s->marks = grown(s->marks, s->mark_count, &s->mark_cap, sizeof(*s->marks));
	m = &s->marks[s->mark_count++];
	memset(m, 0, sizeof(*m));
	m->kind = kind;
	m->ink = ink;
	s->pages[s->page_count - 1].count++;
	return m;
}

void sheets_line(struct sheets *s, double x1, double y1, double x2, double y2, double width,
		 enum face_ink ink)
{
	struct mark *m = add_mark(s, MARK_LINE, ink);

	m->x = x1;
	m->y = y1;
	m->x2 = x2;
	m->y2 = y2;
	m->width = width;
}

void sheets_ellipse(struct sheets *s, double x, double y, double rx, double ry, double width,
		    enum face_ink ink)
{
	struct mark *m = add_mark(s, MARK_ELLIPSE, ink);

	m->x = x;
	m->y = y;
	m->x2 = rx;
	m->y2 = ry;
	m->width = width;
}

void sheets_rects(struct sheets *s, enum face_ink ink)
{
	struct mark *m = add_mark(s, MARK_RECTS, ink);

	m->first_rect = s->rect_count;
}

void sheets_rect(struct sheets *s, double x, double y, double w, double h)
{
	s->rects = grown(s->rects, s->rect_count, &s->rect_cap, sizeof(*s->rects));
	s->rects[s->rect_count++] = (struct rect) {x, y, w, h};
	s->marks[s->mark_count - 1].rects++;
}

void sheets_run(struct sheets *s, struct pen p, double x, double baseline, double stretch,
		double angle, const char *text, size_t n)
{
	struct mark *m;
	size_t i, step;
	uint32_t cp;

	m = add_mark(s, MARK_TEXT, p.ink);
	m->x = x;
	m->y = baseline;
	m->font = p.font;
	m->field = p.field;
	m->size = p.pt * MM_PER_PT;
	m->stretch = stretch;
	m->angle = angle;
	m->text = s->text.len;
	for (i = 0; i < n; i += step) {
		step = text_next(text + i, n - i, &cp);
		if (glyph_allowed(cp))
			buf_add(&s->text, text + i, step);
	}
	m->len = s->text.len - m->text;
}

void sheets_text(struct sheets *s, struct pen p, double x, double y, const char *text)
{
	sheets_run(s, p, x, y + ASCENT_EM * p.pt * MM_PER_PT, 1, 0, text, strlen(text));
}

void sheets_cell(struct sheets *s, struct pen p, enum align a, double x1, double x2, double middle,
		 const char *text, size_t n)
{
	double em = text_em(p.font, text, n), size = p.pt * MM_PER_PT, w = x2 - x1, x = x1;

	if (n == 0)
		return;
	if (em * size > w) {
		p.pt = w / em / MM_PER_PT;
		/* Whole half points look like type; below that the exact fit is needed. */
		if (p.pt > 1)
			p.pt = (double)(int)(p.pt * 2 + 1e-6) / 2;
		size = p.pt * MM_PER_PT;
	}
	if (a == ALIGN_CENTRE)
		x = x1 + (w - em * size) / 2;
	else if (a == ALIGN_RIGHT)
		x = x2 - em * size;
	sheets_run(s, p, x, middle + (ASCENT_EM - 0.5) * size, 1, 0, text, n);
}

void sheets_box(struct sheets *s, struct pen p, double x, double y, double w, double h,
		double leading, const char *text)
{
	size_t n = strlen(text), rows, len, skip;
	double size;

	for (;; p.pt -= 0.5) {
		size = p.pt * MM_PER_PT;
		rows = text_rows(p.font, text, n, w / size);
		if ((double)rows * size * leading <= h || p.pt <= 1)
			break;
	}
	for (; n; text += len + skip, n -= len + skip) {
		len = text_row(p.font, text, n, w / size, &skip);
		if (len)
			sheets_run(s, p, x, y + ASCENT_EM * size, 1, 0, text, len);
		y += size * leading;
	}
}

#include "ui/grid_p.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"

enum { WIDE_COLS = 100, PREFIX = 4, HEADER = 1, PART = 512 };

/* Where the columns stand for this area: width 0 is not shown. */
struct places {
	int x[GRID_COLUMNS], w[GRID_COLUMNS], n;
};

static int width_of(const struct grid *g, int i)
{
	const struct grid_column *c = &g->columns[i];

	return g->area.w > WIDE_COLS && c->wide_width ? c->wide_width : c->width;
}

/* In a narrow area columns go off at the left until the focused one is whole. */
static int first_column(const struct grid *g)
{
	int first = 0, i, end = PREFIX;

	for (i = 0; i <= g->column; i++)
		end += width_of(g, i) + 1;
	while (first < g->column && end - 1 > g->area.w)
		end -= width_of(g, first++) + 1;
	return first;
}

static struct places places_of(const struct grid *g)
{
	struct places p = {.n = grid_columns(g)};
	int i, x = PREFIX, w;

	for (i = first_column(g); i < p.n && x < g->area.w; i++) {
		w = width_of(g, i);
		p.x[i] = x;
		p.w[i] = x + w <= g->area.w ? w : g->area.w - x;
		x += w + 1;
	}
	return p;
}

/* ---- which rows ---- */

static int height(const struct grid *g, int row)
{
	return g->rows[row].note ? 2 : 1;
}

static void scroll(struct grid *g)
{
	int room = g->area.h - HEADER, used = 0, i;

	if (g->top > g->row)
		g->top = g->row;
	for (i = g->row; i >= g->top && used + height(g, i) <= room; i--)
		used += height(g, i);
	if (i >= g->top)
		g->top = i + 1 < g->row ? i + 1 : g->row;
	/* No room is left empty below while rows are hidden above. */
	for (i = g->row + 1; i < g->count && used <= room; i++)
		used += height(g, i);
	while (g->top > 0 && i >= g->count && used + height(g, g->top - 1) <= room)
		used += height(g, --g->top);
}

/* ---- painting ---- */

static enum face face_of(const struct grid *g, int row, int column, bool focused)
{
	const struct grid_row *r = &g->rows[row];
	bool here = row == g->row && column == g->column;

	/* While a cell is being typed its error is not shouted. */
	if (r->error && r->error_column == column && !(here && g->editing))
		return here && focused ? FACE_FOCUS : FACE_ERROR;
	if (here)
		return focused ? FACE_FOCUS : FACE_FIELD;
	if (r->marked)
		return FACE_MARKED;
	return grid_can_edit(g, column) ? FACE_VALUE : FACE_READONLY;
}

static void paint_number(const struct grid *g, int row, int y)
{
	const struct grid_row *r = &g->rows[row];
	char text[16];

	snprintf(text, sizeof(text), "%3d", row + 1);
	draw_text(g->area, y, 0, PREFIX, ALIGN_LEFT, FACE_DIM, text);
	if (r->error && !(row == g->row && g->editing))
		draw_text(g->area, y, PREFIX - 1, 1, ALIGN_LEFT, FACE_ERROR, "!");
	else if (r->marked)
		draw_text(g->area, y, PREFIX - 1, 1, ALIGN_LEFT, FACE_MARKED, "*");
}

/* The same figure, but for the separators of thousands? */
static bool same_figure(const char *grouped, const char *typed)
{
	for (; *grouped; grouped++) {
		if (*grouped == ',')
			continue;
		if (*grouped != *typed++)
			return false;
	}
	return !*typed;
}

/* Figures stand where they stand without the focus; the caret behind one is in the gap between two
 * columns.  Until something is typed, one is shown with its separators. */
static void paint_figure(const struct grid *g, int x, int w, int y, enum face face)
{
	const char *text = g->edit.text, *shown = g->rows[g->row].shown[g->column];
	int caret = x + w - draw_cols(text + g->edit.caret);

	if (shown && g->fresh && g->edit.caret == g->edit.len && draw_cols(shown) <= w &&
	    same_figure(shown, text))
		text = shown;
	draw_text(g->area, y, x, w, ALIGN_RIGHT, face, text);
	draw_cursor(g->area, y, caret);
}

/* A figure too long for its column goes without separators rather than without its end. */
static void paint_cell(const struct grid *g, const struct places *p, int i, int y, enum face face,
		       const char *text)
{
	char plain[PART];
	size_t n = 0;

	if (g->columns[i].align == ALIGN_RIGHT && draw_cols(text) > p->w[i]) {
		for (; *text && n + 1 < sizeof(plain); text++) {
			if (*text != ',')
				plain[n++] = *text;
		}
		plain[n] = 0;
		text = plain;
	}
	draw_text(g->area, y, p->x[i], p->w[i], g->columns[i].align, face, text);
}

/* What is computed for an empty cell stays visible until something is typed over it. */
static void paint_focused(struct grid *g, const struct places *p, int i, int y, enum face face)
{
	const char *shown = g->rows[g->row].shown[i];

	if (g->columns[i].align == ALIGN_RIGHT && draw_cols(g->edit.text) <= p->w[i])
		paint_figure(g, p->x[i], p->w[i], y, face);
	else
		form_paint_line(g->area, y, p->x[i], p->w[i], face, &g->edit, true, false);
	if (!g->edit.len && shown)
		paint_cell(g, p, i, y, face, shown);
}

static void paint_row(struct grid *g, const struct places *p, int row, int y, bool focused)
{
	const struct grid_row *r = &g->rows[row];
	int i;

	paint_number(g, row, y);
	for (i = 0; i < p->n; i++) {
		enum face face = face_of(g, row, i, focused);

		if (p->w[i] <= 0)
			continue;
		if (focused && row == g->row && i == g->column)
			paint_focused(g, p, i, y, face);
		else
			paint_cell(g, p, i, y, face, r->shown[i] ? r->shown[i] : r->cell[i]);
	}
}

/* The part of a note for column i, "" past the end. */
static void note_part(const char *note, int i, char out[PART])
{
	size_t n;

	while (i > 0 && note) {
		note = strchr(note, '\t');
		note = note ? note + 1 : NULL;
		i--;
	}
	n = note ? strcspn(note, "\t") : 0;
	text_copy(out, n + 1 < PART ? n + 1 : PART, note);
}

static void paint_note(const struct grid *g, const struct places *p, const char *note, int y)
{
	char part[PART];
	int i, end = g->area.w;

	for (i = p->n - 1; i > 0; i--) {
		note_part(note, i, part);
		if (!part[0] || p->w[i] <= 0)
			continue;
		draw_text(g->area, y, p->x[i], p->w[i], g->columns[i].align, FACE_DIM, part);
		end = p->x[i] - 1;
	}
	note_part(note, 0, part);
	if (end > PREFIX)
		draw_text(g->area, y, PREFIX, end - PREFIX, ALIGN_LEFT, FACE_DIM, part);
}

static void paint_header(const struct grid *g, const struct places *p)
{
	int i;

	draw_text(g->area, 0, 0, g->area.w, ALIGN_LEFT, FACE_HEADER, "  #");
	for (i = 0; i < p->n; i++) {
		if (p->w[i] > 0)
			draw_text(g->area, 0, p->x[i], p->w[i], g->columns[i].align, FACE_HEADER,
				  g->columns[i].label);
	}
}

void grid_paint(struct grid *g, bool focused)
{
	struct places p = places_of(g);
	int row, y = HEADER;

	if (rect_empty(g->area))
		return;
	scroll(g);
	draw_clear(g->area, FACE_NORMAL);
	paint_header(g, &p);
	for (row = g->top; row < g->count && y < g->area.h; row++) {
		paint_row(g, &p, row, y++, focused);
		if (g->rows[row].note && y < g->area.h)
			paint_note(g, &p, g->rows[row].note, y++);
	}
	if (focused)
		grid_paint_matches(g);
}

void grid_paint_matches(const struct grid *g)
{
	struct places p = places_of(g);
	int row, y = HEADER;

	if (!g->match_count)
		return;
	for (row = g->top; row < g->row; row++)
		y += height(g, row);
	form_paint_drop(g->area.y + y, g->area.x + p.x[g->column], g->matches, g->match_count,
			g->match);
}

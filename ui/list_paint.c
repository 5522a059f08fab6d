#include "ui/list_p.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"

/* The rows are of the conditions before. */
#define PENDING "条件已改，还没有查询：回车查询，Esc 不改"

enum { WIDE_COLS = 100, MARK_COLS = 2 };

/* Widths for the area: 0 hidden.  The blank before the next column is not part of a width. */
static void widths_of(const struct list *l, int w[LIST_COLUMNS])
{
	int i, rest = -1, used = MARK_COLS;

	for (i = 0; i < LIST_COLUMNS && l->columns[i].label; i++) {
		const struct list_column *c = &l->columns[i];

		w[i] = l->area.w > WIDE_COLS && c->wide_width ? c->wide_width : c->width;
		if (l->area.w < c->from)
			w[i] = 0;
		if (w[i] < 0)
			rest = i;
		if (w[i])
			used += 1;
		if (w[i] > 0)
			used += w[i];
	}
	if (rest >= 0)
		w[rest] = l->area.w - used + 1 > 0 ? l->area.w - used + 1 : 0;
}

static void paint_cells(const struct list *l, struct rect r, int row, enum face face,
			const struct list_row *data)
{
	int w[LIST_COLUMNS] = {0}, i, col = MARK_COLS;

	widths_of(l, w);
	draw_text(r, row, 0, r.w, ALIGN_LEFT, face, data && data->marked ? "*" : "");
	for (i = 0; i < LIST_COLUMNS && l->columns[i].label && col < r.w; i++) {
		int width = w[i] < r.w - col ? w[i] : r.w - col;

		if (width <= 0)
			continue;
		draw_text(r, row, col, width, l->columns[i].align, face,
			  data ? data->cell[i] : l->columns[i].label);
		col += w[i] + 1;
	}
}

static enum face face_of(const struct list_row *row, bool selected)
{
	if (selected)
		return FACE_SELECTED;
	return row->marked ? FACE_MARKED : row->face;
}

static void status_text(const struct list *l, char out[256])
{
	char total[64] = "", range[96] = "", marks[64] = "";
	const char *filter =
	    !list_shows_filter(l) && list_has_conditions(l) ? "（有查询条件）" : "";
	int64_t first = l->first ? l->first : l->offset + 1;
	int64_t last = l->first ? l->last : l->offset + l->count;

	if (l->total >= 0)
		snprintf(total, sizeof(total), l->at_least ? "共至少 %lld 条" : "共 %lld 条",
			 (long long)l->total);
	if (l->count && (l->first || l->offset >= 0) && first <= last)
		snprintf(range, sizeof(range), "第 %lld-%lld 条%s", (long long)first,
			 (long long)last, total[0] ? "，" : "");
	if (l->mark_count)
		snprintf(marks, sizeof(marks), "%s已勾选 %zu 条", range[0] || total[0] ? "，" : "",
			 l->mark_count);
	snprintf(out, 256, "%s%s%s%s", range, total, marks, filter);
}

static void paint_status(const struct list *l, struct rect r)
{
	char text[256];
	bool cut = l->next[0] && l->count < l->visible;
	const char *more = cut          ? "未查完，PgDn 继续"
			   : l->next[0] ? (l->depth ? "PgUp 前页  PgDn 后页" : "PgDn 后页")
					: (l->depth ? "PgUp 前页" : "");
	int cols = draw_cols(more);

	if (list_is_pending(l)) {
		draw_text(r, 0, 0, r.w, ALIGN_LEFT, FACE_WARNING, PENDING);
		return;
	}
	status_text(l, text);
	if (r.w > cols + 1)
		draw_text(r, 0, 0, r.w - cols - 1, ALIGN_LEFT, FACE_DIM, text);
	if (cols < r.w)
		draw_text(r, 0, r.w - cols - 1, cols + 1, ALIGN_RIGHT, FACE_DIM, more);
}

static void paint_empty(const struct list *l, struct rect r, bool focused)
{
	const char *text = list_has_conditions(l) ? "没有符合条件的记录：按 c 重置条件，F3 改条件。"
			   : l->filter ? "没有符合条件的记录。"
				       : "还没有记录。";

	if (l->empty)
		text = l->empty;
	if (l->next[0])
		text = "最近的里面没有，还没有查完，PgDn 继续。";
	if (l->failed)
		text = "没有读到记录，请刷新再试。";
	if (l->stale)
		text = "正在读取，请稍候。";
	draw_text(r, 0, 0, r.w, ALIGN_CENTRE, FACE_DIM, text);
	if (focused)
		draw_cursor(r, 0, 0);
}

static bool shows_nothing;

bool list_shows_nothing(void)
{
	return shows_nothing;
}

void list_forget_nothing(void)
{
	shows_nothing = false;
}

void list_paint(struct list *l, bool focused)
{
	struct rect r = l->area, status, head;
	bool shown = list_shows_filter(l);
	int i, top = list_top(l), rows;

	shows_nothing = focused && !l->filtering && !l->count;
	draw_clear(l->area, FACE_NORMAL);
	if (shown)
		rect_top(&r, form_rows(l->filter));
	head = rect_top(&r, 1);
	paint_cells(l, head, 0, FACE_HEADER, NULL);
	status = rect_bottom(&r, 1);
	if (!rect_empty(status))
		paint_status(l, status);
	rows = r.h < l->visible ? r.h : l->visible;
	if (!l->count && rows > 0)
		paint_empty(l, r, focused && !l->filtering);
	for (i = 0; i < rows && top + i < l->count; i++) {
		bool selected = top + i == l->selected;

		paint_cells(l, r, i, face_of(&l->rows[top + i], selected && !l->filtering),
			    &l->rows[top + i]);
		if (selected && focused && !l->filtering)
			draw_cursor(r, i, 0);
	}
	/* Last: its completion list may lie over the rows. */
	if (shown)
		form_paint(l->filter, focused && l->filtering);
}

#include "ui/picker_p.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"

enum { SEARCH_LABEL = 5, PREFIX = 4, PATH = 1024 };

/* Search line, the branch we are in, rows, a line of what else there is. */
void picker_layout(struct view *v)
{
	struct picker *s = v->state;
	struct rect in = dialog_inside(v->area);
	int rows;

	s->top = rect_top(&in, 2);
	s->status = rect_bottom(&in, in.h > 1 ? 1 : 0);
	s->list = in;
	rows = in.h < 1 ? 1 : in.h > PICK_ROWS ? PICK_ROWS : in.h;
	if (rows != s->visible)
		s->stale = true;
	s->visible = rows;
}

static void paint_path(const struct picker *s)
{
	char path[PATH] = "全部";
	size_t at = strlen(path);
	int i;

	for (i = 0; i < s->levels && at < sizeof(path) - 8; i++) {
		snprintf(path + at, sizeof(path) - at, " > %.150s", s->level[i].label);
		at += strlen(path + at);
	}
	draw_text(s->top, 1, 0, s->top.w, ALIGN_LEFT, FACE_DIM, path);
}

static int label_cols(const struct picker *s)
{
	int i, cols, most = 0, limit = (s->list.w - PREFIX) * 2 / 3;

	for (i = 0; i < s->count; i++) {
		cols = draw_cols(s->rows[i].label);
		if (cols > most)
			most = cols;
	}
	return most < limit ? most : limit;
}

/* "> + label  detail": '>' is chosen, '+' can be entered. */
static void paint_row(const struct picker *s, int i, int label)
{
	const struct pick_row *row = &s->rows[i];
	enum face face = row->disabled ? FACE_DIM : FACE_NORMAL;
	int rest = s->list.w - PREFIX - label - 2;
	char text[200];

	if (i == s->selected)
		face = FACE_SELECTED;
	snprintf(text, sizeof(text), "%c %c", i == s->selected ? '>' : ' ',
		 row->branch ? '+' : ' ');
	draw_text(s->list, i, 0, s->list.w, ALIGN_LEFT, face, text);
	draw_text(s->list, i, PREFIX, label, ALIGN_LEFT, face, row->label);
	snprintf(text, sizeof(text), "%s%s", row->disabled ? "不可选 " : "", row->detail);
	if (rest > 0)
		draw_text(s->list, i, PREFIX + label + 2, rest, ALIGN_LEFT, face, text);
}

static const char *status_of(const struct picker *s)
{
	if (s->failed)
		return "没有读到内容，请改动查找文字再试。";
	if (!s->count)
		return s->search.len ? "没有找到，请改用别的文字。" : "这里没有内容。";
	if (s->next[0])
		return "后面还有，按 PgDn 翻页";
	return s->levels ? "按左键回到上一级" : "";
}

void picker_paint(struct view *v)
{
	struct picker *s = v->state;
	int i, label = label_cols(s);

	draw_box(v->area, s->title);
	paint_path(s);
	for (i = 0; i < s->count && i < s->list.h; i++)
		paint_row(s, i, label);
	if (!rect_empty(s->status))
		draw_text(s->status, 0, 0, s->status.w, ALIGN_LEFT, FACE_DIM, status_of(s));
	draw_text(s->top, 0, 0, SEARCH_LABEL, ALIGN_LEFT, FACE_LABEL, "查找");
	draw_run(s->top, 0, SEARCH_LABEL, FACE_NORMAL, "[");
	draw_run(s->top, 0, s->top.w - 1, FACE_NORMAL, "]");
	form_paint_line(s->top, 0, SEARCH_LABEL + 1, s->top.w - SEARCH_LABEL - 2, FACE_FOCUS,
			&s->search, true, false);
}

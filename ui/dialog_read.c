#include "ui/dialog_p.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "ui/term.h"

enum { EXTRA_MAX = 12, STATUS_ROWS = 1 };

struct read {
	char *title, *trouble;
	struct wrap text;
	enum action extra[EXTRA_MAX + 1], hints[EXTRA_MAX + 4];
	int extra_count;
	const char *sections[3];
	enum action result;
};

static enum err read_open(struct view *v, const void *arg, struct err_info *e)
{
	static const enum action OWN[] = {ACT_PAGE_DOWN, ACT_COPY, ACT_BACK};
	const struct read_arg *a = arg;
	struct read *s = v->state;
	size_t i;

	(void)e;
	s->title = mem_strdup(a->title);
	s->trouble = mem_strdup(a->trouble);
	wrap_set(&s->text, a->text);
	s->text.exact = a->exact;
	s->sections[0] = a->section ? a->section : "read";
	s->sections[1] = a->section ? "read" : NULL;
	while (a->extra && a->extra[s->extra_count] != ACT_NONE && s->extra_count < EXTRA_MAX) {
		s->extra[s->extra_count] = a->extra[s->extra_count];
		s->extra_count++;
	}
	memcpy(s->hints, s->extra, sizeof(s->extra));
	for (i = 0; i < sizeof(OWN) / sizeof(OWN[0]); i++)
		s->hints[s->extra_count + (int)i] = OWN[i];
	return ERR_OK;
}

static void read_close(struct view *v)
{
	struct read *s = v->state;

	free(s->title);
	free(s->trouble);
	wrap_free(&s->text);
}

static struct rect read_place(struct view *v, struct rect area)
{
	struct read *s = v->state;
	int cols = dialog_cols(area, wrap_natural(&s->text), s->title);

	wrap_layout(&s->text, cols - 2 * DIALOG_PAD);
	return rect_centre(area, s->text.count + STATUS_ROWS + 2 * DIALOG_BORDER, cols);
}

static int rows_shown(const struct view *v)
{
	int rows = v->area.h - 2 * DIALOG_BORDER - STATUS_ROWS;

	return rows > 1 ? rows : 1;
}

static void read_paint(struct view *v)
{
	struct read *s = v->state;
	struct rect in = dialog_inside(v->area), status;
	char text[96] = "";
	int rows = rows_shown(v), end = s->text.top + rows;

	draw_box(v->area, s->title);
	status = rect_bottom(&in, STATUS_ROWS);
	/* A larger area shows more of the end. */
	if (s->text.top > 0 && end > s->text.count)
		s->text.top = s->text.count > rows ? s->text.count - rows : 0;
	end = s->text.top + rows < s->text.count ? s->text.top + rows : s->text.count;
	wrap_paint(&s->text, in, FACE_NORMAL);
	if (s->text.count > rows)
		snprintf(text, sizeof(text), "%s第 %d-%d 行，共 %d 行",
			 s->text.widest > s->text.cols ? "左右键看两边  " : "", s->text.top + 1,
			 end, s->text.count);
	draw_text(status, 0, 0, status.w, ALIGN_RIGHT, FACE_DIM, text);
	draw_cursor(in, 0, 0);
}

static bool copy_text(const struct read *s)
{
	if (term_copy(s->text.text))
		ui_message(MESSAGE_GOOD, "全文已送到剪贴板。");
	else
		ui_message(MESSAGE_WARNING, "没有复制：文字太长，或终端不接受。");
	return true;
}

static bool read_act(struct view *v, enum action a)
{
	struct read *s = v->state;
	int i;

	for (i = 0; i < s->extra_count; i++) {
		if (s->extra[i] == a) {
			s->result = a;
			view_pop(true, &s->result);
			return true;
		}
	}
	if (a == ACT_COPY)
		return copy_text(s);
	if (a == ACT_BACK || a == ACT_ENTER) {
		view_pop(false, NULL);
		return true;
	}
	return wrap_scroll(&s->text, a, rows_shown(v));
}

static const char *const *read_sections(const struct view *v)
{
	const struct read *s = v->state;

	return s->sections;
}

static const char *read_why_not(const struct view *v, enum action a)
{
	const struct read *s = v->state;

	return (a == ACT_PAGE_DOWN || a == ACT_PAGE_UP) && s->text.count <= rows_shown(v)
		   ? "已经全部显示"
		   : NULL;
}

static const enum action *read_hints(const struct view *v)
{
	const struct read *s = v->state;

	return s->hints;
}

static const char *read_help(const struct view *v)
{
	(void)v;
	return "上下键和翻页键滚动，Esc 关闭。";
}

static const char *read_trouble(const struct view *v)
{
	const struct read *s = v->state;

	return s->trouble;
}

const struct view_ops view_read_ops = {
    .name = "read",
    .modal = true,
    .size = sizeof(struct read),
    .open = read_open,
    .place = read_place,
    .paint = read_paint,
    .sections = read_sections,
    .act = read_act,
    .why_not = read_why_not,
    .hints = read_hints,
    .help = read_help,
    .trouble = read_trouble,
    .close = read_close,
};

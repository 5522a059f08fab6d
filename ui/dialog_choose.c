#include "ui/dialog_p.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"

enum { NUMBER_COLS = 4 };

struct choose {
	char *title;
	char **lines;
	struct wrap text;
	int count, selected, top, result;
	void (*then)(int index);
};

/* Line ends at its end are of no use. */
static void set_text(struct choose *s, const char *text)
{
	size_t n = text ? strlen(text) : 0;
	char *copy;

	while (n && text[n - 1] == '\n')
		n--;
	copy = mem_strndup(text ? text : "", n);
	wrap_set(&s->text, copy);
	free(copy);
}

static enum err choose_open(struct view *v, const void *arg, struct err_info *e)
{
	const struct choose_arg *a = arg;
	struct choose *s = v->state;
	int i;

	while (a->lines[s->count])
		s->count++;
	if (!s->count)
		return err_fail(e, ERR_INVALID, "choose.empty", a->title, "没有可以选择的内容");
	s->title = mem_strdup(a->title);
	set_text(s, a->text);
	s->then = a->then;
	s->lines = mem_zalloc((size_t)s->count * sizeof(*s->lines));
	for (i = 0; i < s->count; i++)
		s->lines[i] = mem_strdup(a->lines[i]);
	s->selected = a->selected >= 0 && a->selected < s->count ? a->selected : 0;
	return ERR_OK;
}

static void choose_close(struct view *v)
{
	struct choose *s = v->state;
	int i;

	for (i = 0; s->lines && i < s->count; i++)
		free(s->lines[i]);
	free(s->lines);
	free(s->title);
	wrap_free(&s->text);
}

static bool has_text(const struct choose *s)
{
	return s->text.text && s->text.text[0];
}

/* Rows of the text and the blank below it. */
static int text_rows(const struct choose *s)
{
	return has_text(s) ? s->text.count + 1 : 0;
}

static struct rect choose_place(struct view *v, struct rect area)
{
	struct choose *s = v->state;
	int i, cols, most = has_text(s) ? wrap_natural(&s->text) : 0;

	for (i = 0; i < s->count; i++) {
		cols = draw_cols(s->lines[i]) + NUMBER_COLS;
		if (cols > most)
			most = cols;
	}
	cols = dialog_cols(area, most, s->title);
	wrap_layout(&s->text, cols - 2 * DIALOG_PAD);
	return rect_centre(area, text_rows(s) + s->count + 2 * DIALOG_BORDER, cols);
}

static void choose_paint(struct view *v)
{
	struct choose *s = v->state;
	struct rect in = dialog_inside(v->area), text;
	char number[16];
	int i, at;

	draw_box(v->area, s->title);
	/* In a low window the lines keep their rows. */
	if (has_text(s) && in.h > s->count + 1) {
		text = rect_top(&in, in.h - s->count - 1 < s->text.count ? in.h - s->count - 1
									 : s->text.count);
		wrap_paint(&s->text, text, FACE_VALUE);
		rect_top(&in, 1);
	}
	if (s->selected < s->top)
		s->top = s->selected;
	if (in.h > 0 && s->selected >= s->top + in.h)
		s->top = s->selected - in.h + 1;
	for (i = 0; i < in.h && s->top + i < s->count; i++) {
		enum face face = s->top + i == s->selected ? FACE_SELECTED : FACE_NORMAL;

		at = s->top + i;
		snprintf(number, sizeof(number), "%2d", at + 1);
		draw_text(in, i, 0, NUMBER_COLS, ALIGN_LEFT, face, number);
		draw_text(in, i, NUMBER_COLS, in.w - NUMBER_COLS, ALIGN_LEFT, face, s->lines[at]);
		if (at == s->selected)
			draw_cursor(in, i, 0);
	}
}

static bool select_line(struct choose *s, int to)
{
	to = to < 0 ? 0 : to >= s->count ? s->count - 1 : to;
	if (to == s->selected)
		return false;
	s->selected = to;
	return true;
}

static void take(struct choose *s)
{
	s->result = s->selected;
	view_pop(true, &s->result);
	if (s->then)
		s->then(s->result);
}

static bool choose_act(struct view *v, enum action a)
{
	struct choose *s = v->state;
	int page = v->area.h - 2 * DIALOG_BORDER - text_rows(s);

	switch (a) {
	case ACT_UP:
	case ACT_PREVIOUS:
		return select_line(s, s->selected - 1);
	case ACT_DOWN:
	case ACT_NEXT:
		return select_line(s, s->selected + 1);
	case ACT_PAGE_UP:
		return select_line(s, s->selected - page);
	case ACT_PAGE_DOWN:
		return select_line(s, s->selected + page);
	case ACT_FIRST:
		return select_line(s, 0);
	case ACT_LAST:
		return select_line(s, s->count - 1);
	case ACT_ENTER:
		take(s);
		return true;
	case ACT_BACK:
		view_pop(false, NULL);
		return true;
	default:
		return false;
	}
}

/* A digit takes its line at once: the numbers are on the screen. */
static bool choose_key(struct view *v, struct key k, const char *paste, size_t n)
{
	struct choose *s = v->state;

	(void)paste;
	(void)n;
	if (k.mods || k.code < '1' || k.code > '9' || (int)(k.code - '1') >= s->count)
		return false;
	s->selected = (int)(k.code - '1');
	take(s);
	return true;
}

static const char *const *choose_sections(const struct view *v)
{
	static const char *const SECTIONS[] = {"dialog", NULL};

	(void)v;
	return SECTIONS;
}

static const enum action *choose_hints(const struct view *v)
{
	static const enum action HINTS[] = {ACT_ENTER, ACT_UP, ACT_DOWN, ACT_BACK, ACT_NONE};

	(void)v;
	return HINTS;
}

static const char *choose_help(const struct view *v)
{
	(void)v;
	return "上下键选择，回车确定；也可以直接按行首的数字。";
}

const struct view_ops view_choose_ops = {
    .name = "choose",
    .modal = true,
    .size = sizeof(struct choose),
    .open = choose_open,
    .place = choose_place,
    .paint = choose_paint,
    .sections = choose_sections,
    .key = choose_key,
    .act = choose_act,
    .hints = choose_hints,
    .help = choose_help,
    .close = choose_close,
};

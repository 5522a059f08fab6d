#include "ui/dialog_p.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"

enum { YES, NO };

struct ask {
	char *title, *yes, *no;
	struct wrap text;
	int focus;
};

static enum err ask_open(struct view *v, const void *arg, struct err_info *e)
{
	const struct ask_arg *a = arg;
	struct ask *s = v->state;

	(void)e;
	s->title = mem_strdup(a->title);
	s->yes = mem_strdup(a->yes ? a->yes : "是");
	s->no = mem_strdup(a->no ? a->no : "否");
	s->focus = a->safe ? YES : NO;
	wrap_set(&s->text, a->text);
	return ERR_OK;
}

static void ask_close(struct view *v)
{
	struct ask *s = v->state;

	free(s->title);
	free(s->yes);
	free(s->no);
	wrap_free(&s->text);
}

/* Text, an empty row, the buttons. */
static struct rect ask_place(struct view *v, struct rect area)
{
	struct ask *s = v->state;
	int buttons = draw_cols(s->yes) + draw_cols(s->no) + 10, natural = wrap_natural(&s->text);
	int cols = dialog_cols(area, natural > buttons ? natural : buttons, s->title);

	wrap_layout(&s->text, cols - 2 * DIALOG_PAD);
	return rect_centre(area, s->text.count + 2 + 2 * DIALOG_BORDER, cols);
}

static int text_rows(const struct view *v)
{
	int rows = v->area.h - 2 * DIALOG_BORDER - 2;

	return rows > 0 ? rows : 0;
}

static void ask_paint(struct view *v)
{
	struct ask *s = v->state;
	struct rect in = dialog_inside(v->area), bottom;

	draw_box(v->area, s->title);
	bottom = rect_bottom(&in, 1);
	in.h = in.h < text_rows(v) ? in.h : text_rows(v);
	wrap_paint(&s->text, in, FACE_NORMAL);
	dialog_buttons(bottom, 0, s->yes, s->no, s->focus);
}

static bool ask_act(struct view *v, enum action a)
{
	struct ask *s = v->state;

	switch (a) {
	case ACT_LEFT:
	case ACT_RIGHT:
	case ACT_NEXT:
	case ACT_PREVIOUS:
	case ACT_TOGGLE:
		s->focus = !s->focus;
		return true;
	case ACT_ENTER:
		view_pop(s->focus == YES, NULL);
		return true;
	case ACT_BACK:
		view_pop(false, NULL);
		return true;
	default:
		return wrap_scroll(&s->text, a, text_rows(v));
	}
}

static bool ask_key(struct view *v, struct key k, const char *paste, size_t n)
{
	(void)v;
	(void)paste;
	(void)n;
	if (k.mods || (k.code != 'y' && k.code != 'Y' && k.code != 'n' && k.code != 'N'))
		return false;
	view_pop(k.code == 'y' || k.code == 'Y', NULL);
	return true;
}

static const char *const *ask_sections(const struct view *v)
{
	static const char *const SECTIONS[] = {"dialog", NULL};

	(void)v;
	return SECTIONS;
}

static const enum action *ask_hints(const struct view *v)
{
	static const enum action HINTS[] = {ACT_ENTER, ACT_TOGGLE, ACT_BACK, ACT_NONE};

	(void)v;
	return HINTS;
}

static const char *ask_help(const struct view *v)
{
	(void)v;
	return "左右键换按钮，回车确定；y 是，n 否，Esc 等于否。";
}

const struct view_ops view_ask_ops = {
    .name = "ask",
    .modal = true,
    .size = sizeof(struct ask),
    .open = ask_open,
    .place = ask_place,
    .paint = ask_paint,
    .sections = ask_sections,
    .key = ask_key,
    .act = ask_act,
    .hints = ask_hints,
    .help = ask_help,
    .close = ask_close,
};

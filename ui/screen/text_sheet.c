/* text_sheet.c - a box of text over a row of buttons. */
#include "ui/screen/text_sheet.h"

enum { WIDTH = 76, WIDE_WIDTH = 96, FRAME = 4, FOOT = 2, EDGE = 2 * (DIALOG_BORDER + DIALOG_PAD) };

void text_sheet_say(struct text_sheet *t, const char *text, const struct button *buttons,
		    bool entered)
{
	int top = entered ? 0 : t->text.top;

	/* New buttons, the same choice where it is still there. */
	t->chosen = entered ? 0 : buttons_find(buttons, t->buttons[t->chosen].action);
	if (t->chosen < 0)
		t->chosen = 0;
	t->buttons = buttons;
	wrap_set(&t->text, text);
	t->text.top = top;
	if (!t->view)
		return;
	/* The box grows with its text. */
	t->view->needs_layout = true;
	view_redraw(t->view);
}

void text_sheet_free(struct text_sheet *t)
{
	wrap_free(&t->text);
}

struct rect text_sheet_place(struct text_sheet *t, struct rect area)
{
	int cols = area.w > 100 ? WIDE_WIDTH : WIDTH, rows;

	if (cols > area.w)
		cols = area.w;
	wrap_layout(&t->text, cols - EDGE);
	rows = t->text.count + FRAME;
	return rect_centre(area, rows < area.h ? rows : area.h, cols);
}

void text_sheet_paint(struct text_sheet *t, const char *title, enum face face)
{
	struct rect in = dialog_inside(t->view->area), foot;

	draw_box(t->view->area, title);
	foot = rect_bottom(&in, FOOT);
	wrap_paint(&t->text, in, face);
	buttons_draw(t->buttons, t->chosen, foot, foot.h - 1, 0);
}

enum action text_sheet_act(struct text_sheet *t, enum action a, bool *done)
{
	*done = true;
	switch (a) {
	case ACT_ENTER:
		return t->buttons[t->chosen].action;
	case ACT_RIGHT:
	case ACT_NEXT:
		t->chosen = buttons_step(t->buttons, t->chosen, 1);
		return ACT_NONE;
	case ACT_LEFT:
	case ACT_PREVIOUS:
		t->chosen = buttons_step(t->buttons, t->chosen, -1);
		return ACT_NONE;
	default:
		if (a == ACT_BACK || buttons_find(t->buttons, a) >= 0)
			return a;
		*done = wrap_scroll(&t->text, a, dialog_inside(t->view->area).h - FOOT);
		return ACT_NONE;
	}
}

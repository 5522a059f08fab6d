/* entry.c - a record of a catalogue in a box: moving between its parts, giving up, painting. */
#include "ui/screen/entry.h"

#include <string.h>

#include "base/base.h"
#include "ui/dialog_p.h"

enum { COLS = 78, WIDE_COLS = 110, WIDE = 112, WORDS = 2, BUTTONS = 1, FORM_LEAST = 1 };

void entry_init(struct entry *n, const char *title, const struct field *fields, void *owner)
{
	*n = (struct entry) {.title = title};
	form_init(&n->form, fields, owner);
	n->form.wraps = true;
}

void entry_free(struct entry *n)
{
	form_free(&n->form);
}

/* ---- place ---- */

struct rect entry_place(struct entry *n, struct rect area, int more)
{
	struct rect box = rect_centre(area, area.h, area.w >= WIDE ? WIDE_COLS : COLS);

	form_layout(&n->form, dialog_inside(box)); /* its rows depend on the width */
	return rect_centre(area, form_rows(&n->form) + more + WORDS + BUTTONS + 2 * DIALOG_BORDER,
			   box.w);
}

/* In a low window the fields scroll and the rest keeps its rows. */
void entry_layout(struct entry *n, struct rect box, int more)
{
	struct rect in = dialog_inside(box);
	int least = n->form.count ? FORM_LEAST : 0;

	n->buttons = rect_bottom(&in, BUTTONS);
	n->words = rect_bottom(&in, in.h > WORDS + least ? WORDS : 0);
	n->more = rect_bottom(&in, more <= in.h - least ? more : 0);
	form_layout(&n->form, in);
}

static void paint_words(struct entry *n)
{
	const char *wrong = n->part == ENTRY_FORM ? form_error(&n->form) : "";
	const char *help = n->part == ENTRY_FORM ? form_help(&n->form) : "";
	struct wrap w = {.text = NULL};

	draw_clear(n->words, FACE_NORMAL);
	wrap_set(&w, *wrong ? wrong : *n->note ? n->note : help);
	wrap_layout(&w, n->words.w);
	wrap_paint(&w, n->words, *wrong ? FACE_ERROR : *n->note ? n->note_face : FACE_DIM);
	wrap_free(&w);
}

void entry_paint(struct entry *n, struct rect box)
{
	(void)box;
	paint_words(n);
	dialog_buttons(n->buttons, 0, "确定", "取消",
		       n->part == ENTRY_OK       ? 0
		       : n->part == ENTRY_CANCEL ? 1
						 : -1);
	form_paint(&n->form, n->part == ENTRY_FORM);
}

/* ---- moving ---- */

bool entry_key(struct entry *n, struct key k, const char *paste, size_t size)
{
	if (n->part != ENTRY_FORM || !form_key(&n->form, k, paste, size))
		return false;
	n->warned = false;
	return true;
}

static enum entry_part below_form(const struct entry *n)
{
	return n->has_more ? ENTRY_MORE : ENTRY_OK;
}

static enum entry_part above_buttons(const struct entry *n)
{
	return n->has_more ? ENTRY_MORE : ENTRY_FORM;
}

static enum entry_result give_up(struct entry *n)
{
	if ((!n->form.dirty && !n->dirty) || n->warned)
		return ENTRY_GIVEN_UP;
	n->warned = true;
	ui_message(MESSAGE_WARNING, "填写的内容还没有保存，再按一次 Esc 放弃；F10 保存。");
	return ENTRY_USED;
}

static enum entry_result form_part(struct entry *n, enum action a)
{
	enum form_result r = form_act(&n->form, a);

	switch (r) {
	case FORM_LEFT_END:
		/* What is wrong is looked at before one goes on. */
		if (a != ACT_ENTER || !*form_error(&n->form))
			n->part = below_form(n);
		return ENTRY_LEFT;
	case FORM_LEFT_START:
		n->part = ENTRY_CANCEL;
		return ENTRY_LEFT;
	case FORM_UNUSED:
		if (a != ACT_DOWN)
			return a == ACT_BACK ? give_up(n) : ENTRY_UNUSED;
		form_act(&n->form, ACT_NEXT); /* checks the field */
		n->part = below_form(n);
		return ENTRY_LEFT;
	case FORM_USED:
		return ENTRY_USED;
	default:
		return ENTRY_LEFT;
	}
}

static enum entry_result more_part(struct entry *n, enum action a)
{
	switch (a) {
	case ACT_NEXT:
	case ACT_ENTER:
	case ACT_DOWN:
		n->part = ENTRY_OK;
		return ENTRY_USED;
	case ACT_PREVIOUS:
	case ACT_UP:
		n->part = ENTRY_FORM;
		return ENTRY_USED;
	default:
		return a == ACT_BACK ? give_up(n) : ENTRY_UNUSED;
	}
}

static enum entry_result button_part(struct entry *n, enum action a)
{
	switch (a) {
	case ACT_LEFT:
	case ACT_RIGHT:
	case ACT_TOGGLE:
		n->part = n->part == ENTRY_OK ? ENTRY_CANCEL : ENTRY_OK;
		return ENTRY_USED;
	case ACT_UP:
		n->part = above_buttons(n);
		return ENTRY_USED;
	case ACT_PREVIOUS:
		n->part = n->part == ENTRY_OK ? above_buttons(n) : ENTRY_OK;
		return ENTRY_USED;
	case ACT_NEXT:
		n->part = n->part == ENTRY_OK ? ENTRY_CANCEL : ENTRY_FORM;
		return ENTRY_USED;
	case ACT_ENTER:
		return n->part == ENTRY_OK ? ENTRY_SUBMIT : ENTRY_GIVEN_UP;
	default:
		return a == ACT_BACK ? give_up(n) : ENTRY_UNUSED;
	}
}

enum entry_result entry_act(struct entry *n, enum action a)
{
	enum entry_result r;

	if (a == ACT_SAVE)
		return ENTRY_SUBMIT;
	r = n->part == ENTRY_FORM   ? form_part(n, a)
	    : n->part == ENTRY_MORE ? more_part(n, a)
				    : button_part(n, a);
	if (a != ACT_BACK && r != ENTRY_UNUSED)
		n->warned = false;
	return r;
}

bool entry_take(enum entry_result r)
{
	if (r == ENTRY_GIVEN_UP)
		view_pop(false, NULL);
	return r != ENTRY_UNUSED;
}

/* ---- a grid below the fields ---- */

bool entry_grid_act(struct entry *n, struct grid *g, enum action a)
{
	if (n->part != ENTRY_MORE || a == ACT_SAVE)
		return false;
	switch (grid_act(g, a)) {
	case GRID_UNUSED:
		return false;
	case GRID_LEFT_TOP:
		n->part = ENTRY_FORM;
		break;
	case GRID_LEFT_BOTTOM:
		n->part = ENTRY_OK;
		break;
	case GRID_USED:
	case GRID_LEFT_CELL:
		break;
	}
	n->dirty |= g->dirty;
	n->warned = false;
	return true;
}

bool entry_grid_key(struct entry *n, struct grid *g, struct key k, const char *paste, size_t size)
{
	bool used;

	if (n->part != ENTRY_MORE)
		return entry_key(n, k, paste, size);
	used = grid_key(g, k, paste, size);
	n->dirty |= used;
	n->warned &= !used;
	return used;
}

/* ---- the rest ---- */

void entry_fail(struct entry *n, int id, const char *sentence)
{
	n->part = ENTRY_FORM;
	form_fail(&n->form, id, sentence);
	ui_message(MESSAGE_ERROR, "%s", sentence);
}

const char *entry_error_of(const struct entry *n, int id)
{
	int i;

	for (i = 0; i < n->form.count; i++) {
		if (n->form.fields[i].id == id)
			return n->form.errors[i];
	}
	return "";
}

const char *const *entry_sections(const struct entry *n)
{
	static const char *const BUTTONS_ONLY[] = {"dialog", NULL};

	return n->part == ENTRY_FORM ? form_sections(&n->form) : BUTTONS_ONLY;
}

bool entry_leave(struct entry *n, bool forced)
{
	return forced || give_up(n) == ENTRY_GIVEN_UP;
}

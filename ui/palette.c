/* palette.c - every action by its name, label or the initials of its pinyin. */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "ui/frame.h"
#include "ui/line.h"
#include "ui/loop.h"
#include "ui/roles.h"

enum { WIDTH = 72, HEIGHT = 18, TYPED_MAX = 40, LABEL_COLS = 16, KEY_COLS = 12, PROMPT_COLS = 6 };

struct palette {
	struct line typed;
	enum action found[ACT_COUNT];
	int count, selected, top, rows;
};

/* Why the action cannot be done in the view below, or NULL. */
static const char *why_not(const struct view *v, enum action a)
{
	const char *buffer[VIEW_SECTIONS], *const *sections = view_sections(v->below, buffer);
	const struct view_ops *ops = v->below->ops;
	const char *why = ops->why_not ? ops->why_not(v->below, a) : NULL;
	struct key k;

	if (why)
		return why;
	/* What has a key here, or belongs to no screen, can be done here. */
	return global_has(a) || keymap_key_of(sections, a, 0, &k) ? NULL : "当前画面没有这个命令";
}

/* Moving and editing are what keys are for; they are found by typing, not offered. */
static bool is_basic(enum action a)
{
	const char *group = action_info(a)->group;

	return a == ACT_PALETTE || !strcmp(group, "移动") || !strcmp(group, "编辑");
}

static bool key_of(const struct view *v, enum action a, struct key *k)
{
	const char *buffer[VIEW_SECTIONS];

	return keymap_key_of(view_sections(v->below, buffer), a, 0, k);
}

/* Two ways to the same screen are one command here, that with a key if one has. */
static bool is_found(struct view *v, enum action a)
{
	struct palette *s = v->state;
	struct key k;
	int i;

	for (i = 0; i < s->count; i++) {
		if (is_basic(s->found[i]) ||
		    strcmp(action_info(s->found[i])->label, action_info(a)->label) != 0)
			continue;
		if (!key_of(v, s->found[i], &k) && key_of(v, a, &k))
			s->found[i] = a;
		return true;
	}
	return false;
}

static void search(struct view *v)
{
	struct palette *s = v->state;
	int pass, a;

	s->count = s->selected = s->top = 0;
	/* What can be done comes first. */
	for (pass = 0; pass < 2; pass++) {
		for (a = ACT_NONE + 1; a < ACT_COUNT; a++) {
			if (!role_may((enum action)a))
				continue;
			if (s->typed.len ? !action_matches((enum action)a, s->typed.text)
					 : is_basic((enum action)a))
				continue;
			if (!why_not(v, (enum action)a) == (pass == 0) &&
			    !is_found(v, (enum action)a))
				s->found[s->count++] = (enum action)a;
		}
	}
}

static enum err palette_open(struct view *v, const void *arg, struct err_info *e)
{
	struct palette *s = v->state;

	(void)arg;
	(void)e;
	line_init(&s->typed, TYPED_MAX);
	return ERR_OK;
}

static void palette_close(struct view *v)
{
	struct palette *s = v->state;

	line_free(&s->typed);
}

static struct rect palette_place(struct view *v, struct rect area)
{
	(void)v;
	return rect_centre(area, HEIGHT, WIDTH);
}

static void palette_layout(struct view *v)
{
	struct palette *s = v->state;

	s->rows = v->area.h - 3;
	if (!s->count && !s->typed.len)
		search(v);
}

static void paint_row(const struct view *v, struct rect in, int row, int i)
{
	const struct palette *s = v->state;
	enum action a = s->found[i];
	const struct action_info *info = action_info(a);
	const char *why = why_not(v, a);
	enum face face = i == s->selected ? FACE_SELECTED : why ? FACE_DIM : FACE_NORMAL;
	char key[KEY_NAME] = "";
	struct key k;
	int rest = in.w - LABEL_COLS - KEY_COLS;

	if (key_of(v, a, &k))
		ui_key_name(k, key);
	draw_text(in, row, 0, LABEL_COLS, ALIGN_LEFT, face, info->label);
	draw_text(in, row, LABEL_COLS, KEY_COLS, ALIGN_LEFT, face, key);
	draw_text(in, row, LABEL_COLS + KEY_COLS, rest, ALIGN_LEFT, face, why ? why : info->help);
}

static void palette_paint(struct view *v)
{
	struct palette *s = v->state;
	struct rect in = rect_inset(v->area, 1, 1);
	int width = in.w - PROMPT_COLS - 1, row, caret;

	if (s->selected < s->top)
		s->top = s->selected;
	if (s->selected >= s->top + s->rows)
		s->top = s->selected - s->rows + 1;
	draw_box(v->area, "命令");
	caret = (int)line_fit(&s->typed, width > 0 ? (size_t)width : 0);
	draw_text(in, 0, 0, PROMPT_COLS, ALIGN_LEFT, FACE_LABEL, " 查找");
	draw_text(in, 0, PROMPT_COLS, width, ALIGN_LEFT, FACE_FOCUS,
		  s->typed.text + s->typed.scroll);
	for (row = 0; row < s->rows && s->top + row < s->count; row++)
		paint_row(v, in, row + 1, s->top + row);
	if (!s->count)
		draw_text(in, 1, 1, in.w - 1, ALIGN_LEFT, FACE_DIM, "没有这样的命令");
	draw_cursor(in, 0, PROMPT_COLS + caret);
}

/* ---- typing and moving ---- */

static bool palette_key(struct view *v, struct key k, const char *paste, size_t n)
{
	struct palette *s = v->state;
	bool used = paste ? line_paste(&s->typed, paste, n)
			  : key_is_text(k) && line_insert(&s->typed, k.code);

	if (used)
		search(v);
	return used;
}

static bool edit(struct view *v, enum action a)
{
	struct palette *s = v->state;
	bool changed = false;

	if (a == ACT_DELETE_BACK)
		changed = line_delete_back(&s->typed);
	else if (a == ACT_DELETE_HERE)
		changed = line_delete_here(&s->typed);
	else if (a == ACT_DELETE_WORD)
		changed = line_delete_word(&s->typed);
	else if (a == ACT_CLEAR && (changed = s->typed.len > 0))
		line_clear(&s->typed);
	else if (a == ACT_LEFT)
		return line_left(&s->typed);
	else if (a == ACT_RIGHT)
		return line_right(&s->typed);
	if (changed)
		search(v);
	return changed;
}

static bool move_to(struct palette *s, int to)
{
	if (to > s->count - 1)
		to = s->count - 1;
	if (to < 0)
		to = 0;
	if (to == s->selected)
		return false;
	s->selected = to;
	return true;
}

static bool run_selected(struct view *v)
{
	struct palette *s = v->state;
	enum action a = s->count ? s->found[s->selected] : ACT_NONE;
	const char *why = a ? why_not(v, a) : NULL;

	if (!a)
		return false;
	if (why) {
		ui_message(MESSAGE_WARNING, "%s：%s", action_info(a)->label, why);
		return true;
	}
	view_pop(true, NULL);
	if (!ui_do(a))
		ui_message(MESSAGE_WARNING, "%s：现在没有可做的", action_info(a)->label);
	return true;
}

static bool palette_act(struct view *v, enum action a)
{
	struct palette *s = v->state;

	switch (a) {
	case ACT_UP:
	case ACT_PREVIOUS:
		return move_to(s, s->selected - 1);
	case ACT_DOWN:
	case ACT_NEXT:
		return move_to(s, s->selected + 1);
	case ACT_PAGE_UP:
		return move_to(s, s->selected - s->rows);
	case ACT_PAGE_DOWN:
		return move_to(s, s->selected + s->rows);
	case ACT_FIRST:
		return move_to(s, 0);
	case ACT_LAST:
		return move_to(s, s->count - 1);
	case ACT_ENTER:
		return run_selected(v);
	default:
		return edit(v, a);
	}
}

static const enum action *palette_hints(const struct view *v)
{
	static const enum action HINTS[] = {ACT_ENTER, ACT_UP, ACT_DOWN, ACT_CLEAR, ACT_NONE};

	(void)v;
	return HINTS;
}

static const char *palette_help(const struct view *v)
{
	(void)v;
	return "输入命令的名称、说明或拼音首字母，回车执行；灰色的现在不能做，后面写着原因。";
}

const struct view_ops view_palette_ops = {
    .name = "palette",
    .modal = true,
    .size = sizeof(struct palette),
    .open = palette_open,
    .place = palette_place,
    .layout = palette_layout,
    .paint = palette_paint,
    .key = palette_key,
    .act = palette_act,
    .hints = palette_hints,
    .help = palette_help,
    .close = palette_close,
};

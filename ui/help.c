/* help.c - what the focused thing is, and every key that does something here: first what the screen
 * is for, then what is the same everywhere. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/text.h"
#include "ui/frame.h"
#include "ui/loop.h"
#include "ui/roles.h"

enum { KEY_COLS = 23, LABEL_COLS = 13, LINE_TEXT = 512, GROUPS = 16, MARGIN = 2 };

/* A line of the sheet: a heading, a sentence, or a key with what it does. */
struct help_line {
	enum face face;
	char *text;        /* owned */
	const char *label; /* NULL: text alone */
	const char *help;
};
struct help {
	struct help_line *lines; /* owned */
	int count, top;
	bool told[ACT_COUNT];
	const struct view *about;
};

static void add(struct help *s, enum face f, const char *text, const char *label, const char *help)
{
	s->lines = mem_realloc(s->lines, (size_t)(s->count + 1) * sizeof(*s->lines));
	s->lines[s->count++] = (struct help_line) {f, mem_strdup(text), label, help};
}

/* Breaks a sentence into lines of the width. */
static void add_wrapped(struct help *s, const char *text, int width)
{
	while (*text) {
		size_t next, n = text_line(text, (size_t)width, &next);
		char *line;

		line = mem_strndup(text, n);
		add(s, FACE_VALUE, line, NULL, NULL);
		free(line);
		text += next;
	}
}

/* The same key in a section before: it is named once. */
static bool named_before(const char *const *sections, enum action a, size_t i, struct key k)
{
	struct key other;
	size_t j;

	for (j = 0; j < i && keymap_key_of(sections, a, j, &other); j++) {
		if (other.code == k.code && other.mods == k.mods)
			return true;
	}
	return false;
}

/* "F10 Ctrl-E": the keys of an action in the sections, "" none. */
static void keys_of(const char *const *sections, enum action a, char *out, size_t size)
{
	struct buf b;
	struct key k;
	size_t i;

	buf_init(&b, LINE_TEXT);
	for (i = 0; keymap_key_of(sections, a, i, &k); i++) {
		char name[KEY_NAME];

		if (!named_before(sections, a, i, k))
			buf_addf(&b, "%s%s", i ? "  " : "", ui_key_name(k, name));
	}
	text_copy(out, size, buf_str(&b));
	buf_free(&b);
}

/* One line, once; *headed: the group's name stands above it. */
static void add_key(struct help *s, const char *const *sections, const char *group, enum action a,
		    bool *headed)
{
	const struct action_info *info = action_info(a);
	char keys[LINE_TEXT];

	if (s->told[a] || !role_may(a))
		return;
	keys_of(sections, a, keys, sizeof(keys));
	if (!*keys)
		return;
	if (!*headed) {
		add(s, FACE_NORMAL, "", NULL, NULL);
		add(s, FACE_TITLE, group, NULL, NULL);
		*headed = true;
	}
	add(s, FACE_HINT_KEY, keys, info->label, info->help);
	s->told[a] = true;
}

static void add_group(struct help *s, const char *const *sections, const char *group)
{
	bool headed = false;
	int a;

	for (a = ACT_NONE + 1; a < ACT_COUNT; a++) {
		if (!strcmp(action_info((enum action)a)->group, group))
			add_key(s, sections, group, (enum action)a, &headed);
	}
}

static bool is_everywhere(enum action a)
{
	return a == ACT_HELP || a == ACT_BACK;
}

/* What the screen is for: its hint bar, then the other keys that are its own. */
static void add_own(struct help *s, const char *const *sections)
{
	static const char TITLE[] = "本画面";
	const struct view *v = s->about;
	const enum action *hints = v->ops->hints ? v->ops->hints(v) : NULL;
	const char *own[] = {v->ops->name, NULL};
	bool headed = false;
	struct key k;
	int a;

	for (; hints && *hints != ACT_NONE; hints++) {
		if (!is_everywhere(*hints))
			add_key(s, sections, TITLE, *hints, &headed);
	}
	for (a = ACT_NONE + 1; v->ops->name && a < ACT_COUNT; a++) {
		if (!is_everywhere((enum action)a) && keymap_key_of(own, (enum action)a, 0, &k))
			add_key(s, sections, TITLE, (enum action)a, &headed);
	}
}

/* The screen's own first; groups come in the order of the table. */
static void add_keys(struct help *s)
{
	const char *buffer[VIEW_SECTIONS], *const *sections = view_sections(s->about, buffer);
	const char *groups[GROUPS];
	int a, i, n = 0;

	memset(s->told, 0, sizeof(s->told));
	add_own(s, sections);
	for (a = ACT_NONE + 1; a < ACT_COUNT; a++) {
		const char *group = action_info((enum action)a)->group;

		for (i = 0; i < n && strcmp(groups[i], group) != 0; i++)
			;
		if (i < n || n == GROUPS)
			continue;
		groups[n++] = group;
		add_group(s, sections, group);
	}
}

static void clear(struct help *s)
{
	while (s->count)
		free(s->lines[--s->count].text);
	free(s->lines);
	s->lines = NULL;
}

static void help_layout(struct view *v)
{
	struct help *s = v->state;
	const char *sentence;

	clear(s);
	s->about = v->below;
	if (!s->about)
		return;
	sentence = s->about->ops->help ? s->about->ops->help(s->about) : NULL;
	if (sentence)
		add_wrapped(s, sentence, v->area.w - 2 * MARGIN - 2);
	add_wrapped(s, "没有按键的命令用「命令」查找，可输入名称或拼音首字母。",
		    v->area.w - 2 * MARGIN - 2);
	add_keys(s);
}

static struct rect help_place(struct view *v, struct rect area)
{
	(void)v;
	return area;
}

static void paint_line(struct rect in, int row, const struct help_line *l)
{
	int col;

	if (!l->label) {
		draw_text(in, row, 0, in.w, ALIGN_LEFT, l->face, l->text);
		return;
	}
	/* Many keys push the rest to the right, never into each other. */
	col = draw_cols(l->text) + 2;
	col = col < KEY_COLS ? KEY_COLS : col;
	draw_run(in, row, 1, l->face, l->text);
	draw_run(in, row, col, FACE_LABEL, l->label);
	if (col + LABEL_COLS < in.w)
		draw_run(in, row, col + LABEL_COLS, FACE_NORMAL, l->help);
}

static struct rect help_inside(const struct view *v)
{
	return rect_inset(v->area, 1, MARGIN);
}

static void help_paint(struct view *v)
{
	struct help *s = v->state;
	struct rect in = help_inside(v);
	char title[96];
	int row;

	if (s->top > s->count - in.h)
		s->top = s->count > in.h ? s->count - in.h : 0;
	if (s->count > in.h)
		snprintf(title, sizeof(title), "帮助（第 %d-%d 行，共 %d 行）", s->top + 1,
			 s->top + in.h, s->count);
	else
		text_copy(title, sizeof(title), "帮助");
	draw_box(v->area, title);
	for (row = 0; row < in.h && s->top + row < s->count; row++)
		paint_line(in, row, &s->lines[s->top + row]);
	draw_cursor(in, 0, 0);
}

static bool help_act(struct view *v, enum action a)
{
	struct help *s = v->state;
	int page = help_inside(v).h, last = s->count - page, to = s->top;

	switch (a) {
	case ACT_UP:
		to--;
		break;
	case ACT_DOWN:
		to++;
		break;
	case ACT_PAGE_UP:
		to -= page;
		break;
	case ACT_PAGE_DOWN:
		to += page;
		break;
	case ACT_FIRST:
		to = 0;
		break;
	case ACT_LAST:
		to = last;
		break;
	case ACT_HELP:
	case ACT_ENTER:
		view_pop(false, NULL);
		return true;
	default:
		return false;
	}
	to = to > last ? last : to;
	to = to < 0 ? 0 : to;
	if (to == s->top)
		return false;
	s->top = to;
	return true;
}

static const enum action *help_hints(const struct view *v)
{
	static const enum action HINTS[] = {ACT_PAGE_DOWN, ACT_PAGE_UP, ACT_NONE};

	(void)v;
	return HINTS;
}

static void help_close(struct view *v)
{
	clear(v->state);
}

const struct view_ops view_help_ops = {
    .name = "help",
    .modal = true,
    .size = sizeof(struct help),
    .place = help_place,
    .layout = help_layout,
    .paint = help_paint,
    .act = help_act,
    .hints = help_hints,
    .close = help_close,
};

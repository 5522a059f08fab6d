#include "ui/picker_p.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/text.h"

enum { PICK_COLS = 100 };

/* ---- life ---- */

static enum err picker_open(struct view *v, const void *arg, struct err_info *e)
{
	struct picker *s = v->state;

	(void)e;
	s->arg = *(const struct pick_arg *)arg;
	s->title = mem_strdup(s->arg.title);
	line_init(&s->search, PICK_TEXT);
	line_set(&s->search, s->arg.text);
	s->stale = true;
	return ERR_OK;
}

static void picker_close(struct view *v)
{
	struct picker *s = v->state;

	free(s->title);
	line_free(&s->search);
	free(s->rows);
	free(s->before);
}

static struct rect picker_place(struct view *v, struct rect area)
{
	(void)v;
	return rect_centre(area, area.h - 2, area.w - 4 < PICK_COLS ? area.w - 4 : PICK_COLS);
}

/* ---- pages ---- */

static int base_depth(const struct picker *s)
{
	return s->levels ? s->level[s->levels - 1].depth : 0;
}

static void read_page(struct picker *s)
{
	const char *parent = s->levels ? s->level[s->levels - 1].key : "";
	struct err_info e;

	err_clear(&e);
	s->rows = mem_realloc(s->rows, (size_t)s->visible * sizeof(*s->rows));
	memset(s->rows, 0, (size_t)s->visible * sizeof(*s->rows));
	s->count = 0;
	s->next[0] = 0;
	s->failed = s->arg.source(s->arg.arg, s->search.text, parent, s->cursor, s->visible,
				  s->rows, &s->count, s->next, &e) != ERR_OK;
	s->stale = false;
	if (s->failed) {
		s->count = 0;
		s->next[0] = 0;
		ui_error(&e);
	}
	s->selected = s->want < s->count ? s->want : s->count > 0 ? s->count - 1 : 0;
}

static void picker_content(struct view *v, bool changed)
{
	struct picker *s = v->state;

	if (changed && !s->stale)
		s->want = s->selected;
	if (s->visible && (s->stale || changed))
		read_page(s);
}

static void first_page(struct picker *s)
{
	s->cursor[0] = 0;
	s->depth = base_depth(s);
	s->want = 0;
	s->stale = true;
}

static void push_cursor(struct picker *s)
{
	s->before = mem_realloc(s->before, (size_t)(s->depth + 1) * sizeof(*s->before));
	memcpy(s->before[s->depth++], s->cursor, sizeof(s->cursor));
}

static bool next_page(struct picker *s, int want)
{
	if (!s->next[0])
		return false;
	push_cursor(s);
	memcpy(s->cursor, s->next, sizeof(s->cursor));
	s->want = want;
	s->stale = true;
	return true;
}

static bool previous_page(struct picker *s, int want)
{
	if (s->depth <= base_depth(s))
		return false;
	memcpy(s->cursor, s->before[--s->depth], sizeof(s->cursor));
	s->want = want;
	s->stale = true;
	return true;
}

/* ---- moving ---- */

static bool select_row(struct picker *s, int to)
{
	if (to < 0 || to >= s->count || to == s->selected)
		return false;
	s->selected = to;
	return true;
}

static bool up(struct picker *s)
{
	return s->selected > 0 ? select_row(s, s->selected - 1) : previous_page(s, INT_MAX);
}

static bool down(struct picker *s)
{
	return s->selected + 1 < s->count ? select_row(s, s->selected + 1) : next_page(s, 0);
}

static bool page_up(struct picker *s)
{
	return previous_page(s, s->selected) || select_row(s, 0);
}

static bool page_down(struct picker *s)
{
	return next_page(s, s->selected) || select_row(s, s->count - 1);
}

static bool first(struct picker *s)
{
	if (s->depth <= base_depth(s))
		return select_row(s, 0);
	first_page(s);
	return true;
}

static bool last(struct picker *s)
{
	return select_row(s, s->count - 1) || next_page(s, INT_MAX);
}

/* Into the branch; the search begins anew there. */
static bool enter_branch(struct picker *s)
{
	struct pick_level *l = &s->level[s->levels];
	const struct pick_row *row;

	if (s->selected >= s->count || s->levels == PICK_LEVELS)
		return false;
	row = &s->rows[s->selected];
	if (!row->branch)
		return false;
	text_copy(l->key, sizeof(l->key), row->key);
	text_copy(l->label, sizeof(l->label), row->label);
	memcpy(l->cursor, s->cursor, sizeof(l->cursor));
	text_copy(l->text, sizeof(l->text), s->search.text);
	l->selected = s->selected;
	l->depth = s->depth;
	s->levels++;
	line_clear(&s->search);
	first_page(s);
	return true;
}

static bool leave_branch(struct picker *s)
{
	const struct pick_level *l;

	if (!s->levels)
		return false;
	l = &s->level[--s->levels];
	memcpy(s->cursor, l->cursor, sizeof(s->cursor));
	line_set(&s->search, l->text);
	s->depth = l->depth;
	s->want = l->selected;
	s->stale = true;
	return true;
}

static bool take(struct picker *s)
{
	const struct pick_row *row;

	if (s->selected >= s->count)
		return false;
	row = &s->rows[s->selected];
	if (row->disabled) {
		if (!enter_branch(s))
			ui_message(MESSAGE_WARNING, "「%s」不可选，请选别的。", row->label);
		return true;
	}
	text_copy(s->result.key, sizeof(s->result.key), row->key);
	text_copy(s->result.label, sizeof(s->result.label), row->label);
	view_pop(true, &s->result);
	return true;
}

static bool close_picker(struct picker *s)
{
	(void)s;
	view_pop(false, NULL);
	return true;
}

/* ---- the view ---- */

static bool picker_act(struct view *v, enum action a)
{
	static const struct {
		enum action action;
		bool (*run)(struct picker *s);
	} ACTS[] = {
	    {ACT_UP, up},
	    {ACT_DOWN, down},
	    {ACT_PAGE_UP, page_up},
	    {ACT_PAGE_DOWN, page_down},
	    {ACT_FIRST, first},
	    {ACT_LAST, last},
	    {ACT_RIGHT, enter_branch},
	    {ACT_LEFT, leave_branch},
	    {ACT_ENTER, take},
	    {ACT_BACK, close_picker},
	};
	struct picker *s = v->state;
	size_t i;

	for (i = 0; i < sizeof(ACTS) / sizeof(ACTS[0]); i++) {
		if (ACTS[i].action == a) {
			/* A second key may come before the page of the first was read. */
			if (s->stale)
				picker_content(v, false);
			return ACTS[i].run(s);
		}
	}
	if (form_edit(&s->search, a) != EDIT_CHANGED)
		return false;
	first_page(s);
	return true;
}

static bool picker_key(struct view *v, struct key k, const char *paste, size_t n)
{
	struct picker *s = v->state;
	bool typed;

	if (k.code == K_PASTE)
		typed = line_paste(&s->search, paste, n);
	else
		typed = key_is_text(k) && line_insert(&s->search, k.code);
	if (typed)
		first_page(s);
	return typed;
}

static const char *const *picker_sections(const struct view *v)
{
	static const char *const SECTIONS[] = {"picker", NULL};

	(void)v;
	return SECTIONS;
}

static const enum action *picker_hints(const struct view *v)
{
	static const enum action HINTS[] = {ACT_ENTER,   ACT_RIGHT, ACT_LEFT, ACT_PAGE_DOWN,
					    ACT_PAGE_UP, ACT_CLEAR, ACT_BACK, ACT_NONE};

	(void)v;
	return HINTS;
}

static const char *picker_help(const struct view *v)
{
	(void)v;
	return "输入文字查找，上下键选择，回车选用；有 + 的行按右键进入，左键回上一级。";
}

const struct view_ops view_pick_ops = {
    .name = "picker",
    .modal = true,
    .size = sizeof(struct picker),
    .open = picker_open,
    .place = picker_place,
    .layout = picker_layout,
    .content = picker_content,
    .paint = picker_paint,
    .sections = picker_sections,
    .key = picker_key,
    .act = picker_act,
    .hints = picker_hints,
    .help = picker_help,
    .close = picker_close,
};

#include "ui/list_p.h"

#include <stdlib.h>
#include <string.h>

#include "base/json.h"

/* ---- the filter ---- */

void list_load_filter(struct list *l, const char *values)
{
	cJSON *tree = NULL;

	if (values && json_parse(values, strlen(values), SIZE_MAX / 8, &tree, NULL) == ERR_OK)
		form_load(l->filter, tree);
	json_free(&tree);
}

static void set_filtering(struct list *l, bool on)
{
	l->filtering = on;
	/* In a low area the filter is shown only while it is filled in. */
	list_layout(l, l->area);
}

static void note_entered(struct list *l)
{
	free(l->entered);
	l->entered = form_save(l->filter);
}

/* The last field is followed by the first, and the other way round. */
static void filter_wrap(struct list *l, bool to_first)
{
	struct form *f = l->filter;
	int i;

	for (i = 0; i < f->count; i++) {
		int at = to_first ? i : f->count - 1 - i;

		if (f->fields[at].kind != FIELD_SHOW) {
			form_focus(f, f->fields[at].id);
			return;
		}
	}
}

static enum list_result filter_enter(struct list *l)
{
	if (!l->filter)
		return LIST_UNUSED;
	note_entered(l);
	if (l->reset)
		filter_wrap(l, true);
	l->reset = false;
	set_filtering(l, true);
	return LIST_USED;
}

static enum list_result filter_apply(struct list *l)
{
	if (!form_check(l->filter)) {
		set_filtering(l, false);
		list_reload(l);
	}
	return LIST_USED;
}

static enum list_result filter_reset(struct list *l)
{
	if (!l->filter)
		return LIST_UNUSED;
	list_load_filter(l, l->defaults);
	/* The rows are of these values from now on: leaving the fields keeps them. */
	note_entered(l);
	l->reset = !l->filtering;
	if (l->filtering)
		filter_wrap(l, true);
	list_reload(l);
	return LIST_USED;
}

static enum list_result filter_act(struct list *l, enum action a)
{
	enum form_result r;

	if (a == ACT_RESET)
		return filter_reset(l);
	/* A completion that is chosen in an open list is taken first. */
	if (a == ACT_FIND || (a == ACT_ENTER && (!l->filter->match_count || l->filter->match < 0)))
		return filter_apply(l);
	r = form_act(l->filter, a);
	if (r == FORM_LEFT_END || r == FORM_LEFT_START)
		filter_wrap(l, r == FORM_LEFT_END);
	if (r != FORM_UNUSED)
		return LIST_USED;
	if (a != ACT_BACK)
		return LIST_UNUSED;
	list_load_filter(l, l->entered);
	if (list_is_pending(l)) /* some lists are read while one types */
		list_reload(l);
	set_filtering(l, false);
	return LIST_USED;
}

/* ---- moving ---- */

static enum list_result move_to(struct list *l, int row)
{
	if (row == l->selected)
		return LIST_UNUSED;
	l->selected = row;
	return LIST_USED;
}

static enum list_result used(bool did)
{
	return did ? LIST_USED : LIST_UNUSED;
}

static enum list_result up(struct list *l)
{
	return l->selected > 0 ? move_to(l, l->selected - 1) : used(list_previous_page(l));
}

static enum list_result down(struct list *l)
{
	return l->selected + 1 < l->count ? move_to(l, l->selected + 1) : used(list_next_page(l));
}

/* The page above keeps the place in the page: paging back and forth returns to the same row. */
static enum list_result page_up(struct list *l)
{
	int place = l->selected;

	if (!list_previous_page(l))
		return move_to(l, 0);
	l->pick = place;
	return LIST_USED;
}

static enum list_result page_down(struct list *l)
{
	int place = l->selected;

	if (!list_next_page(l))
		return l->count ? move_to(l, l->count - 1) : LIST_UNUSED;
	l->pick = place;
	return LIST_USED;
}

static enum list_result first(struct list *l)
{
	if (!l->depth)
		return move_to(l, 0);
	list_reload(l);
	return LIST_USED;
}

static enum list_result last(struct list *l)
{
	if (list_last_page(l))
		return LIST_USED;
	/* Without a way to the end: the end of this page, then on. */
	if (l->count && l->selected < l->count - 1)
		return move_to(l, l->count - 1);
	return page_down(l);
}

/* ---- marks ---- */

static enum list_result mark(struct list *l)
{
	struct list_row *r;

	if (l->selected >= l->count)
		return LIST_UNUSED;
	r = &l->rows[l->selected];
	r->marked = !r->marked;
	list_mark(l, r->id, r->marked);
	if (l->selected + 1 < l->count)
		l->selected++;
	return LIST_USED;
}

static enum list_result mark_all(struct list *l)
{
	int i, on = 0;

	for (i = 0; i < l->count; i++)
		on += l->rows[i].marked;
	if (!l->count && !l->mark_count)
		return LIST_UNUSED;
	if (on == l->count)
		l->mark_count = 0;
	else
		for (i = 0; i < l->count; i++)
			list_mark(l, l->rows[i].id, true);
	list_sync_marks(l);
	return LIST_USED;
}

static enum list_result open_row(struct list *l)
{
	return l->selected < l->count ? LIST_OPEN : LIST_UNUSED;
}

static enum list_result refresh(struct list *l)
{
	l->stale = true;
	return LIST_USED;
}

/* ---- keys and actions ---- */

enum list_result list_act(struct list *l, enum action a)
{
	static const struct {
		enum action action;
		enum list_result (*run)(struct list *l);
	} ACTS[] = {
	    {ACT_UP, up},
	    {ACT_DOWN, down},
	    {ACT_PAGE_UP, page_up},
	    {ACT_PAGE_DOWN, page_down},
	    {ACT_FIRST, first},
	    {ACT_LAST, last},
	    {ACT_MARK, mark},
	    {ACT_TOGGLE, mark},
	    {ACT_MARK_ALL, mark_all},
	    {ACT_ENTER, open_row},
	    {ACT_DETAIL, open_row},
	    {ACT_REFRESH, refresh},
	    {ACT_FIND, filter_enter},
	    {ACT_RESET, filter_reset},
	};
	size_t i;

	list_remember(l);
	if (l->filtering)
		return filter_act(l, a);
	for (i = 0; i < sizeof(ACTS) / sizeof(ACTS[0]); i++) {
		if (ACTS[i].action == a) {
			/* A second key may come before the page of the first was read. */
			list_content(l, false);
			return ACTS[i].run(l);
		}
	}
	return LIST_UNUSED;
}

bool list_key(struct list *l, struct key k, const char *paste, size_t n)
{
	return l->filtering && form_key(l->filter, k, paste, n);
}

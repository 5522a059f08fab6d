#include "ui/list_p.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/text.h"
#include "ui/options.h"

enum { HEADER_ROWS = 1, STATUS_ROWS = 1, ROOM_MIN = 8 };

/* ---- life ---- */

static unsigned epoch;

void list_start_over(void)
{
	epoch++;
}

void list_init(struct list *l, const struct list_column *columns, list_source source, void *owner)
{
	l->columns = columns;
	l->source = source;
	l->owner = owner;
	l->total = -1;
	l->pick = -1;
	l->stale = true;
	l->epoch = epoch;
}

static bool keeps_filter(const struct list *l)
{
	return l->filter && l->title && !l->fixed;
}

void list_free(struct list *l)
{
	if (keeps_filter(l) && l->defaults)
		list_keep_filter(l->title, form_save(l->filter));
	free(l->rows);
	free(l->before);
	free(l->marks);
	free(l->defaults);
	free(l->entered);
	free(l->asked);
	*l = (struct list) {0};
}

void list_remember(struct list *l)
{
	if (!l->filter || l->defaults)
		return;
	l->defaults = form_save(l->filter);
	if (keeps_filter(l) && list_kept_filter(l->title))
		list_load_filter(l, list_kept_filter(l->title));
}

bool list_has_conditions(const struct list *l)
{
	char *now = l->filter && l->defaults ? form_save(l->filter) : NULL;
	bool differ = now && strcmp(now, l->defaults) != 0;

	free(now);
	return differ;
}

bool list_is_pending(const struct list *l)
{
	char *now = l->filtering && l->asked ? form_save(l->filter) : NULL;
	bool differ = now && strcmp(now, l->asked) != 0;

	free(now);
	return differ;
}

bool list_shows_filter(const struct list *l)
{
	return l->filter && (l->filtering || l->area.h >= form_rows(l->filter) + ROOM_MIN);
}

void list_layout(struct list *l, struct rect area)
{
	struct rect rest = area;
	int rows, asked = l->title ? list_page_rows(l->title) : 0;

	if (!asked)
		asked = options_get()->page_rows;
	list_remember(l);
	l->area = area;
	if (l->filter) {
		l->filter->wraps = true;
		form_layout(l->filter, area); /* its rows depend on the width */
	}
	if (list_shows_filter(l))
		form_layout(l->filter, rect_top(&rest, form_rows(l->filter)));
	rows = rest.h - HEADER_ROWS - STATUS_ROWS;
	rows = rows < 1 ? 1 : rows > LIST_ROWS ? LIST_ROWS : rows;
	l->fits = rows;
	if (asked > 0 && rows > asked)
		rows = asked;
	/* Fewer rows: the page in memory stays and scrolls; more: it is read again, longer. */
	if (rows > l->visible)
		l->stale = true;
	l->visible = rows;
}

/* ---- pages ---- */

static void push_page(struct list *l, const char *cursor)
{
	l->before = mem_realloc(l->before, (size_t)(l->depth + 1) * sizeof(*l->before));
	memcpy(l->before[l->depth].cursor, l->cursor, sizeof(l->cursor));
	l->before[l->depth++].offset = l->offset;
	text_copy(l->cursor, sizeof(l->cursor), cursor);
	l->stale = true;
}

bool list_next_page(struct list *l)
{
	char next[64];

	if (!l->next[0])
		return false;
	memcpy(next, l->next, sizeof(next));
	push_page(l, next);
	if (l->offset >= 0)
		l->offset += l->count;
	l->pick = 0;
	return true;
}

bool list_previous_page(struct list *l)
{
	if (!l->depth)
		return false;
	l->depth--;
	memcpy(l->cursor, l->before[l->depth].cursor, sizeof(l->cursor));
	l->offset = l->before[l->depth].offset;
	l->stale = true;
	l->pick = INT_MAX;
	return true;
}

bool list_last_page(struct list *l)
{
	if (!l->can_end || !l->next[0])
		return false;
	push_page(l, LIST_END);
	l->offset = -1;
	l->pick = INT_MAX;
	return true;
}

void list_reload(struct list *l)
{
	l->cursor[0] = 0;
	l->depth = 0;
	l->offset = 0;
	l->pick = 0;
	l->stale = true;
}

static int row_of(const struct list *l, int64_t id)
{
	int i;

	for (i = 0; i < l->count; i++) {
		if (l->rows[i].id == id)
			return i;
	}
	return -1;
}

static void select_row(struct list *l, int64_t id)
{
	int at = l->pick >= 0 ? l->pick : row_of(l, id);

	if (at < 0)
		at = l->selected;
	l->selected = at < l->count ? at : l->count > 0 ? l->count - 1 : 0;
	l->pick = -1;
}

static void read_page(struct list *l)
{
	struct err_info e;
	int64_t id = l->selected < l->count ? l->rows[l->selected].id : -1;
	/* After the area shrank the selected row may lie below the rows shown. */
	int max = l->pick < 0 && l->selected >= l->visible ? l->selected + 1 : l->visible;

	err_clear(&e);
	l->rows = mem_realloc(l->rows, (size_t)max * sizeof(*l->rows));
	memset(l->rows, 0, (size_t)max * sizeof(*l->rows));
	l->count = 0;
	l->next[0] = 0;
	l->failed = l->source(l, l->cursor, max, l->rows, &l->count, l->next, &e) != ERR_OK;
	l->stale = false;
	if (l->filter) { /* as the source has left it */
		free(l->asked);
		l->asked = form_save(l->filter);
	}
	if (l->failed) {
		l->count = 0;
		l->next[0] = 0;
		ui_error(&e);
	}
	if (strcmp(l->cursor, LIST_END) == 0 && l->total >= l->count && !l->at_least)
		l->offset = l->total - l->count;
	select_row(l, id);
	list_sync_marks(l);
}

void list_content(struct list *l, bool changed)
{
	list_remember(l);
	if (l->epoch != epoch && !l->everywhere) {
		l->epoch = epoch;
		l->mark_count = 0;
		list_reload(l);
	}
	/* Half a condition finds nothing: the rows stay until it is asked for. */
	if (!l->visible || (!l->stale && !changed) || (l->pick < 0 && list_is_pending(l)))
		return;
	read_page(l);
	/* The page may have lost its rows meanwhile: show the one before it, else the first. */
	if (!l->failed && !l->count && !l->next[0] && list_previous_page(l))
		read_page(l);
	if (!l->failed && !l->count && !l->next[0] && l->depth) {
		list_reload(l);
		read_page(l);
	}
}

/* ---- what others ask ---- */

const struct list_row *list_row(const struct list *l)
{
	return l->selected < l->count ? &l->rows[l->selected] : NULL;
}

const char *const *list_sections(const struct list *l)
{
	static const char *const LIST[] = {"list", NULL};

	return l->filtering ? form_sections(l->filter) : LIST;
}

int list_top(const struct list *l)
{
	return l->selected >= l->visible ? l->selected - l->visible + 1 : 0;
}

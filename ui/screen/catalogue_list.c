/* catalogue_list.c - the list of buyers and that of goods: columns from the tables of
 * workbooks, the filter, marked rows, what both can do. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "desk/transfer.h"
#include "ui/screen/catalogue.h"
#include "ui/screen/import.h"
#include "ui/screen/sellers.h"

/* ---- columns ---- */

static enum align align_of(enum sheet_type type)
{
	return type == SHEET_NUMBER || type == SHEET_MONEY || type == SHEET_RATE ? ALIGN_RIGHT
										 : ALIGN_LEFT;
}

/* The first column, which takes the rest, has at least so many; one parts the columns. */
enum { MARK_COLS = 2, FIRST_LEAST = 14, GAP = 1 };

static int fill_columns(const char *table, int own, struct list_column out[LIST_COLUMNS + 1],
			const char *keys[LIST_COLUMNS])
{
	const struct sheet_table *t = sheet_table(table);
	int n = 0, cols = MARK_COLS + FIRST_LEAST + own + GAP;
	size_t i;

	for (i = 0; t && i < t->count && n < LIST_COLUMNS - 1; i++) {
		const struct sheet_column *c = &t->columns[i];

		if (!c->list_width && !c->list_wide)
			continue;
		if (c->list_width > 0)
			cols += c->list_width + GAP;
		keys[n] = c->key;
		out[n++] = (struct list_column) {.label = c->title,
						 .width = c->list_width,
						 .wide_width = c->list_wide,
						 .align = align_of(c->type),
						 .from = n && c->list_width ? cols : 0};
	}
	out[n] = (struct list_column) {.label = NULL};
	return n;
}

static const struct catalogue_field *field_of(const struct catalogue_field *fields, const char *key)
{
	while (fields->key && strcmp(fields->key, key) != 0)
		fields++;
	return fields->key ? fields : NULL;
}

void catalogue_list_texts(const struct catalogue_list *s, struct list_row *row,
			  const struct catalogue_field *fields, const void *item)
{
	int i;

	for (i = 0; i < s->count; i++) {
		const struct catalogue_field *f = field_of(fields, s->keys[i]);

		if (f)
			text_copy(row->cell[i], LIST_CELL, catalogue_text(item, f));
	}
}

void catalogue_list_twin(const struct catalogue_list *s, struct list_row *row, const char *name)
{
	int i;

	for (i = 0; i < s->count; i++) {
		if (strcmp(s->keys[i], "name") != 0)
			continue;
		snprintf(row->cell[i], LIST_CELL, "〔重复〕%.*s",
			 (int)text_prefix(name, LIST_CELL / 4 - 8), name);
		if (row->face == FACE_NORMAL)
			row->face = FACE_WARNING;
	}
}

/* ---- rows that are marked ---- */

const int64_t *catalogue_list_chosen(const struct catalogue_list *s, size_t *n)
{
	const struct list *l = &s->frame.list;
	const struct list_row *row = list_row(l);

	*n = l->mark_count ? l->mark_count : row ? 1 : 0;
	return l->mark_count ? l->marks : row ? &row->id : NULL;
}

bool catalogue_list_ask_remove(struct catalogue_list *s, int token)
{
	const struct list *l = &s->frame.list;
	const char *name = list_row(l)->cell[s->kind->name_cell], *noun = s->kind->noun;
	char title[60];

	if (l->mark_count)
		snprintf(s->question, CATALOGUE_QUESTION,
			 "删除勾选的 %zu 个%s？\n已开的发票不受影响。", l->mark_count, noun);
	else
		snprintf(s->question, CATALOGUE_QUESTION, "删除%s“%.*s”？\n已开的发票不受影响。",
			 noun, (int)text_prefix(name, 60), name);
	snprintf(title, sizeof(title), "删除%s", noun);
	return view_ask(
	    s->frame.view, token, &view_ask_ops,
	    &(struct ask_arg) {.title = title, .text = s->question, .yes = "删除", .no = "保留"});
}

void catalogue_list_remove(struct catalogue_list *s)
{
	struct err_info e = {0};
	int removed = 0;
	size_t n;
	const int64_t *ids = catalogue_list_chosen(s, &n);

	if (s->kind->remove(ui_session(), ids, n, &removed, &e))
		ui_error(&e);
	else
		ui_message(MESSAGE_GOOD, "删除了 %d 个%s", removed, s->kind->noun);
	s->frame.list.mark_count = 0;
	s->frame.list.stale = true;
}

bool catalogue_list_import(struct catalogue_list *s, enum action a)
{
	(void)a;
	return view_push(&view_import_ops, &(struct import_arg) {.table = s->kind->table});
}

bool catalogue_list_template(struct catalogue_list *s, enum action a)
{
	(void)a;
	import_template(s->kind->table);
	return true;
}

/* ---- the filter, looked for while it is typed ---- */

static void look_again(struct catalogue_list *s, char *before)
{
	if (s->frame.list.filtering && strcmp(before, form_get(&s->frame.filter, CATALOGUE_ANY)))
		list_reload(&s->frame.list);
	free(before);
}

bool catalogue_list_key(struct view *v, struct key k, const char *paste, size_t n)
{
	struct catalogue_list *s = v->state;
	char *before = mem_strdup(form_get(&s->frame.filter, CATALOGUE_ANY));
	bool used = listing_key(v, k, paste, n);

	look_again(s, before);
	return used;
}

static bool filter_act(struct catalogue_list *s, enum action a)
{
	struct list *l = &s->frame.list;
	char *before = mem_strdup(form_get(&s->frame.filter, CATALOGUE_ANY));
	bool used = screen_list_act(l, a) != LIST_UNUSED;

	/* Given up: what was typed has been looked for already. */
	if (a == ACT_BACK && !l->filtering)
		list_reload(l);
	look_again(s, before);
	sellers_after(l, &s->frame.filter, CATALOGUE_SELLER, a);
	return used || screen_filter_keeps(l, a);
}

/* ---- actions ---- */

static const struct catalogue_act *act_of(const struct catalogue_list *s, enum action a)
{
	const struct catalogue_act *p = s->kind->acts;

	while (p->run && p->action != a)
		p++;
	return p->run ? p : NULL;
}

bool catalogue_list_run(struct catalogue_list *s, enum action a)
{
	const struct catalogue_act *act = act_of(s, a);

	if (!act || (act->of_row && !list_row(&s->frame.list)))
		return false;
	return act->run(s, a);
}

bool catalogue_list_part(struct view *v, enum action a)
{
	struct catalogue_list *s = v->state;

	/* A second key may come before the page of the first was read. */
	list_content(&s->frame.list, false);
	if (a == ACT_FIND)
		form_focus(&s->frame.filter, CATALOGUE_ANY);
	return catalogue_list_run(s, a);
}

bool catalogue_list_act(struct view *v, enum action a)
{
	struct catalogue_list *s = v->state;

	return s->frame.list.filtering ? filter_act(s, a) : listing_act(v, a);
}

const char *catalogue_list_why_not(const struct view *v, enum action a)
{
	const struct catalogue_list *s = v->state;
	const struct catalogue_act *act = act_of(s, a);

	if (s->frame.list.filtering || !act)
		return NULL;
	if (act->of_row && !list_row(&s->frame.list))
		return s->kind->unchosen;
	return screen_may(act->allow);
}

/* ---- the view ---- */

bool catalogue_list_content(struct view *v, bool changed)
{
	struct catalogue_list *s = v->state;

	s->frame.list.empty = s->kind->empty(s);
	if (!s->frame.list.filtering)
		sellers_show(&s->frame.filter, s->fields, CATALOGUE_SELLER, changed);
	return true;
}

enum err catalogue_list_open(struct view *v, const struct catalogue_kind *kind, struct err_info *e)
{
	struct catalogue_list *s = v->state;
	enum err r = desk_allow(ui_session(), DESK_VIEW, e);
	int i;

	if (r || (r = sellers_read(e)) || (r = listing_open(v, &kind->frame, e)))
		return r;
	s->kind = kind;
	s->count = fill_columns(kind->table, kind->state.width, s->columns, s->keys);
	if (kind->state.label) {
		s->columns[s->count] = kind->state;
		s->columns[s->count + 1] = (struct list_column) {.label = NULL};
	}
	s->frame.list.columns = s->columns;
	for (i = 0; i < CATALOGUE_FIELDS && kind->filter[i].id; i++)
		s->fields[i] = kind->filter[i];
	sellers_field(s->fields, CATALOGUE_SELLER);
	form_init(&s->frame.filter, s->fields, s);
	s->frame.list.filter = &s->frame.filter;
	return ERR_OK;
}

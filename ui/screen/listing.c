/* listing.c - the frame of a screen that is a list. */
#include "ui/screen/listing.h"

#include "base/base.h"

enum { WIDE = 100 };

struct list_row *listing_row(struct listing_page *p, int64_t id, enum face face)
{
	struct list_row *row = &p->rows[p->count++];

	*row = (struct list_row) {.id = id, .face = face};
	return row;
}

static enum err source(struct list *l, const char *cursor, int max, struct list_row *rows,
		       int *count, char next[64], struct err_info *e)
{
	struct listing *s = l->owner;
	struct listing_page p = {.rows = rows,
				 .max = max,
				 .wide = l->area.w > WIDE,
				 .cursor_text = cursor,
				 .next_text = next,
				 .cursor = screen_cursor(cursor),
				 .total = l->total};
	enum err r;

	*next = 0;
	r = s->kind->read(s->view, &p, e);
	l->total = p.total;
	l->at_least = !r && (s->kind->capped ? p.total >= DESK_COUNT_CAP : p.at_least);
	*count = p.count;
	if (!*next)
		screen_next(p.next, next);
	return r;
}

/* ---- the view ---- */

static enum err may_open(const struct listing_kind *kind, struct err_info *e)
{
	struct unit u;
	enum err r = desk_allow(ui_session(), kind->allow, e);

	if (r || !kind->of_unit)
		return r;
	if ((r = desk_unit(ui_session(), &u, e))) {
		screen_hint_unit(e);
		return r;
	}
	unit_free(&u);
	return ERR_OK;
}

enum err listing_open(struct view *v, const struct listing_kind *kind, struct err_info *e)
{
	struct listing *s = v->state;
	const struct field *f;
	enum err r = may_open(kind, e);

	if (r)
		return r;
	s->kind = kind;
	s->view = v;
	if (kind->gated)
		gate_open(&s->gate);
	list_init(&s->list, kind->columns, source, s);
	s->list.title = kind->title;
	s->list.empty = kind->empty;
	if (!kind->filter)
		return ERR_OK;
	form_init(&s->filter, kind->filter, s);
	for (f = kind->filter; f->id; f++) {
		if (f->kind == FIELD_CHOICE)
			form_set(&s->filter, f->id, f->choices[0]);
	}
	s->list.filter = &s->filter;
	return ERR_OK;
}

/* What points into itself. */
static void settle_in(struct listing *s)
{
	s->list.owner = s;
	s->filter.owner = s;
	if (s->list.filter)
		s->list.filter = &s->filter;
}

void listing_swap(struct listing *a, struct listing *b)
{
	struct listing keep = *a;

	*a = *b;
	*b = keep;
	settle_in(a);
	settle_in(b);
}

void listing_close(struct view *v)
{
	struct listing *s = v->state;
	bool filtered = s->list.filter != NULL;

	if (s->kind->close)
		s->kind->close(v);
	list_free(&s->list); /* keeps what the filter says */
	if (filtered)
		form_free(&s->filter);
}

void listing_layout(struct view *v)
{
	struct listing *s = v->state;
	const struct listing_kind *k = s->kind;
	struct rect r = v->area;

	s->head_rows = k->head_rows ? k->head_rows(v) : k->head;
	s->head = rect_top(&r, s->head_rows);
	s->foot = rect_bottom(&r, k->foot);
	list_layout(&s->list, r);
	s->list.stale = true; /* cells differ with the width */
}

void listing_content(struct view *v, bool changed)
{
	struct listing *s = v->state;
	const struct listing_kind *k = s->kind;

	if (k->gated && changed)
		gate_open(&s->gate);
	if (s->gate.text[0] || (k->content && !k->content(v, changed)))
		return;
	if (k->head_rows && k->head_rows(v) != s->head_rows)
		listing_layout(v);
	list_content(&s->list, changed && !k->still);
}

void listing_say(const struct listing *s, enum face face, const char *text)
{
	draw_text(s->foot, 0, 1, s->foot.w - 1, ALIGN_LEFT, face, text);
	draw_text(s->foot, 0, 0, 1, ALIGN_LEFT, FACE_NORMAL, "");
}

void listing_say_cell(const struct listing *s, int cell)
{
	const struct list_row *row = list_row(&s->list);

	listing_say(s, row ? row->face : FACE_NORMAL, row ? row->cell[cell] : "");
}

void listing_paint(struct view *v)
{
	struct listing *s = v->state;

	if (s->gate.text[0])
		gate_paint(&s->gate, v->area);
	else if (!s->kind->paint || s->kind->paint(v))
		list_paint(&s->list, true);
}

const char *const *listing_sections(const struct view *v)
{
	const struct listing *s = v->state;

	return screen_list_sections(&s->list, v->ops->name);
}

bool listing_key(struct view *v, struct key k, const char *paste, size_t n)
{
	struct listing *s = v->state;

	return list_key(&s->list, k, paste, n);
}

bool listing_act(struct view *v, enum action a)
{
	struct listing *s = v->state;

	if (s->gate.text[0])
		return gate_act(&s->gate, a);
	if (!s->list.filtering && s->kind->act && s->kind->act(v, a))
		return true;
	switch (screen_list_act(&s->list, a)) {
	case LIST_OPEN:
		return s->kind->chosen && s->kind->chosen(v);
	case LIST_USED:
		return true;
	default:
		return screen_filter_keeps(&s->list, a);
	}
}

const enum action *listing_hints(const struct view *v)
{
	static const enum action FILTERING[] = {ACT_ENTER, ACT_NEXT, ACT_RESET, ACT_BACK, ACT_NONE};
	const struct listing *s = v->state;
	const enum action *now = s->kind->hints_now ? s->kind->hints_now(v) : NULL;

	if (s->gate.text[0])
		return gate_hints();
	if (now)
		return now;
	return s->list.filtering ? FILTERING : s->kind->hints;
}

const char *listing_help(const struct view *v)
{
	const struct listing *s = v->state;
	const char *now = NULL;

	if (s->list.filtering)
		return form_help(&s->filter);
	if (s->kind->help_now)
		now = s->kind->help_now(v);
	return now ? now : s->kind->help;
}

const char *listing_trouble(const struct view *v)
{
	const struct listing *s = v->state;
	const struct list_row *row = s->gate.text[0] ? NULL : list_row(&s->list);
	const struct list_column *columns = s->list.columns; /* may be others than the kind's */
	int i;

	if (s->gate.text[0])
		return s->gate.text;
	if (!row)
		return NULL;
	if (s->kind->trouble_cell)
		return row->cell[s->kind->trouble_cell];
	if (row->face != FACE_ERROR && row->face != FACE_WARNING)
		return NULL;
	for (i = 0; i < LIST_COLUMNS && columns[i].label; i++)
		if (columns[i].width == -1)
			return row->cell[i];
	return NULL;
}

const char *listing_state(const struct view *v)
{
	const struct listing *s = v->state;
	const char *now = s->kind->state_now ? s->kind->state_now(v) : NULL;

	if (s->gate.text[0])
		return "closed";
	if (now)
		return now;
	return s->list.filtering ? "filtering" : s->list.count ? "listed" : "empty";
}

/* invoices_walk.c - finds the ids of a filter with work proportional to the page (invariant I9).
 *
 * A filter is a set of streams: ranges of one index in order of id, one per unit, state and kind
 * (and business type, and name of the buyer), merged here.  A buyer is the streams of his names.  A
 * part of a buyer's name is met in one
 * of two ways: where few names have it, one stream per name; where many have it, the streams
 * without the name, testing each row.  Neither is known beforehand, so a short test walk comes
 * first, then the names, then a longer walk, and all names at last.
 */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "store/invoices_p.h"

enum { FIRST_BUDGET = 1024, NAMES_FEW = 64, UNITS_MAX = 1000, BINDS_MAX = 10, SQL_MAX = 1024 };

struct walk {
	struct db *db;
	const struct invoice_filter *f;
	struct err_info *e;
	char *folded;              /* part of the name, NULL: any */
	struct buyer_names of_one; /* of the buyer asked for */
	bool states[INVOICE_STATES], kinds[2],
	    any_state; /* any_state: neither state nor kind is asked */
	int64_t units[UNITS_MAX];
	size_t unit_count;
	bool ascending;
	/* of the unit being walked */
	int64_t unit, low, high;
	bool exact;
	/* results */
	struct id_list *out; /* NULL: count only */
	int64_t count, cap;  /* count only */
	int64_t budget;      /* rows that may still be tested */
	bool exhausted;      /* the budget ended before the streams did */
};

/* ---- the list of the first ids --------------------------------------------------------------- */

void id_list_put(struct id_list *l, int64_t id, bool ascending)
{
	size_t at = l->count;
	while (at > 0 && (ascending ? l->ids[at - 1] > id : l->ids[at - 1] < id))
		at--;
	if (at == l->room || (at > 0 && l->ids[at - 1] == id))
		return;
	size_t kept = l->count < l->room ? l->count : l->room - 1;
	memmove(&l->ids[at + 1], &l->ids[at], (kept - at) * sizeof(l->ids[0]));
	l->ids[at] = id;
	l->count = kept + 1;
}

/* ---- one stream ------------------------------------------------------------------------------ */

void invoice_walk_sql(struct buf *b, const struct walk_shape *s)
{
	buf_adds(b, s->tests_name ? "SELECT i.id, COALESCE(b.folded, '') FROM invoice i"
				    " LEFT JOIN buyer_name b ON b.id = i.buyer_name_id"
				  : "SELECT i.id FROM invoice i");
	buf_adds(b, " WHERE i.unit_id = ?");
	if (s->by_type)
		buf_adds(b, " AND i.business_type_id = ?");
	if (s->by_name)
		buf_adds(b, " AND i.buyer_name_id = ?");
	if (s->by_state)
		buf_adds(b, " AND i.state = ? AND i.kind = ?");
	buf_adds(b, " AND i.id >= ? AND i.id <= ?");
	if (s->by_created)
		buf_adds(b, " AND i.created_at >= ? AND i.created_at < ?");
	buf_adds(b, s->ascending ? " ORDER BY i.id LIMIT ?" : " ORDER BY i.id DESC LIMIT ?");
}

/* A stream of the unit being walked: a name (0: any) and, unless any_state, state and kind. */
struct stream {
	int64_t name;
	const char *state, *kind;
};

/* Bounds of ids that may still enter the list. */
static void open_bounds(const struct walk *w, int64_t *low, int64_t *high)
{
	*low = w->low;
	*high = w->high;
	if (!w->out || w->out->count < w->out->room)
		return;
	int64_t edge = w->out->ids[w->out->count - 1];
	if (w->ascending)
		*high = edge - 1 < *high ? edge - 1 : *high;
	else
		*low = edge + 1 > *low ? edge + 1 : *low;
}

/* How many rows of one stream can matter. */
static int64_t stream_limit(const struct walk *w, bool tests)
{
	if (tests)
		return w->budget;
	return w->out ? (int64_t)w->out->room : w->cap - w->count;
}

static size_t stream_binds(const struct walk *w, const struct stream *s, int64_t low, int64_t high,
			   int64_t limit, struct bind binds[BINDS_MAX])
{
	size_t n = 0;
	binds[n++] = (struct bind) {.type = 'l', .i = w->unit};
	if (w->f->business_type != 0)
		binds[n++] = (struct bind) {.type = 'l', .i = w->f->business_type};
	if (s->name != 0)
		binds[n++] = (struct bind) {.type = 'l', .i = s->name};
	if (!w->any_state) {
		binds[n++] = (struct bind) {.type = 's', .s = s->state};
		binds[n++] = (struct bind) {.type = 's', .s = s->kind};
	}
	binds[n++] = (struct bind) {.type = 'l', .i = low};
	binds[n++] = (struct bind) {.type = 'l', .i = high};
	if (!w->exact) {
		binds[n++] = (struct bind) {.type = 'l', .i = w->f->created_from};
		binds[n++] = (struct bind) {
		    .type = 'l', .i = w->f->created_to > 0 ? w->f->created_to : INT64_MAX};
	}
	binds[n++] = (struct bind) {.type = 'l', .i = limit};
	return n;
}

/* Takes a match; true when the stream has nothing more to give. */
static bool take_match(struct walk *w, int64_t id)
{
	w->count++;
	if (!w->out)
		return w->count >= w->cap;
	id_list_put(w->out, id, w->ascending);
	int64_t edge = w->out->ids[w->out->count - 1];
	return w->out->count == w->out->room && (w->ascending ? id >= edge : id <= edge);
}

static enum err run_stream(struct walk *w, const struct stream *s, bool tests)
{
	struct walk_shape shape = {
	    .by_type = w->f->business_type != 0,
	    .by_name = s->name != 0,
	    .by_state = !w->any_state,
	    .by_created = !w->exact,
	    .tests_name = tests,
	    .ascending = w->ascending,
	};
	struct bind binds[BINDS_MAX];
	int64_t low, high, limit = stream_limit(w, tests), rows = 0;
	open_bounds(w, &low, &high);
	if (low > high)
		return ERR_OK;
	if (limit <= 0) {
		w->exhausted = w->exhausted || tests;
		return ERR_OK;
	}
	struct buf sql;
	buf_init(&sql, SQL_MAX);
	invoice_walk_sql(&sql, &shape);
	struct rows *q;
	enum err r = db_query_built(w->db, &q, w->e, buf_str(&sql), binds,
				    stream_binds(w, s, low, high, limit, binds));
	bool full = false;
	while (!r && !full && rows_next(q)) {
		rows++;
		if (!tests || strstr(rows_text(q, 1), w->folded))
			full = take_match(w, rows_int(q, 0));
	}
	r = rows_end(&q, r, w->e);
	buf_free(&sql);
	if (tests) {
		w->exhausted = w->exhausted || (!full && rows == limit);
		w->budget -= rows;
	}
	return r;
}

/* All streams of the unit for one name (0: any). */
static enum err run_states(struct walk *w, int64_t name, bool tests)
{
	if (w->any_state)
		return run_stream(w, &(struct stream) {.name = name}, tests);
	for (int s = 0; s < INVOICE_STATES; s++) {
		for (int k = 0; w->states[s] && k < 2; k++) {
			if (!w->kinds[k])
				continue;
			enum err r =
			    run_stream(w,
				       &(struct stream) {
					   .name = name,
					   .state = invoice_state_word((enum invoice_state)s),
					   .kind = invoice_kind_word((enum invoice_kind)k),
				       },
				       tests);
			if (r)
				return r;
		}
	}
	return ERR_OK;
}

/* ---- all units ------------------------------------------------------------------------------- */

static enum err set_unit(struct walk *w, int64_t unit)
{
	const struct invoice_filter *f = w->f;
	w->unit = unit;
	enum err r = invoice_day_bounds(w->db, unit, f->created_from, f->created_to, &w->low,
					&w->high, &w->exact, w->e);
	if (f->cursor > 0 && !f->last_page && f->cursor - 1 < w->high)
		w->high = f->cursor - 1;
	return r;
}

/* Walks every unit; names NULL: the streams without a name, testing it when one is asked. */
static enum err run_units(struct walk *w, const struct buyer_names *names)
{
	for (size_t u = 0; u < w->unit_count; u++) {
		enum err r = set_unit(w, w->units[u]);
		if (!r && !names)
			r = run_states(w, 0, w->folded != NULL);
		for (size_t i = 0; !r && names && i < names->count; i++)
			r = run_states(w, names->ids[i], false);
		if (r)
			return r;
	}
	return ERR_OK;
}

static enum err load_units(struct walk *w)
{
	if (w->f->unit != 0) {
		w->units[w->unit_count++] = w->f->unit;
		return ERR_OK;
	}
	struct rows *q;
	enum err r = db_query(w->db, &q, w->e, "SELECT id FROM unit ORDER BY id LIMIT ?", "i",
			      (int)UNITS_MAX);
	while (!r && w->unit_count < UNITS_MAX && rows_next(q))
		w->units[w->unit_count++] = rows_int(q, 0);
	return rows_end(&q, r, w->e);
}

static bool is_unfinished(int state)
{
	return state == INVOICE_NUMBERED || state == INVOICE_SENDING || state == INVOICE_ACCEPTED ||
	       state == INVOICE_UNKNOWN;
}

static void set_states(struct walk *w)
{
	const struct invoice_filter *f = w->f;
	for (int s = 0; s < INVOICE_STATES; s++)
		w->states[s] =
		    (!f->state || (int)*f->state == s) && (!f->unfinished || is_unfinished(s));
	for (int k = 0; k < 2; k++)
		w->kinds[k] = !f->kind || (int)*f->kind == k;
	w->any_state = !f->state && !f->kind && !f->unfinished;
}

static size_t square_root(uint64_t n)
{
	uint64_t r = 0;
	for (uint64_t bit = UINT64_C(1) << 31; bit; bit >>= 1)
		if ((r + bit) * (r + bit) <= n)
			r += bit;
	return (size_t)r;
}

/* A walk with the name tested; *done when it saw everything it had to see. */
static enum err walk_testing(struct walk *w, int64_t budget, bool *done)
{
	w->budget = budget;
	w->exhausted = false;
	w->count = 0;
	enum err r = run_units(w, NULL);
	*done = !w->exhausted;
	return r;
}

static enum err walk_names(struct walk *w, size_t max, bool *done)
{
	struct buyer_names names;
	enum err r = buyer_names_find(w->db, w->folded, max, &names, w->e);
	if (r)
		return r;
	*done = !names.more;
	w->count = 0;
	/* When counting, an incomplete set of names still gives a lower bound. */
	if (*done || !w->out)
		r = run_units(w, &names);
	free(names.ids);
	return r;
}

/* Where a few names have the text, one stream each is cheaper than reading past the others; with N
 * names, M of them matching, a page of n rows costs M seeks there and about n*N/M rows here. */
static enum err walk_buyer(struct walk *w)
{
	bool done = false;
	int64_t total = 0;
	enum err r = walk_testing(w, FIRST_BUDGET, &done);
	if (r || done)
		return r;
	r = buyer_names_total(w->db, &total, w->e);
	if (r)
		return r;
	size_t few = square_root((uint64_t)w->out->room * (uint64_t)total);
	if (few < NAMES_FEW)
		few = NAMES_FEW;
	r = walk_names(w, few, &done);
	if (!r && !done)
		r = walk_testing(w, (int64_t)few * 4 + FIRST_BUDGET, &done);
	if (!r && !done)
		r = walk_names(w, SIZE_MAX, &done);
	return r;
}

static enum err walk_init(struct walk *w, struct db *db, const struct invoice_filter *f,
			  struct err_info *e)
{
	*w = (struct walk) {.db = db, .f = f, .e = e, .ascending = f->last_page};
	set_states(w);
	enum err r = load_units(w);
	if (!r && f->buyer_id)
		r = buyer_names_of(db, f->buyer_id, &w->of_one, e);
	else if (!r && !text_empty(f->buyer))
		w->folded = buyer_fold(f->buyer);
	return r;
}

/* Without a part of a name. */
static enum err walk_streams(struct walk *w)
{
	return run_units(w, w->f->buyer_id ? &w->of_one : NULL);
}

static void walk_free(struct walk *w)
{
	free(w->of_one.ids);
	free(w->folded);
	free(w);
}

enum err invoice_walk(struct db *db, const struct invoice_filter *f, struct id_list *out,
		      struct err_info *e)
{
	struct walk *w = mem_alloc(sizeof(*w));
	enum err r = walk_init(w, db, f, e);
	w->out = out;
	if (!r)
		r = w->folded ? walk_buyer(w) : walk_streams(w);
	walk_free(w);
	return r;
}

enum err invoice_walk_count(struct db *db, const struct invoice_filter *f, int64_t cap,
			    int64_t *count, bool *at_least, struct err_info *e)
{
	struct walk *w = mem_alloc(sizeof(*w));
	bool done = true;
	enum err r = walk_init(w, db, f, e);
	w->cap = cap + 1; /* one more tells whether there are more */
	if (!r)
		r = w->folded ? walk_testing(w, FIRST_BUDGET, &done) : walk_streams(w);
	if (!r && !done)
		r = walk_names(w, (size_t)cap * 4 + FIRST_BUDGET, &done);
	*count = w->count > cap ? cap : w->count;
	*at_least = w->count > cap || !done;
	walk_free(w);
	return r;
}

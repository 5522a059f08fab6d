/* invoices_list.c - pages and counts of invoices. */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "store/invoices_find_p.h"

enum { PAGE_MAX = 1000 };

#define ROW_SELECT                                                                                 \
	"SELECT i.id, i.net, i.tax, i.gross, i.created_at, i.state, i.kind, i.needs_person,"       \
	" COALESCE(i.order_no, ''), COALESCE(i.number, ''), i.issued_at, COALESCE(b.name, ''),"    \
	" i.buyer_tax_no, i.message, i.unit_id, COALESCE(i.business_type_id, 0),"                  \
	" COALESCE(i.buyer_name_id, 0), i.created_by,"                                             \
	" EXISTS (SELECT 1 FROM invoice_red x WHERE x.invoice_id = i.id),"                         \
	" (SELECT v.whole FROM invoice_reversed v WHERE v.invoice_id = i.id) FROM invoice i"       \
	" LEFT JOIN buyer_name b ON b.id = i.buyer_name_id"

static void read_row(struct rows *q, struct invoice_row *row)
{
	*row = (struct invoice_row) {
	    .id = rows_int(q, 0),
	    .net = rows_int(q, 1),
	    .tax = rows_int(q, 2),
	    .gross = rows_int(q, 3),
	    .created_at = rows_int(q, 4),
	    .created_by = rows_int(q, 17),
	    .needs_person = rows_int(q, 7) != 0,
	    .red = rows_int(q, 18) != 0,
	    .reversed = rows_null(q, 19)  ? REVERSED_NOT
			: rows_int(q, 19) ? REVERSED_WHOLE
					  : REVERSED_PART,
	    .order_no = rows_text(q, 8),
	    .number = rows_text(q, 9),
	    .issued_at = rows_text(q, 10),
	    .buyer_name = rows_text(q, 11),
	    .buyer_tax_no = rows_text(q, 12),
	    .message = rows_text(q, 13),
	};
	invoice_state_parse(rows_text(q, 5), &row->state);
	invoice_kind_parse(rows_text(q, 6), &row->kind);
}

static bool name_has(const char *name, const char *part)
{
	char *folded = buyer_fold(name), *want = buyer_fold(part);
	bool yes = strstr(folded, want) != NULL;
	free(folded);
	free(want);
	return yes;
}

/* Every term of the filter, for a row that was found by its number. */
static bool row_matches(const struct invoice_filter *f, const struct invoice_row *row, int64_t unit,
			int64_t type)
{
	bool unfinished = row->state == INVOICE_NUMBERED || row->state == INVOICE_SENDING ||
			  row->state == INVOICE_ACCEPTED || row->state == INVOICE_UNKNOWN;
	return (f->unit == 0 || f->unit == unit) &&
	       (f->business_type == 0 || f->business_type == type) &&
	       (!f->state || *f->state == row->state) && (!f->kind || *f->kind == row->kind) &&
	       (!f->unfinished || unfinished) && (!f->red || *f->red == row->red) &&
	       (text_empty(f->order_no) || text_eq(f->order_no, row->order_no)) &&
	       (text_empty(f->number) || text_eq(f->number, row->number)) &&
	       (f->buyer_id || text_empty(f->buyer) || name_has(row->buyer_name, f->buyer)) &&
	       (f->created_from <= 0 || row->created_at >= f->created_from) &&
	       (f->created_to <= 0 || row->created_at < f->created_to) &&
	       (f->cursor <= 0 || f->last_page || row->id < f->cursor);
}

/* Is the name that of the buyer asked for? */
static enum err of_buyer(struct db *db, const struct invoice_filter *f, int64_t name, bool *yes,
			 struct err_info *e)
{
	struct buyer_names names;
	*yes = !f->buyer_id;
	if (*yes)
		return ERR_OK;
	enum err r = buyer_names_of(db, f->buyer_id, &names, e);
	if (r)
		return r;
	for (size_t i = 0; i < names.count; i++)
		*yes = *yes || names.ids[i] == name;
	free(names.ids);
	return ERR_OK;
}

/* Filters that name one invoice: at most one row of a unit. */
static enum err page_of_one(struct db *db, const struct invoice_filter *f, invoice_each each,
			    void *arg, int64_t *count, struct err_info *e)
{
	struct rows *q;
	enum err r;
	*count = 0;
	if (!text_empty(f->number))
		r = db_query(db, &q, e,
			     ROW_SELECT
			     " WHERE i.unit_id IN (SELECT id FROM unit WHERE id = ? OR ? = 0)"
			     " AND i.number = ? ORDER BY i.id DESC",
			     "lls", f->unit, f->unit, f->number);
	else
		r = db_query(db, &q, e,
			     ROW_SELECT
			     " WHERE i.unit_id IN (SELECT id FROM unit WHERE id = ? OR ? = 0)"
			     " AND i.order_no = ? ORDER BY i.id DESC",
			     "lls", f->unit, f->unit, f->order_no);
	while (!r && rows_next(q)) {
		struct invoice_row row;
		bool his = false;
		read_row(q, &row);
		if (!row_matches(f, &row, rows_int(q, 14), rows_int(q, 15)) ||
		    (r = of_buyer(db, f, rows_int(q, 16), &his, e)) || !his)
			continue;
		++*count;
		if (each)
			r = each(arg, &row);
	}
	return rows_end(&q, r, e);
}

static bool names_one(const struct invoice_filter *f)
{
	return (!text_empty(f->number) || !text_empty(f->order_no)) && !store_invoice_finds(f);
}

static enum err give_row(struct db *db, int64_t id, invoice_each each, void *arg,
			 struct err_info *e)
{
	struct rows *q;
	enum err r = db_query(db, &q, e, ROW_SELECT " WHERE i.id = ?", "l", id);
	if (!r && rows_next(q)) {
		struct invoice_row row;
		read_row(q, &row);
		r = each(arg, &row);
	}
	return rows_end(&q, r, e);
}

enum err store_invoice_page(struct db *db, const struct invoice_filter *f, invoice_each each,
			    void *arg, int64_t *next, struct err_info *e)
{
	int64_t ids[PAGE_MAX + 1], count, after = 0;
	if (names_one(f)) {
		enum err r = page_of_one(db, f, each, arg, &count, e);
		*next = 0;
		return r;
	}
	size_t limit = f->limit < 1 ? 1 : f->limit > PAGE_MAX ? PAGE_MAX : (size_t)f->limit;
	/* One id more than the page tells whether there is a next one. */
	struct id_list list = {.ids = ids, .room = f->last_page ? limit : limit + 1};
	enum err r = store_invoice_finds(f) ? invoice_find(db, f, &list, &after, e)
					    : invoice_walk(db, f, &list, e);
	size_t n = list.count < limit ? list.count : limit;
	for (size_t i = 0; !r && i < n; i++)
		r = give_row(db, ids[f->last_page ? n - 1 - i : i], each, arg, e);
	if (!r && list.count > limit)
		after = ids[limit - 1];
	*next = after; /* last: it may be the filter's own cursor */
	return r;
}

/* Counts by the tallies, for filters that are nothing but unit, state and kind. */
static enum err count_tallies(struct db *db, const struct invoice_filter *f, int64_t *count,
			      struct err_info *e)
{
	struct rows *q;
	int64_t sum = 0;
	enum err r = db_query(db, &q, e,
			      "SELECT state, kind, SUM(count) FROM invoice_tally"
			      " WHERE unit_id = ? OR ? = 0 GROUP BY state, kind",
			      "ll", f->unit, f->unit);
	while (!r && rows_next(q)) {
		struct invoice_row row = {.buyer_name = "", .order_no = "", .number = ""};
		invoice_state_parse(rows_text(q, 0), &row.state);
		invoice_kind_parse(rows_text(q, 1), &row.kind);
		if (row_matches(f, &row, f->unit, 0))
			sum += rows_int(q, 2);
	}
	r = rows_end(&q, r, e);
	if (!r)
		*count = sum;
	return r;
}

/* Of the red ones, or with all the others of the tallies: as long as there are not more red ones
 * than can be looked at. */
static enum err count_colour(struct db *db, const struct invoice_filter *f, int64_t cap,
			     int64_t *count, bool *known, struct err_info *e)
{
	struct invoice_filter of = *f;
	int64_t seen = 0, reds = 0, all = 0;
	struct rows *q;
	enum err r = db_query(db, &q, e,
			      "SELECT i.state, i.kind FROM (SELECT invoice_id FROM invoice_red"
			      " WHERE unit_id = ? LIMIT ?) x JOIN invoice i ON i.id = x.invoice_id",
			      "ll", f->unit, cap + 1);
	of.red = NULL;
	while (!r && rows_next(q)) {
		struct invoice_row row = {.buyer_name = "", .order_no = "", .number = ""};
		invoice_state_parse(rows_text(q, 0), &row.state);
		invoice_kind_parse(rows_text(q, 1), &row.kind);
		seen++;
		reds += row_matches(&of, &row, f->unit, 0);
	}
	r = rows_end(&q, r, e);
	*known = seen <= cap;
	if (!r && *known && !*f->red)
		r = count_tallies(db, &of, &all, e);
	*count = *f->red ? reds : all - reds;
	return r;
}

/* Nothing is asked for but unit, state and kind. */
static bool is_tallied(const struct invoice_filter *f)
{
	struct invoice_filter other = *f;
	other.red = NULL;
	return text_empty(f->buyer) && !f->buyer_id && !f->business_type && f->created_from <= 0 &&
	       f->created_to <= 0 && !store_invoice_finds(&other);
}

enum err store_invoice_count(struct db *db, const struct invoice_filter *f, int64_t cap,
			     int64_t *count, bool *at_least, struct err_info *e)
{
	struct invoice_filter all = *f; /* a count is of all pages */
	all.cursor = 0;
	all.last_page = false;
	*at_least = false;
	if (names_one(&all))
		return page_of_one(db, &all, NULL, NULL, count, e);
	if (f->red && is_tallied(&all)) {
		bool known = false;
		enum err r = count_colour(db, &all, cap, count, &known, e);
		if (r || known)
			return r;
	}
	if (store_invoice_finds(&all))
		return invoice_find_count(db, &all, cap, count, at_least, e);
	if (is_tallied(&all))
		return count_tallies(db, &all, count, e);
	return invoice_walk_count(db, &all, cap, count, at_least, e);
}

enum err store_invoice_unfinished(struct db *db, int64_t unit, int64_t *count, int64_t *oldest_at,
				  struct err_info *e)
{
	struct invoice_filter f = {.unit = unit, .unfinished = true};
	int64_t oldest = 0;
	enum err r = count_tallies(db, &f, count, e);
	if (!r)
		r = db_get_int(db, e, &oldest, NULL,
			       "SELECT COALESCE(MIN(o.at), 0) FROM (SELECT (SELECT"
			       " MIN(i.created_at) FROM invoice i"
			       " WHERE i.unit_id = u.id AND (i.state = 'numbered' OR"
			       " i.state = 'sending' OR i.state = 'accepted' OR"
			       " i.state = 'unknown')) AS at FROM unit u"
			       " WHERE u.id = ? OR ? = 0) o",
			       "ll", unit, unit);
	if (!r)
		*oldest_at = oldest;
	return r;
}

enum err store_invoice_ids(struct db *db, int64_t unit, enum invoice_state s, int64_t *ids,
			   size_t n, size_t *count, struct err_info *e)
{
	struct invoice_filter f = {.unit = unit, .state = &s, .last_page = true};
	struct id_list list = {.ids = ids, .room = n};
	enum err r = n ? invoice_walk(db, &f, &list, e) : ERR_OK;
	if (!r)
		*count = list.count;
	return r;
}

/* red_list.c - pages and counts of red letters, with work that has a bound (invariant I9).
 *
 * A filter is a set of streams: ranges of one index in order of place, one per side, who entered it
 * and what the index begins with, merged here.  What the index does not say is asked of each row,
 * for so many rows.  Which index serves best is not known beforehand: where two may, the likelier
 * one is tried for a while.  A page that ends there is shorter, and its cursor goes on behind it.
 */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/text.h"
#include "store/invoices_p.h"
#include "store/red_walk_p.h"

enum {
	PAGE_MAX = 1000,
	NAMES_FEW = 64,
	TRIAL = 2048,      /* rows that may be asked while another index may serve better */
	PAGE_WORK = 10000, /* that may be asked at all */
	COUNT_WORK = 8000,
	WORK_LEAST = 64, /* of a stream */
	BINDS = 8,
	SQL_MAX = 1024,
};

/* What the index begins with; the unit is first everywhere. */
static const char *const heads[] = {
    [BY_PLACE] = " AND l.side = ? AND l.entered_by = ?",
    [BY_STATE] = " AND l.side = ? AND l.entered_by = ? AND l.state = ? AND l.issued = ?",
    [BY_PARTY] = " AND l.side = ? AND l.entered_by = ? AND l.party_id = ?",
    [BY_DAY] = " AND l.side = ? AND l.entered_by = ? AND l.blue_day = ?",
    [BY_BLUE] = " AND l.blue_number = ?",
    [BY_NUMBER] = " AND l.number = ?",
    [BY_UUID] = " AND l.side = ? AND l.uuid = ?",
};

/* Of a state, but not valid; of an open one, but with something under way.  Indexes of their own,
 * which the plus leaves as the only ones that fit. */
#define ONE_STATE " AND l.side = ? AND l.entered_by = ? AND l.state = ? AND +l.issued = ?"
static const char *const parts[] = {
    [PART_GONE] = ONE_STATE " AND l.valid = 0",
    [PART_BUSY] = ONE_STATE " AND (l.making = 1 OR l.action <> '')",
};

/* ---- what is walked -------------------------------------------------------------------------- */

/* Days of entering as places; a letter is not entered before its blue invoice is there. */
static void set_bounds(struct walk *w)
{
	const struct red_filter *f = w->f;
	struct datetime at = {.hour = 0};

	w->low = 0;
	w->high = INT64_MAX;
	if (date_parse(f->blue_from, &at.date))
		w->low = red_place(date_unix(at), 0);
	if (date_parse(f->entered_from, &at.date) && red_place(date_unix(at), 0) > w->low)
		w->low = red_place(date_unix(at), 0);
	if (date_parse(f->entered_to, &at.date)) {
		at.date = date_from_days(date_days(at.date) + 1);
		w->high = red_place(date_unix(at), 0) - 1;
	}
	if (f->cursor > 0 && !f->last_page && f->cursor - 1 < w->high)
		w->high = f->cursor - 1;
}

/* Is something asked that the index does not begin with? */
static bool asks_rows(const struct walk *w)
{
	const struct red_filter *f = w->f;
	bool states = f->states || f->issued || f->situation;

	if (w->drive >= BY_BLUE)
		return true;
	/* Of state 0 a situation asks how far it is. */
	return w->asks_name || f->blue_code || (states && w->drive != BY_STATE) || f->situation ||
	       ((*f->blue_from || *f->blue_to) && w->drive != BY_DAY);
}

static enum err walk_init(struct walk *w, struct db *db, const struct red_filter *f,
			  struct err_info *e)
{
	*w = (struct walk) {.db = db, .f = f, .e = e};
	if (f->unit == 0)
		return err_fail(e, ERR_INTERNAL, "red.filter", "红字确认单", "没有单位");
	set_bounds(w);
	if (text_empty(f->party))
		return ERR_OK;
	w->folded = buyer_fold(f->party);
	return buyer_names_find(db, w->folded, NAMES_FEW, &w->names, e);
}

static void walk_free(struct walk *w)
{
	free(w->folded);
	free(w->names.ids);
	free(w->streams);
	free(w);
}

/* ---- a row ----------------------------------------------------------------------------------- */

/* In the order of the query of run_stream. */
enum {
	C_ID,
	C_PLACE,
	C_STATE,
	C_ISSUED,
	C_PROGRESS,
	C_DAY,
	C_SIDE,
	C_ENTERED,
	C_NUMBER,
	C_UUID,
	C_BLUE,
	C_CODE,
	C_VALID,
	C_BUSY,
	C_NAME
};
#define WALK_COLUMNS                                                                               \
	"SELECT l.id, l.place, l.state, l.issued, l.progress, l.blue_day, l.side, l.entered_by,"   \
	" COALESCE(l.number, ''), COALESCE(l.uuid, ''), l.blue_number, l.blue_code, l.valid,"      \
	" l.making = 1 OR l.action <> ''"

static bool day_fits(const struct red_filter *f, const char *day)
{
	return (!*f->blue_from || strcmp(day, f->blue_from) >= 0) &&
	       (!*f->blue_to || (*day && strcmp(day, f->blue_to) <= 0));
}

static enum red_progress progress_of(const char *word)
{
	int p = RED_PROGRESSES - 1;

	while (p > 0 && strcmp(word, red_progress_word((enum red_progress)p)) != 0)
		p--;
	return (enum red_progress)p;
}

static bool row_fits(const struct walk *w, struct rows *q)
{
	const struct red_filter *f = w->f;
	enum red_side side = (enum red_side)rows_int(q, C_SIDE);
	enum red_side by = (enum red_side)rows_int(q, C_ENTERED);
	enum red_state state = (enum red_state)rows_int(q, C_STATE);
	bool issued = rows_int(q, C_ISSUED) != 0;
	struct red_standing standing = {.side = side,
					.entered_by = by,
					.progress = progress_of(rows_text(q, C_PROGRESS)),
					.state = state,
					.issued = issued,
					.valid = rows_int(q, C_VALID) != 0,
					.busy = rows_int(q, C_BUSY) != 0};

	return (!f->side || *f->side == side) && (!f->sent || *f->sent == (by == side)) &&
	       (!f->states || f->states & 1u << state) && (!f->issued || *f->issued == issued) &&
	       (!f->situation || red_situation_of(&standing) == *f->situation) &&
	       day_fits(f, rows_text(q, C_DAY)) &&
	       (text_empty(f->blue_number) || text_eq(f->blue_number, rows_text(q, C_BLUE))) &&
	       (!f->blue_code || text_eq(f->blue_code, rows_text(q, C_CODE))) &&
	       (!w->asks_name || strstr(rows_text(q, C_NAME), w->folded));
}

/* ---- merging --------------------------------------------------------------------------------- */

static bool ascending(const struct walk *w)
{
	return w->f->last_page;
}

/* Puts it where it belongs among the first `room`, dropping the one behind. */
static void list_put(struct walk *w, int64_t id, int64_t place)
{
	size_t at = w->count, kept;

	while (at > 0 &&
	       (ascending(w) ? w->list[at - 1].place > place : w->list[at - 1].place < place))
		at--;
	if (at == w->room)
		return;
	kept = w->count < w->room ? w->count : w->room - 1;
	memmove(&w->list[at + 1], &w->list[at], (kept - at) * sizeof(*w->list));
	w->list[at] = (struct found) {id, place};
	w->count = kept + 1;
}

/* Takes a match; true when the stream has nothing more to give. */
static bool take(struct walk *w, int64_t id, int64_t place)
{
	int64_t edge;

	if (!w->room)
		return ++w->total >= w->cap;
	list_put(w, id, place);
	edge = w->list[w->count - 1].place;
	return w->count == w->room && (ascending(w) ? place >= edge : place <= edge);
}

/* Places that may still enter the list. */
static void open_bounds(const struct walk *w, int64_t *low, int64_t *high)
{
	*low = w->low;
	*high = w->high;
	if (!w->room || w->count < w->room)
		return;
	int64_t edge = w->list[w->count - 1].place;
	if (ascending(w))
		*high = edge - 1 < *high ? edge - 1 : *high;
	else
		*low = edge + 1 > *low ? edge + 1 : *low;
}

static size_t stream_binds(const struct walk *w, const struct stream *s, struct bind *b)
{
	size_t n = 0;

	b[n++] = (struct bind) {.type = 'l', .i = w->f->unit};
	if (w->drive <= BY_DAY || w->drive == BY_UUID)
		b[n++] = (struct bind) {.type = 'l', .i = s->side};
	if (w->drive <= BY_DAY)
		b[n++] = (struct bind) {.type = 'l', .i = s->entered_by};
	if (w->drive == BY_STATE) {
		b[n++] = (struct bind) {.type = 'l', .i = s->state};
		b[n++] = (struct bind) {.type = 'l', .i = s->issued};
	}
	if (w->drive == BY_PARTY)
		b[n++] = (struct bind) {.type = 'l', .i = s->party};
	if (w->drive == BY_DAY)
		b[n++] = (struct bind) {.type = 's', .s = s->day};
	if (w->drive == BY_BLUE)
		b[n++] = (struct bind) {.type = 's', .s = w->f->blue_number};
	if (w->drive == BY_NUMBER || w->drive == BY_UUID)
		b[n++] = (struct bind) {.type = 's', .s = w->f->no};
	return n;
}

static void stream_sql(const struct walk *w, const struct stream *s, struct buf *sql)
{
	/* Where nothing is asked the index has it all. */
	buf_adds(sql, w->asks ? WALK_COLUMNS : "SELECT l.id, l.place");
	if (w->asks_name)
		buf_adds(sql, ", COALESCE(b.folded, '')");
	buf_adds(sql, " FROM red_letter l");
	if (w->asks_name)
		buf_adds(sql, " LEFT JOIN buyer_name b ON b.id = l.party_id");
	buf_adds(sql, " WHERE l.unit_id = ?");
	buf_adds(sql, s->part ? parts[s->part] : heads[w->drive]);
	buf_adds(sql, " AND l.place >= ? AND l.place <= ?");
	buf_adds(sql,
		 ascending(w) ? " ORDER BY l.place LIMIT ?" : " ORDER BY l.place DESC LIMIT ?");
}

/* A stream that used its work up: what lies behind is not known. */
static void note_cut(struct walk *w, int64_t place)
{
	if (!w->cut_any || (ascending(w) ? place < w->cut : place > w->cut))
		w->cut = place;
	w->cut_any = true;
}

static enum err run_stream(struct walk *w, const struct stream *s)
{
	struct bind binds[BINDS + 3];
	struct rows *q;
	struct buf sql;
	int64_t low, high, read = 0, place = 0;
	int64_t limit = w->asks ? w->work : w->room ? (int64_t)w->room : w->cap - w->total;
	bool full = false;
	size_t n;
	enum err r;

	open_bounds(w, &low, &high);
	if (low > high || limit <= 0)
		return ERR_OK;
	n = stream_binds(w, s, binds);
	binds[n++] = (struct bind) {.type = 'l', .i = low};
	binds[n++] = (struct bind) {.type = 'l', .i = high};
	binds[n++] = (struct bind) {.type = 'l', .i = limit};
	buf_init(&sql, SQL_MAX);
	stream_sql(w, s, &sql);
	r = db_query_built(w->db, &q, w->e, buf_str(&sql), binds, n);
	for (; !r && !full && rows_next(q); read++) {
		place = rows_int(q, C_PLACE);
		if (!w->asks || row_fits(w, q))
			full = take(w, rows_int(q, C_ID), place);
	}
	r = rows_end(&q, r, w->e);
	buf_free(&sql);
	if (w->asks && !full && read == limit)
		note_cut(w, place);
	return r;
}

/* One index, for so many rows; *served: it said all that was wanted. */
static enum err try(struct walk *w, enum drive drive, int64_t work, bool *served)
{
	enum err r;

	w->drive = drive;
	w->asks_name = w->folded && drive != BY_PARTY;
	w->asks = asks_rows(w);
	w->count = 0;
	w->total = 0;
	w->cut_any = false;
	*served = false;
	if ((r = red_add_streams(w)) || (drive == BY_DAY && w->stream_count > RED_STREAMS))
		return r;
	if (w->stream_count)
		work /= (int64_t)w->stream_count;
	w->work = work > WORK_LEAST ? work : WORK_LEAST;
	for (size_t i = 0; i < w->stream_count && !r; i++)
		if (w->room || w->total < w->cap)
			r = run_stream(w, &w->streams[i]);
	*served = !w->cut_any;
	return r;
}

/* A letter that is named: by number, else by UUID. */
static enum err run_named(struct walk *w)
{
	bool served;
	enum err r = try(w, BY_NUMBER, PAGE_WORK, &served);

	return r || w->count || w->total ? r : try(w, BY_UUID, PAGE_WORK, &served);
}

static enum err run(struct walk *w, int64_t work)
{
	const struct red_filter *f = w->f;
	enum drive plain = f->states || f->issued || f->situation ? BY_STATE : BY_PLACE;
	bool days = *f->blue_from || *f->blue_to, few = w->folded && !w->names.more, served;
	enum err r;

	if (!text_empty(f->no))
		return run_named(w);
	if (!text_empty(f->blue_number))
		return try(w, BY_BLUE, work, &served);
	if (few && ((r = try(w, BY_PARTY, TRIAL, &served)) || served))
		return r;
	if (!days)
		return try(w, plain, work, &served);
	if ((r = try(w, plain, TRIAL, &served)) || served)
		return r;
	r = try(w, BY_DAY, work, &served);
	return r || w->stream_count <= RED_STREAMS ? r : try(w, plain, work, &served);
}

/* ---- pages ----------------------------------------------------------------------------------- */

#define ROW                                                                                        \
	"SELECT id, unit_id, side, entered_by, state, issued, progress, reason, net, tax,"         \
	" blue_net, blue_tax, place, COALESCE(blue_invoice_id, 0), COALESCE(red_invoice_id, 0),"   \
	" detail_at, created_at, action, COALESCE(number, ''), COALESCE(uuid, ''), seller_name,"   \
	" seller_tax_no, buyer_name, buyer_tax_no, blue_number, blue_code, blue_issued_at,"        \
	" entered_at, confirmed_at, red_number, red_issued_at,"                                    \
	" CASE WHEN action_message <> '' THEN action_message ELSE message END, valid, making,"     \
	" COALESCE((SELECT i.number FROM invoice i WHERE i.id = red_invoice_id), ''), blue_kind,"  \
	" blue_paper, element, differential, lapsed"                                               \
	" FROM red_letter"

static void read_row(struct rows *q, struct red_row *row)
{
	struct red_letter l = {.state = (enum red_state)rows_int(q, 4)};
	bool seller = rows_int(q, 2) == RED_SELLER;

	*row = (struct red_row) {
	    .id = rows_int(q, 0),
	    .unit_id = rows_int(q, 1),
	    .side = (enum red_side)rows_int(q, 2),
	    .entered_by = (enum red_side)rows_int(q, 3),
	    .state = l.state,
	    .issued = rows_int(q, 5) != 0,
	    .progress = progress_of(rows_text(q, 6)),
	    .reason = (enum red_reason)rows_int(q, 7),
	    .net = rows_int(q, 8),
	    .tax = rows_int(q, 9),
	    .blue_net = rows_int(q, 10),
	    .blue_tax = rows_int(q, 11),
	    .place = rows_int(q, 12),
	    .blue_invoice_id = rows_int(q, 13),
	    .red_invoice_id = rows_int(q, 14),
	    .detail_at = rows_int(q, 15),
	    .created_at = rows_int(q, 16),
	    .acting = *rows_text(q, 17) != '\0',
	    .number = rows_text(q, 18),
	    .uuid = rows_text(q, 19),
	    .party_name = rows_text(q, seller ? 22 : 20),
	    .party_tax_no = rows_text(q, seller ? 23 : 21),
	    .blue_number = rows_text(q, 24),
	    .blue_code = rows_text(q, 25),
	    .blue_issued_at = rows_text(q, 26),
	    .entered_at = rows_text(q, 27),
	    .confirmed_at = rows_text(q, 28),
	    .red_number = rows_text(q, 29),
	    .red_issued_at = rows_text(q, 30),
	    .message = rows_text(q, 31),
	    .valid = rows_int(q, 32) != 0,
	    .making = rows_int(q, 33) != 0,
	    .making_number = rows_text(q, 34),
	    .blue_kind = rows_text(q, 35),
	    .blue_paper = rows_int(q, 36) != 0,
	    .element = rows_text(q, 37),
	    .differential = rows_text(q, 38),
	    .unseen = rows_int(q, 39) != 0,
	};
	if (row->acting)
		red_action_parse(rows_text(q, 17), &row->action);
	row->situation =
	    red_situation_of(&(struct red_standing) {.side = row->side,
						     .entered_by = row->entered_by,
						     .progress = row->progress,
						     .state = row->state,
						     .issued = row->issued,
						     .valid = row->valid,
						     .busy = row->acting || row->making});
	text_copy(l.entered_at, sizeof(l.entered_at), row->entered_at);
	row->deadline = row->situation == RED_VOID ? 0 : tax_red_deadline(&l);
}

static enum err give_row(struct db *db, int64_t id, red_each each, void *arg, struct err_info *e)
{
	struct rows *q;
	struct red_row row;
	enum err r = db_query(db, &q, e, ROW " WHERE id = ?", "l", id);

	if (!r && rows_next(q)) {
		read_row(q, &row);
		r = each(arg, &row);
	}
	return rows_end(&q, r, e);
}

/* What is certain: nothing behind where a stream stopped. */
static void drop_behind_cut(struct walk *w)
{
	while (w->cut_any && w->count &&
	       (ascending(w) ? w->list[w->count - 1].place > w->cut
			     : w->list[w->count - 1].place < w->cut))
		w->count--;
}

enum err store_red_page(struct db *db, const struct red_filter *f, red_each each, void *arg,
			int64_t *next, struct err_info *e)
{
	struct found list[PAGE_MAX + 1];
	struct walk *w = mem_alloc(sizeof(*w));
	size_t limit = f->limit < 1 ? 1 : f->limit > PAGE_MAX ? PAGE_MAX : (size_t)f->limit, n;
	int64_t after = 0;
	enum err r = walk_init(w, db, f, e);

	w->list = list;
	w->room =
	    f->last_page ? limit : limit + 1; /* one more tells whether there is a next page */
	if (!r)
		r = run(w, PAGE_WORK);
	drop_behind_cut(w);
	n = w->count < limit ? w->count : limit;
	if (!r && !f->last_page && w->count > limit)
		after = list[limit - 1].place;
	else if (!r && !f->last_page && w->cut_any)
		after = w->cut;
	walk_free(w);
	for (size_t i = 0; !r && i < n; i++)
		r = give_row(db, list[f->last_page ? n - 1 - i : i].id, each, arg, e);
	*next = after; /* last: it may be the filter's own cursor */
	return r;
}

static bool only_situation(const struct red_filter *f)
{
	return !f->sent && !f->states && !f->issued && text_empty(f->party) &&
	       text_empty(f->blue_number) && !f->blue_code && text_empty(f->no) && !*f->blue_from &&
	       !*f->blue_to && !*f->entered_from && !*f->entered_to;
}

enum err store_red_count(struct db *db, const struct red_filter *f, int64_t cap, int64_t *count,
			 bool *at_least, struct err_info *e)
{
	struct red_filter all = *f; /* a count is of all pages */
	int64_t n[RED_SITUATIONS];
	struct walk *w;
	enum err r;

	all.cursor = 0;
	all.last_page = false;
	*at_least = false;
	*count = 0;
	if (only_situation(&all)) {
		if ((r = store_red_tallies(db, all.unit, all.side, n, e)))
			return r;
		for (int i = 0; i < RED_SITUATIONS; i++)
			*count += !all.situation || (int)*all.situation == i ? n[i] : 0;
		return ERR_OK;
	}
	w = mem_alloc(sizeof(*w));
	r = walk_init(w, db, &all, e);
	w->cap = cap + 1; /* one more tells whether there are more */
	if (!r)
		r = run(w, COUNT_WORK);
	*at_least = w->total > cap || w->cut_any;
	*count = w->total > cap ? cap : w->total;
	walk_free(w);
	return r;
}

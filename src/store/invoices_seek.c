/* invoices_seek.c - candidates of a search, newest first: what the index says of the invoices it
 * has, all of those it has not, and of both what the lists by state, type and buyer have.
 */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "store/invoices_find_p.h"

enum {
	AHEAD = 32, /* ids read at a time */
	STREAMS = 64,
	BINDS = 9,
	SQL_MAX = 1024,
	AGAIN_MAX = 4096, /* changed invoices that are looked at besides */
	FEW = 8,          /* a list of states is followed when it has less than one in so many */
};

/* A list of ids by one of the indexes of the table, or of the red or the reversed ones. */
struct stream {
	int64_t name;
	const char *state, *kind; /* NULL: any */
	bool red;
	int64_t ids[AHEAD];
	size_t n, at;
	bool ended;
};

struct invoice_seek {
	struct invoice_search *s;
	struct find_search find;
	struct find_node *set; /* NULL: the index has nothing to say */
	struct rows *hold;     /* one state of the database for everything read */
	struct stream streams[STREAMS];
	size_t stream_count;
	struct stream reds; /* when only red or reversed ones are asked for */
	bool restricts;     /* the streams are worth following where the index says something */
	int64_t done;       /* the index is so far */
	int64_t *again;     /* newest first */
	size_t again_count;
};

/* ---- streams --------------------------------------------------------------------------------- */

static enum err query_reds(struct invoice_seek *k, int64_t id, struct rows **q)
{
	if (k->s->f->reversed)
		return db_query(k->s->db, q, k->s->e,
				"SELECT invoice_id FROM invoice_reversed WHERE invoice_id >= ?"
				" AND invoice_id <= ? ORDER BY invoice_id DESC LIMIT ?",
				"lli", k->s->low, id, (int)AHEAD);
	return db_query(k->s->db, q, k->s->e,
			"SELECT invoice_id FROM invoice_red WHERE unit_id = ? AND invoice_id >= ?"
			" AND invoice_id <= ? ORDER BY invoice_id DESC LIMIT ?",
			"llli", k->s->f->unit, k->s->low, id, (int)AHEAD);
}

static enum err query_list(struct invoice_seek *k, const struct stream *t, int64_t id,
			   struct rows **q)
{
	const struct invoice_filter *f = k->s->f;
	struct walk_shape shape = {
	    .by_type = f->business_type != 0, .by_name = t->name != 0, .by_state = t->state};
	struct bind b[BINDS];
	struct buf sql;
	size_t n = 0;
	b[n++] = (struct bind) {.type = 'l', .i = f->unit};
	if (shape.by_type)
		b[n++] = (struct bind) {.type = 'l', .i = f->business_type};
	if (shape.by_name)
		b[n++] = (struct bind) {.type = 'l', .i = t->name};
	if (shape.by_state) {
		b[n++] = (struct bind) {.type = 's', .s = t->state};
		b[n++] = (struct bind) {.type = 's', .s = t->kind};
	}
	b[n++] = (struct bind) {.type = 'l', .i = k->s->low};
	b[n++] = (struct bind) {.type = 'l', .i = id};
	b[n++] = (struct bind) {.type = 'l', .i = AHEAD};
	buf_init(&sql, SQL_MAX);
	invoice_walk_sql(&sql, &shape);
	enum err r = db_query_built(k->s->db, q, k->s->e, buf_str(&sql), b, n);
	buf_free(&sql);
	return r;
}

static enum err read_ahead(struct invoice_seek *k, struct stream *t, int64_t id)
{
	struct rows *q;
	enum err r = t->red ? query_reds(k, id, &q) : query_list(k, t, id, &q);
	t->n = t->at = 0;
	while (!r && t->n < AHEAD && rows_next(q))
		t->ids[t->n++] = rows_int(q, 0);
	t->ended = t->n < AHEAD;
	k->s->work -= 2;
	return rows_end(&q, r, k->s->e);
}

static enum err stream_seek(struct invoice_seek *k, struct stream *t, int64_t id, int64_t *out)
{
	enum err r = ERR_OK;
	*out = 0;
	while (t->at < t->n && t->ids[t->at] > id)
		t->at++;
	if (t->at == t->n && !t->ended)
		r = read_ahead(k, t, id);
	if (!r && t->at < t->n)
		*out = t->ids[t->at];
	return r;
}

static enum err streams_seek(struct invoice_seek *k, int64_t id, int64_t *out)
{
	enum err r = ERR_OK;
	*out = 0;
	for (size_t i = 0; i < k->stream_count && !r; i++) {
		int64_t at = 0;
		r = stream_seek(k, &k->streams[i], id, &at);
		*out = at > *out ? at : *out;
	}
	return r;
}

static void add_stream(struct invoice_seek *k, int64_t name, const char *state, const char *kind)
{
	if (k->stream_count < STREAMS)
		k->streams[k->stream_count++] =
		    (struct stream) {.name = name, .state = state, .kind = kind};
}

static void add_states(struct invoice_seek *k, int64_t name)
{
	const struct invoice_search *s = k->s;
	for (int i = 0; i < INVOICE_STATES; i++)
		for (int j = 0; s->states[i] && j < 2; j++)
			if (s->kinds[j])
				add_stream(k, name, invoice_state_word((enum invoice_state)i),
					   invoice_kind_word((enum invoice_kind)j));
}

/* How many invoices have the states and kinds asked for, of how many. */
static enum err count_states(const struct invoice_search *s, int64_t *some, int64_t *all)
{
	struct rows *q;
	enum err r = db_query(s->db, &q, s->e,
			      "SELECT state, kind, count FROM invoice_tally WHERE unit_id = ?", "l",
			      s->f->unit);
	*some = *all = 0;
	while (!r && rows_next(q)) {
		enum invoice_state state = INVOICE_DRAFT;
		enum invoice_kind kind = INVOICE_ORDINARY;
		invoice_state_parse(rows_text(q, 0), &state);
		invoice_kind_parse(rows_text(q, 1), &kind);
		*all += rows_int(q, 2);
		*some += s->states[state] && s->kinds[kind] ? rows_int(q, 2) : 0;
	}
	return rows_end(&q, r, s->e);
}

static enum err open_streams(struct invoice_seek *k)
{
	const struct invoice_filter *f = k->s->f;
	int64_t some = 0, all = 0;
	enum err r = count_states(k->s, &some, &all);
	bool by_state = (f->state || f->kind || f->unfinished) && some < all / FEW;
	size_t names = k->s->names.count, each = by_state ? 2 * INVOICE_STATES : 1;
	k->restricts = f->business_type || f->buyer_id || by_state;
	/* Very many names are asked of the row. */
	if (!f->buyer_id || names * each > STREAMS) {
		if (by_state)
			add_states(k, 0);
		else
			add_stream(k, 0, NULL, NULL);
		k->restricts = f->business_type || by_state;
	}
	for (size_t i = 0; f->buyer_id && names * each <= STREAMS && i < names; i++) {
		if (by_state)
			add_states(k, k->s->names.ids[i]);
		else
			add_stream(k, k->s->names.ids[i], NULL, NULL);
	}
	/* Red ones alone are the list. */
	if (k->reds.red && !k->restricts) {
		k->streams[0] = k->reds;
		k->stream_count = 1;
		k->restricts = true;
		k->reds.red = false;
	}
	return r;
}

/* ---- the index ------------------------------------------------------------------------------- */

static enum err open_set(struct invoice_seek *k)
{
	struct invoice_search *s = k->s;
	struct rows *q;
	struct find_node *amount;
	enum err r =
	    db_query(s->db, &q, s->e, "SELECT id FROM find_list WHERE scope = ? AND kind = ?", "li",
		     s->f->unit, (int)FIND_INVOICES);
	bool found = !r && rows_next(q);
	k->find = (struct find_search) {.db = s->db, .e = s->e, .top = k->done};
	if (found)
		k->find.list = rows_int(q, 0);
	if ((r = rows_end(&q, r, s->e)) || !found ||
	    (!s->want_count && !s->f->gross_from && !s->f->gross_to))
		return r;
	k->set = find_node_make(&k->find, NODE_EACH);
	amount = invoice_amount_set(&k->find, s->f->gross_from, s->f->gross_to);
	find_node_add(k->set, amount);
	for (size_t i = 0; i < s->want_count; i++)
		find_node_add(k->set, invoice_word_set(&k->find, s->wants[i].word));
	return k->find.r;
}

static enum err read_again(struct invoice_seek *k)
{
	struct invoice_search *s = k->s;
	struct rows *q;
	enum err r = db_query(s->db, &q, s->e,
			      "SELECT invoice_id FROM invoice_find_again WHERE unit_id = ?"
			      " AND invoice_id <= ? ORDER BY invoice_id DESC LIMIT ?",
			      "lli", s->f->unit, s->high, (int)AGAIN_MAX);
	k->again = mem_alloc(AGAIN_MAX * sizeof(*k->again));
	while (!r && k->again_count < AGAIN_MAX && rows_next(q))
		k->again[k->again_count++] = rows_int(q, 0);
	return rows_end(&q, r, s->e);
}

/* The newest that the index, or a change since, has. */
static enum err set_seek(struct invoice_seek *k, int64_t id, int64_t *out)
{
	size_t low = 0, high = k->again_count;
	*out = find_node_seek(&k->find, k->set, id);
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (k->again[middle] > id)
			low = middle + 1;
		else
			high = middle;
	}
	if (low < k->again_count && k->again[low] > *out)
		*out = k->again[low];
	return k->find.r;
}

/* ---- together -------------------------------------------------------------------------------- */

/* The next that the index names, and the next that the lists have of those; the same when it is a
 * candidate.  Behind the index the lists alone speak. */
static enum err step(struct invoice_seek *k, int64_t id, int64_t *named, int64_t *listed)
{
	bool asked = k->set && id <= k->done;
	enum err r = ERR_OK;
	k->s->work--;
	*named = id;
	if (asked && (r = set_seek(k, id, named)))
		return r;
	*listed = *named;
	if (*named > 0 && (k->restricts || !asked))
		r = streams_seek(k, *named, listed);
	if (!asked && (id <= k->done || *listed > k->done || !k->set))
		*named = *listed;
	return r;
}

/* The same of red ones only: what comes behind the next of them is none. */
static enum err step_red(struct invoice_seek *k, int64_t id, int64_t *named, int64_t *listed)
{
	enum err r = step(k, id, named, listed);
	int64_t red;
	if (r || *listed <= 0 || !k->reds.red || (r = stream_seek(k, &k->reds, *listed, &red)))
		return r;
	*listed = red;
	return ERR_OK;
}

enum err invoice_seek_next(struct invoice_seek *k, int64_t id, int64_t *at)
{
	int64_t named = 0, listed = 0;
	enum err r = ERR_OK;
	for (*at = 0; id >= k->s->low; id = listed) {
		if (k->s->work <= 0) {
			*at = -id;
			break;
		}
		if ((r = step_red(k, id, &named, &listed)))
			break;
		if (named == listed) {
			*at = named >= k->s->low ? named : 0;
			break;
		}
	}
	return r;
}

enum err invoice_seek_open(struct invoice_search *s, struct invoice_seek **out)
{
	struct invoice_seek *k = mem_zalloc(sizeof(*k));
	enum err r;
	k->s = s;
	k->reds.red = s->f->reversed || (s->f->red && *s->f->red);
	*out = k;
	r = db_query(s->db, &k->hold, s->e, "SELECT id FROM find_list", "");
	if (!r)
		rows_next(k->hold);
	if (r || (r = invoice_find_done(s->db, s->f->unit, &k->done, s->e)) ||
	    (r = open_streams(k)) || (r = open_set(k)) || (r = read_again(k)))
		return r;
	return ERR_OK;
}

enum err invoice_seek_close(struct invoice_seek **slot, enum err so_far)
{
	struct invoice_seek *k = *slot;
	*slot = NULL;
	if (!k)
		return so_far;
	find_node_free(k->set);
	free(k->again);
	if (k->hold)
		so_far = rows_end(&k->hold, so_far, k->s->e);
	free(k);
	return so_far;
}

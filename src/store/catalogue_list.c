/* catalogue_list.c - pages and counts of a catalogue, newest document first.
 *
 * Where a text was typed that the index can answer, its candidates are looked at, else the rows in
 * order of their documents; every condition is then asked of the row itself.  Each condition asks
 * the index for its own field alone: 9144 begins every tax number of a place, and no telephone.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/text.h"
#include "store/catalogue_p.h"

enum { PAGE_MAX = 1000 };

/* ---- looks ----------------------------------------------------------------------------------- */

void look_read(struct rows *q, struct look *out)
{
	int i;

	out->id = rows_int(q, 0);
	out->doc = rows_int(q, 1);
	out->uses = rows_int(q, 2);
	out->used_at = rows_int(q, 3);
	out->open = rows_int(q, 4) != 0;
	for (i = 0; i < LOOK_TEXTS; i++)
		out->texts[i] = rows_text(q, 5 + i);
}

void look_find_text(const struct catalogue *c, const struct look *l, char name[LOOK_NAMES],
		    struct find_text *out)
{
	int i;

	*out = (struct find_text) {.name = l->texts[LOOK_NAME],
				   .count = LOOK_TEXTS - LOOK_CODES,
				   .fields = c->code_fields};
	if (*l->texts[LOOK_OTHER]) {
		snprintf(name, LOOK_NAMES, "%s\n%s", l->texts[LOOK_NAME], l->texts[LOOK_OTHER]);
		out->name = name;
	}
	for (i = LOOK_CODES; i < LOOK_TEXTS; i++)
		out->codes[i - LOOK_CODES] = l->texts[i];
}

enum match_rank look_rank(const struct catalogue *c, const struct match *m, const struct look *l)
{
	char name[LOOK_NAMES];
	struct find_text t;

	look_find_text(c, l, name, &t);
	return match_text(m, t.name, t.codes, t.count);
}

enum err look_of_doc(struct db *db, const struct catalogue *c, int64_t unit, int64_t doc,
		     struct rows **q, struct look *out, bool *found, struct err_info *e)
{
	enum err r = db_query(db, q, e, c->look, "ll", unit, doc);

	*found = !r && rows_next(*q);
	if (*found)
		look_read(*q, out);
	return r;
}

/* ---- conditions ------------------------------------------------------------------------------ */

/* A list that is being made: the query made ready, and what comes of it. */
struct listing {
	struct db *db;
	const struct catalogue *c;
	int64_t unit;
	const struct catalogue_query *q;
	struct match *match[CATALOGUE_TESTS]; /* NULL: nothing asked, or letter by letter */
	int64_t (*hits)[2];                   /* id and doc; NULL: only counted */
	int64_t found, enough;
	struct err_info *e;
};

/* Can it stand for a 简码 that nobody has given? */
static bool like_initials(const char *typed)
{
	const char *p;

	for (p = typed; *p; p++)
		if ((unsigned char)*p >= 0x80)
			return false;
	return true;
}

static bool initials_pass(const char *typed, const struct match *m, const struct look *l)
{
	return like_initials(typed) && match_text(m, l->texts[LOOK_NAME], NULL, 0) <= MATCH_BEGINS;
}

static bool test_passes(const struct catalogue *c, const struct catalogue_test *t,
			const struct match *m, const struct look *l)
{
	const char *texts[2];

	if (text_empty(t->text))
		return true;
	if (t->where == LOOK_ANY)
		return look_rank(c, m, l) != MATCH_NONE;
	texts[0] = l->texts[t->where];
	if (t->begins)
		return strncmp(texts[0], t->text, strlen(t->text)) == 0;
	if (t->where < LOOK_CODES)
		return match_text(m, texts[0], NULL, 0) != MATCH_NONE;
	texts[1] = t->also ? l->texts[t->also] : "";
	return match_text(m, "", texts, 2) != MATCH_NONE ||
	       (t->initials && initials_pass(t->text, m, l));
}

static int compare_codes(const void *a, const void *b)
{
	return strcmp(a, b);
}

static bool passes(const struct listing *s, const struct look *l)
{
	const struct catalogue_query *q = s->q;
	size_t i;

	for (i = 0; i < q->count; i++)
		if (!test_passes(s->c, &q->tests[i], s->match[i], l))
			return false;
	return !q->among || l->open ||
	       bsearch(l->texts[q->among_at], q->among, q->among_count, sizeof(*q->among),
		       compare_codes);
}

static void take(struct listing *s, const struct look *l, bool *enough)
{
	if (passes(s, l)) {
		if (s->hits) {
			s->hits[s->found][0] = l->id;
			s->hits[s->found][1] = l->doc;
		}
		s->found++;
	}
	*enough = s->found >= s->enough;
}

/* ---- candidates ------------------------------------------------------------------------------ */

static enum err take_doc(void *arg, int64_t doc, bool *enough)
{
	struct listing *s = arg;
	struct rows *q;
	struct look l;
	bool found;
	enum err r = look_of_doc(s->db, s->c, s->unit, doc, &q, &l, &found, s->e);

	if (found)
		take(s, &l, enough);
	return rows_end(&q, r, s->e);
}

static enum err walk_docs(struct listing *s, int64_t below)
{
	const struct catalogue_query *q = s->q;
	bool enough = false;
	enum err r = ERR_OK;
	size_t i;

	for (i = 0; i < q->doc_count && !r && !enough; i++)
		if (q->docs[i] < below)
			r = take_doc(s, q->docs[i], &enough);
	return r;
}

static enum err walk_rows(struct listing *s, int64_t below)
{
	bool enough = false;
	struct rows *q;
	enum err r = db_query(s->db, &q, s->e, s->c->older, "ll", s->unit, below);

	while (!r && !enough && rows_next(q)) {
		struct look l;

		look_read(q, &l);
		take(s, &l, &enough);
	}
	return rows_end(&q, r, s->e);
}

/* The fields of the index that a condition looks into, apart from initials. */
static unsigned fields_of(const struct catalogue *c, const struct catalogue_test *t)
{
	unsigned in;

	if (t->where == LOOK_ANY)
		return FIND_ANYWHERE;
	if (t->where < LOOK_CODES)
		return 1u << FIND_NAME;
	in = 1u << c->code_fields[t->where - LOOK_CODES];
	if (t->also)
		in |= 1u << c->code_fields[t->also - LOOK_CODES];
	return in;
}

/* Initials are those a name begins with: in the midst of it there are too many.  Several words may
 * be one that was parted. */
static struct find_ask ask_of(const struct catalogue *c, const struct catalogue_test *t)
{
	struct find_ask a = {.text = t->text,
			     .in = fields_of(c, t),
			     .begins = t->begins ? FIND_ANYWHERE : 0,
			     .first = t->initials};

	if (t->initials && like_initials(t->text)) {
		a.in |= 1u << FIND_NAME;
		a.begins |= 1u << FIND_NAME;
	}
	return a;
}

/* What was typed, and where every word of it has to be; returns how many texts. */
static size_t asks_of(const struct listing *s, struct find_ask asks[CATALOGUE_TESTS])
{
	size_t i, n = 0;

	for (i = 0; i < s->q->count; i++) {
		const struct catalogue_test *t = &s->q->tests[i];
		char *typed = text_trim(t->text ? t->text : "");

		if (*typed)
			asks[n++] = ask_of(s->c, t);
		free(typed);
	}
	return n;
}

static enum err run(struct listing *s)
{
	int64_t below = s->q->cursor > 0 ? s->q->cursor : INT64_MAX;
	struct find_ask asks[CATALOGUE_TESTS];
	size_t n = asks_of(s, asks), i;
	enum err r;

	for (i = 0; i < s->q->count; i++) {
		const struct catalogue_test *t = &s->q->tests[i];

		s->match[i] = text_empty(t->text) || t->begins ? NULL : match_new(t->text);
	}
	if (s->q->docs)
		r = walk_docs(s, below);
	else if (n)
		r = store_find_asked(s->db, s->unit, s->c->kind, asks, n, s->q->cursor, take_doc, s,
				     s->e);
	else
		r = walk_rows(s, below);
	for (i = 0; i < s->q->count; i++)
		match_free(&s->match[i]);
	return r;
}

/* ---- pages and counts ------------------------------------------------------------------------ */

static enum err give(const struct listing *s, int64_t id, catalogue_each f, void *arg)
{
	void *item = mem_zalloc(s->c->size);
	bool found;
	enum err r = catalogue_get(s->db, s->c, s->unit, id, item, &found, s->e);

	if (!r && found) {
		r = f(arg, item);
		s->c->free(item);
	}
	free(item);
	return r;
}

static bool asks_nothing(const struct catalogue_query *q)
{
	size_t i;

	for (i = 0; i < q->count; i++)
		if (!text_empty(q->tests[i].text))
			return false;
	return !q->among && !q->docs;
}

/* Nothing was asked: the rows as they come, in one query. */
static enum err whole_page(const struct listing *s, int limit, catalogue_each f, void *arg,
			   int64_t *next)
{
	int64_t below = s->q->cursor > 0 ? s->q->cursor : INT64_MAX, last = 0;
	void *item = mem_zalloc(s->c->size);
	struct rows *q;
	enum err r = db_query(s->db, &q, s->e, s->c->page, "lli", s->unit, below, limit + 1);
	int n = 0;

	*next = 0;
	while (!r && rows_next(q)) {
		if (n++ == limit) {
			*next = last;
			break;
		}
		last = rows_int(q, 2);
		s->c->read(q, item);
		r = f(arg, item);
		s->c->free(item);
	}
	free(item);
	return rows_end(&q, r, s->e);
}

enum err catalogue_list(struct db *db, const struct catalogue *c, int64_t unit,
			const struct catalogue_query *q, catalogue_each f, void *arg, int64_t *next,
			struct err_info *e)
{
	int64_t hits[PAGE_MAX + 1][2], i;
	int64_t limit = q->limit < 1 ? 1 : q->limit > PAGE_MAX ? PAGE_MAX : q->limit;
	/* One more than the page tells whether there is a next one. */
	struct listing s = {
	    .db = db, .c = c, .unit = unit, .q = q, .hits = hits, .enough = limit + 1, .e = e};
	enum err r;

	if (asks_nothing(q))
		return whole_page(&s, (int)limit, f, arg, next);
	r = run(&s);
	for (i = 0; i < limit && i < s.found && !r; i++)
		r = give(&s, hits[i][0], f, arg);
	if (!r)
		*next = s.found > limit ? hits[limit - 1][1] : 0;
	return r;
}

enum err catalogue_count(struct db *db, const struct catalogue *c, int64_t unit,
			 const struct catalogue_query *q, int64_t cap, int64_t *out,
			 struct err_info *e)
{
	struct catalogue_query all = *q; /* a count is of all pages */
	struct listing s = {.db = db, .c = c, .unit = unit, .q = &all, .enough = cap, .e = e};
	enum err r;

	all.cursor = 0;
	*out = 0;
	if (asks_nothing(q))
		return db_get_int(db, e, out, NULL, CATALOGUE_COUNT, "li", unit, (int)c->kind);
	r = run(&s);
	if (!r)
		*out = s.found;
	return r;
}

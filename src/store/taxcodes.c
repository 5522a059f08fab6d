/* taxcodes.c - 税收分类编码: rows, the starter list, search. */
#include "store/taxcodes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/embed.h"
#include "base/text.h"
#include "store/settings.h"

enum { CODE_DIGITS = 19, WORDS_MAX = 8, LIST_SIZE = 16 };

static const char *or_empty(const char *s)
{
	return s ? s : "";
}

#define COLUMNS                                                                                    \
	"code, parent, name, short_name, vat_rates, levy_rates, note, keywords, start_date,"       \
	" stop_date, summary, differential, untaxed"
#define REPLACE                                                                                    \
	" ON CONFLICT (env, code) DO UPDATE SET parent = excluded.parent, name = excluded.name,"   \
	" short_name = excluded.short_name, vat_rates = excluded.vat_rates,"                       \
	" levy_rates = excluded.levy_rates, note = excluded.note, keywords = excluded.keywords,"   \
	" start_date = excluded.start_date, stop_date = excluded.stop_date,"                       \
	" summary = excluded.summary, differential = excluded.differential,"                       \
	" untaxed = excluded.untaxed"

static const char incoming[] = "incoming";

enum err store_taxcode_put(struct db *db, const struct tax_code *c, bool from_tax,
			   struct err_info *e)
{
	char parent[20] = "";
	if (text_empty(c->parent))
		tax_code_parent(c->code, parent);
	return db_run(db, e, NULL,
		      "INSERT INTO taxcode (env, " COLUMNS ")"
		      " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)" REPLACE,
		      "sssssssssssiii", from_tax ? incoming : "", c->code,
		      text_empty(c->parent) ? parent : c->parent, or_empty(c->name),
		      or_empty(c->short_name), or_empty(c->vat_rates), or_empty(c->levy_rates),
		      or_empty(c->note), or_empty(c->keywords), or_empty(c->start),
		      or_empty(c->stop), c->summary ? 1 : 0, c->differential ? 1 : 0,
		      c->untaxed ? 1 : 0);
}

enum err store_taxcode_list(struct db *db, const char *env, char list[16], struct err_info *e)
{
	int64_t one = 0;
	bool own = false;
	enum err r = text_empty(env)
			 ? ERR_OK
			 : db_get_int(db, e, &one, &own,
				      "SELECT 1 FROM taxcode WHERE env = ? LIMIT 1", "s", env);
	text_copy(list, LIST_SIZE, own ? env : "");
	return r;
}

enum err store_taxcode_usable(struct db *db, const char *env, const char *code, const char *today,
			      enum taxcode_use *out, struct err_info *e)
{
	struct rows *q;
	char list[LIST_SIZE];
	enum err r = store_taxcode_list(db, env, list, e);
	*out = TAXCODE_UNKNOWN;
	if (r)
		return r;
	r = db_query(db, &q, e,
		     "SELECT summary, stop_date <> '' AND stop_date <= ? FROM taxcode"
		     " WHERE env = ? AND code = ?",
		     "sss", today, list, or_empty(code));
	if (!r && rows_next(q))
		*out = rows_int(q, 1)   ? TAXCODE_STOPPED
		       : rows_int(q, 0) ? TAXCODE_SUMMARY
					: TAXCODE_USABLE;
	return rows_end(&q, r, e);
}

enum err store_taxcode_stopped_goods(struct db *db, const char *env, int64_t unit,
				     const char *today, int64_t cap, int64_t *out,
				     struct err_info *e)
{
	char list[LIST_SIZE];
	enum err r = store_taxcode_list(db, env, list, e);
	*out = 0;
	return r ? r
		 : db_get_int(db, e, out, NULL,
			      "SELECT COUNT(*) FROM (SELECT 1 FROM taxcode c CROSS JOIN goods g"
			      " ON g.unit_id = ? AND g.tax_code = c.code AND g.removed_at IS NULL"
			      " WHERE c.env = ? AND c.stop_date <> '' AND c.stop_date <= ?"
			      " LIMIT ?)",
			      "lssl", unit, list, today, cap);
}

/* ---- starter list ---------------------------------------------------------------------------- */

/* Cuts one line of the table into its columns, in place; missing ones are "". */
static void cut_columns(char *line, char *column[6])
{
	static char none[1];
	for (int i = 0; i < 6; i++) {
		column[i] = line ? line : none;
		char *tab = line ? strchr(line, '\t') : NULL;
		if (tab)
			*tab = '\0';
		line = tab ? tab + 1 : NULL;
	}
}

static enum err put_starter_line(struct db *db, char *line, struct err_info *e)
{
	char *column[6];
	cut_columns(line, column);
	if (strlen(column[0]) != CODE_DIGITS || !text_all_digits(column[0]))
		return ERR_OK; /* heading or empty line */
	struct tax_code c = {
	    .code = column[0],
	    .name = column[1],
	    .short_name = column[2],
	    .vat_rates = column[3],
	    .levy_rates = column[4],
	    .summary = strcmp(column[5], "Y") == 0,
	};
	return store_taxcode_put(db, &c, false, e);
}

enum err store_taxcode_starter(struct db *db, struct err_info *e)
{
	int64_t total = 0, from_tax = 0;
	enum err r = store_taxcode_count(db, "", &total, &from_tax, e);
	const struct embedded *file = embed_find("data/taxcodes.tsv");
	if (r || total > 0 || !file)
		return r;
	char *text = mem_strndup(file->data, file->size);
	for (char *line = text, *next; !r && *line; line = next) {
		next = line + strcspn(line, "\n");
		if (*next)
			*next++ = '\0';
		r = put_starter_line(db, line, e);
	}
	free(text);
	return r;
}

/* ---- reading --------------------------------------------------------------------------------- */

#define SELECT_CODES "SELECT " COLUMNS " FROM taxcode WHERE env = ?"

static void read_code(struct rows *q, struct tax_code *c)
{
	*c = (struct tax_code) {
	    .code = mem_strdup(rows_text(q, 0)),
	    .parent = mem_strdup(rows_text(q, 1)),
	    .name = mem_strdup(rows_text(q, 2)),
	    .short_name = mem_strdup(rows_text(q, 3)),
	    .vat_rates = mem_strdup(rows_text(q, 4)),
	    .levy_rates = mem_strdup(rows_text(q, 5)),
	    .note = mem_strdup(rows_text(q, 6)),
	    .keywords = mem_strdup(rows_text(q, 7)),
	    .start = mem_strdup(rows_text(q, 8)),
	    .stop = mem_strdup(rows_text(q, 9)),
	    .summary = rows_int(q, 10) != 0,
	    .differential = rows_int(q, 11) != 0,
	    .untaxed = rows_int(q, 12) != 0,
	};
}

enum err store_taxcode_get(struct db *db, const char *env, const char *code, struct tax_code *out,
			   bool *found, struct err_info *e)
{
	struct rows *q;
	char list[LIST_SIZE];
	enum err r = store_taxcode_list(db, env, list, e);
	*found = false;
	if (r)
		return r;
	r = db_query(db, &q, e, SELECT_CODES " AND code = ?", "ss", list, code);
	*found = !r && rows_next(q);
	if (*found)
		read_code(q, out);
	return rows_end(&q, r, e);
}

static enum err give_codes(struct rows **q, enum err r, taxcode_each f, void *arg,
			   struct err_info *e)
{
	while (!r && rows_next(*q)) {
		struct tax_code c;
		read_code(*q, &c);
		r = f(arg, &c);
		tax_code_free(&c);
	}
	return rows_end(q, r, e);
}

enum err store_taxcode_children(struct db *db, const char *env, const char *parent, taxcode_each f,
				void *arg, struct err_info *e)
{
	struct rows *q;
	char list[LIST_SIZE];
	enum err r = store_taxcode_list(db, env, list, e);
	if (r)
		return r;
	r = db_query(db, &q, e, SELECT_CODES " AND parent = ? ORDER BY code", "ss", list,
		     or_empty(parent));
	return give_codes(&q, r, f, arg, e);
}

enum err store_taxcode_count(struct db *db, const char *env, int64_t *total, int64_t *from_tax,
			     struct err_info *e)
{
	char list[LIST_SIZE];
	enum err r = store_taxcode_list(db, env, list, e);
	if (r)
		return r;
	r = db_get_int(db, e, total, NULL, "SELECT COUNT(*) FROM taxcode WHERE env = ?", "s", list);
	*from_tax = *list ? *total : 0;
	return r;
}

enum err store_taxcode_stamp(struct db *db, const char *env, char out[24], struct err_info *e)
{
	return store_setting_get(db, "taxcode_stamp", env, "", out, 24, e);
}

enum err store_taxcode_set_stamp(struct db *db, const char *env, const char *stamp,
				 struct err_info *e)
{
	enum err r = db_run(db, e, NULL,
			    "INSERT INTO taxcode (env, " COLUMNS ") SELECT ?, " COLUMNS
			    " FROM taxcode WHERE env = ?" REPLACE,
			    "ss", env, incoming);
	if (!r)
		r = db_run(db, e, NULL, "DELETE FROM taxcode WHERE env = ?", "s", incoming);
	return r ? r : store_setting_set(db, "taxcode_stamp", env, stamp, e);
}

/* ---- search ---------------------------------------------------------------------------------- */

/* What is searched: words in texts, or digits as the beginning of the code. */
struct search {
	char *folded; /* owns the words */
	const char *words[WORDS_MAX];
	int count;
	bool by_code;
};

/* A match: rank first, then code. */
struct hit {
	int rank;
	char code[CODE_DIGITS + 1];
};

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* strstr that takes capitals of the text as small letters; the word is folded already. */
static bool contains(const char *text, const char *word)
{
	for (; *text; text++) {
		size_t i = 0;
		while (word[i] && lower(text[i]) == word[i])
			i++;
		if (!word[i])
			return true;
	}
	return !*word;
}

static void search_init(struct search *s, const char *text)
{
	*s = (struct search) {.folded = text_fold_width(or_empty(text))};
	for (char *p = s->folded; *p; p++)
		*p = lower(*p);
	char *p = s->folded;
	while (s->count < WORDS_MAX) {
		p += strspn(p, " \t");
		if (!*p)
			break;
		s->words[s->count++] = p;
		p += strcspn(p, " \t");
		if (!*p)
			break;
		*p++ = '\0';
	}
	s->by_code =
	    s->count == 1 && text_all_digits(s->words[0]) && strlen(s->words[0]) <= CODE_DIGITS;
}

static bool every_word_in(const struct search *s, const char *name, const char *short_name,
			  const char *keywords)
{
	for (int i = 0; i < s->count; i++)
		if (!contains(name, s->words[i]) && !contains(short_name, s->words[i]) &&
		    !contains(keywords, s->words[i]))
			return false;
	return true;
}

/* Lower is better: leaves before summaries; the very name, its beginning, inside it, elsewhere. */
static int rank_of(const struct search *s, const char *name, const char *short_name, bool summary)
{
	int rank = 3;
	if (s->by_code || s->count == 0)
		rank = 0;
	else if (strcmp(name, s->words[0]) == 0 || strcmp(short_name, s->words[0]) == 0)
		rank = 0;
	else if (strncmp(name, s->words[0], strlen(s->words[0])) == 0)
		rank = 1;
	else if (contains(name, s->words[0]))
		rank = 2;
	return rank + (summary ? 4 : 0);
}

static int compare_hits(const void *a, const void *b)
{
	const struct hit *x = a, *y = b;
	return x->rank != y->rank ? x->rank - y->rank : strcmp(x->code, y->code);
}

struct hits {
	struct hit *items;
	size_t count, room;
};

static void add_hit(struct hits *h, const char *code, int rank)
{
	if (h->count == h->room) {
		h->room = h->room ? h->room * 2 : 64;
		h->items = mem_realloc(h->items, h->room * sizeof(*h->items));
	}
	struct hit *hit = &h->items[h->count++];
	hit->rank = rank;
	text_copy(hit->code, sizeof(hit->code), code);
}

static enum err find_hits(struct db *db, const char *list, const struct search *s, struct hits *h,
			  struct err_info *e)
{
	struct rows *q;
	char until[CODE_DIGITS + 2] = ":"; /* ':' follows '9' */
	const char *from = s->by_code ? s->words[0] : "";
	if (s->by_code)
		snprintf(until, sizeof(until), "%.*s:", CODE_DIGITS, from);
	enum err r = db_query(db, &q, e,
			      "SELECT code, name, short_name, keywords, summary FROM taxcode"
			      " WHERE env = ? AND code >= ? AND code < ? ORDER BY code",
			      "sss", list, from, until);
	while (!r && rows_next(q)) {
		const char *name = rows_text(q, 1), *short_name = rows_text(q, 2);
		if (s->by_code || every_word_in(s, name, short_name, rows_text(q, 3)))
			add_hit(h, rows_text(q, 0),
				rank_of(s, name, short_name, rows_int(q, 4) != 0));
	}
	return rows_end(&q, r, e);
}

/* Index of the first hit after the one whose code is the cursor; 0 when it is "" or gone. */
static size_t after_cursor(const struct hits *h, const char *cursor)
{
	for (size_t i = 0; !text_empty(cursor) && i < h->count; i++)
		if (strcmp(h->items[i].code, cursor) == 0)
			return i + 1;
	return 0;
}

enum err store_taxcode_search(struct db *db, const char *env, const char *text, const char *cursor,
			      int limit, taxcode_each f, void *arg, char next[20],
			      struct err_info *e)
{
	struct search s;
	struct hits h = {0};
	char list[LIST_SIZE];
	enum err r = store_taxcode_list(db, env, list, e);
	next[0] = '\0';
	if (r)
		return r;
	search_init(&s, text);
	r = find_hits(db, list, &s, &h, e);
	if (!r && h.count > 1)
		qsort(h.items, h.count, sizeof(h.items[0]), compare_hits);
	size_t i = r ? 0 : after_cursor(&h, cursor);
	size_t end = limit > 0 && h.count - i > (size_t)limit ? i + (size_t)limit : h.count;
	for (; !r && i < end; i++) {
		struct rows *q;
		r = db_query(db, &q, e, SELECT_CODES " AND code = ?", "ss", list, h.items[i].code);
		r = give_codes(&q, r, f, arg, e);
	}
	if (!r && end < h.count && end > 0)
		text_copy(next, 20, h.items[end - 1].code);
	free(h.items);
	free(s.folded);
	return r;
}

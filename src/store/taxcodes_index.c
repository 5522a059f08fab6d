/* taxcodes_index.c - the words a tax code is found by, and their index. */
#include "store/taxcodes_p.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "store/find.h"

/* Some rows carry pages of keywords; the first are what people type. */
enum { KEYWORD_BYTES = 900, WORDS_BYTES = 16 * 1024, BATCH_FROM = 64 };

/* The starter list and one of each environment. */
static const char *const LISTS[] = {"", "production", "sandbox", "practice"};

int64_t taxcode_scope(const char *list)
{
	size_t i = 0;
	while (i + 1 < sizeof(LISTS) / sizeof(LISTS[0]) && strcmp(LISTS[i], list) != 0)
		i++;
	return -(int64_t)i;
}

void taxcode_words(struct buf *b, const char *name, const char *short_name, const char *keywords)
{
	size_t n = strlen(keywords);
	buf_reset(b);
	buf_adds(b, name);
	if (strcmp(name, short_name) != 0) {
		buf_addc(b, '\n');
		buf_adds(b, short_name);
	}
	if (n > 0) {
		buf_addc(b, '\n');
		buf_add(b, keywords, text_whole(keywords, n < KEYWORD_BYTES ? n : KEYWORD_BYTES));
	}
}

void taxcode_our_words(struct buf *b)
{
	const struct code_row *w;
	size_t own = b->len;
	for (size_t i = 0; (w = code_at(CODES_WORDS, i)) && !b->failed; i++) {
		const char *at = strstr(b->data, w->name);
		if (!at || (size_t)(at - b->data) >= own)
			continue; /* only the row's own words are looked at, not those added here */
		buf_addc(b, '\n');
		buf_adds(b, w->code);
	}
}

/* ---- indexing -------------------------------------------------------------------------------- */

struct pending {
	char (*codes)[TAXCODE_DIGITS + 1];
	char **words;
	size_t n, room;
};

static void pending_free(struct pending *p)
{
	for (size_t i = 0; i < p->n; i++)
		free(p->words[i]);
	free(p->codes);
	free(p->words);
}

static void pending_add(struct pending *p, struct rows *q)
{
	struct buf b;
	if (p->n == p->room) {
		p->room = p->room ? p->room * 2 : 64;
		p->codes = mem_realloc(p->codes, p->room * sizeof(*p->codes));
		p->words = mem_realloc(p->words, p->room * sizeof(*p->words));
	}
	buf_init(&b, WORDS_BYTES);
	taxcode_words(&b, rows_text(q, 1), rows_text(q, 2), rows_text(q, 3));
	taxcode_our_words(&b);
	text_copy(p->codes[p->n], sizeof(*p->codes), rows_text(q, 0));
	p->words[p->n++] = mem_strdup(buf_str(&b));
	buf_free(&b);
}

/* The newest document is looked at first: leaves come last here, the lowest code at the end. */
static enum err read_pending(struct db *db, const char *list, int most, struct pending *p,
			     struct err_info *e)
{
	struct rows *q;
	enum err r = db_query(db, &q, e,
			      "SELECT code, name, short_name, keywords FROM taxcode"
			      " WHERE env = ? AND doc IS NULL ORDER BY summary DESC, code DESC"
			      " LIMIT ?",
			      "si", list, most);
	while (!r && rows_next(q))
		pending_add(p, q);
	return rows_end(&q, r, e);
}

static enum err put_singly(struct db *db, int64_t scope, int64_t doc, const struct pending *p,
			   struct err_info *e)
{
	enum err r = ERR_OK;
	for (size_t i = 0; !r && i < p->n; i++) {
		struct find_text t = {.name = p->words[i]};
		r = store_find_put(db, scope, FIND_CODES, doc + (int64_t)i, &t, e);
	}
	return r;
}

static enum err put_batch(struct db *db, int64_t scope, int64_t doc, const struct pending *p,
			  struct err_info *e)
{
	uint32_t terms[FIND_TERMS];
	struct find_batch *b = store_find_batch(scope, FIND_CODES);
	enum err r = ERR_OK;
	for (size_t i = 0; !r && i < p->n; i++) {
		struct find_text t = {.name = p->words[i]};
		size_t n = find_terms(&t, terms);
		r = store_find_batch_add(b, doc + (int64_t)i, terms, n, e);
	}
	if (!r)
		return store_find_batch_end(db, &b, e);
	store_find_batch_drop(&b);
	return r;
}

static enum err index_pending(struct db *db, const char *list, const struct pending *p,
			      struct err_info *e)
{
	int64_t scope = taxcode_scope(list), doc = 0;
	enum err r = store_find_docs(db, scope, FIND_CODES, (int64_t)p->n, &doc, e);
	if (!r)
		r = (p->n < BATCH_FROM ? put_singly : put_batch)(db, scope, doc, p, e);
	for (size_t i = 0; !r && i < p->n; i++)
		r = db_run(db, e, NULL, "UPDATE taxcode SET doc = ? WHERE env = ? AND code = ?",
			   "lss", doc + (int64_t)i, list, p->codes[i]);
	return r;
}

static enum err index_list(struct db *db, const char *list, int most, struct err_info *e)
{
	struct pending p = {0};
	enum err r = read_pending(db, list, most, &p, e);
	if (!r && p.n > 0)
		r = index_pending(db, list, &p, e);
	pending_free(&p);
	return r;
}

enum err store_taxcode_index(struct db *db, const char *env, struct err_info *e)
{
	char list[TAXCODE_LIST];
	enum err r = store_taxcode_list(db, env, list, e);
	return r ? r : index_list(db, list, INT_MAX, e);
}

enum err store_taxcode_index_some(struct db *db, int n, bool *left, struct err_info *e)
{
	int64_t one = 0;
	*left = false;
	for (size_t i = 0; i < sizeof(LISTS) / sizeof(LISTS[0]); i++) {
		enum err r = db_get_int(
		    db, e, &one, left,
		    "SELECT 1 FROM taxcode WHERE env = ? AND doc IS NULL LIMIT 1", "s", LISTS[i]);
		if (r)
			return r;
		if (*left)
			return n > 0 ? index_list(db, LISTS[i], n, e) : ERR_OK;
	}
	return ERR_OK;
}

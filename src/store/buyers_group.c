/* buyers_group.c - new buyers of a load, stored several to a statement.
 *
 * A statement has costs of its own that are a third of storing a row.  The rows wait here with
 * their texts; whoever might ask the database about one of them stores them first.
 */
#include <stdlib.h>
#include <string.h>

#include "store/buyers_p.h"

enum { SHARED = 2, PLACES = 14, STATEMENT = 14 }; /* values: 200 at most, db_sqlite_open.c */

struct waiting {
	int64_t id, doc, name_key, tax_key;
	bool is_person, maybe;
	size_t texts[BUYER_TEXTS]; /* where they begin */
};
struct buyer_group {
	struct waiting rows[STATEMENT];
	size_t count;
	struct buf texts;
	char *all, *one; /* statements of as many rows, and of one */
};

/* ?1 unit, ?2 now, then the places of the rows. */
static char *statement(size_t rows)
{
	enum { SQL_MAX = 4096 };
	struct buf b;
	size_t i;

	buf_init(&b, SQL_MAX);
	/* OR FAIL keeps the database from copying pages in order to undo one statement alone: after
	 * a failure the transaction is undone. */
	buf_adds(&b, "INSERT OR FAIL INTO buyer (unit_id, created_at, updated_at, source, id, doc,"
		     " name_key, tax_key, name, tax_no, mnemonic, address, phone, bank, account,"
		     " email, mobile, is_person) VALUES ");
	for (i = 0; i < rows; i++) {
		int at = SHARED + (int)i * PLACES, k;

		buf_addf(&b, "%s(?1, ?2, ?2, 'imported'", i ? ", " : "");
		for (k = 1; k <= PLACES; k++)
			buf_addf(&b, ", ?%d", at + k);
		buf_adds(&b, ")");
	}
	return buf_detach(&b);
}

struct buyer_group *buyer_group_new(void)
{
	enum { TEXTS_MAX = 64 << 20 };
	struct buyer_group *g = mem_zalloc(sizeof(*g));

	buf_init(&g->texts, TEXTS_MAX);
	g->all = statement(STATEMENT);
	g->one = statement(1);
	return g;
}

void buyer_group_free(struct buyer_group **slot)
{
	struct buyer_group *g = *slot;

	*slot = NULL;
	if (!g)
		return;
	buf_free(&g->texts);
	free(g->all);
	free(g->one);
	free(g);
}

/* ---- rows that wait -------------------------------------------------------------------------- */

static size_t keep_text(struct buyer_group *g, const char *text)
{
	size_t at = g->texts.len;

	buf_add(&g->texts, text, strlen(text) + 1);
	return at;
}

enum err buyer_group_add(struct buyer_group *g, struct catalogue_load *l, const struct load_kin *k,
			 const struct buyer *b, struct err_info *e)
{
	struct waiting *w = &g->rows[g->count];
	size_t i;

	*w = (struct waiting) {.id = b->id,
			       .doc = b->doc,
			       .name_key = k->name_key,
			       .tax_key = k->key_key,
			       .is_person = b->is_person,
			       .maybe = l->maybe};
	for (i = 0; i < BUYER_TEXTS; i++)
		w->texts[i] = keep_text(g, catalogue_text(b, &buyer_fields[i]));
	return ++g->count == STATEMENT ? buyer_group_store(g, l, e) : ERR_OK;
}

bool buyer_group_has(const struct buyer_group *g, const struct load_kin *k)
{
	size_t i;

	for (i = 0; i < g->count; i++) {
		if (g->rows[i].name_key == k->name_key ||
		    (k->key_key && g->rows[i].tax_key == k->key_key))
			return true;
	}
	return false;
}

/* ---- storing them ---------------------------------------------------------------------------- */

static struct bind *bind_row(const struct buyer_group *g, const struct waiting *w, struct bind *b)
{
	size_t i;

	*b++ = (struct bind) {.type = 'l', .i = w->id};
	*b++ = (struct bind) {.type = 'l', .i = w->doc};
	*b++ = (struct bind) {.type = 'l', .i = w->name_key};
	*b++ = w->tax_key ? (struct bind) {.type = 'l', .i = w->tax_key}
			  : (struct bind) {.type = 's'}; /* NULL */
	for (i = 0; i < BUYER_TEXTS; i++)
		*b++ = (struct bind) {.type = 's', .s = g->texts.data + w->texts[i]};
	*b++ = (struct bind) {.type = 'i', .i = w->is_person};
	return b;
}

static enum err insert(const struct buyer_group *g, const struct catalogue_load *l, const char *sql,
		       size_t from, size_t n, struct err_info *e)
{
	struct bind binds[SHARED + STATEMENT * PLACES], *to = binds;
	size_t i;

	*to++ = (struct bind) {.type = 'l', .i = l->unit};
	*to++ = (struct bind) {.type = 'l', .i = l->now};
	for (i = from; i < from + n; i++)
		to = bind_row(g, &g->rows[i], to);
	return db_run_built(l->db, e, sql, binds, (size_t)(to - binds));
}

enum err buyer_group_store(struct buyer_group *g, struct catalogue_load *l, struct err_info *e)
{
	enum err r = ERR_OK;
	size_t i;

	if (g->texts.failed)
		return err_fail(e, ERR_INTERNAL, "buyer.group", "购方", "内存不足");
	if (g->count == STATEMENT)
		r = insert(g, l, g->all, 0, STATEMENT, e);
	for (i = 0; g->count < STATEMENT && i < g->count && !r; i++)
		r = insert(g, l, g->one, i, 1, e);
	for (i = 0; i < g->count && !r; i++) {
		if (g->rows[i].maybe)
			r = catalogue_note_twin(l->db, l->c, l->unit, g->rows[i].id, e);
	}
	g->count = 0;
	buf_reset(&g->texts);
	return r;
}

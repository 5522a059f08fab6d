/* find_post.c - lists, blocks, single documents. */
#include <string.h>

#include "store/find_p.h"

size_t find_decode(int64_t key, const unsigned char *bytes, size_t n, uint32_t out[BLOCK_DOCS])
{
	const unsigned char *p = bytes, *end = bytes + n;
	uint32_t doc = (uint32_t)key & DOC_MAX;
	size_t count = 0;

	out[count++] = doc;
	while (p < end && count < BLOCK_DOCS) {
		uint32_t v = *p & 127;
		unsigned shift = 7;

		while (*p++ > 127 && p < end && shift < 7 * VARINT_MAX) {
			v |= (*p & UINT32_C(127)) << shift;
			shift += 7;
		}
		if (!v || v > DOC_MAX - doc)
			break;
		doc += v;
		out[count++] = doc;
	}
	return count;
}

/* ---- writing --------------------------------------------------------------------------------- */

enum err find_writer_open(struct find_writer *w, struct db *db, int64_t list, struct err_info *e)
{
	int64_t any = 0;
	bool found = false;
	enum err r = db_get_int(db, e, &any, &found,
				"SELECT id FROM find_post WHERE id BETWEEN ? AND ? LIMIT 1", "ll",
				find_key(list, 0, 0), find_key(list, TERM_MASK, DOC_MAX));

	*w = (struct find_writer) {.db = db, .list = list, .fresh = !found, .term = TERM_MASK};
	return r;
}

static enum err insert(struct db *db, int64_t key, const void *bytes, size_t n, struct err_info *e)
{
	return db_run(db, e, NULL, "INSERT INTO find_post (id, docs) VALUES (?, ?)", "lb", key,
		      bytes, n);
}

#define BLOCKS_4  "(?, ?), (?, ?), (?, ?), (?, ?)"
#define BLOCKS_16 BLOCKS_4 ", " BLOCKS_4 ", " BLOCKS_4 ", " BLOCKS_4

/* OR FAIL keeps the database from copying pages in order to undo one statement alone: after a
 * failure the transaction is undone. */
static enum err insert_group(struct db *db, struct find_group *g, struct err_info *e)
{
	struct bind binds[2 * GROUP_BLOCKS];
	size_t i;

	for (i = 0; i < GROUP_BLOCKS; i++) {
		binds[2 * i] = (struct bind) {.type = 'l', .i = g->keys[i]};
		binds[2 * i + 1] = (struct bind) {
		    .type = 'b', .i = (int64_t)g->used[i], .s = (const char *)g->bytes[i]};
	}
	return db_run_built(
	    db, e, "INSERT OR FAIL INTO find_post (id, docs) VALUES " BLOCKS_16 ", " BLOCKS_16,
	    binds, sizeof(binds) / sizeof(binds[0]));
}

enum err find_group_store(struct db *db, struct find_group *g, struct err_info *e)
{
	enum err r = ERR_OK;
	size_t i;

	if (g->count == GROUP_BLOCKS)
		r = insert_group(db, g, e);
	else
		for (i = 0; i < g->count && !r; i++)
			r = insert(db, g->keys[i], g->bytes[i], g->used[i], e);
	g->count = 0;
	return r;
}

static enum err give_group(struct find_writer *w, struct err_info *e)
{
	return w->pipe ? find_pipe_give(w->pipe, &w->group, e)
		       : find_group_store(w->db, w->group, e);
}

static enum err add_to_group(struct find_writer *w, struct err_info *e)
{
	struct find_group *g = w->group;

	g->keys[g->count] = w->key;
	g->used[g->count] = w->used;
	memcpy(g->bytes[g->count], w->bytes, w->used);
	return ++g->count == GROUP_BLOCKS ? give_group(w, e) : ERR_OK;
}

static enum err flush(struct find_writer *w, struct err_info *e)
{
	enum err r;

	if (!w->key || !w->dirty)
		return ERR_OK;
	if (w->stored)
		r = db_run(w->db, e, NULL, "UPDATE find_post SET docs = ? WHERE id = ?", "bl",
			   w->bytes, w->used, w->key);
	else if (w->group)
		r = add_to_group(w, e);
	else
		r = insert(w->db, w->key, w->bytes, w->used, e);
	w->key = 0;
	w->dirty = false;
	return r;
}

/* Takes the last block of the term in hand, unless there is none or no room in it. */
static enum err resume(struct find_writer *w, struct err_info *e)
{
	uint32_t docs[BLOCK_DOCS];
	struct rows *q;
	enum err r = db_query(
	    w->db, &q, e,
	    "SELECT id, docs FROM find_post WHERE id BETWEEN ? AND ? ORDER BY id DESC LIMIT 1",
	    "ll", find_key(w->list, w->term, 0), find_key(w->list, w->term, DOC_MAX));

	if (!r && rows_next(q)) {
		size_t n;
		const void *bytes = rows_blob(q, 1, &n);

		w->key = rows_int(q, 0);
		w->stored = true;
		w->used = n < BLOCK_BYTES ? n : BLOCK_BYTES;
		memcpy(w->bytes, bytes, w->used);
		w->last = docs[find_decode(w->key, w->bytes, w->used, docs) - 1];
	}
	return rows_end(&q, r, e);
}

static enum err turn_to(struct find_writer *w, uint32_t term, struct err_info *e)
{
	enum err r = flush(w, e);

	w->term = term;
	w->last = 0;
	w->key = 0;
	return r || w->fresh ? r : resume(w, e);
}

/* Of the term in hand. */
static enum err add(struct find_writer *w, uint32_t doc, struct err_info *e)
{
	enum err r;

	if (doc == w->last) /* a term that a text has twice */
		return ERR_OK;
	if (doc < w->last || doc > DOC_MAX)
		return err_fail(e, ERR_INTERNAL, "find.order", "检索", "编号 %u 的资料排在 %u 之后",
				(unsigned)doc, (unsigned)w->last);
	if (w->key && w->used + VARINT_MAX > BLOCK_BYTES && (r = flush(w, e)))
		return r;
	if (w->key && w->used + VARINT_MAX <= BLOCK_BYTES) {
		w->used += find_varint(w->bytes + w->used, doc - w->last);
	} else {
		w->key = find_key(w->list, w->term, doc);
		w->stored = false;
		w->used = 0;
	}
	w->dirty = true;
	w->last = doc;
	return ERR_OK;
}

enum err find_writer_add(struct find_writer *w, uint32_t term, uint32_t doc, struct err_info *e)
{
	enum err r = term == w->term ? ERR_OK : turn_to(w, term, e);

	return r ? r : add(w, doc, e);
}

/* Eight distances of one byte, none of them 0: their sum, else 0. */
static uint32_t sum_of_eight(const unsigned char bytes[8])
{
	const uint64_t ones = UINT64_C(0x0101010101010101), high = ones << 7;
	const uint64_t even = UINT64_C(0x00FF00FF00FF00FF);
	uint64_t v;

	memcpy(&v, bytes, sizeof(v));
	if ((v | (v - ones)) & high)
		return 0;
	v = (v & even) + (v >> 8 & even);
	return (uint32_t)(v * UINT64_C(0x0001000100010001) >> 48);
}

size_t find_writer_copy(struct find_writer *w, uint32_t term, uint32_t after,
			const unsigned char *bytes, size_t n, size_t most, size_t *docs)
{
	size_t i = 0, count = 0, used = w->used, full = BLOCK_BYTES - VARINT_MAX;
	uint32_t last = after, sum;

	*docs = 0;
	if (!w->key || w->term != term || w->last != after || after > DOC_MAX)
		return 0;
	while (count < most && i < n && used <= full) {
		if (n - i >= 8 && most - count >= 8 && full - used >= 8 &&
		    (sum = sum_of_eight(bytes + i))) {
			memcpy(w->bytes + used, bytes + i, 8);
			used += 8, i += 8, count += 8;
			last += sum;
			continue;
		}
		if (bytes[i] - 1U < 127) {
			last += bytes[i];
		} else if (bytes[i] > 127 && i + 1 < n && bytes[i + 1] - 1U < 127) {
			last += (bytes[i] & 127U) | (uint32_t)bytes[i + 1] << 7;
			w->bytes[used++] = bytes[i++];
		} else {
			break;
		}
		w->bytes[used++] = bytes[i++];
		count++;
	}
	/* Of a damaged list nothing is taken: whoever adds it one by one is told. */
	if (!count || last > DOC_MAX)
		return 0;
	w->dirty = true;
	w->used = used;
	w->last = last;
	*docs = count;
	return i;
}

enum err find_writer_end(struct find_writer *w, struct err_info *e)
{
	enum err r = flush(w, e);

	return r || !w->group || !w->group->count ? r : give_group(w, e);
}

enum err store_find_put(struct db *db, int64_t scope, enum find_kind k, int64_t doc,
			const struct find_text *t, struct err_info *e)
{
	uint32_t terms[FIND_TERMS];
	size_t n = find_terms(t, terms), i;
	struct find_writer w;
	int64_t list, next;
	enum err r;

	if ((r = find_list_get(db, scope, k, &list, &next, e)) ||
	    (r = find_writer_open(&w, db, list, e)))
		return r;
	w.fresh = false; /* the terms are in no order: one may come again */
	for (i = 0; i < n && !r; i++)
		r = find_writer_add(&w, terms[i], (uint32_t)doc, e);
	return r ? r : find_writer_end(&w, e);
}

/* ---- lists ----------------------------------------------------------------------------------- */

static enum err list_read(struct db *db, int64_t scope, enum find_kind k, int64_t *list,
			  int64_t *doc, struct err_info *e)
{
	struct rows *q;
	enum err r =
	    db_query(db, &q, e, "SELECT id, doc FROM find_list WHERE scope = ? AND kind = ?", "li",
		     scope, (int)k);

	*list = 0;
	if (!r && rows_next(q)) {
		*list = rows_int(q, 0);
		*doc = rows_int(q, 1);
	}
	return rows_end(&q, r, e);
}

enum err find_list_get(struct db *db, int64_t scope, enum find_kind k, int64_t *list, int64_t *doc,
		       struct err_info *e)
{
	int64_t last = 0;
	enum err r = list_read(db, scope, k, list, doc, e);

	if (r || *list)
		return r;
	/* The first that is free: catalogues go with their units. */
	if ((r = db_get_int(
		 db, e, &last, NULL,
		 "SELECT MIN(id) FROM (SELECT 0 AS id UNION ALL SELECT id FROM find_list) l"
		 " WHERE NOT EXISTS (SELECT 1 FROM find_list n WHERE n.id = l.id + 1)",
		 "")))
		return r;
	if (last == LIST_MAX)
		return err_fail(e, ERR_INVALID, "find.lists", "检索", "最多 %d 个目录可以检索",
				LIST_MAX);
	*list = last + 1;
	*doc = 1;
	return db_run(db, e, NULL,
		      "INSERT INTO find_list (id, scope, kind, doc) VALUES (?, ?, ?, ?)", "llil",
		      *list, scope, (int)k, *doc);
}

enum err store_find_docs(struct db *db, int64_t scope, enum find_kind k, int64_t n, int64_t *first,
			 struct err_info *e)
{
	int64_t list, doc;
	enum err r = find_list_get(db, scope, k, &list, &doc, e);

	if (r)
		return r;
	if (n > DOC_MAX - doc)
		return err_fail(e, ERR_INVALID, "find.docs", "检索",
				"一个目录最多编入 %d 条资料（改动过的每次另算）", DOC_MAX);
	*first = doc;
	return db_run(db, e, NULL, "UPDATE find_list SET doc = ? WHERE id = ?", "ll", doc + n,
		      list);
}

enum err store_find_clear(struct db *db, int64_t scope, enum find_kind k, struct err_info *e)
{
	int64_t list, doc;
	enum err r = list_read(db, scope, k, &list, &doc, e);

	return r || !list ? r
			  : db_run(db, e, NULL, "DELETE FROM find_post WHERE id BETWEEN ? AND ?",
				   "ll", find_key(list, 0, 0), find_key(list, TERM_MASK, DOC_MAX));
}

enum err store_find_drop(struct db *db, int64_t scope, enum find_kind k, struct err_info *e)
{
	enum err r = store_find_clear(db, scope, k, e);

	return r ? r
		 : db_run(db, e, NULL, "DELETE FROM find_list WHERE scope = ? AND kind = ?", "li",
			  scope, (int)k);
}

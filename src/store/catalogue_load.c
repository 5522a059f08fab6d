/* catalogue_load.c - loading many rows: whom a row means, keys by the block, the index at the end.
 *
 * That the same rows loaded again change nothing rests on this: a row whose key is given ends with
 * a row of that very key and name, which no later row of the load may rename; a row without key is
 * answered by the row that is marked for its name, and a mark stays.  Where several have that very
 * key and name (somebody wanted them all), what they say decides, so that a list that was exported
 * finds each of them again.
 */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/date.h"
#include "base/text.h"
#include "store/catalogue_p.h"

enum { BLOCK = 1000 };

static enum err unit_is_there(struct db *db, int64_t unit, bool *there, struct err_info *e)
{
	int64_t one = 0;

	return db_get_int(db, e, &one, there, "SELECT 1 FROM unit WHERE id = ?", "l", unit);
}

enum err catalogue_load_begin(struct db *db, const struct catalogue *c, int64_t unit,
			      struct catalogue_load *l, struct err_info *e)
{
	enum err r = db_bulk(db, e);
	bool there;

	if (r)
		return r;
	/* Every row of a load refers to the unit, nobody else refers to a new one. */
	if ((r = unit_is_there(db, unit, &there, e)))
		return r;
	db_trust(db, there);
	*l = (struct catalogue_load) {.db = db, .c = c, .unit = unit, .now = clock_now()};
	l->batch = store_find_batch(unit, c->kind);
	return db_get_int(db, e, &l->present, NULL, CATALOGUE_COUNT, "li", unit, (int)c->kind);
}

void catalogue_load_drop(struct catalogue_load *l)
{
	db_trust(l->db, false);
	store_find_batch_drop(&l->batch);
	catalogue_seen_free(&l->seen);
	free(l->marks);
	l->marks = NULL;
}

enum err catalogue_load_end(struct catalogue_load *l, struct err_info *e)
{
	int64_t rest = l->id_end - l->id_next;
	enum err r = l->settle ? l->settle(l, NULL, e) : ERR_OK;

	if (!r)
		r = store_find_batch_end(l->db, &l->batch, e);

	/* Keys of the last block that nobody got are given back: nobody else saw them. */
	if (!r && rest)
		r = db_next_ids(l->db, l->c->counter, -rest, &l->id_next, e);
	if (!r)
		r = catalogue_tally(l->db, l->c, l->unit, l->added, e);
	catalogue_load_drop(l);
	return r;
}

/* ---- marks ----------------------------------------------------------------------------------- */

enum { MARK_BITS = 2, MARKS = 8 / MARK_BITS };

bool load_marked(const struct catalogue_load *l, int64_t id, int mark)
{
	size_t at = (size_t)(id / MARKS);

	return at < l->mark_bytes && l->marks[at] >> (id % MARKS * MARK_BITS) & mark;
}

void load_mark(struct catalogue_load *l, int64_t id, int mark)
{
	size_t at = (size_t)(id / MARKS);

	if (at >= l->mark_bytes) {
		size_t bytes = at + at / 2 + 64;

		l->marks = mem_realloc(l->marks, bytes);
		memset(l->marks + l->mark_bytes, 0, bytes - l->mark_bytes);
		l->mark_bytes = bytes;
	}
	l->marks[at] |= (unsigned char)(mark << (id % MARKS * MARK_BITS));
}

/* ---- whom a row means ------------------------------------------------------------------------ */

struct load_kin load_kin_of(int64_t unit, const char *name, const char *group, const char *key)
{
	return (struct load_kin) {.name = name,
				  .group = group,
				  .key = key,
				  .name_key = catalogue_key(unit, name),
				  .key_key = catalogue_key(unit, key)};
}

/* Rows of the same key (two at most, the oldest first) and others of the same name (the same). */
struct kin {
	int keys, names;
	int64_t key_id, name_id;
	int64_t exact; /* same key and name, 0 none */
	bool name_keyed;
};

static enum err read_kin(struct catalogue_load *l, const struct load_kin *k, struct kin *out,
			 struct err_info *e)
{
	struct rows *q;
	enum err r = db_query_lent(l->db, &q, e, l->c->kin, "lllsss", k->name_key, k->key_key,
				   l->unit, k->name, k->group, k->key);

	*out = (struct kin) {0};
	while (!r && rows_next(q)) {
		bool same_name = rows_int(q, 1) != 0, same_key = rows_int(q, 2) != 0;

		if (same_key) {
			if (same_name && !out->exact)
				out->exact = rows_int(q, 0);
			if (!out->keys++)
				out->key_id = rows_int(q, 0);
		} else if (!out->names++) {
			out->name_id = rows_int(q, 0);
			out->name_keyed = rows_int(q, 3) != 0;
		}
	}
	return rows_end(&q, r, e);
}

static enum err find_id(struct catalogue_load *l, const char *sql, const struct load_kin *k,
			int64_t *id, struct err_info *e)
{
	*id = 0;
	return db_get_int(l->db, e, id, NULL, sql, "lllsss", k->name_key, k->key_key, l->unit,
			  k->name, k->group, k->key);
}

/* Which of several with the same key and name: one no row has met that says all of this one, else
 * such a one that was met, else one that was not met, else any; of each the newest, for so they
 * stand in a list that was exported. */
enum { TWIN_NONE, TWIN_MET, TWIN_UNMET, TWIN_SAYS, TWIN_SAYS_UNMET };

static enum err weigh_twin(struct catalogue_load *l, int64_t id, int *weight, struct err_info *e)
{
	bool met = load_marked(l, id, LOAD_MET), says = false;
	enum err r = l->says(l, id, &says, e);

	*weight = says ? (met ? TWIN_SAYS : TWIN_SAYS_UNMET) : met ? TWIN_MET : TWIN_UNMET;
	return r;
}

/* The row of the very key and name, 0 none. */
static enum err find_exact(struct catalogue_load *l, const struct load_kin *k, int64_t *id,
			   struct err_info *e)
{
	int best = TWIN_NONE, weight = TWIN_MET;
	struct rows *q;
	enum err r = db_query_lent(l->db, &q, e, l->c->kin_exact, "lllsss", k->name_key, k->key_key,
				   l->unit, k->name, k->group, k->key);
	bool more = !r && rows_next(q);

	*id = 0;
	while (more && !r && best < TWIN_SAYS_UNMET) {
		int64_t one = rows_int(q, 0);

		more = rows_next(q);
		/* The only one is not looked at. */
		if ((more || *id) && (r = weigh_twin(l, one, &weight, e)))
			break;
		if (weight > best) {
			*id = one;
			best = weight;
		}
	}
	return rows_end(&q, r, e);
}

/* One that it is not; the key tells more than the name. */
static void tell_twin(const struct kin *kin, int64_t id, struct load_told *told)
{
	told->same_key = kin->keys && kin->key_id != id;
	if (told->same_key)
		told->twin = kin->key_id;
	else if (kin->names && kin->name_id != id)
		told->twin = kin->name_id;
}

static enum err resolve_keyed(struct catalogue_load *l, const struct load_kin *k, int64_t *id,
			      struct load_told *told, struct err_info *e)
{
	struct kin kin;
	enum err r = read_kin(l, k, &kin, e);

	*id = 0;
	if (!r && kin.keys > 1)
		r = find_exact(l, k, &kin.exact, e);
	if (r)
		return r;
	*id = kin.exact;
	if (!*id && kin.keys == 1 && !load_marked(l, kin.key_id, LOAD_MET))
		*id = kin.key_id;
	if (!*id && kin.names == 1 && (l->c->key_in_name || !kin.name_keyed) &&
	    !load_marked(l, kin.name_id, LOAD_MET))
		*id = kin.name_id;
	if (!kin.exact)
		tell_twin(&kin, *id, told);
	return ERR_OK;
}

static enum err resolve_keyless(struct catalogue_load *l, const struct load_kin *k, int64_t *id,
				struct load_told *told, struct err_info *e)
{
	struct kin kin;
	enum err r = find_exact(l, k, id, e);

	if (!r && !*id)
		r = find_id(l, l->c->kin_marked, k, id, e);
	if (r || *id || (r = read_kin(l, k, &kin, e)))
		return r;
	if (kin.names != 1) {
		tell_twin(&kin, 0, told);
		return ERR_OK;
	}
	*id = kin.name_id;
	return db_run(l->db, e, NULL, l->c->set_marked, "il", 1, *id);
}

enum err load_resolve(struct catalogue_load *l, const struct load_kin *k, int64_t *id,
		      struct load_told *told, struct err_info *e)
{
	bool maybe;
	enum err r = catalogue_seen_row(l, k, &maybe, e);

	l->maybe = maybe;
	*id = 0;
	*told = (struct load_told) {0};
	if (!r && maybe && l->settle)
		r = l->settle(l, k, e);
	if (r || !maybe)
		return r;
	r = *k->key ? resolve_keyed(l, k, id, told, e) : resolve_keyless(l, k, id, told, e);
	told->of_load = l->id_first && told->twin >= l->id_first;
	return r;
}

/* ---- keys and documents ---------------------------------------------------------------------- */

enum err load_next_id(struct catalogue_load *l, int64_t *id, struct err_info *e)
{
	if (l->id_next == l->id_end) {
		enum err r = db_next_ids(l->db, l->c->counter, BLOCK, &l->id_next, e);

		if (r)
			return r;
		l->id_end = l->id_next + BLOCK;
		if (!l->id_first)
			l->id_first = l->id_next;
	}
	*id = l->id_next++;
	return ERR_OK;
}

enum err load_next_doc(struct catalogue_load *l, const uint32_t *terms, size_t n, int64_t *doc,
		       struct err_info *e)
{
	if (l->doc_next == l->doc_end) {
		enum err r = store_find_docs(l->db, l->unit, l->c->kind, BLOCK, &l->doc_next, e);

		if (r)
			return r;
		l->doc_end = l->doc_next + BLOCK;
	}
	*doc = l->doc_next++;
	return store_find_batch_add(l->batch, *doc, terms, n, e);
}

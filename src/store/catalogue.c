/* catalogue.c - one row of a catalogue: its texts, its document, its tally. */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/date.h"
#include "base/text.h"
#include "store/catalogue_p.h"

/* ---- texts ----------------------------------------------------------------------------------- */

char **catalogue_slot(void *item, const struct catalogue_field *f)
{
	return (char **)(void *)((char *)item + f->offset);
}

const char *catalogue_text(const void *item, const struct catalogue_field *f)
{
	const char *text = *(const char *const *)(const void *)((const char *)item + f->offset);

	return text ? text : "";
}

void catalogue_free_texts(const struct catalogue_field *fields, void *item)
{
	for (; fields->key; fields++)
		free(*catalogue_slot(item, fields));
}

void catalogue_lend_empty(const struct catalogue_field *fields, void *item)
{
	for (; fields->key; fields++)
		if (!*catalogue_slot(item, fields))
			*catalogue_slot(item, fields) = (char *)(uintptr_t) "";
}

void catalogue_lend_known(const struct catalogue_field *fields, size_t n, void *item,
			  const void *known)
{
	size_t i;

	for (i = 0; i < n && fields[i].key; i++)
		if (!*catalogue_text(item, &fields[i]))
			*catalogue_slot(item, &fields[i]) =
			    (char *)(uintptr_t)catalogue_text(known, &fields[i]);
}

void catalogue_fill_texts(const struct catalogue_field *fields, void *item)
{
	for (; fields->key; fields++)
		if (!*catalogue_slot(item, fields))
			*catalogue_slot(item, fields) = mem_strdup("");
}

void catalogue_copy_texts(const struct catalogue_field *fields, void *out, const void *in)
{
	for (; fields->key; fields++)
		*catalogue_slot(out, fields) = mem_strdup(catalogue_text(in, fields));
}

void catalogue_read_texts(const struct catalogue_field *fields, struct rows *q, int column,
			  void *item)
{
	for (; fields->key; fields++)
		*catalogue_slot(item, fields) = mem_strdup(rows_text(q, column++));
}

static const struct {
	const char *word, *label;
} sources[] = {
    [SOURCE_ISSUED] = {"issued", "开票"},
    [SOURCE_ENTERED] = {"entered", "录入"},
    [SOURCE_IMPORTED] = {"imported", "导入"},
};

const char *catalogue_source_label(enum catalogue_source s)
{
	return sources[s].label;
}

const char *catalogue_source_word(enum catalogue_source s)
{
	return sources[s].word;
}

enum catalogue_source catalogue_source_read(const char *word)
{
	enum catalogue_source s = SOURCE_IMPORTED;

	while (s > SOURCE_ISSUED && strcmp(sources[s].word, word) != 0)
		s--;
	return s;
}

/* ---- keys ------------------------------------------------------------------------------------ */

/* Eight bytes at a time. */
uint64_t catalogue_hash(uint64_t h, const char *text)
{
	size_t n = strlen(text);
	uint64_t word = n;

	for (;; text += sizeof(word), n -= sizeof(word)) {
		h = (h ^ word) * UINT64_C(0x9e3779b97f4a7c15);
		h ^= h >> 32;
		if (n < sizeof(word))
			break;
		memcpy(&word, text, sizeof(word));
	}
	word = 0;
	memcpy(&word, text, n);
	h = (h ^ word) * UINT64_C(0x9e3779b97f4a7c15);
	return h ^ h >> 29;
}

int64_t catalogue_key(int64_t unit, const char *text)
{
	/* 47 bits are six bytes of the record. */
	return text_empty(text) ? 0 : (int64_t)(catalogue_hash((uint64_t)unit, text) >> 17);
}

/* ---- rows ------------------------------------------------------------------------------------ */

enum err catalogue_get(struct db *db, const struct catalogue *c, int64_t unit, int64_t id,
		       void *out, bool *found, struct err_info *e)
{
	struct rows *q;
	enum err r = db_query(db, &q, e, c->get, "ll", unit, id);

	*found = !r && rows_next(q);
	if (*found)
		c->read(q, out);
	return rows_end(&q, r, e);
}

enum err catalogue_read_all(struct db *db, const struct catalogue *c, int64_t unit, struct rows **q,
			    enum err r, void *out, int max, int *n, struct err_info *e)
{
	char *items = out;

	*n = 0;
	while (!r && *n < max && rows_next(*q)) {
		bool found = false;

		r = catalogue_get(db, c, unit, rows_int(*q, 0), items + (size_t)*n * c->size,
				  &found, e);
		*n += found;
	}
	r = rows_end(q, r, e);
	while (r && *n > 0)
		c->free(items + (size_t)-- * n * c->size);
	return r;
}

enum err catalogue_tally(struct db *db, const struct catalogue *c, int64_t unit, int64_t change,
			 struct err_info *e)
{
	if (!change)
		return ERR_OK;
	return db_run(db, e, NULL,
		      "INSERT INTO catalogue_tally (unit_id, kind, count) VALUES (?, ?, ?)"
		      " ON CONFLICT (unit_id, kind)"
		      " DO UPDATE SET count = catalogue_tally.count + excluded.count",
		      "lil", unit, (int)c->kind, change);
}

enum err catalogue_remove(struct db *db, const struct catalogue *c, int64_t unit,
			  const int64_t *ids, size_t n, int *removed, struct err_info *e)
{
	enum err r = ERR_OK;
	int gone = 0, one;
	size_t i;

	for (i = 0; i < n && !r; i++) {
		r = db_run(db, e, &one, c->remove, "lll", clock_now(), ids[i], unit);
		gone += r ? 0 : one;
	}
	if (!r)
		r = catalogue_tally(db, c, unit, -gone, e);
	if (!r)
		*removed = gone;
	return r;
}

enum err catalogue_use(struct db *db, const struct catalogue *c, int64_t id, int64_t uses,
		       int64_t at, struct err_info *e)
{
	return db_run(db, e, NULL, c->use, "lll", uses, at, id);
}

/* ---- twins ----------------------------------------------------------------------------------- */

enum err catalogue_note_twin(struct db *db, const struct catalogue *c, int64_t unit, int64_t id,
			     struct err_info *e)
{
	int64_t others[2];
	size_t n = 0, i;
	struct rows *q;
	enum err r = db_query(db, &q, e, c->twin_of, "ll", unit, id);

	while (!r && n < sizeof(others) / sizeof(others[0]) && rows_next(q))
		others[n++] = rows_int(q, 0);
	r = rows_end(&q, r, e);
	for (i = 0; i < n && !r; i++)
		r = db_run(db, e, NULL,
			   "INSERT OR IGNORE INTO catalogue_twin (unit_id, kind, id)"
			   " VALUES (?1, ?2, ?3), (?1, ?2, ?4)",
			   "lill", unit, (int)c->kind, id, others[i]);
	return r;
}

enum err catalogue_note_again(struct db *db, const struct catalogue *c, int64_t unit, int64_t id,
			      struct err_info *e)
{
	enum err r = db_run(db, e, NULL,
			    "DELETE FROM catalogue_twin WHERE unit_id = ? AND kind = ? AND id = ?",
			    "lil", unit, (int)c->kind, id);

	return r ? r : catalogue_note_twin(db, c, unit, id, e);
}

enum err catalogue_is_twin(struct db *db, const struct catalogue *c, int64_t unit, int64_t id,
			   bool *out, struct err_info *e)
{
	int64_t one = 0;

	return db_get_int(db, e, &one, out, c->is_twin, "ll", unit, id);
}

static int newest_first(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x < y) - (x > y);
}

enum err catalogue_twins(struct db *db, const struct catalogue *c, int64_t unit, int64_t **docs,
			 size_t *n, struct err_info *e)
{
	struct rows *q;
	enum err r = db_query(db, &q, e, c->twin_docs, "li", unit, (int)TWIN_DOCS);

	*n = 0;
	*docs = mem_alloc(TWIN_DOCS * sizeof(**docs));
	while (!r && *n < TWIN_DOCS && rows_next(q))
		(*docs)[(*n)++] = rows_int(q, 0);
	qsort(*docs, *n, sizeof(**docs), newest_first);
	return rows_end(&q, r, e);
}

/* ---- documents ------------------------------------------------------------------------------- */

struct indexed {
	int64_t id, name_key, code_key;
};

/* Gives the documents of a reserved run to the rows of a unit that have none, oldest row first. */
static enum err batch_unindexed(struct db *db, const struct catalogue *c, int64_t unit, int n,
				int64_t first, struct find_batch *b, struct indexed *rows,
				int *count, struct err_info *e)
{
	static const int terms_size = FIND_TERMS;
	uint32_t *terms = mem_alloc((size_t)terms_size * sizeof(*terms));
	char *name = mem_alloc(LOOK_NAMES);
	struct rows *q;
	enum err r = db_query(db, &q, e, c->unindexed_of, "li", unit, n);

	*count = 0;
	while (!r && *count < n && rows_next(q)) {
		struct find_text t;
		struct look l;

		look_read(q, &l);
		look_find_text(c, &l, name, &t);
		r = store_find_batch_add(b, first + *count, terms, find_terms(&t, terms), e);
		rows[(*count)++] = (struct indexed) {
		    .id = l.id,
		    .name_key = catalogue_key(unit, l.texts[LOOK_NAME]),
		    .code_key = catalogue_key(unit, l.texts[LOOK_CODES]),
		};
	}
	free(terms);
	free(name);
	return rows_end(&q, r, e);
}

static enum err index_unit(struct db *db, const struct catalogue *c, int64_t unit, int n,
			   struct err_info *e)
{
	struct find_batch *b = store_find_batch(unit, c->kind);
	struct indexed *rows = mem_alloc((size_t)n * sizeof(*rows));
	int64_t first = 0;
	int i, count = 0;
	enum err r = store_find_docs(db, unit, c->kind, n, &first, e);

	if (!r)
		r = batch_unindexed(db, c, unit, n, first, b, rows, &count, e);
	for (i = 0; i < count && !r; i++)
		r = db_run(db, e, NULL, c->set_doc, "llll", first + i, rows[i].name_key,
			   rows[i].code_key, rows[i].id);
	for (i = 0; i < count && !r; i++)
		r = catalogue_note_twin(db, c, unit, rows[i].id, e);
	if (r)
		store_find_batch_drop(&b);
	else
		r = store_find_batch_end(db, &b, e);
	free(rows);
	return r;
}

enum err store_catalogue_index(struct db *db, int n, bool *left, struct err_info *e)
{
	static const struct catalogue *const all[] = {&catalogue_buyers, &catalogue_goods};
	size_t i;

	*left = false;
	for (i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		int64_t unit = 0;
		enum err r = db_get_int(db, e, &unit, left, all[i]->unindexed, "");

		if (r)
			return r;
		if (*left)
			return db_in_transaction(db) && n > 0 ? index_unit(db, all[i], unit, n, e)
							      : ERR_OK;
	}
	return ERR_OK;
}

/* goods_load.c - rows of a workbook as goods, by the hundred thousand. */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/decimal.h"
#include "base/text.h"
#include "store/goods_p.h"

struct goods_load {
	struct catalogue_load common;
	goods_merged merged; /* NULL: nobody asks */
	void *arg;
};

/* A price is the number it says: a workbook has 1.5 where 1.50 was typed. */
static bool says_same(size_t field, const char *a, const char *b)
{
	struct dec x, y;

	if (!strcmp(a, b))
		return true;
	return field == GOODS_PRICE && dec_parse(a, &x) && dec_parse(b, &y) && dec_cmp(x, y) == 0;
}

/* The short name belongs to the code, the preference to the rate: with another one the old goes. */
static bool put_texts(struct goods *g, const struct goods_row *r)
{
	const char *code = goods_row_says(r, GOODS_TAX_CODE);
	bool changed = false;
	size_t i;

	if (*code && strcmp(g->tax_code, code) != 0)
		mem_set(&g->short_name, "");
	if (r->has[GOODS_PREFERENCE] && r->rate_ppm >= 0 && *g->preference &&
	    !*goods_row_text(r, GOODS_PREFERENCE)) {
		mem_set(&g->preference, "");
		changed = true;
	}
	for (i = 0; i < GOODS_TEXTS; i++) {
		char **slot = catalogue_slot(g, &goods_fields[i]);
		const char *text = goods_row_says(r, i);

		if (!*text || says_same(i, *slot, text))
			continue;
		mem_set(slot, text);
		changed = true;
	}
	return changed;
}

static bool apply(struct goods *g, const struct goods_row *r)
{
	bool changed = put_texts(g, r);

	if (r->rate_ppm >= 0 && g->rate_ppm != r->rate_ppm) {
		g->rate_ppm = r->rate_ppm;
		changed = true;
	}
	if (r->inclusive >= 0 && g->inclusive != (r->inclusive != 0)) {
		g->inclusive = r->inclusive != 0;
		changed = true;
	}
	/* Now it is the person's: with what he has said of it, not for being known to him. */
	if (changed && g->source == SOURCE_ISSUED)
		g->source = SOURCE_IMPORTED;
	return changed;
}

static enum err store_changed(struct catalogue_load *l, struct goods *g, struct err_info *e)
{
	uint32_t *terms = mem_alloc(FIND_TERMS * sizeof(*terms));
	char name[LOOK_NAMES];
	struct find_text t;
	enum err r;

	goods_find_text(g, name, &t);
	g->updated_at = l->now;
	r = load_next_doc(l, terms, find_terms(&t, terms), &g->doc, e);
	free(terms);
	return r ? r : goods_update_row(l->db, g, e);
}

/* What is taxed how: the row says a part of it, the goods the rest. */
static bool taxed_alike(const struct goods *a, const struct goods *b)
{
	return a->rate_ppm == b->rate_ppm && !strcmp(a->tax_code, b->tax_code) &&
	       !strcmp(a->preference, b->preference);
}

static enum err change(struct goods_load *load, struct goods *g, const struct goods_row *r,
		       enum load_result *result, struct err_info *e)
{
	struct goods before;
	bool changed, ask;
	enum err rc = ERR_OK;

	goods_copy(&before, g);
	changed = apply(g, r);
	ask = changed && load->merged && !taxed_alike(&before, g);
	goods_free(&before);
	if (!changed)
		return ERR_OK;
	if (ask)
		rc = load->merged(load->arg, g, e);
	*result = LOAD_UPDATED;
	return rc ? rc : store_changed(&load->common, g, e);
}

static enum err load_known(struct goods_load *load, int64_t id, const struct goods_row *r,
			   enum load_result *result, struct err_info *e)
{
	struct catalogue_load *l = &load->common;
	struct goods g;
	bool found;
	enum err rc;

	*result = LOAD_UNCHANGED;
	/* The first row that meets goods says what they are. */
	if (load_marked(l, id, LOAD_MET))
		return ERR_OK;
	if ((rc = store_goods_get(l->db, l->unit, id, &g, &found, e)))
		return rc;
	if (!(rc = change(load, &g, r, result, e)))
		load_mark(l, id, LOAD_MET);
	goods_free(&g);
	return rc;
}

static enum err says(struct catalogue_load *l, int64_t id, bool *out, struct err_info *e)
{
	struct goods g;
	bool found = false;
	enum err r = store_goods_get(l->db, l->unit, id, &g, &found, e);

	*out = false;
	if (r || !found)
		return r;
	*out = !apply(&g, l->row); /* in memory alone */
	goods_free(&g);
	return ERR_OK;
}

static enum err load_new(struct catalogue_load *l, const struct goods_row *r, const uint32_t *terms,
			 size_t n, struct err_info *e)
{
	struct goods g = {.unit_id = l->unit,
			  .rate_ppm = r->rate_ppm,
			  .inclusive = r->inclusive != 0,
			  .source = SOURCE_IMPORTED,
			  .created_at = l->now,
			  .updated_at = l->now};
	enum err rc;
	size_t i;

	/* Lent: nothing of it is kept. */
	for (i = 0; i < GOODS_TEXTS; i++)
		*catalogue_slot(&g, &goods_fields[i]) = (char *)(uintptr_t)goods_row_text(r, i);
	if ((rc = load_next_id(l, &g.id, e)) || (rc = load_next_doc(l, terms, n, &g.doc, e)) ||
	    (rc = goods_insert_row(l->db, &g, e)) ||
	    (l->maybe && (rc = catalogue_note_twin(l->db, l->c, l->unit, g.id, e))))
		return rc;
	l->added++;
	load_mark(l, g.id, LOAD_MET);
	return ERR_OK;
}

enum err store_goods_load(struct goods_load *load, const struct goods_row *r, const uint32_t *terms,
			  size_t n, enum load_result *result, struct load_told *told,
			  struct err_info *e)
{
	struct catalogue_load *l = &load->common;
	const struct load_kin k =
	    load_kin_of(l->unit, goods_row_text(r, GOODS_NAME), goods_row_text(r, GOODS_SPEC),
			goods_row_text(r, GOODS_TAX_CODE));
	struct load_told mine;
	int64_t id;
	enum err rc;

	l->row = r;
	rc = load_resolve(l, &k, &id, told ? told : &mine, e);
	if (rc)
		return rc;
	if (id)
		return load_known(load, id, r, result, e);
	*result = LOAD_ADDED;
	return load_new(l, r, terms, n, e);
}

/* ---- begin and end --------------------------------------------------------------------------- */

enum err store_goods_load_begin(struct db *db, int64_t unit, struct goods_load **out,
				struct err_info *e)
{
	struct goods_load *l = mem_zalloc(sizeof(*l));
	enum err r = catalogue_load_begin(db, &catalogue_goods, unit, &l->common, e);

	if (r) {
		free(l);
		return r;
	}
	l->common.says = says;
	*out = l;
	return ERR_OK;
}

void store_goods_load_ask(struct goods_load *l, goods_merged f, void *arg)
{
	l->merged = f;
	l->arg = arg;
}

enum err store_goods_load_end(struct goods_load **l, struct err_info *e)
{
	enum err r = catalogue_load_end(&(*l)->common, e);

	free(*l);
	*l = NULL;
	return r;
}

void store_goods_load_drop(struct goods_load **l)
{
	if (!*l)
		return;
	catalogue_load_drop(&(*l)->common);
	free(*l);
	*l = NULL;
}

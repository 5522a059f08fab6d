/* buyers_load.c - rows of a workbook as buyers, by the hundred thousand. */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/text.h"
#include "store/buyers_p.h"

struct buyer_load {
	struct catalogue_load common;
	struct buyer_group *fresh; /* new buyers that are not stored yet */
};

/* ---- the address of a row -------------------------------------------------------------------- */

/* Text of the field in the default address (at < 0) or a further one. */
static char **slot_at(struct buyer *b, int at, const struct catalogue_field *f)
{
	return at < 0 ? catalogue_slot(b, f) : buyer_address_slot(&b->more[at], f);
}

static const char *row_text(const struct buyer_row *r, const struct catalogue_field *f)
{
	return buyer_row_says(r, (size_t)(f - buyer_fields));
}

/* Says the address all that the row says? */
static bool covers(struct buyer *b, int at, const struct buyer_row *r)
{
	const struct catalogue_field *f;

	for (f = BUYER_ADDRESS_FIELDS; f->key; f++)
		if (*row_text(r, f) && strcmp(row_text(r, f), *slot_at(b, at, f)) != 0)
			return false;
	return true;
}

static bool says_address(const struct buyer_row *r)
{
	const struct catalogue_field *f;

	for (f = BUYER_ADDRESS_FIELDS; f->key; f++)
		if (*row_text(r, f))
			return true;
	return false;
}

/* The fields by which an address is told from others. */
static bool is_telling(const struct catalogue_field *f)
{
	return f == &buyer_fields[BUYER_ADDRESS] || f == &buyer_fields[BUYER_ACCOUNT];
}

/* The same place or the same bank account. */
static bool resembles(struct buyer *b, int at, const struct buyer_row *r)
{
	const struct catalogue_field *f;

	for (f = BUYER_ADDRESS_FIELDS; f->key; f++)
		if (is_telling(f) && *row_text(r, f) && !strcmp(row_text(r, f), *slot_at(b, at, f)))
			return true;
	return false;
}

static void overwrite(struct buyer *b, int at, const struct buyer_row *r)
{
	const struct catalogue_field *f;

	for (f = BUYER_ADDRESS_FIELDS; f->key; f++)
		if (*row_text(r, f))
			mem_set(slot_at(b, at, f), row_text(r, f));
}

/* An address of nothing but blanks, at the end. */
static int add_address(struct buyer *b)
{
	const struct catalogue_field *f;
	int at = (int)b->more_count++;

	b->more = mem_realloc(b->more, b->more_count * sizeof(*b->more));
	for (f = BUYER_ADDRESS_FIELDS; f->key; f++)
		*buyer_address_slot(&b->more[at], f) = mem_strdup("");
	return at;
}

enum { ADDRESS_NONE = -2, ADDRESS_DEFAULT = -1 };

static int find_address(struct buyer *b, const struct buyer_row *r,
			bool (*test)(struct buyer *b, int at, const struct buyer_row *r))
{
	int at;

	for (at = ADDRESS_DEFAULT; at < (int)b->more_count; at++)
		if (test(b, at, r))
			return at;
	return ADDRESS_NONE;
}

static bool no_default(struct buyer *b)
{
	const struct catalogue_field *f;

	for (f = BUYER_ADDRESS_FIELDS; f->key; f++)
		if (**catalogue_slot(b, f))
			return false;
	return true;
}

/* A row without address text and account: it says more of an address, it is none. */
static bool has_telling(const struct buyer_row *r)
{
	return *row_text(r, &buyer_fields[BUYER_ADDRESS]) ||
	       *row_text(r, &buyer_fields[BUYER_ACCOUNT]);
}

/* Nothing of the row contradicts the address: it says more of it. */
static bool extends(struct buyer *b, int at, const struct buyer_row *r, bool telling_only)
{
	const struct catalogue_field *f;

	for (f = BUYER_ADDRESS_FIELDS; f->key; f++) {
		const char *text = row_text(r, f), *there = *slot_at(b, at, f);

		if ((!telling_only || is_telling(f)) && *text && *there && strcmp(text, there) != 0)
			return false;
	}
	return true;
}

/* Of which address the row says more than is known; ADDRESS_NONE: of none, it is another one.  Only
 * the first row of a load may change what is there, or loading again would change it once more. */
static int address_of(struct buyer *b, const struct buyer_row *r, bool first)
{
	int at = ADDRESS_NONE;

	if (no_default(b))
		return ADDRESS_DEFAULT;
	if (first)
		at = find_address(b, r, resembles);
	if (at == ADDRESS_NONE && first && (!has_telling(r) || !b->more_count) &&
	    extends(b, ADDRESS_DEFAULT, r, true))
		at = ADDRESS_DEFAULT;
	if (at == ADDRESS_NONE && !has_telling(r) && extends(b, ADDRESS_DEFAULT, r, false))
		at = ADDRESS_DEFAULT;
	return at;
}

/* Puts the row's address in its place; *at tells which that is, *changed whether anything was. */
static enum err place_address(struct buyer *b, const struct buyer_row *r, bool first, int *at,
			      bool *changed, struct err_info *e)
{
	*at = find_address(b, r, covers);
	if (*at != ADDRESS_NONE)
		return ERR_OK;
	*at = address_of(b, r, first);
	if (*at == ADDRESS_NONE && b->more_count == BUYER_ADDRESSES) {
		err_fail(e, ERR_INVALID, "buyer.addresses", b->party.name,
			 "除默认地址外已有 %d 个地址，不能再加", BUYER_ADDRESSES);
		err_field(e, "address");
		err_hint(e, "请删去不再使用的地址");
		return ERR_INVALID;
	}
	if (*at == ADDRESS_NONE)
		*at = add_address(b);
	overwrite(b, *at, r);
	*changed = true;
	return ERR_OK;
}

static void make_default(struct buyer *b, int at)
{
	const struct catalogue_field *f;

	for (f = BUYER_ADDRESS_FIELDS; f->key; f++) {
		char **own = catalogue_slot(b, f), **other = buyer_address_slot(&b->more[at], f);
		char *text = *own;

		*own = *other;
		*other = text;
	}
}

/* ---- a row and the buyer it means ------------------------------------------------------------ */

static bool put_text(struct buyer *b, const struct buyer_row *r, size_t field)
{
	char **slot = catalogue_slot(b, &buyer_fields[field]);
	const char *text = buyer_row_says(r, field);

	if (!*text || !strcmp(*slot, text))
		return false;
	mem_set(slot, text);
	return true;
}

/* What only the first row that meets a buyer may say.  Name and number are what it was found by. */
static bool put_particulars(struct buyer *b, const struct buyer_row *r)
{
	bool changed = put_text(b, r, BUYER_NAME) | put_text(b, r, BUYER_TAX_NO) |
		       put_text(b, r, BUYER_MNEMONIC);

	if (r->is_person >= 0 && b->is_person != (r->is_person != 0)) {
		b->is_person = r->is_person != 0;
		changed = true;
	}
	return changed;
}

struct applied {
	bool changed;
	bool decided; /* the row names the default address ... */
	bool second;  /* ... as another one has done before */
};

static enum err apply(struct catalogue_load *l, struct buyer *b, const struct buyer_row *r,
		      struct applied *out, struct err_info *e)
{
	bool first = !load_marked(l, b->id, LOAD_MET);
	int at = ADDRESS_NONE;
	enum err rc;

	*out = (struct applied) {.changed = first && put_particulars(b, r)};
	if (!says_address(r))
		return ERR_OK;
	if ((rc = place_address(b, r, first, &at, &out->changed, e)))
		return rc;
	if (r->is_default != 1)
		return ERR_OK;
	out->second = load_marked(l, b->id, LOAD_DECIDED) && at >= 0;
	out->decided = !load_marked(l, b->id, LOAD_DECIDED);
	if (out->decided && at >= 0) {
		make_default(b, at);
		out->changed = true;
	}
	return ERR_OK;
}

static enum err store_changed(struct catalogue_load *l, struct buyer *b, struct err_info *e)
{
	uint32_t *terms = mem_alloc(FIND_TERMS * sizeof(*terms));
	struct buyer_numbers n;
	struct find_text t;
	enum err r;

	buyer_find_text(b, &n, &t);
	b->updated_at = l->now;
	/* Now it is the person's: with what he has said of it, not for being known to him. */
	if (b->source == SOURCE_ISSUED)
		b->source = SOURCE_IMPORTED;
	r = load_next_doc(l, terms, find_terms(&t, terms), &b->doc, e);
	buyer_numbers_free(&n);
	free(terms);
	if (!r)
		r = buyer_update_row(l->db, b, e);
	return r ? r : catalogue_note_again(l->db, l->c, l->unit, b->id, e);
}

static enum err load_known(struct catalogue_load *l, int64_t id, const struct buyer_row *r,
			   enum load_result *result, struct load_told *told, struct err_info *e)
{
	struct buyer b;
	struct applied now = {0};
	bool found;
	enum err rc = store_buyer_get(l->db, l->unit, id, &b, &found, e);

	if (rc)
		return rc;
	if (!(rc = apply(l, &b, r, &now, e)) && now.changed)
		rc = store_changed(l, &b, e);
	load_mark(l, id, now.decided ? LOAD_MET | LOAD_DECIDED : LOAD_MET);
	buyer_free(&b);
	told->second_default = now.second;
	*result = now.changed ? LOAD_UPDATED : LOAD_UNCHANGED;
	return rc;
}

static enum err says(struct catalogue_load *l, int64_t id, bool *out, struct err_info *e)
{
	struct applied now;
	bool found = false;
	struct buyer b;
	enum err r = store_buyer_get(l->db, l->unit, id, &b, &found, e);

	*out = false;
	if (r || !found)
		return r;
	/* In memory alone; one that would be refused says something else. */
	*out = !apply(l, &b, l->row, &now, NULL) && !now.changed;
	buyer_free(&b);
	return ERR_OK;
}

/* Before the database is asked about a row, or about all. */
static enum err settle(struct catalogue_load *l, const struct load_kin *k, struct err_info *e)
{
	struct buyer_group *g = ((struct buyer_load *)(void *)l)->fresh;

	return !k || buyer_group_has(g, k) ? buyer_group_store(g, l, e) : ERR_OK;
}

static enum err load_new(struct buyer_load *load, const struct buyer_row *r,
			 const struct load_kin *k, const uint32_t *terms, size_t n,
			 struct err_info *e)
{
	struct catalogue_load *l = &load->common;
	struct buyer b = {.unit_id = l->unit,
			  .is_person = r->is_person == 1,
			  .source = SOURCE_IMPORTED,
			  .created_at = l->now,
			  .updated_at = l->now};
	enum err rc;
	size_t i;

	/* Lent: nothing of it is kept. */
	for (i = 0; i < BUYER_TEXTS; i++)
		*catalogue_slot(&b, &buyer_fields[i]) = (char *)(uintptr_t)buyer_row_text(r, i);
	if ((rc = load_next_id(l, &b.id, e)) || (rc = load_next_doc(l, terms, n, &b.doc, e)) ||
	    (rc = buyer_group_add(load->fresh, l, k, &b, e)))
		return rc;
	l->added++;
	load_mark(l, b.id, LOAD_MET);
	if (r->is_default == 1 && says_address(r))
		load_mark(l, b.id, LOAD_DECIDED);
	return ERR_OK;
}

enum err store_buyer_load(struct buyer_load *load, const struct buyer_row *r, const uint32_t *terms,
			  size_t n, enum load_result *result, struct load_told *told,
			  struct err_info *e)
{
	struct catalogue_load *l = &load->common;
	const struct load_kin k = load_kin_of(l->unit, buyer_row_text(r, BUYER_NAME), "",
					      buyer_row_text(r, BUYER_TAX_NO));
	struct load_told mine;
	int64_t id;
	enum err rc;

	if (!told)
		told = &mine;
	l->row = r;
	rc = load_resolve(l, &k, &id, told, e);
	if (rc)
		return rc;
	if (id)
		return load_known(l, id, r, result, told, e);
	*result = LOAD_ADDED;
	return load_new(load, r, &k, terms, n, e);
}

/* ---- begin and end --------------------------------------------------------------------------- */

enum err store_buyer_load_begin(struct db *db, int64_t unit, struct buyer_load **out,
				struct err_info *e)
{
	struct buyer_load *l = mem_zalloc(sizeof(*l));
	enum err r = catalogue_load_begin(db, &catalogue_buyers, unit, &l->common, e);

	if (r) {
		free(l);
		return r;
	}
	l->common.says = says;
	l->common.settle = settle;
	l->fresh = buyer_group_new();
	*out = l;
	return ERR_OK;
}

enum err store_buyer_load_end(struct buyer_load **l, struct err_info *e)
{
	enum err r = catalogue_load_end(&(*l)->common, e);

	buyer_group_free(&(*l)->fresh);
	free(*l);
	*l = NULL;
	return r;
}

void store_buyer_load_drop(struct buyer_load **l)
{
	if (!*l)
		return;
	catalogue_load_drop(&(*l)->common);
	buyer_group_free(&(*l)->fresh);
	free(*l);
	*l = NULL;
}

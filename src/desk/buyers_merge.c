/* buyers_merge.c - two entries of 购方信息 become one: what is missing comes along, addresses too. */
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "desk/buyers_p.h"
#include "desk/catalogue_p.h"

static char **address_slot(struct buyer_address *a, const struct catalogue_field *f)
{
	return (char **)(void *)((char *)a + f->in_address);
}

/* A copy of the default address. */
static struct buyer_address default_of(const struct buyer *b)
{
	const struct catalogue_field *f;
	struct buyer_address a = {0};

	for (f = buyer_fields; f->key; f++)
		if (f->in_address != FIELD_NOWHERE)
			*address_slot(&a, f) = mem_strdup(catalogue_text(b, f));
	return a;
}

static bool same_address(struct buyer_address *a, struct buyer_address *b, bool *blank)
{
	const struct catalogue_field *f;
	bool same = true;

	*blank = true;
	for (f = buyer_fields; f->key; f++) {
		if (f->in_address == FIELD_NOWHERE)
			continue;
		*blank &= !**address_slot(a, f);
		same &= !strcmp(*address_slot(a, f), *address_slot(b, f));
	}
	return same;
}

static void free_address(struct buyer_address *a)
{
	const struct catalogue_field *f;

	for (f = buyer_fields; f->key; f++)
		if (f->in_address != FIELD_NOWHERE)
			free(*address_slot(a, f));
}

/* Takes the address over; one that is there already, or says nothing, goes. */
static void take_address(struct buyer *into, struct buyer_address a)
{
	struct buyer_address own = default_of(into);
	bool blank, known = same_address(&a, &own, &blank);
	size_t i;

	free_address(&own);
	for (i = 0; i < into->more_count; i++)
		known |= same_address(&a, &into->more[i], &blank);
	if (known || blank) {
		free_address(&a);
		return;
	}
	into->more = mem_realloc(into->more, (into->more_count + 1) * sizeof(*into->more));
	into->more[into->more_count++] = a;
}

/* What is missing in `into` comes from `from`; an address fills a default one that is empty. */
static void take_over(struct buyer *into, const struct buyer *from)
{
	const struct catalogue_field *f;
	struct buyer_address a = default_of(into);
	bool bare;
	size_t i;

	same_address(&a, &a, &bare);
	free_address(&a);
	for (f = buyer_fields; f->key; f++) {
		char **slot = (char **)(void *)((char *)into + f->offset);

		if (!**slot && (f->in_address == FIELD_NOWHERE || bare))
			mem_set(slot, catalogue_text(from, f));
	}
	take_address(into, default_of(from));
	for (i = 0; i < from->more_count; i++) {
		struct buyer_address copy;

		for (f = buyer_fields; f->key; f++)
			if (f->in_address != FIELD_NOWHERE)
				*address_slot(&copy, f) =
				    mem_strdup(*address_slot(&from->more[i], f));
		take_address(into, copy);
	}
}

static enum err store_merged(struct session *s, struct buyer *from, struct buyer *into,
			     struct err_info *e)
{
	struct buyer before;
	char warning[200];
	int gone;
	enum err r;

	if (from->removed_at || into->removed_at)
		return buyers_removed(e, from->removed_at ? from : into);
	buyer_copy(&before, into);
	take_over(into, from);
	into->source = SOURCE_ENTERED;
	if (!(r = desk_buyer_check(into, warning, e)) &&
	    !(r = store_buyer_update(s->db, into, e)) &&
	    !(r = store_buyer_inherit(s->db, into->id, from, e)) &&
	    !(r = store_buyer_remove(s->db, from->unit_id, &from->id, 1, &gone, e)) &&
	    !(r = buyers_audit(s, "buyer.remove", from, NULL, e)))
		r = buyers_audit(s, "buyer.merge", &before, into, e);
	buyer_free(&before);
	return r;
}

static enum err merge(struct session *s, int64_t unit, int64_t from_id, int64_t into_id,
		      struct err_info *e)
{
	struct buyer from, into;
	enum err r;

	if (from_id == into_id) {
		err_fail(e, ERR_INVALID, "buyer.same", "合并", "两者是同一个购方");
		err_hint(e, "请另选一个购方");
		return ERR_INVALID;
	}
	if ((r = buyers_get(s, unit, from_id, &from, e)))
		return r;
	if (!(r = buyers_get(s, unit, into_id, &into, e))) {
		r = store_merged(s, &from, &into, e);
		buyer_free(&into);
	}
	buyer_free(&from);
	return r;
}

enum err desk_buyer_merge(struct session *s, int64_t from, int64_t into, struct err_info *e)
{
	int64_t unit;
	enum err r;

	if ((r = desk_own_unit(s, DESK_CATALOGUE, &unit, e)))
		return r;
	if ((r = db_begin(s->db, e)))
		return r;
	return desk_end(s, merge(s, unit, from, into, e), e);
}

/* ---- entering into another ---- */

/* What is entered goes where it belongs, or nowhere: one transaction. */
static enum err enter_into(struct session *s, struct buyer *b, int64_t into, struct err_info *e)
{
	enum err r;

	if (b->id)
		r = buyers_edit(s, b, TWIN_KEEP, e);
	else if (!(r = store_buyer_insert(s->db, b, e)))
		r = buyers_audit(s, "buyer.add", NULL, b, e);
	return r ? r : merge(s, b->unit_id, b->id, into, e);
}

enum err desk_buyer_enter(struct session *s, const struct buyer *b, int64_t into,
			  struct err_info *e)
{
	char warning[200];
	struct buyer mine;
	int64_t unit;
	enum err r;

	if ((r = desk_own_unit(s, DESK_CATALOGUE, &unit, e)) ||
	    (r = desk_buyer_check(b, warning, e)) || (r = db_begin(s->db, e)))
		return r;
	buyer_copy(&mine, b);
	mine.unit_id = unit;
	mine.source = SOURCE_ENTERED;
	r = desk_end(s, enter_into(s, &mine, into, e), e);
	buyer_free(&mine);
	return r;
}

/* memory.c - buyers and goods used before, habits. */
#include "desk/memory.h"

#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "base/pinyin.h"
#include "desk/forms.h"

enum { MATCHES_MAX = 64 };

/* ---- matching ---- */

/* What was typed, folded, and the ids found for it: names that begin with it come first. */
enum { RANK_BEGINS, RANK_HAS, RANKS, RANK_NONE = RANKS };
struct hunt {
	char *text;
	bool letters; /* may be pinyin initials */
	bool any;     /* nothing typed: everything matches */
	int max, n[RANKS];
	int64_t ids[RANKS][MATCHES_MAX];
};

static char *fold(const char *text)
{
	char *out = text_fold_width(text), *p;

	for (p = out; *p; p++)
		*p = *p >= 'A' && *p <= 'Z' ? (char)(*p - 'A' + 'a') : *p;
	return out;
}

static bool hunt_init(struct hunt *h, const char *text, int max)
{
	char *trimmed = text_trim(text), *p;

	*h = (struct hunt) {.max = max < MATCHES_MAX ? max : MATCHES_MAX, .any = !*trimmed};
	h->text = fold(trimmed);
	free(trimmed);
	h->letters = !h->any;
	for (p = h->text; *p; p++)
		h->letters &= *p >= 'a' && *p <= 'z';
	return h->any || text_chars(h->text) >= MEMORY_LETTERS;
}

static bool begins_folded(const char *number, const char *text)
{
	for (; *text; text++, number++) {
		if ((*number >= 'A' && *number <= 'Z' ? *number - 'A' + 'a' : *number) != *text)
			return false;
	}
	return true;
}

/* The beginning of the name, as many characters as letters were typed. */
static bool begins_with_initials(const char *name, const char *letters)
{
	char *head = mem_strndup(name, text_prefix(name, strlen(letters)));
	bool found = pinyin_match(head, letters);

	free(head);
	return found;
}

static int rank_of(const struct hunt *h, const char *name, const char *other)
{
	const char *at;
	char *folded;
	int rank = RANK_NONE;

	if (h->any || begins_folded(other, h->text))
		return RANK_BEGINS;
	if (h->letters && pinyin_match(name, h->text))
		rank = begins_with_initials(name, h->text) ? RANK_BEGINS : RANK_HAS;
	folded = fold(name);
	at = strstr(folded, h->text);
	if (at)
		rank = at == folded ? RANK_BEGINS : rank == RANK_BEGINS ? rank : RANK_HAS;
	free(folded);
	return rank;
}

static enum err hunt_row(void *arg, int64_t id, const char *name, const char *other,
			 const char *spec, bool *enough)
{
	struct hunt *h = arg;
	int rank = rank_of(h, name, other);

	(void)spec;
	if (rank != RANK_NONE && h->n[rank] < h->max)
		h->ids[rank][h->n[rank]++] = id;
	*enough = h->n[RANK_BEGINS] >= h->max;
	return ERR_OK;
}

/* The ids found, best first; returns their number. */
static int hunt_end(struct hunt *h, int64_t ids[MATCHES_MAX])
{
	int rank, i, n = 0;

	for (rank = 0; rank < RANKS; rank++) {
		for (i = 0; i < h->n[rank] && n < h->max; i++)
			ids[n++] = h->ids[rank][i];
	}
	free(h->text);
	return n;
}

static enum err my_unit(struct session *s, int64_t *unit, struct err_info *e)
{
	struct unit u;
	enum err r;

	if ((r = desk_allow(s, DESK_VIEW, e)) || (r = desk_unit(s, &u, e)))
		return r;
	*unit = u.id;
	unit_free(&u);
	return ERR_OK;
}

typedef enum err (*recent_fn)(struct db *db, int64_t unit, memory_each each, void *arg,
			      struct err_info *e);

static enum err hunt_run(struct session *s, struct hunt *h, recent_fn recent, int64_t *unit,
			 struct err_info *e)
{
	enum err r = my_unit(s, unit, e);

	return r || h->max < 1 ? r : recent(s->db, *unit, hunt_row, h, e);
}

enum err desk_buyer_match(struct session *s, const char *text, int max, struct buyer *out, int *n,
			  struct err_info *e)
{
	int64_t unit = 0, ids[MATCHES_MAX];
	struct hunt h;
	enum err r = ERR_OK;
	int i, count;

	*n = 0;
	if (hunt_init(&h, text, max))
		r = hunt_run(s, &h, store_buyer_recent, &unit, e);
	count = hunt_end(&h, ids);
	for (i = 0; i < count && !r; i++) {
		bool found;

		r = store_buyer_get(s->db, unit, ids[i], &out[*n], &found, e);
		*n += !r && found;
	}
	return r;
}

enum err desk_goods_match(struct session *s, const char *text, int max, struct goods *out, int *n,
			  struct err_info *e)
{
	int64_t unit = 0, ids[MATCHES_MAX];
	struct hunt h;
	enum err r = ERR_OK;
	int i, count;

	*n = 0;
	if (hunt_init(&h, text, max))
		r = hunt_run(s, &h, store_goods_recent, &unit, e);
	count = hunt_end(&h, ids);
	for (i = 0; i < count && !r; i++) {
		bool found;

		r = store_goods_get(s->db, unit, ids[i], &out[*n], &found, e);
		*n += !r && found;
	}
	return r;
}

enum err desk_buyer_get(struct session *s, int64_t id, struct buyer *out, struct err_info *e)
{
	int64_t unit;
	bool found;
	enum err r;

	if ((r = my_unit(s, &unit, e)) || (r = store_buyer_get(s->db, unit, id, out, &found, e)) ||
	    found)
		return r;
	return err_fail(e, ERR_INVALID, "buyer.unknown", "购方", "没有第 %lld 号购方",
			(long long)id);
}

enum err desk_goods_get(struct session *s, int64_t id, struct goods *out, struct err_info *e)
{
	int64_t unit;
	bool found;
	enum err r;

	if ((r = my_unit(s, &unit, e)) || (r = store_goods_get(s->db, unit, id, out, &found, e)) ||
	    found)
		return r;
	return err_fail(e, ERR_INVALID, "goods.unknown", "商品", "没有第 %lld 号商品",
			(long long)id);
}

/* ---- habits and rates ---- */

enum err desk_habit(struct session *s, struct issue_habit *out, struct err_info *e)
{
	struct business_type type;
	int64_t unit;
	bool found;
	enum err r = my_unit(s, &unit, e);

	if (r)
		return r;
	*out = (struct issue_habit) {.inclusive = true};
	text_copy(out->drawer, sizeof(out->drawer),
		  text_empty(s->user.display_name) ? s->user.name : s->user.display_name);
	if ((r = store_habit_get(s->db, unit, s->user.id, out, &found, e)) ||
	    (r = store_type_by_name(s->db, unit, out->business_type, &type, &found, e)))
		return r;
	text_copy(out->business_type, sizeof(out->business_type), found ? type.name : "");
	return ERR_OK;
}

static int highest_first(const void *a, const void *b)
{
	int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;

	return (x < y) - (x > y);
}

enum err desk_rates(struct session *s, int32_t **out, size_t *n, struct err_info *e)
{
	struct tax_rate *rates = NULL;
	size_t count = 0, i, kept = 0;
	int64_t unit;
	enum err r = my_unit(s, &unit, e);

	if (r || (r = store_rates_get(s->db, unit, &rates, &count, e)))
		return r;
	*out = mem_zalloc((count + 1) * sizeof(**out));
	*n = 0;
	for (i = 0; i < count; i++) {
		if (rates[i].enabled)
			(*out)[(*n)++] = rates[i].ppm;
	}
	free(rates);
	qsort(*out, *n, sizeof(**out), highest_first);
	for (i = 0; i < *n; i++) {
		if (!kept || (*out)[kept - 1] != (*out)[i])
			(*out)[kept++] = (*out)[i];
	}
	*n = kept;
	return ERR_OK;
}

/* ---- remembering ---- */

enum err desk_remember(struct session *s, int64_t unit, const struct invoice *inv,
		       struct err_info *e)
{
	enum err r = store_memory_buyer(s->db, unit, inv, e);
	size_t i;

	for (i = 0; i < inv->line_count && !r; i++)
		r = store_memory_goods(s->db, unit, &inv->lines[i], inv->prices_include_tax, e);
	if (!r)
		r = store_habit_put(s->db, unit, s->user.id, inv, e);
	return r ? r : desk_form_used(s, unit, e);
}

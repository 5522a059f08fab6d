/* goods_fill.c - which goods a line means, and what it takes from them. */
#include "desk/goods_fill.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "desk/goods_p.h"
#include "tax/tax.h"

enum { SLOTS = 4096, FOUND = 16, KEY_MAX = 8192 };

/* What is known of lines that say the same; a line beyond takes the place of another. */
struct answer {
	char *key;
	enum fill_by by;
	bool other_spec; /* the article has another specification than the line */
	struct goods goods;
	enum err verdict;
	struct err_info why;
};
struct goods_fill {
	struct session *s;
	int64_t unit;
	struct answer *slots[SLOTS];
};

const char *goods_fill_label(enum fill_by by)
{
	static const char *const LABELS[FILL_WAYS] = {"", "商品编号", "简码", "名称和规格", "名称"};

	return LABELS[by];
}

/* ---- what a line takes ---- */

static void take_text(char **slot, const char *text)
{
	if (text_empty(*slot))
		mem_set(slot, text);
}

/* The catalogue's price in the mode of the invoice, for a line that has no amount either. */
static bool take_price(struct tax_line *l, const struct goods *g, bool inclusive)
{
	struct dec price;

	if (l->has_price || l->has_amount || !*g->price || !dec_parse(g->price, &price))
		return false;
	if (g->inclusive != inclusive &&
	    (l->rate_ppm < 0 ||
	     !tax_price_in_mode(price, l->rate_ppm, g->inclusive, inclusive, &price)))
		return false;
	l->has_price = true;
	l->price = price;
	return true;
}

/* A short name belongs to its code, a preference to its rate. */
static void take_texts(struct tax_line *l, const struct goods *g)
{
	take_text(&l->name, g->name);
	take_text(&l->spec, g->spec);
	take_text(&l->unit, g->unit);
	take_text(&l->tax_code, g->tax_code);
	if (!strcmp(l->tax_code, g->tax_code))
		take_text(&l->short_name, g->short_name);
	if (l->rate_ppm < 0)
		l->rate_ppm = g->rate_ppm;
	if (l->rate_ppm == g->rate_ppm)
		take_text(&l->preference, g->preference);
	mem_set(&l->goods, "");
}

/* ---- names ---- */

/* Behind the "*简称*" in front, if there is one. */
static const char *behind_short_name(const char *name)
{
	const char *end = *name == '*' ? strchr(name + 1, '*') : NULL;

	return end && end > name + 1 && end[1] ? end + 1 : name;
}

/* Width, case and blanks aside; malloc'd. */
static char *plain(const char *text)
{
	char *out = text_fold_width(text), *to = out;
	const char *from;

	for (from = out; *from; from++) {
		if (*from != ' ')
			*to++ = *from >= 'A' && *from <= 'Z' ? (char)(*from - 'A' + 'a') : *from;
	}
	*to = 0;
	return out;
}

static bool same_text(const char *a, const char *b)
{
	char *x, *y;
	bool same;

	if (!strcmp(a, b))
		return true;
	x = plain(a);
	y = plain(b);
	same = !strcmp(x, y);
	free(x);
	free(y);
	return same;
}

/* ---- looking ---- */

struct found {
	struct goods all[FOUND];
	int n, total; /* n are here */
	enum fill_by by;
	bool mixed; /* the 简码 of one is the name of another */
};

static void drop(struct found *f, int i)
{
	goods_free(&f->all[i]);
	memmove(&f->all[i], &f->all[i + 1], (size_t)(f->n - i - 1) * sizeof(f->all[0]));
	f->n--;
}

static void found_free(struct found *f)
{
	while (f->n)
		goods_free(&f->all[--f->n]);
	f->total = 0;
}

static void settle_count(struct found *f)
{
	f->n = f->total < FOUND ? f->total : FOUND;
}

/* By number, 简码 or name, letter by letter. */
static enum err look_named(const struct goods_fill *f, const char *text, struct found *out,
			   struct err_info *e)
{
	enum err r = store_goods_named(f->s->db, f->unit, text, out->all, FOUND, &out->total, e);
	int i;

	if (r)
		out->total = 0;
	settle_count(out);
	for (i = 1; i < out->n && !strcmp(out->all[0].mnemonic, text); i++)
		out->mixed |= strcmp(out->all[i].mnemonic, text) != 0;
	return r;
}

static enum err look_name_spec(const struct goods_fill *f, const char *name, const char *spec,
			       struct found *out, struct err_info *e)
{
	const struct goods g = {.name = (char *)(uintptr_t)name, .spec = (char *)(uintptr_t)spec};
	enum err r = store_goods_twins(f->s->db, f->unit, &g, out->all, FOUND, &out->total, e);

	if (r)
		out->total = 0;
	settle_count(out);
	out->by = *spec ? FILL_NAME_SPEC : FILL_NAME;
	return r;
}

/* As people write it: the index finds it, the whole name decides. */
static enum err look_alike(const struct goods_fill *f, const char *name, struct found *out,
			   struct err_info *e)
{
	enum err r = store_goods_best(f->s->db, f->unit, name, FOUND, out->all, &out->n, e);
	int i;

	if (r)
		out->n = 0;
	out->by = FILL_NAME;
	for (i = out->n - 1; i >= 0; i--) {
		if (same_text(out->all[i].mnemonic, name))
			out->by = FILL_SHORT;
		else if (!same_text(out->all[i].name, name))
			drop(out, i);
	}
	out->total = out->n;
	return r;
}

/* Those with the line's specification, if there are any. */
static void prefer_spec(struct found *f, const char *spec)
{
	int i, same = 0;

	if (f->mixed && !*spec)
		return;
	for (i = 0; i < f->n; i++)
		same += same_text(f->all[i].spec, spec);
	if (!same || same == f->n)
		return;
	for (i = f->n - 1; i >= 0; i--) {
		if (!same_text(f->all[i].spec, spec))
			drop(f, i);
	}
	f->total = f->n;
	if (*spec && f->by == FILL_NAME)
		f->by = FILL_NAME_SPEC;
}

static enum err look_for_name(const struct goods_fill *f, const char *name, const char *spec,
			      struct found *out, struct err_info *e)
{
	enum err r = look_named(f, name, out, e);

	if (r)
		return r;
	out->by = FILL_NAME;
	if (out->n && (*name == '#' || !strcmp(out->all[0].mnemonic, name))) {
		out->by = *name == '#' ? FILL_REFERENCE : FILL_SHORT;
		return ERR_OK;
	}
	if (out->total == 1)
		return ERR_OK;
	/* Of many the one meant may be beyond those that were read. */
	if (out->total > 1) {
		struct found own = {.n = 0};

		if ((r = look_name_spec(f, name, spec, &own, e)))
			return r;
		if (own.n) {
			found_free(out);
			*out = own;
		}
		return ERR_OK;
	}
	return look_alike(f, name, out, e);
}

static enum err look(const struct goods_fill *f, const struct tax_line *l, struct found *out,
		     struct err_info *e)
{
	char *reference = text_trim(l->goods), *name = text_trim(behind_short_name(l->name));
	char *spec = text_trim(l->spec);
	enum err r = ERR_OK;

	if (*reference && !(r = look_named(f, reference, out, e)) && !out->n)
		r = look_alike(f, reference, out, e);
	if (*reference)
		out->by = FILL_REFERENCE;
	else if (*name)
		r = look_for_name(f, name, spec, out, e);
	if (!r)
		prefer_spec(out, spec);
	free(reference);
	free(name);
	free(spec);
	return r;
}

/* ---- choosing ---- */

/* What the line says itself, against goods; "" of the goods says nothing. */
static bool same_code(const struct tax_line *l, const struct goods *g)
{
	return !*g->tax_code || !strcmp(l->tax_code, g->tax_code);
}

static bool same_unit(const struct tax_line *l, const struct goods *g)
{
	return !strcmp(l->unit, g->unit);
}

static bool same_rate(const struct tax_line *l, const struct goods *g)
{
	return l->rate_ppm == g->rate_ppm;
}

static void prefer(struct found *f, const struct tax_line *l,
		   bool (*same)(const struct tax_line *l, const struct goods *g), bool only)
{
	int i, n = 0;

	for (i = 0; i < f->n; i++)
		n += same(l, &f->all[i]);
	if (!n && !only)
		return;
	for (i = f->n - 1; i >= 0; i--) {
		if (!same(l, &f->all[i])) {
			drop(f, i);
			f->total--;
		}
	}
}

static bool differ(const char *line, const char *a, const char *b)
{
	return text_empty(line) && strcmp(a, b) != 0;
}

/* Would both fill the line in the same way? */
static bool same_offer(const struct tax_line *l, const struct goods *a, const struct goods *b)
{
	bool price = !l->has_price && !l->has_amount;

	return !differ(l->spec, a->spec, b->spec) && !differ(l->unit, a->unit, b->unit) &&
	       !differ(l->tax_code, a->tax_code, b->tax_code) &&
	       !differ(l->short_name, a->short_name, b->short_name) &&
	       !differ(l->preference, a->preference, b->preference) &&
	       (l->rate_ppm >= 0 || a->rate_ppm == b->rate_ppm) &&
	       (!price || (!strcmp(a->price, b->price) && a->inclusive == b->inclusive));
}

static enum err several(const struct found *f, const struct tax_line *l, struct err_info *e)
{
	bool named = !text_empty(l->goods);
	enum err r =
	    goods_several(e, named ? l->goods : behind_short_name(l->name), f->all, f->n, f->total);

	err_field(e, named ? "goods" : "name");
	return r;
}

/* Leaves one, or none, or says that there are several. */
static enum err choose(struct found *f, const struct tax_line *l, struct err_info *e)
{
	bool named = f->by == FILL_REFERENCE;
	int i;

	/* Somebody else's code under the same name is another article. */
	if (*l->tax_code)
		prefer(f, l, same_code, !named);
	if (f->n > 1 && *l->unit)
		prefer(f, l, same_unit, false);
	if (f->n > 1 && l->rate_ppm >= 0)
		prefer(f, l, same_rate, false);
	for (i = 1; i < f->n && same_offer(l, &f->all[0], &f->all[i]); i++)
		;
	if (f->total < 2 || (i >= f->n && f->n == f->total))
		return ERR_OK;
	if (!named && *l->tax_code && l->rate_ppm >= 0) {
		found_free(f);
		return ERR_OK;
	}
	return several(f, l, e);
}

static enum err find(const struct goods_fill *f, const struct tax_line *l, struct answer *a)
{
	struct found found = {.n = 0};
	enum err r = look(f, l, &found, &a->why);

	if (!r && !found.n && !text_empty(l->goods)) {
		r = goods_unknown(&a->why, l->goods);
		err_field(&a->why, "goods");
	}
	if (!r)
		r = choose(&found, l, &a->why);
	if (!r && found.n) {
		a->by = found.by;
		a->goods = found.all[0];
		if (found.mixed && found.by == FILL_SHORT &&
		    !same_text(a->goods.mnemonic, behind_short_name(l->name)))
			a->by = FILL_NAME;
		found.all[0] = (struct goods) {0};
		/* Its price is that of another article. */
		a->other_spec = *l->spec && *a->goods.spec && !same_text(l->spec, a->goods.spec);
	}
	found_free(&found);
	return a->verdict = r;
}

/* ---- answers that are kept ---- */

static char *make_key(const struct tax_line *l)
{
	const char *const texts[] = {l->goods, l->name,       l->spec,      l->tax_code,
				     l->unit,  l->short_name, l->preference};
	struct buf b;
	size_t i;

	buf_init(&b, KEY_MAX);
	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		buf_addf(&b, "%s\x1f", texts[i] ? texts[i] : "");
	buf_addf(&b, "%ld\x1f%d", (long)l->rate_ppm, l->has_price || l->has_amount);
	return buf_detach(&b);
}

static size_t slot_of(const char *key)
{
	uint32_t h = 2166136261u;

	for (; *key; key++)
		h = (h ^ (unsigned char)*key) * 16777619u;
	return (h ^ h >> 16) % SLOTS;
}

static void answer_free(struct answer *a)
{
	if (!a)
		return;
	goods_free(&a->goods);
	free(a->key);
	free(a);
}

static enum err ask(struct goods_fill *f, const struct tax_line *l, struct answer **out, bool *kept)
{
	char *key = make_key(l);
	size_t at = key ? slot_of(key) : 0;
	struct answer *a = f->slots[at];

	*kept = true;
	*out = a;
	if (key && a && !strcmp(a->key, key)) {
		free(key);
		return a->verdict;
	}
	*out = a = mem_zalloc(sizeof(*a));
	find(f, l, a);
	/* A trouble of the store may be gone the next time. */
	*kept = key && (!a->verdict || a->verdict == ERR_INVALID);
	a->key = key;
	if (*kept) {
		answer_free(f->slots[at]);
		f->slots[at] = a;
	}
	return a->verdict;
}

/* ---- a run ---- */

enum err goods_fill_begin(struct session *s, int64_t unit, struct goods_fill **out,
			  struct err_info *e)
{
	struct goods_fill *f;
	enum err r = desk_allow(s, DESK_VIEW, e);

	if (r)
		return r;
	f = mem_zalloc(sizeof(*f));
	f->s = s;
	f->unit = unit;
	*out = f;
	return ERR_OK;
}

void goods_fill_end(struct goods_fill **slot)
{
	struct goods_fill *f = *slot;
	size_t i;

	if (!f)
		return;
	for (i = 0; i < SLOTS; i++)
		answer_free(f->slots[i]);
	free(f);
	*slot = NULL;
}

static void fill(struct tax_line *l, const struct answer *a, bool inclusive,
		 struct goods_filled *how)
{
	bool coded = !text_empty(l->tax_code);

	how->by = a->by;
	how->goods = a->goods.id;
	if (a->by == FILL_SHORT || (a->by == FILL_REFERENCE && text_empty(l->goods)))
		mem_set(&l->name, a->goods.name);
	take_texts(l, &a->goods);
	how->code = !coded && *l->tax_code;
	how->price = !a->other_spec && take_price(l, &a->goods, inclusive);
	how->own_inclusive = a->goods.inclusive;
	if (how->price)
		dec_parse(a->goods.price, &how->own_price);
}

enum err goods_fill_line(struct goods_fill *f, struct tax_line *l, bool inclusive,
			 struct goods_filled *how, struct err_info *e)
{
	struct goods_filled none = {.by = FILL_NOT};
	struct answer *a;
	bool kept;
	enum err r = ask(f, l, &a, &kept);

	if (!how)
		how = &none;
	*how = none;
	if (r && e)
		*e = a->why;
	if (!r && a->by != FILL_NOT)
		fill(l, a, inclusive, how);
	if (!kept)
		answer_free(a);
	return r;
}

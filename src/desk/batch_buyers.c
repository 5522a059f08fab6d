/* batch_buyers.c - buyers of whom a file says only the name or the tax number (features D25). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "desk/batch_p.h"

enum { SLOTS = 4096, FOUND = 4 };

/* What is known of orders that say the same; one beyond takes the place of another. */
struct answer {
	char *key; /* "n" or "t" and the text, "o" and number, line feed, name */
	int found;
	struct buyer buyer; /* when there is one */
	struct err_info why;
	char *owner; /* of "o": whose number it is; NULL nobody else's */
};
struct buyer_fill {
	struct session *s;
	int64_t unit;
	struct answer *slots[SLOTS];
};

void buyer_fill_begin(struct session *s, int64_t unit, struct buyer_fill **out)
{
	struct buyer_fill *f = mem_zalloc(sizeof(*f));

	f->s = s;
	f->unit = unit;
	*out = f;
}

static void answer_free(struct answer *a)
{
	if (!a)
		return;
	if (a->found == 1)
		buyer_free(&a->buyer);
	free(a->key);
	free(a->owner);
	free(a);
}

void buyer_fill_end(struct buyer_fill **fill)
{
	struct buyer_fill *f = *fill;
	size_t i;

	if (!f)
		return;
	for (i = 0; i < SLOTS; i++)
		answer_free(f->slots[i]);
	free(f);
	*fill = NULL;
}

/* ---- looking ---- */

static const char *words(const struct buyer *b)
{
	return *b->party.tax_no ? b->party.tax_no : "无税号";
}

static void tell_several(struct answer *a, const struct buyer *all, int n, bool by_name)
{
	char list[400] = "";
	int i;

	for (i = 0; i < n && i + 1 < FOUND; i++) {
		size_t used = strlen(list);

		snprintf(list + used, sizeof(list) - used, "%s%.60s（%s）", i ? "、" : "",
			 all[i].party.name, words(&all[i]));
	}
	list[text_whole(list, strlen(list))] = 0;
	err_fail(&a->why, ERR_INVALID, "buyer.several", by_name ? "购买方名称" : "购买方税号",
		 "购方信息里“%.80s”有多个：%s%s", a->key + 1, list, n == FOUND ? " 等" : "");
	err_field(&a->why, by_name ? "buyer.name" : "buyer.tax_no");
	err_hint(&a->why, by_name ? "请填写购买方纳税人识别号" : "请填写购买方名称");
}

/* Would all fill the order in the same way? */
static bool all_alike(const struct buyer *all, int n)
{
	int i;

	for (i = 1; i < n; i++) {
		if (strcmp(all[i].party.name, all[0].party.name) != 0 ||
		    strcmp(all[i].party.tax_no, all[0].party.tax_no) != 0)
			return false;
	}
	return n < FOUND;
}

static enum err look(struct buyer_fill *f, struct answer *a, struct err_info *e)
{
	bool by_name = *a->key == 'n';
	struct buyer key = {
	    .party = {.name = by_name ? a->key + 1 : NULL, .tax_no = by_name ? NULL : a->key + 1}};
	struct buyer all[FOUND];
	int n = 0, i;
	enum err r = store_buyer_twins(f->s->db, f->unit, &key, all, FOUND, &n, e);

	if (r)
		return r;
	a->found = n;
	if (n > 1 && all_alike(all, n))
		a->found = 1; /* addresses differ at most: the first one's are as good as any */
	else if (n > 1)
		tell_several(a, all, n, by_name);
	if (a->found == 1)
		buyer_copy(&a->buyer, &all[0]);
	for (i = 0; i < n; i++)
		buyer_free(&all[i]);
	return ERR_OK;
}

static enum err look_owner(struct buyer_fill *f, struct answer *a, struct err_info *e)
{
	char owner[BUYER_OWNER], *name = strchr(a->key, '\n');
	enum err r;

	*name = 0;
	r = store_buyer_owner(f->s->db, f->unit, name + 1, a->key + 1, owner, e);
	*name = '\n';
	if (!r && *owner)
		a->owner = mem_strdup(owner);
	return r;
}

static uint64_t hash_of(const char *s)
{
	uint64_t h = UINT64_C(14695981039346656037);

	for (; *s; s++)
		h = (h ^ (unsigned char)*s) * UINT64_C(1099511628211);
	return h ^ h >> 29;
}

static enum err answer_for(struct buyer_fill *f, char kind, const char *text, struct answer **out,
			   struct err_info *e)
{
	size_t n = strlen(text);
	struct answer **slot, *a;
	char *key = mem_alloc(n + 2);
	enum err r;

	key[0] = kind;
	memcpy(key + 1, text, n + 1);
	slot = &f->slots[hash_of(key) % SLOTS];
	if (*slot && !strcmp((*slot)->key, key)) {
		free(key);
		*out = *slot;
		return ERR_OK;
	}
	a = mem_zalloc(sizeof(*a));
	a->key = key;
	if ((r = kind == 'o' ? look_owner(f, a, e) : look(f, a, e))) {
		answer_free(a);
		return r;
	}
	answer_free(*slot);
	*out = *slot = a;
	return ERR_OK;
}

/* ---- filling ---- */

static void take(char **slot, const char *text)
{
	if (text_empty(*slot))
		mem_set(slot, text);
}

static void take_buyer(struct invoice *inv, const struct buyer *b)
{
	bool nowhere = text_empty(inv->buyer.address) && text_empty(inv->buyer.phone);
	bool no_bank = text_empty(inv->buyer.bank) && text_empty(inv->buyer.account);

	take(&inv->buyer.name, b->party.name);
	take(&inv->buyer.tax_no, b->party.tax_no);
	/* An address and its phone, a bank and its account belong together. */
	if (nowhere) {
		take(&inv->buyer.address, b->party.address);
		take(&inv->buyer.phone, b->party.phone);
	}
	if (no_bank) {
		take(&inv->buyer.bank, b->party.bank);
		take(&inv->buyer.account, b->party.account);
	}
	take(&inv->buyer_email, b->email);
	take(&inv->buyer_mobile, b->mobile);
	if (!inv->buyer_person_said && b->is_person)
		inv->buyer_is_person = true;
}

enum err buyer_fill_invoice(struct buyer_fill *f, struct invoice *inv, struct err_info *e)
{
	bool name = !text_empty(inv->buyer.name), number = !text_empty(inv->buyer.tax_no);
	struct answer *a = NULL;
	enum err r;

	if (name == number || inv->buyer_is_person)
		return ERR_OK;
	r = answer_for(f, name ? 'n' : 't', name ? inv->buyer.name : inv->buyer.tax_no, &a, e);
	if (r)
		return r;
	if (a->found > 1) {
		if (e)
			*e = a->why;
		return ERR_INVALID;
	}
	if (a->found == 1)
		take_buyer(inv, &a->buyer);
	return ERR_OK;
}

static enum err note_owner(struct buyer_fill *f, const struct invoice *inv,
			   struct tax_finding *note, bool *any, struct err_info *e)
{
	size_t n = strlen(inv->buyer.tax_no) + strlen(inv->buyer.name) + 2;
	char *both = mem_alloc(n);
	struct answer *a = NULL;
	enum err r;

	snprintf(both, n, "%s\n%s", inv->buyer.tax_no, inv->buyer.name);
	r = answer_for(f, 'o', both, &a, e);
	free(both);
	*any = !r && a->owner;
	if (*any)
		issue_owner_finding(a->owner, note);
	return r;
}

/* Nobody of that name is known, and no number tells who it is. */
static enum err note_unknown(struct buyer_fill *f, const struct invoice *inv,
			     struct tax_finding *note, bool *any, struct err_info *e)
{
	struct answer *a = NULL;
	enum err r = answer_for(f, 'n', inv->buyer.name, &a, e);

	*any = !r && !a->found;
	if (!*any)
		return r;
	*note = (struct tax_finding) {.warning = true};
	err_fail(&note->at, ERR_INVALID, "buyer.unknown", "购方",
		 "购方信息里没有“%.90s”，也没有填税号", inv->buyer.name);
	err_field(&note->at, "buyer.name");
	err_hint(&note->at, "开给单位请补税号；开给个人不用改");
	return ERR_OK;
}

enum err buyer_fill_note(struct buyer_fill *f, const struct invoice *inv, struct tax_finding *note,
			 bool *any, struct err_info *e)
{
	*any = false;
	if (inv->buyer_is_person || text_empty(inv->buyer.name))
		return ERR_OK;
	return text_empty(inv->buyer.tax_no) ? note_unknown(f, inv, note, any, e)
					     : note_owner(f, inv, note, any, e);
}

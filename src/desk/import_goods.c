/* import_goods.c - rows of 商品信息 (features G60-G66): the tax code has to be one that may stand on
 * a line; without any the goods come in and wait for one. */
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "desk/import_p.h"

enum { NAME, CATEGORY, MNEMONIC, CODE, SHORT, SPEC, UNIT, PRICE, PREFERENCE, TEXTS };
enum { RATE = TEXTS, INCLUSIVE, HAS_PREFERENCE };

/* The first nine in the order of struct goods_row. */
static const char *const KEYS[] = {
    "name",  "category",   "mnemonic", "tax_code",  "short_name",     "spec", "unit",
    "price", "preference", "rate",     "inclusive", "has_preference", NULL};
static const size_t OFFSETS[TEXTS] = {
    [NAME] = offsetof(struct goods_row, name),
    [CATEGORY] = offsetof(struct goods_row, category),
    [MNEMONIC] = offsetof(struct goods_row, mnemonic),
    [CODE] = offsetof(struct goods_row, tax_code),
    [SHORT] = offsetof(struct goods_row, short_name),
    [SPEC] = offsetof(struct goods_row, spec),
    [UNIT] = offsetof(struct goods_row, unit),
    [PRICE] = offsetof(struct goods_row, price),
    [PREFERENCE] = offsetof(struct goods_row, preference),
};

/* What is known of a tax code; kept, since files name few codes in many rows. */
struct code_known {
	char code[24], short_name[400];
	enum code_fault fault;
	int32_t only_rate; /* -1: none, or several */
};
enum { KNOWN = 1024 }; /* slots; a code beyond takes the place of another */

struct load {
	struct goods_load *store;
	struct goods_row row; /* the one that was checked */
	char said[200];       /* the warning of the row itself */
	char merged[200];     /* what there is to say of the goods it makes, "" nothing */
	struct code_known *known;
	char code[IMPORT_CODE]; /* one that was filled up */
};

static const char *preference_code(const char *value)
{
	const struct code_row *p = code_find_name(CODES_PREFERENCES, value);

	return p ? p->code : value;
}

static int yes_no(const char *value)
{
	return *value ? *value == 'Y' : -1;
}

/* The cell had something in it: that is told. */
static bool in_fault(const struct import_row *row, const char *key)
{
	int column = sheet_column(sheet_table("goods"), key);

	return row->fault && strstr(row->fault, row->part->titles[column]);
}

/* Pure: whether 是否使用优惠政策 and 优惠政策类型 go together. */
static void look(struct import_batch *b, struct import_row *row)
{
	int has = yes_no(row->values[HAS_PREFERENCE]);
	const char *text = NULL;

	if (has == 1 && !*row->values[PREFERENCE] && !in_fault(row, "preference"))
		text = "优惠政策类型：使用优惠政策时应填写";
	else if (has == 0 && *row->values[PREFERENCE])
		text = "优惠政策类型：是否使用优惠政策填了否，类型应为空";
	if (text)
		import_fault(b, row, text);
}

/* The row alone is fine; what is stored has to go with it. */
static enum err check_merged(void *arg, const struct goods *g, struct err_info *e)
{
	const struct import *m = arg;

	return desk_goods_check(m->s, g, ((struct load *)m->load)->merged, e);
}

static enum err begin(struct import *m, struct err_info *e)
{
	struct load *l = mem_zalloc(sizeof(*l));
	enum err r;

	m->load = l;
	l->known = mem_zalloc(KNOWN * sizeof(*l->known));
	if (!(r = store_goods_load_begin(m->s->db, m->unit, &l->store, e)))
		store_goods_load_ask(l->store, check_merged, m);
	return r;
}

static enum err learn(struct import *m, const char *code, struct code_known *k, struct err_info *e)
{
	struct tax_code t;
	int32_t *rates = NULL;
	bool found = false;
	size_t n = 0;
	enum err r;

	*k = (struct code_known) {.only_rate = -1};
	if ((r = desk_goods_fault(m->s, code, &k->fault, e)) ||
	    (r = store_taxcode_get(m->s->db, m->env, code, &t, &found, e)))
		return r;
	if (found) {
		text_copy(k->short_name, sizeof(k->short_name), t.short_name);
		tax_code_free(&t);
	}
	if (k->fault == CODE_FINE && !(r = desk_code_rates(m->s, code, &rates, &n, e)) && n == 1)
		k->only_rate = rates[0];
	free(rates);
	if (!r)
		text_copy(k->code, sizeof(k->code), code);
	return r;
}

static enum err look_up(struct import *m, const char *code, const struct code_known **out,
			struct err_info *e)
{
	struct load *l = m->load;
	const unsigned char *p;
	uint32_t h = 2166136261u;
	struct code_known *k;

	for (p = (const unsigned char *)code; *p; p++)
		h = (h ^ *p) * 16777619u;
	k = &l->known[h % KNOWN];
	*out = k;
	return strcmp(k->code, code) ? learn(m, code, k, e) : ERR_OK;
}

/* A code that may not stand on a line. */
static void refuse(const struct import_row *row, const char *code, enum code_fault fault,
		   char out[SHEET_REASON])
{
	char text[SHEET_REASON];

	snprintf(text, sizeof(text),
		 "%s：%.40s %s（请填写可用的编码，可用 kaipiao taxcodes search "
		 "查找，也可留空）",
		 row->part->titles[sheet_column(sheet_table("goods"), "tax_code")], code,
		 code_fault_label(fault));
	sheet_reason_add(out, text);
}

/* The rules of the form, on a row. */
static enum err check_one(struct import *m, const struct import_row *row, const struct goods *form,
			  char fault[SHEET_REASON], char warning[SHEET_REASON],
			  struct err_info *why)
{
	char said[200] = "", text[SHEET_REASON];
	enum err r = desk_goods_check(m->s, form, said, why);

	if (r == ERR_INVALID)
		sheet_reason_add(fault, import_sentence(row, m->table, why, text));
	else if (!r && *said)
		text_copy(warning, SHEET_REASON, said);
	return r;
}

static enum err check_form(struct import *m, const struct import_row *row,
			   const struct goods_row *g, char fault[SHEET_REASON],
			   char warning[SHEET_REASON], struct err_info *e)
{
	struct err_info why = {0};
	struct goods form = {.unit_id = m->unit,
			     .name = (char *)(uintptr_t)g->name,
			     .category = (char *)(uintptr_t)g->category,
			     .mnemonic = (char *)(uintptr_t)g->mnemonic,
			     .tax_code = (char *)(uintptr_t)g->tax_code,
			     .short_name = (char *)(uintptr_t)g->short_name,
			     .spec = (char *)(uintptr_t)g->spec,
			     .unit = (char *)(uintptr_t)g->unit,
			     .preference = (char *)(uintptr_t)g->preference,
			     .price = (char *)(uintptr_t)g->price,
			     .inclusive = g->inclusive != 0,
			     .rate_ppm = g->rate_ppm};
	enum err r = check_one(m, row, &form, fault, warning, &why);

	/* Beside a fault of code, rate or preference the price may be wrong, too. */
	if (r == ERR_INVALID && *g->price && strcmp(why.field, "price") != 0) {
		form.tax_code = form.preference = (char *)(uintptr_t) "";
		form.rate_ppm = -1;
		r = check_one(m, row, &form, fault, warning, &why);
	}
	if (r && r != ERR_INVALID && e)
		*e = why;
	return r == ERR_INVALID ? ERR_OK : r;
}

static void take_texts(const struct import *m, const struct import_row *row, struct goods_row *g)
{
	int i;

	for (i = 0; i < TEXTS; i++) {
		g->has[i] = import_has(m, row, i);
		*(const char **)(void *)((char *)g + OFFSETS[i]) = row->values[i];
	}
	g->preference = preference_code(g->preference);
	g->has[PREFERENCE] = g->has[PREFERENCE] || import_has(m, row, HAS_PREFERENCE);
	g->inclusive = yes_no(row->values[INCLUSIVE]);
	g->rate_ppm = -1;
	if (*row->values[RATE])
		rate_parse(row->values[RATE], &g->rate_ppm);
}

const char *import_whole_code(const char *code, char out[IMPORT_CODE])
{
	size_t n = strlen(code);

	if (!n || n >= IMPORT_CODE - 1 || !text_all_digits(code))
		return code;
	memcpy(out, code, n);
	memset(out + n, '0', IMPORT_CODE - 1 - n);
	out[IMPORT_CODE - 1] = 0;
	return out;
}

/* The code with what comes with it; "" when it is of no use. */
static enum err check_code(struct import *m, const struct import_row *row, struct goods_row *g,
			   char fault[SHEET_REASON], struct err_info *e)
{
	const char *given = g->tax_code;
	const struct code_known *k;
	enum err r;

	g->tax_code = import_whole_code(given, ((struct load *)m->load)->code);
	if ((r = look_up(m, g->tax_code, &k, e)))
		return r;
	if (k->fault != CODE_FINE) {
		refuse(row, k->fault == CODE_UNKNOWN ? given : g->tax_code, k->fault, fault);
		g->tax_code = "";
		return ERR_OK;
	}
	/* 简称 is the code's, whatever the file says. */
	g->short_name = k->short_name;
	g->has[SHORT] = true;
	if (g->rate_ppm < 0)
		g->rate_ppm = k->only_rate;
	return ERR_OK;
}

static enum err check(struct import *m, struct import_row *row, char fault[SHEET_REASON],
		      char warning[SHEET_REASON], struct err_info *e)
{
	struct load *l = m->load;
	struct goods_row *g = &l->row;
	enum err r;

	take_texts(m, row, g);
	if (row->leave >> CODE & 1)
		g->tax_code = "";
	if (!*g->tax_code)
		text_copy(warning, SHEET_REASON, "没有税收编码，开票前须补上");
	else if ((r = check_code(m, row, g, fault, e)))
		return r;
	/* Without a name there is a fault already. */
	if (*g->name && (r = check_form(m, row, g, fault, warning, e)))
		return r;
	text_copy(l->said, sizeof(l->said), warning);
	return ERR_OK;
}

static enum err load(struct import *m, const struct import_row *row, enum load_result *result,
		     struct load_told *told, struct err_info *e)
{
	struct load *l = m->load;
	uint32_t terms[FIND_TERMS];
	size_t n = store_goods_terms(&l->row, terms);
	enum err r;

	l->merged[0] = 0;
	r = store_goods_load(l->store, &l->row, terms, n, result, told, e);
	if (!r && *l->merged && strcmp(l->merged, l->said) != 0) {
		m->report->warned += !*l->said && !row->warning;
		import_note(m->report, row, false, l->merged);
	}
	return r;
}

static enum err name_twin(struct import *m, int64_t id, char out[IMPORT_TWIN], struct err_info *e)
{
	struct goods g;
	bool found = false;
	enum err r = store_goods_get(m->s->db, m->unit, id, &g, &found, e);

	*out = 0;
	if (r || !found)
		return r;
	snprintf(out, IMPORT_TWIN, "%.150s%s%.60s（%s）", g.name, *g.spec ? " " : "", g.spec,
		 *g.tax_code ? g.tax_code : "无编码");
	out[text_whole(out, strlen(out))] = 0;
	goods_free(&g);
	return ERR_OK;
}

static enum err end(struct import *m, struct err_info *e)
{
	return store_goods_load_end(&((struct load *)m->load)->store, e);
}

static void drop(struct import *m)
{
	struct load *l = m->load;

	if (l && l->store)
		store_goods_load_drop(&l->store);
}

static void forget(struct import *m)
{
	struct load *l = m->load;

	if (l)
		free(l->known);
	free(l);
	m->load = NULL;
}

const struct import_kind import_goods = {
    .table = "goods",
    .label = "商品信息",
    .audit = "goods.import",
    .action = DESK_CATALOGUE,
    .of_unit = true,
    .number = CODE,
    .name_twin = name_twin,
    .same_key = "编码相同",
    .same_name = "名称和规格相同",
    .keys = KEYS,
    .look = look,
    .begin = begin,
    .check = check,
    .load = load,
    .end = end,
    .drop = drop,
    .free = forget,
};

/* issue_context.c - what validation has to know, read from the store; input files. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "desk/issue_p.h"

/* Room left for "、" and " 等 N 个". */
enum { TYPES_TOLD = 5, MORE_BYTES = 40 };

static size_t hash_of(const char *code)
{
	uint32_t h = 2166136261u;

	for (; *code; code++)
		h = (h ^ (unsigned char)*code) * 16777619u;
	return h ^ h >> 15;
}

static const struct tax_code *find_code(void *arg, const char *code)
{
	struct issue_context *c = arg;
	struct kept_code *slot = &c->codes[hash_of(code) % CODES_KEPT];
	bool found = false;

	if (slot->known && !strcmp(slot->code.code, code))
		return &slot->code;
	if (slot->known)
		tax_code_free(&slot->code);
	slot->known = !store_taxcode_get(c->db, c->env, code, &slot->code, &found, NULL) && found;
	return slot->known ? &slot->code : NULL;
}

static const struct differential_code *find_differential(void *arg, const char *code)
{
	struct issue_context *c = arg;
	bool found = false;

	if (c->has_differential)
		differential_code_free(&c->differential);
	c->has_differential =
	    !store_differential_get(c->db, c->unit, code, &c->differential, &found, NULL) && found;
	return c->has_differential ? &c->differential : NULL;
}

/* The first few types of the unit, joined, as many as fit. */
struct first_types {
	char *out;
	size_t size;
	int64_t told;
};

static enum err join_type(void *arg, const struct business_type *t)
{
	struct first_types *f = arg;
	size_t at = strlen(f->out);

	if (at + strlen(t->name) + MORE_BYTES > f->size)
		return ERR_OK;
	snprintf(f->out + at, f->size - at, "%s%s", f->told++ ? "、" : "", t->name);
	return ERR_OK;
}

static bool type_known(void *arg, const char *name, char *known, size_t size)
{
	struct issue_context *c = arg;
	struct business_type t;
	struct first_types first = {known, size, 0};
	int64_t next = 0, total = 0;
	bool found = false;

	if (store_type_by_name(c->db, c->unit, name, &t, &found, NULL) || found)
		return true;
	if (store_type_list(c->db, c->unit, "", 0, TYPES_TOLD, join_type, &first, &next, &total,
			    NULL))
		return true;
	if (first.told < total)
		snprintf(known + strlen(known), size - strlen(known), " 等 %lld 个",
			 (long long)total);
	return !total;
}

/* As the engine reads it when it builds the upload. */
static bool drawer_known(void *arg, const char *name)
{
	struct issue_context *c = arg;
	struct drawer d;
	bool found = false;

	return !store_drawer_find(c->db, c->unit, name, &d, &found, NULL) && found &&
	       d.state == DRAWER_BOUND;
}

/* The interface is that of the 直连单位. */
static enum err load_edition(struct issue_context *c, struct session *s, const struct unit *u,
			     struct err_info *e)
{
	struct unit direct;
	enum err r;

	if (!u->direct_id)
		return ERR_OK;
	if ((r = store_unit_get(s->db, u->direct_id, &direct, e)))
		return r;
	c->tax.edition = interface_edition(direct.edition);
	unit_free(&direct);
	return ERR_OK;
}

enum err desk_portal_limits(struct session *s, bool *out, struct err_info *e)
{
	char value[8];
	enum err r =
	    store_setting_get(s->db, "blue", "portal_limits", "1", value, sizeof(value), e);

	*out = !r && strcmp(value, "0") != 0;
	return r;
}

static enum err load(struct issue_context *c, struct session *s, const struct unit *u,
		     struct err_info *e)
{
	char stamp[24];
	int64_t differential = 0;
	size_t n = 0;
	enum err r;

	if ((r = store_taxpayer_get(s->db, u->id, &c->taxpayer, &c->has_taxpayer, e)) ||
	    (r = store_rates_get(s->db, u->id, &c->rates, &n, e)) ||
	    (r = store_differential_count(s->db, u->id, &differential, e)) ||
	    (r = load_edition(c, s, u, e)) ||
	    (r = store_taxcode_stamp(s->db, unit_env_word(u->env), stamp, e)))
		return r;
	if ((r = desk_portal_limits(s, &c->tax.portal, e)))
		return r;
	if (differential)
		c->tax.find_differential = find_differential;
	c->tax.rates = c->rates;
	c->tax.rate_count = n;
	c->codes_known = *stamp != 0;
	return ERR_OK;
}

enum err issue_context_load(struct session *s, const struct unit *u, bool seller_too,
			    struct issue_context **out, struct err_info *e)
{
	struct issue_context *c = mem_zalloc(sizeof(*c));
	enum err r = load(c, s, u, e);

	if (r) {
		issue_context_free(&c);
		return r;
	}
	c->db = s->db;
	c->unit = u->id;
	c->env = unit_env_word(u->env);
	c->tax.now = clock_now();
	c->tax.joint = u->joint;
	c->tax.find_code = find_code;
	c->tax.drawer_known = drawer_known;
	c->tax.type_known = type_known;
	c->tax.arg = c;
	c->tax.seller = seller_too ? &c->taxpayer : NULL;
	*out = c;
	return ERR_OK;
}

void issue_context_free(struct issue_context **c)
{
	size_t i;

	if (!*c)
		return;
	for (i = 0; i < CODES_KEPT; i++) {
		if ((*c)->codes[i].known)
			tax_code_free(&(*c)->codes[i].code);
	}
	if ((*c)->has_differential)
		differential_code_free(&(*c)->differential);
	free((*c)->rates);
	free(*c);
	*c = NULL;
}

void issue_fill_seller(struct invoice *inv, const struct unit *u)
{
	if (!inv->red)
		mem_set(&inv->seller.name, u->name);
	mem_set(&inv->seller.tax_no, u->tax_no);
	mem_set(&inv->seller.address, u->address);
	mem_set(&inv->seller.phone, u->phone);
	mem_set(&inv->seller.bank, u->bank);
	mem_set(&inv->seller.account, u->account);
}

/* ---- input ---- */

static enum err read_items(const cJSON *tree, struct invoice_set *out, struct err_info *e)
{
	const cJSON *item;
	int count;
	enum err r = ERR_OK;

	out->array = cJSON_IsArray(tree);
	if (!out->array && !cJSON_IsObject(tree))
		return err_fail(e, ERR_INVALID, "json.type", "发票文件",
				"应为一张发票（对象）或发票数组");
	count = out->array ? cJSON_GetArraySize(tree) : 1;
	if (count < 1 || count > INVOICE_ARRAY_MAX)
		return err_fail(e, ERR_INVALID, "json.count", "发票文件",
				"应有 1 至 %d 张发票，实际 %d 张", INVOICE_ARRAY_MAX, count);
	out->items = mem_zalloc((size_t)count * sizeof(*out->items));
	item = out->array ? tree->child : tree;
	for (; item && !r && out->n < (size_t)count; item = item->next) {
		char path[32] = "";

		if (out->array)
			snprintf(path, sizeof(path), "[%zu].", out->n);
		/* Counted also when refused: it owns its empty texts. */
		r = invoice_from_json(item, path, &out->items[out->n++], e);
	}
	return r;
}

static enum err refuse_empty(const char *path, const char *data, size_t n, struct err_info *e)
{
	while (n && strchr(" \t\r\n", data[n - 1]))
		n--;
	if (n)
		return ERR_OK;
	err_fail(e, ERR_INVALID, "file.empty", path, "文件是空的");
	err_hint(e, "请给出有发票的文件：JSON、批量开票的工作簿或 CSV");
	return ERR_INVALID;
}

static enum err refuse_workbook(const char *path, const char *data, size_t n, struct err_info *e)
{
	if (n < 4 || memcmp(data, "PK\003\004", 4) != 0)
		return ERR_OK;
	err_fail(e, ERR_INVALID, "file.workbook", path, "这是工作簿或压缩包，不是 JSON");
	err_hint(e, "请给出发票 JSON 文件");
	return ERR_INVALID;
}

enum err desk_invoices_parse(const char *name, const char *data, size_t n, struct invoice_set *out,
			     struct err_info *e)
{
	cJSON *tree = NULL;
	enum err r;

	memset(out, 0, sizeof(*out));
	if (!(r = refuse_empty(name, data, n, e)) && !(r = refuse_workbook(name, data, n, e)))
		r = json_parse(data, n, INVOICE_FILE_MAX, &tree, e);
	if (!r)
		r = read_items(tree, out, e);
	json_free(&tree);
	if (r)
		invoice_set_free(out);
	return r;
}

enum err desk_invoices_read(const char *path, struct invoice_set *out, struct err_info *e)
{
	char *data;
	size_t n;
	enum err r = file_read(path, INVOICE_FILE_MAX, &data, &n, e);

	if (r)
		return r;
	r = desk_invoices_parse(path, data, n, out, e);
	free(data);
	return r;
}

void invoice_set_free(struct invoice_set *set)
{
	size_t i;

	for (i = 0; i < set->n; i++)
		invoice_free(&set->items[i]);
	free(set->items);
	memset(set, 0, sizeof(*set));
}

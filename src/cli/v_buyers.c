/* v_buyers.c - 购方信息: list, show, add, edit, remove, merge. */
#include <stdlib.h>
#include <string.h>

#include "cli/catalogue_p.h"

static const struct column BUYERS[] = {
    {"id", "编号", COLUMN_NUMBER, 0},
    {"name", "名称", COLUMN_TEXT, 0},
    {"tax_no", "税号", COLUMN_OPTIONAL, 0},
    {"mnemonic", "简码", COLUMN_TEXT, 0},
    {"address", "地址", COLUMN_TEXT, FOR_JSON},
    {"phone", "电话", COLUMN_TEXT, 0},
    {"bank", "开户行", COLUMN_TEXT, FOR_JSON},
    {"account", "账号", COLUMN_TEXT, FOR_JSON},
    {"email", "邮箱", COLUMN_TEXT, FOR_JSON},
    {"mobile", "手机", COLUMN_TEXT, FOR_JSON},
    {"is_person", "自然人", COLUMN_BOOL, FOR_JSON},
    {"source_text", "来源", COLUMN_TEXT, 0},
    {"uses", "开票次数", COLUMN_NUMBER, 0},
    {"used_at", "最近开票", COLUMN_TIME, FOR_JSON},
    {"updated_at", "更新时间", COLUMN_TIME, FOR_JSON},
    {"twin", "重复", COLUMN_BOOL, 0},
    {NULL, NULL, COLUMN_TEXT, 0},
};
const struct shape shape_buyers = {"buyers list", BUYERS};

static const struct column BUYER[] = {
    {"id", "编号", COLUMN_NUMBER, 0},
    {"name", "名称", COLUMN_TEXT, 0},
    {"tax_no", "税号", COLUMN_OPTIONAL, 0},
    {"mnemonic", "简码", COLUMN_TEXT, 0},
    {"address", "地址", COLUMN_TEXT, 0},
    {"phone", "电话", COLUMN_TEXT, 0},
    {"bank", "开户行", COLUMN_TEXT, 0},
    {"account", "账号", COLUMN_TEXT, 0},
    {"email", "邮箱", COLUMN_TEXT, 0},
    {"mobile", "手机", COLUMN_TEXT, 0},
    {"is_person", "自然人", COLUMN_BOOL, 0},
    {"source_text", "来源", COLUMN_TEXT, 0},
    {"uses", "开票次数", COLUMN_NUMBER, 0},
    {"used_at", "最近开票", COLUMN_TIME, 0},
    {"updated_at", "更新时间", COLUMN_TIME, 0},
    {"created_at", "创建时间", COLUMN_TIME, 0},
    {"removed_at", "删除时间", COLUMN_TIME, 0},
    {"addresses", "其他地址", COLUMN_TREE, FOR_JSON},
    {"warning", "提醒", COLUMN_OPTIONAL, FOR_JSON},
    {NULL, NULL, COLUMN_TEXT, 0},
};
const struct shape shape_buyer = {"buyers show, add, edit, merge", BUYER};

static enum err add_short(void *arg, const struct buyer *b)
{
	struct grid *g = arg;
	const struct catalogue_field *f;

	cli_grid_int(g, b->id);
	for (f = buyer_fields; f->key; f++)
		cli_grid_text(g, catalogue_text(b, f));
	cli_grid_bool(g, b->is_person);
	cli_grid_text(g, catalogue_source_label(b->source));
	cli_grid_int(g, b->uses);
	cli_grid_time(g, b->used_at);
	cli_grid_time(g, b->updated_at);
	return ERR_OK;
}

/* With a word on whether there is another of its tax number or name. */
static enum err add_listed(void *arg, const struct buyer *b)
{
	struct cli_list *l = arg;
	bool twin = false;
	enum err r = desk_buyer_has_twin(l->c->s, b, &twin, &l->c->e);

	if (r)
		return r;
	add_short(&l->grid, b);
	cli_grid_bool(&l->grid, twin);
	return ERR_OK;
}

void cli_buyer_query(struct cli *c, struct buyer_query *q)
{
	*q = (struct buyer_query) {
	    .text = cli_option(c, "find"),
	    .name = cli_option(c, "name"),
	    .tax_no = cli_option(c, "tax-no"),
	    .mnemonic = cli_option(c, "mnemonic"),
	    .phone = cli_option(c, "phone"),
	    .twins = cli_flag(c, "twins"),
	};
}

static enum err fill_list(struct cli_list *l)
{
	struct buyer_query q;

	cli_buyer_query(l->c, &q);
	q.limit = l->limit;
	q.cursor = l->cursor;
	return desk_buyer_list(l->c->s, &q, add_listed, l, &l->next, &l->total, &l->at_least,
			       &l->c->e);
}

enum err verb_buyers_list(struct cli *c)
{
	return cli_list(c, &shape_buyers, TOTAL_TOLD, fill_list);
}

/* ---- one ---- */

/* The further addresses as a JSON array, and as lines for people. */
static void put_addresses(struct cli *c, const struct buyer *b, struct buf *json)
{
	const struct catalogue_field *f;
	struct json_out o;
	size_t i;

	json_out_init(&o, json, 0);
	json_open(&o, NULL, '[');
	for (i = 0; i < b->more_count; i++) {
		json_open(&o, NULL, '{');
		for (f = buyer_fields; f->key; f++) {
			const char *at = (const char *)&b->more[i] + f->in_address;

			if (f->in_address != FIELD_NOWHERE)
				json_put(&o, f->key, *(char *const *)(const void *)at);
		}
		json_close(&o, '}');
	}
	json_close(&o, ']');
	for (i = 0; i < b->more_count; i++)
		cli_say(c, "其他地址 %zu：%s %s %s %s", i + 2, b->more[i].address, b->more[i].phone,
			b->more[i].bank, b->more[i].account);
}

static enum err print_buyer(struct cli *c, int64_t id, const char *warning)
{
	struct buyer b;
	struct grid g;
	struct buf addresses;
	enum err r = desk_buyer_get(c->s, id, &b, &c->e);

	if (r)
		return r;
	cli_grid_init(&g, &shape_buyer);
	add_short(&g, &b);
	cli_grid_time(&g, b.created_at);
	cli_grid_time(&g, b.removed_at);
	buf_init(&addresses, CLI_OUT_MAX);
	if (c->json)
		put_addresses(c, &b, &addresses);
	cli_grid_text(&g, buf_str(&addresses));
	cli_grid_text(&g, warning);
	cli_grid_print_one(c, &g);
	if (!c->json)
		put_addresses(c, &b, &addresses);
	if (*warning)
		cli_say(c, "注意：%s", warning);
	buf_free(&addresses);
	cli_grid_free(&g);
	buyer_free(&b);
	return ERR_OK;
}

static enum err find(struct cli *c, const char *no, int64_t *id)
{
	struct buyer b;
	enum err r = desk_buyer_named(c->s, no, &b, &c->e);

	if (r)
		return r;
	*id = b.id;
	buyer_free(&b);
	return ERR_OK;
}

enum err verb_buyers_show(struct cli *c)
{
	int64_t id;
	enum err r = find(c, c->args[0], &id);

	return r ? r : print_buyer(c, id, "");
}

/* What the options say, over what is there. */
static void fill(struct cli *c, struct buyer *b)
{
	const char *person = cli_option(c, "person");

	cli_catalogue_fill(c, b, buyer_fields);
	if (person)
		b->is_person = !strcmp(person, "yes");
}

enum err verb_buyers_add(struct cli *c)
{
	struct buyer b = {.id = 0};
	char warning[200] = "";
	int64_t id = 0;
	enum err r;

	if (!cli_option(c, "name"))
		return cli_usage(c, "请用 --name 给出名称");
	fill(c, &b);
	if (!(r = desk_buyer_check(&b, warning, &c->e)) &&
	    !(r = cli_twin_hint(c, desk_buyer_add(c->s, &b, cli_twins(c), &c->e))))
		id = b.id;
	buyer_free(&b);
	return r ? r : print_buyer(c, id, warning);
}

static enum err change(void *arg, struct buyer *b, struct err_info *e)
{
	(void)e;
	fill(arg, b);
	return ERR_OK;
}

enum err verb_buyers_edit(struct cli *c)
{
	char warning[200];
	int64_t id;
	enum err r = find(c, c->args[0], &id);

	if (!r)
		r = cli_twin_hint(c,
				  desk_buyer_change(c->s, id, change, c,
						    cli_edit_twins(c, "tax-no"), warning, &c->e));
	return r ? r : print_buyer(c, id, warning);
}

enum err verb_buyers_remove(struct cli *c)
{
	return cli_catalogue_remove(c, find, desk_buyer_remove);
}

enum err verb_buyers_merge(struct cli *c)
{
	int64_t from, into;
	enum err r;

	if ((r = find(c, c->args[0], &from)) || (r = find(c, c->args[1], &into)) ||
	    (r = desk_buyer_merge(c->s, from, into, &c->e)))
		return r;
	return print_buyer(c, into, "");
}

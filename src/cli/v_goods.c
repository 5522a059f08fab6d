/* v_goods.c - 商品信息: list, show, add, edit, remove, recode, suggest. */
#include <stdlib.h>
#include <string.h>

#include "cli/catalogue_p.h"

static const struct column GOODS[] = {
    {"id", "编号", COLUMN_NUMBER, 0},
    {"name", "名称", COLUMN_TEXT, 0},
    {"category", "分类", COLUMN_TEXT, FOR_JSON},
    {"mnemonic", "简码", COLUMN_TEXT, 0},
    {"tax_code", "税收编码", COLUMN_OPTIONAL, 0},
    {"short_name", "税收简称", COLUMN_TEXT, 0},
    {"spec", "规格型号", COLUMN_TEXT, 0},
    {"unit", "单位", COLUMN_TEXT, 0},
    {"price", "单价", COLUMN_OPTIONAL, 0},
    {"preference", "优惠政策", COLUMN_OPTIONAL, FOR_JSON},
    {"inclusive", "含税", COLUMN_BOOL, 0},
    {"rate", "税率", COLUMN_OPTIONAL, 0},
    {"code_fault", "编码问题", COLUMN_OPTIONAL, 0},
    {"source_text", "来源", COLUMN_TEXT, FOR_JSON},
    {"uses", "开票次数", COLUMN_NUMBER, FOR_JSON},
    {"used_at", "最近开票", COLUMN_TIME, FOR_JSON},
    {"updated_at", "更新时间", COLUMN_TIME, FOR_JSON},
    {NULL, NULL, COLUMN_TEXT, 0},
};
const struct shape shape_goods_list = {"goods list", GOODS};

static const struct column ONE[] = {
    {"id", "编号", COLUMN_NUMBER, 0},
    {"name", "名称", COLUMN_TEXT, 0},
    {"category", "分类", COLUMN_TEXT, 0},
    {"mnemonic", "简码", COLUMN_TEXT, 0},
    {"tax_code", "税收编码", COLUMN_OPTIONAL, 0},
    {"short_name", "税收简称", COLUMN_TEXT, 0},
    {"spec", "规格型号", COLUMN_TEXT, 0},
    {"unit", "单位", COLUMN_TEXT, 0},
    {"price", "单价", COLUMN_OPTIONAL, 0},
    {"preference", "优惠政策", COLUMN_OPTIONAL, 0},
    {"inclusive", "含税", COLUMN_BOOL, 0},
    {"rate", "税率", COLUMN_OPTIONAL, 0},
    {"code_fault", "编码问题", COLUMN_OPTIONAL, 0},
    {"source_text", "来源", COLUMN_TEXT, 0},
    {"uses", "开票次数", COLUMN_NUMBER, 0},
    {"used_at", "最近开票", COLUMN_TIME, 0},
    {"updated_at", "更新时间", COLUMN_TIME, 0},
    {"created_at", "创建时间", COLUMN_TIME, 0},
    {"removed_at", "删除时间", COLUMN_TIME, 0},
    {"warning", "提醒", COLUMN_OPTIONAL, FOR_JSON},
    {NULL, NULL, COLUMN_TEXT, 0},
};
const struct shape shape_goods = {"goods show, add, edit", ONE};

static const struct column HINTS[] = {
    {"code", "税收编码", COLUMN_TEXT, 0}, {"short_name", "税收简称", COLUMN_TEXT, 0},
    {"rate", "税率", COLUMN_OPTIONAL, 0}, {"reason", "理由", COLUMN_TEXT, 0},
    {NULL, NULL, COLUMN_TEXT, 0},
};
const struct shape shape_code_hints = {"goods suggest", HINTS};

static void add_rate(struct grid *g, int32_t ppm)
{
	char rate[RATE_TEXT] = "";

	if (ppm >= 0)
		rate_format(ppm, rate);
	cli_grid_text(g, rate);
}

static enum err add_short(void *arg, const struct goods *goods)
{
	struct cli_list *l = arg;
	struct grid *g = &l->grid;
	enum code_fault fault = CODE_NONE;
	enum err r = desk_goods_fault(l->c->s, goods->tax_code, &fault, &l->c->e);
	const struct catalogue_field *f;

	cli_grid_int(g, goods->id);
	for (f = goods_fields; f->key; f++)
		cli_grid_text(g, catalogue_text(goods, f));
	cli_grid_bool(g, goods->inclusive);
	add_rate(g, goods->rate_ppm);
	cli_grid_text(g, code_fault_label(fault));
	cli_grid_text(g, catalogue_source_label(goods->source));
	cli_grid_int(g, goods->uses);
	cli_grid_time(g, goods->used_at);
	cli_grid_time(g, goods->updated_at);
	return r;
}

void cli_goods_query(struct cli *c, struct goods_query *q)
{
	*q = (struct goods_query) {
	    .text = cli_option(c, "find"),
	    .name = cli_option(c, "name"),
	    .mnemonic = cli_option(c, "mnemonic"),
	    .tax_code = cli_option(c, "tax-code"),
	    .short_name = cli_option(c, "short-name"),
	    .unusable = cli_flag(c, "unusable"),
	    .twins = cli_flag(c, "twins"),
	};
}

static enum err fill_list(struct cli_list *l)
{
	struct goods_query q;

	cli_goods_query(l->c, &q);
	q.limit = l->limit;
	q.cursor = l->cursor;
	return desk_goods_list(l->c->s, &q, add_short, l, &l->next, &l->total, &l->at_least,
			       &l->c->e);
}

enum err verb_goods_list(struct cli *c)
{
	return cli_list(c, &shape_goods_list, TOTAL_TOLD, fill_list);
}

/* ---- one ---- */

static enum err print_goods(struct cli *c, int64_t id, const char *warning)
{
	struct cli_list l = {.c = c};
	struct goods goods;
	enum err r = desk_goods_get(c->s, id, &goods, &c->e);

	if (r)
		return r;
	cli_grid_init(&l.grid, &shape_goods);
	if (!(r = add_short(&l, &goods))) {
		cli_grid_time(&l.grid, goods.created_at);
		cli_grid_time(&l.grid, goods.removed_at);
		cli_grid_text(&l.grid, warning);
		cli_grid_print_one(c, &l.grid);
		if (*warning)
			cli_say(c, "注意：%s", warning);
	}
	cli_grid_free(&l.grid);
	goods_free(&goods);
	return r;
}

static enum err find(struct cli *c, const char *no, int64_t *id)
{
	struct goods g;
	enum err r = desk_goods_named(c->s, no, &g, &c->e);

	if (r)
		return r;
	*id = g.id;
	goods_free(&g);
	return ERR_OK;
}

enum err verb_goods_show(struct cli *c)
{
	int64_t id;
	enum err r = find(c, c->args[0], &id);

	return r ? r : print_goods(c, id, "");
}

static enum err set_preference(struct cli *c, struct goods *g)
{
	const char *value = g->preference;
	const struct code_row *row = code_find(CODES_PREFERENCES, value);

	if (!row)
		row = code_find_name(CODES_PREFERENCES, value);
	if (!*value)
		return ERR_OK;
	if (row) {
		mem_set(&g->preference, row->code);
		return ERR_OK;
	}
	err_fail(&c->e, ERR_INVALID, "goods.preference", "优惠政策", "没有“%.40s”", value);
	err_field(&c->e, "preference");
	err_hint(&c->e, "填两位代码或名称，如 03 或 免税");
	return ERR_INVALID;
}

/* What the options say, over what is there. */
static enum err fill(struct cli *c, struct goods *g)
{
	const char *rate = cli_option(c, "rate"), *inclusive = cli_option(c, "inclusive");
	enum err r;
	/* 简称 goes with the code. */
	bool recoded = cli_option(c, "tax-code") && !cli_option(c, "short-name");

	cli_catalogue_fill(c, g, goods_fields);
	if (recoded)
		mem_set(&g->short_name, "");
	if (inclusive)
		g->inclusive = !strcmp(inclusive, "yes");
	if (rate && !*rate)
		g->rate_ppm = -1;
	else if (rate && !rate_parse(rate, &g->rate_ppm)) {
		err_fail(&c->e, ERR_INVALID, "goods.rate", "税率", "“%.40s”不是税率", rate);
		err_field(&c->e, "rate");
		err_hint(&c->e, "写作 0.13 或 13%%");
		return ERR_INVALID;
	}
	if ((r = set_preference(c, g)))
		return r;
	if (!rate)
		desk_goods_fix_rate(g);
	return ERR_OK;
}

enum err verb_goods_add(struct cli *c)
{
	struct goods g = {.rate_ppm = -1, .inclusive = true};
	char warning[200] = "";
	int64_t id = 0;
	enum err r;

	if (!cli_option(c, "name"))
		return cli_usage(c, "请用 --name 给出名称");
	if (!(r = fill(c, &g)) && !(r = desk_goods_check(c->s, &g, warning, &c->e)) &&
	    !(r = cli_twin_hint(c, desk_goods_add(c->s, &g, cli_twins(c), &c->e))))
		id = g.id;
	goods_free(&g);
	return r ? r : print_goods(c, id, warning);
}

static enum err change(void *arg, struct goods *g, struct err_info *e)
{
	(void)e; /* is the shell's */
	return fill(arg, g);
}

enum err verb_goods_edit(struct cli *c)
{
	char warning[200];
	int64_t id;
	enum err r = find(c, c->args[0], &id);

	if (!r)
		r = cli_twin_hint(c, desk_goods_change(c->s, id, change, c,
						       cli_edit_twins(c, "spec"), warning, &c->e));
	return r ? r : print_goods(c, id, warning);
}

enum err verb_goods_remove(struct cli *c)
{
	return cli_catalogue_remove(c, find, desk_goods_remove);
}

enum err verb_goods_recode(struct cli *c)
{
	int64_t ids[CLI_ARGS];
	int i, changed = 0, rateless = 0;
	struct json_out o;
	enum err r = ERR_OK;

	for (i = 1; !r && i < c->argc; i++)
		r = find(c, c->args[i], &ids[i - 1]);
	if (r || (r = desk_goods_recode(c->s, ids, (size_t)c->argc - 1, c->args[0], &changed,
					&rateless, &c->e)))
		return r;
	if (c->json) {
		cli_document(c, &o);
		json_put_int(&o, "changed", changed);
		json_put_int(&o, "rateless", rateless);
		cli_document_end(c, &o);
		return ERR_OK;
	}
	cli_say(c, "已更换编码的商品：%d", changed);
	if (rateless)
		cli_say(c, "注意：新编码没有原来的税率，%d 个商品的税率已清空，请补上", rateless);
	return ERR_OK;
}

static enum err fill_hints(struct cli_list *l)
{
	enum { MANY = 5 };
	struct code_hint hints[MANY];
	struct grid *g = &l->grid;
	int n = 0, i;
	enum err r = desk_goods_suggest(l->c->s, l->c->args[0], hints, MANY, &n, &l->c->e);

	for (i = 0; !r && i < n; i++) {
		cli_grid_text(g, hints[i].code);
		cli_grid_text(g, hints[i].short_name);
		add_rate(g, hints[i].rate_ppm);
		cli_grid_text(g, hints[i].reason);
	}
	return r;
}

enum err verb_goods_suggest(struct cli *c)
{
	return cli_list(c, &shape_code_hints, TOTAL_ROWS, fill_hints);
}

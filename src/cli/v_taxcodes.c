/* v_taxcodes.c - 税收分类编码: search, show, sync, changes. */
#include <stdlib.h>

#include "cli/cli_p.h"

static const struct column TAXCODES[] = {
    {"code", "编码", COLUMN_TEXT, 0},
    {"name", "名称", COLUMN_TEXT, 0},
    {"short_name", "简称", COLUMN_TEXT, 0},
    {"vat_rates", "税率", COLUMN_TEXT, 0},
    {"levy_rates", "征收率", COLUMN_TEXT, 0},
    {"summary", "汇总项", COLUMN_BOOL, 0},
    {NULL, NULL, COLUMN_TEXT, 0},
};
const struct shape shape_taxcodes = {"taxcodes search", TAXCODES};

static const struct column TAXCODE[] = {
    {"code", "编码", COLUMN_TEXT, 0},         {"parent", "上级编码", COLUMN_OPTIONAL, 0},
    {"name", "名称", COLUMN_TEXT, 0},         {"short_name", "简称", COLUMN_TEXT, 0},
    {"vat_rates", "税率", COLUMN_TEXT, 0},    {"levy_rates", "征收率", COLUMN_TEXT, 0},
    {"summary", "汇总项", COLUMN_BOOL, 0},    {"differential", "差额征税", COLUMN_BOOL, 0},
    {"untaxed", "不征税", COLUMN_BOOL, 0},    {"note", "说明", COLUMN_TEXT, 0},
    {"keywords", "关键字", COLUMN_TEXT, 0},   {"start", "有效期起", COLUMN_OPTIONAL, 0},
    {"stop", "有效期止", COLUMN_OPTIONAL, 0}, {NULL, NULL, COLUMN_TEXT, 0},
};
const struct shape shape_taxcode = {"taxcodes show", TAXCODE};

static enum err add_code(void *arg, const struct tax_code *t)
{
	struct grid *g = arg;

	cli_grid_text(g, t->code);
	cli_grid_text(g, t->name);
	cli_grid_text(g, t->short_name);
	cli_grid_text(g, t->vat_rates);
	cli_grid_text(g, t->levy_rates);
	cli_grid_bool(g, t->summary);
	return ERR_OK;
}

enum err verb_taxcodes_search(struct cli *c)
{
	const char *cursor = cli_option(c, "cursor");
	struct grid g;
	char next[20] = "";
	int64_t limit = 20, total = 0;
	bool at_least = false;
	enum err r = cli_int_option(c, "limit", 1, LIST_MAX, &limit);

	if (r)
		return r;
	cli_grid_init(&g, &shape_taxcodes);
	r = desk_taxcode_search(c->s, c->args[0], cursor ? cursor : "", (int)limit, add_code, &g,
				next, &total, &at_least, &c->e);
	if (!r)
		cli_grid_print_page(c, &g, total, at_least, next);
	cli_grid_free(&g);
	return r;
}

enum err verb_taxcodes_show(struct cli *c)
{
	struct tax_code t;
	struct grid g;
	enum err r = desk_taxcode_get(c->s, c->args[0], &t, &c->e);

	if (r)
		return r;
	cli_grid_init(&g, &shape_taxcode);
	cli_grid_text(&g, t.code);
	cli_grid_text(&g, t.parent);
	cli_grid_text(&g, t.name);
	cli_grid_text(&g, t.short_name);
	cli_grid_text(&g, t.vat_rates);
	cli_grid_text(&g, t.levy_rates);
	cli_grid_bool(&g, t.summary);
	cli_grid_bool(&g, t.differential);
	cli_grid_bool(&g, t.untaxed);
	cli_grid_text(&g, t.note);
	cli_grid_text(&g, t.keywords);
	cli_grid_text(&g, t.start);
	cli_grid_text(&g, t.stop);
	cli_one(c, &g);
	tax_code_free(&t);
	return ERR_OK;
}

static const struct column SYNC[] = {
    {"rows", "本次行数", COLUMN_NUMBER, 0},
    {"total", "编码总数", COLUMN_NUMBER, 0},
    {"from_tax", "其中来自税局", COLUMN_NUMBER, 0},
    {"first", "首次取得", COLUMN_BOOL, 0},
    {"added", "新增", COLUMN_NUMBER, 0},
    {"changed", "变更", COLUMN_NUMBER, 0},
    {"stopped", "停用", COLUMN_NUMBER, 0},
    {NULL, NULL, COLUMN_TEXT, 0},
};
const struct shape shape_codes_sync = {"taxcodes sync", SYNC};

static enum err print_synced(struct cli *c, const struct taxcode_synced *d)
{
	struct grid g;
	int64_t total = 0, from_tax = 0;
	enum err r = desk_taxcode_count(c->s, &total, &from_tax, &c->e);

	if (r)
		return r;
	cli_grid_init(&g, &shape_codes_sync);
	cli_grid_int(&g, d->count);
	cli_grid_int(&g, total);
	cli_grid_int(&g, from_tax);
	cli_grid_bool(&g, d->news.first);
	cli_grid_int(&g, d->news.added);
	cli_grid_int(&g, d->news.changed);
	cli_grid_int(&g, d->news.stopped);
	cli_one(c, &g);
	return ERR_OK;
}

enum err verb_taxcodes_sync(struct cli *c)
{
	struct desk_wait w = {0};
	struct taxcode_synced d;
	enum err r = desk_taxcode_sync(c->s, &w, &c->e);

	if (!r && !(r = cli_wait_jobs(c, &w)) && !(r = desk_taxcode_synced(c->s, &w, &d, &c->e)))
		r = print_synced(c, &d);
	desk_wait_free(&w);
	return r;
}

/* ---- what syncs changed ---- */

static const struct column CHANGES[] = {
    {"at", "时间", COLUMN_TIME, 0},
    {"kind", "种类", COLUMN_TEXT, FOR_JSON},
    {"kind_text", "种类", COLUMN_TEXT, FOR_PEOPLE},
    {"code", "编码", COLUMN_TEXT, 0},
    {"name", "名称", COLUMN_TEXT, 0},
    {"what", "变化", COLUMN_TEXT, 0},
    {"short_name", "简称", COLUMN_TEXT, FOR_JSON},
    {"vat_rates", "税率", COLUMN_TEXT, FOR_JSON},
    {"levy_rates", "征收率", COLUMN_TEXT, FOR_JSON},
    {"stop", "有效期止", COLUMN_OPTIONAL, FOR_JSON},
    {"summary", "汇总项", COLUMN_BOOL, FOR_JSON},
    {"old_name", "原名称", COLUMN_TEXT, FOR_JSON},
    {"old_short_name", "原简称", COLUMN_TEXT, FOR_JSON},
    {"old_vat_rates", "原税率", COLUMN_TEXT, FOR_JSON},
    {"old_levy_rates", "原征收率", COLUMN_TEXT, FOR_JSON},
    {"old_stop", "原有效期止", COLUMN_OPTIONAL, FOR_JSON},
    {"old_summary", "原为汇总项", COLUMN_BOOL, FOR_JSON},
    {NULL, NULL, COLUMN_TEXT, 0},
};
const struct shape shape_codes_changes = {"taxcodes changes", CHANGES};

static void add_texts(struct grid *g, const struct taxcode_texts *t)
{
	cli_grid_text(g, t->short_name);
	cli_grid_text(g, t->vat_rates);
	cli_grid_text(g, t->levy_rates);
	cli_grid_text(g, t->stop);
	cli_grid_bool(g, t->summary);
}

static enum err add_change(void *arg, const struct taxcode_change *d)
{
	struct grid *g = arg;
	char *what = taxcode_change_text(d);

	cli_grid_time(g, d->at);
	cli_grid_text(g, taxcode_kind_word(d->kind));
	cli_grid_text(g, taxcode_kind_label(d->kind));
	cli_grid_text(g, d->code);
	cli_grid_text(g, d->now.name);
	cli_grid_text(g, what);
	add_texts(g, &d->now);
	cli_grid_text(g, d->before.name);
	add_texts(g, &d->before);
	free(what);
	return ERR_OK;
}

static enum err fill_changes(struct cli_list *l)
{
	return desk_taxcode_changes(l->c->s, "", l->cursor, l->limit, add_change, &l->grid,
				    &l->next, &l->total, &l->c->e);
}

enum err verb_taxcodes_changes(struct cli *c)
{
	return cli_list(c, &shape_codes_changes, TOTAL_CAPPED, fill_changes);
}

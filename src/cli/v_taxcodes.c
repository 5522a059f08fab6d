/* v_taxcodes.c - 税收分类编码: search, show, import, sync. */
#include <string.h>

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
	enum err r = cli_int_option(c, "limit", 1, LIST_MAX, &limit);

	if (r)
		return r;
	cli_grid_init(&g, &shape_taxcodes);
	r = desk_taxcode_search(c->s, c->args[0], cursor ? cursor : "", (int)limit, add_code, &g,
				next, &total, &c->e);
	if (!r)
		cli_grid_print_list(c, &g, total, next);
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
	cli_grid_print_one(c, &g);
	cli_grid_free(&g);
	tax_code_free(&t);
	return ERR_OK;
}

static const struct column IMPORT[] = {
    {"rows", "本次行数", COLUMN_NUMBER, 0},
    {"total", "编码总数", COLUMN_NUMBER, 0},
    {"from_tax", "其中来自税局", COLUMN_NUMBER, 0},
    {NULL, NULL, COLUMN_TEXT, 0},
};
const struct shape shape_import = {"taxcodes import, sync", IMPORT};

static enum err print_counts(struct cli *c, int64_t rows)
{
	struct grid g;
	int64_t total = 0, from_tax = 0;
	enum err r = desk_taxcode_count(c->s, &total, &from_tax, &c->e);

	if (r)
		return r;
	cli_grid_init(&g, &shape_import);
	cli_grid_int(&g, rows);
	cli_grid_int(&g, total);
	cli_grid_int(&g, from_tax);
	cli_grid_print_one(c, &g);
	cli_grid_free(&g);
	return ERR_OK;
}

enum err verb_taxcodes_import(struct cli *c)
{
	int64_t rows = 0;
	enum err r = desk_taxcode_import(c->s, c->args[0], &rows, &c->e);

	return r ? r : print_counts(c, rows);
}

static enum err synced_rows(struct cli *c, const struct desk_wait *w, int64_t *rows)
{
	struct job j;
	char id[24];
	cJSON *tree = NULL;
	long long n = 0;
	enum err r = desk_job_get(c->s, cursor_text(w->jobs[0], id), &j, &c->e);

	if (r)
		return r;
	if (!json_parse(j.result, strlen(j.result), 4096, &tree, NULL) &&
	    json_member_int(tree, "count", 0, INT32_MAX, &n))
		*rows = n;
	json_free(&tree);
	job_free(&j);
	return ERR_OK;
}

enum err verb_taxcodes_sync(struct cli *c)
{
	struct desk_wait w = {0};
	int64_t rows = 0;
	enum err r = desk_taxcode_sync(c->s, &w, &c->e);

	if (!r && !(r = cli_wait_jobs(c, &w)) && !(r = synced_rows(c, &w, &rows)))
		r = print_counts(c, rows);
	desk_wait_free(&w);
	return r;
}

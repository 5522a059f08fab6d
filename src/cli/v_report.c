/* v_report.c - 统计报表: by one thing, of some days, on the terminal or as a file. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli_p.h"
#include "cli/watch_p.h"

enum { TOP_MAX = 1000000, COLUMN_LABEL = 3, COLUMN_PARTS = 5, PARTS = 6, COLUMN_MAX = 20 };

static const struct column REPORT[] = {
    {"month", "月份", COLUMN_OPTIONAL, 0},
    {"key", "所属", COLUMN_TEXT, FOR_JSON},
    {"rest", "其余各项合在一起", COLUMN_BOOL, FOR_JSON},
    {"label", "名称", COLUMN_TEXT, 0}, /* for people: 购方名称, 税率 ... */
    {"tax_no", "购方税号", COLUMN_OPTIONAL, 0},
    {"blue_count", "蓝字份数", COLUMN_NUMBER, 0},
    {"blue_net", "蓝字金额", COLUMN_MONEY, 0},
    {"blue_tax", "蓝字税额", COLUMN_MONEY, 0},
    {"red_count", "红字份数", COLUMN_NUMBER, 0},
    {"red_net", "红字金额", COLUMN_MONEY, 0},
    {"red_tax", "红字税额", COLUMN_MONEY, 0},
    {"count", "份数", COLUMN_NUMBER, 0},
    {"net", "金额", COLUMN_MONEY, 0},
    {"tax", "税额", COLUMN_MONEY, 0},
    {"gross", "价税合计", COLUMN_MONEY, 0},
    {"share", "占比%", COLUMN_NUMBER, 0},
    {NULL, NULL, COLUMN_TEXT, 0},
};
const struct shape shape_report_rows = {"report by: rows[], subtotals[], total", REPORT};

static void add_count(struct grid *g, int64_t n)
{
	if (n < 0)
		cli_grid_text(g, "");
	else
		cli_grid_int(g, n);
}

static void add_item(struct grid *g, const struct report_item *i)
{
	cli_grid_text(g, i->month);
	cli_grid_text(g, i->key);
	cli_grid_bool(g, i->kind == ROW_OF_REST);
	cli_grid_text(g, i->label);
	cli_grid_text(g, i->tax_no);
	add_count(g, i->count < 0 ? -1 : i->count - i->red_count);
	cli_grid_fen(g, i->net - i->red_net);
	cli_grid_fen(g, i->tax - i->red_tax);
	add_count(g, i->red_count);
	cli_grid_fen(g, i->red_net);
	cli_grid_fen(g, i->red_tax);
	add_count(g, i->count);
	cli_grid_fen(g, i->net);
	cli_grid_fen(g, i->tax);
	cli_grid_fen(g, i->gross);
	cli_grid_textf(g, "%s%d.%d", i->permille < 0 ? "-" : "", abs(i->permille) / 10,
		       abs(i->permille) % 10);
}

/* ---- for programs ---- */

static void put_items(struct json_out *o, const char *key, const struct desk_report *r,
		      bool subtotals)
{
	struct grid g;
	size_t i;

	cli_grid_init(&g, &shape_report_rows);
	for (i = 0; i < r->count; i++) {
		if ((r->items[i].kind == ROW_OF_MONTH) == subtotals)
			add_item(&g, &r->items[i]);
	}
	cli_grid_put_rows(o, key, &g);
	cli_grid_free(&g);
}

static void put_report(struct cli *c, const struct desk_report *r)
{
	struct json_out o;
	struct grid g;

	cli_document(c, &o);
	json_put(&o, "by", report_by_word(r->options.by));
	json_put_bool(&o, "months", r->options.months);
	json_put(&o, "from", r->options.from);
	json_put(&o, "to", r->options.to);
	put_items(&o, "rows", r, false);
	put_items(&o, "subtotals", r, true);
	cli_grid_init(&g, &shape_report_rows);
	add_item(&g, &r->total);
	cli_grid_put_object(&o, "total", &g);
	json_put_int(&o, "read", r->summed);
	cli_document_end(c, &o);
	cli_grid_free(&g);
}

/* ---- for people ---- */

/* The columns that say something here, under the name of what it is by. */
static void fit_columns(const struct desk_report *r, struct column out[COLUMN_MAX])
{
	int i;

	memcpy(out, REPORT, sizeof(REPORT));
	for (i = 0; out[i].key; i++) {
		if ((i >= COLUMN_PARTS && i < COLUMN_PARTS + PARTS &&
		     !report_by_parts(r->options.by)) ||
		    (!strcmp(out[i].key, "month") && !r->options.months) ||
		    (!strcmp(out[i].key, "tax_no") && r->options.by != BY_BUYER))
			out[i].who = FOR_JSON;
	}
	out[COLUMN_LABEL].label = report_by_head(r->options.by);
}

static void say_report(struct cli *c, const struct desk_report *r)
{
	struct column columns[COLUMN_MAX];
	const struct shape shape = {"", columns};
	char title[64], range[REPORT_RANGE];
	struct grid g;
	size_t i;

	report_range_text(&r->options, range);
	if (!r->count) {
		cli_say(c, "开票日期 %s 没有开票成功的发票", range);
		return;
	}
	cli_say(c, "%s，开票日期 %s，%s", report_title(&r->options, title), range, r->unit_name);
	fit_columns(r, columns);
	cli_grid_init(&g, &shape);
	for (i = 0; i < r->count; i++)
		add_item(&g, &r->items[i]);
	add_item(&g, &r->total);
	cli_grid_table(c, &g);
	cli_grid_free(&g);
}

/* ---- the verb ---- */

static enum err bad_range(struct cli *c, const char *word)
{
	struct buf b;
	size_t i;

	buf_init(&b, 1000);
	for (i = 0; report_range_word(i); i++)
		buf_addf(&b, "%s%s", i ? " " : "", report_range_word(i));
	cli_usage(c, "--range 没有“%.40s”，可以是：%s", word, buf_str(&b));
	buf_free(&b);
	return ERR_USAGE;
}

static enum err read_dates(struct cli *c, struct report_options *o)
{
	const char *from = cli_option(c, "from"), *to = cli_option(c, "to"),
		   *range = cli_option(c, "range");

	if (range && (from || to))
		return cli_usage(c, "--range 和 --from、--to 只要一种");
	if (range)
		return report_range(range, o->from, o->to) ? ERR_OK : bad_range(c, range);
	return report_dates(from, to, o, &c->e);
}

static enum err read_options(struct cli *c, struct report_options *o)
{
	enum err r;

	if (!report_by_parse(c->args[0], &o->by))
		return cli_usage(c,
				 "没有按“%.40s”的统计，可以是：buyer goods rate clerk day "
				 "month kind type",
				 c->args[0]);
	o->months = cli_flag(c, "months");
	if ((r = read_dates(c, o)))
		return r;
	return cli_int_option(c, "top", 1, TOP_MAX, &o->top);
}

static enum err write_report(struct cli *c, const struct desk_report *r)
{
	char stem[64], path[HOME_PATH + 256];
	struct cli_output out;
	struct report_export o = {.replace = cli_flag(c, "replace")};
	enum err rc = cli_output(c, report_title(&r->options, stem), &out);

	if (rc)
		return rc;
	o.path = out.path;
	o.format = out.format;
	rc = desk_report_export(c->s, r, &o, path, &c->e);
	if (!rc)
		cli_print_written(c, path, (int64_t)r->rows);
	return rc;
}

enum err verb_report_by(struct cli *c)
{
	struct report_options o = {.top = 0};
	struct import_progress p = {0};
	struct desk_report report;
	struct watch w;
	enum err r = read_options(c, &o);

	if (r)
		return r;
	cli_watch_begin(&w, "统计", &p);
	r = desk_report(c->s, &o, &p, &report, &c->e);
	cli_watch_end(&w);
	if (r)
		return r;
	if (cli_option(c, "o") || cli_option(c, "csv"))
		r = write_report(c, &report);
	else if (c->json)
		put_report(c, &report);
	else
		say_report(c, &report);
	desk_report_free(&report);
	return r;
}

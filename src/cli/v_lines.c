/* v_lines.c - 导入明细: looking at a workbook of lines; v_draft.c puts them into a draft. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli_p.h"
#include "cli/issue_p.h"
#include "cli/watch_p.h"

enum { NOTES_SHOWN = 20, ADVICE = 400 };

static const struct column LINES[] = {
    {"file", "文件", COLUMN_TEXT, 0},
    {"sheet", "工作表", COLUMN_OPTIONAL, 0},
    {"rows", "行数", COLUMN_NUMBER, 0},
    {"good", "可以导入", COLUMN_NUMBER, 0},
    {"failed", "有问题", COLUMN_NUMBER, 0},
    {"warned", "有提醒", COLUMN_NUMBER, 0},
    {"cleaned", "去掉了看不见的字符", COLUMN_NUMBER, 0},
    {"uncoded", "没有税收编码", COLUMN_NUMBER, 0},
    {"discounts", "有折扣", COLUMN_NUMBER, 0},
    {"by_reference", "按商品编号带出", COLUMN_NUMBER, 0},
    {"by_short", "按简码带出", COLUMN_NUMBER, 0},
    {"by_name_spec", "按名称和规格带出", COLUMN_NUMBER, 0},
    {"by_name", "按名称带出", COLUMN_NUMBER, 0},
    {"prices_include_tax", "单价和金额含税", COLUMN_BOOL, 0},
    {"mode_said", "由列名得知是否含税", COLUMN_BOOL, 0},
    {"net", "金额", COLUMN_MONEY, 0},
    {"tax", "税额", COLUMN_MONEY, 0},
    {"gross", "价税合计", COLUMN_MONEY, 0},
    {"advice", "建议", COLUMN_OPTIONAL, 0},
    {"failures", "有问题的行和原因在哪个文件", COLUMN_OPTIONAL, 0},
    {"unknown", "不认识的列", COLUMN_OPTIONAL, 0},
    {"repeated", "与别的列内容相同而没有用的列", COLUMN_OPTIONAL, 0},
    {NULL, NULL, COLUMN_TEXT, 0},
};
const struct shape shape_lines = {"blue lines", LINES};

static const struct column NOTES[] = {
    {"row", "行号", COLUMN_NUMBER, 0}, {"sheet", "工作表", COLUMN_OPTIONAL, 0},
    {"place", "位置", COLUMN_TEXT, 0}, {"fault", "有问题", COLUMN_BOOL, 0},
    {"text", "说明", COLUMN_TEXT, 0},  {NULL, NULL, COLUMN_TEXT, 0},
};
const struct shape shape_line_notes = {"blue lines, notes", NOTES};

/* ---- reading ---- */

static bool wants_inclusive(const struct cli *c, bool standard)
{
	const char *mode = cli_option(c, "mode");

	return mode ? !strcmp(mode, "inclusive") : standard;
}

static enum err read_lines(struct cli *c, const char *file, bool standard, struct lines *out)
{
	const struct lines_options o = {.file = file,
					.failures = cli_option(c, "failures"),
					.inclusive = wants_inclusive(c, standard)};
	struct import_progress p = {0};
	struct watch w;
	enum err r;

	cli_watch_begin(&w, "读取", &p);
	r = desk_lines_read(c->s, &o, &p, out, &c->e);
	cli_watch_end(&w);
	return r;
}

/* ---- printing ---- */

/* What does not hinder reading, but issuing; "" nothing. */
static const char *advice_of(const struct lines *l, char out[ADVICE])
{
	out[0] = 0;
	if (l->advice)
		snprintf(out, ADVICE, "超过 %d 行，税局可能处理不了，宜分成几张",
			 TAX_LINES_ADVISED);
	if (*l->tail)
		snprintf(out + strlen(out), ADVICE - strlen(out),
			 "%s%s，超过限额，开票前请在表单里用尾差调整", *out ? "；" : "", l->tail);
	return out;
}

static void fill_summary(struct grid *g, const struct lines *l)
{
	char advice[ADVICE];
	const size_t counts[] = {l->count,
				 l->good,
				 l->faulty,
				 l->warned,
				 l->cleaned,
				 l->uncoded,
				 l->discounts,
				 l->filled[FILL_REFERENCE],
				 l->filled[FILL_SHORT],
				 l->filled[FILL_NAME_SPEC],
				 l->filled[FILL_NAME]};
	size_t i;

	cli_grid_text(g, l->file);
	cli_grid_text(g, l->sheet);
	for (i = 0; i < sizeof(counts) / sizeof(counts[0]); i++)
		cli_grid_int(g, (int64_t)counts[i]);
	cli_grid_bool(g, l->inclusive);
	cli_grid_bool(g, l->said);
	cli_grid_fen(g, l->net_fen);
	cli_grid_fen(g, l->tax_fen);
	cli_grid_fen(g, l->gross_fen);
	cli_grid_text(g, advice_of(l, advice));
	cli_grid_text(g, l->failures);
	cli_grid_text(g, l->unknown);
	cli_grid_text(g, l->repeated);
}

static void add_note(struct grid *g, const struct lines_row *row, const char *text, bool fault)
{
	char place[IMPORT_PLACE];

	cli_grid_int(g, row->number);
	cli_grid_text(g, row->sheet);
	cli_grid_text(g,
		      fault ? desk_lines_place(row, place) : desk_lines_warning_place(row, place));
	cli_grid_bool(g, fault);
	cli_grid_text(g, text);
}

static void fill_notes(struct grid *g, const struct lines *l)
{
	size_t i;

	for (i = 0; i < l->count; i++) {
		if (l->rows[i].fault)
			add_note(g, &l->rows[i], l->rows[i].fault, true);
		if (l->rows[i].warning)
			add_note(g, &l->rows[i], l->rows[i].warning, false);
	}
}

/* The lines in the form of an invoice's JSON. */
static enum err put_lines(struct cli *c, struct json_out *o, const struct lines *l)
{
	struct invoice inv;
	enum err r;

	invoice_init(&inv);
	if (!(r = desk_lines_add(l, &inv, &c->e))) {
		json_open(o, "invoice", '{');
		invoice_put_json(o, &inv, false);
		json_close(o, '}');
	}
	invoice_free(&inv);
	return r;
}

static enum err put_document(struct cli *c, const struct lines *l)
{
	struct grid summary, notes;
	struct json_out o;
	enum err r;

	cli_grid_init(&summary, &shape_lines);
	cli_grid_init(&notes, &shape_line_notes);
	fill_summary(&summary, l);
	fill_notes(&notes, l);
	cli_document(c, &o);
	cli_grid_put_members(&o, &summary, 0);
	cli_grid_put_rows(&o, "notes", &notes);
	r = put_lines(c, &o, l);
	cli_document_end(c, &o);
	cli_grid_free(&summary);
	cli_grid_free(&notes);
	return r;
}

static void say_notes(struct cli *c, const struct lines *l)
{
	char place[IMPORT_PLACE], advice[ADVICE];
	size_t i, told = 0, noted = 0;

	for (i = 0; i < l->count; i++) {
		const struct lines_row *row = &l->rows[i];

		noted += row->fault || row->warning;
		if ((!row->fault && !row->warning) || told == NOTES_SHOWN)
			continue;
		told++;
		if (row->fault)
			cli_say(c, "%s：%s", desk_lines_place(row, place), row->fault);
		if (row->warning)
			cli_say(c, "%s（提醒）：%s", desk_lines_warning_place(row, place),
				row->warning);
	}
	if (noted > told)
		cli_say(c, "……");
	if (*advice_of(l, advice))
		cli_say(c, "提醒：%s", advice);
}

static enum err print_lines(struct cli *c, const struct lines *l)
{
	struct grid g;

	if (c->json)
		return put_document(c, l);
	cli_grid_init(&g, &shape_lines);
	fill_summary(&g, l);
	cli_one(c, &g);
	say_notes(c, l);
	return ERR_OK;
}

enum err verb_blue_lines(struct cli *c)
{
	struct lines l;
	enum err r = read_lines(c, c->args[0], true, &l), shown;

	if (r)
		return r;
	r = cli_flag(c, "partial") && l.good ? ERR_OK : desk_lines_refuse(&l, &c->e);
	shown = print_lines(c, &l);
	desk_lines_free(&l);
	return r ? r : shown;
}

/* ---- into an invoice ---- */

static enum err add(struct cli *c, const struct lines *l, struct invoice *inv)
{
	enum err r = cli_flag(c, "partial") && l->good ? ERR_OK : desk_lines_refuse(l, &c->e);

	return r ? r : desk_lines_add(l, inv, &c->e);
}

enum err lines_into(struct cli *c, const char *file, struct invoice_set *set)
{
	struct lines l;
	enum err r;

	if (set->n != 1)
		return cli_usage(c, "--lines 只能用于一张发票，文件里有 %zu 张", set->n);
	if ((r = read_lines(c, file, set->items[0].prices_include_tax, &l)))
		return r;
	r = add(c, &l, &set->items[0]);
	if (!r)
		say_notes(c, &l);
	desk_lines_free(&l);
	return r;
}

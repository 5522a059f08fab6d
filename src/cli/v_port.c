/* v_port.c - workbooks in and out: import, export, template. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "cli/catalogue_p.h"
#include "cli/watch_p.h"

enum { NOTES_SHOWN = 20 };

/* ---- import ---- */

static const struct column REPORT[] = {
    {"job", "任务编号", COLUMN_NUMBER, 0},
    {"dry_run", "只是检查", COLUMN_BOOL, 0},
    {"stored", "已导入", COLUMN_BOOL, 0},
    {"rows", "行数", COLUMN_NUMBER, 0},
    {"added", "新增", COLUMN_NUMBER, 0},
    {"updated", "更新", COLUMN_NUMBER, 0},
    {"unchanged", "未变", COLUMN_NUMBER, 0},
    {"failed", "失败", COLUMN_NUMBER, 0},
    {"twins", "与已有的税号或名称相同而都保留", COLUMN_NUMBER, 0},
    {"warned", "有提醒的行", COLUMN_NUMBER, 0},
    {"cleaned", "去掉了看不见的字符的行", COLUMN_NUMBER, 0},
    {"kept", "以税局下发的为准而没有改的编码", COLUMN_NUMBER, 0},
    {"failures", "失败的行和原因在哪个文件", COLUMN_OPTIONAL, 0},
    {"sheet", "工作表", COLUMN_OPTIONAL, 0},
    {"unknown", "不认识的列", COLUMN_OPTIONAL, 0},
    {"repeated", "与别的列内容相同而没有用的列", COLUMN_OPTIONAL, 0},
    {"skipped", "列不同而没有读的工作表", COLUMN_OPTIONAL, 0},
    {NULL, NULL, COLUMN_TEXT, 0},
};
const struct shape shape_report = {"buyers, goods, taxcodes import", REPORT};

static const struct column NOTES[] = {
    {"row", "行号", COLUMN_NUMBER, 0}, {"sheet", "工作表", COLUMN_OPTIONAL, 0},
    {"fault", "失败", COLUMN_BOOL, 0}, {"text", "说明", COLUMN_TEXT, 0},
    {NULL, NULL, COLUMN_TEXT, 0},
};
const struct shape shape_notes = {"buyers, goods, taxcodes import, notes", NOTES};

static void fill_report(struct grid *g, const struct import_report *r)
{
	const int64_t counts[] = {r->rows,  r->added,  r->updated, r->unchanged, r->failed,
				  r->twins, r->warned, r->cleaned, r->kept};
	size_t i;

	cli_grid_int(g, r->job);
	cli_grid_bool(g, r->dry_run);
	cli_grid_bool(g, r->stored);
	for (i = 0; i < sizeof(counts) / sizeof(counts[0]); i++)
		cli_grid_int(g, counts[i]);
	cli_grid_text(g, r->failures);
	cli_grid_text(g, r->sheet);
	cli_grid_text(g, r->unknown);
	cli_grid_text(g, r->repeated);
	cli_grid_text(g, r->skipped);
}

static void fill_notes(struct grid *g, const struct import_report *r)
{
	size_t i;

	for (i = 0; i < r->note_count; i++) {
		cli_grid_int(g, r->notes[i].row);
		cli_grid_text(g, r->notes[i].sheet);
		cli_grid_bool(g, r->notes[i].fault);
		cli_grid_text(g, r->notes[i].text);
	}
}

static void say_report(struct cli *c, const struct import_report *r)
{
	char *text = import_report_text(r), *line, *rest = text, place[IMPORT_PLACE];
	size_t i;

	while (rest && (line = rest)) {
		rest = strchr(line, '\n');
		if (rest)
			*rest++ = 0;
		cli_say(c, "%s", line);
	}
	for (i = 0; i < r->note_count && i < NOTES_SHOWN; i++)
		cli_say(c, "%s%s：%s", import_note_place(&r->notes[i], place),
			r->notes[i].fault ? "" : "（提醒）", r->notes[i].text);
	if (r->note_count > NOTES_SHOWN)
		cli_say(c, "……");
	free(text);
}

static enum err put_report(struct cli *c, const struct import_report *r)
{
	struct grid report, notes;
	struct json_out o;
	int64_t total = 0, from_tax = 0;
	bool codes = !strcmp(c->action->verb, "taxcodes");
	enum err v = codes ? desk_taxcode_count(c->s, &total, &from_tax, &c->e) : ERR_OK;

	cli_grid_init(&report, &shape_report);
	cli_grid_init(&notes, &shape_notes);
	fill_report(&report, r);
	fill_notes(&notes, r);
	cli_document(c, &o);
	cli_grid_put_members(&o, &report, 0);
	cli_grid_put_rows(&o, "notes", &notes);
	if (codes) {
		json_put_int(&o, "total", total);
		json_put_int(&o, "from_tax", from_tax);
	}
	cli_document_end(c, &o);
	cli_grid_free(&report);
	cli_grid_free(&notes);
	return v;
}

enum err verb_port_import(struct cli *c)
{
	const struct import_options o = {
	    .table = c->action->verb,
	    .file = c->args[0],
	    .failures = cli_option(c, "failures"),
	    .dry_run = cli_flag(c, "dry-run"),
	    .partial = cli_flag(c, "partial"),
	};
	struct import_progress p = {0};
	struct import_report report;
	struct watch w;
	enum err r, shown = ERR_OK;

	cli_watch_begin(&w, "导入", &p);
	r = desk_import(c->s, &o, &p, &report, &c->e);
	cli_watch_end(&w);
	/* What was read is said also when nothing was stored for its faults. */
	if (!r || !strcmp(c->e.code, "import.failed")) {
		if (c->json)
			shown = put_report(c, &report);
		else
			say_report(c, &report);
	}
	import_report_free(&report);
	return r ? r : shown;
}

/* ---- export, template ---- */

static const struct column WRITTEN[] = {
    {"file", "文件", COLUMN_TEXT, 0},
    {"rows", "行数", COLUMN_NUMBER, 0},
    {NULL, NULL, COLUMN_TEXT, 0},
};
const struct shape shape_written = {"buyers, goods, taxcodes, types, invoices export, template",
				    WRITTEN};

void cli_print_written(struct cli *c, const char *path, int64_t rows)
{
	struct grid g;

	if (!strcmp(path, "-"))
		return; /* what was written is on standard output */
	cli_grid_init(&g, &shape_written);
	cli_grid_text(&g, path);
	cli_grid_int(&g, rows);
	cli_one(c, &g);
}

/* As is said, else what the name of the file promises. */
static enum sheet_format format_of(const struct cli *c)
{
	const char *csv = cli_option(c, "csv"), *to = cli_option(c, "o");
	const char *end = to ? strrchr(to, '.') : NULL;
	enum sheet_format f = SHEET_XLSX;

	if (csv)
		sheet_format_parse(csv, &f);
	else if (end && !strcasecmp(end, sheet_format_suffix(SHEET_CSV_BOM)))
		f = SHEET_CSV_BOM;
	return f;
}

static bool is_folder(const char *path)
{
	struct stat st;

	return path && stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

const char *cli_to_file(const struct cli *c)
{
	const char *to = cli_option(c, "o");

	return is_folder(to) ? NULL : to;
}

const char *cli_to_folder(const struct cli *c)
{
	const char *to = cli_option(c, "o");

	return is_folder(to) ? to : NULL;
}

/* The suffix of a file's name, "" without one; ".11" of a date is none. */
static const char *suffix_of(const char *path)
{
	const char *name = strrchr(path, '/'), *end;
	size_t n;

	name = name ? name + 1 : path;
	if (!(end = strrchr(name, '.')) || end == name)
		return "";
	n = strspn(end + 1, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");
	return n >= 2 && n <= 5 && !end[n + 1] ? end : "";
}

bool cli_promises(const char *path, const char *suffix)
{
	return path && !strcasecmp(suffix_of(path), suffix);
}

bool cli_promises_nothing(const char *path)
{
	return !path || !*suffix_of(path);
}

enum err cli_may_replace(struct cli *c, const char *path)
{
	struct stat st;

	if (cli_flag(c, "replace") || stat(path, &st) != 0 || !S_ISREG(st.st_mode))
		return ERR_OK;
	err_fail(&c->e, ERR_INVALID, "file.exists", path, "文件已存在");
	err_hint(&c->e, "另起名称，或加 --replace 替换它");
	return ERR_INVALID;
}

enum err cli_write_file(struct cli *c, const char *path, const struct buf *b, mode_t mode)
{
	enum err r = cli_may_replace(c, path);

	return r ? r : file_write(path, buf_str(b), b->len, mode, &c->e);
}

enum err cli_target(struct cli *c, struct cli_target *out)
{
	const char *to = cli_to_file(c);
	bool csv = cli_option(c, "csv"), book = cli_promises(to, ".xlsx");

	*out = (struct cli_target) {.path = to, .folder = cli_to_folder(c), .format = format_of(c)};
	if (csv && book)
		return cli_usage(c, "“%.200s”：--csv 写成 CSV，请改文件名，或去掉 --csv", to);
	if (csv || book || cli_promises(to, ".csv") || cli_promises_nothing(to))
		return ERR_OK;
	return cli_usage(c, "“%.200s”：只能写成 .xlsx 或 .csv，请改文件名", to);
}

enum err verb_port_export(struct cli *c)
{
	struct buyer_query buyers;
	struct goods_query goods;
	struct export_options o = {.table = c->action->verb, .replace = cli_flag(c, "replace")};
	struct cli_target to;
	struct import_progress p = {0};
	struct watch w;
	char path[HOME_PATH + 256];
	int64_t rows = 0;
	enum err r = cli_target(c, &to);

	if (r)
		return r;
	o.format = to.format;
	o.path = to.path;
	o.folder = to.folder;
	if (!strcmp(o.table, "buyers")) {
		cli_buyer_query(c, &buyers);
		o.buyers = &buyers;
	} else if (!strcmp(o.table, "goods")) {
		cli_goods_query(c, &goods);
		o.goods = &goods;
	}
	cli_watch_begin(&w, "导出", &p);
	r = desk_export(c->s, &o, &p, &rows, path, &c->e);
	cli_watch_end(&w);
	if (!r)
		cli_print_written(c, path, rows);
	return r;
}

enum err cli_output(struct cli *c, const char *stem, struct cli_output *out)
{
	struct cli_target to;
	char name[200];
	enum err r = cli_target(c, &to);

	if (r)
		return r;
	out->format = to.format;
	snprintf(name, sizeof(name), "%s%s", stem, sheet_format_suffix(out->format));
	if (to.path)
		return text_copy(out->path, sizeof(out->path), to.path) ? ERR_OK
									: cli_usage(c, "路径太长");
	if (!file_join(out->path, sizeof(out->path), to.folder ? to.folder : ".", name))
		return cli_usage(c, "路径太长");
	return ERR_OK;
}

static enum err write_template(struct cli *c, const char *table)
{
	struct cli_output out;
	char stem[160];
	enum err r;

	snprintf(stem, sizeof(stem), "%s导入模板", desk_transfer_label(table));
	if ((r = cli_output(c, stem, &out)))
		return r;
	r = desk_template(c->s, table, out.path, out.format, cli_flag(c, "replace"), &c->e);
	if (!r)
		cli_print_written(c, out.path, 0);
	return r;
}

enum err verb_port_template(struct cli *c)
{
	return write_template(c, c->action->verb);
}

enum err verb_blue_template(struct cli *c)
{
	return write_template(c, "lines");
}

/* v_records.c - 开票记录, many at once: retry, void, export, archive; the history of one. */
#include <stdlib.h>
#include <string.h>

#include "cli/invoices_p.h"
#include "cli/issue_p.h"
#include "cli/watch_p.h"

/* ---- several at once ---- */

static const struct column DEEDS[] = {
    {"asked", "所指", COLUMN_TEXT, 0},
    {"order_no", "订单号", COLUMN_OPTIONAL, FOR_JSON},
    {"number", "号码", COLUMN_OPTIONAL, 0},
    {"state", "状态", COLUMN_TEXT, FOR_JSON},
    {"state_text", "状态", COLUMN_TEXT, FOR_BOTH},
    {"done", "办成", COLUMN_BOOL, 0},
    {"message", "说明", COLUMN_TEXT, 0},
    {NULL, NULL, COLUMN_TEXT, 0},
};
const struct shape shape_deeds = {"invoices retry, invoices void, several: results[]", DEEDS};

struct deed {
	int64_t id;
	struct err_info why; /* class 0: it was done */
};

/* Data older than a day is fetched first, once for all. */
static enum err refresh_once(struct cli *c, bool *fresh)
{
	struct desk_wait w = {0};
	enum err r;

	if (*fresh || c->no_wait)
		return ERR_BUSY;
	*fresh = true;
	r = desk_taxpayer_sync(c->s, &w, NULL);
	if (!r)
		r = cli_wait_jobs(c, &w);
	err_clear(&c->e);
	desk_wait_free(&w);
	return r;
}

static void do_deeds(struct cli *c, invoice_deed_fn deed, struct deed *all)
{
	bool fresh = false;
	int i;

	for (i = 0; i < c->argc; i++) {
		struct deed *d = &all[i];

		if (deed(c->s, c->args[i], &d->id, &d->why) == ERR_INVALID &&
		    !strncmp(d->why.code, "seller.", 7) && !refresh_once(c, &fresh)) {
			err_clear(&d->why);
			deed(c->s, c->args[i], &d->id, &d->why);
		}
	}
}

/* How it stands now; the worst of all so far. */
static enum err add_deed(struct cli *c, struct grid *g, const char *asked, const struct deed *d,
			 bool wait, enum err *worst)
{
	struct invoice_record r;
	char text[1200] = "";
	enum err verdict = d->why.class;
	bool known = d->id && !desk_invoice_head(c->s, d->id, &r, NULL);

	if (known && !verdict) {
		verdict = desk_invoice_verdict(c->s, &r, text, sizeof(text), NULL);
		verdict = wait ? verdict : ERR_OK;
		issue_tell_person(c, &r, text, sizeof(text));
	} else if (verdict) {
		err_sentence(&d->why, text, sizeof(text));
	}
	cli_grid_text(g, asked);
	cli_grid_text(g, known ? r.invoice.order_no : "");
	cli_grid_text(g, known ? r.invoice.number : "");
	cli_grid_text(g, known ? invoice_state_word(r.state) : "");
	cli_grid_text(g, known ? invoice_state_label(r.state) : "");
	cli_grid_bool(g, verdict == ERR_OK);
	cli_grid_text(g, text);
	*worst = desk_worse(*worst, verdict);
	if (known)
		invoice_record_free(&r);
	return ERR_OK;
}

static enum err tell_worst(struct cli *c, enum err worst, int failed)
{
	if (!worst)
		return ERR_OK;
	err_fail(&c->e, worst, "invoices.some", "开票记录", "%d 张中有 %d 张没有办成", c->argc,
		 failed);
	err_hint(&c->e, "原因见各行的说明");
	return worst;
}

enum err cli_deeds(struct cli *c, invoice_deed_fn deed, bool wait)
{
	struct deed *all = mem_zalloc(sizeof(*all) * (size_t)c->argc);
	struct desk_wait w = {0};
	struct grid g;
	enum err worst = ERR_OK, r = ERR_OK;
	int i, failed = 0;

	do_deeds(c, deed, all);
	for (i = 0; wait && i < c->argc; i++) {
		if (!all[i].why.class)
			desk_wait_invoice(&w, all[i].id);
	}
	if (wait && w.invoice_count && cli_wait(c, &w))
		err_clear(&c->e); /* the rows say what is not known yet */
	desk_wait_free(&w);
	cli_grid_init(&g, &shape_deeds);
	for (i = 0; i < c->argc && !r; i++) {
		enum err one = ERR_OK;

		r = add_deed(c, &g, c->args[i], &all[i], wait, &one);
		failed += one != ERR_OK;
		worst = desk_worse(worst, one);
	}
	cli_results(c, &g);
	cli_grid_free(&g);
	free(all);
	return r ? r : tell_worst(c, worst, failed);
}

/* ---- history ---- */

static const struct column HISTORY[] = {
    {"at", "时间", COLUMN_TIME, 0},
    {"event", "经过", COLUMN_TEXT, 0},
    {"detail", "说明", COLUMN_OPTIONAL, 0},
    {"failed", "未成", COLUMN_BOOL, FOR_JSON},
    {"log", "日志", COLUMN_NUMBER, FOR_JSON},
    {"log_text", "日志", COLUMN_TEXT, FOR_PEOPLE},
    {NULL, NULL, COLUMN_TEXT, 0},
};
const struct shape shape_history = {"invoices history", HISTORY};

static enum err add_event(void *arg, const struct invoice_event *v)
{
	struct grid *g = arg;

	cli_grid_time(g, v->at_ms / 1000);
	cli_grid_text(g, v->what);
	cli_grid_text(g, v->detail);
	cli_grid_bool(g, v->failed);
	cli_grid_int(g, v->log_id);
	cli_grid_textf(g, v->log_id ? "%lld" : "", (long long)v->log_id);
	return ERR_OK;
}

static enum err fill_history(struct cli_list *l)
{
	struct cli *c = l->c;
	struct invoice_record r;
	enum err rc = desk_invoice_get(c->s, c->args[0], &r, &c->e);

	if (rc)
		return rc;
	rc = desk_invoice_history(c->s, r.id, add_event, &l->grid, &c->e);
	invoice_record_free(&r);
	return rc;
}

enum err verb_invoices_history(struct cli *c)
{
	return cli_list(c, &shape_history, TOTAL_ROWS, fill_history);
}

/* ---- export ---- */

/* --month takes the place of the other conditions. */
static enum err choose(struct cli *c, struct cli_invoices *x, struct records_choice *out)
{
	enum err r = cli_invoice_filter(c, x);

	if (r)
		return r;
	out->month = cli_option(c, "month");
	if (out->month) {
		out->kind = x->filter.kind;
		out->red = x->filter.red;
	} else {
		out->filter = &x->filter;
	}
	return ERR_OK;
}

enum err verb_invoices_export(struct cli *c)
{
	struct records_export o = {.replace = cli_flag(c, "replace"),
				   .lines = cli_flag(c, "lines")};
	struct cli_target to;
	struct cli_invoices x = {.from = 0};
	struct import_progress p = {0};
	struct watch w;
	char path[HOME_PATH + 256];
	int64_t rows = 0;
	enum err r;

	if ((r = cli_target(c, &to)) || (r = choose(c, &x, &o.choice)))
		return r;
	o.path = to.path;
	o.folder = to.folder;
	o.format = to.format;
	if (o.lines && o.format == SHEET_XLSX)
		return cli_usage(c, "--lines 用于 --csv；xlsx 里两张表都有");
	cli_watch_begin(&w, "导出", &p);
	r = desk_records_export(c->s, &o, &p, &rows, path, &c->e);
	cli_watch_end(&w);
	if (!r)
		cli_print_written(c, path, rows);
	return r;
}

/* ---- archives ---- */

static const struct column ZIP[] = {
    {"file", "文件", COLUMN_TEXT, 0},
    {"invoices", "发票", COLUMN_NUMBER, 0},
    {"files", "版式文件", COLUMN_NUMBER, 0},
    {"skipped", "没有开票成功而没有版式文件的", COLUMN_NUMBER, 0},
    {"bytes", "字节", COLUMN_NUMBER, 0},
    {NULL, NULL, COLUMN_TEXT, 0},
};
const struct shape shape_zip = {"invoices zip", ZIP};

/* "pdf,ofd": each once or more. */
static enum err read_formats(struct cli *c, bool formats[PRINT_FORMATS])
{
	const char *p = cli_option(c, "formats");
	enum print_format f;
	char word[8];

	while (p && *p) {
		size_t n = strcspn(p, ",");

		if (n >= sizeof(word))
			return cli_usage(c, "--formats 应为 pdf、ofd、xml，用逗号隔开");
		memcpy(word, p, n);
		word[n] = 0;
		if (!print_format_parse(word, &f) || f == PRINT_TEXT)
			return cli_usage(c, "--formats 应为 pdf、ofd、xml，用逗号隔开");
		formats[f] = true;
		p += n + (p[n] == ',');
	}
	return ERR_OK;
}

/* The invoices named one by one. */
static enum err name_ids(struct cli *c, int64_t ids[CLI_ARGS], struct records_choice *out)
{
	int i;

	for (i = 0; i < c->argc; i++) {
		struct invoice_record r;
		enum err rc = desk_invoice_get(c->s, c->args[i], &r, &c->e);

		if (rc)
			return rc;
		ids[i] = r.id;
		invoice_record_free(&r);
	}
	out->ids = ids;
	out->id_count = (size_t)c->argc;
	return ERR_OK;
}

static enum err choose_zip(struct cli *c, int64_t ids[CLI_ARGS], struct cli_invoices *x,
			   struct records_choice *out)
{
	enum err r = cli_invoice_kinds(c, x);

	if (r)
		return r;
	out->month = cli_option(c, "month");
	if (!out->month == !c->argc)
		return cli_usage(c, "请给出 --month YYYY-MM，或几张发票的号码");
	if (c->argc)
		return cli_option(c, "kind") ? cli_usage(c, "--kind 用于 --month")
					     : name_ids(c, ids, out);
	out->kind = x->filter.kind;
	out->red = x->filter.red;
	return ERR_OK;
}

static void print_zip(struct cli *c, const struct archive_report *p)
{
	struct grid g;

	if (!strcmp(p->path, "-"))
		return; /* the archive is the output */
	cli_grid_init(&g, &shape_zip);
	cli_grid_text(&g, p->path);
	cli_grid_int(&g, p->invoices);
	cli_grid_int(&g, p->files);
	cli_grid_int(&g, p->skipped);
	cli_grid_int(&g, p->bytes);
	cli_one(c, &g);
}

enum err verb_invoices_zip(struct cli *c)
{
	struct archive_options o = {.path = cli_to_file(c),
				    .folder = cli_to_folder(c),
				    .rule = cli_option(c, "naming"),
				    .replace = cli_flag(c, "replace")};
	struct archive_report report;
	struct import_progress p = {0};
	int64_t ids[CLI_ARGS];
	struct cli_invoices x = {.from = 0};
	struct watch w;
	enum err r = choose_zip(c, ids, &x, &o.choice);

	if (r || (r = read_formats(c, o.formats)))
		return r;
	if (!cli_promises(o.path, ".zip") && !cli_promises_nothing(o.path))
		return cli_usage(c, "“%.200s”：压缩包只能写成 .zip，请改文件名", o.path);
	cli_watch_begin(&w, "打包", &p);
	r = desk_archive(c->s, &o, &p, &report, &c->e);
	cli_watch_end(&w);
	if (!r)
		print_zip(c, &report);
	return r;
}

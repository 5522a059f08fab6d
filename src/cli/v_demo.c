/* v_demo.c - practice from an empty machine: platform, home, units, numbers, quota, sample
 * invoices. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/demo_p.h"
#include "cli/issue_p.h"

enum { FILE_KINDS = 3 };

static const enum print_format KINDS[FILE_KINDS] = {PRINT_PDF, PRINT_OFD, PRINT_XML};

static const struct column DEMO[] = {
    {"order_no", "订单号", COLUMN_TEXT, 0},
    {"kind", "票种", COLUMN_TEXT, FOR_JSON},
    {"kind_text", "票种", COLUMN_TEXT, FOR_PEOPLE},
    {"buyer", "购方", COLUMN_TEXT, 0},
    {"gross", "价税合计", COLUMN_MONEY, 0},
    {"number", "号码", COLUMN_OPTIONAL, 0},
    {"state", "状态", COLUMN_TEXT, FOR_JSON},
    {"state_text", "状态", COLUMN_TEXT, FOR_BOTH},
    {"message", "说明", COLUMN_TEXT, 0},
    {"pdf", "PDF", COLUMN_OPTIONAL, FOR_JSON},
    {"ofd", "OFD", COLUMN_OPTIONAL, FOR_JSON},
    {"xml", "XML", COLUMN_OPTIONAL, FOR_JSON},
    {NULL, NULL, COLUMN_TEXT, 0},
};
const struct shape shape_demo = {"demo: rows[]", DEMO};

static void step(struct demo *d, const char *text)
{
	cli_say(d->c, "· %s", text);
	cli_flush(d->c);
}

/* ---- samples ---- */

static enum err read_samples(struct cli *c, struct invoice_set *all)
{
	const struct embedded *f;
	size_t i, k;

	memset(all, 0, sizeof(*all));
	all->array = true;
	for (i = 0; (f = embed_nth("templates/samples/", i)); i++) {
		struct invoice_set one;
		enum err r = desk_invoices_parse(f->name, f->data, f->size, &one, &c->e);

		if (r) {
			invoice_set_free(all);
			return r;
		}
		all->items = mem_realloc(all->items, (all->n + one.n) * sizeof(*all->items));
		for (k = 0; k < one.n; k++)
			all->items[all->n++] = one.items[k]; /* moved */
		free(one.items);
	}
	return ERR_OK;
}

static enum err write_files(struct demo *d, const char *number, char paths[FILE_KINDS][HOME_PATH])
{
	struct cli *c = d->c;
	size_t i;
	enum err r = ERR_OK;

	for (i = 0; i < FILE_KINDS && !r; i++) {
		char name[PRINT_NAME_TEXT];
		struct buf b;

		buf_init(&b, PRINT_SIZE_MAX);
		r = desk_invoice_file(c->s, number, KINDS[i], &b, name, &c->e);
		if (!r && !file_join(paths[i], HOME_PATH, d->files, name))
			r = err_fail(&c->e, ERR_INVALID, "home.path", "版式文件", "路径太长");
		if (!r && !file_exists(paths[i]))
			r = file_write(paths[i], buf_str(&b), b.len, 0644, &c->e);
		buf_free(&b);
	}
	return r;
}

static enum err add_result(struct demo *d, struct grid *g, int64_t id)
{
	char paths[FILE_KINDS][HOME_PATH] = {"", "", ""};
	struct invoice_record r;
	size_t i;
	enum err rc = desk_invoice_by_id(d->c->s, id, &r, &d->c->e);

	if (rc)
		return rc;
	d->total++;
	d->gross += r.invoice.gross_fen;
	d->issued += r.state == INVOICE_ISSUED;
	if (r.state == INVOICE_ISSUED)
		rc = write_files(d, r.invoice.number, paths);
	cli_grid_text(g, r.invoice.order_no);
	cli_grid_text(g, invoice_kind_word(r.invoice.kind));
	cli_grid_text(g, invoice_kind_label(r.invoice.kind));
	cli_grid_text(g, r.invoice.buyer.name);
	cli_grid_fen(g, r.invoice.gross_fen);
	cli_grid_text(g, r.invoice.number);
	cli_grid_text(g, invoice_state_word(r.state));
	cli_grid_text(g, invoice_state_label(r.state));
	cli_grid_text(g, r.message);
	for (i = 0; i < FILE_KINDS; i++)
		cli_grid_text(g, paths[i]);
	invoice_record_free(&r);
	return rc;
}

static void print_results(struct demo *d, const struct grid *g)
{
	struct cli *c = d->c;
	struct json_out o;
	char gross[FEN_TEXT + 8];
	size_t row, k;

	if (c->json) {
		cli_document(c, &o);
		json_put(&o, "home", c->home);
		json_put(&o, "control", d->p.control);
		json_put_int(&o, "total", (int64_t)d->total);
		json_put_int(&o, "issued", (int64_t)d->issued);
		json_put_fen(&o, "gross", d->gross);
		cli_grid_put_rows(&o, "rows", g);
		json_put(&o, "next", NULL);
		cli_document_end(c, &o);
		return;
	}
	cli_grid_table(c, g);
	cli_say(c, "共 %zu 张，开票成功 %zu 张，价税合计 %s 元", d->total, d->issued,
		fen_format_grouped(d->gross, gross));
	cli_say(c, "版式文件：");
	for (row = 0; row < cli_grid_rows(g); row++) {
		for (k = 0; k < FILE_KINDS; k++) {
			const char *path = g->cells[row * g->width + g->width - FILE_KINDS + k];

			if (*path)
				cli_say(c, "  %s", path);
		}
	}
}

static enum err show_results(struct demo *d, const int64_t *ids, size_t n)
{
	struct grid g;
	size_t i;
	enum err r = ERR_OK;

	cli_grid_init(&g, &shape_demo);
	for (i = 0; i < n && !r; i++)
		r = add_result(d, &g, ids[i]);
	if (!r)
		print_results(d, &g);
	cli_grid_free(&g);
	if (!r && d->issued < d->total) {
		r = err_fail(&d->c->e, ERR_UNKNOWN, "demo.open", "练习", "%zu 张中 %zu 张开票成功",
			     d->total, d->issued);
		err_hint(&d->c->e, "再运行一次 kaipiao demo 会继续");
	}
	return r;
}

static enum err issue_samples(struct demo *d)
{
	struct cli *c = d->c;
	struct invoice_set set;
	struct desk_wait w = {0};
	int64_t *ids;
	bool *repeat;
	size_t i;
	enum err r = read_samples(c, &set);

	if (r)
		return r;
	ids = mem_zalloc((set.n + 1) * sizeof(*ids));
	repeat = mem_zalloc((set.n + 1) * sizeof(*repeat));
	if (!(r = issue_set(c, &set, ids, repeat, NULL))) {
		for (i = 0; i < set.n; i++)
			desk_wait_invoice(&w, ids[i]);
		/* On a screen the results are there to be looked at. */
		if (!(r = cli_wait(c, &w)) && !d->screen)
			r = show_results(d, ids, set.n);
	}
	desk_wait_free(&w);
	free(ids);
	free(repeat);
	invoice_set_free(&set);
	return r;
}

/* ---- holding ---- */

static volatile sig_atomic_t stop_holding;

static void on_stop(int number)
{
	(void)number;
	stop_holding = 1;
}

/* The program as it can be called from anywhere. */
static void own_path(char out[HOME_PATH])
{
	ssize_t n = readlink("/proc/self/exe", out, HOME_PATH - 1);

	if (n > 0)
		out[n] = 0;
	else
		text_copy(out, HOME_PATH, "kaipiao");
}

/* The first sample without its order number, so that each call issues another invoice. */
static bool write_example(struct demo *d, char path[HOME_PATH])
{
	const struct embedded *f = embed_nth("templates/samples/", 0);
	cJSON *tree = NULL;
	struct json_out o;
	struct buf b;
	bool done;

	if (!f || !file_join(path, HOME_PATH, d->files, "练习发票.json") ||
	    json_parse(f->data, f->size, f->size + 1, &tree, NULL))
		return false;
	cJSON_DeleteItemFromObjectCaseSensitive(tree, "order_no");
	buf_init(&b, CLI_OUT_MAX);
	json_out_init(&o, &b, 2);
	json_put_tree(&o, NULL, tree);
	buf_addc(&b, '\n');
	done = file_write(path, buf_str(&b), b.len, 0644, NULL) == ERR_OK || file_exists(path);
	buf_free(&b);
	json_free(&tree);
	return done;
}

static void hold(struct demo *d)
{
	struct cli *c = d->c;
	struct sigaction a = {.sa_handler = on_stop};
	struct timespec nap = {.tv_nsec = 200 * 1000 * 1000};
	char own[HOME_PATH], example[HOME_PATH];

	sigaction(SIGINT, &a, NULL);
	sigaction(SIGTERM, &a, NULL);
	sigaction(SIGHUP, &a, NULL);
	cli_say(c, " ");
	own_path(own);
	cli_say(c, "练习平台在运行（%s），按 Ctrl-C 结束。另开一个终端，逐行粘贴：",
		d->p.connect_to);
	cli_say(c, "  export KAIPIAO_HOME='%s'", c->home);
	if (write_example(d, example))
		cli_say(c, "  '%s' blue issue '%s'", own, example);
	cli_say(c, "  '%s' invoices list", own);
	cli_say(c, "  # 制造故障：下一次上传收不到应答");
	cli_say(c, "  curl -d '{\"drop_reply\":{\"service\":\"QDFPSC\",\"times\":1}}' '%s/faults'",
		d->p.control);
	cli_say(c, "  '%s' sync --once", own);
	cli_document_close(c);
	cli_flush(c);
	/* The platform keeps the home usable for others meanwhile; ours is closed. */
	desk_close(&c->s);
	while (!stop_holding && waitpid(d->p.pid, NULL, WNOHANG) == 0)
		nanosleep(&nap, NULL);
	if (!stop_holding)
		d->p.pid = 0; /* it ended by itself */
}

/* ---- the workstation ---- */

static cli_workstation workstation;

void cli_set_workstation(cli_workstation open)
{
	workstation = open;
}

static bool wants_screen(const struct cli *c)
{
	return workstation && !c->json && !cli_flag(c, "headless") && !cli_flag(c, "hold") &&
	       (getenv("KAIPIAO_SCRIPT") || (isatty(STDIN_FILENO) && isatty(STDOUT_FILENO)));
}

/* The platform runs as long as the screen is open. */
static enum err open_screen(struct demo *d)
{
	struct cli *c = d->c;
	char unit[sizeof(d->p.using.tax_no)];

	text_copy(unit, sizeof(unit), d->p.using.tax_no);
	desk_close(&c->s);
	/* What went wrong there has been said there: only the code is left. */
	return (enum err)workstation(c->home, c->user, unit);
}

static enum err run(struct demo *d)
{
	struct cli *c = d->c;
	char state[HOME_PATH];
	enum err r;

	if ((r = demo_prepare_home(d)) || (r = demo_quick_params(d)) ||
	    (r = home_path(c->home, HOME_PRACTICE, state, &c->e)))
		return r;
	cli_say(c, "练习主目录 %s", c->home);
	if ((r = platform_start(&d->p, state, d->screen || cli_flag(c, "hold"), &c->e)))
		return r;
	step(d, "练习平台已启动，接入直连单位和使用单位");
	if ((r = demo_prepare_units(d)))
		return r;
	step(d, "领购号码，下载额度");
	if ((r = demo_fill_stock(d)) || (r = demo_fill_quota(d)))
		return r;
	step(d, "开具样例发票");
	return issue_samples(d);
}

enum err verb_demo(struct cli *c)
{
	struct demo d = {.c = c, .screen = wants_screen(c)};
	enum err r;

	c->no_wait = false; /* each step stands on the one before */
	r = run(&d);

	if (!r && cli_flag(c, "hold"))
		hold(&d);
	else if (!r && d.screen)
		r = open_screen(&d);
	platform_stop(&d.p);
	return r;
}

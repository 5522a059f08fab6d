/* v_orders.c - running batches, and `blue issue`, `check`, `draft` of files read as one. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/batch_p.h"
#include "cli/issue_p.h"
#include "cli/watch_p.h"

enum { PEEK = 4096, PAGE = 500, NAP_MS = 100 };

/* ---- running ---- */

struct drive {
	struct cli *c;
	struct batch_runner *runner; /* NULL: another process is it */
	int64_t batch;               /* 0: whatever runs */
};

/* *done: nothing of the batch is on its way any more; *runs: the runner has to do with it. */
static enum err look(const struct drive *d, bool *done, bool *runs, struct err_info *e)
{
	struct order_batch b;
	enum err r = ERR_OK;

	*done = false;
	*runs = true;
	if (d->batch && !(r = desk_batch_get(d->c->s, d->batch, &b, e))) {
		*runs = b.state == BATCH_RUNNING;
		*done = !*runs && !b.counts[ORDER_TAKEN];
	}
	return r;
}

/* Steps until there is nothing to do but to wait. */
static enum err do_steps(struct drive *d, bool *rest, struct err_info *e)
{
	struct batch_step step = {.turn = TURN_MORE};
	bool runs;
	enum err r = look(d, rest, &runs, e);

	while (!r && runs && d->runner && step.turn == TURN_MORE) {
		if (!(r = desk_runner_step(d->runner, &step, e)))
			r = look(d, rest, &runs, e);
	}
	/* Whatever runs: nothing does, or another process does it. */
	if (!d->batch)
		*rest |= !d->runner || step.turn == TURN_IDLE;
	return r;
}

static enum err take_runner(struct drive *d, struct err_info *e)
{
	enum err r = d->runner ? ERR_OK : desk_runner_open(d->c->home, &d->runner, e);

	return err_not_busy(r, e);
}

/* Somebody writes for long, e.g. a file of very many orders: that is no reason to give up. */
static enum err try_steps(struct drive *d, bool *rest, struct err_info *e)
{
	enum err r = do_steps(d, rest, e);

	if (r == ERR_BUSY)
		*rest = false;
	return err_not_busy(r, e);
}

/* Shape of sync_settled: the runner's steps are made between the engine's, which stays open. */
static enum err moved(void *arg, struct db *db, bool *done, struct err_info *e)
{
	struct drive *d = arg;
	bool runs, more = false;
	enum err r = look(d, done, &runs, e);

	if (r || *done || !runs || !d->runner || (r = desk_runner_moved(d->runner, db, &more, e)))
		return r;
	return more ? try_steps(d, done, e) : ERR_OK;
}

enum err cli_batch_drive(struct cli *c, int64_t batch, struct sync_summary *sum)
{
	struct drive d = {.c = c, .batch = batch};
	int64_t deadline = clock_mono_ms() + c->timeout_ms;
	bool rest = false, wanted = true;
	enum err r = batch ? ERR_OK : desk_runner_wanted(c->s->db, &wanted, &c->e);

	while (!r && wanted && !c->no_wait) {
		int64_t left = deadline - clock_mono_ms();

		if (left <= 0 || (r = take_runner(&d, &c->e)) ||
		    (r = try_steps(&d, &rest, &c->e)) || rest)
			break;
		/* Whoever else is the runner may die: look again now and then. */
		if (!d.runner && left > NAP_MS)
			left = NAP_MS;
		r = sync_until_counting(c->home, c->s->db, left, moved, &d, sum, &c->e);
		if (r == ERR_UNKNOWN) {
			err_clear(&c->e);
			r = ERR_OK;
		}
	}
	desk_runner_close(&d.runner);
	return r;
}

/* ---- which way a file goes ---- */

static bool is_json(const char *s, ssize_t n)
{
	ssize_t i = n >= 3 && !memcmp(s, "\xEF\xBB\xBF", 3) ? 3 : 0;

	while (i < n && strchr(" \t\r\n", s[i]))
		i++;
	return i >= n || s[i] == '{' || s[i] == '[';
}

static enum err read_json(struct cli *c, const char *name, int fd, int64_t size,
			  struct invoice_set *set)
{
	char *data = mem_alloc((size_t)size + 1);
	ssize_t got = file_read_at(fd, data, (size_t)size, 0);
	enum err r = got < 0 ? err_fail(&c->e, ERR_DAMAGED, "file.read", name, "不能读取") : ERR_OK;

	if (!r) {
		data[got] = 0;
		r = desk_invoices_parse(name, data, (size_t)got, set, &c->e);
	}
	free(data);
	return r;
}

enum err cli_orders_open(struct cli *c, const char *path, struct invoice_set *set, int *fd)
{
	const char *name = strcmp(path, "-") ? path : "标准输入";
	char head[PEEK];
	int64_t size;
	ssize_t got;
	enum err r;

	*set = (struct invoice_set) {0};
	if ((r = file_open(path, INT64_MAX, fd, &size, &c->e)))
		return r;
	got = file_read_at(*fd, head, PEEK, 0);
	if (got < 0 || !is_json(head, got) || size > INVOICE_FILE_MAX)
		return ERR_OK;
	r = read_json(c, name, *fd, size, set);
	if (r && !strcmp(c->e.code, "json.count") && got && memchr(head, '{', (size_t)got)) {
		err_clear(&c->e);
		return ERR_OK;
	}
	/* Standard input is not ours to close. */
	if (*fd != STDIN_FILENO)
		close(*fd);
	*fd = -1;
	return r;
}

/* ---- blue check ---- */

static enum err read_orders(struct cli *c, struct batch_options *o, struct batch_report *report)
{
	struct import_progress p = {0};
	struct watch w;
	enum err r;

	if (o->fd == STDIN_FILENO)
		o->fd = dup(o->fd);
	cli_watch_begin(&w, "批量开票", &p);
	r = desk_batch_read(c->s, o, &p, report, &c->e);
	cli_watch_end(&w);
	return r;
}

static void add_faults(struct grid *g, const struct batch_report *report)
{
	char place[IMPORT_PLACE];
	size_t i;

	for (i = 0; i < report->fault_count; i++) {
		const struct batch_fault *f = &report->faults[i];

		cli_grid_int(g, f->seq);
		cli_grid_text(g, f->order_no);
		cli_grid_text(g, f->warning ? "warning" : "error");
		cli_grid_text(g, f->warning ? "提醒" : "错误");
		cli_grid_text(g, "batch.order");
		cli_grid_text(g, f->column);
		cli_grid_textf(g, "%s：%s", batch_fault_place(f, place), f->text);
	}
}

enum err cli_orders_check(struct cli *c, const char *path, int fd)
{
	struct batch_options o = {.file = path,
				  .failures = "",
				  .dry_run = true,
				  .confirmed = cli_flag(c, "confirmed"),
				  .fd = fd};
	struct batch_report report;
	struct json_out j;
	struct grid g;
	enum err r = read_orders(c, &o, &report);

	if (r)
		return r;
	cli_grid_init(&g, &shape_findings);
	add_faults(&g, &report);
	if (c->json) {
		cli_document(c, &j);
		json_put_int(&j, "total", report.fault_total + report.warned);
		cli_grid_put_rows(&j, "rows", &g);
		json_put(&j, "next", NULL);
		json_put_int(&j, "invoices", report.orders - report.stray);
		cli_document_end(c, &j);
	} else {
		if (cli_grid_rows(&g))
			cli_grid_table(c, &g);
		cli_say(c, "共 %lld 张，%lld 张不能开具", (long long)(report.orders - report.stray),
			(long long)(report.bad - report.stray));
		if (report.stray)
			cli_say(c, "另有 %lld 组明细或附加要素找不到发票", (long long)report.stray);
	}
	if (report.bad) {
		r = err_fail(&c->e, ERR_INVALID, "batch.failed", "发票文件",
			     report.bad == report.stray ? "%lld 组明细或附加要素找不到发票"
							: "%lld 张有问题",
			     (long long)(report.bad == report.stray ? report.stray
								    : report.bad - report.stray));
		err_hint(&c->e, "请改好后重试");
	}
	cli_grid_free(&g);
	batch_report_free(&report);
	return r;
}

/* ---- blue draft ---- */

static void say_failures(struct cli *c, struct batch_report *report)
{
	if (strcmp(c->e.code, "batch.failed") != 0)
		return;
	if (*report->failures)
		cli_say(c, "有问题的发票和原因：%s", report->failures);
	batch_report_free(report);
}

enum err cli_orders_draft(struct cli *c, const char *path, int fd, struct invoice_set *set)
{
	struct batch_options o = {.file = path, .drafts = set, .fd = fd};
	struct batch_report report;
	enum err r = read_orders(c, &o, &report);

	if (r)
		say_failures(c, &report);
	else
		batch_report_free(&report);
	return r;
}

/* ---- blue issue ---- */

struct printing {
	struct cli *c;
	struct issue_report *report;
	const struct order_batch *batch;
};

/* One that has no invoice: a rule was against it when it was its turn, or it waits. */
static void add_without(struct printing *p, const struct batch_order *o)
{
	struct grid *g = &p->report->rows;
	bool failed = o->state == ORDER_FAILED;

	cli_grid_text(g, o->order_no);
	cli_grid_text(g, invoice_kind_word(o->kind));
	cli_grid_text(g, invoice_kind_label(o->kind));
	cli_grid_text(g, o->buyer_name);
	cli_grid_fen(g, o->gross);
	cli_grid_text(g, "");
	cli_grid_text(g, failed ? "failed" : "draft");
	cli_grid_text(g, order_state_label(o->state));
	cli_grid_bool(g, false);
	cli_grid_text(g, *o->reason ? o->reason : p->batch->reason);
	p->report->total++;
	if (failed && desk_worse(p->report->worst, ERR_INVALID) == ERR_INVALID) {
		p->report->worst = ERR_INVALID;
		text_copy(p->report->first, sizeof(p->report->first), o->reason);
		text_copy(p->report->first_no, sizeof(p->report->first_no), o->order_no);
	}
}

static enum err add_order(void *arg, const struct batch_order *o)
{
	struct printing *p = arg;

	if (!o->invoice_id) {
		add_without(p, o);
		return ERR_OK;
	}
	return issue_report_add(p->c, p->report, o->invoice_id, o->state == ORDER_REPEAT,
				o->reason);
}

static enum err add_orders(struct printing *p)
{
	struct batch_order_query q = {.batch = p->batch->id, .limit = PAGE};
	int64_t next = 0, total;
	bool at_least;
	enum err r;

	do {
		r = desk_batch_orders(p->c->s, &q, add_order, p, &next, &total, &at_least,
				      &p->c->e);
		q.cursor = next;
	} while (!r && next);
	return r;
}

/* Whatever became of it, the numbers that are taken must be named. */
static enum err print_results(struct cli *c, int64_t batch)
{
	struct issue_report report;
	struct order_batch b;
	struct printing p = {.c = c, .report = &report, .batch = &b};
	struct err_info before = c->e;
	enum err r;

	issue_report_init(&report);
	if (!(r = desk_batch_get(c->s, batch, &b, &c->e)) && !(r = add_orders(&p)))
		r = issue_report_print(c, &report);
	issue_report_free(&report);
	if (before.class) {
		c->e = before;
		return before.class;
	}
	if (!r && b.state == BATCH_PAUSED) {
		r = err_fail(&c->e, ERR_INVALID, "batch.paused", "批量开票", "已暂停：%s",
			     b.reason);
		err_hint(&c->e, "%s；之后运行 kaipiao batch resume %lld", b.mend, (long long)b.id);
	} else if (!r && b.state == BATCH_RUNNING) {
		r = err_fail(&c->e, ERR_UNKNOWN, "batch.pending", "批量开票",
			     "还有 %lld 张没有结果",
			     (long long)(b.counts[ORDER_READY] + b.counts[ORDER_TAKEN]));
		err_hint(&c->e,
			 "已记录；用 kaipiao batch show %lld 查看，或运行 kaipiao sync --once",
			 (long long)b.id);
	}
	return r;
}

enum err cli_orders_issue(struct cli *c, const char *path, int fd)
{
	struct batch_options o = {.file = path,
				  .strict = true,
				  .whole = true,
				  .confirmed = cli_flag(c, "confirmed"),
				  .fd = fd};
	struct batch_report report;
	int64_t batch;
	enum err r = read_orders(c, &o, &report);

	if (r) {
		say_failures(c, &report);
		return r;
	}
	batch = report.batch;
	/* All of them repeats: there is nothing to start. */
	if (report.ready && !(r = desk_batch_start(c->s, batch, WORD_AGAIN, &c->e)))
		r = cli_batch_drive(c, batch, NULL);
	batch_report_free(&report);
	return print_results(c, batch);
}

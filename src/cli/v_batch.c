/* v_batch.c - 批量开票: list, show, start, pause, cancel, result, template. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/batch_p.h"

/* ---- shapes ---- */

static const struct column BATCH[] = {
    {"id", "批次", COLUMN_NUMBER, 0},
    {"created_at", "导入时间", COLUMN_TIME, 0},
    {"file", "文件", COLUMN_TEXT, 0},
    {"state", "状态", COLUMN_TEXT, FOR_JSON},
    {"state_text", "状态", COLUMN_TEXT, FOR_BOTH},
    {"orders", "张数", COLUMN_NUMBER, 0},
    {"ready", "待开", COLUMN_NUMBER, 0},
    {"taken", "开票中", COLUMN_NUMBER, 0},
    {"issued", "成功", COLUMN_NUMBER, 0},
    {"failed", "失败", COLUMN_NUMBER, 0},
    {"bad", "有问题", COLUMN_NUMBER, 0},
    {"repeats", "已开过", COLUMN_NUMBER, 0},
    {"skipped", "不开", COLUMN_NUMBER, 0},
    {"gross", "价税合计", COLUMN_MONEY, 0},
    {"reason", "原因", COLUMN_OPTIONAL, 0},
    {"hint", "处理", COLUMN_OPTIONAL, FOR_JSON},
    {"strict", "全部没有问题才开", COLUMN_BOOL, FOR_JSON},
    {"lines", "明细行数", COLUMN_NUMBER, FOR_JSON},
    {"net", "金额", COLUMN_MONEY, FOR_JSON},
    {"tax", "税额", COLUMN_MONEY, FOR_JSON},
    {"sha256", "文件摘要", COLUMN_TEXT, FOR_JSON},
    {"started_at", "开始时间", COLUMN_TIME, FOR_JSON},
    {"finished_at", "完成时间", COLUMN_TIME, FOR_JSON},
    {NULL, NULL, COLUMN_TEXT, 0},
};
const struct shape shape_batches = {"batch list, start, pause, resume, cancel; batch show", BATCH};

static const struct column PLAN[] = {
    {"orders", "将开张数", COLUMN_NUMBER, 0},
    {"lines", "明细行数", COLUMN_NUMBER, 0},
    {"net", "金额", COLUMN_MONEY, 0},
    {"tax", "税额", COLUMN_MONEY, 0},
    {"gross", "价税合计", COLUMN_MONEY, 0},
    {"quota_needed", "需要额度", COLUMN_MONEY, 0},
    {"quota_there", "可用额度", COLUMN_MONEY, 0},
    {"quota_more", "税局还能下载的额度", COLUMN_OPTIONAL, 0},
    {"numbers_needed", "需要号码", COLUMN_NUMBER, 0},
    {"numbers_there", "库存号码", COLUMN_NUMBER, 0},
    {"numbers_auto", "自动领购", COLUMN_BOOL, FOR_JSON},
    {"quota_auto", "自动下载额度", COLUMN_BOOL, FOR_JSON},
    {"lack", "不够的", COLUMN_OPTIONAL, 0},
    {"lack_hint", "补足", COLUMN_OPTIONAL, 0},
    {"blocked", "不能开始的原因", COLUMN_OPTIONAL, 0},
    {"hint", "处理", COLUMN_OPTIONAL, 0},
    {NULL, NULL, COLUMN_TEXT, 0},
};
const struct shape shape_batch_plan = {"batch show: plan", PLAN};

static const struct column ORDERS[] = {
    {"seq", "序号", COLUMN_NUMBER, 0},
    {"row", "行号", COLUMN_NUMBER, FOR_JSON},
    {"order_no", "流水号", COLUMN_OPTIONAL, 0},
    {"kind", "票种", COLUMN_TEXT, FOR_JSON},
    {"buyer", "购方", COLUMN_TEXT, 0},
    {"buyer_tax_no", "购方税号", COLUMN_OPTIONAL, FOR_JSON},
    {"lines", "行数", COLUMN_NUMBER, FOR_JSON},
    {"net", "金额", COLUMN_MONEY, FOR_JSON},
    {"tax", "税额", COLUMN_MONEY, FOR_JSON},
    {"gross", "价税合计", COLUMN_MONEY, 0},
    {"state", "状态", COLUMN_TEXT, FOR_JSON},
    {"state_text", "状态", COLUMN_TEXT, FOR_BOTH},
    {"number", "号码", COLUMN_OPTIONAL, 0},
    {"issued_at", "开票日期", COLUMN_OPTIONAL, FOR_JSON},
    {"reason", "原因", COLUMN_OPTIONAL, 0},
    {NULL, NULL, COLUMN_TEXT, 0},
};
const struct shape shape_batch_orders = {"batch show: rows[]", ORDERS};

static enum err add_batch(void *arg, const struct order_batch *b)
{
	struct grid *g = arg;

	cli_grid_int(g, b->id);
	cli_grid_time(g, b->created_at);
	cli_grid_text(g, b->file);
	cli_grid_text(g, batch_state_word(b->state));
	cli_grid_text(g, batch_state_label(b->state));
	cli_grid_int(g, b->orders);
	cli_grid_int(g, b->counts[ORDER_READY]);
	cli_grid_int(g, b->counts[ORDER_TAKEN]);
	cli_grid_int(g, b->counts[ORDER_ISSUED]);
	cli_grid_int(g, b->counts[ORDER_FAILED]);
	cli_grid_int(g, b->counts[ORDER_BAD]);
	cli_grid_int(g, b->counts[ORDER_REPEAT]);
	cli_grid_int(g, b->counts[ORDER_SKIPPED]);
	cli_grid_fen(g, b->gross);
	cli_grid_text(g, b->reason);
	cli_grid_text(g, b->mend);
	cli_grid_bool(g, b->strict);
	cli_grid_int(g, b->lines);
	cli_grid_fen(g, b->net);
	cli_grid_fen(g, b->tax);
	cli_grid_text(g, b->sha256);
	cli_grid_time(g, b->started_at);
	cli_grid_time(g, b->finished_at);
	return ERR_OK;
}

static enum err add_order(void *arg, const struct batch_order *o)
{
	struct grid *g = arg;

	cli_grid_int(g, o->seq);
	cli_grid_int(g, o->row);
	cli_grid_text(g, o->order_no);
	cli_grid_text(g, invoice_kind_word(o->kind));
	cli_grid_text(g, o->buyer_name);
	cli_grid_text(g, o->buyer_tax_no);
	cli_grid_int(g, o->lines);
	cli_grid_fen(g, o->net);
	cli_grid_fen(g, o->tax);
	cli_grid_fen(g, o->gross);
	cli_grid_text(g, order_state_word(o->state));
	cli_grid_text(g, order_state_label(o->state));
	cli_grid_text(g, o->number);
	cli_grid_text(g, o->issued_at);
	cli_grid_text(g, o->reason);
	return ERR_OK;
}

/* ---- list, show ---- */

static enum err batch_no(struct cli *c, int64_t *out)
{
	char *end;
	long long v = strtoll(c->args[0], &end, 10);

	if (*end || v <= 0)
		return cli_usage(c, "批次是一个编号，用 kaipiao batch list 查看");
	*out = v;
	return ERR_OK;
}

static enum err fill_batches(struct cli_list *l)
{
	struct cli *c = l->c;
	struct batch_query q = {.limit = l->limit, .cursor = l->cursor};
	const char *word = cli_option(c, "state");
	enum batch_state state;

	if (word && batch_state_parse(word, &state))
		q.state = &state;
	return desk_batch_list(c->s, &q, add_batch, &l->grid, &l->next, &l->total, &c->e);
}

enum err verb_batch_list(struct cli *c)
{
	return cli_list(c, &shape_batches, TOTAL_TOLD, fill_batches);
}

static void fill_plan(struct grid *g, const struct batch_plan *p)
{
	char more[FEN_TEXT] = "";

	if (p->quota_more >= 0)
		fen_format(p->quota_more, more);
	cli_grid_init(g, &shape_batch_plan);
	cli_grid_int(g, p->orders);
	cli_grid_int(g, p->lines);
	cli_grid_fen(g, p->net);
	cli_grid_fen(g, p->tax);
	cli_grid_fen(g, p->gross);
	cli_grid_fen(g, p->quota_needed);
	cli_grid_fen(g, p->quota_there);
	cli_grid_text(g, more);
	cli_grid_int(g, p->numbers_needed);
	cli_grid_int(g, p->numbers_there);
	cli_grid_bool(g, p->numbers_auto);
	cli_grid_bool(g, p->quota_auto);
	cli_grid_text(g, p->lack);
	cli_grid_text(g, p->lack_mend);
	cli_grid_text(g, p->blocked);
	cli_grid_text(g, p->mend);
}

struct shown {
	struct grid batch, plan, orders;
	int64_t next, total;
	bool at_least, planned;
};

static void print_shown(struct cli *c, const struct shown *v)
{
	char cursor[24];
	struct json_out o;

	if (!c->json) {
		cli_grid_print_one(c, &v->batch);
		if (v->planned)
			cli_grid_print_one(c, &v->plan);
		if (cli_grid_rows(&v->orders))
			cli_grid_print_page(c, &v->orders, v->total, v->at_least,
					    cursor_text(v->next, cursor));
		return;
	}
	cli_document(c, &o);
	cli_grid_put_members(&o, &v->batch, 0);
	if (v->planned) {
		json_open(&o, "plan", '{');
		cli_grid_put_members(&o, &v->plan, 0);
		json_close(&o, '}');
	}
	json_put_int(&o, "total", v->total);
	if (v->at_least)
		json_put_bool(&o, "at_least", true);
	cli_grid_put_rows(&o, "rows", &v->orders);
	json_put(&o, "next", v->next ? cursor_text(v->next, cursor) : NULL);
	cli_document_end(c, &o);
}

static enum err show(struct cli *c, const struct batch_order_query *q)
{
	struct shown v = {.next = 0};
	struct order_batch b;
	struct batch_plan p;
	enum err r = desk_batch_get(c->s, q->batch, &b, &c->e);

	if (r)
		return r;
	v.planned = b.state == BATCH_CHECKED || b.state == BATCH_PAUSED;
	cli_grid_init(&v.batch, &shape_batches);
	cli_grid_init(&v.orders, &shape_batch_orders);
	add_batch(&v.batch, &b);
	if (v.planned && !(r = desk_batch_plan(c->s, b.id, &p, &c->e)))
		fill_plan(&v.plan, &p);
	if (!r)
		r = desk_batch_orders(c->s, q, add_order, &v.orders, &v.next, &v.total, &v.at_least,
				      &c->e);
	if (!r)
		print_shown(c, &v);
	cli_grid_free(&v.batch);
	cli_grid_free(&v.orders);
	cli_grid_free(&v.plan);
	return r;
}

enum err verb_batch_show(struct cli *c)
{
	struct batch_order_query q = {.text = cli_option(c, "find")};
	const char *word = cli_flag(c, "bad") ? "bad" : cli_option(c, "state");
	enum order_state state;
	enum err r;

	if ((r = batch_no(c, &q.batch)) || (r = cli_paging(c, &q.limit, &q.cursor)))
		return r;
	if (word && order_state_parse(word, &state))
		q.state = &state;
	return show(c, &q);
}

/* ---- start, pause, cancel ---- */

static enum err print_batch(struct cli *c, int64_t id, struct order_batch *b)
{
	struct grid g;
	enum err r = desk_batch_get(c->s, id, b, &c->e);

	if (r)
		return r;
	cli_grid_init(&g, &shape_batches);
	add_batch(&g, b);
	cli_one(c, &g);
	return ERR_OK;
}

static enum err how_it_ended(struct cli *c, const struct order_batch *b)
{
	long long id = b->id;
	enum err r;

	switch (b->state) {
	case BATCH_PAUSED:
		r = err_fail(&c->e, ERR_INVALID, "batch.paused", "批量开票", "批次 %lld 已暂停：%s",
			     id, b->reason);
		err_hint(&c->e, "%s", b->mend);
		return r;
	case BATCH_RUNNING:
		r = err_fail(&c->e, ERR_UNKNOWN, "batch.pending", "批量开票",
			     "批次 %lld 还有 %lld 张没有结果", id,
			     (long long)(b->counts[ORDER_READY] + b->counts[ORDER_TAKEN]));
		err_hint(&c->e, "工作站和 kaipiao sync 会继续；用 kaipiao batch show %lld 查看",
			 id);
		return r;
	case BATCH_DONE:
	case BATCH_CHECKED:
	case BATCH_CANCELLED:
		break;
	}
	if (!b->counts[ORDER_FAILED])
		return ERR_OK;
	r = err_fail(&c->e, ERR_REFUSED, "batch.refused", "批量开票", "%lld 张成功，%lld 张失败",
		     (long long)b->counts[ORDER_ISSUED], (long long)b->counts[ORDER_FAILED]);
	err_hint(&c->e, "用 kaipiao batch show %lld --state failed 查看原因", id);
	return r;
}

enum err verb_batch_start(struct cli *c)
{
	struct order_batch b;
	unsigned words = (cli_flag(c, "after-restore") ? WORD_RESTORED : 0u) |
			 (cli_flag(c, "again") ? WORD_AGAIN : 0u);
	int64_t id = 0;
	enum err r;

	if ((r = batch_no(c, &id)) || (r = desk_batch_start(c->s, id, words, &c->e)))
		return r;
	if ((r = cli_batch_drive(c, id, NULL)))
		return r;
	if ((r = print_batch(c, id, &b)))
		return r;
	return c->no_wait ? ERR_OK : how_it_ended(c, &b);
}

static enum err change(struct cli *c,
		       enum err (*f)(struct session *s, int64_t batch, struct err_info *e))
{
	struct order_batch b;
	int64_t id = 0;
	enum err r;

	if ((r = batch_no(c, &id)) || (r = f(c->s, id, &c->e)))
		return r;
	return print_batch(c, id, &b);
}

enum err verb_batch_pause(struct cli *c)
{
	return change(c, desk_batch_pause);
}

enum err verb_batch_cancel(struct cli *c)
{
	return change(c, desk_batch_cancel);
}

static enum err skip(struct cli *c, bool out)
{
	int64_t id = 0, seqs[CLI_ARGS];
	struct batch_skipped done;
	struct order_batch b;
	int i, n = 0;
	enum err r = batch_no(c, &id);

	for (i = 1; i < c->argc && !r; i++) {
		char *end;

		seqs[n++] = strtoll(c->args[i], &end, 10);
		if (*end || seqs[n - 1] <= 0)
			r = cli_usage(c, "序号见 kaipiao batch show");
	}
	if (r || (r = desk_batch_skip(c->s, id, seqs, (size_t)n, out, &done, &c->e)) ||
	    (r = print_batch(c, id, &b)) || !done.refused)
		return r;
	err_fail(&c->e, ERR_INVALID, "batch.order", "批量开票", "%zu 张没有动：%s", done.refused,
		 done.why);
	err_hint(&c->e, "其余的已经改好");
	return ERR_INVALID;
}

enum err verb_batch_skip(struct cli *c)
{
	return skip(c, true);
}

enum err verb_batch_unskip(struct cli *c)
{
	return skip(c, false);
}

/* ---- 合并 ---- */

static enum err print_merged(struct cli *c, const struct invoice *whole, int64_t into, bool dry,
			     const struct merge_told *told)
{
	struct json_out o;
	struct grid g;

	cli_grid_init(&g, &shape_parts);
	cli_grid_text(&g, whole->order_no);
	cli_grid_int(&g, (int64_t)whole->line_count);
	cli_grid_fen(&g, whole->net_fen);
	cli_grid_fen(&g, whole->tax_fen);
	cli_grid_fen(&g, whole->gross_fen);
	if (c->json) {
		cli_document(c, &o);
		json_put_bool(&o, "dry_run", dry);
		json_put_int(&o, "into", into);
		json_put_int(&o, "added_up", (int64_t)told->added);
		cli_grid_put_rows(&o, "parts", &g);
		cli_document_end(c, &o);
	} else {
		cli_grid_table(c, &g);
		cli_say(c,
			dry ? "合并成第 %lld 张；没有保存" : "已合并成第 %lld 张，别的不再单独开",
			(long long)into);
	}
	cli_say_merged(c, told);
	cli_grid_free(&g);
	return ERR_OK;
}

enum err verb_batch_merge(struct cli *c)
{
	const struct merge_options o = {.add_up = cli_flag(c, "add-up"),
					.order_no = cli_option(c, "order-no")};
	int64_t id = 0, seqs[CLI_ARGS];
	struct merge_told told;
	struct invoice whole;
	bool dry = cli_flag(c, "dry-run");
	size_t n = 0;
	enum err r = batch_no(c, &id);

	for (int i = 1; i < c->argc && !r; i++)
		r = desk_batch_find(c->s, id, c->args[i], &seqs[n++], &c->e);
	if (r || (r = desk_batch_merge_plan(c->s, id, seqs, n, &o, &whole, &told, &c->e)))
		return r;
	if (dry || !(r = desk_batch_merge(c->s, id, seqs, n, &o, &told, &c->e)))
		r = print_merged(c, &whole, seqs[0], dry, &told);
	invoice_free(&whole);
	return r;
}

/* ---- result, template ---- */

enum err verb_batch_result(struct cli *c)
{
	struct cli_output out;
	int64_t id = 0, rows = 0;
	enum err r;

	if ((r = batch_no(c, &id)) || (r = cli_output(c, "批量开票结果", &out)))
		return r;
	if ((r = desk_batch_result(c->s, id, out.path, out.format, cli_flag(c, "replace"), &rows,
				   &c->e)))
		return r;
	cli_print_written(c, out.path, rows);
	return ERR_OK;
}

enum err verb_batch_template(struct cli *c)
{
	struct cli_output out;
	enum err r = cli_output(c, "批量开票模板", &out);

	if (r ||
	    (r = desk_batch_template(c->s, out.path, out.format, cli_flag(c, "replace"), &c->e)))
		return r;
	cli_print_written(c, out.path, 0);
	return ERR_OK;
}

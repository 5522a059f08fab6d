/* v_drafts.c - 草稿: list, show, remove, issue; 合并, 拆分 and taking them back. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli_p.h"
#include "cli/issue_p.h"

/* ---- list ---- */

static const struct column LIST[] = {
    {"no", "编号", COLUMN_TEXT, 0},
    {"source", "来源", COLUMN_TEXT, FOR_JSON},
    {"source_text", "来源", COLUMN_TEXT, FOR_PEOPLE},
    {"order_no", "订单号", COLUMN_OPTIONAL, 0},
    {"title", "内容", COLUMN_TEXT, 0},
    {"gross", "价税合计", COLUMN_MONEY, 0},
    {"owner", "谁的", COLUMN_TEXT, 0},
    {"at", "时间", COLUMN_TIME, 0},
    {NULL, NULL, COLUMN_TEXT, 0},
};
const struct shape shape_draft_list = {"drafts list: rows[]", LIST};

/* Forms have ids of their own: "f3"; a stored draft is "#3", as everywhere. */
static enum err add_row(void *arg, const struct draft_row *r)
{
	struct grid *g = arg;

	cli_grid_textf(g, r->source == DRAFT_TYPED ? "f%lld" : "#%lld", (long long)r->id);
	cli_grid_text(g, draft_source_word(r->source));
	cli_grid_text(g, draft_source_label(r->source));
	cli_grid_text(g, r->order_no);
	cli_grid_text(g, r->title);
	if (r->no_gross)
		cli_grid_text(g, "");
	else
		cli_grid_fen(g, r->gross);
	cli_grid_text(g, r->owner);
	cli_grid_time(g, r->at);
	return ERR_OK;
}

static void print_list(struct cli *c, const struct grid *g, const char *next)
{
	struct json_out o;

	if (!c->json) {
		cli_grid_table(c, g);
		if (*next)
			cli_say(c, "还有，用 --cursor %s 继续", next);
		return;
	}
	cli_document(c, &o);
	cli_grid_put_rows(&o, "rows", g);
	json_put(&o, "next", *next ? next : NULL);
	cli_document_end(c, &o);
}

enum err verb_drafts_list(struct cli *c)
{
	struct draft_filter f = {.text = cli_option(c, "find"),
				 .mine = cli_flag(c, "mine"),
				 .cursor = cli_option(c, "cursor")};
	int64_t limit = LIST_DEFAULT;
	struct grid g;
	char next[64];
	enum err r = cli_int_option(c, "limit", 1, LIST_MAX, &limit);

	if (r)
		return r;
	f.limit = (int)limit;
	cli_grid_init(&g, &shape_draft_list);
	if (!(r = desk_draft_list(c->s, &f, add_row, &g, next, &c->e)))
		print_list(c, &g, next);
	cli_grid_free(&g);
	return r;
}

/* ---- names of drafts ---- */

/* "f3": the form; else a stored draft by "#3" or its order number. */
static enum err ref_of(struct cli *c, const char *no, struct draft_ref *out)
{
	struct invoice_record r;
	enum err rc;

	*out = (struct draft_ref) {.draft = 0};
	if (no[0] == 'f' && text_all_digits(no + 1)) {
		out->form = strtoll(no + 1, NULL, 10);
		return ERR_OK;
	}
	if ((rc = desk_draft_get(c->s, no, &r, &c->e)))
		return rc;
	out->draft = r.id;
	invoice_record_free(&r);
	return ERR_OK;
}

static enum err stored_ref(struct cli *c, const char *no, struct draft_ref *out)
{
	enum err r = ref_of(c, no, out);

	if (r || !out->form)
		return r;
	err_fail(&c->e, ERR_INVALID, "draft.form", "草稿", "%s 还在工作站里填写", no);
	err_hint(&c->e, "请在工作站的草稿里合并、拆分");
	return ERR_INVALID;
}

static void put_removed(struct cli *c)
{
	struct json_out o;
	int i;

	if (!c->json) {
		cli_say(c, "已删除 %d 张草稿", c->argc);
		return;
	}
	cli_document(c, &o);
	json_open(&o, "removed", '[');
	for (i = 0; i < c->argc; i++)
		json_put(&o, NULL, c->args[i]);
	json_close(&o, ']');
	cli_document_end(c, &o);
}

enum err verb_drafts_remove(struct cli *c)
{
	struct draft_ref ref;
	enum err r = ERR_OK;
	int i;

	for (i = 0; i < c->argc && !r; i++) {
		if ((r = ref_of(c, c->args[i], &ref)))
			break;
		r = ref.form ? desk_form_delete(c->s, ref.form, &c->e)
			     : desk_draft_delete(c->s, ref.draft, &c->e);
	}
	if (!r)
		put_removed(c);
	return r;
}

enum err verb_drafts_undo(struct cli *c)
{
	struct draft_ref ref;
	struct json_out o;
	size_t n = 0;
	enum err r = stored_ref(c, c->args[0], &ref);

	if (r || (r = desk_draft_undo(c->s, ref.draft, &n, &c->e)))
		return r;
	cli_say(c, "已撤销，恢复了原来的 %zu 张草稿", n);
	if (c->json) {
		cli_document(c, &o);
		json_put_int(&o, "restored", (int64_t)n);
		cli_document_end(c, &o);
	}
	return ERR_OK;
}

/* ---- issuing ---- */

/* What is stale is fetched for all of them first. */
static enum err refresh(struct cli *c)
{
	struct invoice_set set = {.items = mem_zalloc((size_t)c->argc * sizeof(*set.items))};
	struct err_info trouble;
	enum err r = ERR_OK;
	int i;

	for (i = 0; i < c->argc && !r; i++) {
		struct invoice_record rec;

		if ((r = desk_draft_get(c->s, c->args[i], &rec, &c->e)))
			break;
		if (rec.state == INVOICE_DRAFT)
			invoice_copy(&set.items[set.n++], &rec.invoice);
		invoice_record_free(&rec);
	}
	if (!r && set.n)
		r = issue_refresh(c, &set, NULL, &trouble);
	while (set.n)
		invoice_free(&set.items[--set.n]);
	free(set.items);
	return r;
}

enum err verb_drafts_issue(struct cli *c)
{
	enum err r = refresh(c);

	return r ? r : cli_deeds(c, desk_draft_issue, true);
}

/* ---- 合并 ---- */

static const struct column PARTS[] = {
    {"order_no", "订单号", COLUMN_OPTIONAL, 0}, {"lines", "行数", COLUMN_NUMBER, 0},
    {"net", "金额", COLUMN_MONEY, 0},           {"tax", "税额", COLUMN_MONEY, 0},
    {"gross", "价税合计", COLUMN_MONEY, 0},     {NULL, NULL, COLUMN_TEXT, 0},
};
const struct shape shape_parts = {"blue merge, split; batch merge: parts[]", PARTS};

static void add_part(struct grid *g, const struct invoice *inv)
{
	cli_grid_text(g, inv->order_no);
	cli_grid_int(g, (int64_t)inv->line_count);
	cli_grid_fen(g, inv->net_fen);
	cli_grid_fen(g, inv->tax_fen);
	cli_grid_fen(g, inv->gross_fen);
}

/* What comes, or came, of it; ids NULL: nothing was done. */
static enum err print_plan(struct cli *c, const struct grid *parts, const char *key, size_t figure,
			   const int64_t *ids, size_t n)
{
	struct grid made;
	struct json_out o;
	enum err r;

	cli_grid_init(&made, &shape_drafts);
	r = ids ? cli_add_drafts(c, &made, ids, n) : ERR_OK;
	if (!r && c->json) {
		cli_document(c, &o);
		json_put_bool(&o, "dry_run", !ids);
		json_put_int(&o, key, (int64_t)figure);
		cli_grid_put_rows(&o, "parts", parts);
		cli_grid_put_rows(&o, "results", &made);
		cli_document_end(c, &o);
	} else if (!r) {
		cli_grid_table(c, ids ? &made : parts);
	}
	cli_grid_free(&made);
	return r;
}

void cli_say_merged(struct cli *c, const struct merge_told *told)
{
	if (told->added)
		cli_say(c, "相同的项目合并了 %zu 行", told->added);
	if (told->remarks)
		cli_say(c, "备注放不下，%zu 条没有并入", told->remarks);
	if (told->contact)
		cli_say(c, "购方地址、电话、开户行或账号不同，用了第一张的");
}

static enum err do_merge(struct cli *c, const struct draft_ref *refs, size_t n)
{
	struct merge_options o = {.add_up = cli_flag(c, "add-up"),
				  .order_no = cli_option(c, "order-no")};
	struct merge_told told;
	struct invoice whole;
	struct grid g;
	int64_t id = 0;
	bool dry = cli_flag(c, "dry-run");
	enum err r = desk_merge_plan(c->s, refs, n, &o, &whole, &told, &c->e);

	if (r)
		return r;
	cli_grid_init(&g, &shape_parts);
	add_part(&g, &whole);
	invoice_free(&whole);
	if (!dry)
		r = desk_merge(c->s, refs, n, &o, &id, &told, &c->e);
	if (!r)
		r = print_plan(c, &g, "added_up", told.added, dry ? NULL : &id, 1);
	if (!r)
		cli_say_merged(c, &told);
	cli_grid_free(&g);
	return r;
}

enum err verb_blue_merge(struct cli *c)
{
	struct draft_ref refs[CLI_ARGS];
	enum err r = ERR_OK;
	int i;

	for (i = 0; i < c->argc && !r; i++)
		r = stored_ref(c, c->args[i], &refs[i]);
	return r ? r : do_merge(c, refs, (size_t)c->argc);
}

/* ---- 拆分 ---- */

static enum err read_rule(struct cli *c, struct split_rule *out)
{
	const char *amount = cli_option(c, "amount"), *tail = cli_option(c, "tail");
	struct quota_month q;
	int64_t rows = 0;
	enum err r = cli_int_option(c, "rows", 2, TAX_LINES_MAX, &rows);

	if (r)
		return r;
	*out = (struct split_rule) {.limit_gross = !cli_flag(c, "net"), .rows = (size_t)rows};
	if (tail && !split_tail_parse(tail, &out->tail))
		return cli_usage(c, "--tail 应为 quantity、price、whole 之一");
	if (amount && (!fen_parse(amount, &out->limit_fen) || out->limit_fen <= 0))
		return cli_usage(c, "--amount 应为大于 0 的金额，最多两位小数");
	if (!cli_flag(c, "quota"))
		return ERR_OK;
	if (amount)
		return cli_usage(c, "--amount 和 --quota 只能给一个");
	if ((r = desk_quota_get(c->s, &q, &c->e)))
		return r;
	out->limit_gross = false;
	out->limit_fen = q.unused - q.reserved;
	if (out->limit_fen > 0)
		return ERR_OK;
	err_fail(&c->e, ERR_INVALID, "quota.short", "额度", "没有可用额度");
	err_hint(&c->e, "请先下载额度，或用 --amount 给出每张的限额");
	return ERR_INVALID;
}

static enum err do_split(struct cli *c, const struct draft_ref *ref, const struct split_rule *rule)
{
	struct split_plan p;
	struct grid g;
	bool dry = cli_flag(c, "dry-run");
	int64_t *ids = NULL;
	size_t i, n = 0;
	enum err r = desk_split_plan(c->s, ref, rule, &p, &c->e);

	if (r)
		return r;
	cli_grid_init(&g, &shape_parts);
	for (i = 0; i < p.count; i++)
		add_part(&g, &p.parts[i]);
	if (!dry) {
		ids = mem_zalloc(p.count * sizeof(*ids));
		r = desk_split(c->s, ref, rule, &p, ids, p.count, &n, &c->e);
	}
	if (!r)
		r = print_plan(c, &g, "cuts", p.cuts, ids, n);
	if (!r && p.cuts)
		cli_say(c, "拆开了 %zu 处明细（%s）", p.cuts, split_tail_label(rule->tail));
	free(ids);
	cli_grid_free(&g);
	split_plan_free(&p);
	return r;
}

enum err verb_blue_split(struct cli *c)
{
	struct draft_ref ref;
	struct split_rule rule;
	enum err r = stored_ref(c, c->args[0], &ref);

	if (r || (r = read_rule(c, &rule)))
		return r;
	return do_split(c, &ref, &rule);
}

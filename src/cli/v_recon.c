/* v_recon.c - 对账: comparing a month with the tax side, what was found, what becomes of it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli_p.h"

static const struct column RUNS[] = {
    {"id", "编号", COLUMN_NUMBER, 0},
    {"month", "月份", COLUMN_TEXT, 0},
    {"state", "状态", COLUMN_TEXT, FOR_JSON},
    {"stage", "步骤", COLUMN_TEXT, 0},
    {"full", "逐张全查", COLUMN_BOOL, FOR_JSON},
    {"listed_special", "有专票清单", COLUMN_BOOL, FOR_JSON},
    {"listed_ordinary", "有普票清单", COLUMN_BOOL, FOR_JSON},
    {"ours", "本机已开", COLUMN_NUMBER, 0},
    {"theirs", "税局清单", COLUMN_NUMBER, 0},
    {"same", "一致", COLUMN_NUMBER, 0},
    {"differences", "差异", COLUMN_NUMBER, 0},
    {"others", "其他渠道", COLUMN_NUMBER, 0},
    {"asked", "逐张查询", COLUMN_NUMBER, 0},
    {"figures", "汇总数", COLUMN_TREE, FOR_JSON},
    {"notes", "说明", COLUMN_TEXT, 0},
    {"created_at", "开始时间", COLUMN_TIME, 0},
    {"finished_at", "完成时间", COLUMN_TIME, FOR_JSON},
    {NULL, NULL, COLUMN_TEXT, 0},
};
const struct shape shape_recon_runs = {"reconcile: run, reconcile list", RUNS};

static const struct column DIFFERENCES[] = {
    {"id", "编号", COLUMN_NUMBER, 0},
    {"kind", "差异", COLUMN_TEXT, FOR_JSON},
    {"kind_text", "差异", COLUMN_TEXT, 0},
    {"fault", "算差异", COLUMN_BOOL, FOR_JSON},
    {"number", "发票号码", COLUMN_OPTIONAL, 0},
    {"buyer", "购方", COLUMN_TEXT, 0},
    {"gross", "价税合计", COLUMN_MONEY, 0},
    {"ours", "本机", COLUMN_TEXT, 0},
    {"theirs", "税局", COLUMN_TEXT, 0},
    {"compared", "比对", COLUMN_TEXT, FOR_JSON},
    {"mend", "处理办法", COLUMN_TEXT, 0},
    {"state", "状态", COLUMN_TEXT, FOR_JSON},
    {"state_text", "状态", COLUMN_TEXT, 0},
    {"note", "处理说明", COLUMN_TEXT, FOR_JSON},
    {NULL, NULL, COLUMN_TEXT, 0},
};
const struct shape shape_recon_differences = {"reconcile: differences[], reconcile show",
					      DIFFERENCES};

static const struct column BUDGET[] = {
    {"month", "月份", COLUMN_TEXT, 0},
    {"collect", "归集能力", COLUMN_TEXT, FOR_JSON},
    {"collect_text", "归集能力", COLUMN_TEXT, FOR_PEOPLE},
    {"special_today", "专票清单今天已申请", COLUMN_NUMBER, 0},
    {"special_all", "专票清单共申请", COLUMN_NUMBER, 0},
    {"special_may", "专票清单还能申请", COLUMN_BOOL, 0},
    {"ordinary_today", "普票清单今天已申请", COLUMN_NUMBER, 0},
    {"ordinary_all", "普票清单共申请", COLUMN_NUMBER, 0},
    {"ordinary_may", "普票清单还能申请", COLUMN_BOOL, 0},
    {"limit_day", "每天最多", COLUMN_NUMBER, 0},
    {"limit_month", "这个月份最多", COLUMN_NUMBER, 0},
    {"issued", "本机已开", COLUMN_NUMBER, 0},
    {"unsettled", "本机未定、失败、作废", COLUMN_NUMBER, 0},
    {"running", "正在进行的对账", COLUMN_NUMBER, FOR_JSON},
    {NULL, NULL, COLUMN_TEXT, 0},
};
const struct shape shape_recon_budget = {"reconcile: budget, reconcile --plan, reconcile collect",
					 BUDGET};

/* ---- rows ---- */

/* Blank, null in JSON, as long as it is not known. */
static void add_count(struct grid *g, const struct recon_run *r, int64_t count)
{
	if (desk_recon_known(r, count))
		cli_grid_int(g, count);
	else
		cli_grid_text(g, "");
}

static enum err add_run(void *arg, const struct recon_run *r)
{
	struct grid *g = arg;

	cli_grid_int(g, r->id);
	cli_grid_text(g, r->month);
	cli_grid_text(g, r->state);
	cli_grid_text(g, desk_recon_stage(r));
	cli_grid_bool(g, r->thorough);
	cli_grid_bool(g, r->listed[INVOICE_SPECIAL]);
	cli_grid_bool(g, r->listed[INVOICE_ORDINARY]);
	cli_grid_int(g, r->ours);
	add_count(g, r, r->theirs);
	add_count(g, r, r->same);
	add_count(g, r, r->differences);
	add_count(g, r, r->others);
	add_count(g, r, r->asked);
	cli_grid_text(g, *r->figures ? r->figures : "null");
	cli_grid_text(g, r->notes);
	cli_grid_time(g, r->created_at);
	cli_grid_time(g, r->finished_at);
	return ERR_OK;
}

static enum err add_difference(void *arg, const struct recon_difference *d)
{
	static const char *const COMPARED[] = {"none", "same", "different"};
	struct grid *g = arg;

	cli_grid_int(g, d->id);
	cli_grid_text(g, recon_kind_word(d->kind));
	cli_grid_text(g, recon_kind_label(d->kind));
	cli_grid_bool(g, recon_kind_fault(d->kind));
	cli_grid_text(g, d->number);
	cli_grid_text(g, d->buyer);
	cli_grid_fen(g, d->gross);
	cli_grid_text(g, d->ours);
	cli_grid_text(g, d->theirs);
	cli_grid_text(g, COMPARED[d->compared]);
	cli_grid_text(g, recon_kind_mend(d->kind));
	cli_grid_text(g, d->state);
	cli_grid_text(g, recon_state_label(d->state));
	cli_grid_text(g, d->note);
	return ERR_OK;
}

static void add_budget(struct grid *g, const struct recon_budget *b)
{
	static const char *const WORDS[] = {"auto", "no", "yes"};
	static const char *const LABELS[] = {"未知，对账时试", "没有", "有"};

	cli_grid_text(g, b->month);
	cli_grid_text(g, WORDS[b->ability]);
	cli_grid_text(g, LABELS[b->ability]);
	for (int k = INVOICE_SPECIAL; k >= 0; k--) {
		cli_grid_int(g, b->kinds[k].today);
		cli_grid_int(g, b->kinds[k].all);
		cli_grid_bool(g, b->kinds[k].may);
	}
	cli_grid_int(g, b->a_day);
	cli_grid_int(g, b->a_month);
	cli_grid_int(g, b->issued);
	cli_grid_int(g, b->unsettled);
	cli_grid_int(g, b->running);
}

static enum err parse_number(struct cli *c, const char *text, int64_t *out)
{
	if (!text_all_digits(text) || strlen(text) > 18)
		return cli_usage(c, "编号“%.40s”应为数字", text);
	*out = strtoll(text, NULL, 10);
	return ERR_OK;
}

/* ---- a run ---- */

enum { SHOWN = 200 };

static void print_run(struct cli *c, const struct recon_run *run, const struct recon_budget *b,
		      const struct grid *differences, int64_t total, int64_t next)
{
	struct grid r, plan;
	struct json_out o;
	char cursor[24];

	cli_grid_init(&r, &shape_recon_runs);
	add_run(&r, run);
	cli_grid_init(&plan, &shape_recon_budget);
	if (b)
		add_budget(&plan, b);
	if (c->json) {
		cli_document(c, &o);
		cli_grid_put_object(&o, "run", &r);
		if (b)
			cli_grid_put_object(&o, "budget", &plan);
		json_put_int(&o, "total", total);
		cli_grid_put_rows(&o, "differences", differences);
		json_put(&o, "next", next ? cursor_text(next, cursor) : NULL);
		cli_document_end(c, &o);
	} else {
		cli_grid_print_one(c, &r);
		if (cli_grid_rows(differences))
			cli_grid_table(c, differences);
		if (next)
			cli_say(c, "共 %lld 处，接着看：kaipiao reconcile show %lld --cursor %lld",
				(long long)total, (long long)run->id, (long long)next);
	}
	cli_grid_free(&plan);
	cli_grid_free(&r);
}

static enum err show(struct cli *c, int64_t id, const struct recon_budget *b,
		     struct difference_filter *f)
{
	struct recon_run run;
	struct grid g;
	int64_t job, total = 0, next = 0;
	enum err r;

	cli_grid_init(&g, &shape_recon_differences);
	f->run = id;
	if (!(r = desk_recon_get(c->s, id, &run, &job, &c->e)) &&
	    !(r = desk_recon_differences(c->s, f, add_difference, &g, &next, &total, &c->e)))
		print_run(c, &run, b, &g, total, next);
	cli_grid_free(&g);
	return r ? r : desk_recon_verdict(c->s, &run, &c->e);
}

/* Said before anything is spent. */
static void say_budget(struct cli *c, const struct recon_budget *b, const struct recon_wish *w)
{
	if (b->running) {
		cli_say(c, "接着做 %s 的第 %lld 号对账", b->month, (long long)b->running);
	} else if (w->one_by_one || b->ability == ABILITY_NO) {
		cli_say(c, "不申请清单，逐张查询：未定、失败、作废 %lld 张%s",
			(long long)b->unsettled, w->thorough ? "，和全部已开的" : "");
	} else {
		cli_say(c,
			"将申请 %s 的清单：专票已申请 %lld 次（今天 %lld），普票 %lld 次（今天 "
			"%lld）；每天最多 %lld 次，这个月份最多 %lld 次",
			b->month, (long long)b->kinds[INVOICE_SPECIAL].all,
			(long long)b->kinds[INVOICE_SPECIAL].today,
			(long long)b->kinds[INVOICE_ORDINARY].all,
			(long long)b->kinds[INVOICE_ORDINARY].today, (long long)b->a_day,
			(long long)b->a_month);
	}
	cli_flush(c);
}

static void print_budget(struct cli *c, const struct recon_budget *b)
{
	struct grid g;

	cli_grid_init(&g, &shape_recon_budget);
	add_budget(&g, b);
	cli_one(c, &g);
}

enum err verb_reconcile(struct cli *c)
{
	struct recon_wish wish = {.month = c->args[0],
				  .thorough = cli_flag(c, "full"),
				  .one_by_one = cli_flag(c, "one-by-one")};
	struct difference_filter f = {.limit = SHOWN};
	struct recon_budget b;
	struct desk_wait w = {0};
	int64_t id = 0;
	enum err r = desk_recon_budget(c->s, wish.month, &b, &c->e), waited;

	if (r)
		return r;
	if (cli_flag(c, "plan")) {
		print_budget(c, &b);
		return ERR_OK;
	}
	say_budget(c, &b, &wish);
	if ((r = desk_recon_start(c->s, &wish, &id, &w, &c->e))) {
		desk_wait_free(&w);
		return r;
	}
	waited = cli_wait_jobs(c, &w);
	desk_wait_free(&w);
	if (waited && waited != ERR_UNKNOWN && waited != ERR_BUSY && waited != ERR_REFUSED &&
	    waited != ERR_INVALID)
		return waited;
	struct err_info why = c->e;
	r = show(c, id, &b, &f);
	/* That the run goes on says more than that the time was over. */
	if (waited && (!r || (r == ERR_UNKNOWN && waited != ERR_UNKNOWN))) {
		c->e = why;
		r = waited;
	}
	return r;
}

static enum err fill_runs(struct cli_list *l)
{
	return desk_recon_list(l->c->s, l->cursor, l->limit, add_run, &l->grid, &l->next, &l->total,
			       &l->c->e);
}

enum err verb_reconcile_list(struct cli *c)
{
	return cli_list(c, &shape_recon_runs, TOTAL_TOLD, fill_runs);
}

enum err verb_reconcile_show(struct cli *c)
{
	struct difference_filter f = {.all = cli_flag(c, "all")};
	const char *kind = cli_option(c, "kind");
	enum recon_kind k;
	int64_t id;
	enum err r;

	if ((r = parse_number(c, c->args[0], &id)) || (r = cli_paging(c, &f.limit, &f.cursor)))
		return r;
	if (kind && recon_kind_parse(kind, &k))
		f.kind = &k;
	return show(c, id, NULL, &f);
}

static enum err print_difference(struct cli *c, int64_t id)
{
	struct recon_difference d;
	struct grid g;
	enum err r = desk_recon_difference(c->s, id, &d, &c->e);

	if (r)
		return r;
	cli_grid_init(&g, &shape_recon_differences);
	add_difference(&g, &d);
	cli_one(c, &g);
	return ERR_OK;
}

enum err verb_reconcile_adopt(struct cli *c)
{
	int64_t id;
	enum err r = parse_number(c, c->args[0], &id);

	if (r || (r = desk_recon_adopt(c->s, id, cli_option(c, "reason"), &c->e)))
		return r;
	return print_difference(c, id);
}

enum err verb_reconcile_dismiss(struct cli *c)
{
	int64_t id;
	enum err r = parse_number(c, c->args[0], &id);

	if (r || (r = desk_recon_dismiss(c->s, id, cli_option(c, "reason"), &c->e)))
		return r;
	return print_difference(c, id);
}

enum err verb_reconcile_export(struct cli *c)
{
	struct recon_export o = {.replace = cli_flag(c, "replace"), .all = cli_flag(c, "all")};
	struct cli_target to;
	char path[HOME_PATH + 256];
	int64_t rows = 0;
	enum err r;

	if ((r = cli_target(c, &to)) || (r = parse_number(c, c->args[0], &o.run)))
		return r;
	o.path = to.path;
	o.folder = to.folder;
	o.format = to.format;
	if (!(r = desk_recon_export(c->s, &o, &rows, path, &c->e)))
		cli_print_written(c, path, rows);
	return r;
}

enum err verb_reconcile_collect(struct cli *c)
{
	static const char *const WORDS[] = {"auto", "no", "yes"};
	struct recon_budget b;
	char month[MONTH_TEXT];
	int s = 0;
	enum err r;

	while (c->argc && s < 3 && strcmp(c->args[0], WORDS[s]) != 0)
		s++;
	if (s == 3)
		return cli_usage(c, "应为 yes、no 或 auto");
	if (c->argc && (r = desk_recon_ability(c->s, (enum ability_state)s, &c->e)))
		return r;
	if (!(r = desk_recon_budget(c->s, month_text(clock_now(), month), &b, &c->e)))
		print_budget(c, &b);
	return r;
}

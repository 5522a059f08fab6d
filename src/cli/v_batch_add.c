/* v_batch_add.c - 批量开票: reading a file into a batch, and what is wrong with it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/batch_p.h"
#include "cli/watch_p.h"

enum { FAULTS_SHOWN = 20 };

static const struct column FAULTS[] = {
    {"seq", "序号", COLUMN_NUMBER, FOR_JSON},
    {"order_no", "流水号", COLUMN_OPTIONAL, 0},
    {"sheet", "工作表", COLUMN_OPTIONAL, 0},
    {"row", "行号", COLUMN_NUMBER, 0},
    {"column", "列", COLUMN_OPTIONAL, 0},
    {"value", "内容", COLUMN_OPTIONAL, 0},
    {"warning", "提醒", COLUMN_BOOL, FOR_JSON},
    {"text", "说明", COLUMN_TEXT, 0},
    {NULL, NULL, COLUMN_TEXT, 0},
};
const struct shape shape_batch_faults = {"batch add: faults[]", FAULTS};

static const struct column REPORT[] = {
    {"batch", "批次", COLUMN_NUMBER, 0},
    {"dry_run", "只是检查", COLUMN_BOOL, 0},
    {"orders", "张数", COLUMN_NUMBER, 0},
    {"lines", "明细行数", COLUMN_NUMBER, 0},
    {"ready", "可以开", COLUMN_NUMBER, 0},
    {"bad", "有问题", COLUMN_NUMBER, 0},
    {"stray", "找不到发票的明细或附加要素，组数", COLUMN_NUMBER, 0},
    {"repeats", "已开过", COLUMN_NUMBER, 0},
    {"failed", "上次失败", COLUMN_NUMBER, 0},
    {"net", "金额", COLUMN_MONEY, 0},
    {"tax", "税额", COLUMN_MONEY, 0},
    {"gross", "价税合计", COLUMN_MONEY, 0},
    {"warned", "提醒", COLUMN_NUMBER, 0},
    {"cleaned", "去掉了看不见的字符的行", COLUMN_NUMBER, 0},
    {"same_as", "同样文件的批次", COLUMN_NUMBER, 0},
    {"failures", "有问题的发票和原因在哪个文件", COLUMN_OPTIONAL, 0},
    {"unknown", "不认识的列", COLUMN_OPTIONAL, 0},
    {"repeated", "与别的列内容相同而没有用的列", COLUMN_OPTIONAL, 0},
    {"unit_warning", "单位和月份要注意的", COLUMN_OPTIONAL, 0},
    {NULL, NULL, COLUMN_TEXT, 0},
};
const struct shape shape_batch_report = {"batch add", REPORT};

static void put_report(struct cli *c, const struct batch_report *r)
{
	/* What belongs to no invoice is none. */
	const int64_t counts[] = {
	    r->orders - r->stray, r->lines, r->ready, r->bad - r->stray, r->stray,
	    r->repeats,           r->failed};
	struct grid g, faults;
	struct json_out o;
	size_t i;

	cli_grid_init(&g, &shape_batch_report);
	cli_grid_int(&g, r->batch);
	cli_grid_bool(&g, r->dry_run);
	for (i = 0; i < sizeof(counts) / sizeof(counts[0]); i++)
		cli_grid_int(&g, counts[i]);
	cli_grid_fen(&g, r->net);
	cli_grid_fen(&g, r->tax);
	cli_grid_fen(&g, r->gross);
	cli_grid_int(&g, r->warned);
	cli_grid_int(&g, r->cleaned);
	cli_grid_int(&g, r->same);
	cli_grid_text(&g, r->failures);
	cli_grid_text(&g, r->unknown);
	cli_grid_text(&g, r->repeated);
	cli_grid_text(&g, r->unit);
	cli_grid_init(&faults, &shape_batch_faults);
	for (i = 0; i < r->fault_count; i++) {
		const struct batch_fault *f = &r->faults[i];

		cli_grid_int(&faults, f->seq);
		cli_grid_text(&faults, f->order_no);
		cli_grid_text(&faults, f->sheet);
		cli_grid_int(&faults, f->row);
		cli_grid_text(&faults, f->column);
		cli_grid_text(&faults, f->value);
		cli_grid_bool(&faults, f->warning);
		cli_grid_text(&faults, f->text);
	}
	cli_document(c, &o);
	cli_grid_put_members(&o, &g, 0);
	cli_grid_put_rows(&o, "faults", &faults);
	cli_document_end(c, &o);
	cli_grid_free(&g);
	cli_grid_free(&faults);
}

static void say_report(struct cli *c, const struct batch_report *r)
{
	char *text = batch_report_text(r), *line, *rest = text, place[IMPORT_PLACE];
	size_t i;

	while (rest && (line = rest)) {
		rest = strchr(line, '\n');
		if (rest)
			*rest++ = 0;
		cli_say(c, "%s", line);
	}
	for (i = 0; i < r->fault_count && i < FAULTS_SHOWN; i++)
		cli_say(c, "%s%s：%s", batch_fault_place(&r->faults[i], place),
			r->faults[i].warning ? "（提醒）" : "", r->faults[i].text);
	if (r->fault_total + r->warned > FAULTS_SHOWN)
		cli_say(c, "……");
	if (r->batch && r->ready)
		cli_say(c, "批次 %lld 已保存，开票请运行 kaipiao batch start %lld",
			(long long)r->batch, (long long)r->batch);
	else if (r->batch)
		cli_say(c,
			"批次 %lld 没有可以开的，已结束；每张的情况用 kaipiao batch show %lld 查看",
			(long long)r->batch, (long long)r->batch);
	free(text);
}

/* Nothing in it can be issued, or not all as was asked for. */
static enum err verdict(struct cli *c, const struct batch_report *r, bool strict)
{
	if (!r->bad || (!strict && (r->ready || r->repeats || r->failed)))
		return ERR_OK;
	if (r->bad == r->stray)
		err_fail(&c->e, ERR_INVALID, "batch.failed", "批量开票",
			 "%lld 组明细或附加要素找不到发票", (long long)r->stray);
	else
		err_fail(&c->e, ERR_INVALID, "batch.failed", "批量开票", "%lld 张中 %lld 张有问题",
			 (long long)(r->orders - r->stray), (long long)(r->bad - r->stray));
	err_hint(&c->e, "%s",
		 *r->failures ? "请改好有问题的发票（见失败文件）后重新导入" : "请改好后重新导入");
	return ERR_INVALID;
}

enum err verb_batch_add(struct cli *c)
{
	const struct batch_options o = {.file = c->args[0],
					.failures = cli_option(c, "failures"),
					.strict = cli_flag(c, "strict"),
					.confirmed = cli_flag(c, "confirmed"),
					.dry_run = cli_flag(c, "dry-run")};
	struct import_progress p = {0};
	struct batch_report report;
	struct watch w;
	enum err r;

	cli_watch_begin(&w, "批量开票", &p);
	r = desk_batch_read(c->s, &o, &p, &report, &c->e);
	cli_watch_end(&w);
	if (r)
		return r;
	if (c->json)
		put_report(c, &report);
	else
		say_report(c, &report);
	r = verdict(c, &report, o.strict);
	batch_report_free(&report);
	return r;
}

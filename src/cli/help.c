/* help.c - everything that is said about verbs, from their table. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/cli_p.h"

enum { SYNOPSIS_COLS = 34, PARAM_COLS = 44, VALUE_COLS = 18 };

/* Text, then blanks up to the column. */
static void add_padded(struct buf *b, const char *text, size_t cols)
{
	size_t used = text_cols(text);

	buf_adds(b, text);
	do
		buf_addc(b, ' ');
	while (++used < cols);
}

static void add_options(struct buf *b, const struct option *o)
{
	char text[200];

	for (; o && o->name; o++) {
		snprintf(text, sizeof(text), "    %s%s%s%s", o->name[1] ? "--" : "-", o->name,
			 o->arg ? " " : "", o->arg ? o->arg : "");
		add_padded(b, text, SYNOPSIS_COLS);
		buf_addf(b, "%s\n", o->help);
	}
}

static void add_action(struct buf *b, const struct action *a, const char *indent)
{
	char text[200];

	snprintf(text, sizeof(text), "%s%s%s%s%s%s", indent, a->verb, a->sub ? " " : "",
		 a->sub ? a->sub : "", *a->synopsis ? " " : "", a->synopsis);
	add_padded(b, text, SYNOPSIS_COLS);
	buf_addf(b, "%s\n", a->help);
}

static const struct column VERBS[] = {
    {"verb", "动作", COLUMN_TEXT, 0},     {"sub", "子动作", COLUMN_OPTIONAL, 0},
    {"synopsis", "参数", COLUMN_TEXT, 0}, {"options", "选项", COLUMN_TEXT, 0},
    {"help", "说明", COLUMN_TEXT, 0},     {NULL, NULL, COLUMN_TEXT, 0},
};
static const struct shape shape_verbs = {"help", VERBS};

static bool wanted(const struct cli *c, const struct action *a)
{
	if (c->argc && strcmp(a->verb, c->args[0]) != 0)
		return false;
	return c->argc < 2 || (a->sub && !strcmp(a->sub, c->args[1]));
}

/* The table of verbs for programs. */
static void verbs_json(struct cli *c)
{
	const struct action *a;
	const struct option *o;
	struct grid g;

	cli_grid_init(&g, &shape_verbs);
	for (a = cli_actions; a->verb; a++) {
		struct buf b;

		if (!wanted(c, a))
			continue;
		buf_init(&b, 4096);
		for (o = a->options; o->name; o++)
			buf_addf(&b, "%s%s%s", b.len ? " " : "", o->name[1] ? "--" : "-", o->name);
		cli_grid_text(&g, a->verb);
		cli_grid_text(&g, a->sub);
		cli_grid_text(&g, a->synopsis);
		cli_grid_text(&g, buf_str(&b));
		cli_grid_text(&g, a->help);
		buf_free(&b);
	}
	cli_grid_print_page(c, &g, (int64_t)cli_grid_rows(&g), false, "");
	cli_grid_free(&g);
}

void cli_overview(struct cli *c)
{
	const struct action *a;

	if (c->json) {
		verbs_json(c);
		return;
	}
	buf_addf(&c->out,
		 "kaipiao %s　数电票开票工作站（乐企）\n\n用法：kaipiao [选项] 动作 [参数]\n\n",
		 KP_VERSION);
	for (a = cli_actions; a->verb; a++)
		add_action(&c->out, a, "  ");
	buf_adds(&c->out, "\n选项（写在动作前面）：\n");
	add_options(&c->out, cli_globals);
	buf_adds(&c->out, "\n退出码：0 完成　2 用法　3 自检未过　4 税局未通过　5 结果还不知道　"
			  "6 忙或连不上　7 无权限　8 主目录损坏、版本较新或磁盘已满\n"
			  "第一次使用：kaipiao demo --headless（练习），或 kaipiao init\n");
}

/* ---- help keys ---- */

static const struct column SHEET[] = {
    {"place", "画面", COLUMN_TEXT, 0},  {"keys", "按键", COLUMN_TEXT, 0},
    {"action", "命令", COLUMN_TEXT, 0}, {"label", "名称", COLUMN_TEXT, 0},
    {"help", "说明", COLUMN_TEXT, 0},   {NULL, NULL, COLUMN_TEXT, 0},
};
static const struct shape shape_sheet = {"help keys", SHEET};

static cli_key_row key_row;

void cli_set_keys(cli_key_row row)
{
	key_row = row;
}

static enum err help_keys(struct cli *c)
{
	const char *words[CLI_KEY_WORDS];
	struct grid g;
	size_t i, k;

	if (!key_row)
		return cli_usage(c, "没有动作 %.60s", c->args[0]);
	cli_grid_init(&g, &shape_sheet);
	for (i = 0; key_row(c->home, i, words); i++) {
		for (k = 0; k < CLI_KEY_WORDS; k++)
			cli_grid_text(&g, words[k]);
	}
	cli_grid_print_page(c, &g, (int64_t)cli_grid_rows(&g), false, "");
	cli_grid_free(&g);
	return ERR_OK;
}

/* ---- help json ---- */

static const char *type_word(enum column_type t)
{
	static const char *const WORDS[] = {
	    [COLUMN_TEXT] = "string",    [COLUMN_OPTIONAL] = "string|null",
	    [COLUMN_NUMBER] = "number",  [COLUMN_ID] = "number",
	    [COLUMN_BOOL] = "boolean",   [COLUMN_MONEY] = "amount",
	    [COLUMN_TIME] = "time|null", [COLUMN_TREE] = "any",
	};

	return WORDS[t];
}

/* Keys that no table of columns describes. */
static const struct {
	const char *where, *key, *type, *label;
} LOOSE[] = {
    {"error（任何失败）", "error", "object", "失败时总有，和已有的结果在同一个文档里"},
    {"error（任何失败）", "error.class", "string",
     "错误类别：usage invalid refused unknown busy denied damaged internal"},
    {"error（任何失败）", "error.code", "string", "机器可读的代码"},
    {"error（任何失败）", "error.message", "string", "一句话：什么、为什么、怎么办"},
    {"error（任何失败）", "error.field", "string|null", "出错的字段"},
    {"error（任何失败）", "error.hint", "string|null", "怎么办"},
    {"列表", "total", "number", "总数（逐行数的列表数到 10000 为止）"},
    {"列表", "at_least", "boolean", "true：总数只数到这里，还有更多；否则没有这个键"},
    {"列表", "rows", "array", "本页的行"},
    {"列表", "next", "string|null", "下一页的游标"},
    {"numbers list", "stock", "number", "本年库存"},
    {"numbers claim", "unit", "string", "单位"},
    {"numbers claim", "claim", "number", "领购编号"},
    {"numbers claim", "asked", "number", "领购数量"},
    {"numbers claim", "claimed", "number", "成功数量"},
    {"numbers claim", "failed", "number", "失败数量"},
    {"numbers claim", "open", "number", "未完数量"},
    {"numbers claim", "segments", "array", "领到的号段"},
    {"taxpayer show, sync", "rates", "array", "可用税率"},
    {"taxpayer show, sync", "quota", "object", "本月额度"},
    {"taxpayer sync", "changes", "array", "变更"},
    {"taxpayer sync", "changes[].key", "string", "变了的键，额度 quota.键、税率 rates.税率"},
    {"taxpayer sync", "changes[].before", "string", "原来的值"},
    {"taxpayer sync", "changes[].after", "string", "现在的值"},
    {"unit show", "all", "array", "同一税号的全部单位（多于一个时）"},
    {"unit add, edit", "warning", "string|null", "提醒"},
    {"taxpayer show, sync", "warning", "string|null", "税局登记的名称与本机的不同"},
    {"param set", "warning", "string|null", "提醒"},
    {"drawers add, edit", "warning", "string|null", "提醒"},
    {"drawers remove", "removed", "string", "移除的姓名"},
    {"eligibility", "unit", "string|null", "使用单位"},
    {"eligibility", "items", "array", "四项条件"},
    {"eligibility", "source", "string", "依据，供查阅"},
    {"url build", "url", "string", "长链接"},
    {"url check", "ok", "boolean", "没有错（可以有提醒）"},
    {"url check", "findings", "array", "问题，按位置"},
    {"param import", "imported", "number", "导入了几个"},
    {"unit add", "errors", "array", "没有给出的项，一项一行：field、what、message"},
    {"unit tree", "rows", "array", "直连单位，一个一项"},
    {"unit tree", "rows[].using", "array", "它下面的使用单位"},
    {"unit remove", "removed", "string", "移除的税号"},
    {"unit remove", "backup", "string|null", "移除前的备份（--force）"},
    {"blue issue, retry, void", "unit.tax_no", "string", "使用单位税号"},
    {"blue issue, retry, void", "unit.name", "string", "使用单位名称"},
    {"blue issue, retry, void", "unit.env", "string", "环境：production sandbox practice"},
    {"blue issue, retry, void", "unit.env_text", "string", "环境：正式 沙箱 演练"},
    {"blue issue, retry, void", "results", "array", "每张发票的结果"},
    {"blue issue", "warnings", "array", "提醒，各项同 blue check 的 rows"},
    {"blue check", "invoices", "number", "检查了几张"},
    {"report by", "by", "string", "按什么"},
    {"report by", "months", "boolean", "分月"},
    {"report by", "from", "string", "开票日期起"},
    {"report by", "to", "string", "开票日期止"},
    {"report by", "rows", "array", "各行；按金额从大到小，日和月按日期"},
    {"report by", "subtotals", "array", "分月时各月的合计"},
    {"report by", "total", "object", "合计，每张发票只数一次"},
    {"report by", "read", "number", "为此读了多少张发票；以前统计过的不用再读"},
    {"summary", "summary", "object", "这个月的汇总确认，键见 summary show"},
    {"summary", "edges", "array", "月末跨月的发票，键见 summary show: edges[]"},
    {"reconcile", "run", "object", "这次对账，键见 reconcile: run"},
    {"reconcile", "budget", "object", "开始以前清单还能申请几次，键见 reconcile: budget"},
    {"reconcile", "total", "number", "差异一共几处"},
    {"reconcile", "differences", "array", "差异，一处一行，最多 200 处"},
    {"reconcile", "next", "string", "接着看的游标，用于 reconcile show --cursor；完了是 null"},
    {"health", "healthy", "boolean", "没有要处理的事"},
    {"health", "findings", "array", "要处理的事，一件一行"},
    {"blue lines", "notes", "array", "有问题的行和提醒，一条一行"},
    {"blue lines", "invoice", "object", "可以导入的明细，写成一张发票的形式"},
    {"blue merge, split; batch merge", "dry_run", "boolean", "只看结果，没有保存"},
    {"blue merge, split; batch merge", "parts", "array", "合并、拆分得到的发票"},
    {"batch merge", "into", "number", "合并成的那一张的序号"},
    {"blue merge, split", "results", "array", "存下的草稿；只看结果时为空"},
    {"blue merge; batch merge", "added_up", "number", "并入别的行的明细行数"},
    {"blue split", "cuts", "number", "拆开了几处明细"},
    {"drafts undo", "restored", "number", "恢复了几张草稿"},
    {"drafts remove", "removed", "array", "删除的草稿"},
    {"templates show, add, edit", "template", "object", "模板"},
    {"templates show, add, edit", "invoice", "object", "今天用它得到的发票，可直接交给 blue issue"},
    {"templates remove", "removed", "string", "删除的模板"},
    {"batch add", "faults", "array", "最前面的问题和提醒"},
    {"batch show", "plan", "object", "待开票、已暂停时：开完要多少额度和号码，现有多少"},
    {"demo", "home", "string", "练习主目录"},
    {"demo", "control", "string", "练习平台的控制地址"},
    {"demo", "issued", "number", "开票成功的张数"},
    {"demo", "gross", "amount", "价税合计"},
    {"invoices show", "seller", "object", "销售方"},
    {"invoices show", "buyer", "object", "购买方"},
    {"invoices show", "handler", "object", "经办人（填写时）"},
    {"invoices show", "lines", "array", "明细"},
    {"invoices show", "lines[].discount", "object", "折扣（填写时）"},
    {"invoices show", "payments", "array", "支付信息（填写时）"},
    {"invoices show", "extras", "array", "附加要素（填写时）"},
    {"invoices show", "differential", "object", "差额征税（填写时）"},
    {"invoices show", "vouchers", "array", "差额扣除凭证（填写时）"},
    {"invoices show", "red_of", "object", "红冲的蓝字发票和红字确认单（红字发票）"},
    {"invoices show", "reversed", "string", "蓝字发票被红冲：partial 部分，whole 全部，没有则空"},
    {"invoices show", "reversed_text", "string", "部分红冲、已红冲"},
    {"invoices show", "id", "number", "编号"},
    {"invoices show", "state", "string",
     "draft numbered sending accepted issued failed unknown void"},
    {"invoices show", "state_text", "string", "状态"},
    {"invoices show", "message", "string", "失败或等待的原因"},
    {"invoices show", "refusals", "number", "被拒次数"},
    {"invoices show", "needs_person", "boolean", "需人工"},
    {"invoices show", "created_at", "time", "创建时间"},
    {"invoices show", "finished_at", "time|null", "完成时间"},
    {"invoices push --to", "event_id", "string", "事件编号，永不改变；其余各键同 invoices show"},
    {"invoices push --to", "event", "string", "invoice.issued，红字发票也是（推送测试时 test）"},
    {"invoices push --to", "environment", "string", "环境：production sandbox practice"},
    {"invoices push --to", "occurred_at", "time", "开票成功的时间"},
    {"buyers, goods remove", "removed", "number", "删除了几个"},
    {"goods recode", "changed", "number", "更换了几个"},
    {"goods recode", "rateless", "number", "其中几个的税率因新编码不允许而清空"},
    {"buyers show", "addresses[].address", "string", "其他地址的各项：地址"},
    {"buyers show", "addresses[].phone", "string", "电话"},
    {"buyers show", "addresses[].bank", "string", "开户行"},
    {"buyers show", "addresses[].account", "string", "账号"},
    {"buyers show", "addresses[].email", "string", "邮箱"},
    {"buyers show", "addresses[].mobile", "string", "手机"},
    {"buyers, goods, taxcodes import", "notes", "array", "最前面的失败和提醒"},
    {"taxcodes import", "total", "number", "编码总数"},
    {"taxcodes import", "from_tax", "number", "其中来自税局"},
    {"log export -o", "file", "string", "写出的文件"},
    {"log show --raw", "request", "string", "请求原文；其余各键同 log show"},
    {"log show --raw", "answer", "string", "应答原文"},
};

static const struct column KEYS[] = {
    {"where", "出处", COLUMN_TEXT, 0}, {"key", "键", COLUMN_TEXT, 0},
    {"type", "类型", COLUMN_TEXT, 0},  {"label", "含义", COLUMN_TEXT, 0},
    {NULL, NULL, COLUMN_TEXT, 0},
};
static const struct shape shape_keys = {"help json", KEYS};

static void add_key(struct grid *g, const char *where, const char *key, const char *type,
		    const char *label)
{
	cli_grid_text(g, where);
	cli_grid_text(g, key);
	cli_grid_text(g, type);
	cli_grid_text(g, label);
}

static void add_shape(struct grid *g, const struct shape *s)
{
	const struct column *k;

	for (k = s->columns; k->key; k++) {
		if (!k->who || (k->who & FOR_JSON))
			add_key(g, s->name, k->key, type_word(k->type), k->label);
	}
}

static bool shape_seen(const struct action *upto)
{
	const struct action *a;

	for (a = cli_actions; a != upto; a++) {
		if (a->shape == upto->shape)
			return true;
	}
	return false;
}

static void add_invoice_keys(struct grid *g)
{
	const struct json_key_doc *d;
	char label[200];
	size_t i;

	for (i = 0; (d = invoice_json_key(i)); i++) {
		if (d->max_chars)
			snprintf(label, sizeof(label), "%s（最多 %u 字）", d->label, d->max_chars);
		else
			snprintf(label, sizeof(label), "%s", d->label);
		add_key(g, d->input ? "发票（输入和输出）" : "发票（输出）", d->path, d->type,
			label);
	}
}

static void add_param_keys(struct grid *g)
{
	const struct param_doc *d;
	char name[120], label[300];
	size_t i;

	for (i = 0; (d = desk_param_doc(i)); i++) {
		snprintf(name, sizeof(name), "%s %s", d->type, d->key);
		snprintf(label, sizeof(label), "%s：%s", d->value, d->help);
		add_key(g, "参数（param get, set）", name, "string", label);
	}
}

static void help_json(struct cli *c)
{
	const struct action *a;
	struct grid g;
	size_t i;

	cli_grid_init(&g, &shape_keys);
	add_invoice_keys(&g);
	for (i = 0; i < sizeof(LOOSE) / sizeof(LOOSE[0]); i++)
		add_key(&g, LOOSE[i].where, LOOSE[i].key, LOOSE[i].type, LOOSE[i].label);
	for (a = cli_actions; a->verb; a++) {
		if (a->shape && !shape_seen(a))
			add_shape(&g, a->shape);
	}
	add_shape(&g, &shape_rates);
	add_shape(&g, &shape_notes);
	add_shape(&g, &shape_line_notes);
	add_shape(&g, &shape_deeds);
	add_shape(&g, &shape_red_answers);
	add_shape(&g, &shape_summary_edges);
	add_shape(&g, &shape_batch_plan);
	add_shape(&g, &shape_batch_faults);
	add_shape(&g, &shape_number);
	add_shape(&g, &shape_verbs);
	add_shape(&g, &shape_sheet);
	add_param_keys(&g);
	cli_grid_print_page(c, &g, (int64_t)cli_grid_rows(&g), false, "");
	cli_grid_free(&g);
}

/* "    类型 键              取值    含义（默认）" of every known parameter. */
static void add_params(struct buf *b)
{
	const struct param_doc *d;
	char text[200];
	size_t i;

	buf_adds(b, "\n认识的参数（类型 键　取值　含义）：\n");
	for (i = 0; (d = desk_param_doc(i)); i++) {
		snprintf(text, sizeof(text), "    %s %s", d->type, d->key);
		add_padded(b, text, PARAM_COLS);
		add_padded(b, d->value, VALUE_COLS);
		buf_addf(b, "%s%s%s%s\n", d->help, *d->fallback ? "（默认 " : "", d->fallback,
			 *d->fallback ? "）" : "");
	}
}

enum err cli_help(struct cli *c)
{
	const struct action *a;
	bool found = false;

	if (!c->argc) {
		cli_overview(c);
		return ERR_OK;
	}
	if (!strcmp(c->args[0], "json")) {
		help_json(c);
		return ERR_OK;
	}
	if (!strcmp(c->args[0], "keys"))
		return help_keys(c);
	for (a = cli_actions; a->verb; a++) {
		if (!wanted(c, a))
			continue;
		found = true;
		if (c->json)
			continue;
		add_action(&c->out, a, "kaipiao ");
		add_options(&c->out, a->options);
	}
	if (!found)
		return cli_usage(c, "没有动作 %.60s", c->args[0]);
	if (c->json)
		verbs_json(c);
	else if (!strcmp(c->args[0], "param"))
		add_params(&c->out);
	return ERR_OK;
}

/* v_taxpayer.c - 企业基本信息: four panes, and what a refresh changed. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli_p.h"

static const struct column TAXPAYER[] = {
    {"tax_no", "税号", COLUMN_TEXT, 0},
    {"name", "名称", COLUMN_TEXT, 0},
    {"type", "纳税人类型", COLUMN_TEXT, FOR_JSON},
    {"type_text", "纳税人类型", COLUMN_TEXT, 0},
    {"state", "纳税人状态", COLUMN_TEXT, FOR_JSON},
    {"state_text", "纳税人状态", COLUMN_TEXT, 0},
    {"pilot", "数电试点", COLUMN_TEXT, FOR_JSON},
    {"pilot_people", "数电试点", COLUMN_TEXT, FOR_PEOPLE},
    {"address", "生产经营地址", COLUMN_TEXT, 0},
    {"phone", "联系电话", COLUMN_TEXT, 0},
    {"bank", "开户行", COLUMN_TEXT, 0},
    {"account", "账号", COLUMN_TEXT, 0},
    {"office", "主管税务机关", COLUMN_TEXT, 0},
    {"industry", "行业代码", COLUMN_TEXT, FOR_JSON},
    {"industry_text", "行业", COLUMN_TEXT, 0},
    {"credit_grade", "纳税信用级别", COLUMN_TEXT, 0},
    {"risk_class", "风险纳税人类型", COLUMN_OPTIONAL, FOR_JSON},
    {"risk_class_text", "风险纳税人类型", COLUMN_TEXT, 0},
    {"alert_level", "预警级别", COLUMN_OPTIONAL, FOR_JSON},
    {"alert_level_text", "预警级别", COLUMN_TEXT, 0},
    {"risk_flag", "风险纳税人", COLUMN_TEXT, FOR_JSON},
    {"risk_flag_people", "风险纳税人", COLUMN_TEXT, FOR_PEOPLE},
    {"may_issue", "可以开票", COLUMN_BOOL, 0},
    {"reason", "不能开票的原因", COLUMN_OPTIONAL, 0},
    {"basic_at", "基本信息时间", COLUMN_TIME, 0},
    {"risk_at", "风险信息时间", COLUMN_TIME, 0},
    {NULL, NULL, COLUMN_TEXT, 0},
};
const struct shape shape_taxpayer = {"taxpayer show, sync", TAXPAYER};

static const struct column RATES[] = {
    {"rate", "税率", COLUMN_TEXT, 0},         {"levy", "征收率", COLUMN_BOOL, 0},
    {"enabled", "启用", COLUMN_BOOL, 0},      {"start", "有效期起", COLUMN_OPTIONAL, 0},
    {"stop", "有效期止", COLUMN_OPTIONAL, 0}, {NULL, NULL, COLUMN_TEXT, 0},
};
const struct shape shape_rates = {"taxpayer show: rates[]", RATES};

/* 授信额度信息: the six figures and their time (features G1, G30). */
static const struct column MONTH[] = {
    {"month", "授信额度属期", COLUMN_TEXT, 0},
    {"total", "本月总额度", COLUMN_MONEY, 0},
    {"available", "局端可下载额度", COLUMN_MONEY, 0},
    {"downloaded", "已下载额度", COLUMN_MONEY, 0},
    {"unused", "已下载未使用额度", COLUMN_MONEY, 0},
    {"reserved", "待上传发票占用", COLUMN_MONEY, 0},
    {"start", "使用区间起", COLUMN_OPTIONAL, 0},
    {"end", "使用区间止", COLUMN_OPTIONAL, 0},
    {"paused", "暂停赋额", COLUMN_BOOL, 0},
    {"synced_at", "额度时间", COLUMN_TIME, 0},
    {NULL, NULL, COLUMN_TEXT, 0},
};
const struct shape shape_taxpayer_quota = {"taxpayer show, sync: quota", MONTH};

struct panes {
	struct grid basic, rates, quota;
	char warning[1200]; /* another name than the unit's; "" none */
};

static const char *code_name(enum code_table t, const char *code)
{
	const struct code_row *row = code_find(t, code);

	return row ? row->name : code;
}

static const char *yes_no(const char *flag)
{
	return !strcmp(flag, "Y") ? "是" : !strcmp(flag, "N") ? "否" : flag;
}

static void fill_basic(struct grid *g, const struct taxpayer *t)
{
	struct err_info why = {0};
	char sector[SECTOR_TEXT];
	bool may = taxpayer_may_issue(t, clock_now(), &why) == ERR_OK;
	const char *const first[] = {t->tax_no,
				     t->name,
				     t->type,
				     code_name(CODES_TAXPAYER_TYPES, t->type),
				     t->state,
				     code_name(CODES_TAXPAYER_STATES, t->state),
				     t->pilot,
				     yes_no(t->pilot),
				     t->address,
				     t->phone,
				     t->bank_name,
				     t->account,
				     t->office_name,
				     t->industry,
				     taxpayer_sector_label(t->industry, sector),
				     t->credit_grade,
				     t->risk_class,
				     taxpayer_risk_label(t->risk_class),
				     t->alert_level,
				     taxpayer_alert_label(t->alert_level),
				     t->risk_flag,
				     yes_no(t->risk_flag)};
	size_t i;

	for (i = 0; i < sizeof(first) / sizeof(first[0]); i++)
		cli_grid_text(g, first[i]);
	cli_grid_bool(g, may);
	cli_grid_text(g, why.why);
	cli_grid_time(g, t->basic_at);
	cli_grid_time(g, t->risk_at);
}

static void fill_quota(struct grid *g, const struct quota_month *q)
{
	const int64_t remote[] = {q->remote_total, q->remote_available, q->remote_downloaded};
	size_t i;

	cli_grid_text(g, q->month);
	for (i = 0; i < sizeof(remote) / sizeof(remote[0]); i++) {
		if (q->has_remote)
			cli_grid_fen(g, remote[i]);
		else
			cli_grid_text(g, "");
	}
	cli_grid_fen(g, q->unused);
	cli_grid_fen(g, q->reserved);
	cli_grid_text(g, q->start);
	cli_grid_text(g, q->end);
	cli_grid_bool(g, q->paused);
	cli_grid_time(g, q->synced_at);
}

static enum err fill(void *arg, const struct taxpayer_view *v)
{
	struct panes *p = arg;
	struct err_info why = {0};
	char rate[RATE_TEXT];
	size_t i;

	p->warning[0] = 0;
	if (!store_taxpayer_named(v->taxpayer, v->unit, ERR_INVALID, &why))
		err_sentence(&why, p->warning, sizeof(p->warning));

	fill_basic(&p->basic, v->taxpayer);
	for (i = 0; i < v->rate_count; i++) {
		cli_grid_text(&p->rates, rate_format(v->rates[i].ppm, rate));
		cli_grid_bool(&p->rates, v->rates[i].levy);
		cli_grid_bool(&p->rates, v->rates[i].enabled);
		cli_grid_text(&p->rates, v->rates[i].start);
		cli_grid_text(&p->rates, v->rates[i].stop);
	}
	fill_quota(&p->quota, v->quota);
	return ERR_OK;
}

static void panes_init(struct panes *p)
{
	memset(p, 0, sizeof(*p));
	cli_grid_init(&p->basic, &shape_taxpayer);
	cli_grid_init(&p->rates, &shape_rates);
	cli_grid_init(&p->quota, &shape_taxpayer_quota);
}

static void panes_free(struct panes *p)
{
	cli_grid_free(&p->basic);
	cli_grid_free(&p->rates);
	cli_grid_free(&p->quota);
}

/* ---- what a refresh changed (features G3) ---- */

/* o: into the array of a document; NULL: a line for people. */
static void put_change(struct cli *c, struct json_out *o, const char *key, const char *label,
		       const char *before, const char *after)
{
	if (!strcmp(before, after))
		return;
	if (!o) {
		cli_say(c, "变更：%s %s → %s", label, *before ? before : "无",
			*after ? after : "无");
		return;
	}
	json_open(o, NULL, '{');
	json_put(o, "key", key);
	json_put(o, "before", before);
	json_put(o, "after", after);
	json_close(o, '}');
}

/* Members of one row, times aside. */
static void put_row_changes(struct cli *c, struct json_out *o, const char *prefix,
			    const struct grid *before, const struct grid *after)
{
	char key[64];
	size_t i;

	for (i = 0; i < after->width; i++) {
		const struct column *k = &after->shape->columns[i];

		if (k->type == COLUMN_TIME || k->who == (o ? FOR_PEOPLE : FOR_JSON))
			continue;
		snprintf(key, sizeof(key), "%s%s", prefix, k->key);
		put_change(c, o, key, k->label, before->cells[i], after->cells[i]);
	}
}

enum { RATE, LEVY, ENABLED, START, STOP };

static const char *const *rate_row(const struct grid *g, const char *const *same)
{
	size_t i;

	for (i = 0; i < cli_grid_rows(g); i++) {
		const char *const *row = (const char *const *)&g->cells[i * g->width];

		if (!strcmp(row[RATE], same[RATE]) && !strcmp(row[LEVY], same[LEVY]))
			return row;
	}
	return NULL;
}

static bool is_on(const char *cell)
{
	return !strcmp(cell, "true") || !strcmp(cell, "是") || !strcmp(cell, "1");
}

static const char *rate_text(const char *const *row, char out[160])
{
	if (row)
		snprintf(out, 160, "%s%s%s%s%s", is_on(row[ENABLED]) ? "启用" : "停用",
			 *row[START] ? "，自 " : "", row[START], *row[STOP] ? " 至 " : "",
			 row[STOP]);
	return row ? out : "";
}

static void put_rate(struct cli *c, struct json_out *o, const char *const *before,
		     const char *const *after)
{
	const char *const *row = after ? after : before;
	char key[64], label[64], was[160], is[160];

	snprintf(key, sizeof(key), "rates.%s%s", row[RATE], is_on(row[LEVY]) ? ".levy" : "");
	snprintf(label, sizeof(label), "%s %s", is_on(row[LEVY]) ? "征收率" : "税率", row[RATE]);
	put_change(c, o, key, label, rate_text(before, was), rate_text(after, is));
}

static void put_rate_changes(struct cli *c, struct json_out *o, const struct grid *before,
			     const struct grid *after)
{
	size_t i;

	for (i = 0; i < cli_grid_rows(after); i++) {
		const char *const *row = (const char *const *)&after->cells[i * after->width];

		put_rate(c, o, rate_row(before, row), row);
	}
	for (i = 0; i < cli_grid_rows(before); i++) {
		const char *const *row = (const char *const *)&before->cells[i * before->width];

		if (!rate_row(after, row))
			put_rate(c, o, row, NULL);
	}
}

static void put_changes(struct cli *c, struct json_out *o, const struct panes *before,
			const struct panes *after)
{
	if (!cli_grid_rows(&before->basic))
		return; /* the first time there is nothing to compare */
	if (o)
		json_open(o, "changes", '[');
	put_row_changes(c, o, "", &before->basic, &after->basic);
	put_row_changes(c, o, "quota.", &before->quota, &after->quota);
	put_rate_changes(c, o, &before->rates, &after->rates);
	if (o)
		json_close(o, ']');
}

static void print_panes(struct cli *c, const struct panes *p, const struct panes *before)
{
	struct json_out o;

	if (!c->json) {
		cli_grid_print_one(c, &p->basic);
		cli_grid_print_one(c, &p->quota);
		cli_grid_table(c, &p->rates);
		if (before)
			put_changes(c, NULL, before, p);
		if (*p->warning)
			cli_say(c, "注意：%s", p->warning);
		return;
	}
	cli_document(c, &o);
	cli_grid_put_members(&o, &p->basic, 0);
	cli_grid_put_rows(&o, "rates", &p->rates);
	cli_grid_put_object(&o, "quota", &p->quota);
	if (before)
		put_changes(c, &o, before, p);
	json_put(&o, "warning", *p->warning ? p->warning : NULL);
	cli_document_end(c, &o);
}

static enum err show(struct cli *c, const struct panes *before)
{
	struct panes p;
	enum err r;

	panes_init(&p);
	if (!(r = desk_taxpayer_show(c->s, fill, &p, &c->e)))
		print_panes(c, &p, before);
	panes_free(&p);
	return r;
}

enum err verb_taxpayer_show(struct cli *c)
{
	return show(c, NULL);
}

enum err verb_taxpayer_sync(struct cli *c)
{
	struct desk_wait w = {0};
	struct panes before;
	enum err r;

	panes_init(&before);
	desk_taxpayer_show(c->s, fill, &before,
			   NULL); /* the first time there is nothing to compare */
	if (!(r = desk_taxpayer_sync(c->s, &w, &c->e)) && !(r = cli_wait_jobs(c, &w)))
		r = show(c, &before);
	desk_wait_free(&w);
	panes_free(&before);
	return r;
}

/* ---- what was changed before ---- */

static const struct column CHANGES[] = {
    {"at", "时间", COLUMN_TIME, 0},          {"key", "项目", COLUMN_TEXT, FOR_JSON},
    {"label", "项目", COLUMN_TEXT, 0},       {"before", "原来", COLUMN_TEXT, FOR_JSON},
    {"before_text", "原来", COLUMN_TEXT, 0}, {"after", "现在", COLUMN_TEXT, FOR_JSON},
    {"after_text", "现在", COLUMN_TEXT, 0},  {NULL, NULL, COLUMN_TEXT, 0},
};
const struct shape shape_taxpayer_changes = {"taxpayer changes", CHANGES};

static enum err add_change(void *arg, const struct taxpayer_change_view *v)
{
	struct grid *g = arg;

	cli_grid_time(g, v->row->at);
	cli_grid_text(g, v->row->key);
	cli_grid_text(g, v->label);
	cli_grid_text(g, v->row->before);
	cli_grid_text(g, *v->before ? v->before : "无");
	cli_grid_text(g, v->row->after);
	cli_grid_text(g, *v->after ? v->after : "无");
	return ERR_OK;
}

static enum err fill_changes(struct cli_list *l)
{
	return desk_taxpayer_changes(l->c->s, cli_option(l->c, "key"), l->cursor, l->limit,
				     add_change, &l->grid, &l->next, &l->total, &l->c->e);
}

enum err verb_taxpayer_changes(struct cli *c)
{
	return cli_list(c, &shape_taxpayer_changes, TOTAL_CAPPED, fill_changes);
}

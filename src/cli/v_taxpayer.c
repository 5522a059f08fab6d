/* v_taxpayer.c - 企业基本信息: four panes, and what a refresh changed. */
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
    {"industry", "行业代码", COLUMN_TEXT, 0},
    {"credit_grade", "纳税信用级别", COLUMN_TEXT, 0},
    {"risk_class", "风险纳税人类型", COLUMN_OPTIONAL, 0},
    {"alert_level", "预警级别", COLUMN_OPTIONAL, 0},
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

struct panes {
	struct grid basic, rates;
	struct quota_month quota;
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
				     t->credit_grade,
				     t->risk_class,
				     t->alert_level,
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

static enum err fill(void *arg, const struct taxpayer_view *v)
{
	struct panes *p = arg;
	char rate[RATE_TEXT];
	size_t i;

	fill_basic(&p->basic, v->taxpayer);
	for (i = 0; i < v->rate_count; i++) {
		cli_grid_text(&p->rates, rate_format(v->rates[i].ppm, rate));
		cli_grid_bool(&p->rates, v->rates[i].levy);
		cli_grid_bool(&p->rates, v->rates[i].enabled);
		cli_grid_text(&p->rates, v->rates[i].start);
		cli_grid_text(&p->rates, v->rates[i].stop);
	}
	p->quota = *v->quota;
	return ERR_OK;
}

static void panes_init(struct panes *p)
{
	memset(p, 0, sizeof(*p));
	cli_grid_init(&p->basic, &shape_taxpayer);
	cli_grid_init(&p->rates, &shape_rates);
}

static void panes_free(struct panes *p)
{
	cli_grid_free(&p->basic);
	cli_grid_free(&p->rates);
}

static void put_quota(struct json_out *o, const struct quota_month *q)
{
	json_open(o, "quota", '{');
	json_put(o, "month", q->month);
	json_put_fen(o, "unused", q->unused);
	json_put_fen(o, "reserved", q->reserved);
	json_close(o, '}');
}

/* Members that differ between two readings, times aside. */
static void put_changes(struct cli *c, struct json_out *o, const struct grid *before,
			const struct grid *after)
{
	size_t i;

	if (!cli_grid_rows(before))
		return;
	if (o)
		json_open(o, "changes", '[');
	for (i = 0; i < after->width; i++) {
		const struct column *k = &after->shape->columns[i];

		if (k->type == COLUMN_TIME || !strcmp(before->cells[i], after->cells[i]) ||
		    (o && k->who == FOR_PEOPLE))
			continue;
		if (o) {
			json_open(o, NULL, '{');
			json_put(o, "key", k->key);
			json_put(o, "before", before->cells[i]);
			json_put(o, "after", after->cells[i]);
			json_close(o, '}');
		} else if (k->who != FOR_JSON) {
			cli_say(c, "变更：%s %s → %s", k->label, before->cells[i], after->cells[i]);
		}
	}
	if (o)
		json_close(o, ']');
}

static void print_panes(struct cli *c, const struct panes *p, const struct panes *before)
{
	struct json_out o;
	char unused[FEN_TEXT + 8], reserved[FEN_TEXT + 8];

	if (!c->json) {
		cli_grid_print_one(c, &p->basic);
		cli_say(c, "额度（%s）已下载未使用 %s，待上传发票占用 %s", p->quota.month,
			fen_format_grouped(p->quota.unused, unused),
			fen_format_grouped(p->quota.reserved, reserved));
		cli_grid_table(c, &p->rates);
		if (before)
			put_changes(c, NULL, &before->basic, &p->basic);
		return;
	}
	cli_document(c, &o);
	cli_grid_put_members(&o, &p->basic, 0);
	cli_grid_put_rows(&o, "rates", &p->rates);
	put_quota(&o, &p->quota);
	if (before)
		put_changes(c, &o, &before->basic, &p->basic);
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

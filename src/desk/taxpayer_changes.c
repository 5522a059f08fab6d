/* taxpayer_changes.c - what the tax side changed of 企业基本信息, in the words of its panes. */
#include <stdio.h>
#include <string.h>

#include "base/base.h"
#include "desk/page_p.h"
#include "desk/taxpayer.h"

#define RATES "rates."
#define LEVY  ".levy"

static const char *type_text(const char *code)
{
	const struct code_row *row = code_find(CODES_TAXPAYER_TYPES, code);

	return row ? row->name : code;
}

static const char *state_text(const char *code)
{
	const struct code_row *row = code_find(CODES_TAXPAYER_STATES, code);

	return row ? row->name : code;
}

static const char *yes_no(const char *flag)
{
	return !strcmp(flag, "Y") ? "是" : !strcmp(flag, "N") ? "否" : flag;
}

static const char *as_it_is(const char *text)
{
	return text;
}

static const struct {
	const char *key, *label;
	const char *(*text)(const char *value);
} ITEMS[] = {
    {"tax_no", "税号", as_it_is},
    {"name", "名称", as_it_is},
    {"type", "纳税人类型", type_text},
    {"state", "纳税人状态", state_text},
    {"pilot", "数电试点", yes_no},
    {"credit_grade", "纳税信用级别", as_it_is},
    {"risk_class", "风险纳税人类型", taxpayer_risk_label},
    {"alert_level", "预警级别", taxpayer_alert_label},
    {"risk_flag", "风险纳税人", yes_no},
    {"address", "生产经营地址", as_it_is},
    {"phone", "联系电话", as_it_is},
    {"bank", "开户行", as_it_is},
    {"account", "账号", as_it_is},
    {"office", "主管税务机关", as_it_is},
    {"industry", "行业代码", as_it_is},
    {"legal_person", "法定代表人", as_it_is},
    {"finance_person", "财务负责人", as_it_is},
    {"export_class", "出口企业分类", as_it_is},
};
enum { ITEMS_N = sizeof(ITEMS) / sizeof(ITEMS[0]) };

static int item_of(const char *key)
{
	for (int i = 0; i < ITEMS_N; i++)
		if (!strcmp(ITEMS[i].key, key))
			return i;
	return -1;
}

/* "税率 0.13", "征收率 0.03" of the key of a rate. */
static void rate_label(const char *key, char *out, size_t size)
{
	const char *rate = key + strlen(RATES);
	size_t n = strlen(rate), tail = strlen(LEVY);
	bool levy = n > tail && !strcmp(rate + n - tail, LEVY);

	snprintf(out, size, "%s %.*s", levy ? "征收率" : "税率", (int)(levy ? n - tail : n), rate);
}

struct changes {
	struct page page;
	struct session *s;
	int64_t unit;
	const char *key;
	taxpayer_change_view_each f;
	void *arg;
};

static enum err give(void *arg, const struct taxpayer_change *c)
{
	struct changes *l = arg;
	struct taxpayer_change_view v = {
	    .row = c, .label = c->key, .before = c->before, .after = c->after};
	int i = item_of(c->key);
	char label[64];

	if (!page_takes(&l->page, c->id))
		return ERR_OK;
	if (i >= 0) {
		v.label = ITEMS[i].label;
		v.before = ITEMS[i].text(c->before);
		v.after = ITEMS[i].text(c->after);
	} else if (!strncmp(c->key, RATES, strlen(RATES))) {
		rate_label(c->key, label, sizeof(label));
		v.label = label;
	}
	return l->f(l->arg, &v);
}

static enum err read_changes(struct page *p, int64_t cursor, int max, struct err_info *e)
{
	struct changes *l = (struct changes *)p;

	return store_taxpayer_changes(l->s->db, l->unit, l->key, cursor, max, give, l, e);
}

static enum err check_key(const char *key, struct err_info *e)
{
	if (!key || item_of(key) >= 0 || !strncmp(key, RATES, strlen(RATES)))
		return ERR_OK;
	err_fail(e, ERR_INVALID, "taxpayer.key", "企业信息的变更", "没有“%.40s”这一项", key);
	err_hint(e, "写 taxpayer show --json 里的键，如 name、credit_grade；税率写 rates. 或 "
		    "rates.0.13");
	err_field(e, "key");
	return ERR_INVALID;
}

enum err desk_taxpayer_changes(struct session *s, const char *key, int64_t cursor, int limit,
			       taxpayer_change_view_each f, void *arg, int64_t *next,
			       int64_t *total, struct err_info *e)
{
	struct changes l = {.page.read = read_changes, .s = s, .key = key, .f = f, .arg = arg};
	struct unit u;
	enum err r;

	*next = *total = 0;
	if ((r = desk_allow(s, DESK_VIEW, e)) || (r = check_key(key, e)) ||
	    (r = desk_unit(s, &u, e)))
		return r;
	l.unit = u.id;
	unit_free(&u);
	return page_list(&l.page, cursor, limit, next, total, e);
}

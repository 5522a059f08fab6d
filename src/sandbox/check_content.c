/* sandbox/check_content.c - tax codes, rates, preferences and what may stand together
 * (protocol 6.3, 7.3, 7.9, 7.14). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sandbox/check.h"

/* Telecom companies (industry 63) may use these collecting codes. */
static const struct {
	const char *code;
	long ppm;
	const char *preference, *kind; /* kind "" = both */
} telecom[] = {
    {"3030100000000000000", 90000, "", ""},
    {"3030200000000000000", 60000, "", ""},
    {"3030000000000000000", 0, "04", "02"},
};

#define PREPAID      "3030000000000000000"
#define TOP_UP       "6010000000000000000"
#define WATER        "6110000000000000000"
#define AIRPORT_FUND "6130000000000000000"

static bool is(const char *a, const char *b)
{
	return strcmp(a, b) == 0;
}

static bool check_telecom(struct invoice *v, const struct line *l)
{
	if (strncmp(v->u->v[U_HYDM], "63", 2) == 0) {
		for (size_t i = 0; i < sizeof(telecom) / sizeof(telecom[0]); i++) {
			if (!is(l->code, telecom[i].code))
				continue;
			bool ok = l->ppm == telecom[i].ppm &&
				  (!telecom[i].preference[0] ||
				   is(l->preference, telecom[i].preference)) &&
				  (!telecom[i].kind[0] || is(head(v, "fppz"), telecom[i].kind));
			return ok || check_refuse(v, "",
						  "第%zu行电信商品编码%s的税率、优惠政策或票种不符",
						  l->index, l->code);
		}
	}
	return check_refuse(v, "", "第%zu行商品编码%s为汇总项，不允许开票", l->index, l->code);
}

static bool check_code(struct invoice *v, struct line *l)
{
	l->tax = taxcodes_find(v->sb, l->code);
	if (!l->tax)
		return check_refuse(v, "", "第%zu行商品编码%s不存在", l->index, l->code);
	if (strcmp(l->tax->start, v->day) > 0)
		return check_refuse(v, "", "第%zu行商品编码%s尚未启用", l->index, l->code);
	if (l->tax->stop[0] && strcmp(l->tax->stop, v->day) <= 0)
		return check_refuse(v, "", "第%zu行商品编码%s已停用", l->index, l->code);
	if (!is(cell(l, "spfwjc"), l->tax->short_name))
		return check_refuse(v, "", "第%zu行商品服务简称与商品编码%s不符，应为%s", l->index,
				    l->code, l->tax->short_name);
	if (l->code[0] == '6' && !is(l->preference, "04"))
		return check_refuse(v, "", "第%zu行6开头的商品编码应使用优惠政策04不征税",
				    l->index);
	if (is(l->code, TOP_UP) && !is(head(v, "fppz"), "02"))
		return check_refuse(v, "", "第%zu行预付卡销售和充值只能开具数电普票", l->index);
	return !l->tax->summary || check_telecom(v, l);
}

/* ---- rates ---- */

/* Rates a preference prescribes, in parts per million; -1 ends. */
static const struct {
	const char *preference;
	long ppm[3];
} prescribed[] = {
    {"01", {30000, 50000, -1}}, {"03", {0, -1}},     {"04", {0, -1}},
    {"08", {30000, -1}},        {"09", {50000, -1}}, {"10", {-1}},
};

static bool check_rate(struct invoice *v, const struct line *l)
{
	if (!rates_enabled(v->sb, l->ppm, v->day))
		return check_refuse(v, "", "第%zu行税率【%s】不可用", l->index, cell(l, "slv"));
	if (l->tax->summary)
		return true; /* check_telecom fixed it */
	for (size_t i = 0; i < sizeof(prescribed) / sizeof(prescribed[0]); i++) {
		if (!is(prescribed[i].preference, l->preference))
			continue;
		for (const long *p = prescribed[i].ppm; *p >= 0; p++) {
			if (*p == l->ppm)
				return true;
		}
		return check_refuse(v, "", "第%zu行税率【%s】与优惠政策标识%s不符", l->index,
				    cell(l, "slv"), l->preference);
	}
	return v->cezs[0] || /* check_differential has its list */
	       taxcode_allows(l->tax, l->ppm) ||
	       check_refuse(v, "", "第%zu行税率【%s】不在商品编码%s的税率范围内", l->index,
			    cell(l, "slv"), l->code);
}

static bool check_exempt(struct invoice *v, const struct line *l)
{
	bool free_of_tax = is(l->preference, "03") || is(l->preference, "04");
	return !free_of_tax || mpq_sgn(l->se) == 0 ||
	       check_refuse(v, "", "第%zu行免税、不征税的税额应为0", l->index);
}

/* ---- 不征税 together with others ---- */

static bool air_passenger(const char *code)
{
	static const char *const codes[] = {"3010301010100000000", "3010301010200000000",
					    "3010301010300000000"};
	for (size_t i = 0; i < 3; i++) {
		if (is(code, codes[i]))
			return true;
	}
	return false;
}

/* Whether a 不征税 line may stand beside the other line. */
static bool may_join(const struct line *free_line, const struct line *other)
{
	if (is(other->preference, "04") || is(free_line->code, WATER) ||
	    is(free_line->code, PREPAID))
		return true;
	return is(free_line->code, AIRPORT_FUND) && air_passenger(other->code);
}

static bool check_mix(struct invoice *v)
{
	for (size_t i = 0; i < v->n; i++) {
		if (!is(v->lines[i].preference, "04"))
			continue;
		for (size_t k = 0; k < v->n; k++) {
			if (!may_join(&v->lines[i], &v->lines[k]))
				return check_refuse(
				    v, "", "不征税商品（第%zu行）不能与其他商品（第%zu行）混开",
				    i + 1, k + 1);
		}
	}
	return true;
}

/* A red invoice repeats its form; what has been stopped since does not matter. */
static bool check_red_content(struct invoice *v)
{
	for (size_t i = 0; i < v->n; i++)
		v->lines[i].tax = taxcodes_find(v->sb, v->lines[i].code);
	return check_coal(v);
}

bool check_content(struct invoice *v)
{
	if (v->red)
		return check_red_content(v);
	for (size_t i = 0; i < v->n; i++) {
		struct line *l = &v->lines[i];
		if (!check_code(v, l) || !check_rate(v, l) || !check_exempt(v, l))
			return false;
	}
	return check_mix(v) && check_coal(v);
}

/* ---- quota ---- */

/* 6nn followed by sixteen zeros, nn 01..16. */
static bool counts_in_quota(const struct line *l)
{
	if (!is(l->preference, "04"))
		return true;
	int n = (l->code[1] - '0') * 10 + (l->code[2] - '0');
	return l->code[0] == '6' && n >= 1 && n <= 16 && is(l->code + 3, "0000000000000000");
}

int64_t check_quota_fen(const struct invoice *v)
{
	int64_t fen = 0, line;
	if (!money_parse(head(v, "hjje"), &fen))
		return 0;
	for (size_t i = 0; i < v->n; i++) {
		if (!counts_in_quota(&v->lines[i]) && money_parse(cell(&v->lines[i], "je"), &line))
			fen -= line;
	}
	return fen;
}

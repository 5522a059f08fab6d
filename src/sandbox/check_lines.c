/* sandbox/check_lines.c - numbering, pairs and discount lines (protocol 7.5, 7.7). */
#include <stdio.h>
#include <string.h>

#include "sandbox/check.h"

static bool is(const char *a, const char *b)
{
	return strcmp(a, b) == 0;
}

static bool check_number(struct invoice *v, const struct line *l)
{
	const char *text = cell(l, "mxxh");
	char expected[24];
	for (const char *p = text; *p; p++) {
		if (*p < '0' || *p > '9')
			return check_refuse(v, "BI1023", "第%zu行明细序号不是数字", l->index);
	}
	snprintf(expected, sizeof(expected), "%zu", l->index);
	return is(text, expected) ||
	       check_refuse(v, "BI1020", "明细序号应从1起依次递增，第%zu行为%s", l->index, text);
}

static bool check_blue_line_number(struct invoice *v, const struct line *l)
{
	bool given = cell(l, "dylzfpmxxh")[0] != 0;
	if (v->red && !given)
		return check_refuse(v, "BI1026", "第%zu行对应蓝字发票明细序号不能为空", l->index);
	if (!v->red && given)
		return check_refuse(v, "BI1084", "第%zu行：蓝字发票的对应蓝字发票明细序号应为空",
				    l->index);
	return true;
}

static bool check_name(struct invoice *v, const struct line *l)
{
	const char *name = cell(l, "hwhyslwfwmc"), *class = cell(l, "spfwjc");
	size_t n = strlen(class);
	bool ok = name[0] == '*' && strncmp(name + 1, class, n) == 0 && name[n + 1] == '*' &&
		  is(name + n + 2, cell(l, "xmmc"));
	return ok ||
	       check_refuse(v, "", "第%zu行货物或应税劳务、服务名称应为*商品服务简称*项目名称",
			    l->index);
}

static bool check_pair(struct invoice *v, const struct line *l)
{
	bool sl = cell(l, "sl")[0] != 0, dj = cell(l, "dj")[0] != 0;
	return sl == dj ||
	       check_refuse(v, "BI1028", "第%zu行数量和单价应同时填写或同时为空", l->index);
}

/* ---- discounts ---- */

static bool check_discount_empty(struct invoice *v, const struct line *l)
{
	static const char *const keys[] = {"ggxh", "dw", "sl", "dj"};
	for (size_t i = 0; i < 4; i++) {
		if (cell(l, keys[i])[0])
			return check_refuse(v, "BI1076",
					    "第%zu行折扣行的规格型号、单位、数量、单价应为空",
					    l->index);
	}
	if (l->has_kce)
		return check_refuse(v, "BI1083", "第%zu行折扣行的扣除额应为空", l->index);
	return true;
}

static bool check_discount_same(struct invoice *v, const struct line *l, const struct line *above)
{
	static const struct {
		const char *key, *name, *code;
	} same[] = {
	    {"xmmc", "项目名称", "BI1053"},
	    {"hwhyslwfwmc", "货物或应税劳务、服务名称", "BI1053"},
	    {"spfwjc", "商品服务简称", "BI1053"},
	    {"sphfwssflhbbm", "商品编码", "BI1077"},
	    {"yhzcbs", "优惠政策标识", ""},
	};
	for (size_t i = 0; i < sizeof(same) / sizeof(same[0]); i++) {
		if (!is(cell(l, same[i].key), cell(above, same[i].key)))
			return check_refuse(v, same[i].code, "第%zu行折扣行的%s与被折扣行不一致",
					    l->index, same[i].name);
	}
	if (!mpq_equal(l->slv, above->slv))
		return check_refuse(v, "BI1086", "第%zu行折扣行的税率与被折扣行不一致", l->index);
	return true;
}

static bool check_discount_size(struct invoice *v, const struct line *l, const struct line *above)
{
	mpq_t rest;
	mpq_init(rest);
	mpq_add(rest, l->je, above->je);
	bool amount = mpq_sgn(rest) >= 0;
	mpq_add(rest, l->se, above->se);
	bool tax = mpq_sgn(rest) >= 0;
	mpq_clear(rest);
	if (!amount)
		return check_refuse(v, "BI1079", "第%zu行折扣金额大于被折扣行金额", l->index);
	return tax || check_refuse(v, "BI1081", "第%zu行折扣税额大于被折扣行税额", l->index);
}

static bool check_discount_place(struct invoice *v, const struct line *l, const struct line *above)
{
	bool open = above && is(above->kind, "02");
	if (is(l->kind, "01") && !open)
		return check_refuse(v, "BI1054", "第%zu行折扣行的上一行不是被折扣行", l->index);
	if (!is(l->kind, "01") && open)
		return check_refuse(v, "BI1055", "第%zu行被折扣行的下一行不是折扣行", above->index);
	if (is(l->kind, "02") && l->index == v->n)
		return check_refuse(v, "BI1055", "第%zu行被折扣行的下一行不是折扣行", l->index);
	return true;
}

static bool check_discount(struct invoice *v, const struct line *l)
{
	const struct line *above = l->index > 1 ? l - 1 : NULL;
	if (!check_discount_place(v, l, above))
		return false;
	if (is(l->kind, "00"))
		return true;
	if (v->red)
		return check_refuse(v, "BI1050", "红字发票不应有折扣行");
	if (v->cezs[0])
		return check_refuse(v, "BI1085", "差额征税发票不应有折扣行");
	if (is(l->kind, "02") && l->has_kce)
		return check_refuse(v, "BI1083", "第%zu行被折扣行的扣除额应为空", l->index);
	if (!is(l->kind, "01"))
		return true;
	return check_discount_empty(v, l) && check_discount_same(v, l, above);
}

bool check_lines(struct invoice *v)
{
	for (size_t i = 0; i < v->n; i++) {
		const struct line *l = &v->lines[i];
		if (!check_number(v, l) || !check_blue_line_number(v, l) || !check_name(v, l) ||
		    !check_pair(v, l) || !check_discount(v, l))
			return false;
	}
	if (!check_sums(v))
		return false;
	for (size_t i = 1; i < v->n; i++) { /* sizes only mean something once the signs are right */
		if (is(v->lines[i].kind, "01") &&
		    !check_discount_size(v, &v->lines[i], &v->lines[i - 1]))
			return false;
	}
	return true;
}

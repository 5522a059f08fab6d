/* sandbox/check_sums.c - signs and arithmetic with the printed tolerances (protocol 7.6). */
#include <string.h>

#include "sandbox/check.h"

/* Tolerances in hundredths. */
enum { NEAR_PRODUCT = 1, NEAR_TOTAL = 1, NEAR_TAX = 6, NEAR_TAX_TOTAL = 127 };

static bool refuse_line(struct invoice *v, const struct line *l, const char *code, const char *what)
{
	return check_refuse(v, code, "第%zu行%s", l->index, what);
}

/* ---- signs ---- */

static bool check_blue_signs(struct invoice *v, const struct line *l)
{
	if (strcmp(l->kind, "01") == 0)
		return (mpq_sgn(l->je) < 0 && mpq_sgn(l->hsje) < 0 && mpq_sgn(l->se) <= 0) ||
		       refuse_line(v, l, "BI1075", "折扣行的金额、含税金额应小于0，税额不应大于0");
	if (mpq_sgn(l->je) <= 0 || mpq_sgn(l->hsje) <= 0 || mpq_sgn(l->se) < 0)
		return refuse_line(v, l, "BI1039", "金额、含税金额应大于0，税额不应小于0");
	if (l->has_sl && mpq_sgn(l->dj) <= 0)
		return refuse_line(v, l, "BI1047", "单价应大于0");
	return !l->has_sl || mpq_sgn(l->sl) > 0 || refuse_line(v, l, "BI1048", "数量应大于0");
}

static bool check_red_signs(struct invoice *v, const struct line *l)
{
	if (mpq_sgn(l->je) >= 0 || mpq_sgn(l->hsje) >= 0 || mpq_sgn(l->se) > 0)
		return refuse_line(v, l, "BI1042", "金额、含税金额应小于0，税额不应大于0");
	if (l->has_sl && mpq_sgn(l->dj) <= 0)
		return refuse_line(v, l, "BI1047", "单价应大于0");
	return !l->has_sl || mpq_sgn(l->sl) < 0 || refuse_line(v, l, "BI1049", "数量应小于0");
}

static bool check_total_signs(struct invoice *v)
{
	int amount = mpq_sgn(v->hjje), tax = mpq_sgn(v->hjse), all = mpq_sgn(v->jshj);
	if (v->red)
		return (amount < 0 && all < 0 && tax <= 0) ||
		       check_refuse(v, "BI1041", "合计金额、价税合计应小于0，合计税额不应大于0");
	return (amount > 0 && all > 0 && tax >= 0) ||
	       check_refuse(v, "BI1038", "合计金额、价税合计应大于0，合计税额不应小于0");
}

/* ---- one line ---- */

static bool product_near(const mpq_t a, const mpq_t b, const mpq_t c, unsigned long hundredths)
{
	mpq_t p;
	mpq_init(p);
	mpq_mul(p, a, b);
	bool near = num_near(p, c, hundredths);
	mpq_clear(p);
	return near;
}

static bool check_line_sum(struct invoice *v, const struct line *l)
{
	mpq_t t, divisor;
	mpq_inits(t, divisor, NULL);
	mpq_add(t, l->je, l->se);
	bool exact = mpq_equal(t, l->hsje);
	mpq_set_ui(divisor, 1, 1);
	mpq_add(divisor, divisor, l->slv);
	mpq_div(t, l->hsje, divisor);
	/* what is left of a blue line after partial reds carries the cents of all of them */
	bool back = v->red || v->cezs[0] || num_near(t, l->je, NEAR_PRODUCT);
	mpq_clears(t, divisor, NULL);
	if (!exact)
		return refuse_line(v, l, "BI1051", "含税金额不等于金额加税额");
	return back || refuse_line(v, l, "BI1080", "含税金额换算的金额与金额相差超过0.01");
}

static bool check_line(struct invoice *v, const struct line *l)
{
	if (mpq_sgn(l->slv) < 0)
		return refuse_line(v, l, "BI1082", "税率小于0");
	if (!(v->red ? check_red_signs(v, l) : check_blue_signs(v, l)))
		return false;
	if (l->has_sl && !product_near(l->dj, l->sl, l->je, NEAR_PRODUCT))
		return refuse_line(v, l, "BI1013", "单价乘以数量与金额相差超过0.01");
	if (!v->cezs[0] && !product_near(l->je, l->slv, l->se, NEAR_TAX))
		return refuse_line(v, l, "BI1016", "金额乘以税率与税额相差超过0.06");
	return check_line_sum(v, l);
}

/* ---- the invoice ---- */

static bool check_totals(struct invoice *v)
{
	mpq_t amount, tax, product;
	mpq_inits(amount, tax, product, NULL);
	for (size_t i = 0; i < v->n; i++) {
		mpq_add(amount, amount, v->lines[i].je);
		mpq_mul(product, v->lines[i].je, v->lines[i].slv);
		mpq_add(tax, tax, product);
	}
	bool amount_ok = num_near(amount, v->hjje, NEAR_TOTAL);
	bool tax_ok = v->cezs[0] || num_near(tax, v->hjse, NEAR_TAX_TOTAL);
	mpq_add(product, v->hjje, v->hjse);
	bool all_ok = mpq_equal(product, v->jshj);
	mpq_clears(amount, tax, product, NULL);
	if (!amount_ok)
		return check_refuse(v, "BI1014", "各行金额之和与合计金额相差超过0.01");
	if (!all_ok)
		return check_refuse(v, "BI1015", "合计金额加合计税额不等于价税合计");
	return tax_ok || check_refuse(v, "BI1018", "各行金额乘以税率之和与合计税额相差超过1.27");
}

bool check_sums(struct invoice *v)
{
	if (!check_total_signs(v))
		return false;
	for (size_t i = 0; i < v->n; i++) {
		if (!check_line(v, &v->lines[i]))
			return false;
	}
	return check_totals(v);
}

/* sandbox/check_differential.c - 差额征税: one line, deduction, formulas, vouchers (protocol 7.8). */
#include <string.h>

#include "sandbox/check.h"

enum { NEAR_TAX = 6 };

/* What each kind of voucher needs of fpdm, fphm, cepzhm, kjrq, bz: R required, o optional, - empty.
 * pzhjje and bckcje are always required. */
static const struct {
	const char *kind, *need;
} vouchers[] = {
    {"01", "-R-Ro"}, {"02", "RR-Ro"}, {"03", "RR-Ro"}, {"04", "RR-Ro"}, {"05", "--ooo"},
    {"06", "--ooo"}, {"07", "--ooo"}, {"08", "oo-oR"}, {"09", "--ooR"},
};

static bool check_voucher(struct invoice *v, const cJSON *row, mpq_t sum)
{
	static const char *const keys[] = {"fpdm", "fphm", "cepzhm", "kjrq", "bz"};
	const char *kind = json_member(row, "pzlx"), *need = NULL;
	for (size_t i = 0; i < sizeof(vouchers) / sizeof(vouchers[0]); i++) {
		if (strcmp(vouchers[i].kind, kind) == 0)
			need = vouchers[i].need;
	}
	if (!need)
		return check_refuse(v, "", "差额扣除清单的凭证类型不能为空");
	for (size_t i = 0; i < 5; i++) {
		bool given = json_member(row, keys[i])[0] != 0;
		if (need[i] == (given ? '-' : 'R'))
			return check_refuse(v, "", "差额扣除清单：凭证类型%s的%s%s", kind, keys[i],
					    given ? "应为空" : "不能为空");
	}
	mpq_t total, part;
	mpq_inits(total, part, NULL);
	bool ok = num_parse(json_member(row, "pzhjje"), 16, 2, total) &&
		  num_parse(json_member(row, "bckcje"), 16, 2, part) && mpq_cmp(part, total) <= 0;
	if (ok)
		mpq_add(sum, sum, part);
	mpq_clears(total, part, NULL);
	return ok || check_refuse(v, "", "差额扣除清单：本次扣除金额应不大于凭证合计金额");
}

static bool voucher_empty(const cJSON *row)
{
	const cJSON *each;
	cJSON_ArrayForEach(each, row)
	{
		const char *s = json_text(each);
		if (s && s[0])
			return false;
	}
	return true;
}

static bool check_vouchers(struct invoice *v, const struct line *l)
{
	const cJSON *row;
	mpq_t sum;
	mpq_init(sum);
	bool ok = true;
	size_t n = 0;
	cJSON_ArrayForEach(row, json_get(v->json, "cekcList"))
	{
		if (ok && !voucher_empty(row)) {
			n++;
			ok = check_voucher(v, row, sum);
		}
	}
	if (ok && v->red && n)
		ok = check_refuse(v, "", "红字发票的差额扣除清单应为空");
	else if (ok && !v->red && mpq_sgn(l->kce) != 0 && !mpq_equal(sum, l->kce))
		ok = check_refuse(v, "", "差额扣除清单合计与扣除额不一致");
	mpq_clear(sum);
	return ok;
}

/* se against (hsje - kce) / (1 + slv) * slv; 01 全额开票 leaves kce out. */
static bool tax_near(const struct invoice *v, const struct line *l)
{
	mpq_t t, divisor;
	mpq_inits(t, divisor, NULL);
	mpq_set(t, l->hsje);
	if (strcmp(v->cezs, "02") == 0)
		mpq_sub(t, t, l->kce);
	mpq_set_ui(divisor, 1, 1);
	mpq_add(divisor, divisor, l->slv);
	mpq_div(t, t, divisor);
	mpq_mul(t, t, l->slv);
	bool near = num_near(t, l->se, NEAR_TAX);
	mpq_clears(t, divisor, NULL);
	return near;
}

bool check_differential(struct invoice *v)
{
	if (!v->cezs[0]) {
		for (size_t i = 0; i < v->n; i++) {
			if (v->lines[i].has_kce && mpq_sgn(v->lines[i].kce) != 0)
				return check_refuse(
				    v, "BI1083", "第%zu行：不是差额征税发票，扣除额应为空", i + 1);
		}
		return true;
	}
	const struct line *l = &v->lines[0];
	if (v->n != 1)
		return check_refuse(v, "", "差额征税发票只能有一行明细");
	if (!l->has_kce)
		return check_refuse(v, "BI1037", "差额征税发票的扣除额不能为空");
	int sign = mpq_sgn(l->kce);
	bool low = v->red ? sign > 0 : sign < 0;
	bool high = v->red ? mpq_cmp(l->kce, l->hsje) < 0 : mpq_cmp(l->kce, l->hsje) > 0;
	if (low || high || (sign == 0 && strcmp(v->cezs, "02") == 0))
		return check_refuse(v, "BI1078", "扣除额不在含税金额范围内");
	if (!l->tax->differential)
		return check_refuse(v, "", "商品编码%s不允许差额征税", l->code);
	return (tax_near(v, l) || check_refuse(v, "BI1017", "差额征税的税额相差超过0.06")) &&
	       check_vouchers(v, l);
}

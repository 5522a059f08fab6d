/* sandbox/check_differential.c - 差额征税: one line, deduction, formulas, vouchers (protocol 7.8). */
#include <string.h>

#include "sandbox/check.h"
#include "sandbox/differential.h"

static bool is(const char *a, const char *b)
{
	return strcmp(a, b) == 0;
}

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
		  num_parse(json_member(row, "bckcje"), 16, 2, part);
	bool positive = ok && mpq_sgn(total) > 0 && mpq_sgn(part) > 0;
	ok = ok && mpq_cmp(part, total) <= 0;
	if (ok)
		mpq_add(sum, sum, part);
	mpq_clears(total, part, NULL);
	if (!ok)
		return check_refuse(v, "", "差额扣除清单：本次扣除金额应不大于凭证合计金额");
	if (!positive)
		return check_refuse(v, "", "差额扣除清单：凭证合计金额和本次扣除金额应大于0");
	return strcmp(json_member(row, "kjrq"), v->day) <= 0 ||
	       check_refuse(v, "", "差额扣除清单：凭证开具日期不应晚于开票日期");
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
	else if (ok && !v->red && (n || mpq_sgn(l->kce) != 0) && !mpq_equal(sum, l->kce))
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

/* ---- what the list of codes allows ---- */

static bool check_kind(struct invoice *v, const struct line *l, const struct differential *d)
{
	bool part = is(v->cezs, "02"), special = is(head(v, "fppz"), "01");
	if (part && !d->part)
		return check_refuse(v, "", "商品编码%s不允许差额开票", l->code);
	if (special && !(part ? d->part_special : d->full_special))
		return check_refuse(v, "", "商品编码%s%s时不允许开具数电专票", l->code,
				    part ? "差额开票" : "全额开票");
	if ((is(l->code, "1100301010000000000") || is(l->code, "3040801010000000000")) &&
	    strncmp(v->u->v[U_HYDM], "702", 3) != 0)
		return check_refuse(v, "", "商品编码%s的差额征税要求行业为物业管理", l->code);
	return true;
}

/* Banks and asset managers that deduct may use 9 % for these. */
static bool financial_rate(const struct invoice *v, const struct line *l)
{
	static const char *const codes[] = {"5010102000000000000", "5010199000000000000",
					    "5010202000000000000", "5010299000000000000",
					    "5019900000000000000", "5020000000000000000",
					    "5030000000000000000"};
	const char *industry = v->u->v[U_HYDM];
	bool financial = strncmp(industry, "662", 3) == 0 || strncmp(industry, "663", 3) == 0 ||
			 is(industry, "6950");
	if (!financial || l->ppm != 90000 || !is(v->cezs, "02"))
		return false;
	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
		if (is(l->code, codes[i]))
			return true;
	}
	return false;
}

static bool check_rate(struct invoice *v, const struct line *l, const struct differential *d)
{
	bool small = is(v->u->v[U_NSRLX], "2") || is(v->u->v[U_NSRLX], "3");
	bool simplified =
	    is(l->preference, "01") || is(l->preference, "08") || is(l->preference, "09");
	bool allowed = small ? taxcode_names_rate(d->small, l->ppm)
			     : taxcode_names_rate(d->general, l->ppm) ||
				   (simplified && taxcode_names_rate(d->levy, l->ppm)) ||
				   financial_rate(v, l);
	return allowed || check_refuse(v, "", "税率【%s】不在商品编码%s差额征税的税率范围内",
				       cell(l, "slv"), l->code);
}

static bool check_allowed(struct invoice *v, const struct line *l)
{
	struct differential d;
	if (!l->tax->differential)
		return check_refuse(v, "", "商品编码%s不允许差额征税", l->code);
	differential_of(v->sb, l->tax, &d);
	return check_kind(v, l, &d) && check_rate(v, l, &d);
}

/* ---- the deduction ---- */

static bool check_ordinary(struct invoice *v)
{
	const cJSON *row;
	for (size_t i = 0; i < v->n; i++) {
		if (v->lines[i].has_kce && mpq_sgn(v->lines[i].kce) != 0)
			return check_refuse(v, "BI1083", "第%zu行：不是差额征税发票，扣除额应为空",
					    i + 1);
	}
	cJSON_ArrayForEach(row, json_get(v->json, "cekcList"))
	{
		if (!voucher_empty(row))
			return check_refuse(v, "", "不是差额征税发票，差额扣除清单应为空");
	}
	return true;
}

static bool check_deduction(struct invoice *v, const struct line *l)
{
	if (!l->has_kce)
		return check_refuse(v, "BI1037", "差额征税发票的扣除额不能为空");
	int sign = mpq_sgn(l->kce);
	bool low = v->red ? sign > 0 : sign < 0;
	bool high = v->red ? mpq_cmp(l->kce, l->hsje) < 0 : mpq_cmp(l->kce, l->hsje) > 0;
	return (!low && !high && (sign != 0 || !is(v->cezs, "02"))) ||
	       check_refuse(v, "BI1078", "扣除额不在含税金额范围内");
}

bool check_differential(struct invoice *v)
{
	const struct line *l = &v->lines[0];
	if (!v->cezs[0])
		return check_ordinary(v);
	if (v->n != 1)
		return check_refuse(v, "", "差额征税发票只能有一行明细");
	return check_deduction(v, l) && (v->red || check_allowed(v, l)) &&
	       (tax_near(v, l) || check_refuse(v, "BI1017", "差额征税的税额相差超过0.06")) &&
	       check_vouchers(v, l);
}

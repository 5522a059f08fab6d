/* tax/calc.c - arithmetic of a line and of the invoice's totals.  Nothing here allocates. */
#include "tax/calc.h"

#include <stdio.h>
#include <string.h>

#include "tax/calc_p.h"

enum { PRICE_DECIMALS = 13, DISCOUNT_DECIMALS = 6, TOLERANCE_FEN = 1 };

static const struct dec zero;

/* A fault of one member: `member` is the JSON key, `label` the tax bureau's term. */
struct member {
	const char *key, *label;
};
static const struct member quantity_member = {"quantity", "数量"};
static const struct member price_member = {"price", "单价"};
static const struct member amount_member = {"amount", "金额"};
static const struct member rate_member = {"tax_rate", "税率"};
static const struct member discount_member = {"discount", "折扣"};
static const struct member adjust_member = {"tax_adjust", "税额调整"};

static enum err fail(struct err_info *e, size_t row, const struct member *m, const char *code,
		     const char *hint, const char *why)
{
	char what[64];

	if (!e)
		return ERR_INVALID;
	if (row)
		snprintf(what, sizeof(what), "第 %zu 行%s", row, m->label);
	else
		snprintf(what, sizeof(what), "%s", m->label);
	err_fail(e, ERR_INVALID, code, what, "%s", why);
	if (row)
		err_field(e, "lines[%zu].%s", row - 1, m->key);
	else
		err_field(e, "%s", m->key);
	err_hint(e, "%s", hint);
	return ERR_INVALID;
}

static enum err fail_overflow(struct err_info *e, size_t row)
{
	return fail(e, row, &amount_member, "line.amount.overflow", "请核对数量和单价",
		    "超过 18 位数字（含 2 位小数）");
}

void tax_split(int64_t amount_fen, int32_t rate_ppm, bool inclusive, int64_t *net, int64_t *tax,
	       int64_t *gross)
{
	if (inclusive) {
		*gross = amount_fen;
		fen_mul_ratio(amount_fen, RATE_ONE, RATE_ONE + (int64_t)rate_ppm, net);
		*tax = *gross - *net;
	} else {
		*net = amount_fen;
		fen_mul_ratio(amount_fen, rate_ppm, RATE_ONE, tax);
		*gross = *net + *tax;
	}
}

static enum err check_entered(const struct tax_line *l, size_t row, struct err_info *e)
{
	if (l->rate_ppm < 0 || l->rate_ppm > RATE_ONE)
		return fail(e, row, &rate_member, "line.tax_rate.required", "请填写税率，如 0.13",
			    "没有税率，无法计算税额");
	if (l->has_quantity && l->quantity.coef <= 0)
		return fail(e, row, &quantity_member, "line.quantity.positive",
			    "蓝字发票的数量填大于 0 的数；退货请开红字发票", "必须大于 0");
	if (l->has_price && l->price.coef <= 0)
		return fail(e, row, &price_member, "line.price.positive",
			    "填大于 0 的单价；赠送请用折扣", "必须大于 0");
	if (l->has_amount && l->amount_fen <= 0)
		return fail(e, row, &amount_member, "line.amount.positive",
			    "填大于 0 的金额；减价请用折扣，退货请开红字发票", "必须大于 0");
	if (l->has_amount && l->amount_fen > FEN_MAX)
		return fail_overflow(e, row);
	return ERR_OK;
}

static enum err fail_product(struct err_info *e, size_t row, int64_t amount)
{
	char why[160], text[FEN_TEXT];

	if (!e)
		return ERR_INVALID;
	snprintf(why, sizeof(why), "%s 与数量×单价相差超过 0.01", fen_format(amount, text));
	return fail(e, row, &amount_member, "line.price_amount",
		    "数量、单价、金额三项中删去一项，由程序算出", why);
}

/* quantity and price given: the amount follows, or is checked when given too. */
static enum err complete_amount(struct tax_line *l, size_t row, struct err_info *e)
{
	l->full_quantity = l->quantity;
	l->full_price = l->price;
	if (l->has_amount) {
		l->full_amount_fen = l->amount_fen;
		if (!dec_product_near(l->quantity, l->price, l->amount_fen, TOLERANCE_FEN))
			return fail_product(e, row, l->amount_fen);
		return ERR_OK;
	}
	if (!dec_mul_fen(l->quantity, l->price, &l->full_amount_fen))
		return fail_overflow(e, row);
	if (!l->full_amount_fen)
		return fail(e, row, &amount_member, "line.amount.zero", "请核对数量和单价",
			    "数量×单价不足 0.01 元");
	return ERR_OK;
}

/* amount and one factor given: the other factor follows.  Thirteen decimals are not enough for it
 * when the given factor is huge; then the row could not be sent. */
static enum err complete_factor(struct tax_line *l, size_t row, struct err_info *e)
{
	const struct member *m = l->has_quantity ? &price_member : &quantity_member;
	struct dec given = l->has_quantity ? l->quantity : l->price, other;

	if (!dec_div_fen(l->amount_fen, given, PRICE_DECIMALS, &other) || other.coef <= 0 ||
	    !dec_product_near(given, other, l->amount_fen, TOLERANCE_FEN))
		return fail(e, row, m, "line.factor.derive", "请核对金额，或同时填写数量和单价",
			    "无法用 13 位小数由金额算出");
	l->full_quantity = l->has_quantity ? given : other;
	l->full_price = l->has_quantity ? other : given;
	l->full_amount_fen = l->amount_fen;
	return ERR_OK;
}

static enum err complete(struct tax_line *l, size_t row, struct err_info *e)
{
	if (l->has_quantity && l->has_price)
		return complete_amount(l, row, e);
	if (!l->has_amount)
		return fail(e, row, &amount_member, "line.triple",
			    "填写金额，或填写数量和单价，或三项中的任意两项",
			    "数量、单价、金额不足以算出金额");
	if (l->has_quantity || l->has_price)
		return complete_factor(l, row, e);
	l->full_quantity = l->full_price = zero;
	l->full_amount_fen = l->amount_fen;
	return ERR_OK;
}

/* True when rounding alone cannot part quantity x net price from the net amount: half a fen of
 * gross is 0.005 / 1.005 net at most, half a fen of net 0.005 more, and half of the 13th decimal
 * (which a price below 10^11 has room for) times 10^8 pieces 0.000005: less than 0.00999 in all. */
static bool surely_near(const struct tax_line *l)
{
	const dec_int pieces = 100000000, price = 100000000000;

	return !l->has_amount && !l->tax_adjust_fen && l->rate_ppm >= 5000 &&
	       l->full_quantity.coef <= pieces && l->full_price.coef < price;
}

static bool near_net(const struct tax_line *l)
{
	return l->net_price.coef > 0 &&
	       dec_product_near(l->full_quantity, l->net_price, l->net_fen, TOLERANCE_FEN);
}

/* The price without tax: price / (1 + rate), as the tax bureau's own faces print it.  The tax side
 * checks it against the amount, so where amounts were rounded or given the amount decides. */
static enum err derive_net_price(struct tax_line *l, bool inclusive, size_t row, struct err_info *e)
{
	l->net_price = l->full_price;
	if (!inclusive || !l->rate_ppm || !l->full_quantity.coef)
		return ERR_OK;
	/* With a deduction no price times a quantity gives the net amount but its own. */
	if (!l->deduction_fen &&
	    dec_mul_ratio(l->full_price, RATE_ONE, RATE_ONE + (int64_t)l->rate_ppm, PRICE_DECIMALS,
			  &l->net_price) &&
	    (surely_near(l) || near_net(l)))
		return ERR_OK;
	if (dec_div_fen(l->net_fen, l->full_quantity, PRICE_DECIMALS, &l->net_price) && near_net(l))
		return ERR_OK;
	return fail(e, row, &price_member, "line.net_price.derive", "请换用较大的计量单位",
		    "数量太大，13 位小数的不含税单价与金额相差超过 0.01");
}

bool tax_discount_from_rate(int64_t amount_fen, struct dec rate, int64_t *discount_fen)
{
	int64_t d;

	if (rate.coef <= 0 || !dec_mul_fen(dec_from_fen(amount_fen), rate, &d))
		return false;
	if (d <= 0 || d >= amount_fen)
		return false;
	*discount_fen = d;
	return true;
}

bool tax_discount_from_amount(int64_t amount_fen, int64_t discount_fen, struct dec *rate)
{
	if (discount_fen <= 0 || discount_fen >= amount_fen)
		return false;
	return dec_div_fen(discount_fen, dec_from_fen(amount_fen), DISCOUNT_DECIMALS, rate);
}

static void clear_discount(struct tax_line *l)
{
	l->discount_rate = zero;
	l->discount_fen = 0;
	l->discount_net_fen = l->discount_tax_fen = l->discount_gross_fen = 0;
}

static enum err fail_discount(struct err_info *e, size_t row)
{
	return fail(e, row, &discount_member, "line.discount.amount",
		    "折扣额至少 0.01 且小于本行金额", "折扣额必须大于 0 且小于本行金额");
}

static enum err discount_by_rate(struct tax_line *l, size_t row, struct err_info *e)
{
	const struct dec one = {.coef = 1};

	if (l->discount.rate.coef <= 0 || dec_cmp(l->discount.rate, one) >= 0)
		return fail(e, row, &discount_member, "line.discount.rate",
			    "0.10 表示减去 10%；全额赠送不能用折扣开出",
			    "折扣率必须大于 0 且小于 1");
	if (!tax_discount_from_rate(l->full_amount_fen, l->discount.rate, &l->discount_fen))
		return fail_discount(e, row);
	l->discount_rate = dec_normalize(dec_round(l->discount.rate, DISCOUNT_DECIMALS));
	return ERR_OK;
}

static enum err discount_by_amount(struct tax_line *l, size_t row, struct err_info *e)
{
	l->discount_fen = l->discount.amount_fen;
	if (!tax_discount_from_amount(l->full_amount_fen, l->discount_fen, &l->discount_rate))
		return fail_discount(e, row);
	return ERR_OK;
}

/* A row that bears no tax has none to adjust. */
static bool may_adjust(int64_t adjust, int32_t rate_ppm)
{
	return !adjust || (rate_ppm && adjust <= TAX_ADJUST_MAX && adjust >= -TAX_ADJUST_MAX);
}

/* The amount of the mode stands. */
static void adjust_tax(int64_t adjust, bool inclusive, int64_t *net, int64_t *tax, int64_t *gross)
{
	*tax += adjust;
	if (inclusive)
		*net -= adjust;
	else
		*gross += adjust;
}

static enum err fail_adjust(struct err_info *e, size_t row)
{
	return fail(e, row, &adjust_member, "line.tax_adjust", "删去调整，或减小到 0.06 以内",
		    "最多 0.06，且不能用于税率为 0 的行");
}

static enum err compute_discount(struct tax_line *l, bool inclusive, size_t row, struct err_info *e)
{
	if (l->discount.by == DISCOUNT_NONE) {
		clear_discount(l);
		return ERR_OK;
	}
	enum err rc = l->discount.by == DISCOUNT_BY_RATE ? discount_by_rate(l, row, e)
							 : discount_by_amount(l, row, e);
	if (rc)
		return rc;
	if (!may_adjust(l->discount.tax_adjust_fen, l->rate_ppm))
		return fail_adjust(e, row);
	tax_split(-l->discount_fen, l->rate_ppm, inclusive, &l->discount_net_fen,
		  &l->discount_tax_fen, &l->discount_gross_fen);
	adjust_tax(l->discount.tax_adjust_fen, inclusive, &l->discount_net_fen,
		   &l->discount_tax_fen, &l->discount_gross_fen);
	return ERR_OK;
}

void tax_deduction_apply(struct invoice *inv)
{
	if (inv->red) /* as its letter has it */
		return;
	bool counts = inv->line_count == 1 && !strcmp(inv->differential, DIFFERENTIAL_PART);

	for (size_t i = 0; i < inv->line_count; i++)
		inv->lines[i].deduction_fen = counts ? inv->deduction_fen : 0;
}

/* What is deducted bears no tax and stands in net and gross alike: so the split of the rest serves
 * both price modes. */
static enum err split(struct tax_line *l, bool inclusive, size_t row, struct err_info *e)
{
	const int64_t d = l->deduction_fen;

	if (d < 0 || d > l->full_amount_fen)
		return fail(e, row, &amount_member, "line.deduction.amount",
			    "核对金额和扣除额，扣除额在差额征税里改",
			    "扣除额必须大于 0 且不超过金额");
	if (!may_adjust(l->tax_adjust_fen, l->rate_ppm))
		return fail_adjust(e, row);
	tax_split(l->full_amount_fen - d, l->rate_ppm, inclusive, &l->net_fen, &l->tax_fen,
		  &l->gross_fen);
	adjust_tax(l->tax_adjust_fen, inclusive, &l->net_fen, &l->tax_fen, &l->gross_fen);
	l->net_fen += d;
	l->gross_fen += d;
	return l->gross_fen > FEN_MAX ? fail_overflow(e, row) : ERR_OK;
}

enum err calc_line(struct tax_line *l, bool inclusive, size_t row, struct err_info *e)
{
	enum err rc;

	if ((rc = check_entered(l, row, e)) || (rc = complete(l, row, e)))
		return rc;
	if ((rc = split(l, inclusive, row, e)))
		return rc;
	if ((rc = derive_net_price(l, inclusive, row, e)))
		return rc;
	return compute_discount(l, inclusive, row, e);
}

enum err tax_line_compute(struct tax_line *l, bool inclusive, struct err_info *e)
{
	return calc_line(l, inclusive, 0, e);
}

/* Of a red invoice: nothing but sums. */
static enum err red_totals(struct invoice *inv, struct err_info *e)
{
	int64_t net = 0, tax = 0, gross = 0;

	for (size_t i = 0; i < inv->line_count; i++) {
		const struct tax_line *l = &inv->lines[i];
		if (!fen_add(net, l->net_fen, &net) || !fen_add(tax, l->tax_fen, &tax) ||
		    !fen_add(gross, l->gross_fen, &gross)) {
			err_fail(e, ERR_INVALID, "totals.overflow", "价税合计",
				 "加到第 %zu 行时超过 18 位数字（含 2 位小数）", i + 1);
			err_field(e, "lines");
			err_hint(e, "请分成几张确认单");
			return ERR_INVALID;
		}
	}
	inv->net_fen = net;
	inv->tax_fen = tax;
	inv->gross_fen = gross;
	return ERR_OK;
}

/* A computed line adds nothing negative and at most FEN_MAX, so gross is the largest of the sums
 * and cannot wrap before it is seen. */
enum err calc_totals(struct invoice *inv, struct err_info *e)
{
	int64_t net = 0, tax = 0, gross = 0;

	if (inv->red)
		return red_totals(inv, e);
	for (size_t i = 0; i < inv->line_count; i++) {
		const struct tax_line *l = &inv->lines[i];
		net += l->net_fen + l->discount_net_fen;
		tax += l->tax_fen + l->discount_tax_fen;
		gross += l->gross_fen + l->discount_gross_fen;
		if (gross > FEN_MAX) {
			err_fail(e, ERR_INVALID, "totals.overflow", "价税合计",
				 "加到第 %zu 行时超过 18 位数字（含 2 位小数）", i + 1);
			err_field(e, "lines");
			err_hint(e, "请拆成几张发票");
			return ERR_INVALID;
		}
	}
	inv->net_fen = net;
	inv->tax_fen = tax;
	inv->gross_fen = gross;
	return ERR_OK;
}

enum err tax_invoice_compute(struct invoice *inv, struct err_info *e)
{
	tax_deduction_apply(inv);
	for (size_t i = 0; i < inv->line_count && !inv->red; i++) {
		enum err rc = calc_line(&inv->lines[i], inv->prices_include_tax, i + 1, e);
		if (rc)
			return rc;
	}
	return calc_totals(inv, e);
}

bool tax_price_in_mode(struct dec price, int32_t rate_ppm, bool inclusive, bool wanted,
		       struct dec *out)
{
	const int64_t all = RATE_ONE + (int64_t)rate_ppm;

	if (inclusive == wanted) {
		*out = price;
		return true;
	}
	return dec_mul_ratio(price, wanted ? all : RATE_ONE, wanted ? RATE_ONE : all,
			     PRICE_DECIMALS, out);
}

/* tax/red_check.c - the rules over a red letter with its lines (protocol 7.6, 7.10; features
 * N41-N46): what it is by itself, and beside the blue invoice it takes back. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "tax/red_p.h"
#include "tax/text_rule_p.h"
#include "tax/validate_p.h"

struct check_red {
	const struct red_letter *l;
	const struct red_blue *b; /* NULL: not known */
	struct tax_findings found;
};

/* A finding; line: its index, or NO_LINE. */
#define NO_LINE ((size_t)-1)
static void find_fault(struct check_red *c, size_t line, const char *code, const char *key,
		       const char *label, const char *hint, const char *fmt, ...) ERR_PRINTF(7, 8);

static void find_fault(struct check_red *c, size_t line, const char *code, const char *key,
		       const char *label, const char *hint, const char *fmt, ...)
{
	struct err_info at = {0};
	char why[WHY_TEXT], what[120];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(why, sizeof(why), fmt, ap);
	va_end(ap);
	if (line == NO_LINE)
		snprintf(what, sizeof(what), "%s", label);
	else
		snprintf(what, sizeof(what), "第 %zu 行%s", line + 1, label);
	err_fail(&at, ERR_INVALID, code, what, "%s", why);
	if (line == NO_LINE)
		err_field(&at, "%s", key);
	else
		err_field(&at, "lines[%zu].%s", line, key);
	err_hint(&at, "%s", hint);
	findings_keep(&c->found, &at, false);
}

static void check_texts(struct check_red *c, const void *base, const struct text_field *f,
			size_t line)
{
	char what[120], field[64];
	struct err_info at;

	for (; f->key; f++) {
		if (line == NO_LINE) {
			snprintf(what, sizeof(what), "%s", f->label);
			snprintf(field, sizeof(field), "%s", f->key);
		} else {
			snprintf(what, sizeof(what), "第 %zu 行%s", line + 1, f->label);
			snprintf(field, sizeof(field), "lines[%zu].%s", line, f->key);
		}
		if (text_rule_check(f, text_value(base, f), what, field, &at))
			findings_keep(&c->found, &at, false);
	}
}

bool tax_red_adds_up(const struct red_letter *l)
{
	int64_t net = 0, tax = 0;

	for (size_t i = 0; i < l->line_count; i++) {
		const struct red_line *n = &l->lines[i];

		if (n->net_fen > 0 || n->tax_fen > 0 || !fen_add(net, n->net_fen, &net) ||
		    !fen_add(tax, n->tax_fen, &tax) ||
		    (n->has_quantity && (n->quantity.coef > 0 || n->price.coef < 0)))
			return false;
	}
	return net == l->net_fen && tax == l->tax_fen;
}

/* ---- by itself ---- */

static void check_signs(struct check_red *c, size_t i)
{
	const struct red_line *l = &c->l->lines[i];
	char n[FEN_TEXT + 8], t[FEN_TEXT + 8];

	if (l->net_fen >= 0 || l->tax_fen > 0)
		find_fault(c, i, "red.signs", "amount", "金额", "请核对金额",
			   "金额 %s 必须小于 0，税额 %s 不能大于 0",
			   fen_format_grouped(l->net_fen, n), fen_format_grouped(l->tax_fen, t));
	if (l->has_quantity && (!dec_is_negative(l->quantity) || l->price.coef <= 0))
		find_fault(c, i, "red.signs", "quantity", "数量", "请核对数量和单价",
			   "数量必须小于 0，单价必须大于 0");
}

static void check_amounts(struct check_red *c, size_t i)
{
	const struct red_line *l = &c->l->lines[i];
	char n[FEN_TEXT + 8], t[FEN_TEXT + 8], r[RATE_TEXT];

	if (l->has_quantity && !dec_product_near(l->quantity, l->price, l->net_fen, RED_NET_FEN))
		find_fault(c, i, "red.price", "price", "单价", "请核对数量、单价和金额",
			   "数量×单价与金额 %s 相差超过 0.01", fen_format_grouped(l->net_fen, n));
	if (text_empty(c->l->differential) &&
	    !red_tax_near(l->net_fen, l->tax_fen, l->rate_ppm, RED_TAX_FEN))
		find_fault(c, i, "red.tax", "tax_amount", "税额", "请核对金额和税率",
			   "金额 %s × 税率 %s 与税额 %s 相差超过 0.06",
			   fen_format_grouped(l->net_fen, n), rate_format_percent(l->rate_ppm, r),
			   fen_format_grouped(l->tax_fen, t));
	if (c->l->reason == RED_ALLOWANCE && l->has_quantity)
		find_fault(c, i, "red.reason.keeps", "quantity", "数量", "请删去数量和单价",
			   "“销售折让”的数量和单价必须为空");
}

static void check_line(struct check_red *c, size_t i)
{
	const struct red_line *l = &c->l->lines[i];

	check_texts(c, l, red_line_texts, i);
	if (l->rate_ppm < 0)
		find_fault(c, i, "red.rate", "tax_rate", "税率", "请填写税率", "没有税率");
	check_signs(c, i);
	check_amounts(c, i);
}

static void check_sums(struct check_red *c)
{
	const struct red_letter *l = c->l;
	dec_int net = 0, tax = 0, exact = 0, off;
	char a[FEN_TEXT + 8], b[FEN_TEXT + 8];

	for (size_t i = 0; i < l->line_count; i++) {
		net += l->lines[i].net_fen;
		tax += l->lines[i].tax_fen;
		exact += (dec_int)l->lines[i].net_fen * l->lines[i].rate_ppm;
	}
	if (net != l->net_fen || tax != l->tax_fen)
		find_fault(c, NO_LINE, "red.sums", "net_amount", "红字冲销金额", "请重新计算",
			   "金额 %s、税额 %s 不等于各行之和", fen_format_grouped(l->net_fen, a),
			   fen_format_grouped(l->tax_fen, b));
	off = exact - tax * RATE_ONE;
	if (text_empty(l->differential) &&
	    (off < 0 ? -off : off) > (dec_int)TOTAL_TAX_FEN * RATE_ONE)
		find_fault(c, NO_LINE, "red.total_tax", "tax_amount", "红字冲销税额",
			   "请分成几张确认单", "各行金额×税率之和与税额 %s 相差超过 1.27",
			   fen_format_grouped(l->tax_fen, a));
}

static void check_head(struct check_red *c)
{
	const struct red_letter *l = c->l;

	check_texts(c, l, red_texts, NO_LINE);
	if (l->reason < RED_MISTAKE || l->reason >= RED_REASONS)
		find_fault(c, NO_LINE, "red.reason", "reason", "冲红原因",
			   "01 开票有误、02 销货退回、03 服务中止、04 销售折让", "没有选择");
	if (!l->line_count)
		find_fault(c, NO_LINE, "red.lines", "lines", "冲红明细", "至少冲红一行",
			   "一行也没有");
	if (l->line_count > TAX_LINES_MAX)
		find_fault(c, NO_LINE, "red.lines", "lines", "冲红明细", "请分成几张确认单",
			   "共 %zu 行，超过上限 %d 行", l->line_count, TAX_LINES_MAX);
}

/* ---- beside the blue invoice ---- */

static void same_text(struct check_red *c, size_t line, const char *key, const char *label,
		      const char *ours, const char *blue)
{
	if (!text_eq(ours, blue))
		find_fault(c, line, "red.differs", key, label, "请按蓝字发票填写",
			   "“%.60s”与蓝字发票的“%.60s”不一致", ours, blue);
}

static void compare_head(struct check_red *c)
{
	const struct red_letter *l = c->l;
	const struct red_blue *b = c->b;
	char x[FEN_TEXT + 8], y[FEN_TEXT + 8];

	same_text(c, NO_LINE, "seller.tax_no", "销售方税号", l->seller_tax_no, b->seller_tax_no);
	same_text(c, NO_LINE, "seller.name", "销售方名称", l->seller_name, b->seller_name);
	same_text(c, NO_LINE, "buyer.tax_no", "购买方税号", l->buyer_tax_no, b->buyer_tax_no);
	same_text(c, NO_LINE, "buyer.name", "购买方名称", l->buyer_name, b->buyer_name);
	same_text(c, NO_LINE, "blue.code", "蓝字发票代码", l->blue_code, b->code);
	same_text(c, NO_LINE, "blue.number", "蓝字发票号码", l->blue_number, b->number);
	same_text(c, NO_LINE, "blue.kind", "蓝字发票票种", l->blue_kind, b->kind);
	same_text(c, NO_LINE, "blue.issued_at", "蓝字发票开票日期", l->blue_issued_at,
		  b->issued_at);
	if (l->blue_net_fen != b->net_fen || l->blue_tax_fen != b->tax_fen)
		find_fault(c, NO_LINE, "red.differs", "blue.net_amount", "蓝字发票金额",
			   "请按蓝字发票填写", "合计金额 %s、税额 %s 与蓝字发票不一致",
			   fen_format_grouped(l->blue_net_fen, x),
			   fen_format_grouped(l->blue_tax_fen, y));
}

static void compare_price(struct check_red *c, size_t i, const struct red_blue_line *b)
{
	const struct red_line *l = &c->l->lines[i];
	char p[DEC_TEXT], q[DEC_TEXT];

	if (!l->has_quantity)
		return;
	if (!b->has_quantity)
		find_fault(c, i, "red.differs", "quantity", "数量", "请删去数量和单价",
			   "蓝字发票这一行没有数量");
	else if (dec_cmp(l->price, b->price))
		find_fault(c, i, "red.price.keeps", "price", "单价", "请用蓝字发票的单价",
			   "%s 与蓝字发票的 %s 不一致", dec_format(l->price, p),
			   dec_format(b->price, q));
}

static void compare_line(struct check_red *c, size_t i)
{
	const struct red_line *l = &c->l->lines[i];
	const struct red_blue_line *b = red_blue_find(c->b, l->blue_row);

	if (!b) {
		find_fault(c, i, "red.line", "blue_row", "蓝字发票明细序号", "请核对蓝字发票的明细",
			   "蓝字发票没有序号为 %u 的明细", l->blue_row);
		return;
	}
	same_text(c, i, "tax_code", "税收分类编码", l->tax_code, b->tax_code);
	same_text(c, i, "name", "项目名称", l->name, b->name);
	same_text(c, i, "short_name", "商品简称", l->short_name, b->short_name);
	same_text(c, i, "spec", "规格型号", l->spec, b->spec);
	same_text(c, i, "unit", "单位", l->unit, b->unit);
	if (l->rate_ppm != b->rate_ppm)
		find_fault(c, i, "red.differs", "tax_rate", "税率", "请按蓝字发票填写",
			   "与蓝字发票的税率不一致");
	compare_price(c, i, b);
}

/* All lines of a row together, from the row's first one. */
static void compare_rest(struct check_red *c, size_t i)
{
	const struct red_line *l = c->l->lines;
	const struct red_blue_line *b = red_blue_find(c->b, l[i].blue_row);
	struct dec left;
	dec_int net = 0, tax = 0;
	bool beyond = false;
	char q[DEC_TEXT], n[FEN_TEXT + 8], t[FEN_TEXT + 8];

	if (!b || (i && l[i - 1].blue_row == l[i].blue_row))
		return;
	left = b->rest_quantity;
	for (size_t k = i; k < c->l->line_count && l[k].blue_row == b->row; k++) {
		net -= l[k].net_fen;
		tax -= l[k].tax_fen;
		beyond |= l[k].has_quantity &&
			  (!dec_add(left, l[k].quantity, &left) || dec_is_negative(left));
	}
	if (beyond || net > b->rest_net_fen || tax > b->rest_tax_fen)
		find_fault(c, i, "red.rest", "amount", "冲红金额", "请减小数量或金额",
			   "超过蓝字发票的剩余：数量 %s、金额 %s、税额 %s",
			   dec_format(b->rest_quantity, q), fen_format_grouped(b->rest_net_fen, n),
			   fen_format_grouped(b->rest_tax_fen, t));
}

static void check_order(struct check_red *c)
{
	const struct red_line *l = c->l->lines;

	for (size_t i = 1; i < c->l->line_count; i++)
		if (l[i].blue_row <= l[i - 1].blue_row) {
			find_fault(c, i, "red.line", "blue_row", "蓝字发票明细序号",
				   "每行只写一次，按蓝字发票的顺序", "序号 %u 没有排在 %u 之后",
				   l[i].blue_row, l[i - 1].blue_row);
			return;
		}
}

static void compare(struct check_red *c)
{
	struct err_info at;

	compare_head(c);
	for (size_t i = 0; i < c->l->line_count; i++) {
		compare_line(c, i);
		compare_rest(c, i);
	}
	check_order(c);
	if (c->l->reason && tax_red_reason(c->b, c->l->reason, &at))
		findings_keep(&c->found, &at, false);
	if ((c->l->net_fen != -c->b->net_fen || c->l->tax_fen != -c->b->tax_fen) &&
	    tax_red_partial(c->b, c->l->reason, &at))
		findings_keep(&c->found, &at, false);
}

enum err tax_red_check(const struct red_letter *l, const struct red_blue *b,
		       struct tax_findings *out, struct err_info *e)
{
	struct check_red c = {.l = l, .b = b};
	enum err r;

	check_head(&c);
	for (size_t i = 0; i < l->line_count; i++)
		check_line(&c, i);
	check_sums(&c);
	if (b)
		compare(&c);
	r = findings_first(&c.found, e);
	if (out)
		*out = c.found;
	else
		tax_findings_free(&c.found);
	return r;
}

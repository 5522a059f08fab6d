/* tax/red_fill.c - a red letter of what is asked for of a blue invoice (protocol 7.6, 7.10).
 *
 * Why sums come out exact: of a line that is taken back by quantity, the rest keeps the same limit
 * as the row itself, |price x quantity - net| <= 0.01, and so does its tax; then the last letter
 * can always take what is left as it stands.  A row and its rest leave room for at least one fen:
 * of two ranges two fen long, one of them moved by no more than one fen, one fen is common.  What
 * taxes of very many lines add up to is seen to by red_level.c.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/text.h"
#include "tax/red_p.h"

enum { QUANTITY_DECIMALS = 13, TAX_REACH = 16 };

static const struct dec zero;

static enum err fail(struct err_info *e, const char *code, const char *field, const char *what,
		     const char *why, const char *hint)
{
	err_fail(e, ERR_INVALID, code, what, "%s", why);
	err_field(e, "%s", field);
	err_hint(e, "%s", hint);
	return ERR_INVALID;
}

static enum err fail_quantity(struct err_info *e, const char *code, const char *why,
			      const char *hint)
{
	return fail(e, code, "quantity", "冲红数量", why, hint);
}

static enum err fail_amount(struct err_info *e, const char *code, const char *why, const char *hint)
{
	return fail(e, code, "amount", "冲红金额", why, hint);
}

/* ---- reasons ---- */

static bool all_begin(const struct red_blue *b, const char *digits)
{
	for (size_t i = 0; i < b->line_count; i++)
		if (!b->lines[i].tax_code[0] || !strchr(digits, b->lines[i].tax_code[0]))
			return false;
	return true;
}

enum err tax_red_reason(const struct red_blue *b, enum red_reason reason, struct err_info *e)
{
	if (reason < RED_MISTAKE || reason >= RED_REASONS)
		return fail(e, "red.reason", "reason", "冲红原因", "没有选择",
			    "01 开票有误、02 销货退回、03 服务中止、04 销售折让");
	if (reason == RED_STOP && all_begin(b, "12"))
		return fail(e, "red.reason", "reason", "冲红原因",
			    "税收分类编码以 1、2 开头的货物和劳务不能选“服务中止”",
			    "请选 01 开票有误、02 销货退回或 04 销售折让");
	if (reason == RED_RETURN && all_begin(b, "3"))
		return fail(e, "red.reason", "reason", "冲红原因",
			    "税收分类编码以 3 开头的服务不能选“销货退回”",
			    "请选 01 开票有误、03 服务中止或 04 销售折让");
	if (reason == RED_MISTAKE && b->taken)
		return fail(e, "red.reason", "reason", "冲红原因",
			    "“开票有误”须全额冲红，这张发票已部分冲红",
			    "请选 02 销货退回、03 服务中止或 04 销售折让冲红剩余部分");
	return ERR_OK;
}

enum err tax_red_partial(const struct red_blue *b, enum red_reason reason, struct err_info *e)
{
	const char *why = NULL;

	if (reason == RED_MISTAKE)
		why = "“开票有误”须全额冲红，数量和金额不能改";
	else if (!text_empty(b->differential))
		why = "差额征税的发票须全额冲红";
	else if (b->person_refused)
		why = "自然人已拒收的发票须全额冲红";
	return why ? fail(e, "red.whole", "lines", "冲红明细", why, "不要填写数量和金额") : ERR_OK;
}

/* ---- tax of a part ---- */

/* The tax of a part: its share of what is left of the line's, moved as little as the limits of the
 * part and of the rest ask for. */
static bool part_tax(const struct red_blue_line *b, int64_t net, int64_t *tax)
{
	int64_t share;

	if (net == b->rest_net_fen) {
		*tax = b->rest_tax_fen;
		return true;
	}
	if (!fen_mul_ratio(b->rest_tax_fen, net, b->rest_net_fen, &share))
		return false;
	for (int narrow = 1; narrow >= 0; narrow--) {
		for (int64_t off = 0; off <= TAX_REACH; off++) {
			if (red_tax_fits(b, net, *tax = share + off, narrow) ||
			    red_tax_fits(b, net, *tax = share - off, narrow))
				return true;
		}
	}
	return false;
}

/* ---- net and quantity of a part ---- */

/* Does what is left of the line still have its price?  Not after 销售折让. */
static bool regular(const struct red_blue_line *b)
{
	return dec_product_near(b->rest_quantity, b->price, b->rest_net_fen, RED_NET_FEN);
}

/* The part at its price, and so is what it leaves, where that had it. */
static bool part_fits(const struct red_blue_line *b, struct dec quantity, int64_t net)
{
	struct dec rest;

	if (net < 1 || net > b->rest_net_fen ||
	    !dec_product_near(quantity, b->price, net, RED_NET_FEN) ||
	    !dec_add(b->rest_quantity, dec_negate(quantity), &rest) || dec_is_negative(rest))
		return false;
	if (dec_is_zero(rest) && net != b->rest_net_fen)
		return false;
	return !regular(b) || dec_product_near(rest, b->price, b->rest_net_fen - net, RED_NET_FEN);
}

static enum err fail_beyond(const struct red_blue_line *b, struct err_info *e)
{
	char why[320], q[DEC_TEXT], n[FEN_TEXT + 8];

	snprintf(why, sizeof(why), "超过剩余可冲红的数量 %s、金额 %s",
		 dec_format(b->rest_quantity, q), fen_format_grouped(b->rest_net_fen, n));
	return fail_quantity(e, "red.rest", why, "减小数量，或用 04 销售折让冲红剩余金额");
}

static enum err by_quantity(const struct red_blue_line *b, struct dec quantity,
			    struct red_line *out, struct err_info *e)
{
	static const int64_t offs[] = {0, -1, 1};
	struct dec rest;
	int64_t net, at;

	if (quantity.coef <= 0)
		return fail_quantity(e, "red.quantity", "必须大于 0", "填要退回的数量，不带负号");
	if (dec_cmp(quantity, b->rest_quantity) > 0)
		return fail_beyond(b, e);
	if (!dec_add(b->rest_quantity, dec_negate(quantity), &rest))
		return fail_quantity(e, "red.quantity", "小数位太多", "请减少小数位");
	if (!dec_mul_fen(quantity, b->price, &at))
		return fail_beyond(b, e);
	if (dec_is_zero(rest) && regular(b))
		at = b->rest_net_fen;
	for (size_t i = 0; at && i < sizeof(offs) / sizeof(offs[0]); i++) {
		net = at + offs[i];
		if (!part_fits(b, quantity, net))
			continue;
		out->quantity = dec_normalize(quantity);
		out->net_fen = net;
		return ERR_OK;
	}
	if (at > b->rest_net_fen || dec_is_zero(rest))
		return fail_beyond(b, e);
	return fail_quantity(e, "red.quantity", "数量×单价不足 0.01 元", "请加大数量");
}

/* The quantity of a net amount at the line's price. */
static enum err by_amount(const struct red_blue_line *b, int64_t net, struct red_line *out,
			  struct err_info *e)
{
	struct dec q, near, step = {.coef = 1};

	if (net == b->rest_net_fen && regular(b)) {
		out->quantity = b->rest_quantity;
		out->net_fen = net;
		return ERR_OK;
	}
	if (!dec_div_fen(net, b->price, QUANTITY_DECIMALS, &q))
		return fail_amount(e, "red.amount", "无法由金额算出数量", "请填写数量");
	step.scale = q.scale;
	for (int i = -1; i <= 1; i++) {
		near = q;
		if (i && !dec_add(q, i < 0 ? dec_negate(step) : step, &near))
			continue;
		if (near.coef > 0 && part_fits(b, near, net)) {
			out->quantity = near;
			out->net_fen = net;
			return ERR_OK;
		}
	}
	return fail_amount(e, "red.amount", "无法用 13 位小数的数量和原单价表示", "请填写数量");
}

/* ---- a line ---- */

static enum err check_amount(const struct red_blue_line *b, int64_t net, struct err_info *e)
{
	char why[160], text[FEN_TEXT + 8];

	if (net <= 0)
		return fail_amount(e, "red.amount", "必须大于 0", "填要冲红的不含税金额，不带负号");
	if (net <= b->rest_net_fen)
		return ERR_OK;
	snprintf(why, sizeof(why), "超过剩余可冲红的金额 %s",
		 fen_format_grouped(b->rest_net_fen, text));
	return fail_amount(e, "red.rest", why, "请减小金额");
}

/* All that is left. */
static enum err rest_of(const struct red_blue_line *b, enum red_reason reason, struct red_line *out,
			struct err_info *e)
{
	char why[320], q[DEC_TEXT], n[FEN_TEXT + 8];

	if (b->rest_net_fen <= 0)
		return fail(e, "red.rest", "amount", "冲红明细", "已全部冲红", "请去掉这一行");
	out->net_fen = b->rest_net_fen;
	if (!b->has_quantity || reason == RED_ALLOWANCE)
		return ERR_OK;
	out->quantity = b->rest_quantity;
	if (regular(b) && !dec_is_zero(b->rest_quantity))
		return ERR_OK;
	snprintf(why, sizeof(why), "剩余数量 %s 与剩余金额 %s 不合原单价（曾以销售折让冲红）",
		 dec_format(b->rest_quantity, q), fen_format_grouped(b->rest_net_fen, n));
	return fail_quantity(e, "red.rest", why, "填写数量，或用 04 销售折让冲红剩余金额");
}

static enum err fail_reason(enum red_reason reason, bool quantity, struct err_info *e)
{
	char why[160];

	snprintf(why, sizeof(why), "“%s”不能改%s", red_reason_label(reason),
		 quantity ? "数量" : "金额");
	if (quantity)
		return fail_quantity(e, "red.reason.keeps", why,
				     reason == RED_ALLOWANCE ? "请填写金额" : "请不填数量");
	return fail_amount(e, "red.reason.keeps", why,
			   reason == RED_RETURN ? "请填写数量" : "请不填金额");
}

static bool asks_whole(const struct red_blue_line *b, const struct red_wish *w)
{
	return w->has_quantity ? !dec_cmp(w->quantity, b->rest_quantity)
			       : !w->has_amount || w->net_fen == b->rest_net_fen;
}

static enum err part_of(const struct red_blue_line *b, enum red_reason reason,
			const struct red_wish *w, struct red_line *out, struct err_info *e)
{
	enum err r;

	if (w->has_quantity && w->has_amount)
		return fail(e, "red.wish", "amount", "冲红明细", "数量和金额只填一项",
			    "请删去一项");
	if (w->has_quantity && (reason == RED_ALLOWANCE || !b->has_quantity))
		return reason == RED_ALLOWANCE
			   ? fail_reason(reason, true, e)
			   : fail_quantity(e, "red.quantity", "蓝字发票这一行没有数量",
					   "请填写金额");
	if (asks_whole(b, w))
		return rest_of(b, reason, out, e);
	if (reason == RED_RETURN && !b->has_quantity)
		return fail_amount(e, "red.reason.keeps",
				   "蓝字发票这一行没有数量，“销货退回”只能整行冲红",
				   "去掉金额，或选 04 销售折让");
	if (reason == RED_MISTAKE || (reason == RED_RETURN && !w->has_quantity))
		return fail_reason(reason, w->has_quantity, e);
	if (w->has_quantity)
		return by_quantity(b, w->quantity, out, e);
	if ((r = check_amount(b, w->net_fen, e)))
		return r;
	if (b->has_quantity && reason == RED_STOP)
		return by_amount(b, w->net_fen, out, e);
	out->net_fen = w->net_fen;
	return ERR_OK;
}

enum err tax_red_part(const struct red_blue_line *b, enum red_reason reason,
		      const struct red_wish *w, struct red_line *out, struct err_info *e)
{
	struct red_line part = {.net_fen = 0};
	enum err r;

	if (b->rest_net_fen <= 0 || (!w->has_quantity && !w->has_amount))
		r = rest_of(b, reason, &part, e);
	else
		r = part_of(b, reason, w, &part, e);
	if (r)
		return r;
	if (!part_tax(b, part.net_fen, &part.tax_fen))
		return fail_amount(e, "red.tax", "无法分出税额：与税率相差超过 0.06",
				   "请换一个数量或金额，或冲红这一行的全部");
	out->blue_row = b->row;
	out->rate_ppm = b->rate_ppm;
	out->has_quantity = !dec_is_zero(part.quantity);
	out->quantity = dec_negate(part.quantity);
	out->price = out->has_quantity ? b->price : zero;
	out->net_fen = -part.net_fen;
	out->tax_fen = -part.tax_fen;
	out->deduction_fen = -b->deduction_fen;
	return ERR_OK;
}

/* ---- the letter ---- */

static void copy_texts(struct red_line *l, const struct red_blue_line *b)
{
	mem_set(&l->tax_code, b->tax_code);
	mem_set(&l->name, b->name);
	mem_set(&l->short_name, b->short_name);
	mem_set(&l->spec, b->spec);
	mem_set(&l->unit, b->unit);
	mem_set(&l->preference, b->preference);
}

static void copy_head(struct red_letter *l, const struct red_blue *b)
{
	mem_set(&l->seller_tax_no, b->seller_tax_no);
	mem_set(&l->seller_name, b->seller_name);
	mem_set(&l->buyer_tax_no, b->buyer_tax_no);
	mem_set(&l->buyer_name, b->buyer_name);
	mem_set(&l->blue_code, b->code);
	mem_set(&l->blue_number, b->number);
	mem_set(&l->blue_kind, b->kind);
	/* The tax side puts 农产品 on by itself (protocol 7.10). */
	mem_set(&l->element, strcmp(b->element, "20") ? b->element : "");
	mem_set(&l->differential, b->differential);
	l->blue_paper = b->paper;
	memcpy(l->blue_issued_at, b->issued_at, sizeof(l->blue_issued_at));
	l->blue_net_fen = b->net_fen;
	l->blue_tax_fen = b->tax_fen;
}

static enum err add_part(struct red_letter *l, const struct red_blue *b, const struct red_wish *w,
			 struct err_info *e)
{
	struct red_line *line = red_add_line(l);
	enum err r = tax_red_part(&b->lines[w->line], l->reason, w, line, e);

	if (r)
		return r;
	copy_texts(line, &b->lines[w->line]);
	if (!fen_add(l->net_fen, line->net_fen, &l->net_fen) ||
	    !fen_add(l->tax_fen, line->tax_fen, &l->tax_fen))
		return fail(e, "red.overflow", "lines", "冲红金额", "合计超过 18 位数字",
			    "请分成几张确认单");
	return ERR_OK;
}

/* A fault of a line gets its place: of the wishes, and as people count. */
static enum err place(struct err_info *e, size_t wish, size_t line)
{
	char field[40], what[120];

	if (!e || !strncmp(e->field, "lines", 5))
		return ERR_INVALID;
	text_copy(field, sizeof(field), e->field);
	text_copy(what, sizeof(what), e->what);
	snprintf(e->what, sizeof(e->what), "第 %zu 行%s", line + 1, what);
	err_field(e, "lines[%zu].%s", wish, field);
	return ERR_INVALID;
}

static enum err add_wishes(struct red_letter *l, const struct red_blue *b,
			   const struct red_wish *wishes, size_t n, struct err_info *e)
{
	bool *seen = mem_zalloc(b->line_count * sizeof(*seen));
	enum err r = ERR_OK;

	for (size_t i = 0; i < n && !r; i++) {
		size_t line = wishes[i].line;
		if (line >= b->line_count) {
			r = fail(e, "red.line", "line", "冲红明细", "蓝字发票没有这一行",
				 "明细从 1 数起，折扣不另算一行");
			r = place(e, i, line);
		} else if (seen[line]) {
			r = fail(e, "red.line", "line", "冲红明细", "同一行写了两次", "请删去一个");
			r = place(e, i, line);
		} else {
			seen[line] = true;
			if ((r = add_part(l, b, &wishes[i], e)))
				r = place(e, i, line);
		}
	}
	free(seen);
	return r;
}

static enum err add_rest(struct red_letter *l, const struct red_blue *b, struct err_info *e)
{
	for (size_t i = 0; i < b->line_count; i++) {
		const struct red_wish all = {.line = i};
		if (b->lines[i].rest_net_fen > 0 && add_part(l, b, &all, e))
			return place(e, i, i);
	}
	return ERR_OK;
}

/* An invoice that is taken back as a whole has no parts; before anything is worked out. */
static enum err check_parts(const struct red_blue *b, enum red_reason reason,
			    const struct red_wish *wishes, size_t n, struct err_info *e)
{
	for (size_t i = 0; i < n && reason != RED_MISTAKE; i++)
		if (wishes[i].line < b->line_count &&
		    !asks_whole(&b->lines[wishes[i].line], &wishes[i]))
			return tax_red_partial(b, reason, e);
	return ERR_OK;
}

static int by_row(const void *a, const void *b)
{
	const struct red_line *x = a, *y = b;

	return (x->blue_row > y->blue_row) - (x->blue_row < y->blue_row);
}

static enum err fill(struct red_letter *l, const struct red_blue *b, const struct red_wish *wishes,
		     size_t n, struct err_info *e)
{
	enum err r = tax_red_reason(b, l->reason, e);

	if (!r && tax_red_spent(b))
		r = fail(e, "red.spent", "lines", "蓝字发票", "已全部冲红", "没有可以冲红的金额");
	if (!r)
		r = check_parts(b, l->reason, wishes, n, e);
	if (!r)
		r = n ? add_wishes(l, b, wishes, n, e) : add_rest(l, b, e);
	if (r)
		return r;
	qsort(l->lines, l->line_count, sizeof(*l->lines), by_row);
	red_level(l, b);
	l->declared_lines = (unsigned)l->line_count;
	if (l->net_fen != -b->net_fen || l->tax_fen != -b->tax_fen)
		r = tax_red_partial(b, l->reason, e);
	return r ? r : tax_red_check(l, b, NULL, e);
}

enum err tax_red_fill(const struct red_blue *b, enum red_side entered_by, enum red_reason reason,
		      const struct red_wish *wishes, size_t n, struct red_letter *out,
		      struct err_info *e)
{
	enum err r;

	red_letter_init(out);
	out->entered_by = entered_by;
	out->reason = reason;
	copy_head(out, b);
	r = fill(out, b, wishes, n, e);
	if (r)
		red_letter_free(out);
	return r;
}

/* merge.c - 合并: heads that agree, lines appended or added up. */
#include "tax/merge.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/text.h"
#include "tax/calc_p.h"
#include "tax/split_p.h"

enum { REMARK_CHARS = 450, ORDER_CHARS = 64 };

/* ---- heads ---- */

/* What becomes of a text member when two invoices have different ones. */
enum agree {
	SAME,     /* the same, an absent one too */
	ONE,      /* one of them may be absent */
	EITHER,   /* the first that is there stands; told */
	WHATEVER, /* the same, untold */
	JOINED
};
static const struct {
	const char *key, *code;
	enum agree how;
} MEMBERS[] = {
    {"buyer.name", "merge.buyer", SAME},
    {"buyer.tax_no", "merge.buyer", SAME},
    {"buyer.id_type", "merge.buyer", SAME},
    {"buyer.id_no", "merge.buyer", SAME},
    {"buyer.country", "merge.buyer", SAME},
    {"business_type", "merge.type", ONE},
    {"handler.", "merge.facts", ONE},
    {"settlement", "merge.facts", ONE},
    {"coal_quality", "merge.facts", ONE},
    {"buyer.", "", EITHER},
    {"remark", "", JOINED},
    {"order_no", "", JOINED},
    {"", "", WHATEVER},
};

static size_t rule_of(const char *key)
{
	size_t i = 0;

	while (strncmp(key, MEMBERS[i].key, strlen(MEMBERS[i].key)) != 0)
		i++;
	return i;
}

static enum err differs(struct err_info *e, size_t index, const char *code, const char *field,
			const char *label, const char *first, const char *other)
{
	err_fail(e, ERR_INVALID, code, label, "第 %zu 张的“%.60s”与第 1 张的“%.60s”不同", index + 1,
		 other, first);
	err_field(e, "[%zu].%s", index, field);
	err_hint(e, "只有购方、票种、含税方式等相同的才能合并，请只选相同的，或先改成一样");
	return ERR_INVALID;
}

static enum err join_texts(struct invoice *out, const struct invoice *inv, size_t index,
			   struct merge_told *told, struct err_info *e)
{
	for (const struct text_field *f = invoice_texts; f->key; f++) {
		size_t rule = rule_of(f->key);
		const char *a = text_value(out, f), *b = text_value(inv, f);
		enum agree how = MEMBERS[rule].how;

		if (how == JOINED || !strcmp(a, b))
			continue;
		if (how == SAME || (how == ONE && *a && *b))
			return differs(e, index, MEMBERS[rule].code, f->key, f->label, a, b);
		told->contact |= how == EITHER && *a && *b;
		if (!*a)
			mem_set(text_slot(out, f), b);
	}
	return ERR_OK;
}

static enum err join_head(struct invoice *out, const struct invoice *inv, size_t index,
			  struct merge_told *told, struct err_info *e)
{
	static const char *const MODES[] = {"不含税", "含税"};
	static const char *const PERSONS[] = {"企业", "自然人"};

	if (out->kind != inv->kind)
		return differs(e, index, "merge.kind", "kind", "票种",
			       invoice_kind_label(out->kind), invoice_kind_label(inv->kind));
	if (out->prices_include_tax != inv->prices_include_tax)
		return differs(e, index, "merge.mode", "prices_include_tax", "单价和金额",
			       MODES[out->prices_include_tax], MODES[inv->prices_include_tax]);
	if (out->buyer_is_person != inv->buyer_is_person)
		return differs(e, index, "merge.buyer", "buyer.is_person", "购买方",
			       PERSONS[out->buyer_is_person], PERSONS[inv->buyer_is_person]);
	out->show_buyer_bank |= inv->show_buyer_bank;
	out->show_seller_bank |= inv->show_seller_bank;
	out->show_buyer_address |= inv->show_buyer_address;
	out->show_seller_address |= inv->show_seller_address;
	return join_texts(out, inv, index, told, e);
}

/* Whole remarks, each once, as long as there is room. */
static void join_remark(struct invoice *out, const char *remark, struct merge_told *told)
{
	struct buf b;

	if (!*remark || strstr(out->remark, remark))
		return;
	if (text_chars(out->remark) + 1 + text_chars(remark) > REMARK_CHARS) {
		told->remarks++;
		return;
	}
	buf_init(&b, (size_t)REMARK_CHARS * 8);
	buf_addf(&b, "%s%s%s", out->remark, *out->remark ? "\n" : "", remark);
	mem_set(&out->remark, buf_str(&b));
	buf_free(&b);
}

static enum err join_order(const struct invoice *const *items, size_t n, struct invoice *out,
			   struct err_info *e)
{
	const char *first = "";
	size_t named = 0;
	char no[ORDER_CHARS * 4 + 24];

	for (size_t i = 0; i < n; i++) {
		if (!*items[i]->order_no)
			continue;
		if (!named++)
			first = items[i]->order_no;
	}
	snprintf(no, sizeof(no), named > 1 ? "%.256s+%zu" : "%.256s", first, named - 1);
	if (text_chars(no) > ORDER_CHARS) {
		err_fail(e, ERR_INVALID, "merge.order_no", "订单号", "%s 超过 %d 个字符", no,
			 ORDER_CHARS);
		err_field(e, "[0].order_no");
		err_hint(e, "请先缩短订单号");
		return ERR_INVALID;
	}
	mem_set(&out->order_no, no);
	return ERR_OK;
}

/* ---- lists ---- */

static bool same_texts(const struct text_field *f, const void *a, const void *b)
{
	for (; f->key; f++)
		if (strcmp(text_value(a, f), text_value(b, f)) != 0)
			return false;
	return true;
}

static void set_texts(const struct text_field *f, void *to, const void *from)
{
	for (; f->key; f++)
		mem_set(text_slot(to, f), text_value(from, f));
}

static void join_payments(struct invoice *out, const struct invoice *inv)
{
	for (size_t i = 0; i < inv->payment_count; i++) {
		size_t k = 0;

		while (k < out->payment_count &&
		       !same_texts(payment_texts, &out->payments[k], &inv->payments[i]))
			k++;
		if (k == out->payment_count)
			set_texts(payment_texts, invoice_add_payment(out), &inv->payments[i]);
	}
}

static enum err join_extras(struct invoice *out, const struct invoice *inv, size_t index,
			    struct err_info *e)
{
	for (size_t i = 0; i < inv->extra_count; i++) {
		const struct extra_element *x = &inv->extras[i];
		size_t k = 0;

		while (k < out->extra_count && strcmp(out->extras[k].name, x->name) != 0)
			k++;
		if (k == out->extra_count)
			set_texts(extra_texts, invoice_add_extra(out), x);
		else if (!same_texts(extra_texts, &out->extras[k], x))
			return differs(e, index, "merge.facts", "extras", x->name,
				       out->extras[k].value, x->value);
	}
	return ERR_OK;
}

/* ---- lines ---- */

static bool same_goods(const struct tax_line *a, const struct tax_line *b)
{
	return a->rate_ppm == b->rate_ppm && same_texts(line_texts, a, b) &&
	       dec_is_zero(a->full_quantity) == dec_is_zero(b->full_quantity) &&
	       !dec_cmp(a->full_price, b->full_price);
}

static bool dec_sum(struct dec a, struct dec b, struct dec *out)
{
	const dec_int most = (dec_int)1000000000000 * 1000000000000; /* 24 digits */
	struct dec *low = a.scale < b.scale ? &a : &b;
	uint8_t scale = a.scale < b.scale ? b.scale : a.scale;

	for (; low->scale < scale; low->scale++) {
		if (low->coef >= most)
			return false;
		low->coef *= 10;
	}
	if (a.coef + b.coef >= most)
		return false;
	*out = dec_normalize((struct dec) {.coef = a.coef + b.coef, .scale = scale});
	return true;
}

/* Both as one line with the sums of both; false: the tax side would not take it. */
static bool add_up(const struct invoice *out, struct tax_line *to, const struct tax_line *l)
{
	struct tax_line sum = *to; /* texts are lent */
	int64_t tax, discount_tax = to->discount_tax_fen + l->discount_tax_fen;
	bool inclusive = out->prices_include_tax;

	if (!same_goods(to, l) ||
	    !fen_add(to->full_amount_fen, l->full_amount_fen, &sum.amount_fen) ||
	    !fen_add(to->tax_fen, l->tax_fen, &tax) ||
	    !dec_sum(to->full_quantity, l->full_quantity, &sum.quantity))
		return false;
	sum.has_amount = true;
	sum.has_quantity = sum.has_price = !dec_is_zero(sum.quantity);
	sum.price = to->full_price;
	sum.tax_adjust_fen = 0;
	sum.discount = (struct discount) {.amount_fen = to->discount_fen + l->discount_fen};
	if (sum.discount.amount_fen)
		sum.discount.by = DISCOUNT_BY_AMOUNT;
	if (tax_line_compute(&sum, inclusive, NULL))
		return false;
	sum.tax_adjust_fen = tax - sum.tax_fen;
	sum.discount.tax_adjust_fen = discount_tax - sum.discount_tax_fen;
	if (tax_line_compute(&sum, inclusive, NULL) || !line_holds(out, &sum))
		return false;
	*to = sum;
	return true;
}

static uint64_t goods_hash(const struct tax_line *l)
{
	uint64_t h = UINT64_C(14695981039346656037) ^ (uint64_t)l->rate_ppm;

	for (const struct text_field *f = line_texts; f->key; f++)
		for (const char *p = text_value(l, f); *p; p++)
			h = (h ^ (unsigned char)*p) * UINT64_C(1099511628211);
	return h;
}

struct joined {
	struct invoice *out;
	bool add_up;
	uint64_t hashes[TAX_LINES_MAX];
	size_t rows;
};

static enum err fail_rows(struct err_info *e, size_t index)
{
	err_fail(e, ERR_INVALID, "merge.rows", "明细", "并到第 %zu 张时超过 %d 行", index + 1,
		 TAX_LINES_MAX);
	err_field(e, "[%zu].lines", index);
	err_hint(e, "请少选几张，或把相同的项目合并成一行");
	return ERR_INVALID;
}

static enum err join_lines(struct joined *j, const struct invoice *inv, size_t index,
			   struct merge_told *told, struct err_info *e)
{
	struct invoice *out = j->out;

	for (size_t i = 0; i < inv->line_count; i++) {
		uint64_t h = goods_hash(&inv->lines[i]);
		size_t k = j->add_up ? 0 : out->line_count;

		while (k < out->line_count &&
		       (j->hashes[k] != h || !add_up(out, &out->lines[k], &inv->lines[i])))
			k++;
		if (k < out->line_count) {
			told->added++;
			continue;
		}
		j->rows += line_rows(&inv->lines[i]);
		if (j->rows > TAX_LINES_MAX)
			return fail_rows(e, index);
		j->hashes[k] = h;
		line_copy(invoice_add_line(out), &inv->lines[i]);
	}
	return ERR_OK;
}

/* ---- all of them ---- */

static enum err join(struct joined *j, const struct invoice *item, size_t index,
		     struct merge_told *told, struct err_info *e)
{
	struct invoice inv;
	enum err r;

	invoice_copy(&inv, item);
	if ((r = tax_invoice_compute(&inv, e))) {
		char field[sizeof(e->field)];

		if (e) {
			text_copy(field, sizeof(field), e->field);
			err_field(e, "[%zu].%.150s", index, field);
		}
	} else if (*inv.differential) {
		r = err_fail(e, ERR_INVALID, "merge.differential", "合并",
			     "第 %zu 张是差额征税的发票，不能合并", index + 1);
		err_field(e, "[%zu].differential.type", index);
	} else if (!(r = join_head(j->out, &inv, index, told, e)) &&
		   !(r = join_extras(j->out, &inv, index, e)) &&
		   !(r = join_lines(j, &inv, index, told, e))) {
		join_remark(j->out, inv.remark, told);
		join_payments(j->out, &inv);
	}
	invoice_free(&inv);
	return r;
}

/* The rounding of all lines together has to stay within what the tax side allows (N23). */
static enum err check_tax(const struct invoice *inv, struct err_info *e)
{
	dec_int off = 0;

	for (size_t i = 0; i < inv->line_count; i++)
		off += line_tax_off(&inv->lines[i]);
	if (total_tax_holds(off))
		return ERR_OK;
	err_fail(e, ERR_INVALID, "merge.tax", "合计税额", "各行尾差加起来超过 1.27");
	err_field(e, "tax_amount");
	err_hint(e, "请少选几张");
	return ERR_INVALID;
}

static enum err join_all(const struct invoice *const *items, size_t n, struct joined *j,
			 struct merge_told *told, struct err_info *e)
{
	enum err r = ERR_OK;

	for (size_t i = 0; i < n && !r; i++)
		r = join(j, items[i], i, told, e);
	if (!r && !(r = join_order(items, n, j->out, e)) && !(r = tax_invoice_compute(j->out, e)))
		r = check_tax(j->out, e);
	return r;
}

enum err tax_invoices_merge(const struct invoice *const *items, size_t n, bool add_equal,
			    struct invoice *out, struct merge_told *told, struct err_info *e)
{
	struct joined *j;
	struct invoice head;
	enum err r;

	*told = (struct merge_told) {.added = 0};
	*out = (struct invoice) {.kind = INVOICE_ORDINARY};
	if (n < 2 || n > MERGE_MAX) {
		err_fail(e, ERR_INVALID, "merge.few", "合并", "要 2 至 %d 张才能合并", MERGE_MAX);
		err_hint(e, "请勾选要合并的草稿");
		return ERR_INVALID;
	}
	/* The first gives everything but what is put together below. */
	head = *items[0];
	head.lines = NULL;
	head.line_count = 0;
	invoice_copy(out, &head);
	mem_set(&out->remark, "");
	out->number[0] = out->issued_at[0] = 0;
	j = mem_zalloc(sizeof(*j));
	j->out = out;
	j->add_up = add_equal;
	r = join_all(items, n, j, told, e);
	free(j);
	if (r)
		invoice_free(out);
	return r;
}

/* tax/red_invoice.c - the red invoice of a red letter (protocol 7.12). */
#include "tax/red.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/text.h"
#include "tax/calc.h"
#include "tax/validate.h"

static enum err fail(struct err_info *e, const char *code, const char *why, const char *hint)
{
	err_fail(e, ERR_INVALID, code, "红字发票", "%s", why);
	err_hint(e, "%s", hint);
	return ERR_INVALID;
}

/* Figures as the letter has them: what was entered and what was computed are the same. */
static void set_figures(struct tax_line *l, const struct red_line *from)
{
	l->blue_row = from->blue_row;
	l->rate_ppm = from->rate_ppm;
	l->has_quantity = l->has_price = from->has_quantity;
	l->has_amount = true;
	l->quantity = l->full_quantity = from->quantity;
	l->price = l->full_price = l->net_price = from->price;
	l->amount_fen = l->full_amount_fen = l->net_fen = from->net_fen;
	l->tax_fen = from->tax_fen;
	l->gross_fen = from->net_fen + from->tax_fen;
	l->deduction_fen = from->deduction_fen;
}

static void add_line(struct invoice *out, const struct red_line *from)
{
	struct tax_line *l = invoice_add_line(out);

	mem_set(&l->name, from->name);
	mem_set(&l->tax_code, from->tax_code);
	mem_set(&l->short_name, from->short_name);
	mem_set(&l->spec, from->spec);
	mem_set(&l->unit, from->unit);
	mem_set(&l->preference, from->preference);
	set_figures(l, from);
}

/* The line of a computed invoice that a row of its upload came from. */
static const struct tax_line *line_of_row(const struct invoice *inv, unsigned row)
{
	unsigned at = 1;

	for (size_t i = 0; i < inv->line_count; i++) {
		if (at == row)
			return &inv->lines[i];
		at += inv->lines[i].discount_fen ? 2 : 1;
	}
	return NULL;
}

/* The letter has a person's name as it is sent, with （个人）; ours is the one of the blue invoice,
 * so that both are of one buyer. */
static void take_person(struct invoice *out, const struct invoice *blue)
{
	char *sent;

	out->buyer_is_person = blue->buyer_is_person;
	out->buyer_person_said = true;
	if (!out->buyer_is_person)
		return;
	sent = tax_buyer_name(blue);
	if (strcmp(sent, out->buyer.name) == 0)
		mem_set(&out->buyer.name, blue->buyer.name);
	free(sent);
}

/* What a letter does not tell. */
static void take_blue(struct invoice *out, const struct invoice *blue)
{
	static const size_t texts[] = {
	    offsetof(struct invoice, buyer.address),   offsetof(struct invoice, buyer.phone),
	    offsetof(struct invoice, buyer.bank),      offsetof(struct invoice, buyer.account),
	    offsetof(struct invoice, seller.address),  offsetof(struct invoice, seller.phone),
	    offsetof(struct invoice, seller.bank),     offsetof(struct invoice, seller.account),
	    offsetof(struct invoice, buyer_id_type),   offsetof(struct invoice, buyer_id_no),
	    offsetof(struct invoice, buyer_country),   offsetof(struct invoice, buyer_email),
	    offsetof(struct invoice, buyer_mobile),    offsetof(struct invoice, handler_name),
	    offsetof(struct invoice, handler_id_type), offsetof(struct invoice, handler_id_no),
	    offsetof(struct invoice, handler_country), offsetof(struct invoice, handler_tax_no),
	    offsetof(struct invoice, handler_phone),   offsetof(struct invoice, differential),
	    offsetof(struct invoice, business_type),
	};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		mem_set((char **)(void *)((char *)out + texts[i]),
			*(char *const *)(const void *)((const char *)blue + texts[i]));
	take_person(out, blue);
	out->show_buyer_bank = blue->show_buyer_bank;
	out->show_seller_bank = blue->show_seller_bank;
	out->show_buyer_address = blue->show_buyer_address;
	out->show_seller_address = blue->show_seller_address;
	for (size_t i = 0; i < out->line_count; i++) {
		const struct tax_line *l = line_of_row(blue, out->lines[i].blue_row);
		if (!l)
			continue;
		mem_set(&out->lines[i].preference, l->preference);
		if (!text_empty(blue->differential))
			out->lines[i].deduction_fen = -blue->deduction_fen;
	}
}

static void fill(struct invoice *out, const struct red_letter *l, const struct invoice *blue)
{
	out->kind = strcmp(l->blue_kind, "01") ? INVOICE_ORDINARY : INVOICE_SPECIAL;
	out->red = true;
	out->prices_include_tax = false;
	mem_set(&out->red_letter_no, l->number);
	mem_set(&out->red_letter_uuid, l->uuid);
	mem_set(&out->seller.tax_no, l->seller_tax_no);
	mem_set(&out->seller.name, l->seller_name);
	mem_set(&out->buyer.tax_no, l->buyer_tax_no);
	mem_set(&out->buyer.name, l->buyer_name);
	mem_set(&out->differential, l->differential);
	for (size_t i = 0; i < l->line_count; i++)
		add_line(out, &l->lines[i]);
	if (blue)
		take_blue(out, blue);
	for (size_t i = 0; i < out->line_count; i++)
		out->deduction_fen += out->lines[i].deduction_fen;
	out->net_fen = l->net_fen;
	out->tax_fen = l->tax_fen;
	out->gross_fen = l->net_fen + l->tax_fen;
}

/* 差额征税 is taken back whole, and with it its deduction, the blue one's negated (protocol 7.8,
 * 7.12): there is no share of a deduction.  Figures that nobody told are not compared. */
static enum err check_differential(const struct red_letter *l, const struct invoice *blue,
				   struct err_info *e)
{
	int64_t net = blue ? blue->net_fen : l->blue_net_fen;
	int64_t tax = blue ? blue->tax_fen : l->blue_tax_fen;
	int64_t told = l->lines[0].deduction_fen;

	if (text_empty(blue ? blue->differential : l->differential))
		return ERR_OK;
	if (net && (l->net_fen != -net || l->tax_fen != -tax))
		return fail(e, "red.whole", "差额征税的发票须全额冲红，这张确认单只冲红了一部分",
			    "撤销这张确认单，重新申请全额冲红");
	if (blue && told && told != -blue->deduction_fen)
		return fail(e, "red.deduction", "确认单的扣除额与蓝字发票的不一致",
			    "到电子税务局核对这张确认单");
	return ERR_OK;
}

static enum err check(const struct red_letter *l, const struct invoice *blue, struct err_info *e)
{
	int64_t net = 0, tax = 0;
	bool adds_up = l->line_count > 0;

	if (strcmp(l->blue_kind, "01") && strcmp(l->blue_kind, "02"))
		return fail(e, "red.kind", "机动车和二手车统一销售发票不能在这里开红字发票",
			    "请在电子税务局办理");
	for (size_t i = 0; i < l->line_count && adds_up; i++)
		adds_up = fen_add(net, l->lines[i].net_fen, &net) &&
			  fen_add(tax, l->lines[i].tax_fen, &tax);
	if (!adds_up || net != l->net_fen || tax != l->tax_fen)
		return fail(e, "red.lines",
			    l->line_count ? "确认单的明细与合计不符" : "确认单的明细还没有取得",
			    "先刷新确认单的明细：kaipiao red list --refresh");
	return check_differential(l, blue, e);
}

enum err tax_red_invoice(const struct red_letter *l, const struct invoice *blue,
			 struct invoice *out, struct err_info *e)
{
	char number[2 * NUMBER_TEXT];
	enum err r = check(l, blue, e);

	*out = (struct invoice) {.red = false};
	if (r)
		return r;
	invoice_init(out);
	/* 税控 invoices are named by code and number together. */
	snprintf(number, sizeof(number), "%s%s", l->blue_code, l->blue_number);
	mem_set(&out->blue_number, number);
	fill(out, l, blue);
	return ERR_OK;
}

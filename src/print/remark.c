#include "print/remark_p.h"

#include "base/text.h"
#include "tax/code.h"
#include "tax/validate.h"

/* Between two entries of one line, and between entries that flow. */
#define GAP ";    "

static void own_line(struct buf *out)
{
	if (out->len && out->data[out->len - 1] != '\n')
		buf_addc(out, '\n');
}

/* A value that is shown although empty prints "-". */
static const char *shown(const char *s)
{
	return text_empty(s) ? "-" : s;
}

/* A pair of a party's particulars on a line of its own. */
static void put_pair(struct buf *out, bool show, const char *side, const char *label,
		     const char *value, const char *second, const char *second_value)
{
	if (!show)
		return;
	own_line(out);
	buf_adds(out, side);
	buf_adds(out, label);
	buf_adds(out, shown(value));
	buf_adds(out, GAP);
	buf_adds(out, second);
	buf_adds(out, shown(second_value));
	buf_addc(out, ';');
}

static void put_party(struct buf *out, const char *side, const struct party *p, bool address,
		      bool bank)
{
	put_pair(out, address, side, "地址:", p->address, "电话:", p->phone);
	put_pair(out, bank, side, "开户银行:", p->bank, "银行账号:", p->account);
}

/* What a red invoice takes back stands before all else. */
static void put_reference(struct buf *out, const struct invoice *inv)
{
	char text[RED_REFERENCE_TEXT];

	buf_adds(out, tax_red_reference(inv, text));
}

/* Then what a 差额征税 invoice deducts. */
static void put_deduction(struct buf *out, const struct invoice *inv)
{
	char fen[FEN_TEXT];

	if (text_empty(inv->differential) || !inv->deduction_fen)
		return;
	buf_adds(out, out->len ? "    " : "");
	buf_addf(out, "差额征税：%s。", fen_format(inv->deduction_fen, fen));
}

/* Entries that flow: additional elements, then what the clerk wrote. */
static void put_free(struct buf *out, const struct invoice *inv)
{
	size_t i;

	if (!inv->extra_count && text_empty(inv->remark))
		return;
	/* What is taken back and the deduction flow on into what follows them directly. */
	if (out->len && out->data[out->len - 1] != ';')
		buf_adds(out, "    ");
	else
		own_line(out);
	for (i = 0; i < inv->extra_count; i++) {
		buf_adds(out, i ? GAP : "");
		buf_adds(out, inv->extras[i].name);
		buf_addc(out, ':');
		buf_adds(out, inv->extras[i].value);
	}
	if (text_empty(inv->remark))
		return;
	buf_adds(out, inv->extra_count ? GAP : "");
	buf_adds(out, inv->remark);
}

/* "label:value;" entries of one line; empty values are left out. */
static void put_entry(struct buf *out, const char *label, const char *value, bool *begun)
{
	if (text_empty(value))
		return;
	if (*begun)
		buf_adds(out, "    ");
	else
		own_line(out);
	buf_adds(out, label);
	buf_addc(out, ':');
	buf_adds(out, value);
	buf_addc(out, ';');
	*begun = true;
}

static const char *channel_name(const char *code)
{
	const struct code_row *row = code_find(CODES_PAYMENT_CHANNELS, code);

	return row ? row->name : code;
}

void remark_make(const struct invoice *inv, struct buf *out)
{
	bool begun = false;
	size_t i;

	put_reference(out, inv);
	put_deduction(out, inv);
	put_party(out, "购方", &inv->buyer, inv->show_buyer_address, inv->show_buyer_bank);
	put_party(out, "销方", &inv->seller, inv->show_seller_address, inv->show_seller_bank);
	put_free(out, inv);
	put_entry(out, "收款人", inv->payee, &begun);
	put_entry(out, "复核人", inv->reviewer, &begun);
	begun = false;
	for (i = 0; i < inv->payment_count; i++) {
		put_entry(out, "支付渠道", channel_name(inv->payments[i].channel), &begun);
		put_entry(out, "交易单号", inv->payments[i].number, &begun);
	}
}

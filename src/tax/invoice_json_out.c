/* tax/invoice_json_out.c - writing an invoice in its JSON form. */
#include <string.h>

#include "tax/invoice_json_p.h"

/* A key of the object `group`, without the group's name; NULL when it belongs elsewhere. */
static const char *key_in(const char *table_key, const char *group)
{
	size_t n = strlen(group);

	if (key_group(table_key) != n || strncmp(table_key, group, n) != 0)
		return NULL;
	return table_key + n + (n > 0);
}

/* What is written: all that was entered, that and all that was computed, or what of the entered
 * texts is not empty. */
enum extent { ENTERED, COMPUTED, SPARSE };

static void put_texts(struct json_out *o, const void *base, const struct text_field *f,
		      const char *group, enum extent x)
{
	for (; f->key; f++) {
		const char *key = key_in(f->key, group);
		if (key && (f->entered || x == COMPUTED) && (x != SPARSE || *text_value(base, f)))
			json_put(o, key, text_value(base, f));
	}
}

static void put_value(struct json_out *o, const char *key, const struct value_field *v,
		      const void *slot)
{
	char text[DEC_TEXT > RATE_TEXT ? DEC_TEXT : RATE_TEXT];

	switch (v->form) {
	case FORM_BOOL:
		json_put_bool(o, key, *(const bool *)slot);
		break;
	case FORM_KIND:
		json_put(o, key, invoice_kind_word(*(const enum invoice_kind *)slot));
		break;
	case FORM_RATE:
		if (*(const int32_t *)slot >= 0)
			json_put(o, key, rate_format(*(const int32_t *)slot, text));
		break;
	case FORM_DEC:
		json_put(o, key, dec_format(*(const struct dec *)slot, text));
		break;
	case FORM_FEN:
		json_put_fen(o, key, *(const int64_t *)slot);
		break;
	case FORM_CHARS:
		json_put(o, key, slot);
		break;
	case FORM_ROW:
		if (*(const unsigned *)slot)
			json_put_int(o, key, *(const unsigned *)slot);
		break;
	case FORMS:
		break;
	}
}

static void put_values(struct json_out *o, const void *base, const struct value_field *v,
		       const char *group, enum extent x)
{
	for (; v->key; v++) {
		const char *key = key_in(v->key, group);
		const char *at = base;
		if (!key || !(v->input || x == COMPUTED))
			continue;
		if (v->flag != NO_FLAG && v->form != FORM_BOOL &&
		    !*(const bool *)(const void *)(at + v->flag))
			continue;
		if (x != COMPUTED && v->form == FORM_FEN && v->flag == NO_FLAG &&
		    !*(const int64_t *)(const void *)(at + v->offset))
			continue;
		put_value(o, key, v, at + v->offset);
	}
}

static void put_discount(struct json_out *o, const struct discount *d)
{
	char text[DEC_TEXT];

	if (d->by == DISCOUNT_NONE)
		return;
	json_open(o, "discount", '{');
	if (d->by == DISCOUNT_BY_RATE)
		json_put(o, "rate", dec_format(d->rate, text));
	else
		json_put_fen(o, "amount", d->amount_fen);
	if (d->tax_adjust_fen)
		json_put_fen(o, "tax_adjust", d->tax_adjust_fen);
	json_close(o, '}');
}

static void put_group(struct json_out *o, const struct invoice *inv, const char *group,
		      enum extent x)
{
	json_open(o, group, '{');
	put_texts(o, inv, invoice_texts, group, x);
	put_values(o, inv, invoice_values, group, x);
	json_close(o, '}');
}

static bool group_given(const struct invoice *inv, const char *group)
{
	for (const struct text_field *f = invoice_texts; f->key; f++)
		if (key_in(f->key, group) && *text_value(inv, f))
			return true;
	return false;
}

static void put_lines(struct json_out *o, const struct invoice *inv, enum extent x)
{
	json_open(o, "lines", '[');
	for (size_t i = 0; i < inv->line_count; i++) {
		const struct tax_line *l = &inv->lines[i];
		json_open(o, NULL, '{');
		put_texts(o, l, line_texts, "", x);
		put_values(o, l, line_values, "", x);
		put_discount(o, &l->discount);
		json_close(o, '}');
	}
	json_close(o, ']');
}

static void put_elements(struct json_out *o, const char *key, const void *items, size_t count,
			 size_t size, const struct text_field *texts,
			 const struct value_field *values)
{
	if (!count)
		return;
	json_open(o, key, '[');
	for (size_t i = 0; i < count; i++) {
		json_open(o, NULL, '{');
		put_texts(o, (const char *)items + i * size, texts, "", COMPUTED);
		if (values)
			put_values(o, (const char *)items + i * size, values, "", COMPUTED);
		json_close(o, '}');
	}
	json_close(o, ']');
}

static void put_invoice(struct json_out *o, const struct invoice *inv, enum extent x)
{
	put_values(o, inv, invoice_values, "", x);
	put_texts(o, inv, invoice_texts, "", x);
	if (x == COMPUTED)
		put_group(o, inv, "seller", x);
	put_group(o, inv, "buyer", x);
	if (group_given(inv, "handler"))
		put_group(o, inv, "handler", x);
	if (group_given(inv, "differential") || inv->deduction_fen)
		put_group(o, inv, "differential", x);
	if (x == COMPUTED && inv->red)
		put_group(o, inv, "red_of", x);
	put_lines(o, inv, x);
	put_elements(o, "payments", inv->payments, inv->payment_count, sizeof(*inv->payments),
		     payment_texts, NULL);
	put_elements(o, "extras", inv->extras, inv->extra_count, sizeof(*inv->extras), extra_texts,
		     NULL);
	put_elements(o, "vouchers", inv->vouchers, inv->voucher_count, sizeof(*inv->vouchers),
		     voucher_texts, voucher_values);
}

void invoice_put_json(struct json_out *o, const struct invoice *inv, bool computed)
{
	put_invoice(o, inv, computed ? COMPUTED : ENTERED);
}

void invoice_put_sparse(struct json_out *o, const struct invoice *inv)
{
	put_invoice(o, inv, SPARSE);
}

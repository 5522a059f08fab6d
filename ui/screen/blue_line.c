/* blue_line.c - typed cells of a row to a line of the invoice and back. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "ui/screen/blue_model.h"

/* ---- rows ---- */

static void line_init(struct tax_line *l)
{
	const struct text_field *f;

	memset(l, 0, sizeof(*l));
	l->rate_ppm = -1;
	for (f = line_texts; f->key; f++)
		mem_set(text_slot(l, f), "");
}

struct blue_row *blue_row_new(void)
{
	struct blue_row *r = mem_zalloc(sizeof(*r));

	line_init(&r->line);
	return r;
}

void *blue_row_copy(const void *row)
{
	const struct blue_row *from = row;
	struct blue_row *to;
	const struct text_field *f;

	if (!from)
		return NULL;
	to = mem_alloc(sizeof(*to));
	*to = *from;
	for (f = line_texts; f->key; f++)
		*text_slot(&to->line, f) = mem_strdup(text_value(&from->line, f));
	return to;
}

void blue_row_free(void *row)
{
	struct blue_row *r = row;
	const struct text_field *f;

	if (!r)
		return;
	for (f = line_texts; f->key; f++)
		free(*text_slot(&r->line, f));
	free(r);
}

/* ---- rates ---- */

static const struct {
	const char *text, *preference;
} FREE_RATES[] = {{"免税", "03"}, {"不征税", "04"}};
enum { FREE_COUNT = sizeof(FREE_RATES) / sizeof(FREE_RATES[0]) };

static bool parse_rate(const char *text, int32_t *ppm, const char **preference)
{
	const struct dec one = {.coef = 1};
	char percent[BLUE_TEXT];
	struct dec d;
	int i;

	*preference = "";
	for (i = 0; i < FREE_COUNT; i++) {
		if (strcmp(text, FREE_RATES[i].text) != 0)
			continue;
		*preference = FREE_RATES[i].preference;
		*ppm = 0;
		return true;
	}
	/* A bare number from 1 on can only mean per cent. */
	if (!dec_parse(text, &d) || dec_cmp(d, one) < 0)
		return rate_parse(text, ppm);
	snprintf(percent, sizeof(percent), "%.30s%%", text);
	return rate_parse(percent, ppm);
}

bool blue_rate_parse(const char *text, int32_t *ppm, const char **preference)
{
	char *folded = text_fold_width(text);
	bool ok = parse_rate(folded, ppm, preference);

	free(folded);
	return ok;
}

const char *blue_rate_text(int32_t ppm, const char *preference, char out[BLUE_TEXT])
{
	char text[RATE_TEXT];
	int i;

	out[0] = 0;
	if (ppm < 0)
		return out;
	text_copy(out, BLUE_TEXT, rate_format_percent(ppm, text));
	for (i = 0; i < FREE_COUNT; i++) {
		if (!ppm && !strcmp(preference, FREE_RATES[i].preference))
			text_copy(out, BLUE_TEXT, FREE_RATES[i].text);
	}
	return out;
}

/* A preference that the rate brought goes with it. */
static bool read_rate(struct tax_line *l, const char *text)
{
	const char *preference;
	int i;

	l->rate_ppm = -1;
	if (!*text)
		return true;
	if (!blue_rate_parse(text, &l->rate_ppm, &preference))
		return false;
	if (*preference) {
		mem_set(&l->preference, preference);
		return true;
	}
	for (i = 0; i < FREE_COUNT; i++) {
		if (!strcmp(l->preference, FREE_RATES[i].preference))
			mem_set(&l->preference, "");
	}
	return true;
}

static bool read_dec(const char *text, bool *has, struct dec *out)
{
	*has = *text && dec_parse(text, out);
	return *has || !*text;
}

static bool read_fen(const char *text, bool *has, int64_t *out)
{
	*has = *text && fen_parse(text, out);
	return *has || !*text;
}

static void set_trimmed(char **slot, const char *text)
{
	char *trimmed = text_trim(text);

	free(*slot);
	*slot = trimmed;
}

static enum err not_a_number(struct err_info *e, const char *member_name, const char *label,
			     const char *text, const char *hint)
{
	err_fail(e, ERR_INVALID, "line.text", label, "“%.40s”读不懂", text);
	err_field(e, "%s", member_name);
	err_hint(e, "%s", hint);
	return ERR_INVALID;
}

static void drop_adjustments(struct blue_row *r)
{
	r->line.tax_adjust_fen = r->line.discount.tax_adjust_fen = 0;
}

/* Adjustments of the taxes hold for the figures they were made for. */
static enum err compute_adjusted(struct blue_row *r, bool inclusive, struct err_info *e)
{
	struct tax_line *l = &r->line;
	enum err rc;

	if (r->adjusted.known &&
	    (r->adjusted.rate_ppm != l->rate_ppm || r->adjusted.inclusive != inclusive))
		drop_adjustments(r);
	if ((rc = tax_line_compute(l, inclusive, e)) ||
	    (!l->tax_adjust_fen && !l->discount.tax_adjust_fen))
		return rc;
	if (r->adjusted.known && r->adjusted.amount_fen != l->full_amount_fen) {
		drop_adjustments(r);
		return tax_line_compute(l, inclusive, e);
	}
	r->adjusted.known = true;
	r->adjusted.inclusive = inclusive;
	r->adjusted.rate_ppm = l->rate_ppm;
	r->adjusted.amount_fen = l->full_amount_fen;
	return ERR_OK;
}

enum err blue_row_read(struct blue_row *r, char *const cell[], bool inclusive, struct err_info *e)
{
	struct tax_line *l = &r->line;
	const char *quantity = cell[BLUE_QUANTITY - 1], *price = cell[BLUE_PRICE - 1],
		   *amount = cell[BLUE_AMOUNT - 1], *rate = cell[BLUE_RATE - 1];
	bool good[] = {read_dec(quantity, &l->has_quantity, &l->quantity),
		       read_dec(price, &l->has_price, &l->price),
		       read_fen(amount, &l->has_amount, &l->amount_fen), read_rate(l, rate)};
	enum err rc;

	r->ok = false;
	set_trimmed(&l->name, cell[BLUE_NAME - 1]);
	set_trimmed(&l->spec, cell[BLUE_SPEC - 1]);
	set_trimmed(&l->unit, cell[BLUE_UNIT - 1]);
	if (!good[0])
		return not_a_number(e, "quantity", "数量", quantity, "填数字，如 2 或 1.5");
	if (!good[1])
		return not_a_number(e, "price", "单价", price, "填数字，如 113 或 113.00");
	if (!good[2])
		return not_a_number(e, "amount", "金额", amount, "填最多两位小数的数字");
	if (!good[3])
		return not_a_number(e, "tax_rate", "税率", rate, "填 13 或 13%、免税、不征税");
	if ((rc = compute_adjusted(r, inclusive, e)))
		return rc;
	r->ok = true;
	return ERR_OK;
}

/* ---- cells ---- */

static const char *dec_or_blank(bool has, struct dec d, char out[BLUE_TEXT])
{
	if (has)
		dec_format(d, out);
	else
		out[0] = 0;
	return out;
}

const char *blue_cell_text(const struct tax_line *l, enum blue_column c, char out[BLUE_TEXT])
{
	out[0] = 0;
	switch (c) {
	case BLUE_NAME:
		return l->name;
	case BLUE_SPEC:
		return l->spec;
	case BLUE_UNIT:
		return l->unit;
	case BLUE_QUANTITY:
		return dec_or_blank(l->has_quantity, l->quantity, out);
	case BLUE_PRICE:
		return dec_or_blank(l->has_price, l->price, out);
	case BLUE_AMOUNT:
		return l->has_amount ? fen_format(l->amount_fen, out) : out;
	case BLUE_RATE:
		return blue_rate_text(l->rate_ppm, l->preference, out);
	case BLUE_TAX:
		break;
	}
	return out;
}

const char *blue_price_text(struct dec d, char out[BLUE_TEXT])
{
	const struct dec cents = dec_round(d, 2);
	char text[FEN_TEXT];
	int64_t fen;

	d = dec_normalize(d);
	if (d.scale <= 2 && dec_format(cents, out) && fen_parse(out, &fen))
		text_copy(out, BLUE_TEXT, fen_format(fen, text));
	else
		dec_format(d, out);
	return out;
}

/* What was typed into a row that is not complete, in the other view; NULL: as it is typed. */
static const char *typed_in_view(const struct tax_line *l, bool view_inclusive, enum blue_column c,
				 char out[BLUE_TEXT])
{
	const int64_t all = RATE_ONE + (int64_t)l->rate_ppm;
	int64_t num = view_inclusive ? all : RATE_ONE, den = view_inclusive ? RATE_ONE : all, fen;
	struct dec price;

	if (c == BLUE_PRICE ? !l->has_price : c != BLUE_AMOUNT || !l->has_amount)
		return NULL;
	if (l->rate_ppm < 0)
		return "待税率";
	if (c == BLUE_AMOUNT)
		return fen_mul_ratio(l->amount_fen, num, den, &fen) ? fen_format_grouped(fen, out)
								    : NULL;
	/* What a voucher leaves of it depends on the quantity. */
	if (l->deduction_fen)
		return "待数量";
	return dec_mul_ratio(l->price, num, den, 13, &price) ? blue_price_text(price, out) : NULL;
}

const char *blue_cell_shown(const struct blue_row *r, bool inclusive, bool view_inclusive,
			    enum blue_column c, char out[BLUE_TEXT], char **name)
{
	const struct tax_line *l = &r->line;
	struct tax_view v;

	*name = NULL;
	if (c == BLUE_NAME && *l->short_name && *l->name)
		return *name = tax_line_full_name(l);
	if (c == BLUE_RATE && l->rate_ppm >= 0)
		return blue_rate_text(l->rate_ppm, l->preference, out);
	if (!r->ok || (c == BLUE_PRICE && dec_is_zero(l->full_quantity)))
		return inclusive == view_inclusive ? NULL
						   : typed_in_view(l, view_inclusive, c, out);
	v = tax_line_view(l, inclusive, view_inclusive);
	switch (c) {
	case BLUE_QUANTITY:
		return dec_is_zero(l->full_quantity)
			   ? NULL
			   : dec_format(dec_normalize(l->full_quantity), out);
	case BLUE_PRICE:
		return blue_price_text(v.price, out);
	case BLUE_AMOUNT:
		return fen_format_grouped(v.amount_fen, out);
	case BLUE_TAX:
		return fen_format_grouped(l->tax_fen, out);
	default:
		return NULL;
	}
}

const char *blue_row_note(const struct blue_row *r, bool inclusive, bool view_inclusive,
			  char out[160])
{
	const struct tax_line *l = &r->line;
	char amount[FEN_TEXT], tax[FEN_TEXT], percent[RATE_TEXT], rate[BLUE_TEXT];
	int64_t ppm = 0;
	struct tax_view v;

	out[0] = 0;
	if (!r->ok || !l->discount_fen)
		return out;
	v = tax_line_view(l, inclusive, view_inclusive);
	if (!fen_mul_ratio(l->discount_fen, RATE_ONE, l->full_amount_fen, &ppm))
		ppm = 0;
	/* Hundredths of a per cent are enough to see. */
	ppm = (ppm + 50) / 100 * 100;
	/* Under name, amount, rate and tax: the cells of the grid are parted by tabs. */
	snprintf(
	    out, 160, "折扣 %s\t\t\t\t\t-%s\t%s\t%s", rate_format_percent((int32_t)ppm, percent),
	    fen_format(v.discount_fen < 0 ? -v.discount_fen : v.discount_fen, amount),
	    blue_rate_text(l->rate_ppm, l->preference, rate), fen_format(l->discount_tax_fen, tax));
	return out;
}

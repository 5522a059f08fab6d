/* What the rate and tax cells show, on the face and in the XML. */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "print/rows_p.h"

#define PREF_EXEMPT  "03"
#define PREF_UNTAXED "04"
/* Telecom services billed under the summary code: no tax at the time of the invoice. */
#define CODE_TELECOM "3030000000000000000"

/* NULL: the figure itself. */
static const struct {
	const char *rate, *tax, *rate_xml, *tax_xml;
} TEXTS[RATE_CASES] = {
    [RATE_FIGURE] = {NULL, NULL, NULL, NULL},
    [RATE_ZERO] = {"0%", "0", "0%", "0.00"},
    [RATE_EXEMPT] = {"免税", "***", "免税", "***"},
    [RATE_UNTAXED] = {"不征税", "", "不征税", ""},
    [RATE_TELECOM] = {"*", "*", "*", "*"},
    /* The XML's rate is a number: that *** is said of the face alone. */
    [RATE_DIFFERENTIAL] = {"***", NULL, NULL, NULL},
};

enum rate_case rate_case_of(const struct tax_line *l)
{
	if (l->deduction_fen)
		return RATE_DIFFERENTIAL;
	if (text_eq(l->preference, PREF_EXEMPT))
		return RATE_EXEMPT;
	if (text_eq(l->preference, PREF_UNTAXED))
		return text_eq(l->tax_code, CODE_TELECOM) ? RATE_TELECOM : RATE_UNTAXED;
	return l->rate_ppm == 0 ? RATE_ZERO : RATE_FIGURE;
}

static bool fixed(const char *text, char out[FEN_TEXT])
{
	return text && text_copy(out, FEN_TEXT, text);
}

void cell_rate(const struct tax_row *r, char out[FEN_TEXT])
{
	if (!fixed(TEXTS[rate_case_of(r->line)].rate, out))
		rate_format_percent(r->line->rate_ppm, out);
}

void cell_tax(const struct tax_row *r, char out[FEN_TEXT])
{
	if (!fixed(TEXTS[rate_case_of(r->line)].tax, out))
		fen_format(r->tax_fen, out);
}

void cell_rate_xml(const struct tax_row *r, char out[FEN_TEXT])
{
	int32_t ppm = r->line->rate_ppm;

	if (!fixed(TEXTS[rate_case_of(r->line)].rate_xml, out))
		snprintf(out, FEN_TEXT, "%d.%06d", ppm / RATE_ONE, ppm % RATE_ONE);
}

void cell_tax_xml(const struct tax_row *r, char out[FEN_TEXT])
{
	if (!fixed(TEXTS[rate_case_of(r->line)].tax_xml, out))
		fen_format(r->tax_fen, out);
}

bool cell_tax_total(const struct invoice *inv, char out[FEN_TEXT])
{
	size_t i;

	for (i = 0; i < inv->line_count; i++)
		if (rate_case_of(&inv->lines[i]) != RATE_EXEMPT)
			break;
	if (inv->line_count && i == inv->line_count)
		return !fixed(TEXTS[RATE_EXEMPT].tax, out);
	fen_format(inv->tax_fen, out);
	return true;
}

const char *cell_decimal(struct dec d, char out[DEC_TEXT])
{
	return dec_format(dec_normalize(d), out);
}

const char *differential_label(const struct invoice *inv)
{
	if (text_eq(inv->differential, DIFFERENTIAL_FULL))
		return "差额征税-全额开票";
	return text_eq(inv->differential, DIFFERENTIAL_PART) ? "差额征税-差额开票" : "";
}

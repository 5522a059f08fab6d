/* bench/cents.c - shares and differences of random figures, for a peer to check.
 *
 * Reads lines of blank-parted words, answers each with one line ("-": there is none):
 *   amount TOTAL PART...      the shares of an amount          all figures in fen
 *   rate RATE PART...         the shares of a discount by rate
 *   tax MODE AMOUNT PPM ADJUST   MODE 1: with tax; net, tax, gross, then the differences in
 *                                hundredths of a fen: of the tax, of the net amount
 *   total MODE PPM COUNT AMOUNT  that many equal lines: tax, its difference; the tax nearest to the
 *                                rates, what it comes to, its difference
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "tax/spread.h"
#include "tax/tax.h"

enum { WORDS = 6000, LINE_MAX_BYTES = 1 << 17 };

static int64_t number(const char *s)
{
	return strtoll(s, NULL, 10);
}

static void spread(char **words, int n, bool by_rate)
{
	int64_t *parts = mem_alloc((size_t)n * 2 * sizeof(*parts)), *shares = parts + n;
	struct dec rate = {0};
	bool ok;
	int i, count = n - 2;

	for (i = 0; i < count; i++)
		parts[i] = number(words[i + 2]);
	if (by_rate)
		ok = dec_parse(words[1], &rate) &&
		     tax_spread_rate(parts, (size_t)count, rate, shares);
	else
		ok = tax_spread(parts, (size_t)count, number(words[1]), shares);
	for (i = 0; ok && i < count; i++)
		printf("%s%" PRId64, i ? " " : "", shares[i]);
	puts(ok ? "" : "-");
	free(parts);
}

static int64_t gap_of(const struct tax_gap *gaps, int n, enum gap_kind kind)
{
	for (int i = 0; i < n; i++)
		if (gaps[i].kind == kind)
			return gaps[i].off;
	return -1;
}

static void tax(char **words)
{
	struct tax_line l = {.has_amount = true,
			     .amount_fen = number(words[2]),
			     .rate_ppm = (int32_t)number(words[3]),
			     .tax_adjust_fen = number(words[4])};
	struct tax_gap gaps[LINE_GAPS];
	int n;

	if (tax_line_compute(&l, number(words[1]) != 0, NULL)) {
		puts("-");
		return;
	}
	n = tax_line_gaps(&l, false, gaps);
	printf("%" PRId64 " %" PRId64 " %" PRId64 " %" PRId64 " %" PRId64 "\n", l.net_fen,
	       l.tax_fen, l.gross_fen, gap_of(gaps, n, GAP_TAX), gap_of(gaps, n, GAP_NET));
}

static int64_t total_off(const struct invoice *inv)
{
	dec_int exact = 0;

	for (size_t i = 0; i < inv->line_count; i++)
		exact += tax_line_exact(&inv->lines[i]);
	return tax_total_gap(exact, inv->tax_fen).off;
}

static void total(char **words)
{
	struct invoice inv;
	int64_t best, low, high, before;
	size_t changed;

	invoice_init(&inv);
	inv.prices_include_tax = number(words[1]) != 0;
	for (int64_t i = number(words[3]); i > 0; i--) {
		struct tax_line *l = invoice_add_line(&inv);

		l->rate_ppm = (int32_t)number(words[2]);
		l->has_amount = true;
		l->amount_fen = number(words[4]);
	}
	if (tax_invoice_compute(&inv, NULL)) {
		puts("-");
	} else {
		printf("%" PRId64 " %" PRId64, inv.tax_fen, total_off(&inv));
		best = tax_total_best(&inv);
		before = inv.tax_fen;
		if (!tax_adjust_spread(&inv, best, &changed, &low, &high))
			inv.tax_fen = before;
		printf(" %" PRId64 " %" PRId64 " %" PRId64 "\n", best, inv.tax_fen,
		       total_off(&inv));
	}
	invoice_free(&inv);
}

static void answer(char **words, int n)
{
	if (n > 2 && (!strcmp(words[0], "amount") || !strcmp(words[0], "rate")))
		spread(words, n, words[0][0] == 'r');
	else if (n == 5 && !strcmp(words[0], "tax"))
		tax(words);
	else if (n == 5 && !strcmp(words[0], "total"))
		total(words);
	else
		puts("?");
}

int main(void)
{
	static char line[LINE_MAX_BYTES];
	static char *words[WORDS];
	char *rest, *word;
	int n;

	while (fgets(line, sizeof(line), stdin)) {
		n = 0;
		rest = line;
		while (n < WORDS && (word = strtok_r(rest, " \n", &rest)))
			words[n++] = word;
		answer(words, n);
	}
	return 0;
}

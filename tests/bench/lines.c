/* bench/lines.c - how long the arithmetic of invoice lines takes.
 *
 *   lines run COUNT PREFIX ROUNDS   computes COUNT lines ROUNDS times; one JSON line on stdout: the
 *                                   CPU nanoseconds of each round, the checksum over all lines and
 *                                   the one over the first PREFIX
 *   lines dump COUNT                the same lines as text, for the peer
 *
 * The lines come from a generator that depends on nothing; every LINES of them are one invoice.  A
 * round parses the texts and computes lines and totals.  The checksum over every figure is made in
 * a round of its own, as the peer makes it after its own.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/buf.h"
#include "tax/calc.h"

enum { LINES = 10, ROUNDS_MAX = 99, PRICE_SCALE = 13 };

struct entry {
	char quantity[16], price[16], rate[8], discount[8]; /* discount "": none */
};

static uint64_t scatter(uint64_t n)
{
	n = (n + 1) * UINT64_C(0x9e3779b97f4a7c15);
	n = (n ^ n >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	n = (n ^ n >> 27) * UINT64_C(0x94d049bb133111eb);
	return n ^ n >> 31;
}

static void put_decimal(char out[16], uint64_t coef, unsigned scale)
{
	const struct dec d = {.coef = (dec_int)coef, .scale = (uint8_t)scale};
	char text[DEC_TEXT];

	snprintf(out, 16, "%s", dec_format(d, text));
}

/* Quantities of at most 3 decimals, prices of 2 to 6, usual rates, every eighth line discounted. */
static void make_entry(struct entry *x, uint64_t n)
{
	static const unsigned quantity_scale[] = {0, 0, 0, 1, 2, 3},
			      price_scale[] = {2, 2, 2, 4, 6};
	static const uint64_t power[] = {1, 10, 100, 1000, 10000, 100000, 1000000};
	static const char *const rates[] = {"0.13", "0.13", "0.13", "0.09",
					    "0.06", "0.03", "0.01", "0"};
	static const char *const discounts[] = {"0.05", "0.10", "0.125", "0.3333"};
	uint64_t h = scatter(n);
	unsigned q = quantity_scale[h % 6], p = price_scale[h / 6 % 5];

	put_decimal(x->quantity, power[q] + (h >> 8) % (200 * power[q]), q);
	put_decimal(x->price, power[p] + (h >> 20) % (3000 * power[p]), p);
	snprintf(x->rate, sizeof(x->rate), "%s", rates[h >> 56 & 7]);
	snprintf(x->discount, sizeof(x->discount), "%s", (h >> 59) % 8 ? "" : discounts[h >> 62]);
}

static bool inclusive_at(size_t first_line)
{
	return first_line / LINES % 2 == 0;
}

static void fold(uint64_t *sum, uint64_t v)
{
	*sum = (*sum ^ v) * UINT64_C(1099511628211);
}

static void fold_line(uint64_t *sum, const struct tax_line *l)
{
	dec_int price = l->net_price.coef;

	for (unsigned s = l->net_price.scale; s < PRICE_SCALE; s++)
		price *= 10;
	fold(sum, (uint64_t)price);
	fold(sum, (uint64_t)l->net_fen);
	fold(sum, (uint64_t)l->tax_fen);
	fold(sum, (uint64_t)l->gross_fen);
	fold(sum, (uint64_t)l->discount_net_fen);
	fold(sum, (uint64_t)l->discount_tax_fen);
	fold(sum, (uint64_t)l->discount_gross_fen);
}

static bool read_line(struct tax_line *l, const struct entry *x)
{
	l->has_quantity = l->has_price = true;
	l->discount.by = *x->discount ? DISCOUNT_BY_RATE : DISCOUNT_NONE;
	return dec_parse(x->quantity, &l->quantity) && dec_parse(x->price, &l->price) &&
	       rate_parse(x->rate, &l->rate_ppm) &&
	       (!*x->discount || dec_parse(x->discount, &l->discount.rate));
}

/* One invoice of the entries from `first`; false when a line is refused, which none is. */
static bool compute(struct invoice *inv, const struct entry *entries, size_t first)
{
	struct err_info e;
	char text[1200];

	inv->prices_include_tax = inclusive_at(first);
	for (size_t i = 0; i < inv->line_count; i++) {
		if (!read_line(&inv->lines[i], &entries[first + i]))
			return false;
	}
	if (!tax_invoice_compute(inv, &e))
		return true;
	fprintf(stderr, "lines: %s\n", err_sentence(&e, text, sizeof(text)));
	return false;
}

static bool checksum(struct invoice *inv, const struct entry *entries, size_t count, uint64_t *sum)
{
	*sum = 0;
	for (size_t i = 0; i < count; i += LINES) {
		if (!compute(inv, entries, i))
			return false;
		for (size_t j = 0; j < inv->line_count; j++)
			fold_line(sum, &inv->lines[j]);
		fold(sum, (uint64_t)inv->net_fen);
		fold(sum, (uint64_t)inv->tax_fen);
		fold(sum, (uint64_t)inv->gross_fen);
	}
	return true;
}

static int64_t cpu_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static bool run(const struct entry *entries, size_t count, size_t prefix, size_t rounds)
{
	struct invoice inv;
	uint64_t sum, prefix_sum;
	bool ok;

	invoice_init(&inv);
	for (int i = 0; i < LINES; i++)
		invoice_add_line(&inv);
	ok = checksum(&inv, entries, prefix, &prefix_sum) && checksum(&inv, entries, count, &sum);
	if (ok)
		printf("{\"lines\":%zu,\"checksum\":\"%016" PRIx64 "\",\"prefix\":\"%016" PRIx64
		       "\",\"ns\":[",
		       count, sum, prefix_sum);
	for (size_t r = 0; ok && r < rounds; r++) {
		int64_t start = cpu_ns();
		for (size_t i = 0; ok && i < count; i += LINES)
			ok = compute(&inv, entries, i);
		printf("%s%" PRId64, r ? "," : "", cpu_ns() - start);
	}
	printf("]}\n");
	invoice_free(&inv);
	return ok;
}

static bool dump(const struct entry *entries, size_t count)
{
	for (size_t i = 0; i < count; i++)
		printf("%d %s %s %s %s\n", inclusive_at(i), entries[i].quantity, entries[i].price,
		       entries[i].rate, *entries[i].discount ? entries[i].discount : "-");
	return !ferror(stdout);
}

static size_t number(const char *text, size_t max)
{
	char *end;
	unsigned long v = strtoul(text, &end, 10);

	return *end || v > max ? 0 : v;
}

int main(int argc, char **argv)
{
	bool running = argc == 5 && !strcmp(argv[1], "run"),
	     dumping = argc == 3 && !strcmp(argv[1], "dump");
	size_t count = running || dumping ? number(argv[2], 100000000) / LINES * LINES : 0;
	size_t prefix = running ? number(argv[3], count) / LINES * LINES : 0;
	size_t rounds = running ? number(argv[4], ROUNDS_MAX) : 0;
	struct entry *entries;
	bool ok;

	if (!count || (running && !rounds)) {
		fprintf(stderr, "usage: lines run COUNT PREFIX ROUNDS | lines dump COUNT\n");
		return 2;
	}
	entries = mem_alloc(count * sizeof(*entries));
	for (size_t i = 0; i < count; i++)
		make_entry(&entries[i], i);
	ok = running ? run(entries, count, prefix, rounds) : dump(entries, count);
	free(entries);
	return !ok;
}

/* Helpers of the tax room's unit tests: short ways to make lines, and the optional fact folder. */
#ifndef KP_TESTS_TAX_HELP_H
#define KP_TESTS_TAX_HELP_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/file.h"
#include "tax/tax.h"

static inline struct dec dec_of(const char *text)
{
	struct dec d = {0};

	assert_true(dec_parse(text, &d));
	return d;
}

static inline int64_t fen_of(const char *text)
{
	int64_t fen = 0;

	assert_true(fen_parse(text, &fen));
	return fen;
}

/* Sets what is not NULL of quantity, price, amount. */
static inline void line_enter(struct tax_line *l, const char *quantity, const char *price,
			      const char *amount)
{
	l->has_quantity = quantity != NULL;
	l->has_price = price != NULL;
	l->has_amount = amount != NULL;
	if (quantity)
		l->quantity = dec_of(quantity);
	if (price)
		l->price = dec_of(price);
	if (amount)
		l->amount_fen = fen_of(amount);
}

static inline void assert_dec(struct dec d, const char *text)
{
	char out[DEC_TEXT];

	assert_string_equal(dec_format(d, out), text);
}

static inline void assert_fen(int64_t fen, const char *text)
{
	char out[FEN_TEXT];

	assert_string_equal(fen_format(fen, out), text);
}

/* A file of the optional fact folder (KAIPIAO_SHARED, else ../shared); NULL: absent, skip. */
static inline char *fact_file(const char *name)
{
	const char *root = getenv("KAIPIAO_SHARED");
	char path[512];
	char *text = NULL;
	size_t n;

	snprintf(path, sizeof(path), "%s/data/%s", root && *root ? root : "../shared", name);
	if (!file_exists(path)) {
		print_message("skipped: no %s\n", path);
		return NULL;
	}
	assert_int_equal(file_read(path, 16 << 20, &text, &n, NULL), ERR_OK);
	return text;
}

/* Calls fn for each line of text that is not empty, a comment, or the header "code...". */
static inline void each_row(char *text, void (*fn)(char *row, void *arg), void *arg)
{
	char *save = NULL;

	for (char *row = strtok_r(text, "\n", &save); row; row = strtok_r(NULL, "\n", &save))
		if (*row != '#' && strncmp(row, "code\t", 5) != 0)
			fn(row, arg);
}

/* xorshift: the same sequence in every run. */
static inline uint64_t next_random(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

#endif

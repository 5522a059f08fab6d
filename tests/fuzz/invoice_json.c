/* Fuzz target: bytes -> JSON -> invoice -> computed -> written -> read again.  Nothing crashes,
 * and what was written computes to the same totals. */
#include <stdlib.h>
#include <string.h>

#include "tax/tax.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { INPUT_MAX = 1 << 16, OUTPUT_MAX = 1 << 24 };

static bool read_back(const struct buf *text, struct invoice *out)
{
	cJSON *tree = NULL;

	if (json_parse(text->data, text->len, OUTPUT_MAX, &tree, NULL))
		return false;
	bool ok = !invoice_from_json(tree, "", out, NULL);
	json_free(&tree);
	return ok;
}

static void write_json(const struct invoice *inv, bool computed, struct buf *out)
{
	struct json_out o;

	buf_init(out, OUTPUT_MAX);
	json_out_init(&o, out, 0);
	json_open(&o, NULL, '{');
	invoice_put_json(&o, inv, computed);
	json_close(&o, '}');
	if (out->failed)
		abort();
}

static void check_rows(const struct invoice *inv)
{
	struct tax_row r;
	size_t cursor = 0, rows = 0;
	int64_t net = 0, tax = 0, gross = 0;

	while (tax_row_next(inv, &cursor, &r)) {
		rows++;
		net += r.net_fen;
		tax += r.tax_fen;
		gross += r.gross_fen;
		if (r.gross_fen != r.net_fen + r.tax_fen || r.seq != rows)
			abort();
	}
	if (rows != tax_row_count(inv) || net != inv->net_fen || tax != inv->tax_fen ||
	    gross != inv->gross_fen)
		abort();
}

static void check_round_trip(struct invoice *inv)
{
	struct invoice again;
	struct buf text;
	bool computed = !tax_invoice_compute(inv, NULL);

	write_json(inv, false, &text);
	if (!read_back(&text, &again))
		abort();
	if (computed != !tax_invoice_compute(&again, NULL))
		abort();
	if (computed && (again.net_fen != inv->net_fen || again.tax_fen != inv->tax_fen ||
			 again.gross_fen != inv->gross_fen || again.line_count != inv->line_count))
		abort();
	if (computed)
		check_rows(inv);
	invoice_free(&again);
	buf_free(&text);
	write_json(inv, true, &text);
	buf_free(&text);
}

static void check_rules(struct invoice *inv)
{
	const struct tax_context ctx = {.now = 1773115200};
	struct tax_findings found;
	struct err_info e;
	char words[WORDS_TEXT];

	if (tax_validate(inv, &ctx, &found, &e) && !found.errors)
		abort();
	tax_findings_free(&found);
	tax_words(inv->gross_fen, words);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct err_info e;
	struct invoice inv;
	cJSON *tree = NULL;

	if (json_parse((const char *)data, size, INPUT_MAX, &tree, &e))
		return 0;
	if (!invoice_from_json(tree, "", &inv, &e)) {
		check_round_trip(&inv);
		check_rules(&inv);
	}
	invoice_free(&inv);
	json_free(&tree);
	return 0;
}

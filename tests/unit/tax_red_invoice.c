/* Red letters of very many lines, and red invoices: what they take over, and what they refuse. */
#include "tax_red_fixture.h"

/* ---- taxes of very many lines ---- */

/* A thousand lines whose taxes are all rounded the same way cannot go into one letter alone. */
static void test_total_tax(void **unused)
{
	enum { HALF = 400 };
	struct invoice inv;
	struct red_blue b;
	struct red_letter l;
	struct err_info e;
	struct red_wish w[HALF];

	(void)unused;
	invoice_init(&inv);
	inv.prices_include_tax = false;
	head(&inv);
	for (size_t i = 0; i < 2 * HALF; i++)
		line_of(&inv, GOODS, NULL, NULL, i < HALF ? "0.04" : "0.12", 130000);
	/* 0.52 is 1 each, 1.56 is 2 each: up by 0.48 and by 0.44; together beyond 1.27 as well, so
	 * that the second half is brought down. */
	for (size_t i = HALF; i < 2 * HALF; i++)
		inv.lines[i].tax_adjust_fen = -1;
	assert_int_equal(tax_invoice_compute(&inv, &e), ERR_OK);
	assert_int_equal(tax_red_blue(&inv, &b, &e), ERR_OK);
	assert_int_equal(fill(&b, RED_MISTAKE, NULL, 0, &l, &e), ERR_OK);
	red_letter_free(&l);
	for (size_t i = 0; i < HALF; i++)
		w[i] = (struct red_wish) {.line = i};
	assert_int_equal(fill(&b, RED_RETURN, w, HALF, &l, &e), ERR_INVALID);
	assert_string_equal(e.code, "red.total_tax");
	assert_int_equal(fill(&b, RED_RETURN, w, 200, &l, &e), ERR_OK);
	red_letter_free(&l);
	w[1].line = 0;
	assert_int_equal(fill(&b, RED_RETURN, w, 2, &l, &e), ERR_INVALID);
	assert_string_equal(e.field, "lines[1].line");
	red_blue_free(&b);
	invoice_free(&inv);
}

/* A thousand equal lines, taken back one piece of each at a time: the taxes of a letter all round
 * the same way, and its last one still takes what is left, to the fen. */
static void test_level(void **unused)
{
	enum { LINES = 1000 };
	/* Of one piece the tax is a fraction of a fen. */
	static const struct {
		const char *quantity, *price;
		int32_t ppm;
		int pieces;
	} rows[] = {{"3", "0.333333", 130000, 3},
		    {"2", "0.04", 130000, 2},
		    {"4", "1.15", 130000, 4},
		    {"3", "7.77", 60000, 3},
		    {"2", "0.50", 30000, 2}};
	struct red_wish *w = mem_zalloc(LINES * sizeof *w);
	int moved = 0;

	(void)unused;
	for (size_t k = 0; k < sizeof rows / sizeof *rows; k++) {
		struct invoice inv;
		struct red_blue b;
		struct err_info e = {0};

		invoice_init(&inv);
		head(&inv);
		for (int i = 0; i < LINES; i++)
			line_of(&inv, GOODS, rows[k].quantity, rows[k].price, NULL, rows[k].ppm);
		assert_int_equal(tax_invoice_compute(&inv, &e), ERR_OK);
		/* Every other line a fen less, so that the invoice itself keeps the limit. */
		dec_int off = 0;
		for (size_t i = 0; i < LINES; i++) {
			struct tax_line *l = &inv.lines[i];
			dec_int one =
			    (dec_int)l->net_fen * l->rate_ppm - (dec_int)l->tax_fen * RATE_ONE;
			l->tax_adjust_fen = off + one > RATE_ONE / 2    ? 1
					    : off + one < -RATE_ONE / 2 ? -1
									: 0;
			off += one - (dec_int)l->tax_adjust_fen * RATE_ONE;
		}
		assert_int_equal(tax_invoice_compute(&inv, &e), ERR_OK);
		assert_int_equal(tax_red_blue(&inv, &b, &e), ERR_OK);
		int64_t net = 0, tax = 0;
		for (int piece = 0; piece < rows[k].pieces; piece++) {
			struct red_taken *t = mem_zalloc(LINES * sizeof *t);
			struct red_letter l;

			for (size_t i = 0; i < LINES; i++)
				w[i] = (struct red_wish) {
				    .line = i, .has_quantity = true, .quantity = {.coef = 1}};
			if (fill(&b, RED_RETURN, w, LINES, &l, &e))
				fail_msg("rows %zu, piece %d: %s %s", k, piece, e.what, e.why);
			for (size_t i = 0; i < LINES; i++) {
				struct red_line part;

				assert_int_equal(tax_red_part(&b.lines[i], RED_RETURN, &w[i],
							      memset(&part, 0, sizeof part), &e),
						 ERR_OK);
				moved += part.tax_fen != l.lines[i].tax_fen;
				assert_true(part.tax_fen - l.lines[i].tax_fen <= 1 &&
					    l.lines[i].tax_fen - part.tax_fen <= 1);
				t[i] = (struct red_taken) {.row = l.lines[i].blue_row,
							   .quantity = {.coef = 1},
							   .net_fen = -l.lines[i].net_fen,
							   .tax_fen = -l.lines[i].tax_fen};
			}
			net += l.net_fen;
			tax += l.tax_fen;
			assert_int_equal(tax_red_take(&b, t, LINES, &e), ERR_OK);
			red_letter_free(&l);
			free(t);
		}
		assert_true(tax_red_spent(&b));
		assert_int_equal(net, -inv.net_fen);
		assert_int_equal(tax, -inv.tax_fen);
		red_blue_free(&b);
		invoice_free(&inv);
	}
	assert_true(moved > 100);
	free(w);
}

/* ---- the red invoice ---- */

static void test_invoice(void **unused)
{
	struct invoice inv, red, again;
	struct red_blue b;
	struct red_letter l;
	struct err_info e = {0};

	(void)unused;
	invoice_init(&inv);
	inv.prices_include_tax = true;
	inv.kind = INVOICE_SPECIAL;
	head(&inv);
	mem_set(&inv.buyer.address, "上海");
	inv.show_buyer_bank = true;
	line_of(&inv, GOODS, "3", "33.33", NULL, 130000);
	inv.lines[0].discount = (struct discount) {.by = DISCOUNT_BY_AMOUNT, .amount_fen = 999};
	line_of(&inv, GOODS, "7", "14.29", NULL, 60000);
	mem_set(&inv.lines[1].preference, "11");
	assert_int_equal(tax_invoice_compute(&inv, &e), ERR_OK);
	assert_int_equal(tax_red_blue(&inv, &b, &e), ERR_OK);
	assert_int_equal(fill(&b, RED_MISTAKE, NULL, 0, &l, &e), ERR_OK);
	mem_set(&l.number, "26110000000000000001");
	mem_set(&l.uuid, "0123456789abcdef0123456789abcdef");
	mem_set(&l.lines[1].preference, "");
	assert_int_equal(tax_red_invoice(&l, &inv, &red, &e), ERR_OK);
	assert_true(red.red && red.kind == INVOICE_SPECIAL && red.show_buyer_bank);
	assert_string_equal(red.blue_number, inv.number);
	assert_string_equal(red.red_letter_no, l.number);
	assert_string_equal(red.red_letter_uuid, l.uuid);
	assert_string_equal(red.buyer.address, "上海");
	assert_string_equal(red.lines[1].preference, "11");
	assert_int_equal(red.lines[1].blue_row, 3);
	assert_int_equal(red.net_fen, -inv.net_fen);
	assert_int_equal(red.gross_fen, -inv.gross_fen);
	assert_int_equal(tax_row_count(&red), 2);
	/* Computing and validating change no figure. */
	invoice_copy(&again, &red);
	assert_int_equal(tax_invoice_compute(&again, &e), ERR_OK);
	assert_int_equal(again.lines[0].net_fen, red.lines[0].net_fen);
	assert_int_equal(again.tax_fen, -inv.tax_fen);
	invoice_free(&again);
	mem_set(&red.drawer, "张三");
	struct tax_context ctx = {.now = 1795140000};
	if (tax_validate(&red, &ctx, NULL, &e))
		fail_msg("%s %s", e.what, e.why);
	assert_int_equal(red.net_fen, -inv.net_fen);
	/* What may not be on it. */
	red.lines[0].net_fen++;
	assert_int_equal(tax_validate(&red, &ctx, NULL, &e), ERR_INVALID);
	assert_string_equal(e.code, "red.signs"); /* gross is no longer net + tax */
	red.lines[0].net_fen--;
	red.lines[0].blue_row = 0;
	assert_int_equal(tax_validate(&red, &ctx, NULL, &e), ERR_INVALID);
	assert_string_equal(e.code, "red.row");
	red.lines[0].blue_row = 1;
	char long_remark[400];
	memset(long_remark, 'x', 383);
	long_remark[383] = '\0';
	mem_set(&red.remark, long_remark);
	assert_int_equal(tax_validate(&red, &ctx, NULL, &e), ERR_INVALID);
	assert_string_equal(e.code, "red.remark.length");
	long_remark[382] = '\0';
	mem_set(&red.remark, long_remark);
	assert_int_equal(tax_validate(&red, &ctx, NULL, &e), ERR_OK);
	mem_set(&red.red_letter_uuid, "");
	assert_int_equal(tax_validate(&red, &ctx, NULL, &e), ERR_INVALID);
	invoice_free(&red);
	/* Without lines, or of vehicles, none. */
	mem_set(&l.blue_kind, "03");
	assert_int_equal(tax_red_invoice(&l, NULL, &red, &e), ERR_INVALID);
	assert_string_equal(e.code, "red.kind");
	invoice_free(&red);
	mem_set(&l.blue_kind, "01");
	red_clear_lines(&l);
	assert_int_equal(tax_red_invoice(&l, NULL, &red, &e), ERR_INVALID);
	assert_string_equal(e.code, "red.lines");
	invoice_free(&red);
	red_letter_free(&l);
	red_blue_free(&b);
	invoice_free(&inv);
}

/* A red invoice is made of a letter alone: the JSON that is read knows no such thing. */
static void test_json(void **unused)
{
	static const char *const keys[] = {"\"red\":true",
					   "\"red_of\":{\"blue_number\":\"26112000000000000001\"}",
					   "\"blue_number\":\"26112000000000000001\"",
					   "\"lines\":[{\"name\":\"x\",\"blue_row\":1}]",
					   "\"red_of\":{\"letter_no\":\"26112000000000000001\"}"};

	(void)unused;
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		char text[200];
		struct invoice inv;
		struct err_info e;
		cJSON *tree;
		snprintf(text, sizeof(text), "{\"kind\":\"ordinary\",%s}", keys[i]);
		assert_int_equal(json_parse(text, strlen(text), 4096, &tree, &e), ERR_OK);
		assert_int_equal(invoice_from_json(tree, "", &inv, &e), ERR_INVALID);
		assert_string_equal(e.code, "json.unknown_key");
		invoice_free(&inv);
		json_free(&tree);
	}
}

/* 差额征税: the whole deduction goes with the whole invoice, never with a part (protocol 7.8). */
static void test_differential_invoice(void **unused)
{
	struct invoice inv, red;
	struct red_letter l;
	struct red_blue b;
	struct err_info e = {0};

	(void)unused;
	plain(&inv, SERVICE, NULL, NULL, "1000.00");
	mem_set(&inv.differential, DIFFERENTIAL_PART);
	inv.deduction_fen = 40000;
	assert_int_equal(tax_invoice_compute(&inv, NULL), ERR_OK);
	assert_int_equal(tax_red_blue(&inv, &b, NULL), ERR_OK);
	assert_int_equal(fill(&b, RED_MISTAKE, NULL, 0, &l, &e), ERR_OK);
	for (int ours = 0; ours < 2; ours++) { /* our blue invoice, one of elsewhere */
		const struct invoice *blue = ours ? &inv : NULL;

		l.lines[0].deduction_fen = -40000;
		assert_int_equal(tax_red_invoice(&l, blue, &red, &e), ERR_OK);
		assert_int_equal(red.deduction_fen, -40000);
		invoice_free(&red);
		/* A part of it, which the other side may have asked for. */
		l.lines[0].net_fen = l.net_fen += 5000;
		l.lines[0].tax_fen = l.tax_fen += 300;
		assert_int_equal(tax_red_invoice(&l, blue, &red, &e), ERR_INVALID);
		assert_string_equal(e.code, "red.whole");
		l.lines[0].net_fen = l.net_fen -= 5000;
		l.lines[0].tax_fen = l.tax_fen -= 300;
	}
	l.lines[0].deduction_fen = 0; /* not told: the blue one's */
	assert_int_equal(tax_red_invoice(&l, &inv, &red, &e), ERR_OK);
	assert_int_equal(red.deduction_fen, -40000);
	invoice_free(&red);
	l.lines[0].deduction_fen = -20000;
	assert_int_equal(tax_red_invoice(&l, &inv, &red, &e), ERR_INVALID);
	assert_string_equal(e.code, "red.deduction");
	red_letter_free(&l);
	red_blue_free(&b);
	invoice_free(&inv);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_total_tax),
	    cmocka_unit_test(test_level),
	    cmocka_unit_test(test_invoice),
	    cmocka_unit_test(test_json),
	    cmocka_unit_test(test_differential_invoice),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

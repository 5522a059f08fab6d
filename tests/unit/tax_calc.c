/* Arithmetic of lines, discounts, totals and views: golden figures and refusals. */
#include "tax_help.h"

/* ---- golden lines: entered -> full triple, net, tax, gross, net price ---- */

struct golden {
	bool inclusive;
	const char *quantity, *price, *amount, *rate;
	const char *full_quantity, *full_price, *full_amount;
	const char *net, *tax, *gross, *net_price;
};

static const struct golden goldens[] = {
    /* without tax: amount alone, each rate */
    {false, NULL, NULL, "100", "0", "0", "0", "100.00", "100.00", "0.00", "100.00", "0"},
    {false, NULL, NULL, "100", "0.01", "0", "0", "100.00", "100.00", "1.00", "101.00", "0"},
    {false, NULL, NULL, "33.33", "0.03", "0", "0", "33.33", "33.33", "1.00", "34.33", "0"},
    {false, NULL, NULL, "0.50", "0.05", "0", "0", "0.50", "0.50", "0.03", "0.53", "0"},
    {false, NULL, NULL, "104.80", "0.06", "0", "0", "104.80", "104.80", "6.29", "111.09", "0"},
    {false, NULL, NULL, "4.61", "0.09", "0", "0", "4.61", "4.61", "0.41", "5.02", "0"},
    {false, NULL, NULL, "217.27", "0.13", "0", "0", "217.27", "217.27", "28.25", "245.52", "0"},
    {false, NULL, NULL, "0.01", "0.13", "0", "0", "0.01", "0.01", "0.00", "0.01", "0"},
    /* with tax: the same gross splits the other way */
    {true, NULL, NULL, "100", "0", "0", "0", "100.00", "100.00", "0.00", "100.00", "0"},
    {true, NULL, NULL, "100", "0.01", "0", "0", "100.00", "99.01", "0.99", "100.00", "0"},
    {true, NULL, NULL, "100", "0.03", "0", "0", "100.00", "97.09", "2.91", "100.00", "0"},
    {true, NULL, NULL, "100", "0.05", "0", "0", "100.00", "95.24", "4.76", "100.00", "0"},
    {true, NULL, NULL, "100", "0.06", "0", "0", "100.00", "94.34", "5.66", "100.00", "0"},
    {true, NULL, NULL, "5.03", "0.09", "0", "0", "5.03", "4.61", "0.42", "5.03", "0"},
    {true, NULL, NULL, "245.51", "0.13", "0", "0", "245.51", "217.27", "28.24", "245.51", "0"},
    /* two of three give the third */
    {false, "3", "41.070796460177", NULL, "0.13", "3", "41.070796460177", "123.21", "123.21",
     "16.02", "139.23", "41.070796460177"},
    {false, "2", NULL, "5838.94", "0.13", "2", "2919.47", "5838.94", "5838.94", "759.06", "6598.00",
     "2919.47"},
    {false, "3", NULL, "100", "0.13", "3", "33.3333333333333", "100.00", "100.00", "13.00",
     "113.00", "33.3333333333333"},
    {false, NULL, "0.3", "1", "0.06", "3.3333333333333", "0.3", "1.00", "1.00", "0.06", "1.06",
     "0.3"},
    {true, "30", "112", NULL, "0.01", "30", "112", "3360.00", "3326.73", "33.27", "3360.00",
     "110.8910891089109"},
    {true, "1", "4449", NULL, "0.06", "1", "4449", "4449.00", "4197.17", "251.83", "4449.00",
     "4197.1698113207547"},
    {true, "2", "113.00", "226.00", "0.13", "2", "113.00", "226.00", "200.00", "26.00", "226.00",
     "100"},
    /* the third may differ by a fen; it decides */
    {false, "3", "33.33", "100.00", "0.13", "3", "33.33", "100.00", "100.00", "13.00", "113.00",
     "33.33"},
    /* tax in, amount a fen above quantity x price: the price follows the amount */
    {true, "2", "50.00", "100.01", "0.01", "2", "50.00", "100.01", "99.02", "0.99", "100.01",
     "49.51"},
};

static void golden_lines(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(goldens) / sizeof(goldens[0]); i++) {
		const struct golden *g = &goldens[i];
		struct tax_line l = {.rate_ppm = -1};
		struct err_info e = {0};
		assert_true(rate_parse(g->rate, &l.rate_ppm));
		line_enter(&l, g->quantity, g->price, g->amount);
		if (tax_line_compute(&l, g->inclusive, &e))
			fail_msg("row %zu: %s %s", i, e.what, e.why);
		assert_dec(l.full_quantity, g->full_quantity);
		assert_dec(l.full_price, g->full_price);
		assert_fen(l.full_amount_fen, g->full_amount);
		assert_fen(l.net_fen, g->net);
		assert_fen(l.tax_fen, g->tax);
		assert_fen(l.gross_fen, g->gross);
		assert_dec(l.net_price, g->net_price);
	}
}

/* ---- refusals ---- */

struct refusal {
	bool inclusive;
	const char *quantity, *price, *amount, *rate, *discount_rate, *discount;
	const char *code, *field;
};

static const struct refusal refusals[] = {
    {true, NULL, NULL, NULL, "0.13", NULL, NULL, "line.triple", "amount"},
    {true, "1", NULL, NULL, "0.13", NULL, NULL, "line.triple", "amount"},
    {true, NULL, "1", NULL, "0.13", NULL, NULL, "line.triple", "amount"},
    {true, "-1", "1", NULL, "0.13", NULL, NULL, "line.quantity.positive", "quantity"},
    {true, "0", "1", NULL, "0.13", NULL, NULL, "line.quantity.positive", "quantity"},
    {true, "1", "-1", NULL, "0.13", NULL, NULL, "line.price.positive", "price"},
    {true, "1", NULL, "-1", "0.13", NULL, NULL, "line.amount.positive", "amount"},
    {true, NULL, NULL, "0", "0.13", NULL, NULL, "line.amount.positive", "amount"},
    {true, NULL, NULL, "1", NULL, NULL, NULL, "line.tax_rate.required", "tax_rate"},
    {false, "3", "33.33", "100.01", "0.13", NULL, NULL, "line.price_amount", "amount"},
    {false, "0.001", "1", NULL, "0.13", NULL, NULL, "line.amount.zero", "amount"},
    {false, "99999999999999999999", "99999999999999999999", NULL, "0", NULL, NULL,
     "line.amount.overflow", "amount"},
    {false, NULL, NULL, "9999999999999999.99", "0.13", NULL, NULL, "line.amount.overflow",
     "amount"},
    {false, "1000000000000000", NULL, "0.01", "0.13", NULL, NULL, "line.factor.derive", "price"},
    {true, NULL, NULL, "100", "0.13", "0", NULL, "line.discount.rate", "discount"},
    {true, NULL, NULL, "100", "0.13", "1", NULL, "line.discount.rate", "discount"},
    {true, NULL, NULL, "100", "0.13", "-0.1", NULL, "line.discount.rate", "discount"},
    {true, NULL, NULL, "100", "0.13", "0.99999", NULL, "line.discount.amount", "discount"},
    {true, NULL, NULL, "0.04", "0.13", "0.1", NULL, "line.discount.amount", "discount"},
    {true, NULL, NULL, "100", "0.13", NULL, "100", "line.discount.amount", "discount"},
    {true, NULL, NULL, "100", "0.13", NULL, "0", "line.discount.amount", "discount"},
    {true, NULL, NULL, "100", "0.13", NULL, "-1", "line.discount.amount", "discount"},
};

static void enter_discount(struct tax_line *l, const char *rate, const char *amount)
{
	if (rate)
		l->discount = (struct discount) {.by = DISCOUNT_BY_RATE, .rate = dec_of(rate)};
	if (amount)
		l->discount =
		    (struct discount) {.by = DISCOUNT_BY_AMOUNT, .amount_fen = fen_of(amount)};
}

static void refused_lines(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++) {
		const struct refusal *r = &refusals[i];
		struct tax_line l = {.rate_ppm = -1};
		struct err_info e = {0};
		if (r->rate)
			assert_true(rate_parse(r->rate, &l.rate_ppm));
		line_enter(&l, r->quantity, r->price, r->amount);
		enter_discount(&l, r->discount_rate, r->discount);
		assert_int_equal(tax_line_compute(&l, r->inclusive, &e), ERR_INVALID);
		assert_string_equal(e.code, r->code);
		assert_string_equal(e.field, r->field);
		assert_true(*e.what && *e.why && *e.hint);
		assert_int_equal(tax_line_compute(&l, r->inclusive, NULL), ERR_INVALID);
	}
}

static void fault_names_the_row(void **state)
{
	(void)state;
	struct invoice inv;
	struct err_info e = {0};
	invoice_init(&inv);
	for (int i = 0; i < 3; i++) {
		struct tax_line *l = invoice_add_line(&inv);
		l->rate_ppm = 130000;
		line_enter(l, i == 2 ? "-4" : "4", "1.00", NULL);
	}
	assert_int_equal(tax_invoice_compute(&inv, &e), ERR_INVALID);
	assert_string_equal(e.field, "lines[2].quantity");
	assert_string_equal(e.what, "第 3 行数量");
	invoice_free(&inv);
}

/* ---- discounts ---- */

static void discount_row_is_split_like_a_line(void **state)
{
	(void)state;
	struct tax_line l = {.rate_ppm = 130000};
	line_enter(&l, NULL, NULL, "245.51");
	enter_discount(&l, NULL, "34.99");
	assert_int_equal(tax_line_compute(&l, true, NULL), ERR_OK);
	assert_fen(l.discount_net_fen, "-30.96");
	assert_fen(l.discount_tax_fen, "-4.03");
	assert_fen(l.discount_gross_fen, "-34.99");
	assert_dec(l.discount_rate, "0.14252");

	l = (struct tax_line) {.rate_ppm = 60000};
	line_enter(&l, "1", "1227.63", NULL);
	enter_discount(&l, NULL, "104.80");
	assert_int_equal(tax_line_compute(&l, false, NULL), ERR_OK);
	assert_fen(l.discount_net_fen, "-104.80");
	assert_fen(l.discount_tax_fen, "-6.29");
	assert_fen(l.net_fen + l.discount_net_fen, "1122.83");
	assert_fen(l.tax_fen + l.discount_tax_fen, "67.37");
}

static void discount_forms_give_each_other(void **state)
{
	(void)state;
	int64_t d;
	struct dec rate;
	assert_true(tax_discount_from_rate(fen_of("100"), dec_of("0.10"), &d));
	assert_fen(d, "10.00");
	assert_true(tax_discount_from_amount(fen_of("100"), fen_of("33.33"), &rate));
	assert_dec(rate, "0.3333");
	assert_true(tax_discount_from_rate(fen_of("100"), rate, &d));
	assert_fen(d, "33.33");
	assert_true(tax_discount_from_rate(fen_of("0.05"), dec_of("0.10"), &d)); /* 0.005 */
	assert_fen(d, "0.01");
	assert_false(tax_discount_from_rate(fen_of("100"), dec_of("1"), &d));
	assert_false(tax_discount_from_amount(fen_of("100"), fen_of("100"), &rate));
	assert_false(tax_discount_from_amount(fen_of("100"), 0, &rate));
}

#define by_amount(fen) ((struct discount) {.by = DISCOUNT_BY_AMOUNT, .amount_fen = (fen)})

static void spread_over(const char *const *amounts, size_t n, const char *discount,
			const char *const *shares)
{
	struct invoice inv;
	size_t lines[8];
	invoice_init(&inv);
	for (size_t i = 0; i < n; i++) {
		struct tax_line *l = invoice_add_line(&inv);
		l->rate_ppm = 60000;
		line_enter(l, NULL, NULL, amounts[i]);
		lines[i] = i;
	}
	assert_int_equal(tax_discount_spread(&inv, lines, n, &by_amount(fen_of(discount)), NULL),
			 ERR_OK);
	for (size_t i = 0; i < n; i++) {
		assert_int_equal(inv.lines[i].discount.by, DISCOUNT_BY_AMOUNT);
		assert_fen(inv.lines[i].discount.amount_fen, shares[i]);
	}
	assert_int_equal(tax_invoice_compute(&inv, NULL), ERR_OK);
	invoice_free(&inv);
}

static void discount_spreads_with_the_rest_in_the_last(void **state)
{
	(void)state;
	spread_over((const char *[]) {"100", "100", "100"}, 3, "10",
		    (const char *[]) {"3.33", "3.33", "3.34"});
	spread_over((const char *[]) {"100", "100", "100"}, 3, "20",
		    (const char *[]) {"6.67", "6.67", "6.66"});
	spread_over((const char *[]) {"50", "150", "1"}, 3, "20.10",
		    (const char *[]) {"5.00", "15.00", "0.10"});
	/* half up would leave nothing for the last */
	spread_over((const char *[]) {"1", "1", "1", "1"}, 4, "0.06",
		    (const char *[]) {"0.01", "0.01", "0.01", "0.03"});
	spread_over((const char *[]) {"8"}, 1, "7.99", (const char *[]) {"7.99"});
}

static void spread_refusals(void **state)
{
	(void)state;
	struct invoice inv;
	struct err_info e = {0};
	invoice_init(&inv);
	for (int i = 0; i < 2; i++) {
		struct tax_line *l = invoice_add_line(&inv);
		l->rate_ppm = 60000;
		line_enter(l, NULL, NULL, "1");
	}
	const size_t both[] = {0, 1}, twice[] = {0, 0}, beyond[] = {0, 2};
	assert_int_equal(tax_discount_spread(&inv, both, 2, &by_amount(200), &e), ERR_INVALID);
	assert_string_equal(e.code, "discount.spread.range");
	assert_int_equal(tax_discount_spread(&inv, both, 2, &by_amount(0), &e), ERR_INVALID);
	assert_int_equal(tax_discount_spread(&inv, both, 2, &by_amount(1), &e), ERR_INVALID);
	assert_string_equal(e.code, "discount.spread.share");
	assert_int_equal(tax_discount_spread(&inv, twice, 2, &by_amount(10), &e), ERR_INVALID);
	assert_string_equal(e.code, "discount.spread.line");
	assert_int_equal(tax_discount_spread(&inv, beyond, 2, &by_amount(10), &e), ERR_INVALID);
	assert_int_equal(tax_discount_spread(&inv, both, 0, &by_amount(10), &e), ERR_INVALID);
	assert_int_equal(inv.lines[0].discount.by, DISCOUNT_NONE);
	invoice_free(&inv);
}

/* ---- rows, views, totals ---- */

static void rows_of_a_discounted_line(void **state)
{
	(void)state;
	struct invoice inv;
	struct tax_row row;
	size_t cursor = 0;
	invoice_init(&inv);
	for (int i = 0; i < 3; i++) {
		struct tax_line *l = invoice_add_line(&inv);
		l->rate_ppm = 130000;
		line_enter(l, i == 2 ? NULL : "2", i == 2 ? NULL : "113", i == 2 ? "1" : NULL);
		if (i == 1)
			enter_discount(l, "0.10", NULL);
	}
	assert_int_equal(tax_invoice_compute(&inv, NULL), ERR_OK);
	assert_int_equal(tax_row_count(&inv), 4);
	static const struct {
		enum row_nature nature;
		size_t line;
		bool quantity;
		const char *net;
	} expected[] = {{ROW_NORMAL, 0, true, "200.00"},
			{ROW_DISCOUNTED, 1, true, "200.00"},
			{ROW_DISCOUNT, 1, false, "-20.00"},
			{ROW_NORMAL, 2, false, "0.88"}};
	for (unsigned i = 0; i < 4; i++) {
		assert_true(tax_row_next(&inv, &cursor, &row));
		assert_int_equal(row.seq, i + 1);
		assert_int_equal(row.nature, expected[i].nature);
		assert_ptr_equal(row.line, &inv.lines[expected[i].line]);
		assert_int_equal(row.has_quantity, expected[i].quantity);
		assert_fen(row.net_fen, expected[i].net);
		assert_int_equal(row.gross_fen, row.net_fen + row.tax_fen);
	}
	assert_false(tax_row_next(&inv, &cursor, &row));
	assert_fen(inv.net_fen, "380.88");
	assert_fen(inv.tax_fen, "49.52");
	assert_fen(inv.gross_fen, "430.40");
	invoice_free(&inv);
}

static void no_rows_without_lines(void **state)
{
	(void)state;
	struct invoice inv;
	struct tax_row row;
	size_t cursor = 0;
	invoice_init(&inv);
	assert_int_equal(tax_row_count(&inv), 0);
	assert_false(tax_row_next(&inv, &cursor, &row));
	invoice_free(&inv);
}

static void views_show_both_modes(void **state)
{
	(void)state;
	struct tax_line l = {.rate_ppm = 130000};
	line_enter(&l, "2", "113", NULL);
	enter_discount(&l, "0.10", NULL);
	assert_int_equal(tax_line_compute(&l, true, NULL), ERR_OK);
	struct tax_view same = tax_line_view(&l, true, true), net = tax_line_view(&l, true, false);
	assert_dec(same.price, "113");
	assert_fen(same.amount_fen, "226.00");
	assert_fen(same.discount_fen, "22.60");
	assert_dec(net.price, "100");
	assert_fen(net.amount_fen, "200.00");
	assert_fen(net.discount_fen, "20.00");

	line_enter(&l, "3", "0.1234567890123", NULL);
	assert_int_equal(tax_line_compute(&l, false, NULL), ERR_OK);
	struct tax_view gross = tax_line_view(&l, false, true);
	assert_dec(gross.price, "0.1395061715839");
	assert_fen(gross.amount_fen, "0.42");
}

/* Member by member: the padding of the structs holds anything. */
static void assert_same_line(const struct tax_line *a, const struct tax_line *b)
{
	assert_int_equal(dec_cmp(a->quantity, b->quantity), 0);
	assert_int_equal(dec_cmp(a->price, b->price), 0);
	assert_int_equal(a->amount_fen, b->amount_fen);
	assert_int_equal(dec_cmp(a->discount.rate, b->discount.rate), 0);
	assert_int_equal(a->discount.amount_fen, b->discount.amount_fen);
	assert_int_equal(dec_cmp(a->full_quantity, b->full_quantity), 0);
	assert_int_equal(dec_cmp(a->full_price, b->full_price), 0);
	assert_int_equal(a->full_amount_fen, b->full_amount_fen);
	assert_int_equal(dec_cmp(a->net_price, b->net_price), 0);
	assert_int_equal(a->net_fen, b->net_fen);
	assert_int_equal(a->tax_fen, b->tax_fen);
	assert_int_equal(a->gross_fen, b->gross_fen);
	assert_int_equal(dec_cmp(a->discount_rate, b->discount_rate), 0);
	assert_int_equal(a->discount_fen, b->discount_fen);
	assert_int_equal(a->discount_net_fen, b->discount_net_fen);
	assert_int_equal(a->discount_tax_fen, b->discount_tax_fen);
	assert_int_equal(a->discount_gross_fen, b->discount_gross_fen);
}

static void toggling_the_view_changes_nothing(void **state)
{
	(void)state;
	for (int mode = 0; mode < 2; mode++) {
		struct tax_line l = {.rate_ppm = 60000}, before;
		line_enter(&l, "7", "33.337", NULL);
		enter_discount(&l, "0.033", NULL);
		assert_int_equal(tax_line_compute(&l, mode, NULL), ERR_OK);
		before = l;
		struct tax_view first[2] = {tax_line_view(&l, mode, false),
					    tax_line_view(&l, mode, true)};
		for (int i = 0; i < 1000; i++) {
			struct tax_view v = tax_line_view(&l, mode, i % 2);
			assert_int_equal(dec_cmp(v.price, first[i % 2].price), 0);
			assert_int_equal(v.amount_fen, first[i % 2].amount_fen);
			assert_int_equal(v.discount_fen, first[i % 2].discount_fen);
			assert_int_equal(tax_line_compute(&l, mode, NULL), ERR_OK);
		}
		assert_same_line(&l, &before);
	}
}

static void totals_refuse_to_overflow(void **state)
{
	(void)state;
	struct invoice inv;
	struct err_info e = {0};
	invoice_init(&inv);
	for (int i = 0; i < 2; i++) {
		struct tax_line *l = invoice_add_line(&inv);
		l->rate_ppm = 0;
		line_enter(l, NULL, NULL, "9000000000000000.00");
	}
	assert_int_equal(tax_invoice_compute(&inv, &e), ERR_INVALID);
	assert_string_equal(e.code, "totals.overflow");
	assert_int_equal(inv.gross_fen, 0);
	invoice_free(&inv);
}

static void splitting_is_symmetric(void **state)
{
	(void)state;
	static const int32_t rates[] = {0, 5000, 10000, 15000, 30000, 50000, 60000, 90000, 130000};
	for (size_t r = 0; r < sizeof(rates) / sizeof(rates[0]); r++) {
		for (int64_t a = 0; a < 3000; a++) {
			for (int mode = 0; mode < 2; mode++) {
				int64_t n, t, g, nn, nt, ng;
				tax_split(a, rates[r], mode, &n, &t, &g);
				tax_split(-a, rates[r], mode, &nn, &nt, &ng);
				assert_true(n == -nn && t == -nt && g == -ng && n + t == g);
			}
		}
	}
}

/* The entered amount stands; the tax is moved, within what the tax side allows of a row. */
static void adjusted_tax(void **state)
{
	struct tax_line l = {.rate_ppm = 130000, .tax_adjust_fen = 1};
	struct err_info e = {0};

	(void)state;
	line_enter(&l, "1", "113", NULL);
	assert_int_equal(tax_line_compute(&l, true, NULL), ERR_OK);
	assert_true(l.net_fen == 9999 && l.tax_fen == 1301 && l.gross_fen == 11300);
	line_enter(&l, "1", "100", NULL);
	l.tax_adjust_fen = -6;
	l.discount =
	    (struct discount) {.by = DISCOUNT_BY_AMOUNT, .amount_fen = 1000, .tax_adjust_fen = 2};
	assert_int_equal(tax_line_compute(&l, false, NULL), ERR_OK);
	assert_true(l.net_fen == 10000 && l.tax_fen == 1294 && l.gross_fen == 11294);
	assert_true(l.discount_net_fen == -1000 && l.discount_tax_fen == -128 &&
		    l.discount_gross_fen == -1128);
	l.tax_adjust_fen = TAX_ADJUST_MAX + 1;
	assert_int_equal(tax_line_compute(&l, false, &e), ERR_INVALID);
	assert_string_equal(e.code, "line.tax_adjust");
	l.tax_adjust_fen = 1;
	l.rate_ppm = 0;
	assert_int_equal(tax_line_compute(&l, false, NULL), ERR_INVALID);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(golden_lines),
	    cmocka_unit_test(refused_lines),
	    cmocka_unit_test(fault_names_the_row),
	    cmocka_unit_test(discount_row_is_split_like_a_line),
	    cmocka_unit_test(discount_forms_give_each_other),
	    cmocka_unit_test(discount_spreads_with_the_rest_in_the_last),
	    cmocka_unit_test(spread_refusals),
	    cmocka_unit_test(rows_of_a_discounted_line),
	    cmocka_unit_test(no_rows_without_lines),
	    cmocka_unit_test(views_show_both_modes),
	    cmocka_unit_test(toggling_the_view_changes_nothing),
	    cmocka_unit_test(totals_refuse_to_overflow),
	    cmocka_unit_test(splitting_is_symmetric),
	    cmocka_unit_test(adjusted_tax),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

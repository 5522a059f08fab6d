/* Differences the tax side allows, mends within them, one amount over several rows. */
#include "tax_help.h"

#include "tax/spread.h"
#include "tax/tolerance.h"

static uint64_t seed = 20260120;

static int64_t any(int64_t low, int64_t high)
{
	seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return low + (int64_t)((seed >> 33) % (uint64_t)(high - low + 1));
}

/* ---- spreading ---- */

enum { MANY = 60, ROUNDS = 20000 };

static void shares_hold(const int64_t *parts, const int64_t *shares, size_t n, int64_t total)
{
	int64_t sum = 0;

	for (size_t i = 0; i < n; i++) {
		assert_true(shares[i] > 0 && shares[i] < parts[i]);
		sum += shares[i];
	}
	assert_int_equal(sum, total);
}

static void random_spreads_are_exact(void **state)
{
	int64_t parts[MANY], shares[MANY];
	int done = 0;

	(void)state;
	for (int round = 0; round < ROUNDS; round++) {
		size_t n = (size_t)any(1, MANY);
		int64_t sum = 0, most = round % 3 ? 100000 : 30;

		for (size_t i = 0; i < n; i++)
			sum += parts[i] = any(2, most);
		int64_t total = any(1, sum - 1);
		if (tax_spread(parts, n, total, shares)) {
			shares_hold(parts, shares, n, total);
			done++;
		}
		struct dec rate = {.coef = any(1, 9999), .scale = 4};
		int64_t of_sum;
		assert_true(dec_mul_fen(dec_from_fen(sum), rate, &of_sum));
		if (tax_spread_rate(parts, n, rate, shares))
			shares_hold(parts, shares, n, of_sum);
	}
	assert_true(done > ROUNDS / 2);
}

static void many_small_rows_find_their_shares(void **state)
{
	enum { ROWS = 1000 };
	static int64_t parts[ROWS], shares[ROWS];

	(void)state;
	for (size_t i = 0; i < ROWS; i++)
		parts[i] = 100;
	/* 10.49 fen a row: the last could not take what half up leaves. */
	assert_true(tax_spread(parts, ROWS, 10490, shares));
	shares_hold(parts, shares, ROWS, 10490);
	for (size_t i = 0; i < ROWS; i++)
		assert_in_range(shares[i], 10, 11);
}

/* ---- differences ---- */

static struct invoice one_line(bool inclusive, const char *quantity, const char *price,
			       const char *amount, int32_t ppm)
{
	struct invoice inv;
	invoice_init(&inv);
	inv.prices_include_tax = inclusive;
	struct tax_line *l = invoice_add_line(&inv);
	l->rate_ppm = ppm;
	line_enter(l, quantity, price, amount);
	assert_int_equal(tax_invoice_compute(&inv, NULL), ERR_OK);
	return inv;
}

static const struct tax_gap *of_kind(const struct tax_gap *gaps, int n, enum gap_kind k)
{
	for (int i = 0; i < n; i++)
		if (gaps[i].kind == k && !gaps[i].of_discount)
			return &gaps[i];
	fail();
	return NULL;
}

static void differences_are_counted(void **state)
{
	struct tax_gap gaps[LINE_GAPS];
	char text[GAP_TEXT];
	/* 100.00 with 13 %: net 88.50 (88.4955...), tax 11.50; 88.50 x 0.13 = 11.505 */
	struct invoice inv = one_line(true, NULL, NULL, "100", 130000);
	struct tax_line *l = &inv.lines[0];
	int n = tax_line_gaps(l, false, gaps);

	(void)state;
	assert_int_equal(n, 2);
	assert_int_equal(of_kind(gaps, n, GAP_TAX)->off, 50);
	assert_int_equal(of_kind(gaps, n, GAP_NET)->off, 45); /* 0.004425, away from zero */
	assert_int_equal(tax_gap_state(&gaps[0]), GAP_FINE);
	assert_string_equal(tax_gap_text(of_kind(gaps, n, GAP_TAX), text), "税额差 0.005/0.06");
	struct tax_gap total = tax_total_gap(tax_line_exact(l), inv.tax_fen);
	assert_string_equal(tax_gap_text(&total, text), "合计税额差 0.005/1.27");

	/* One fen more of tax: net 88.49, within; one less: 88.51, beyond 0.01. */
	int64_t low, high;
	assert_true(tax_adjust_range(l, true, false, &low, &high));
	assert_int_equal(low, 0);
	assert_int_equal(high, 1);
	/* 88.49 x 0.13 = 11.5037, and the tax would be 11.51: no better. */
	assert_int_equal(tax_adjust_best(l, true, false), 0);
	invoice_free(&inv);
}

static void limits_are_where_they_are(void **state)
{
	struct tax_gap at = {GAP_TAX, false, 600, 600}, over = {GAP_TAX, false, 601, 600},
		       near = {GAP_TAX, false, 400, 600}, fine = {GAP_TAX, false, 399, 600};
	char text[GAP_TEXT];

	(void)state;
	assert_int_equal(tax_gap_state(&at), GAP_NEAR);
	assert_int_equal(tax_gap_state(&over), GAP_OVER);
	assert_int_equal(tax_gap_state(&near), GAP_NEAR);
	assert_int_equal(tax_gap_state(&fine), GAP_FINE);
	assert_string_equal(tax_gap_text(&over, text), "税额差 0.0601/0.06");
	assert_string_equal(tax_gap_figure(127 * GAP_FEN, text), "1.27");
	assert_string_equal(tax_gap_figure(0, text), "0.00");
}

static void the_price_is_compared_exactly(void **state)
{
	struct tax_gap gaps[LINE_GAPS];
	/* 3 x 33.33 = 99.99, entered as 100.00: at the limit. */
	struct invoice inv = one_line(false, "3", "33.33", "100", 60000);
	int n = tax_line_gaps(&inv.lines[0], false, gaps);
	char text[GAP_TEXT];

	(void)state;
	assert_int_equal(of_kind(gaps, n, GAP_PRICE)->off, 100);
	assert_int_equal(tax_gap_state(of_kind(gaps, n, GAP_PRICE)), GAP_NEAR);
	assert_string_equal(tax_gap_text(&gaps[0], text), "数量×单价差 0.01/0.01");
	invoice_free(&inv);
}

/* ---- over the lines ---- */

/* Equal rows, each with the same rounding. */
static struct invoice equal_rows(size_t n, const char *amount, int32_t ppm, bool inclusive)
{
	struct invoice inv;
	invoice_init(&inv);
	inv.prices_include_tax = inclusive;
	for (size_t i = 0; i < n; i++) {
		struct tax_line *l = invoice_add_line(&inv);
		l->rate_ppm = ppm;
		line_enter(l, NULL, NULL, amount);
	}
	assert_int_equal(tax_invoice_compute(&inv, NULL), ERR_OK);
	return inv;
}

static struct tax_gap gap_of(const struct invoice *inv)
{
	dec_int exact = 0;
	for (size_t i = 0; i < inv->line_count; i++)
		exact += tax_line_exact(&inv->lines[i]);
	return tax_total_gap(exact, inv->tax_fen);
}

static void many_equal_rows_are_mended(void **state)
{
	(void)state;
	for (int inclusive = 0; inclusive < 2; inclusive++) {
		/* 0.38 x 13 % = 0.0494; 0.43 with tax: 0.38 and 0.05 */
		struct invoice inv =
		    equal_rows(2500, inclusive ? "0.43" : "0.38", 130000, inclusive);
		int64_t gross = inv.gross_fen, net = inv.net_fen, low, high;
		struct tax_gap before = gap_of(&inv);
		size_t changed;

		assert_int_equal(tax_gap_state(&before), GAP_OVER);
		assert_true(tax_adjust_spread(&inv, tax_total_best(&inv), &changed, &low, &high));
		struct tax_gap after = gap_of(&inv);
		assert_in_range(after.off, 0, GAP_FEN);
		assert_in_range(changed, 100, 160);
		/* The figure of the mode stands. */
		assert_int_equal(inclusive ? inv.gross_fen : inv.net_fen, inclusive ? gross : net);
		for (size_t i = 0; i < inv.line_count; i++) {
			struct tax_gap gaps[LINE_GAPS];
			tax_line_gaps(&inv.lines[i], false, gaps);
			assert_int_not_equal(tax_gap_state(&gaps[0]), GAP_OVER);
		}
		invoice_free(&inv);
	}
}

static void what_cannot_be_reached_is_left_alone(void **state)
{
	struct invoice inv = equal_rows(3, "100", 130000, true);
	int64_t tax = inv.tax_fen, low = 0, high = 0;
	size_t changed = 9;

	(void)state;
	assert_false(tax_adjust_spread(&inv, tax + 4, &changed, &low, &high));
	assert_int_equal(low, tax);
	assert_int_equal(high, tax + 3);
	assert_int_equal(changed, 0);
	assert_int_equal(inv.tax_fen, tax);
	assert_true(tax_adjust_spread(&inv, tax + 2, &changed, &low, &high));
	assert_int_equal(changed, 2);
	assert_int_equal(inv.tax_fen, tax + 2);
	assert_int_equal(inv.gross_fen, 30000);
	invoice_free(&inv);
}

/* Whatever may be adjusted, nothing goes beyond a limit, and no sum comes apart. */
static void random_adjustments_stay_within(void **state)
{
	static const int32_t RATES[] = {130000, 90000, 60000, 30000, 10000, 0};

	(void)state;
	for (int round = 0; round < 400; round++) {
		struct invoice inv;
		invoice_init(&inv);
		inv.prices_include_tax = any(0, 1);
		size_t n = (size_t)any(1, 30), changed;
		for (size_t i = 0; i < n; i++) {
			struct tax_line *l = invoice_add_line(&inv);
			l->rate_ppm = RATES[any(0, 5)];
			l->has_amount = true;
			l->amount_fen = any(1, 100000);
			if (any(0, 2) == 0 && l->amount_fen > 3)
				l->discount =
				    (struct discount) {.by = DISCOUNT_BY_AMOUNT,
						       .amount_fen = any(1, l->amount_fen - 1)};
		}
		if (!tax_invoice_compute(&inv, NULL)) {
			int64_t low, high, tax;
			tax_adjust_spread(&inv, -1, &changed, &low, &high);
			assert_true(low <= high);
			tax = any(low, high);
			assert_true(tax_adjust_spread(&inv, tax, &changed, &low, &high));
			assert_int_equal(inv.tax_fen, tax);
			assert_int_equal(inv.net_fen + inv.tax_fen, inv.gross_fen);
			for (size_t i = 0; i < n; i++) {
				struct tax_gap gaps[LINE_GAPS];
				tax_line_gaps(&inv.lines[i], false, gaps);
				assert_int_not_equal(tax_gap_state(&gaps[0]), GAP_OVER);
			}
		}
		invoice_free(&inv);
	}
}

/* ---- contradictory rows ---- */

static void contradictions_are_mended(void **state)
{
	struct tax_line l = {.has_quantity = true,
			     .has_price = true,
			     .has_amount = true,
			     .rate_ppm = 130000,
			     .amount_fen = 1000};
	struct dec d;
	int64_t fen;

	(void)state;
	l.quantity = dec_of("3");
	l.price = dec_of("3.30");
	assert_true(tax_mend_price(&l, &d));
	assert_dec(d, "3.3333333333333");
	assert_true(tax_mend_amount(&l, &fen));
	assert_int_equal(fen, 990);
	assert_true(tax_mend_quantity(&l, &d));
	assert_dec(d, "3.030303030303");
	l.quantity = dec_of("8");
	assert_true(tax_mend_price(&l, &d)); /* as few decimals as do */
	assert_dec(d, "1.25");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(random_spreads_are_exact),
	    cmocka_unit_test(many_small_rows_find_their_shares),
	    cmocka_unit_test(differences_are_counted),
	    cmocka_unit_test(limits_are_where_they_are),
	    cmocka_unit_test(the_price_is_compared_exactly),
	    cmocka_unit_test(many_equal_rows_are_mended),
	    cmocka_unit_test(what_cannot_be_reached_is_left_alone),
	    cmocka_unit_test(random_adjustments_stay_within),
	    cmocka_unit_test(contradictions_are_mended),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

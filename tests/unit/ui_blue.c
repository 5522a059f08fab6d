/* The blue form without a terminal: typed text to invoice and back, views, places, drafts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
/* cmocka.h wants the headers above first. */
#include <cmocka.h>

#include "base/base.h"
#include "ui/screen/blue_p.h"

/* Cells as a person types them. */
struct cells {
	char text[BLUE_COLUMNS][BLUE_TEXT];
	char *cell[BLUE_COLUMNS];
};

static char **cells(struct cells *c, const char *quantity, const char *price, const char *amount,
		    const char *rate)
{
	const char *typed[BLUE_COLUMNS] = {"名称", "", "", quantity, price, amount, rate, ""};
	int i;

	for (i = 0; i < BLUE_COLUMNS; i++) {
		text_copy(c->text[i], BLUE_TEXT, typed[i]);
		c->cell[i] = c->text[i];
	}
	return c->cell;
}

/* ---- rows ---- */

static void rates_are_read_as_people_write_them(void **state)
{
	static const struct {
		const char *text;
		int32_t ppm;
		const char *preference;
	} GOOD[] = {{"13", 130000, ""}, {"13%", 130000, ""}, {"0.13", 130000, ""}, {"6", 60000, ""},
		    {"1", 10000, ""},   {"0.5%", 5000, ""},  {"1.5", 15000, ""},   {"0", 0, ""},
		    {"免税", 0, "03"},  {"不征税", 0, "04"}, {"100", 1000000, ""}};
	static const char *const BAD[] = {"", "x", "13x", "101", "-3", "1,3"};
	const char *preference;
	int32_t ppm;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(GOOD) / sizeof(GOOD[0]); i++) {
		assert_true(blue_rate_parse(GOOD[i].text, &ppm, &preference));
		assert_int_equal(ppm, GOOD[i].ppm);
		assert_string_equal(preference, GOOD[i].preference);
	}
	for (i = 0; i < sizeof(BAD) / sizeof(BAD[0]); i++)
		assert_false(blue_rate_parse(BAD[i], &ppm, &preference));
}

static void a_rate_brings_and_takes_its_preference(void **state)
{
	struct blue_row *r = blue_row_new();
	struct cells c;

	(void)state;
	assert_int_equal(blue_row_read(r, cells(&c, "", "", "10", "免税"), true, NULL), ERR_OK);
	assert_string_equal(r->line.preference, "03");
	assert_int_equal(r->line.rate_ppm, 0);
	assert_int_equal(blue_row_read(r, cells(&c, "", "", "10", "13"), true, NULL), ERR_OK);
	assert_string_equal(r->line.preference, "");
	/* One that the rate did not bring stays. */
	mem_set(&r->line.preference, "01");
	assert_int_equal(blue_row_read(r, cells(&c, "", "", "10", "3"), true, NULL), ERR_OK);
	assert_string_equal(r->line.preference, "01");
	blue_row_free(r);
}

static void wrong_cells_are_named(void **state)
{
	static const struct {
		const char *quantity, *price, *amount, *rate, *field;
	} BAD[] = {
	    {"2x", "1", "", "13", "quantity"}, {"2", "1..5", "", "13", "price"},
	    {"", "", "1.005", "13", "amount"}, {"2", "1", "", "十三", "tax_rate"},
	    {"2", "1", "3", "13", "amount"},   {"0", "1", "", "13", "quantity"},
	    {"2", "", "", "13", "amount"},     {"2", "1", "", "", "tax_rate"},
	};
	struct blue_row *r = blue_row_new();
	struct blue_place place;
	struct err_info e;
	struct cells c;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(BAD) / sizeof(BAD[0]); i++) {
		char path[80];

		err_clear(&e);
		assert_int_equal(blue_row_read(r,
					       cells(&c, BAD[i].quantity, BAD[i].price,
						     BAD[i].amount, BAD[i].rate),
					       true, &e),
				 ERR_INVALID);
		assert_string_equal(e.field, BAD[i].field);
		assert_false(r->ok);
		assert_true(*e.hint);
		snprintf(path, sizeof(path), "lines[0].%s", e.field);
		assert_true(blue_place_of(path, &place));
		assert_int_equal(place.part, BLUE_GRID);
	}
	blue_row_free(r);
}

/* What a line says, typed again, is the same line. */
static void lines_round_trip(void **state)
{
	static const char *const TYPED[][4] = {
	    {"2", "113.00", "", "13"},       {"", "", "530", "6"},   {"3", "", "100", "6"},
	    {"", "0.0000000000001", "", ""}, {"1.5", "2", "3", "0"}, {"", "", "0.01", "免税"},
	    {"123456789012", "0.1", "", "3"}};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(TYPED) / sizeof(TYPED[0]); i++) {
		struct blue_row *a = blue_row_new(), *b = blue_row_new();
		struct cells c, again;
		int k;

		blue_row_read(a, cells(&c, TYPED[i][0], TYPED[i][1], TYPED[i][2], TYPED[i][3]),
			      true, NULL);
		for (k = 1; k <= BLUE_COLUMNS; k++) {
			char out[BLUE_TEXT];

			text_copy(again.text[k - 1], BLUE_TEXT,
				  blue_cell_text(&a->line, (enum blue_column)k, out));
			again.cell[k - 1] = again.text[k - 1];
		}
		blue_row_read(b, again.cell, true, NULL);
		assert_int_equal(a->ok, b->ok);
		assert_int_equal(a->line.rate_ppm, b->line.rate_ppm);
		assert_string_equal(a->line.preference, b->line.preference);
		assert_int_equal(dec_cmp(a->line.quantity, b->line.quantity), 0);
		assert_int_equal(dec_cmp(a->line.price, b->line.price), 0);
		assert_int_equal(a->line.amount_fen, b->line.amount_fen);
		assert_int_equal(a->line.gross_fen, b->line.gross_fen);
		assert_int_equal(a->line.tax_fen, b->line.tax_fen);
		blue_row_free(a);
		blue_row_free(b);
	}
}

static void copies_own_their_texts(void **state)
{
	struct blue_row *a = blue_row_new(), *b;
	struct cells c;

	(void)state;
	blue_row_read(a, cells(&c, "2", "113", "", "13"), true, NULL);
	b = blue_row_copy(a);
	mem_set(&a->line.name, "别的");
	assert_string_equal(b->line.name, "名称");
	assert_int_equal(b->line.gross_fen, 22600);
	assert_null(blue_row_copy(NULL));
	blue_row_free(a);
	blue_row_free(b);
	blue_row_free(NULL);
}

/* ---- views ---- */

static char *shown(const struct blue_row *r, bool view, enum blue_column c, char out[BLUE_TEXT])
{
	char *name;
	const char *text = blue_cell_shown(r, true, view, c, out, &name);

	assert_null(name);
	return text ? out : NULL;
}

static void toggling_the_view_moves_nothing(void **state)
{
	struct blue_row *r = blue_row_new();
	struct cells c;
	struct tax_line before;
	char out[BLUE_TEXT];
	int i;

	(void)state;
	blue_row_read(r, cells(&c, "3", "33.33", "", "13"), true, NULL);
	r->line.discount = (struct discount) {.by = DISCOUNT_BY_AMOUNT, .amount_fen = 777};
	blue_row_read(r, c.cell, true, NULL);
	before = r->line;
	for (i = 0; i < 1000; i++) {
		bool inclusive = i % 2 == 0;
		char note[160];

		assert_string_equal(shown(r, inclusive, BLUE_PRICE, out),
				    inclusive ? "33.33" : "29.4955752212389");
		assert_string_equal(shown(r, inclusive, BLUE_AMOUNT, out),
				    inclusive ? "99.99" : "88.49");
		assert_string_equal(shown(r, inclusive, BLUE_TAX, out), "11.50");
		assert_non_null(
		    strstr(blue_row_note(r, true, inclusive, note), inclusive ? "-7.77" : "-6.88"));
		blue_row_read(r, c.cell, true, NULL);
		assert_int_equal(r->line.net_fen, before.net_fen);
		assert_int_equal(r->line.tax_fen, before.tax_fen);
		assert_int_equal(r->line.gross_fen, before.gross_fen);
		assert_int_equal(r->line.discount_net_fen, before.discount_net_fen);
	}
	blue_row_free(r);
}

/* A figure never stands under the heading of the other view unconverted. */
static void unfinished_rows_follow_the_view(void **state)
{
	struct blue_row *r = blue_row_new();
	struct cells c;
	char out[BLUE_TEXT], *name;

	(void)state;
	assert_int_not_equal(blue_row_read(r, cells(&c, "", "113", "", "13"), true, NULL), ERR_OK);
	assert_null(shown(r, true, BLUE_PRICE, out));
	assert_string_equal(shown(r, false, BLUE_PRICE, out), "100.00");
	assert_null(shown(r, false, BLUE_AMOUNT, out));
	assert_string_equal(blue_cell_shown(r, false, true, BLUE_PRICE, out, &name), "127.69");
	/* Without a rate it cannot be known. */
	blue_row_read(r, cells(&c, "", "113", "", ""), true, NULL);
	assert_string_equal(blue_cell_shown(r, true, false, BLUE_PRICE, out, &name), "待税率");
	blue_row_read(r, cells(&c, "", "", "226", ""), true, NULL);
	assert_string_equal(blue_cell_shown(r, true, false, BLUE_AMOUNT, out, &name), "待税率");
	/* What cannot be read stays as it is, and so does not what stood there before. */
	blue_row_read(r, cells(&c, "x", "226", "", "13"), true, NULL);
	assert_string_equal(shown(r, false, BLUE_PRICE, out), "200.00");
	blue_row_read(r, cells(&c, "x", "y", "", "13"), true, NULL);
	assert_null(shown(r, false, BLUE_PRICE, out));
	blue_row_free(r);
}

static void prices_come_back_as_they_were_typed(void **state)
{
	static const struct {
		const char *price, *want;
		bool inclusive, into;
		int32_t rate;
	} CASES[] = {
	    {"1415.0943396226", "1500", false, true, 60000},
	    {"1415.09433962264", "1500", false, true, 60000},
	    {"29.4955752212389", "33.33", false, true, 130000},
	    {"1415.0943", "1500", false, true, 60000},
	    {"1415.0944", "1500.000064", false, true, 60000},
	    {"99.99", "105.9894", false, true, 60000},
	    {"113", "100", true, false, 130000},
	    {"100", "88.4955752212389", true, false, 130000},
	    {"100", "100", true, true, 130000},
	    {"", "", true, false, 130000},
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
		char price[DEC_TEXT], out[DEC_TEXT];
		struct goods u = {.rate_ppm = CASES[i].rate, .inclusive = CASES[i].inclusive};

		text_copy(price, sizeof(price), CASES[i].price);
		u.price = price;
		assert_string_equal(blue_goods_price(&u, CASES[i].into, out), CASES[i].want);
	}
}

static void derived_cells_are_shown(void **state)
{
	struct blue_row *r = blue_row_new();
	struct cells c;
	char out[BLUE_TEXT], *name;

	(void)state;
	mem_set(&r->line.short_name, "软件");
	blue_row_read(r, cells(&c, "2", "113", "", "13"), true, NULL);
	assert_string_equal(shown(r, true, BLUE_AMOUNT, out), "226.00");
	assert_string_equal(shown(r, true, BLUE_RATE, out), "13%");
	assert_string_equal(blue_cell_shown(r, true, true, BLUE_NAME, out, &name), "*软件*名称");
	free(name);
	blue_row_read(r, cells(&c, "", "", "226", "13"), true, NULL);
	assert_null(shown(r, true, BLUE_QUANTITY, out));
	assert_null(shown(r, true, BLUE_PRICE, out));
	/* Wrong text is left as it was typed. */
	blue_row_read(r, cells(&c, "2y", "113", "", "13"), true, NULL);
	assert_null(shown(r, true, BLUE_AMOUNT, out));
	blue_row_free(r);
}

/* ---- fields and places ---- */

static void fields_round_trip(void **state)
{
	static const struct {
		enum blue_field id;
		const char *text;
	} TEXTS[] = {{BLUE_KIND, "数电专票"}, {BLUE_MODE, "不含税"},  {BLUE_TYPE, "零售"},
		     {BLUE_ORDER, "A-1"},     {BLUE_BUYER, "某公司"}, {BLUE_TAX_NO, "9144"},
		     {BLUE_PERSON, "1"},      {BLUE_ADDRESS, "某路"}, {BLUE_PHONE, "0755"},
		     {BLUE_BANK, "某行"},     {BLUE_ACCOUNT, "123"},  {BLUE_REMARK, "备注"},
		     {BLUE_DRAWER, "甲"},     {BLUE_PAYEE, "乙"},     {BLUE_REVIEWER, "丙"},
		     {BLUE_SHOW_BUYER, "1"},  {BLUE_SHOW_SELLER, "1"}};
	struct invoice inv;
	size_t i;

	(void)state;
	invoice_init(&inv);
	assert_int_equal(sizeof(TEXTS) / sizeof(TEXTS[0]), BLUE_FIELDS - 1);
	for (i = 0; i < sizeof(TEXTS) / sizeof(TEXTS[0]); i++)
		blue_field_read(&inv, TEXTS[i].id, TEXTS[i].text);
	for (i = 0; i < sizeof(TEXTS) / sizeof(TEXTS[0]); i++)
		assert_string_equal(blue_field_text(&inv, TEXTS[i].id), TEXTS[i].text);
	assert_int_equal(inv.kind, INVOICE_SPECIAL);
	assert_true(!inv.prices_include_tax && inv.buyer_is_person && inv.show_seller_bank);
	blue_field_read(&inv, BLUE_BUYER, "  某公司　");
	assert_string_equal(inv.buyer.name, "某公司");
	invoice_free(&inv);
}

static void findings_point_at_fields(void **state)
{
	static const struct {
		const char *path;
		enum blue_part part;
		int field, line, column;
	} PLACES[] = {
	    {"buyer.name", BLUE_HEAD, BLUE_BUYER, 0, 0},
	    {"buyer.tax_no", BLUE_HEAD, BLUE_TAX_NO, 0, 0},
	    {"buyer.id_no", BLUE_HEAD, BLUE_PERSON, 0, 0},
	    {"order_no", BLUE_HEAD, BLUE_ORDER, 0, 0},
	    {"drawer", BLUE_FOOT, BLUE_DRAWER, 0, 0},
	    {"remark", BLUE_FOOT, BLUE_REMARK, 0, 0},
	    {"lines", BLUE_GRID, 0, 0, BLUE_NAME},
	    {"lines[2].tax_rate", BLUE_GRID, 0, 2, BLUE_RATE},
	    {"lines[14].tax_code", BLUE_GRID, 0, 14, BLUE_NAME},
	    {"lines[0].discount.rate", BLUE_GRID, 0, 0, BLUE_AMOUNT},
	    {"lines[7].quantity", BLUE_GRID, 0, 7, BLUE_QUANTITY},
	};
	struct blue_place p;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(PLACES) / sizeof(PLACES[0]); i++) {
		assert_true(blue_place_of(PLACES[i].path, &p));
		assert_int_equal(p.part, PLACES[i].part);
		assert_int_equal(p.field, PLACES[i].field);
		assert_int_equal(p.line, PLACES[i].line);
		assert_int_equal(p.column, PLACES[i].column);
	}
	assert_false(blue_place_of("seller.name", &p));
	assert_false(blue_place_of("", &p));
}

/* ---- the whole form ---- */

static void type_into(struct blue *b)
{
	struct blue_row *r;

	form_set(&b->head, BLUE_KIND, "数电普票");
	form_set(&b->head, BLUE_MODE, "含税");
	form_set(&b->head, BLUE_BUYER, "某公司");
	form_set(&b->head, BLUE_TAX_NO, "半个税号");
	form_set(&b->foot, BLUE_DRAWER, "甲");
	grid_set(&b->grid, 0, BLUE_NAME, "开票工作站");
	grid_set(&b->grid, 0, BLUE_QUANTITY, "2");
	grid_set(&b->grid, 0, BLUE_PRICE, "113");
	grid_set(&b->grid, 0, BLUE_RATE, "13");
	/* A row left empty, one that is wrong. */
	grid_set(&b->grid, 2, BLUE_NAME, "写了一半");
	grid_set(&b->grid, 2, BLUE_AMOUNT, "12.");
	r = blue_row_at(b, 0);
	mem_set(&r->line.tax_code, "1090509010000000000");
	r->line.discount =
	    (struct discount) {.by = DISCOUNT_BY_RATE, .rate = {.coef = 1, .scale = 1}};
	mem_set(&b->rest.buyer_mobile, "13800000000");
	b->draft_id = 42;
	b->view_inclusive = false;
	blue_focus(b, BLUE_GRID);
	blue_rows_compute(b, 0, b->grid.count - 1, false);
	grid_focus(&b->grid, 2, BLUE_AMOUNT);
}

static void drafts_restore_exactly(void **state)
{
	struct blue a = {.form_id = 0}, b = {.form_id = 0};
	char *first, *second;
	struct err_info e = {0};

	(void)state;
	blue_form_init(&a);
	blue_form_init(&b);
	type_into(&a);
	first = blue_keep_write(&a);
	assert_int_equal(blue_keep_read(&b, first, &e), ERR_OK);
	second = blue_keep_write(&b);
	assert_string_equal(first, second);
	assert_int_equal(b.draft_id, 42);
	assert_false(b.view_inclusive);
	assert_int_equal(b.part, BLUE_GRID);
	assert_int_equal(b.grid.row, 2);
	assert_int_equal(b.grid.column, BLUE_AMOUNT - 1);
	assert_string_equal(form_get(&b.head, BLUE_TAX_NO), "半个税号");
	assert_string_equal(b.rest.buyer_mobile, "13800000000");
	assert_int_equal(b.gross, 20340);
	assert_int_equal(b.lines, 1);
	assert_int_equal(blue_keep_read(&b, "{\"v\":1", &e), ERR_INVALID);
	free(first);
	free(second);
	blue_form_free(&a);
	blue_form_free(&b);
}

static void the_invoice_is_what_was_typed(void **state)
{
	struct blue a = {.form_id = 0}, b = {.form_id = 0};
	struct invoice inv, again;
	int row_of[8], more[8];

	(void)state;
	blue_form_init(&a);
	blue_form_init(&b);
	type_into(&a);
	grid_set(&a.grid, 2, BLUE_AMOUNT, "12");
	grid_set(&a.grid, 2, BLUE_RATE, "免税");
	blue_rows_compute(&a, 0, a.grid.count - 1, false);
	blue_form_build(&a, &inv, row_of);
	assert_int_equal(inv.line_count, 2);
	assert_int_equal(row_of[1], 2);
	assert_string_equal(inv.lines[0].tax_code, "1090509010000000000");
	assert_string_equal(inv.lines[1].preference, "03");
	assert_int_equal(tax_invoice_compute(&inv, NULL), ERR_OK);
	assert_int_equal(inv.gross_fen, a.gross);
	assert_int_equal(inv.net_fen, a.net);
	assert_int_equal(inv.tax_fen, a.tax);
	/* Filled into another form it is the same invoice. */
	blue_form_fill(&b, &inv);
	blue_form_build(&b, &again, more);
	assert_int_equal(tax_invoice_compute(&again, NULL), ERR_OK);
	assert_int_equal(again.gross_fen, inv.gross_fen);
	assert_int_equal(again.line_count, 2);
	assert_int_equal(again.lines[0].discount_fen, inv.lines[0].discount_fen);
	assert_string_equal(again.buyer_mobile, "13800000000");
	assert_string_equal(again.buyer.name, "某公司");
	invoice_free(&inv);
	invoice_free(&again);
	blue_form_free(&a);
	blue_form_free(&b);
}

static void an_unfinished_row_is_wrong_once_left(void **state)
{
	struct blue b = {.form_id = 0};

	(void)state;
	blue_form_init(&b);
	form_set(&b.head, BLUE_MODE, "含税");
	grid_set(&b.grid, 0, BLUE_NAME, "名称");
	grid_set(&b.grid, 0, BLUE_QUANTITY, "2");
	b.part = BLUE_GRID;
	b.grid.editing = true;
	blue_rows_compute(&b, 0, 0, false);
	assert_null(b.grid.rows[0].error);
	/* While the name is typed, goods used before may still bring the tax code. */
	assert_null(b.grid.rows[0].note);
	grid_focus(&b.grid, 0, BLUE_PRICE);
	blue_rows_compute(&b, 0, 0, true);
	assert_non_null(b.grid.rows[0].error);
	assert_non_null(b.grid.rows[0].note);
	/* Documents of a person go with the flag. */
	mem_set(&b.rest.buyer_id_no, "1");
	{
		struct invoice inv;
		int row_of[8];

		blue_form_build(&b, &inv, row_of);
		assert_string_equal(inv.buyer_id_no, "");
		invoice_free(&inv);
		form_set(&b.head, BLUE_PERSON, "1");
		blue_form_build(&b, &inv, row_of);
		assert_string_equal(inv.buyer_id_no, "1");
		invoice_free(&inv);
	}
	blue_form_free(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(rates_are_read_as_people_write_them),
	    cmocka_unit_test(a_rate_brings_and_takes_its_preference),
	    cmocka_unit_test(wrong_cells_are_named),
	    cmocka_unit_test(lines_round_trip),
	    cmocka_unit_test(copies_own_their_texts),
	    cmocka_unit_test(toggling_the_view_moves_nothing),
	    cmocka_unit_test(unfinished_rows_follow_the_view),
	    cmocka_unit_test(prices_come_back_as_they_were_typed),
	    cmocka_unit_test(derived_cells_are_shown),
	    cmocka_unit_test(fields_round_trip),
	    cmocka_unit_test(findings_point_at_fields),
	    cmocka_unit_test(drafts_restore_exactly),
	    cmocka_unit_test(the_invoice_is_what_was_typed),
	    cmocka_unit_test(an_unfinished_row_is_wrong_once_left),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* What the blue form has no field for: which box has a field, codes as typed, marks, the deduction
 * of the only row, drafts. */
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
#include "ui/screen/blue_more_p.h"
#include "ui/screen/blue_p.h"

static void every_field_has_its_box(void **state)
{
	static const struct {
		const char *path;
		enum more_subject subject;
	} rows[] = {
	    {"differential.type", MORE_DIFFERENTIAL},
	    {"differential.deduction", MORE_DIFFERENTIAL},
	    {"vouchers", MORE_DIFFERENTIAL},
	    {"vouchers[3].number", MORE_DIFFERENTIAL},
	    {"payments[0]", MORE_PAYMENT},
	    {"settlement", MORE_PAYMENT},
	    {"buyer.id_no", MORE_PERSON},
	    {"buyer.country", MORE_PERSON},
	    {"buyer.email", MORE_PERSON},
	    {"handler.tax_no", MORE_PERSON},
	    {"coal_quality", MORE_SHOWN},
	    {"show_buyer_address", MORE_SHOWN},
	    {"buyer.name", MORE_SUBJECTS},
	    {"buyer.tax_no", MORE_SUBJECTS},
	    {"lines[0].tax_rate", MORE_SUBJECTS},
	    {"show_buyer_bank", MORE_SUBJECTS},
	    {"", MORE_SUBJECTS},
	};
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (blue_more_of(rows[i].path) != rows[i].subject)
			fail_msg("%s", rows[i].path);
}

static void codes_are_read_as_people_write_them(void **state)
{
	static const struct {
		enum code_table table;
		const char *text, *code;
	} rows[] = {
	    {CODES_VOUCHERS, "01", "01"},
	    {CODES_VOUCHERS, "０２", "02"},
	    {CODES_VOUCHERS, "02 增值税专用发票", "02"},
	    {CODES_VOUCHERS, "契税完税凭证", "07"},
	    {CODES_VOUCHERS, "收据", "收据"},
	    {CODES_VOUCHERS, "", ""},
	    {CODES_PAYMENT_CHANNELS, "微信支付", "010"},
	    {CODES_PAYMENT_CHANNELS, "Apple Pay", "012"},
	    {CODES_COUNTRIES, "156 中国", "156"},
	    {CODES_COUNTRIES, " 中国 ", "156"},
	};
	char out[120];
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_string_equal(more_code_of(rows[i].table, rows[i].text, out), rows[i].code);
	assert_string_equal(more_code_text(CODES_VOUCHERS, "01", out), "01 数电发票");
	assert_string_equal(more_code_text(CODES_VOUCHERS, "10", out), "10");
	assert_string_equal(more_code_text(CODES_VOUCHERS, "", out), "");
}

static void what_is_filled_in_is_marked(void **state)
{
	struct invoice inv;
	char out[200];
	(void)state;
	invoice_init(&inv);
	assert_string_equal(blue_invoice_marks(&inv, out, sizeof(out)), "");
	mem_set(&inv.differential, DIFFERENTIAL_PART);
	inv.deduction_fen = 100000;
	mem_set(&invoice_add_payment(&inv)->channel, "009");
	mem_set(&inv.handler_name, "赵七");
	inv.show_seller_address = true;
	assert_string_equal(blue_invoice_marks(&inv, out, sizeof(out)),
			    "〔差额 1,000.00〕〔支付 支付宝〕〔经办人〕〔展示地址〕");
	/* Whole or not at all. */
	assert_string_equal(blue_invoice_marks(&inv, out, 30), "〔差额 1,000.00〕");
	mem_set(&inv.differential, DIFFERENTIAL_FULL);
	invoice_add_payment(&inv);
	assert_string_equal(blue_invoice_marks(&inv, out, 120),
			    "〔差额征税 全额〕〔支付 2 笔〕〔经办人〕〔展示地址〕");
	invoice_free(&inv);
}

static void row_facts_name_policy_and_coal(void **state)
{
	struct blue_row *r = blue_row_new();
	char out[160];
	(void)state;
	assert_string_equal(blue_row_facts(&r->line, out), "");
	mem_set(&r->line.preference, "03"); /* the rate says it */
	assert_string_equal(blue_row_facts(&r->line, out), "");
	mem_set(&r->line.preference, "01");
	assert_string_equal(blue_row_facts(&r->line, out), "优惠政策 简易征收");
	mem_set(&r->line.tax_code, "1020101000000000000");
	assert_non_null(strstr(blue_row_facts(&r->line, out), "还没有选煤炭种类"));
	mem_set(&r->line.coal_kind, "0300");
	assert_string_equal(blue_row_facts(&r->line, out), "优惠政策 简易征收 · 煤炭种类 市场煤");
	blue_row_free(r);
}

static void set_row(struct blue *b, int row, const char *amount)
{
	grid_set(&b->grid, row, BLUE_NAME, "代理费");
	grid_set(&b->grid, row, BLUE_AMOUNT, amount);
	grid_set(&b->grid, row, BLUE_RATE, "6");
}

/* The deduction counts in the only row; a second row takes it away from the first as well. */
static void the_only_row_deducts(void **state)
{
	struct blue b = {0};
	(void)state;
	blue_form_init(&b);
	mem_set(&b.rest.differential, DIFFERENTIAL_PART);
	b.rest.deduction_fen = 53000;
	set_row(&b, 0, "1060");
	blue_rows_compute(&b, 0, 0, true);
	assert_int_equal(b.tax, 3000);
	assert_int_equal(b.net, 103000);
	set_row(&b, 1, "106");
	blue_rows_compute(&b, 1, 1, true);
	assert_int_equal(b.tax, 6600);
	blue_form_free(&b);
}

/* Nothing of it is lost in a draft. */
static void drafts_carry_it(void **state)
{
	struct blue a = {0}, b = {0};
	struct voucher *v;
	struct payment *p;
	struct err_info e = {0};
	char *body;
	(void)state;
	blue_form_init(&a);
	blue_form_init(&b);
	mem_set(&a.rest.differential, DIFFERENTIAL_PART);
	a.rest.deduction_fen = 53000;
	v = invoice_add_voucher(&a.rest);
	mem_set(&v->type, "09");
	mem_set(&v->note, "收据");
	v->total_fen = v->amount_fen = 53000;
	p = invoice_add_payment(&a.rest);
	mem_set(&p->channel, "009");
	mem_set(&p->number, "A1");
	mem_set(&a.rest.settlement, "04");
	mem_set(&a.rest.handler_name, "赵七");
	a.rest.show_buyer_address = true;
	set_row(&a, 0, "1060");
	blue_rows_compute(&a, 0, 0, true);
	body = blue_keep_write(&a);
	assert_int_equal(blue_keep_read(&b, body, &e), ERR_OK);
	free(body);
	assert_string_equal(b.rest.differential, DIFFERENTIAL_PART);
	assert_int_equal(b.rest.deduction_fen, 53000);
	assert_int_equal(b.rest.voucher_count, 1);
	assert_string_equal(b.rest.vouchers[0].note, "收据");
	assert_int_equal(b.rest.vouchers[0].amount_fen, 53000);
	assert_string_equal(b.rest.payments[0].number, "A1");
	assert_string_equal(b.rest.settlement, "04");
	assert_string_equal(b.rest.handler_name, "赵七");
	assert_true(b.rest.show_buyer_address);
	assert_int_equal(b.tax, 3000);
	blue_form_free(&a);
	blue_form_free(&b);
}

/* A draft from before there was any of it, and one whose buyer was said to be no person. */
static void older_drafts_load(void **state)
{
	static const char body[] =
	    "{\"v\":1,\"head\":{},\"foot\":{},\"rows\":[],\"rest\":{\"kind\":\"ordinary\","
	    "\"prices_include_tax\":true,\"show_buyer_bank\":false,\"show_seller_bank\":false,"
	    "\"buyer\":{\"name\":\"\",\"is_person\":false},\"lines\":[]}}";
	struct blue b = {0};
	struct err_info e = {0};
	struct invoice inv;
	int row_of[8];
	(void)state;
	blue_form_init(&b);
	assert_int_equal(blue_keep_read(&b, body, &e), ERR_OK);
	assert_string_equal(b.rest.differential, "");
	assert_int_equal(b.rest.voucher_count, 0);
	/* The form asks about a short name all the same. */
	blue_form_build(&b, &inv, row_of);
	assert_false(inv.buyer_person_said);
	invoice_free(&inv);
	blue_form_free(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_field_has_its_box),
	    cmocka_unit_test(codes_are_read_as_people_write_them),
	    cmocka_unit_test(what_is_filled_in_is_marked),
	    cmocka_unit_test(row_facts_name_policy_and_coal),
	    cmocka_unit_test(the_only_row_deducts),
	    cmocka_unit_test(drafts_carry_it),
	    cmocka_unit_test(older_drafts_load),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

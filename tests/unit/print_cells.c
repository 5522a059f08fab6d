/* Cells: special rates, wrapping, and the order of the remark. */
#include "print_help.h"

#include "print/remark_p.h"

static void special_rates(void **state)
{
	static const struct {
		const char *preference, *code;
		int percent;
		const char *rate, *tax, *rate_xml, *tax_xml;
	} CASES[] = {
	    {"", "1090509010000000000", 13, "13%", "13.00", "0.130000", "13.00"},
	    {"01", "1090509010000000000", 3, "3%", "3.00", "0.030000", "3.00"},
	    {"", "1090509010000000000", 0, "0%", "0", "0%", "0.00"},
	    {"03", "1090509010000000000", 0, "免税", "***", "免税", "***"},
	    {"04", "1090509010000000000", 0, "不征税", "", "不征税", ""},
	    {"04", "6010000000000000000", 0, "不征税", "", "不征税", ""},
	    {"04", "3030000000000000000", 0, "*", "*", "*", "*"},
	    {"", "3030100000000000000", 9, "9%", "9.00", "0.090000", "9.00"},
	};
	char text[FEN_TEXT];
	struct invoice inv;
	struct tax_row row;
	size_t i, cursor;

	(void)state;
	for (i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
		struct tax_line *l;

		help_invoice(&inv);
		l = help_line(&inv, "某项", "100.00", CASES[i].percent);
		mem_set(&l->preference, CASES[i].preference);
		mem_set(&l->tax_code, CASES[i].code);
		help_compute(&inv);
		cursor = 0;
		assert_true(tax_row_next(&inv, &cursor, &row));
		cell_rate(&row, text);
		assert_string_equal(text, CASES[i].rate);
		cell_tax(&row, text);
		assert_string_equal(text, CASES[i].tax);
		cell_rate_xml(&row, text);
		assert_string_equal(text, CASES[i].rate_xml);
		cell_tax_xml(&row, text);
		assert_string_equal(text, CASES[i].tax_xml);
		invoice_free(&inv);
	}
}

/* 差额开票 hides the rate on the face, where it would not be that of the amount; 全额 does not. */
static void differential_rates(void **state)
{
	static const struct {
		const char *type, *rate, *tax;
	} CASES[] = {{DIFFERENTIAL_PART, "***", "3.00"}, {DIFFERENTIAL_FULL, "6%", "6.00"}};
	char text[FEN_TEXT];
	struct invoice inv;
	struct tax_row row;
	size_t i, cursor;

	(void)state;
	for (i = 0; i < 2; i++) {
		help_invoice(&inv);
		help_line(&inv, "代理费", "100.00", 6);
		mem_set(&inv.differential, CASES[i].type);
		inv.deduction_fen = 5000;
		help_compute(&inv);
		cursor = 0;
		assert_true(tax_row_next(&inv, &cursor, &row));
		cell_rate(&row, text);
		assert_string_equal(text, CASES[i].rate);
		cell_tax(&row, text);
		assert_string_equal(text, CASES[i].tax);
		cell_rate_xml(&row, text);
		assert_string_equal(text, "0.060000");
		invoice_free(&inv);
	}
}

static void tax_total_of_exempt(void **state)
{
	char text[FEN_TEXT];
	struct invoice inv;

	(void)state;
	help_invoice(&inv);
	mem_set(&help_line(&inv, "甲", "100.00", 0)->preference, "03");
	help_compute(&inv);
	assert_false(cell_tax_total(&inv, text));
	assert_string_equal(text, "***");
	help_line(&inv, "乙", "100.00", 13);
	help_compute(&inv);
	assert_true(cell_tax_total(&inv, text));
	assert_string_equal(text, "13.00");
	invoice_free(&inv);
}

static void decimals(void **state)
{
	static const char *const CASES[][2] = {
	    {"2.000", "2"},
	    {"110.8910891089109", "110.8910891089109"},
	    {"0.50", "0.5"},
	    {"100", "100"},
	};
	char text[DEC_TEXT];
	struct dec d;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
		assert_true(dec_parse(CASES[i][0], &d));
		assert_string_equal(cell_decimal(d, text), CASES[i][1]);
	}
}

static void slice_equal(struct slice s, const char *text)
{
	assert_int_equal(s.n, strlen(text));
	assert_memory_equal(s.s, text, s.n);
}

/* 11 full-width characters of a name, 14 half-width ones of a spec fill a row; figures stand on the
 * first row alone; a discount row repeats the name and nothing else. */
static void rows_wrap(void **state)
{
	struct item_rows t;
	struct invoice inv;
	struct tax_line *l;

	(void)state;
	help_invoice(&inv);
	l = help_line(&inv, "一二三四五六七八九十", "100.00", 13);
	mem_set(&l->short_name, "甲");
	mem_set(&l->spec, "ABCDEFGHIJKLMNOPQ");
	mem_set(&l->unit, "台");
	l->discount.by = DISCOUNT_BY_AMOUNT;
	l->discount.amount_fen = 1000;
	help_compute(&inv);
	face_wrap_items(&inv, &t);
	assert_int_equal(t.source_count, 2);
	assert_int_equal(t.count, 4);
	slice_equal(t.rows[0].name, "*甲*一二三四五六七八九");
	slice_equal(t.rows[0].spec, "ABCDEFGHIJKLMN");
	slice_equal(t.rows[0].unit, "台");
	slice_equal(t.rows[1].name, "十");
	slice_equal(t.rows[1].spec, "OPQ");
	slice_equal(t.rows[1].unit, "");
	assert_true(t.rows[0].first && !t.rows[1].first && t.rows[2].first);
	slice_equal(t.rows[2].name, "*甲*一二三四五六七八九");
	slice_equal(t.rows[2].spec, "");
	item_rows_free(&t);
	invoice_free(&inv);
}

static void rows_sum(void **state)
{
	int64_t net, tax;
	struct item_rows t;
	struct invoice inv;

	(void)state;
	help_invoice(&inv);
	help_line(&inv, "一二三四五六七八九十一二三四五六", "100.00", 13);
	help_line(&inv, "乙", "50.00", 6);
	help_compute(&inv);
	face_wrap_items(&inv, &t);
	assert_int_equal(t.count, 3);
	item_rows_sum(&t, 0, 1, &net, &tax);
	assert_true(net == 10000 && tax == 1300);
	/* The wrapped end of a line brings no figures. */
	item_rows_sum(&t, 1, 2, &net, &tax);
	assert_true(net == 5000 && tax == 300);
	item_rows_free(&t);
	invoice_free(&inv);
}

static void widths(void **state)
{
	size_t skip;

	(void)state;
	assert_true(text_em(FONT_SONG, "发票A1", 8) == 3);
	assert_true(text_em(FONT_COURIER, "¥", 2) == 0.6);
	assert_true(text_em(FONT_SONG, "é", 2) == 0.5);
	/* A combining accent and a bidi control take no room. */
	assert_true(text_em(FONT_SONG, "e\xCC\x81", 3) == 0.5);
	assert_true(text_em(FONT_SONG, "\xE2\x80\xAE", 3) == 0);
	assert_false(glyph_allowed(0xFFFF) || glyph_allowed(0x10FFFF) || glyph_allowed(0xFDD0));
	assert_false(glyph_allowed('\n') || glyph_allowed(0xFFFD));
	assert_true(glyph_allowed('A') && glyph_allowed(0x20000) && glyph_allowed(0xE000));
	/* Never less than one character, never the half of one. */
	assert_int_equal(text_row(FONT_SONG, "发票", 6, 0.2, &skip), 3);
	assert_int_equal(text_row(FONT_SONG, "a\nb", 3, 9, &skip), 1);
	assert_int_equal(skip, 1);
	assert_int_equal(text_rows(FONT_SONG, "发票发票", 12, 3), 2);
	assert_int_equal(text_rows(FONT_SONG, "", 0, 3), 0);
}

static void remark_is(const struct invoice *inv, const char *expected)
{
	struct buf out;

	buf_init(&out, REMARK_MAX);
	remark_make(inv, &out);
	assert_string_equal(buf_str(&out), expected);
	buf_free(&out);
}

static void remark_order(void **state)
{
	struct invoice inv;
	struct payment *pay;
	struct extra_element *x;

	(void)state;
	help_invoice(&inv);
	remark_is(&inv, "");
	mem_set(&inv.remark, "自由备注");
	remark_is(&inv, "自由备注");
	/* The deduction flows on into what stands in its line. */
	mem_set(&inv.differential, DIFFERENTIAL_PART);
	inv.deduction_fen = 20000;
	remark_is(&inv, "差额征税：200.00。    自由备注");
	inv.show_buyer_address = inv.show_seller_address = true;
	mem_set(&inv.buyer.address, "某路1号");
	remark_is(&inv, "差额征税：200.00。\n购方地址:某路1号;    电话:-;\n"
			"销方地址:-;    电话:-;\n自由备注");
	inv.show_buyer_address = inv.show_seller_address = false;
	mem_set(&inv.differential, "");
	inv.show_buyer_bank = true;
	inv.show_seller_bank = true;
	mem_set(&inv.buyer.bank, "甲银行");
	mem_set(&inv.buyer.account, "111");
	mem_set(&inv.seller.bank, "乙银行");
	mem_set(&inv.payee, "张三");
	mem_set(&inv.reviewer, "李四");
	x = invoice_add_extra(&inv);
	mem_set(&x->name, "合同号");
	mem_set(&x->value, "HT-1");
	pay = invoice_add_payment(&inv);
	mem_set(&pay->channel, "002");
	mem_set(&pay->number, "P1");
	pay = invoice_add_payment(&inv);
	mem_set(&pay->channel, "001");
	mem_set(&pay->number, "P2");
	remark_is(&inv, "购方开户银行:甲银行;    银行账号:111;\n"
			"销方开户银行:乙银行;    银行账号:-;\n"
			"合同号:HT-1;    自由备注\n"
			"收款人:张三;    复核人:李四;\n"
			"支付渠道:银行转账;    交易单号:P1;    支付渠道:现金;    交易单号:P2;");
	inv.show_buyer_bank = false;
	inv.extra_count = 0; /* the element's strings are freed with the array below */
	inv.payment_count = 0;
	mem_set(&inv.payee, "");
	remark_is(&inv, "销方开户银行:乙银行;    银行账号:-;\n自由备注\n复核人:李四;");
	inv.extra_count = 1;
	inv.payment_count = 2;
	invoice_free(&inv);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(special_rates), cmocka_unit_test(tax_total_of_exempt),
	    cmocka_unit_test(decimals),      cmocka_unit_test(rows_wrap),
	    cmocka_unit_test(rows_sum),      cmocka_unit_test(widths),
	    cmocka_unit_test(remark_order),  cmocka_unit_test(differential_rates),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

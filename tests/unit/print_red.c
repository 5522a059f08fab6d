/* The files of a red invoice: signs, capitals, remark, XML; equal bytes. */
#include "print_help.h"

#include "base/text.h"
#include "print/naming.h"
#include "print/print.h"
#include "print/remark_p.h"
#include "tax/red.h"
#include "tax/validate.h"

#define BLUE   "26447000000000000007"
#define LETTER "44030026110000000099"
#define TAKEN  "被红冲蓝字数电发票号码：" BLUE " 红字发票信息确认单编号：" LETTER

/* A line as a red letter has it. */
static struct tax_line *red_line(struct invoice *inv, const char *name, const char *quantity,
				 const char *price, int64_t net, int64_t tax)
{
	struct tax_line *l = help_line(inv, name, "0", 13);

	l->has_quantity = l->has_price = *quantity != 0;
	if (*quantity) {
		assert_true(dec_parse(quantity, &l->quantity) && dec_parse(price, &l->price));
		l->full_quantity = l->quantity;
		l->full_price = l->net_price = l->price;
	}
	l->amount_fen = l->full_amount_fen = l->net_fen = net;
	l->tax_fen = tax;
	l->gross_fen = net + tax;
	l->blue_row = (unsigned)inv->line_count;
	return l;
}

static void red_invoice(struct invoice *inv)
{
	help_invoice(inv);
	inv->kind = INVOICE_SPECIAL;
	inv->red = true;
	mem_set(&inv->blue_number, BLUE);
	mem_set(&inv->red_letter_no, LETTER);
	mem_set(&inv->red_letter_uuid, "0123456789abcdef0123456789abcdef");
	mem_set(&inv->remark, "退货");
	red_line(inv, "主机", "-2.5", "5600", -1400000, -182000);
	red_line(inv, "折让", "", "", -1, 0);
	help_compute(inv);
	assert_int_equal(inv->gross_fen, -1582001);
}

static void render(enum print_format f, const struct print_face *face, struct buf *out)
{
	struct err_info e = {0};

	buf_init(out, PRINT_SIZE_MAX);
	if (print_render(f, face, out, &e) != ERR_OK)
		fail_msg("%s: %s", e.what, e.why);
}

static void field_is(const struct sheets *s, enum face_field field, const char *want)
{
	struct buf out;

	field_text(s, field, &out);
	assert_string_equal(buf_str(&out), want);
	buf_free(&out);
}

static void face_fields(void **state)
{
	struct invoice inv;
	struct print_face face;
	struct sheets s;

	(void)state;
	red_invoice(&inv);
	face = help_face(&inv);
	help_sheets(&face, &s);
	assert_non_null(find_run(&s, "电子发票（增值税专用发票）", 0));
	field_is(&s, FIELD_QUANTITY, "-2.5");
	field_is(&s, FIELD_PRICE, "5600");
	field_is(&s, FIELD_AMOUNT, "-14000.00-0.01");
	field_is(&s, FIELD_TAX, "-1820.000.00");
	/* The sign behind ¥. */
	field_is(&s, FIELD_NET_TOTAL, "¥-14000.01");
	field_is(&s, FIELD_TAX_TOTAL, "¥-1820.00");
	field_is(&s, FIELD_GROSS_TOTAL, "¥-15820.01");
	field_is(&s, FIELD_GROSS_WORDS, "（负数）壹万伍仟捌佰贰拾圆零壹分");
	field_is(&s, FIELD_REMARK, TAKEN "    退货");
	sheets_free(&s);
	invoice_free(&inv);
}

static void text_face(void **state)
{
	static const char *const WANTED[] = {
	    "-2.5", "-14000.00", "合计　金额 ¥-14000.01　税额 ¥-1820.00",
	    "（负数）壹万伍仟捌佰贰拾圆零壹分　（小写） ¥-15820.01",
	    "备注：被红冲蓝字数电发票号码：" BLUE};
	struct invoice inv;
	struct print_face face;
	struct buf out;
	size_t i;

	(void)state;
	red_invoice(&inv);
	face = help_face(&inv);
	render(PRINT_TEXT, &face, &out);
	for (i = 0; i < sizeof(WANTED) / sizeof(WANTED[0]); i++)
		if (!strstr(buf_str(&out), WANTED[i]))
			fail_msg("%s is not in\n%s", WANTED[i], buf_str(&out));
	buf_free(&out);
	invoice_free(&inv);
}

static void xml_block(void **state)
{
	static const char *const WANTED[] = {
	    "<LabelCode>N</LabelCode>\n        <LabelName>是否蓝字发票标志</LabelName>",
	    "<TotalAmWithoutTax>-14000.01</TotalAmWithoutTax>",
	    "<TotalTax-includedAmount>-15820.01</TotalTax-includedAmount>",
	    ">（负数）壹万伍仟捌佰贰拾圆零壹分</TotalTax-includedAmountInChinese>",
	    "<Quantity>-2.5</Quantity>\n      <UnPrice>5600</UnPrice>\n"
	    "      <Amount>-14000.00</Amount>",
	    "    <SpecificInformation>\n      <RedEInvoice>\n"
	    "        <OriginalInvoiceCode>" BLUE "</OriginalInvoiceCode>\n"
	    "        <CreditNoteNumber>" LETTER "</CreditNoteNumber>\n"
	    "      </RedEInvoice>\n    </SpecificInformation>\n",
	    "<Remark>" TAKEN " 退货</Remark>"};
	struct invoice inv;
	struct print_face face;
	struct buf out;
	size_t i;

	(void)state;
	red_invoice(&inv);
	face = help_face(&inv);
	render(PRINT_XML, &face, &out);
	for (i = 0; i < sizeof(WANTED) / sizeof(WANTED[0]); i++)
		if (!strstr(buf_str(&out), WANTED[i]))
			fail_msg("%s is not in\n%s", WANTED[i], buf_str(&out));
	buf_free(&out);
	/* 差额征税 has a block of its own before it. */
	mem_set(&inv.differential, DIFFERENTIAL_PART);
	inv.deduction_fen = -20000;
	render(PRINT_XML, &face, &out);
	assert_non_null(strstr(buf_str(&out), "<Deduction>-200.00</Deduction>"));
	assert_non_null(
	    strstr(buf_str(&out), "</DifferentialTaxation>\n      <RedEInvoice>\n        <Orig"));
	buf_free(&out);
	invoice_free(&inv);
}

static void bytes_repeat(void **state)
{
	struct invoice inv;
	struct print_face face;
	struct buf first, again;
	enum print_format f;

	(void)state;
	red_invoice(&inv);
	face = help_face(&inv);
	for (f = PRINT_PDF; f < PRINT_FORMATS; f++) {
		render(f, &face, &first);
		render(f, &face, &again);
		assert_int_equal(first.len, again.len);
		assert_memory_equal(first.data, again.data, first.len);
		buf_free(&first);
		buf_free(&again);
	}
	invoice_free(&inv);
}

static void remark_is(const struct invoice *inv, const char *expected)
{
	struct buf out;

	buf_init(&out, REMARK_MAX);
	remark_make(inv, &out);
	assert_string_equal(buf_str(&out), expected);
	buf_free(&out);
}

/* What is taken back, then the deduction, the banks on their own lines, what the clerk wrote. */
static void remark_order(void **state)
{
	char text[RED_REFERENCE_TEXT];
	struct invoice inv;

	(void)state;
	red_invoice(&inv);
	mem_set(&inv.remark, "");
	remark_is(&inv, TAKEN);
	mem_set(&inv.differential, DIFFERENTIAL_PART);
	inv.deduction_fen = -20000;
	mem_set(&inv.remark, "退货");
	remark_is(&inv, TAKEN "    差额征税：-200.00。    退货");
	mem_set(&inv.differential, "");
	inv.show_seller_bank = true;
	mem_set(&inv.seller.bank, "乙银行");
	remark_is(&inv, TAKEN "\n销方开户银行:乙银行;    银行账号:-;\n退货");
	/* With the blank behind it 68 of 450 characters at most: 382 are the clerk's. */
	assert_true(text_chars(tax_red_reference(&inv, text)) + 1 + RED_REMARK_CHARS <= 450);
	/* Invoices of the old machines have a code and a number. */
	mem_set(&inv.blue_number, "04400190011112345678");
	assert_string_equal(tax_red_reference(&inv, text),
			    "被红冲蓝字发票代码：044001900111 号码：12345678"
			    " 红字发票信息确认单编号：" LETTER);
	assert_true(text_chars(text) + 1 + RED_REMARK_CHARS <= 450);
	mem_set(&inv.blue_number, "440019011112345678");
	assert_non_null(
	    strstr(tax_red_reference(&inv, text), "代码：4400190111 号码：12345678 红"));
	inv.red = false;
	assert_string_equal(tax_red_reference(&inv, text), "");
	invoice_free(&inv);
}

static void names(void **state)
{
	char name[NAMING_TEXT];
	struct invoice inv;

	(void)state;
	red_invoice(&inv);
	assert_string_equal(
	    print_naming_make("{号码}_{价税合计}_{票种}_{订单号}", &inv, ".pdf", name),
	    HELP_NUMBER "_-15820.01_红字数电专票_.pdf");
	/* A name does not begin as an option does. */
	print_naming_make("{价税合计}{号码}", &inv, ".pdf", name);
	assert_string_equal(name, "_15820.01" HELP_NUMBER ".pdf");
	invoice_free(&inv);
}

/* Many lines: 小计 of a page is negative too. */
static void pages(void **state)
{
	struct print_face face;
	struct invoice inv;
	struct sheets s;
	int i;

	(void)state;
	red_invoice(&inv);
	for (i = 0; i < 60; i++)
		red_line(&inv, "货物", "-1", "100", -10000, -1300);
	help_compute(&inv);
	face = help_face(&inv);
	help_sheets(&face, &s);
	assert_int_equal(s.page_count, 2);
	assert_non_null(find_run(&s, "-18500.01", 0)); /* two lines and 45 of the sixty */
	assert_non_null(find_run(&s, "-1500.00", 0));
	field_is(&s, FIELD_GROSS_TOTAL, "¥-22600.01");
	sheets_free(&s);
	invoice_free(&inv);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(face_fields),  cmocka_unit_test(text_face),
	    cmocka_unit_test(xml_block),    cmocka_unit_test(bytes_repeat),
	    cmocka_unit_test(remark_order), cmocka_unit_test(names),
	    cmocka_unit_test(pages),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

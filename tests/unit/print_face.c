/* The marks of a face: places, seal, watermark, and that nothing leaves its field. */
#include "print_help.h"

#include <math.h>

#include "tax/words.h"

#define NEAR(a, b) assert_true(fabs((a) - (b)) < 0.01)

static void places(void **state)
{
	struct print_face face;
	const struct mark *m;
	struct invoice inv;
	struct sheets s;

	(void)state;
	help_lines(&inv, 2);
	mem_set(&inv.lines[0].unit, "台");
	face = help_face(&inv);
	help_sheets(&face, &s);
	m = find_run(&s, "电子发票（普通发票）", 0);
	assert_non_null(m);
	NEAR(m->x + run_width(&s, m) / 2, 105);
	NEAR(m->size, 20 * 25.4 / 72);
	assert_int_equal(m->font, FONT_KAI);
	m = find_run(&s, HELP_NUMBER, 0);
	assert_non_null(m);
	NEAR(m->x, 170);
	assert_int_equal(m->field, FIELD_NUMBER);
	assert_non_null(find_run(&s, "2026年01月31日", 0));
	m = find_run(&s, "91440101MA5EXAMPL2", 0);
	assert_int_equal(m->font, FONT_COURIER);
	NEAR(m->size, 12 * 25.4 / 72);
	/* Right-aligned figures end half a millimetre before the column's edge. */
	m = find_run(&s, "20.00", 0);
	NEAR(m->x + run_width(&s, m), 153);
	m = find_run(&s, "2", 0);
	NEAR(m->x + run_width(&s, m), 102);
	m = find_run(&s, "台", 0);
	NEAR(m->x + run_width(&s, m) / 2, 71.5);
	/* Rows are 4.375 apart. */
	NEAR(find_run(&s, "20.00", 1)->y - find_run(&s, "20.00", 0)->y, 4.375);
	assert_non_null(find_run(&s, "肆拾伍圆贰角整", 0));
	assert_non_null(find_run(&s, "45.20", 0));
	/* One ¥ before each of the three totals, none before line amounts. */
	assert_non_null(find_run(&s, "¥", 2));
	assert_null(find_run(&s, "¥", 3));
	assert_null(find_run(&s, "共1页 第1页", 0));
	assert_null(find_run(&s, "小", 0));
	sheets_free(&s);
	invoice_free(&inv);
}

/* The label of 差额征税 stands in its field beside the code: 29 to 57, 6 to 26. */
static void differential_label_inside(void **state)
{
	static const char *const PARTS[] = {"差额征税", "差额开票"};
	struct print_face face;
	struct invoice inv;
	struct sheets s;
	size_t i;

	(void)state;
	help_lines(&inv, 1);
	face = help_face(&inv);
	help_sheets(&face, &s);
	assert_null(find_run(&s, PARTS[0], 0));
	sheets_free(&s);
	mem_set(&inv.differential, DIFFERENTIAL_PART);
	inv.deduction_fen = 1000;
	help_compute(&inv);
	help_sheets(&face, &s);
	for (i = 0; i < 2; i++) {
		const struct mark *m = find_run(&s, PARTS[i], 0);

		assert_non_null(m);
		assert_true(m->x >= 29 && m->x + run_width(&s, m) <= 57 && m->y > 6 && m->y < 26);
	}
	assert_non_null(find_run(&s, "差额征税：10.00。", 0));
	sheets_free(&s);
	invoice_free(&inv);
}

static void several_pages(void **state)
{
	struct print_face face;
	struct invoice inv;
	struct sheets s;

	(void)state;
	help_lines(&inv, 50);
	inv.kind = INVOICE_SPECIAL;
	face = help_face(&inv);
	help_sheets(&face, &s);
	assert_int_equal(s.page_count, 2);
	assert_non_null(find_run(&s, "电子发票（增值税专用发票）", 1));
	assert_non_null(find_run(&s, "共2页 第1页", 0));
	assert_non_null(find_run(&s, "共2页 第2页", 0));
	/* 47 lines and 3 lines of 20.00; the total stands on both pages, the words on the last. */
	assert_non_null(find_run(&s, "940.00", 0));
	assert_non_null(find_run(&s, "60.00", 0));
	assert_non_null(find_run(&s, "1000.00", 1));
	assert_null(find_run(&s, "1000.00", 2));
	assert_non_null(find_run(&s, "价税合计（大写）", 0));
	assert_null(find_run(&s, "价税合计（大写）", 1));
	assert_non_null(find_run(&s, "林小满", 1));
	sheets_free(&s);
	invoice_free(&inv);
}

static size_t count_ink(const struct sheets *s, enum face_ink ink)
{
	size_t n = 0, i;

	for (i = 0; i < s->mark_count; i++)
		n += s->marks[i].ink == ink;
	return n;
}

/* The seal stands only in production and after acceptance. */
static void seal_when(void **state)
{
	static const struct {
		bool production, accepted, seal;
	} CASES[] = {
	    {false, false, false},
	    {true, false, false},
	    {false, true, false},
	    {true, true, true},
	};
	struct print_face face;
	struct err_info e = {0};
	struct invoice inv;
	struct sheets s;
	size_t i;

	(void)state;
	help_lines(&inv, 50);
	for (i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
		face = help_face(&inv);
		face.production = CASES[i].production;
		face.accepted = CASES[i].accepted;
		help_sheets(&face, &s);
		/* Two rims and 9 + 6 letters on arcs, one straight text, on each of two pages. */
		assert_int_equal(count_ink(&s, INK_SEAL), CASES[i].seal ? 2 * (2 + 9 + 6 + 1) : 0);
		assert_int_equal(find_run(&s, "国家税务总局", 0) != NULL, CASES[i].seal);
		sheets_free(&s);
	}
	face.region_code = "19999000000";
	sheets_init(&s);
	assert_int_equal(face_sheets(&face, &s, &e), ERR_INVALID);
	assert_string_equal(e.code, "print.region");
	sheets_free(&s);
	invoice_free(&inv);
}

/* The letters of the seal stay inside its ring for the longest name of an office. */
static void seal_inside(void **state)
{
	struct sheets s;
	size_t i, letters = 0;

	(void)state;
	sheets_init(&s);
	sheets_page(&s, 210, 140);
	face_seal(&s, "新疆维吾尔自治区税务局");
	for (i = 0; i < s.mark_count; i++) {
		const struct mark *m = &s.marks[i];
		double w = run_width(&s, m), c = cos(m->angle), n = sin(m->angle), x, y;
		double along, up;

		if (m->kind != MARK_TEXT)
			continue;
		letters++;
		for (along = 0; along <= w; along += w) {
			for (up = -0.8; up <= 0.11; up += 0.9) {
				x = m->x + along * c - up * m->size * n - 105;
				y = m->y + along * n + up * m->size * c - 18;
				assert_true(hypot(x / 13.5, y / 8.5) < 1);
			}
		}
	}
	assert_int_equal(letters, 9 + 11 + 1);
	sheets_free(&s);
}

static void watermark_on_every_page(void **state)
{
	struct print_face face;
	struct invoice inv;
	const struct mark *m;
	struct sheets s;
	size_t i;

	(void)state;
	help_lines(&inv, 90);
	face = help_face(&inv);
	help_sheets(&face, &s);
	assert_int_equal(count_ink(&s, INK_WATERMARK), 0);
	sheets_free(&s);
	face.watermark = "演练";
	help_sheets(&face, &s);
	assert_int_equal(count_ink(&s, INK_WATERMARK), s.page_count);
	for (i = 0; i < s.page_count; i++) {
		m = &s.marks[s.pages[i].first]; /* the lowest mark of its page */
		assert_int_equal(m->ink, INK_WATERMARK);
		assert_true(m->angle < 0);
	}
	sheets_free(&s);
	invoice_free(&inv);
}

/* Left and right edge of each field's place. */
static const struct {
	double from, to;
} FIELD_EDGES[FIELDS] = {
    [FIELD_NUMBER] = {154, 205.5},        [FIELD_DATE] = {154, 205.5},
    [FIELD_BUYER_NAME] = {10.5, 105},     [FIELD_BUYER_ID] = {10.5, 105},
    [FIELD_SELLER_NAME] = {111, 205.5},   [FIELD_SELLER_ID] = {111, 205.5},
    [FIELD_ITEM] = {4.5, 41.5},           [FIELD_SPEC] = {41.5, 65.5},
    [FIELD_UNIT] = {65.5, 77.5},          [FIELD_QUANTITY] = {77.5, 102.5},
    [FIELD_PRICE] = {102.5, 127.5},       [FIELD_AMOUNT] = {127.5, 153.5},
    [FIELD_RATE] = {153.5, 178.5},        [FIELD_TAX] = {178.5, 205.5},
    [FIELD_NET_TOTAL] = {127.5, 153.5},   [FIELD_TAX_TOTAL] = {178.5, 205.5},
    [FIELD_GROSS_TOTAL] = {156.5, 205.5}, [FIELD_GROSS_WORDS] = {56.5, 142.5},
    [FIELD_REMARK] = {10.5, 205.5},       [FIELD_DRAWER] = {30, 205.5},
};

static void assert_inside(const struct sheets *s)
{
	size_t i, k;

	for (i = 0; i < s->page_count; i++) {
		for (k = s->pages[i].first; k < s->pages[i].first + s->pages[i].count; k++) {
			const struct mark *m = &s->marks[k];
			double left = FIELD_EDGES[m->field].from, right = FIELD_EDGES[m->field].to;

			if (m->kind != MARK_TEXT || m->angle != 0)
				continue;
			if (m->field == FIELD_NONE) {
				left = 4.5;
				right = 205.5;
			}
			assert_true(m->x >= left - 0.01);
			assert_true(m->x + run_width(s, m) <= right + 0.01);
			assert_true(m->size > 0);
			assert_true(m->y - m->size * 0.86 >= 0 &&
				    m->y + m->size * 0.15 <= s->pages[i].height);
			if (m->field == FIELD_BUYER_NAME)
				assert_true(m->y < 42.2);
			if (m->field == FIELD_REMARK)
				assert_true(m->y + m->size * 0.15 <= s->pages[i].height - 16);
		}
	}
}

static void fill(char **slot, const char *piece, size_t times)
{
	struct buf b;

	buf_init(&b, 1 << 20);
	while (times--)
		buf_adds(&b, piece);
	mem_set(slot, buf_str(&b));
	buf_free(&b);
}

/* Every field at its greatest length: shrunk or wrapped, inside its place, and whole. */
static void greatest_lengths(void **state)
{
	struct print_face face;
	struct tax_line *l;
	struct invoice inv;
	struct sheets s;
	struct buf text;

	(void)state;
	help_invoice(&inv);
	fill(&inv.buyer.name, "名", 300);
	fill(&inv.buyer.tax_no, "9", 20);
	fill(&inv.seller.name, "W", 300);
	fill(&inv.remark, "备", 450);
	fill(&inv.drawer, "人", 300);
	fill(&inv.buyer.bank, "行", 120);
	fill(&inv.buyer.account, "1", 100);
	inv.show_buyer_bank = inv.show_seller_bank = true;
	l = help_line(&inv, "", "1", 13);
	fill(&l->name, "货", 600);
	fill(&l->spec, "规", 150);
	fill(&l->unit, "单", 300);
	help_quantity(l, "123456789012.123456789012", "0.12345678901234567890123");
	help_quantity(help_line(&inv, "贵重", "1", 13), "1", "8849000000000000");
	help_compute(&inv);
	face = help_face(&inv);
	help_sheets(&face, &s);
	assert_inside(&s);
	field_text(&s, FIELD_BUYER_NAME, &text);
	assert_int_equal(text.len, s.page_count * strlen(inv.buyer.name));
	assert_memory_equal(text.data, inv.buyer.name, strlen(inv.buyer.name));
	buf_free(&text);
	field_text(&s, FIELD_UNIT, &text);
	assert_string_equal(buf_str(&text), inv.lines[0].unit);
	buf_free(&text);
	field_text(&s, FIELD_REMARK, &text);
	assert_non_null(strstr(buf_str(&text), inv.remark));
	buf_free(&text);
	sheets_free(&s);
	invoice_free(&inv);
}

/* A remark too long even for the smallest type makes its zone grow. */
static void remark_grows(void **state)
{
	struct print_face face;
	struct invoice inv;
	struct sheets s;
	size_t i;

	(void)state;
	help_lines(&inv, 1);
	for (i = 0; i < 40; i++) {
		struct extra_element *x = invoice_add_extra(&inv);

		fill(&x->name, "名", 200);
		fill(&x->value, "值", 200);
	}
	face = help_face(&inv);
	help_sheets(&face, &s);
	assert_true(s.pages[0].height > 140);
	assert_inside(&s);
	sheets_free(&s);
	invoice_free(&inv);
}

static void hostile_text(void **state)
{
	struct print_face face;
	struct invoice inv;
	struct sheets s;
	struct buf text;

	(void)state;
	help_lines(&inv, 1);
	mem_set(&inv.buyer.name, "甲\xE2\x80\xAE乙\x1B[31m丙\xFF\xC0丁<&\">");
	mem_set(&inv.lines[0].name, "\xF0\x9F\x98\x80"
				    "e\xCC\x81\xE0\xB8\x99");
	mem_set(&inv.remark, "一行\n\n二行\n");
	face = help_face(&inv);
	help_sheets(&face, &s);
	assert_inside(&s);
	field_text(&s, FIELD_BUYER_NAME, &text);
	assert_string_equal(buf_str(&text), "甲乙[31m丙丁<&\">");
	buf_free(&text);
	field_text(&s, FIELD_REMARK, &text);
	assert_string_equal(buf_str(&text), "一行二行");
	buf_free(&text);
	sheets_free(&s);
	invoice_free(&inv);
}

static void five_thousand_lines(void **state)
{
	struct print_face face;
	struct invoice inv;
	struct sheets s;

	(void)state;
	help_lines(&inv, 5000);
	face = help_face(&inv);
	help_sheets(&face, &s);
	/* 106 pages of 47 hold 4,982 rows; the other 18 stand on the last. */
	assert_int_equal(s.page_count, 107);
	assert_inside(&s);
	assert_non_null(find_run(&s, "共107页 第107页", 0));
	sheets_free(&s);
	invoice_free(&inv);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(places),
	    cmocka_unit_test(several_pages),
	    cmocka_unit_test(differential_label_inside),
	    cmocka_unit_test(seal_when),
	    cmocka_unit_test(seal_inside),
	    cmocka_unit_test(watermark_on_every_page),
	    cmocka_unit_test(greatest_lengths),
	    cmocka_unit_test(remark_grows),
	    cmocka_unit_test(hostile_text),
	    cmocka_unit_test(five_thousand_lines),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

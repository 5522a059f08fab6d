/* Which goods a line means, and what it takes from them. */
#include "desk_lab.h"

#include "desk/goods_fill.h"
#include "tax/tax.h"

struct article {
	const char *name, *spec, *mnemonic, *tax_code, *unit, *price;
	int32_t rate;
	bool inclusive;
};

static int64_t add(struct lab *lab, const struct article *a)
{
	struct goods g = {.rate_ppm = a->rate, .inclusive = a->inclusive};
	int64_t id;

	mem_set(&g.name, a->name);
	mem_set(&g.spec, a->spec);
	mem_set(&g.mnemonic, a->mnemonic);
	mem_set(&g.tax_code, a->tax_code);
	mem_set(&g.unit, a->unit);
	mem_set(&g.price, a->price);
	assert_int_equal(desk_goods_add(lab->s, &g, TWIN_KEEP, &lab->e), ERR_OK);
	id = g.id;
	goods_free(&g);
	return id;
}

#define COMPUTER "1090509010000000000"
#define CEMENT   "1080101020000000000"

static void add_all(struct lab *lab, int64_t ids[5])
{
	static const struct article ALL[] = {
	    {"笔记本电脑", "X1", "BJB", COMPUTER, "台", "1000", 130000, false},
	    {"笔记本电脑", "X2", "", COMPUTER, "台", "2260", 130000, true},
	    {"显示器（27寸）", "", "XSQ", COMPUTER, "台", "", 130000, true},
	    {"软件开发", "", "", CEMENT, "项", "", 130000, true},
	    {"软件开发", "", "", COMPUTER, "套", "", -1, true},
	};
	size_t i;

	for (i = 0; i < 5; i++)
		ids[i] = add(lab, &ALL[i]);
}

struct wish {
	const char *goods, *name, *spec, *unit, *tax_code;
	int32_t rate;
};

static enum err fill(struct lab *lab, struct goods_fill *f, const struct wish *w,
		     struct invoice *inv, struct goods_filled *how)
{
	struct tax_line *l;

	invoice_init(inv);
	l = invoice_add_line(inv);
	mem_set(&l->goods, w->goods ? w->goods : "");
	mem_set(&l->name, w->name ? w->name : "");
	mem_set(&l->spec, w->spec ? w->spec : "");
	mem_set(&l->unit, w->unit ? w->unit : "");
	mem_set(&l->tax_code, w->tax_code ? w->tax_code : "");
	l->rate_ppm = w->rate ? w->rate : -1;
	return goods_fill_line(f, l, true, how, &lab->e);
}

static void finds_by_number_code_specification_and_name(void **state)
{
	struct lab *lab = *state;
	struct goods_fill *f;
	int64_t ids[5];
	char number[32];
	const struct {
		struct wish wish;
		enum fill_by by;
		int which; /* -1: none */
	} CASES[] = {
	    {{.goods = number}, FILL_REFERENCE, 0},
	    {{.name = number}, FILL_REFERENCE, 0},
	    {{.goods = "bjb"}, FILL_REFERENCE, 0},
	    {{.name = "BJB"}, FILL_SHORT, 0},
	    {{.name = "bjb"}, FILL_SHORT, 0},
	    {{.name = "笔记本电脑", .spec = "X2"}, FILL_NAME_SPEC, 1},
	    {{.name = "笔记本电脑", .spec = "ｘ2"}, FILL_NAME_SPEC, 1},
	    {{.name = "*电子计算机*笔记本电脑", .spec = "X1"}, FILL_NAME_SPEC, 0},
	    {{.name = "显示器(27寸)"}, FILL_NAME, 2},
	    {{.name = " 显示器（27寸） "}, FILL_NAME, 2},
	    {{.name = "显示器（27寸）", .spec = "黑"}, FILL_NAME, 2},
	    {{.name = "软件开发", .tax_code = CEMENT}, FILL_NAME, 3},
	    {{.name = "软件开发", .unit = "套"}, FILL_NAME, 4},
	    {{.name = "软件开发", .rate = 130000}, FILL_NAME, 3},
	    {{.name = "显示器（27寸）", .tax_code = CEMENT}, FILL_NOT, -1},
	    {{.name = "显示器"}, FILL_NOT, -1},
	    {{.name = "键盘"}, FILL_NOT, -1},
	};
	size_t i, turn;

	lab_stock(lab, 10, 10000000);
	add_all(lab, ids);
	snprintf(number, sizeof(number), "#%lld", (long long)ids[0]);
	assert_int_equal(goods_fill_begin(lab->s, lab_verify(lab, LAB_USING, "using"), &f, &lab->e),
			 ERR_OK);
	for (turn = 0; turn < 2; turn++) { /* the second answers are those that were kept */
		for (i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
			struct goods_filled how;
			struct invoice inv;

			assert_int_equal(fill(lab, f, &CASES[i].wish, &inv, &how), ERR_OK);
			assert_int_equal(how.by, CASES[i].by);
			assert_int_equal(how.goods, CASES[i].which < 0 ? 0 : ids[CASES[i].which]);
			invoice_free(&inv);
		}
	}
	goods_fill_end(&f);
}

static void what_a_line_says_stands(void **state)
{
	struct lab *lab = *state;
	struct goods_fill *f;
	struct goods_filled how;
	struct invoice inv;
	char text[DEC_TEXT];
	int64_t ids[5];

	lab_stock(lab, 10, 10000000);
	add_all(lab, ids);
	assert_int_equal(goods_fill_begin(lab->s, lab_verify(lab, LAB_USING, "using"), &f, &lab->e),
			 ERR_OK);
	assert_int_equal(fill(lab, f, &(struct wish) {.name = "BJB", .unit = "部"}, &inv, &how),
			 ERR_OK);
	assert_string_equal(inv.lines[0].name, "笔记本电脑");
	assert_string_equal(inv.lines[0].unit, "部");
	assert_string_equal(inv.lines[0].spec, "X1");
	assert_string_equal(inv.lines[0].tax_code, COMPUTER);
	assert_int_equal(inv.lines[0].rate_ppm, 130000);
	assert_true(how.code && how.price);
	/* 1000 without tax is 1130 with it. */
	assert_string_equal(dec_format(dec_normalize(inv.lines[0].price), text), "1130");
	invoice_free(&inv);
	/* A name keeps its spelling; the price of another specification is another's. */
	assert_int_equal(fill(lab, f, &(struct wish) {.name = "显示器(27寸)"}, &inv, &how), ERR_OK);
	assert_string_equal(inv.lines[0].name, "显示器(27寸)");
	invoice_free(&inv);
	assert_int_equal(
	    fill(lab, f,
		 &(struct wish) {.goods = "BJB", .name = "电脑", .spec = "X9", .rate = 60000}, &inv,
		 &how),
	    ERR_OK);
	assert_string_equal(inv.lines[0].name, "电脑");
	assert_string_equal(inv.lines[0].spec, "X9");
	assert_int_equal(inv.lines[0].rate_ppm, 60000);
	assert_false(how.price || inv.lines[0].has_price);
	invoice_free(&inv);
	goods_fill_end(&f);
}

static void never_guesses(void **state)
{
	struct lab *lab = *state;
	struct goods_fill *f;
	struct goods_filled how;
	struct invoice inv;
	int64_t ids[5];
	char id[32];

	lab_stock(lab, 10, 10000000);
	add_all(lab, ids);
	assert_int_equal(goods_fill_begin(lab->s, lab_verify(lab, LAB_USING, "using"), &f, &lab->e),
			 ERR_OK);
	assert_int_equal(fill(lab, f, &(struct wish) {.name = "笔记本电脑"}, &inv, &how),
			 ERR_INVALID);
	assert_string_equal(lab->e.code, "goods.several");
	assert_string_equal(lab->e.field, "name");
	/* Both are listed, with what tells them apart. */
	snprintf(id, sizeof(id), "#%lld 笔记本电脑 X1", (long long)ids[0]);
	assert_non_null(strstr(lab->e.why, id));
	snprintf(id, sizeof(id), "#%lld 笔记本电脑 X2", (long long)ids[1]);
	assert_non_null(strstr(lab->e.why, id));
	assert_string_equal(inv.lines[0].tax_code, "");
	invoice_free(&inv);
	/* With code and rate of its own it needs none of them. */
	assert_int_equal(
	    fill(lab, f,
		 &(struct wish) {.name = "笔记本电脑", .tax_code = COMPUTER, .rate = 130000}, &inv,
		 &how),
	    ERR_OK);
	assert_int_equal(how.by, FILL_NOT);
	invoice_free(&inv);
	assert_int_equal(fill(lab, f, &(struct wish) {.goods = "键盘"}, &inv, &how), ERR_INVALID);
	assert_string_equal(lab->e.code, "goods.unknown");
	assert_string_equal(lab->e.field, "goods");
	invoice_free(&inv);
	goods_fill_end(&f);
}

/* The 简码 of one is the name of another. */
static void a_short_code_is_no_better_than_a_name(void **state)
{
	struct lab *lab = *state;
	struct goods_fill *f;
	struct goods_filled how;
	struct invoice inv;
	int64_t by_code, by_name;

	lab_stock(lab, 10, 10000000);
	by_code = add(
	    lab, &(struct article) {"商用电脑", "大", "PC", COMPUTER, "台", "3000", 130000, true});
	assert_int_equal(goods_fill_begin(lab->s, lab_verify(lab, LAB_USING, "using"), &f, &lab->e),
			 ERR_OK);
	assert_int_equal(fill(lab, f, &(struct wish) {.name = "PC"}, &inv, &how), ERR_OK);
	assert_true(how.by == FILL_SHORT && how.goods == by_code);
	invoice_free(&inv);
	goods_fill_end(&f);
	by_name = add(lab, &(struct article) {"PC", "", "", CEMENT, "吨", "10", 130000, true});
	assert_int_equal(goods_fill_begin(lab->s, lab_verify(lab, LAB_USING, "using"), &f, &lab->e),
			 ERR_OK);
	assert_int_equal(fill(lab, f, &(struct wish) {.name = "PC"}, &inv, &how), ERR_INVALID);
	assert_string_equal(lab->e.code, "goods.several");
	assert_non_null(strstr(lab->e.why, "商用电脑"));
	assert_string_equal(inv.lines[0].tax_code, "");
	invoice_free(&inv);
	assert_int_equal(fill(lab, f, &(struct wish) {.goods = "PC"}, &inv, &how), ERR_INVALID);
	invoice_free(&inv);
	/* What the line says itself tells them apart. */
	assert_int_equal(fill(lab, f, &(struct wish) {.name = "PC", .unit = "吨"}, &inv, &how),
			 ERR_OK);
	assert_true(how.by == FILL_NAME && how.goods == by_name);
	invoice_free(&inv);
	assert_int_equal(fill(lab, f, &(struct wish) {.name = "PC", .spec = "大"}, &inv, &how),
			 ERR_OK);
	assert_true(how.by == FILL_SHORT && how.goods == by_code);
	invoice_free(&inv);
	goods_fill_end(&f);
}

/* Of goods with many specifications the one that is named is found among all of them. */
static void many_specifications_are_no_trouble(void **state)
{
	struct lab *lab = *state;
	struct goods_fill *f;
	struct goods_filled how;
	struct invoice inv;
	int64_t ids[40];
	char spec[16];
	int i;

	lab_stock(lab, 10, 10000000);
	for (i = 0; i < 40; i++) {
		snprintf(spec, sizeof(spec), "M%d", i);
		ids[i] = add(lab, &(struct article) {"螺栓", spec, "", "", "个", "", 130000, true});
	}
	assert_int_equal(goods_fill_begin(lab->s, lab_verify(lab, LAB_USING, "using"), &f, &lab->e),
			 ERR_OK);
	for (i = 0; i < 40; i += 13) {
		snprintf(spec, sizeof(spec), "M%d", i);
		assert_int_equal(
		    fill(lab, f, &(struct wish) {.name = "螺栓", .spec = spec}, &inv, &how),
		    ERR_OK);
		assert_int_equal(how.goods, ids[i]);
		invoice_free(&inv);
	}
	/* Another specification of the same things: all would bring the same. */
	assert_int_equal(fill(lab, f, &(struct wish) {.name = "螺栓", .spec = "M99"}, &inv, &how),
			 ERR_INVALID);
	invoice_free(&inv);
	goods_fill_end(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(finds_by_number_code_specification_and_name, lab_open,
					    lab_close),
	    cmocka_unit_test_setup_teardown(what_a_line_says_stands, lab_open, lab_close),
	    cmocka_unit_test_setup_teardown(never_guesses, lab_open, lab_close),
	    cmocka_unit_test_setup_teardown(a_short_code_is_no_better_than_a_name, lab_open,
					    lab_close),
	    cmocka_unit_test_setup_teardown(many_specifications_are_no_trouble, lab_open,
					    lab_close),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

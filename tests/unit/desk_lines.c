/* Lines of an invoice from workbooks and pasted cells: reading, filling, checking, figures. */
#include "desk_lab.h"

#include <xlsxwriter.h>

#include "desk/lines.h"

#define COMPUTER "1090509010000000000"
#define CEMENT   "1080101020000000000"

/* With numbers and quota. */
static struct lab *stocked(void **state)
{
	struct lab *lab = *state;

	lab_stock(lab, 10, 10000000);
	return lab;
}

static enum err read_text(struct lab *lab, const char *text, bool inclusive, struct lines *out)
{
	struct lines_options o = {.inclusive = inclusive};
	char path[200];

	lab_write(lab, "lines.csv", text, path);
	o.file = path;
	return desk_lines_read(lab->s, &o, NULL, out, &lab->e);
}

/* One row under the headings. */
static void one(struct lab *lab, const char *heads, const char *row, struct lines *out)
{
	char text[2000];

	snprintf(text, sizeof(text), "%s\n%s\n", heads, row);
	assert_int_equal(read_text(lab, text, true, out), ERR_OK);
	assert_int_equal(out->count, 1);
}

static const char HEADS[] =
    "项目名称,商品和服务税收分类编码,规格型号,单位,商品数量,商品单价,金额,税率,折扣金额,"
    "优惠政策类型,煤炭种类";

/* ---- values ---- */

static void rates_are_read_as_people_write_them(void **state)
{
	static const struct {
		const char *rate, *preference;
		int32_t ppm;
		const char *code; /* of the preference */
	} CASES[] = {
	    {"13%", "", 130000, ""},
	    {"13", "", 130000, ""},
	    {"0.13", "", 130000, ""},
	    {"１３％", "", 130000, ""},
	    {"免税", "", 0, "03"},
	    {"不征税", "", 0, "04"},
	    {"0", "免税", 0, "03"},
	    {"", "免税", 0, "03"},
	    {"", "按3%简易征收", 30000, "08"},
	    {"3%", "简易征收", 30000, "01"},
	};
	struct lab *lab = stocked(state);
	struct lines got;
	char row[300];
	size_t i;

	for (i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
		snprintf(row, sizeof(row), "甲,,,,,,113,%s,,%s,", CASES[i].rate,
			 CASES[i].preference);
		one(lab, HEADS, row, &got);
		assert_int_equal(got.rows[0].line.rate_ppm, CASES[i].ppm);
		assert_string_equal(got.rows[0].line.preference, CASES[i].code);
		desk_lines_free(&got);
	}
}

static void kinds_of_coal_are_words_or_codes(void **state)
{
	static const struct {
		const char *word, *code;
	} CASES[] = {{"政府保供煤", "0100"},
		     {"长协煤-协议期不足半年", "0201"},
		     {"长协煤（两年以上）", "0204"},
		     {"0203", "0203"},
		     {"市场煤", "0300"},
		     {"", ""}};
	struct lab *lab = stocked(state);
	struct lines got;
	char row[300];
	size_t i;

	for (i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
		snprintf(row, sizeof(row), "煤,1020101000000000000,,吨,,,113,13%%,,,%s",
			 CASES[i].word);
		one(lab, HEADS, row, &got);
		assert_string_equal(got.rows[0].line.coal_kind, CASES[i].code);
		desk_lines_free(&got);
	}
}

static void coal_wants_its_kind(void **state)
{
	struct lab *lab = stocked(state);
	struct lines got;
	char place[IMPORT_PLACE];

	one(lab, HEADS, "煤,1020101000000000000,,吨,,,113,13%,,,", &got);
	assert_true(got.rows[0].good);
	assert_int_equal(got.warned, 1);
	assert_non_null(strstr(got.rows[0].warning, "煤炭种类"));
	assert_string_equal(desk_lines_warning_place(&got.rows[0], place), "第 2 行 K 列");
	desk_lines_free(&got);
	one(lab, HEADS, "电脑," COMPUTER ",,台,,,113,13%,,,市场煤", &got);
	assert_false(got.rows[0].good);
	desk_lines_free(&got);
}

/* A note has its own place beside a fault, and one cause is told once. */
static void notes_and_faults_have_their_places(void **state)
{
	struct lab *lab = stocked(state);
	struct lines got;
	char place[IMPORT_PLACE];

	one(lab, HEADS, "*简称*甲,,,个,x,56.5,,13%,,,", &got);
	assert_false(got.rows[0].good);
	assert_int_equal(got.warned, 1);
	assert_string_equal(desk_lines_place(&got.rows[0], place), "第 2 行 E 列");
	assert_string_equal(desk_lines_warning_place(&got.rows[0], place), "第 2 行 A 列");
	assert_null(strstr(got.rows[0].fault, "不足以算出"));
	desk_lines_free(&got);
}

/* Each row is right, all of them are too far from their rates. */
static void many_roundings_are_told(void **state)
{
	struct lab *lab = stocked(state);
	struct lines got;
	struct buf text;
	int i;

	buf_init(&text, 1 << 20);
	buf_adds(&text, "项目名称,金额,税率,税收编码\n");
	for (i = 0; i < 400; i++)
		buf_adds(&text, "甲,0.03,13%," COMPUTER "\n");
	assert_int_equal(read_text(lab, buf_str(&text), false, &got), ERR_OK);
	assert_int_equal(got.faulty, 0);
	assert_non_null(strstr(got.tail, "/1.27"));
	desk_lines_free(&got);
	buf_free(&text);
}

/* The last words are whole sentences. */
static void refusals_are_not_cut(void **state)
{
	struct lab *lab = stocked(state);
	struct lines got;
	struct buf text;
	int i;

	buf_init(&text, 1 << 20);
	buf_addf(&text, "%s\n", HEADS);
	for (i = 0; i < 30; i++)
		buf_adds(&text, "甲,108010102000000000A,,个,一二三四,56.5,,十三,,按2%简易征收,\n");
	assert_int_equal(read_text(lab, buf_str(&text), true, &got), ERR_OK);
	assert_int_equal(desk_lines_refuse(&got, &lab->e), ERR_INVALID);
	assert_non_null(strstr(lab->e.why, got.rows[0].fault));
	assert_non_null(strstr(lab->e.why, "；另有 "));
	desk_lines_free(&got);
	buf_free(&text);
}

static void figures_are_checked_against_each_other(void **state)
{
	static const struct {
		const char *row;
		bool good;
		const char *said; /* part of the fault */
		int column;
	} CASES[] = {
	    {"甲,,,个,2,56.5,113,13%,,,", true, NULL, -1},
	    {"甲,,,个,2,56.5,113.01,13%,,,", true, NULL, -1},
	    {"甲,,,个,2,56.5,113.02,13%,,,", false, "金额：113.02", 6},
	    {"甲,,,个,2,56.5,,13%,,,", true, NULL, -1},
	    {"甲,,,个,,,113,13%,,,", true, NULL, -1},
	    {"甲,,,个,2,,,13%,,,", false, "不足以算出金额", 6},
	    {"甲,,,个,-2,56.5,,13%,,,", false, "商品数量：“-2”", 4},
	    {"甲,,,个,2,56.5,113.005,13%,,,", false, "最多两位小数", 6},
	    {"甲,,,,,,113,13%,-10,,", false, "折扣金额填正数", 8},
	    {"甲,,,,,,113,13%,113,,", false, "折扣金额：“113.00”", 8},
	    {"甲,,,,,,113,,,,", false, "没有税率", 7},
	    {"甲,,,,,,113,十三,,,", false, "“十三”不是税率", 7},
	    {"甲,,,,,,113,13%,,免税,", false, "只能用税率 0%", 7},
	    {"甲,,,,,,113,免税,,不征税,", false, "与税率“免税”不一致", 9},
	    {"甲,,,,,,113,13%,,按2%简易征收,", false, "不在可选的内容里", 9},
	    {"甲,108010102000000000A,,,,,113,13%,,,", false, "应为 19 位数字", 1},
	    {"甲,1080101029999999999,,,,,113,13%,,,", false, "不在税收分类编码表中", 1},
	    {",,,,,,113,13%,,,", false, "项目名称：没有填写", 0},
	    {"甲," CEMENT ",,,,,113,6%,,,", false, "6%", 7},
	};
	struct lab *lab = stocked(state);
	struct lines got;
	size_t i;

	for (i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
		one(lab, HEADS, CASES[i].row, &got);
		if (got.rows[0].good != CASES[i].good ||
		    (CASES[i].said && !strstr(got.rows[0].fault, CASES[i].said)))
			fail_msg("%s: %s", CASES[i].row, got.rows[0].fault);
		if (!CASES[i].good && got.rows[0].column != CASES[i].column)
			fail_msg("%s: column %d", CASES[i].row, got.rows[0].column);
		desk_lines_free(&got);
	}
}

static void a_discount_becomes_one(void **state)
{
	struct lab *lab = stocked(state);
	struct invoice inv;
	struct lines got;
	struct tax_row row;
	size_t cursor = 0;

	one(lab, HEADS, "甲,,,个,2,56.5,113,13%,11.30,,", &got);
	assert_int_equal(got.discounts, 1);
	assert_int_equal(got.gross_fen, 10170);
	assert_int_equal(got.net_fen, 9000);
	invoice_init(&inv);
	assert_int_equal(desk_lines_add(&got, &inv, &lab->e), ERR_OK);
	assert_int_equal(tax_invoice_compute(&inv, &lab->e), ERR_OK);
	assert_int_equal(tax_row_count(&inv), 2);
	assert_true(tax_row_next(&inv, &cursor, &row) && row.nature == ROW_DISCOUNTED);
	assert_true(tax_row_next(&inv, &cursor, &row) && row.nature == ROW_DISCOUNT);
	assert_int_equal(row.gross_fen, -1130);
	invoice_free(&inv);
	desk_lines_free(&got);
}

static void what_formulas_leave_is_rounded_and_told(void **state)
{
	struct lab *lab = stocked(state);
	struct lines got;
	char text[DEC_TEXT];

	one(lab, HEADS, "*建材*水泥,,,吨,3,33.33333333333333,100,13%,,,", &got);
	assert_true(got.rows[0].good);
	assert_string_equal(dec_format(got.rows[0].line.price, text), "33.3333333333333");
	assert_string_equal(got.rows[0].line.name, "水泥");
	assert_non_null(strstr(got.rows[0].warning, "超过 13 位小数"));
	assert_non_null(strstr(got.rows[0].warning, "已去掉"));
	desk_lines_free(&got);
}

/* ---- the catalogue ---- */

static int64_t add_goods(struct lab *lab, const char *name, const char *spec, const char *mnemonic,
			 const char *price)
{
	struct goods g = {.rate_ppm = 130000};
	int64_t id;

	mem_set(&g.name, name);
	mem_set(&g.spec, spec);
	mem_set(&g.mnemonic, mnemonic);
	mem_set(&g.tax_code, COMPUTER);
	mem_set(&g.unit, "台");
	mem_set(&g.price, price);
	assert_int_equal(desk_goods_add(lab->s, &g, TWIN_KEEP, &lab->e), ERR_OK);
	id = g.id;
	goods_free(&g);
	return id;
}

static void rows_take_what_they_lack_from_the_catalogue(void **state)
{
	struct lab *lab = stocked(state);
	struct lines got;

	add_goods(lab, "电脑", "X1", "DN", "100");
	add_goods(lab, "屏幕", "A", "", "200");
	add_goods(lab, "屏幕", "B", "", "300");
	assert_int_equal(read_text(lab,
				   "商品编号,名称,规格,数量,金额\n"
				   ",电脑,,2,\n"
				   "DN,,,1,\n"
				   ",dn,,3,\n"
				   ",屏幕,B,1,\n"
				   ",屏幕,,1,\n"
				   "无此号,电脑,,1,\n"
				   ",别的,,1,113\n"
				   ",合 计：,,,999\n",
				   false, &got),
			 ERR_OK);
	/* The row of sums is none. */
	assert_int_equal(got.count, 7);
	assert_int_equal(got.filled[FILL_NAME], 1);
	assert_int_equal(got.filled[FILL_REFERENCE], 1);
	assert_int_equal(got.filled[FILL_SHORT], 1);
	assert_int_equal(got.filled[FILL_NAME_SPEC], 1);
	assert_string_equal(got.rows[0].line.tax_code, COMPUTER);
	assert_int_equal(got.rows[0].line.net_fen, 20000);
	assert_string_equal(got.rows[1].line.name, "电脑");
	assert_string_equal(got.rows[2].line.name, "电脑");
	assert_int_equal(got.rows[3].line.net_fen, 30000);
	assert_non_null(strstr(got.rows[4].fault, "“屏幕”有 2 个"));
	assert_non_null(strstr(got.rows[5].fault, "商品编号：商品信息里没有“无此号”"));
	assert_non_null(strstr(got.rows[6].fault, "没有税率"));
	/* The price of the catalogue follows the mode, what the file says does not. */
	desk_lines_mode(&got, true);
	assert_int_equal(got.rows[0].line.gross_fen, 22600);
	assert_int_equal(got.rows[0].line.net_fen, 20000);
	desk_lines_mode(&got, false);
	assert_int_equal(got.rows[0].line.net_fen, 20000);
	desk_lines_free(&got);
}

/* ---- the whole ---- */

static void put_rows(struct buf *b, int n, const char *code)
{
	int i;

	buf_addf(b, "%s\n", HEADS);
	for (i = 0; i < n; i++)
		buf_addf(b, "第%d种,%s,,个,%d,1.13,,0.13,,,\n", i, code, i % 9 + 1);
}

static enum err read_many(struct lab *lab, int n, const char *code, struct lines *out)
{
	struct buf b;
	enum err r;

	buf_init(&b, 8 << 20);
	put_rows(&b, n, code);
	r = read_text(lab, buf_str(&b), true, out);
	buf_free(&b);
	return r;
}

static void many_rows_need_codes_and_have_a_limit(void **state)
{
	struct lab *lab = stocked(state);
	struct lines got;

	assert_int_equal(read_many(lab, 200, "", &got), ERR_OK);
	assert_int_equal(got.uncoded, 200);
	assert_false(got.advice);
	desk_lines_free(&got);
	assert_int_equal(read_many(lab, 201, "", &got), ERR_OK);
	assert_int_equal(got.faulty, 201);
	assert_non_null(strstr(got.rows[0].fault, "超过 200 行"));
	assert_int_equal(got.rows[0].column, 1);
	assert_int_equal(desk_lines_refuse(&got, &lab->e), ERR_INVALID);
	assert_string_equal(lab->e.code, "lines.failed");
	assert_non_null(strstr(lab->e.why, "第 2 行 B 列"));
	desk_lines_free(&got);
	assert_int_equal(read_many(lab, 5000, COMPUTER, &got), ERR_OK);
	assert_int_equal(got.good, 5000);
	assert_true(got.advice);
	desk_lines_free(&got);
	assert_int_equal(read_many(lab, 5001, COMPUTER, &got), ERR_INVALID);
	assert_string_equal(lab->e.code, "lines.limit");
	assert_non_null(strstr(lab->e.why, "5001 行"));
	assert_int_equal(read_text(lab, "名称,金额\n", true, &got), ERR_INVALID);
	assert_string_equal(lab->e.code, "lines.none");
}

static void headings_say_the_mode(void **state)
{
	struct lab *lab = stocked(state);
	struct lines got;

	assert_int_equal(read_text(lab, "名称,数量,不含税单价,税率\n甲,1,100,13%\n", true, &got),
			 ERR_OK);
	assert_true(got.said && !got.inclusive);
	assert_int_equal(got.gross_fen, 11300);
	desk_lines_free(&got);
	assert_int_equal(read_text(lab, "税率,含税金额,名称\n13%,113,甲\n", false, &got), ERR_OK);
	assert_true(got.said && got.inclusive);
	assert_int_equal(got.net_fen, 10000);
	desk_lines_free(&got);
	assert_int_equal(
	    read_text(lab, "名称,数量,不含税单价,含税金额,税率\n甲,1,100,113,13%\n", true, &got),
	    ERR_INVALID);
	assert_string_equal(lab->e.code, "lines.modes");
}

static void put_invoice(struct lab *lab, struct invoice *inv, const char *file, bool inclusive)
{
	struct lines got;

	assert_int_equal(read_text(lab, file, inclusive, &got), ERR_OK);
	assert_int_equal(got.faulty, 0);
	assert_int_equal(desk_lines_add(&got, inv, &lab->e), ERR_OK);
	desk_lines_free(&got);
	assert_int_equal(tax_invoice_compute(inv, &lab->e), ERR_OK);
}

/* Whatever the modes, no fen moves. */
static void lines_of_another_mode_keep_their_amounts(void **state)
{
	static const char FILE_A[] = "名称,数量,单价,金额,税率,折扣金额\n"
				     "甲,3,33.33,99.99,13%,10\n乙,7,0.07,,13%,\n丙,,,0.05,13%,\n";
	struct lab *lab = stocked(state);
	struct invoice with, without, both;
	int64_t net, tax;

	invoice_init(&with);
	invoice_init(&without);
	put_invoice(lab, &with, FILE_A, true);
	put_invoice(lab, &without, FILE_A, false);
	assert_true(with.prices_include_tax && !without.prices_include_tax);
	net = with.net_fen + without.net_fen;
	tax = with.tax_fen + without.tax_fen;
	invoice_copy(&both, &with);
	put_invoice(lab, &both, FILE_A, false);
	assert_int_equal(both.line_count, 6);
	assert_true(both.prices_include_tax && both.net_fen == net && both.tax_fen == tax);
	invoice_free(&both);
	/* An invoice without tax becomes one with tax. */
	invoice_copy(&both, &without);
	put_invoice(lab, &both, FILE_A, true);
	assert_true(both.prices_include_tax && both.net_fen == net && both.tax_fen == tax);
	invoice_free(&both);
	invoice_free(&with);
	invoice_free(&without);
}

static void check_lifted(const struct tax_line *was, const struct tax_line *is)
{
	if (is->net_fen != was->net_fen || is->tax_fen != was->tax_fen ||
	    is->gross_fen != was->gross_fen || is->discount_net_fen != was->discount_net_fen ||
	    is->discount_tax_fen != was->discount_tax_fen ||
	    is->discount_gross_fen != was->discount_gross_fen)
		fail_msg(
		    "%lld at %d adjusted by %lld: %lld/%lld, discount %lld/%lld, was %lld/%lld,"
		    " %lld/%lld",
		    (long long)was->amount_fen, (int)was->rate_ppm, (long long)was->tax_adjust_fen,
		    (long long)is->net_fen, (long long)is->tax_fen, (long long)is->discount_net_fen,
		    (long long)is->discount_tax_fen, (long long)was->net_fen,
		    (long long)was->tax_fen, (long long)was->discount_net_fen,
		    (long long)was->discount_tax_fen);
}

/* With every adjustment that is allowed, of the line and of its discount. */
static void adjusted_lines_become_ones_with_tax(void **state)
{
	static const int32_t RATES[] = {130000, 90000, 60000, 50000, 30000, 15000, 10000, 5000, 0};
	const struct dec three = {.coef = 3};
	size_t i, refused = 0, seen = 0;
	int64_t amount, adjust;

	(void)state;
	for (i = 0; i < sizeof(RATES) / sizeof(RATES[0]); i++) {
		for (amount = 997; amount < 40000000; amount = amount * 7 / 3 + 1) {
			for (adjust = -TAX_ADJUST_MAX; adjust <= TAX_ADJUST_MAX; adjust++) {
				struct tax_line was = {.rate_ppm = RATES[i],
						       .has_amount = true,
						       .amount_fen = amount,
						       .has_quantity = amount % 2,
						       .quantity = three,
						       .tax_adjust_fen = adjust};
				struct tax_line is;

				was.discount = (struct discount) {.by = DISCOUNT_BY_AMOUNT,
								  .amount_fen = amount / 9,
								  .tax_adjust_fen = -adjust};
				if (tax_line_compute(&was, false, NULL))
					continue;
				seen++;
				is = was;
				refused += !desk_lines_gross(&is);
				check_lifted(&was, &is);
			}
		}
	}
	assert_true(seen > 1000);
	assert_int_equal(refused, 0);
}

/* One whose figures would change keeps the lines with tax away, and all stays as it was. */
static void what_cannot_become_one_with_tax_is_refused(void **state)
{
	struct lab *lab = stocked(state);
	struct invoice inv;
	struct lines got;
	struct tax_line *l;

	invoice_init(&inv);
	inv.prices_include_tax = false;
	for (int i = 0; i < 2; i++) {
		l = invoice_add_line(&inv);
		mem_set(&l->name, i ? "乙" : "甲");
		l->rate_ppm = 130000;
		l->has_amount = true;
		l->amount_fen = 10000;
	}
	/* All but a fen is taken off, and of the tax more than there is. */
	l->tax_adjust_fen = -6;
	l->discount =
	    (struct discount) {.by = DISCOUNT_BY_AMOUNT, .amount_fen = 9999, .tax_adjust_fen = -6};
	assert_int_equal(read_text(lab, "名称,含税金额,税率\n丙,113,13%\n", true, &got), ERR_OK);
	assert_int_equal(desk_lines_add(&got, &inv, &lab->e), ERR_INVALID);
	assert_string_equal(lab->e.code, "lines.gross");
	assert_non_null(strstr(lab->e.why, "乙"));
	assert_true(inv.line_count == 2 && !inv.prices_include_tax);
	assert_true(inv.lines[0].amount_fen == 10000 && inv.lines[1].tax_adjust_fen == -6);
	desk_lines_free(&got);
	invoice_free(&inv);
}

static void encodings_are_told(void **state)
{
	/* 名称,金额,税率 \n 甲,113,13% in GB18030 */
	static const char GBK[] = "\xC3\xFB\xB3\xC6,\xBD\xF0\xB6\xEE,\xCB\xB0\xC2\xCA\n"
				  "\xBC\xD7,113,13%\n";
	static const char *const TEXTS[] = {"名称,金额,税率\n甲,113,13%\n",
					    "\xEF\xBB\xBF名称,金额,税率\n甲,113,13%\n", GBK,
					    "名称\t金额\t税率\r\n甲\t113\t13%\r\n"};
	struct lab *lab = stocked(state);
	struct lines got;
	size_t i;

	for (i = 0; i < sizeof(TEXTS) / sizeof(TEXTS[0]); i++) {
		assert_int_equal(read_text(lab, TEXTS[i], true, &got), ERR_OK);
		assert_string_equal(got.rows[0].line.name, "甲");
		assert_int_equal(got.net_fen, 10000);
		desk_lines_free(&got);
	}
}

static void pasted_cells_are_read_like_a_file(void **state)
{
	struct lab *lab = stocked(state);
	struct lines_options o = {.text = "sep=\t\n\"名称\"\t\"金额\"\t\"税率\"\n"
					  "\"甲 \"\"乙\"\"\"\t\"1,113.00\"\t\"13%\"\n",
				  .name = "粘贴的内容",
				  .above = 1,
				  .inclusive = true};
	struct lines got;

	assert_int_equal(desk_lines_read(lab->s, &o, NULL, &got, &lab->e), ERR_OK);
	assert_string_equal(got.rows[0].line.name, "甲 \"乙\"");
	assert_int_equal(got.rows[0].number, 2);
	assert_int_equal(got.gross_fen, 111300);
	desk_lines_free(&got);
	o.text = "sep=\t\n\"数量\"\n\"1\"\n";
	assert_int_equal(desk_lines_read(lab->s, &o, NULL, &got, &lab->e), ERR_INVALID);
	assert_string_equal(lab->e.code, "sheet.heading");
	assert_string_equal(lab->e.what, "粘贴的内容");
}

/* ---- the bureau's workbook ---- */

static const char *const MX[] = {"项目名称", "商品和服务税收分类编码",
				 "规格型号", "单位",
				 "商品数量", "商品单价",
				 "金额",     "税率",
				 "折扣金额", "优惠政策类型",
				 "煤炭种类"};

/* A workbook of the same layout: notes, limits, headings in row 3, two further columns far right,
 * the sheet of 特定业务. */
static void make_book(const char *path, const char *special, const char *service)
{
	lxw_workbook *book = workbook_new(path);
	lxw_worksheet *one = workbook_add_worksheet(book, "1-明细模板");
	lxw_worksheet *hidden = workbook_add_worksheet(book, "excelVersion");
	lxw_worksheet *two = workbook_add_worksheet(book, "2-特定业务信息");
	lxw_col_t c;

	worksheet_write_string(one, 0, 0, "填表说明：\n1、项目名称：无需写简称。", NULL);
	for (c = 0; c < 11; c++) {
		worksheet_write_string(one, 1, c, "非必填\n(限19字符)", NULL);
		worksheet_write_string(one, 2, c, MX[c], NULL);
	}
	worksheet_write_string(one, 2, 20, "是否开具涉税专业服务发票品目", NULL);
	worksheet_write_string(one, 2, 21, "涉税专业服务协议编号", NULL);
	worksheet_write_string(one, 3, 0, "测试", NULL);
	worksheet_write_string(one, 3, 2, "1234", NULL);
	worksheet_write_string(one, 3, 6, "188", NULL);
	worksheet_write_string(one, 3, 7, "0.13", NULL);
	if (*service)
		worksheet_write_string(one, 3, 20, service, NULL);
	worksheet_write_string(hidden, 3, 0, "mx;20250501", NULL);
	worksheet_hide(hidden);
	worksheet_write_string(two, 0, 0, "不动产销售", NULL);
	worksheet_write_string(two, 1, 0, "非必填\n（限40字符)", NULL);
	worksheet_write_string(two, 2, 1, "不动产地址", NULL);
	if (*special)
		worksheet_write_string(two, 3, 1, special, NULL);
	assert_int_equal(workbook_close(book), LXW_NO_ERROR);
}

static void the_bureaus_workbook_is_read_as_it_is(void **state)
{
	struct lab *lab = stocked(state);
	struct lines_options o = {.inclusive = false};
	char path[200];
	struct lines got;

	snprintf(path, sizeof(path), "%s/mx.xlsx", lab->top);
	o.file = path;
	make_book(path, "", "");
	assert_int_equal(desk_lines_read(lab->s, &o, NULL, &got, &lab->e), ERR_OK);
	assert_int_equal(got.count, 1);
	assert_int_equal(got.rows[0].number, 4);
	assert_string_equal(got.sheet, "1-明细模板");
	assert_string_equal(got.unknown, "");
	assert_string_equal(got.rows[0].line.spec, "1234");
	assert_int_equal(got.gross_fen, 21244);
	desk_lines_free(&got);
	make_book(path, "深圳市南山区", "");
	assert_int_equal(desk_lines_read(lab->s, &o, NULL, &got, &lab->e), ERR_INVALID);
	assert_string_equal(lab->e.code, "lines.special");
	make_book(path, "", "是");
	assert_int_equal(desk_lines_read(lab->s, &o, NULL, &got, &lab->e), ERR_OK);
	assert_non_null(strstr(got.rows[0].fault, "涉税专业服务"));
	assert_int_equal(got.rows[0].column, 20);
	assert_true(strlen(got.failures) > 0);
	desk_lines_free(&got);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(rates_are_read_as_people_write_them, lab_open,
					    lab_close),
	    cmocka_unit_test_setup_teardown(kinds_of_coal_are_words_or_codes, lab_open, lab_close),
	    cmocka_unit_test_setup_teardown(coal_wants_its_kind, lab_open, lab_close),
	    cmocka_unit_test_setup_teardown(notes_and_faults_have_their_places, lab_open,
					    lab_close),
	    cmocka_unit_test_setup_teardown(many_roundings_are_told, lab_open, lab_close),
	    cmocka_unit_test_setup_teardown(refusals_are_not_cut, lab_open, lab_close),
	    cmocka_unit_test_setup_teardown(figures_are_checked_against_each_other, lab_open,
					    lab_close),
	    cmocka_unit_test_setup_teardown(a_discount_becomes_one, lab_open, lab_close),
	    cmocka_unit_test_setup_teardown(what_formulas_leave_is_rounded_and_told, lab_open,
					    lab_close),
	    cmocka_unit_test_setup_teardown(rows_take_what_they_lack_from_the_catalogue, lab_open,
					    lab_close),
	    cmocka_unit_test_setup_teardown(many_rows_need_codes_and_have_a_limit, lab_open,
					    lab_close),
	    cmocka_unit_test_setup_teardown(headings_say_the_mode, lab_open, lab_close),
	    cmocka_unit_test_setup_teardown(lines_of_another_mode_keep_their_amounts, lab_open,
					    lab_close),
	    cmocka_unit_test_setup_teardown(adjusted_lines_become_ones_with_tax, lab_open,
					    lab_close),
	    cmocka_unit_test_setup_teardown(what_cannot_become_one_with_tax_is_refused, lab_open,
					    lab_close),
	    cmocka_unit_test_setup_teardown(encodings_are_told, lab_open, lab_close),
	    cmocka_unit_test_setup_teardown(pasted_cells_are_read_like_a_file, lab_open, lab_close),
	    cmocka_unit_test_setup_teardown(the_bureaus_workbook_is_read_as_it_is, lab_open,
					    lab_close),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Workbooks as records: finding sheet, headings and columns; faults; joined columns; notes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"
#include "base/text.h"
#include "sheet/sheet.h"

enum { RECORDS = 40 };
static char dir[64], path[128];
static struct err_info e;

/* What was read of a file. */
static struct {
	char sheet[64], unknown[200], repeated[200], text[RECORDS][400],
	    reason[RECORDS][SHEET_REASON];
	int64_t row[RECORDS];
	uint64_t rounded[RECORDS];
	int column[RECORDS];
	size_t count;
} got;

static int make_room(void **state)
{
	(void)state;
	text_copy(dir, sizeof(dir), P_tmpdir "/kp-import-XXXXXX");
	if (!mkdtemp(dir))
		return -1;
	snprintf(path, sizeof(path), "%s/in", dir);
	return 0;
}

static int clear_room(void **state)
{
	(void)state;
	unlink(path);
	return rmdir(dir);
}

/* "key=value key=value" of what is not empty. */
static void keep_record(const struct sheet_table *t, const struct sheet_record *r)
{
	char *out = got.text[got.count];
	size_t n = 0, c;

	assert_true(got.count < RECORDS);
	for (c = 0; c < t->count; c++) {
		if (*r->values[c])
			n += (size_t)snprintf(out + n, sizeof(got.text[0]) - n, "%s%s=%s",
					      n ? " " : "", t->columns[c].key, r->values[c]);
		assert_true(n < sizeof(got.text[0]));
	}
	out[n] = 0;
	text_copy(got.reason[got.count], SHEET_REASON, r->reason);
	got.row[got.count] = r->row;
	got.rounded[got.count] = r->rounded;
	got.column[got.count] = r->column;
	assert_non_null(r->raw);
	got.count++;
}

static enum err read_file(const char *table, const char *file)
{
	const struct sheet_table *t = sheet_table(table);
	struct sheet_import *i = NULL;
	struct sheet_record r;
	bool end = false;
	size_t k;
	enum err rc;

	memset(&got, 0, sizeof(got));
	err_clear(&e);
	if ((rc = sheet_import_open(t, file, NULL, &i, &e))) {
		assert_null(i);
		return rc;
	}
	text_copy(got.sheet, sizeof(got.sheet), sheet_import_sheet(i, 0));
	for (k = 0; sheet_import_unknown(i, k); k++)
		snprintf(got.unknown + strlen(got.unknown),
			 sizeof(got.unknown) - strlen(got.unknown), "%s|",
			 sheet_import_unknown(i, k));
	for (k = 0; sheet_import_repeated(i, k); k++)
		snprintf(got.repeated + strlen(got.repeated),
			 sizeof(got.repeated) - strlen(got.repeated), "%s|",
			 sheet_import_repeated(i, k));
	while (!(rc = sheet_import_next(i, &r, &end, &e)) && !end)
		keep_record(t, &r);
	assert_int_equal(rc, ERR_OK);
	sheet_import_close(&i);
	assert_null(i);
	return ERR_OK;
}

static enum err read_text(const char *table, const char *text)
{
	assert_int_equal(file_write(path, text, strlen(text), 0600, NULL), ERR_OK);
	return read_file(table, path);
}

static void the_usual_file(void **state)
{
	(void)state;
	assert_int_equal(
	    read_text(
		"buyers",
		"客户名称,纳税人识别号,简码,地址,电话,开户行名称,银行账号,联系邮箱,是否默认地址\n"
		"晴川数码,91440300makp0a011y,QC,科苑路 1 号,0755-1,中行,\"7452 00\",a@b.c,Y\n"
		",,,,,,,,\n"
		"王小明,,,,,,,,n\n"),
	    ERR_OK);
	assert_int_equal(got.count, 2);
	assert_string_equal(
	    got.text[0], "name=晴川数码 tax_no=91440300MAKP0A011Y mnemonic=QC address=科苑路 1 号 "
			 "phone=0755-1 bank=中行 account=7452 00 email=a@b.c is_default=Y");
	assert_string_equal(got.text[1], "name=王小明 is_default=N");
	assert_int_equal(got.row[0], 2);
	assert_int_equal(got.row[1], 4);
	assert_string_equal(got.unknown, "");
	assert_string_equal(got.reason[0], "");
	assert_int_equal(got.column[0], -1);
}

/* The layout of the tax bureau: notes and limits above, headings in the third row. */
static void headings_in_the_third_row(void **state)
{
	(void)state;
	assert_int_equal(
	    read_text("goods",
		      "\"填表说明：\n1、项目名称：无需写简称。\",,,,,,,,,,\n"
		      "必填(限100字符),非必填,非必填\n（限19字符）,,,,,,,,\n"
		      "项目名称,项目分类,商品和服务税收分类编码,规格型号,单位,单价,是否含税,简码,"
		      "税率,是否使用优惠政策,优惠政策类型\n"
		      "必填,非必填,,,,,,,,,\n"
		      "水泥,建材,1080101020000000000,P.O 42.5,吨,\"1,420.50\",Y,SN,13%,N,\n"
		      "铁路运输,,3010101010100000000,,,,,,免税,Y,03\n"),
	    ERR_OK);
	assert_int_equal(got.count, 1 + 1);
	assert_string_equal(
	    got.text[0],
	    "name=水泥 category=建材 tax_code=1080101020000000000 spec=P.O 42.5 unit=吨 "
	    "price=1420.5 inclusive=Y mnemonic=SN rate=0.13 has_preference=N");
	assert_string_equal(got.text[1], "name=铁路运输 tax_code=3010101010100000000 rate=0 "
					 "has_preference=Y preference=免税");
}

static void columns_in_any_order(void **state)
{
	(void)state;
	assert_int_equal(read_text("buyers", "序号,备注,税号,信用等级,名称,名称\n"
					     "1,x,123456789012345,A,甲,乙\n"
					     "2,,,,,\n"
					     "合计,,,,,\n"),
			 ERR_OK);
	assert_int_equal(got.count, 1);
	assert_string_equal(got.text[0], "name=甲 tax_no=123456789012345");
	assert_string_equal(got.unknown, "备注|信用等级|");
	assert_string_equal(got.repeated, "第 6 列“名称”|");
}

/* Of two columns for the same the one that is named more like ours is taken. */
static void the_closer_heading_wins(void **state)
{
	(void)state;
	assert_int_equal(read_text("buyers", "客户,购方名称,电话\n01,甲公司,1\n"), ERR_OK);
	assert_string_equal(got.text[0], "name=甲公司 phone=1");
	assert_string_equal(got.unknown, "");
	assert_string_equal(got.repeated, "第 1 列“客户”|");
}

static void joined_columns(void **state)
{
	static const struct {
		const char *given, *want;
	} CASES[] = {
	    {"科苑路88号0755-86001234", "name=甲 address=科苑路88号 phone=0755-86001234"},
	    {"科苑路 88 号 0755-86001234", "name=甲 address=科苑路 88 号 phone=0755-86001234"},
	    {"科苑路1-2-3 13800138000", "name=甲 address=科苑路1-2-3 phone=13800138000"},
	    {"科苑路 88 号、电话：0755 86001234",
	     "name=甲 address=科苑路 88 号 phone=0755 86001234"},
	    {"科苑路 88 号", "name=甲 address=科苑路 88 号"},
	    {"0755-86001234", "name=甲 phone=0755-86001234"},
	};
	char text[400];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
		snprintf(text, sizeof(text), "名称\t地址、电话\n甲\t%s\n", CASES[i].given);
		assert_int_equal(read_text("buyers", text), ERR_OK);
		assert_string_equal(got.text[0], CASES[i].want);
	}
	assert_int_equal(read_text("buyers", "名称,开户行及账号\n甲,中国银行 6222 0212 3456 7890\n"
					     "乙,中国银行第 1 支行7452000188\n"),
			 ERR_OK);
	assert_string_equal(got.text[0], "name=甲 bank=中国银行 account=6222 0212 3456 7890");
	assert_string_equal(got.text[1], "name=乙 bank=中国银行第 1 支行 account=7452000188");
	/* With columns of their own the joined one is not needed. */
	assert_int_equal(read_text("buyers", "名称,地址电话,地址\n甲,a 0755-86001234,b\n"), ERR_OK);
	assert_string_equal(got.text[0], "name=甲 address=b");
	assert_string_equal(got.repeated, "第 2 列“地址电话”|");
}

static void headings_in_two_rows(void **state)
{
	(void)state;
	assert_int_equal(read_text("buyers", "购方名称,联系方式,\n,地址,电话\n甲,科苑路,1\n"),
			 ERR_OK);
	assert_int_equal(got.count, 1);
	assert_string_equal(got.text[0], "name=甲 address=科苑路 phone=1");
	assert_string_equal(got.unknown, "");
}

static void faults(void **state)
{
	(void)state;
	/* All faults, in the words of the file. */
	assert_int_equal(read_text("buyers", "地址,税号,*客户名称（必填）,默认地址\n"
					     "甲路,12-34,甲,也许\n"
					     "乙路,,,\n"
					     "丙路,9.14403E+17,丙,\n"),
			 ERR_OK);
	assert_int_equal(got.count, 3);
	assert_string_equal(got.reason[0], "税号：“12-34”的第 3 位是“-”，只能用数字和字母，请改正；"
					   "默认地址：不认识“也许”，请填 Y 或 N（是 或 否）");
	assert_int_equal(got.column[0], 1);
	assert_string_equal(got.text[0], "name=甲 address=甲路");
	assert_string_equal(got.reason[1], "客户名称：没有填写");
	assert_int_equal(got.column[1], 2);
	assert_non_null(strstr(got.reason[2], "科学计数"));
	assert_int_equal(got.rounded[2], UINT64_C(1)
					     << sheet_column(sheet_table("buyers"), "tax_no"));
}

static void rows_that_are_no_records(void **state)
{
	(void)state;
	assert_int_equal(read_text("buyers",
				   "客户信息\n导出时间：2026-11-20\n名称,税号\n甲,\n名称,税号\n"
				   "　,\t\n乙,\n"),
			 ERR_OK);
	assert_int_equal(got.count, 2);
	assert_string_equal(got.text[1], "name=乙");
}

static void no_headings(void **state)
{
	char sentence[1400];

	(void)state;
	assert_int_equal(read_text("buyers", "公司,税号,地址\n甲,1,2\n"), ERR_INVALID);
	assert_string_equal(e.code, "sheet.heading");
	err_sentence(&e, sentence, sizeof(sentence));
	assert_non_null(strstr(sentence, "“购方名称”"));
	assert_non_null(strstr(sentence, "公司、税号、地址"));
	assert_int_equal(read_text("buyers", "\n\n"), ERR_INVALID);
	assert_string_equal(e.code, "sheet.heading");
	/* All headings in one cell: why that is no use. */
	assert_int_equal(read_text("buyers", "客户名称，税号，地址\n甲，1，2\n"), ERR_INVALID);
	err_sentence(&e, sentence, sizeof(sentence));
	assert_non_null(strstr(sentence, "表头都在一个单元格里，用“，”隔开"));
	assert_non_null(strstr(sentence, "半角逗号"));
	/* Beyond the tenth row nobody looks. */
	assert_int_equal(read_text("buyers", "1\n2\n3\n4\n5\n6\n7\n8\n9\n名称\n甲\n"), ERR_OK);
	assert_int_equal(read_text("buyers", "1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n名称\n甲\n"),
			 ERR_INVALID);
}

/* A table the tax bureau publishes, and our own in English. */
static void tables_of_codes(void **state)
{
	(void)state;
	assert_int_equal(
	    read_text(
		"taxcodes",
		"篇,类,章,合并编码,货物和劳务名称,商品和服务分类简称,说明,增值税税率,关键字,汇总项,"
		"编码（统计局编码）\n"
		"1,01,01,1010101020000000000,小麦,谷物,包括冬小麦,9%,小麦,,0111\n"),
	    ERR_OK);
	assert_string_equal(got.text[0], "code=1010101020000000000 name=小麦 short_name=谷物 "
					 "vat_rates=9% keywords=小麦 note=包括冬小麦");
	assert_string_equal(got.unknown, "");
	assert_int_equal(read_text("taxcodes", "code\tname\tshort_name\tvat_rates\tsummary\n"
					       "1010101020000000000\t小麦\t谷物\t9%、0%\tN\n"),
			 ERR_OK);
	assert_string_equal(got.text[0], "code=1010101020000000000 name=小麦 short_name=谷物 "
					 "vat_rates=9%、0% summary=N");
}

static void headings_are_told(void **state)
{
	static const char TEXT[] = "名称,备注,税号\n甲,x,12-34\n";
	const struct sheet_table *t = sheet_table("buyers");
	struct sheet_import *i;
	struct sheet_record r;
	int64_t done, total;
	bool end;

	(void)state;
	assert_int_equal(file_write(path, TEXT, strlen(TEXT), 0600, NULL), ERR_OK);
	assert_int_equal(sheet_import_open(t, path, NULL, &i, &e), ERR_OK);
	assert_true(sheet_import_has(i, sheet_column(t, "tax_no")));
	assert_false(sheet_import_has(i, sheet_column(t, "phone")));
	assert_false(sheet_import_has(i, -1));
	assert_int_equal(sheet_import_next(i, &r, &end, &e), ERR_OK);
	assert_false(end);
	assert_int_equal(r.part->width, 3);
	assert_string_equal(r.part->headings[1], "备注");
	assert_int_equal(r.raw->count, 3);
	assert_string_equal(r.raw->cells[2].text, "12-34");
	sheet_import_progress(i, &done, &total);
	assert_true(total > 0 && done <= total);
	sheet_import_close(&i);
}

/* ---- workbooks, by our own writer ---- */

static void write_rows(struct sheet_writer *w, const char *const *cells, size_t rows, size_t width)
{
	size_t i;

	for (i = 0; i < rows; i++)
		assert_int_equal(sheet_write_row(w, cells + i * width, &e), ERR_OK);
	assert_int_equal(sheet_write_end(&w, &e), ERR_OK);
}

static void a_workbook(void **state)
{
	static const char *const CELLS[] = {"甲",     "91440300MAKP0A011Y", "=1+1", "乙", "",
					    "_x000D_"};
	static const struct sheet_head HEADS[] = {
	    {"名称", 0, false}, {"税号", 20, true}, {"简码", 0, false}};
	struct sheet_writer *w;

	(void)state;
	unlink(path);
	assert_int_equal(sheet_write_begin(path, SHEET_XLSX, false, "随便", HEADS, 3, &w, &e),
			 ERR_OK);
	write_rows(w, CELLS, 2, 3);
	assert_int_equal(read_file("buyers", path), ERR_OK);
	assert_string_equal(got.sheet, "随便");
	assert_int_equal(got.count, 2);
	assert_string_equal(got.text[0], "name=甲 tax_no=91440300MAKP0A011Y mnemonic==1+1");
	assert_string_equal(got.text[1], "name=乙 mnemonic=_x000D_");
}

static void untouched_templates(void **state)
{
	static const char *const NAMES[] = {"buyers", "goods", "taxcodes"};
	enum sheet_format f;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(NAMES) / sizeof(NAMES[0]); i++) {
		for (f = SHEET_XLSX; f < SHEET_FORMATS; f++) {
			const struct sheet_table *t = sheet_table(NAMES[i]);

			assert_int_equal(sheet_template(t, path, f, true, &e), ERR_OK);
			assert_int_equal(read_file(NAMES[i], path), ERR_OK);
			assert_int_equal(got.count, 0);
			assert_string_equal(got.unknown, "");
			assert_string_equal(got.sheet, f == SHEET_XLSX ? t->title : "");
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_usual_file),
	    cmocka_unit_test(headings_in_the_third_row),
	    cmocka_unit_test(columns_in_any_order),
	    cmocka_unit_test(the_closer_heading_wins),
	    cmocka_unit_test(joined_columns),
	    cmocka_unit_test(headings_in_two_rows),
	    cmocka_unit_test(faults),
	    cmocka_unit_test(rows_that_are_no_records),
	    cmocka_unit_test(no_headings),
	    cmocka_unit_test(tables_of_codes),
	    cmocka_unit_test(headings_are_told),
	    cmocka_unit_test(a_workbook),
	    cmocka_unit_test(untouched_templates),
	};

	return cmocka_run_group_tests(tests, make_room, clear_room);
}

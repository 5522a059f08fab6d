/* Cells of workbooks as programs write them, and as dirt makes them. */
#include "sheet_lab.h"
#include "sheet/cell_p.h"
#include "sheet/xlsx_p.h"

/* ---- the kinds of cells ---- */

static void reads_every_type(void **state)
{
	(void)state;
	assert_rows("<row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>甲</t></is></c>"
		    "<c r=\"B1\"><v>12.5</v></c><c r=\"C1\" t=\"n\"><v>-7</v></c>"
		    "<c r=\"D1\" t=\"b\"><v>1</v></c><c r=\"E1\" t=\"b\"><v>0</v></c>"
		    "<c r=\"F1\" t=\"e\"><v>#N/A</v></c><c r=\"G1\" t=\"str\"><v>乙</v></c>"
		    "<c r=\"H1\" t=\"d\"><v>2026-01-31T00:00:00</v></c>"
		    "<c r=\"I1\" t=\"d\"><v>2026-01-31T08:09:10.5Z</v></c>"
		    "<c r=\"J1\" t=\"d\"><v>soon</v></c><c r=\"K1\"><v>not a number</v></c></row>",
		    "1 t:甲|n:12.5|n:-7|b:TRUE|b:FALSE|f:#N/A|t:乙|d:2026-01-31|"
		    "d:2026-01-31 08:09:10|t:soon|t:not a number\n");
}

static void joins_runs_and_leaves_readings_out(void **state)
{
	(void)state;
	lab_book(&(struct lab_book) {
	    .strings =
		"<si><t>一</t></si>"
		"<si><r><rPr><b/></rPr><t xml:space=\"preserve\"> 粗</t></r><r><t>细 </t></r></si>"
		"<si><t>東京</t><rPh sb=\"0\" eb=\"2\"><t>トウキョウ</t></rPh>"
		"<phoneticPr fontId=\"1\"/></si><si/><si><t/></si><si><t>五&amp;&#x4E94;</t></si>",
	    .rows = "<row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c><c r=\"B1\" t=\"s\"><v>1</v></c>"
		    "<c r=\"C1\" t=\"s\"><v>2</v></c><c r=\"D1\" t=\"s\"><v>3</v></c>"
		    "<c r=\"E1\" t=\"s\"><v>4</v></c><c r=\"F1\" t=\"s\"><v> 5 </v></c></row>"
		    "<row r=\"2\"><c r=\"A2\" t=\"inlineStr\"><is><r><t>甲</t></r><r><t>乙</t></r>"
		    "<rPh sb=\"0\" eb=\"1\"><t>こう</t></rPh></is></c>"
		    "<c r=\"B2\"><is><t>no type</t></is></c></row>"
		    "<row r=\"3\"><c r=\"A3\" t=\"s\"><v>3</v></c></row>"});
	assert_reads("1 t:一|t: 粗细 |t:東京|e:|e:|t:五&五\n2 t:甲乙|t:no type\n");
}

static void undoes_escapes(void **state)
{
	(void)state;
	assert_rows("<row><c t=\"inlineStr\"><is><t>a_x000D_\nb_x000d_c_x005F_x0041_</t></is></c>"
		    "<c t=\"str\"><v>_x4E2D__xD83D__xDE00__xD83D_!_x00_x12345__x0007_.</v></c>"
		    "<c t=\"str\"><v>_x000A__X0041__x0041</v></c></row>",
		    "1 t:a\nb\nc_x0041_|t:中\xF0\x9F\x98\x80!_x00_x12345_.|t:\nA_x0041\n");
}

static void cleans_text(void **state)
{
	(void)state;
	assert_rows("<row><c t=\"str\"><v>a\xE2\x80\x8B"
		    "b\xEF\xBB\xBF"
		    "c\xC2\x85\xC2\xA0"
		    "d\xE2\x80\xAE"
		    "e\xD8\x9C\xE2\x81\xA6"
		    "f\x7F\xE2\x80\x9C\xE2\x80\x9D\xEF\xBC\x88\xD8\x9B\xE2\x91\xA0</v></c>"
		    "<c t=\"str\"><v>\xE2\x80\x8B</v></c><c t=\"str\"><v>\t x \n</v></c></row>",
		    "1 t:abc\xC2\xA0"
		    "def\xE2\x80\x9C\xE2\x80\x9D\xEF\xBC\x88\xD8\x9B\xE2\x91\xA0|e:|t:\t x \n\n");
}

/* Characters taken out are counted, wherever the text of the cell stands. */
static void counts_what_is_taken_out(void **state)
{
	static const char *const STRINGS =
	    "<si><t>\xE2\x80\x8B\xE4\xB8\x80_x0007_\xE2\x80\xAE</t></si><si><t>x</t></si>";
	static const unsigned WANT[] = {1, 3, 0, 0};
	struct sheet_reader *r;
	struct sheet_row row;
	bool end;
	int i;

	(void)state;
	lab_book(&(struct lab_book) {.strings = STRINGS,
				     .rows = "<row><c t=\"str\"><v>a\xE2\x80\x8B</v></c>"
					     "<c t=\"s\"><v>0</v></c><c t=\"s\"><v>1</v></c>"
					     "<c t=\"str\"><v>a\r\n_x000D_\nb</v></c></row>"});
	assert_int_equal(sheet_open(lab_path, &r, NULL), ERR_OK);
	assert_int_equal(sheet_next(r, &row, &end, NULL), ERR_OK);
	assert_int_equal(row.count, 4);
	for (i = 0; i < row.count; i++)
		assert_int_equal(row.cells[i].hidden, WANT[i]);
	sheet_close(&r);
}

static void takes_cached_values(void **state)
{
	(void)state;
	assert_rows(
	    "<row><c><f>1+1</f><v>2</v></c><c t=\"str\"><f>A1&amp;\"x\"</f><v>2x</v></c>"
	    "<c t=\"b\"><f>TRUE()</f><v>1</v></c><c t=\"e\"><f>1/0</f><v>#DIV/0!</v></c>"
	    "<c t=\"str\"><f>\"\"</f><v></v></c><c><f t=\"shared\" si=\"0\"/><v>3</v></c>"
	    "<c><f>SUM(A1:B1)</f></c><c><f>50+50</f><v></v></c><c><f>A1</f><v/></c>"
	    "<c t=\"b\"><f>A1</f><v> </v></c><c><v/></c></row>",
	    "1 n:2|t:2x|b:TRUE|f:#DIV/0!|e:|n:3|f:#公式没有结果|f:#公式没有结果|f:#公式没有结果|"
	    "f:#公式没有结果\n");
}

static void counts_places_that_are_not_given(void **state)
{
	(void)state;
	assert_rows("<row><c><v>1</v></c><c r=\"D1\"><v>2</v></c><c><v>3</v></c></row>"
		    "<row><c r=\"b\"><v>4</v></c><c r=\"\"><v>5</v></c></row>"
		    "<row r=\"9\"><c r=\"A9\"><v>6</v></c></row><row><c><v>7</v></c></row>",
		    "1 n:1|e:|e:|n:2|n:3\n2 e:|n:4|n:5\n9 n:6\n10 n:7\n");
}

static void tolerates_odd_rows(void **state)
{
	(void)state;
	/* Out of order, twice, beyond the last row a sheet has, without a number. */
	assert_rows("<row r=\"5\"><c r=\"C5\"><v>3</v></c><c r=\"A5\"><v>1</v></c>"
		    "<c r=\"A5\"><v>9</v></c></row><row r=\"2\"><c r=\"A2\"><v>2</v></c></row>"
		    "<row r=\"2000000\"><c><v>8</v></c></row><row r=\"x\"><c><v>9</v></c></row>"
		    "<row r=\"99999999999999999999\"><c><v>1</v></c></row>",
		    "5 n:9|e:|n:3\n2 n:2\n2000000 n:8\n2000001 n:9\n9999999999 n:1\n");
}

static void leaves_empty_cells_and_rows_out(void **state)
{
	(void)state;
	assert_rows(
	    "<row r=\"1\"/><row r=\"2\"><c r=\"A2\" s=\"1\"/><c r=\"B2\" t=\"s\"><v></v></c>"
	    "</row><row r=\"3\"><c r=\"A3\"/><c r=\"B3\"><v>1</v></c><c r=\"C3\" s=\"4\"/>"
	    "<c r=\"D3\" t=\"inlineStr\"><is><t></t></is></c></row><row r=\"4\"><c r=\"A4\"/>"
	    "</row>",
	    "3 e:|n:1\n");
}

static void cuts_wide_rows(void **state)
{
	struct sheet_reader *r;
	struct sheet_row row;
	struct err_info e;
	struct buf b;
	bool end;
	int i;

	(void)state;
	buf_init(&b, 1 << 20);
	buf_adds(&b, "<row>");
	for (i = 0; i < 300; i++)
		buf_addf(&b, "<c><v>%d</v></c>", i);
	buf_adds(&b, "</row><row><c r=\"IV2\"><v>1</v></c><c r=\"IW2\"><v>2</v></c>"
		     "<c r=\"XFD2\"><v>3</v></c><c r=\"ZZZZZZZZ2\"><v>4</v></c></row>"
		     "<row><c r=\"XFD3\"><v>5</v></c></row>");
	lab_book(&(struct lab_book) {.rows = b.data});
	assert_int_equal(sheet_open(lab_path, &r, &e), ERR_OK);
	assert_int_equal(sheet_next(r, &row, &end, &e), ERR_OK);
	assert_int_equal(row.count, SHEET_WIDTH);
	assert_string_equal(row.cells[255].text, "255");
	assert_int_equal(sheet_next(r, &row, &end, &e), ERR_OK);
	assert_int_equal(row.count, SHEET_WIDTH);
	assert_string_equal(row.cells[255].text, "1");
	assert_int_equal(row.cells[254].kind, CELL_EMPTY);
	assert_int_equal(sheet_next(r, &row, &end, &e), ERR_OK);
	assert_true(end);
	sheet_close(&r);
	buf_free(&b);
}

static void cuts_long_texts(void **state)
{
	struct sheet_reader *r;
	struct sheet_row row;
	struct err_info e;
	struct buf b;
	bool end;
	int i;

	(void)state;
	buf_init(&b, 1 << 24);
	buf_adds(&b, "<row><c t=\"inlineStr\"><is><t>");
	for (i = 0; i < 200000; i++)
		buf_adds(&b, "字");
	buf_adds(&b, "</t></is></c><c><v>1</v></c></row>");
	lab_book(&(struct lab_book) {.rows = b.data});
	assert_int_equal(sheet_open(lab_path, &r, &e), ERR_OK);
	assert_int_equal(sheet_next(r, &row, &end, &e), ERR_OK);
	assert_int_equal(row.count, 2);
	assert_int_equal(text_chars(row.cells[0].text), SHEET_TEXT_MAX);
	assert_int_equal(row.cells[0].len, 3 * SHEET_TEXT_MAX);
	assert_string_equal(row.cells[1].text, "1");
	sheet_close(&r);
	buf_free(&b);
}

static void takes_prefixes_and_the_strict_form(void **state)
{
	(void)state;
	lab_book(&(struct lab_book) {
	    .sheet = LAB_XML
	    "<x:worksheet xmlns:x=\"http://purl.oclc.org/ooxml/spreadsheetml/main\"><x:sheetData>"
	    "<x:row r=\"1\"><x:c r=\"A1\" t=\"inlineStr\"><x:is><x:r><x:t>甲</x:t></x:r></x:is>"
	    "</x:c><x:c r=\"B1\"><x:v>5</x:v></x:c></x:row></x:sheetData></x:worksheet>"});
	assert_reads("1 t:甲|n:5\n");
}

static void takes_utf16_parts(void **state)
{
	static const char text[] =
	    "<?xml version=\"1.0\" encoding=\"UTF-16\"?><worksheet><sheetData><row>"
	    "<c t=\"str\"><v>ok</v></c></row></sheetData></worksheet>";
	char wide[2 * sizeof(text)] = "\xFF\xFE";
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(text) - 1; i++)
		wide[2 + 2 * i] = text[i];
	lab_book(&(struct lab_book) {.sheet = wide, .sheet_n = 2 * sizeof(text)});
	assert_reads("1 t:ok\n");
}

/* ---- numbers ---- */

static void writes_numbers_plainly(void **state)
{
	static const struct {
		const char *from, *to;
		bool rounded;
	} CASES[] = {
	    {"0", "0", false},
	    {"-0", "0", false},
	    {"1.50", "1.50", false},
	    {"007", "7", false},
	    {".5", "0.5", false},
	    {"5.", "5", false},
	    {"+5", "5", false},
	    {"1E3", "1000", false},
	    {"1.5e-7", "0.00000015", false},
	    {"-1.25E+2", "-125", false},
	    {"0.10000000000000001", "0.1", false},
	    {"0.30000000000000004", "0.3", false},
	    {"1.1000000000000001", "1.1", false},
	    {"88.495575221238937", "88.4955752212389", false},
	    {"9.9999999999999999", "10", false},
	    {"0.99999999999999989", "1", false},
	    {"99999999999999.95", "100000000000000", false},
	    {"123456789012345", "123456789012345", false},
	    {"1234567890123456", "1234567890123456", true},
	    {"6.222021234567891E+18", "6222021234567891000", true},
	    {"6222021234567890123", "6222021234567890123", true},
	    {"1E15", "1000000000000000", true},
	    {"100000000000000", "100000000000000", false},
	};
	static const char *const NONE[] = {"",    "-",     ".",   "1e",    "1e+",  "abc",
					   "1,5", "1.2.3", "--1", "1e400", "0x10", "1 2"};
	char out[SHEET_NUMBER_SIZE];
	bool rounded;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
		assert_true(
		    sheet_number_plain(CASES[i].from, strlen(CASES[i].from), out, &rounded));
		assert_string_equal(out, CASES[i].to);
		assert_int_equal(rounded, CASES[i].rounded);
	}
	assert_true(sheet_number_plain("2.2250738585072014E-308", 23, out, &rounded));
	assert_int_equal(strspn(out, "0."), 309);
	assert_string_equal(out + 309, "22250738585072");
	for (i = 0; i < sizeof(NONE) / sizeof(NONE[0]); i++)
		assert_false(sheet_number_plain(NONE[i], strlen(NONE[i]), out, &rounded));
	assert_rows("<row><c><v>6.222021234567891E+18</v></c><c><v> 0.10000000000000001 </v></c>"
		    "<c><v>1e999</v></c></row>",
		    "1 n!:6222021234567891000|n:0.1|t:1e999\n");
}

/* ---- dates ---- */

static void counts_days(void **state)
{
	static const struct {
		const char *serial, *from_1900, *from_1904;
	} CASES[] = {
	    {"0", "00:00:00", "1904-01-01"},
	    {"0.25", "06:00:00", "06:00:00"},
	    {"1", "1900-01-01", "1904-01-02"},
	    {"31", "1900-01-31", "1904-02-01"},
	    {"59", "1900-02-28", "1904-02-29"},
	    {"60", "1900-02-29", "1904-03-01"},
	    {"61", "1900-03-01", "1904-03-02"},
	    {"1462", "1904-01-01", "1908-01-02"},
	    {"36526", "2000-01-01", "2004-01-02"},
	    {"36585.5", "2000-02-29 12:00:00", "2004-03-01 12:00:00"},
	    {"46053.999988425923", "2026-01-31 23:59:59", "2030-02-01 23:59:59"},
	    {"46053.999999", "2026-02-01", "2030-02-02"},
	    {"2958465", "9999-12-31", NULL},
	    {"2957003", "9995-12-30", "9999-12-31"},
	    {"2958465.9999999", NULL, NULL},
	    {"2958466", NULL, NULL},
	    {"-1", NULL, NULL},
	};
	char out[SHEET_DATE_SIZE];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
		bool is_date = sheet_serial_date(CASES[i].serial, false, out);

		assert_int_equal(is_date, CASES[i].from_1900 != NULL);
		if (is_date)
			assert_string_equal(out, CASES[i].from_1900);
		is_date = sheet_serial_date(CASES[i].serial, true, out);
		assert_int_equal(is_date, CASES[i].from_1904 != NULL);
		if (is_date)
			assert_string_equal(out, CASES[i].from_1904);
	}
}

static const char DATED_ROW[] = "<row><c s=\"0\"><v>36526</v></c><c s=\"1\"><v>36526</v></c>"
				"<c s=\"2\"><v>36526.5</v></c><c s=\"3\"><v>36526</v></c>"
				"<c s=\"99\"><v>36526</v></c><c s=\"1\"><v>-5</v></c>"
				"<c s=\"1\" t=\"str\"><v>36526</v></c></row>";

static void knows_dates_by_their_format(void **state)
{
	struct lab_book b = {
	    .rows = DATED_ROW,
	    .formats = "<numFmt numFmtId=\"176\" formatCode=\"yyyy&quot;年&quot;m\"/>"
		       "<numFmt numFmtId=\"177\" formatCode=\"0.00&quot;days&quot;\"/>",
	    .xfs = "<xf numFmtId=\"0\"/><xf numFmtId=\"14\"/><xf numFmtId=\"176\"/>"
		   "<xf numFmtId=\"177\"/>"};

	(void)state;
	lab_book(&b);
	assert_reads("1 n:36526|d:2000-01-01|d:2000-01-01 12:00:00|n:36526|n:36526|n:-5|t:36526\n");
	b.workbook = "date1904=\"1\"";
	lab_book(&b);
	assert_reads("1 n:36526|d:2004-01-02|d:2004-01-02 12:00:00|n:36526|n:36526|n:-5|t:36526\n");
	b.workbook = "date1904=\"false\"";
	lab_book(&b);
	assert_reads("1 n:36526|d:2000-01-01|d:2000-01-01 12:00:00|n:36526|n:36526|n:-5|t:36526\n");
}

static void reads_format_codes(void **state)
{
	static const char *const DATES[] = {
	    "yyyy-mm-dd",     "m/d/yy h:mm", "[$-804]yyyy\"年\"m\"月\"d\"日\";@",
	    "hh:mm:ss AM/PM", "[h]:mm:ss",   "[ss].00",
	    "[Red]d",         "\\d\\d mmm",  "[DBNum1]m\"月\"",
	    "mmm;@",          "_-yyyy",      "YYYY/M/D",
	};
	static const char *const NUMBERS[] = {"General",     "GENERAL",
					      "0.00",        "#,##0.00_);[Red](#,##0.00)",
					      "0.00E+00",    "@",
					      "\"day\"0",    "[Red]0",
					      "\\d0",        "[$USD-409]#,##0",
					      "0_d",         "0*s",
					      "0;\"x\"yyyy", "[>=100]0.0",
					      "¥#,##0",      "0\"unclosed yyyy",
					      "[unclosed y", "",
					      "# ?/?"};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(DATES) / sizeof(DATES[0]); i++)
		assert_true(sheet_format_is_date(DATES[i]));
	for (i = 0; i < sizeof(NUMBERS) / sizeof(NUMBERS[0]); i++)
		assert_false(sheet_format_is_date(NUMBERS[i]));
}

static void knows_builtin_dates(void **state)
{
	struct buf xfs, row, want;
	int i;

	(void)state;
	buf_init(&xfs, 1 << 16);
	buf_init(&row, 1 << 16);
	buf_init(&want, 1 << 16);
	buf_adds(&row, "<row>");
	buf_adds(&want, "1 ");
	for (i = 0; i < 60; i++) {
		bool is_date = (i >= 14 && i <= 22) || (i >= 27 && i <= 36) ||
			       (i >= 45 && i <= 47) || (i >= 50 && i <= 58);

		buf_addf(&xfs, "<xf numFmtId=\"%d\"/>", i);
		buf_addf(&row, "<c s=\"%d\"><v>36526</v></c>", i);
		buf_addf(&want, "%s%s", i ? "|" : "", is_date ? "d:2000-01-01" : "n:36526");
	}
	buf_adds(&row, "</row>");
	buf_adds(&want, "\n");
	lab_book(&(struct lab_book) {.rows = row.data, .xfs = xfs.data});
	assert_reads(want.data);
	buf_free(&xfs);
	buf_free(&row);
	buf_free(&want);
}

/* ---- what refers to nothing, what is too much ---- */

static void refuses_strings_that_are_absent(void **state)
{
	static const char *const NUMBERS[] = {"1", "99999999999999999999", "-1", "4294967295", "x"};
	char row[128];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(NUMBERS) / sizeof(NUMBERS[0]); i++) {
		snprintf(row, sizeof(row), "<row><c t=\"s\"><v>%s</v></c></row>", NUMBERS[i]);
		lab_book(&(struct lab_book) {.rows = row, .strings = "<si><t>one</t></si>"});
		assert_refused("sheet.broken", "共享文字");
	}
	lab_book(&(struct lab_book) {.rows = "<row><c t=\"s\"><v>0</v></c></row>"});
	assert_refused("sheet.broken", "共享文字");
}

static void refuses_endless_rows(void **state)
{
	struct buf b;
	int i;

	(void)state;
	buf_init(&b, 1 << 24);
	buf_adds(&b, "<row>");
	for (i = 0; i < 6000; i++)
		buf_adds(&b, "<c r=\"A1\"><v>1</v></c>");
	buf_adds(&b, "</row>");
	lab_book(&(struct lab_book) {.rows = b.data});
	assert_refused("sheet.hostile", "一行");
	buf_free(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(reads_every_type),
	    cmocka_unit_test(joins_runs_and_leaves_readings_out),
	    cmocka_unit_test(undoes_escapes),
	    cmocka_unit_test(cleans_text),
	    cmocka_unit_test(counts_what_is_taken_out),
	    cmocka_unit_test(takes_cached_values),
	    cmocka_unit_test(counts_places_that_are_not_given),
	    cmocka_unit_test(tolerates_odd_rows),
	    cmocka_unit_test(leaves_empty_cells_and_rows_out),
	    cmocka_unit_test(cuts_wide_rows),
	    cmocka_unit_test(cuts_long_texts),
	    cmocka_unit_test(takes_prefixes_and_the_strict_form),
	    cmocka_unit_test(takes_utf16_parts),
	    cmocka_unit_test(writes_numbers_plainly),
	    cmocka_unit_test(counts_days),
	    cmocka_unit_test(knows_dates_by_their_format),
	    cmocka_unit_test(reads_format_codes),
	    cmocka_unit_test(knows_builtin_dates),
	    cmocka_unit_test(refuses_strings_that_are_absent),
	    cmocka_unit_test(refuses_endless_rows),
	};

	return cmocka_run_group_tests(tests, lab_begin, lab_end);
}

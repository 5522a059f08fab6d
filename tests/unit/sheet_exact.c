/* Numbers stand in a workbook in the very digits they have, in rows and in tables of figures; a
 * chart has them with it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <zip.h>

#include "base/buf.h"
#include "base/decimal.h"
#include "sheet/figures.h"
#include "sheet/sheet.h"

enum { CENTS = 20000, FIGURES = 300 };
static char path[64];
static struct err_info e;

static int make_file(void **state)
{
	int fd;

	(void)state;
	snprintf(path, sizeof(path), P_tmpdir "/kp-exact-XXXXXX");
	fd = mkstemp(path);
	return fd < 0 || close(fd);
}

static int remove_file(void **state)
{
	(void)state;
	return unlink(path);
}

/* A part of the package. */
static char *part(const char *name)
{
	zip_t *z = zip_open(path, ZIP_RDONLY, NULL);
	zip_stat_t st;
	zip_file_t *f;
	char *text;

	assert_non_null(z);
	assert_int_equal(zip_stat(z, name, 0, &st), 0);
	text = mem_zalloc(st.size + 1);
	f = zip_fopen(z, name, 0);
	assert_non_null(f);
	assert_int_equal(zip_fread(f, text, st.size), st.size);
	zip_fclose(f);
	zip_close(z);
	return text;
}

/* The next number of a sheet; NULL: there is none. */
static char *next_value(char **at)
{
	char *from = strstr(*at, "<v>"), *to;

	if (!from)
		return NULL;
	from += strlen("<v>");
	to = strstr(from, "</v>");
	assert_non_null(to);
	*to = 0;
	*at = to + 1;
	return from;
}

/* -73.50 is -73.5. */
static const char *shortest(int64_t fen, char text[FEN_TEXT])
{
	size_t n;

	fen_format(fen, text);
	for (n = strlen(text); text[n - 1] == '0'; n--)
		;
	text[text[n - 1] == '.' ? n - 1 : n] = 0;
	return text;
}

static int64_t cents(int i)
{
	return (int64_t)(i - CENTS / 2) * (i % 7 ? 1 : 1000003);
}

static void rows(void **state)
{
	static const struct sheet_head HEADS[] = {{"金额", 0, CELLS_AMOUNT},
						  {"单价", 0, CELLS_NUMBER}};
	static const char *const PRICES[][2] = {
	    {"0.1234567890123", "0.1234567890123"},
	    {"10.00", "10"},
	    {"0", "0"},
	    {"-0.5", "-0.5"},
	    {"007", "7"},
	    {"999999999999999", "999999999999999"},
	    {"0.00", "0"},
	};
	enum { PRICED = sizeof(PRICES) / sizeof(PRICES[0]) };
	struct sheet_writer *w;
	char text[FEN_TEXT], *sheet, *at, *v;
	int i;

	(void)state;
	assert_int_equal(sheet_write_begin(path, SHEET_XLSX, true, "表", HEADS, 2, &w, &e), ERR_OK);
	for (i = 0; i < CENTS; i++) {
		const char *cells[] = {fen_format(cents(i), text), PRICES[i % PRICED][0]};

		assert_int_equal(sheet_write_row(w, cells, &e), ERR_OK);
	}
	assert_int_equal(sheet_write_end(&w, &e), ERR_OK);
	at = sheet = part("xl/worksheets/sheet1.xml");
	assert_non_null(strstr(sheet, "<dimension ref=\"A1:B20001\"/>"));
	for (i = 0; i < CENTS; i++) {
		v = next_value(&at);
		assert_non_null(v);
		assert_string_equal(v, shortest(cents(i), text));
		v = next_value(&at);
		assert_non_null(v);
		assert_string_equal(v, PRICES[i % PRICED][1]);
	}
	assert_null(next_value(&at));
	free(sheet);
}

static const char *cell(void *arg, size_t row, size_t column, char out[FIGURE_CELL])
{
	(void)arg;
	if (column == 1)
		fen_format((int64_t)row * 25 + 50, out); /* binary numbers know them */
	else
		snprintf(out, FIGURE_CELL, column ? "%zu.%zu" : "第%zu", column ? row / 10 : row,
			 row % 10);
	return out;
}

static void figures(void **state)
{
	static const struct figure_column COLUMNS[] = {{{"月份", 0, 0}, FIGURE_TEXT},
						       {{"金额", 0, 0}, FIGURE_MONEY},
						       {{"占比", 0, 0}, FIGURE_PERCENT}};
	static const size_t SERIES[] = {1, 2};
	const struct figure_table table = {
	    .name = "表", .columns = COLUMNS, .count = 3, .rows = FIGURES, .cell = cell};
	const struct figure_chart chart = {
	    .name = "图", .title = "金额", .series = SERIES, .series_count = 2, .rows = FIGURES};
	const struct figure_book book = {.tables = &table, .count = 1, .chart = &chart};
	char text[FEN_TEXT], *sheet, *drawn, *at, *in, *v;
	int i;

	(void)state;
	assert_int_equal(sheet_write_figures(path, SHEET_XLSX, true, &book, &e), ERR_OK);
	at = sheet = part("xl/worksheets/sheet1.xml");
	drawn = part("xl/charts/chart1.xml");
	in = strstr(drawn, "<c:numCache>");
	assert_non_null(in);
	assert_non_null(strstr(drawn, "<c:strCache><c:ptCount val=\"300\"/>"));
	assert_non_null(strstr(drawn, "<c:v>第299</c:v>"));
	for (i = 0; i < FIGURES; i++) {
		char point[64];

		v = next_value(&at);
		assert_non_null(v);
		assert_string_equal(v, shortest((int64_t)i * 25 + 50, text));
		snprintf(point, sizeof(point), "<c:pt idx=\"%d\"><c:v>", i);
		in = strstr(in, point);
		assert_non_null(in);
		in += strlen(point);
		assert_memory_equal(in, v, strlen(v));
		v = next_value(&at); /* 12.3 % is 0.123 */
		assert_non_null(v);
		snprintf(point, sizeof(point), "0.%03d", i);
		while (strlen(point) > 1 && strchr("0.", point[strlen(point) - 1]))
			point[strlen(point) - 1] = 0;
		assert_string_equal(v, point);
	}
	free(drawn);
	free(sheet);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(rows),
	    cmocka_unit_test(figures),
	};

	return cmocka_run_group_tests(tests, make_file, remove_file);
}

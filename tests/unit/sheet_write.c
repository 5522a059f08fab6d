/* What is written: safe in spreadsheet programs, the same when read again, whole or absent. */
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/text.h"
#include "sheet/sheet.h"

enum { SHEET_ROWS = 1048576, WIDTH = 3, CELL_MAX = 32767 };
static char dir[64], path[128];
static struct err_info e;
static const struct sheet_head HEADS[WIDTH] = {
    {"名称", 20, false}, {"税号", 24, true}, {"备注", 0, false}};

static int make_room(void **state)
{
	(void)state;
	text_copy(dir, sizeof(dir), P_tmpdir "/kp-write-XXXXXX");
	if (!mkdtemp(dir))
		return -1;
	snprintf(path, sizeof(path), "%s/out", dir);
	return 0;
}

static int remove_one(const char *file, const struct stat *st, int kind, struct FTW *where)
{
	(void)st;
	(void)kind;
	(void)where;
	return remove(file);
}

static int clear_room(void **state)
{
	(void)state;
	return nftw(dir, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

static int seen;
static int count_one(const char *file, const struct stat *st, int kind, struct FTW *where)
{
	(void)file;
	(void)st;
	(void)where;
	seen += kind == FTW_F;
	return 0;
}

static int files_left(void)
{
	seen = 0;
	nftw(dir, count_one, 8, FTW_PHYS);
	return seen;
}

static void write_cells(enum sheet_format f, const char *const (*cells)[WIDTH], size_t rows)
{
	struct sheet_writer *w;
	size_t i;

	assert_int_equal(sheet_write_begin(path, f, true, "表", HEADS, WIDTH, &w, &e), ERR_OK);
	for (i = 0; i < rows; i++)
		assert_int_equal(sheet_write_row(w, cells[i], &e), ERR_OK);
	assert_int_equal(sheet_write_end(&w, &e), ERR_OK);
	assert_null(w);
}

/* ---- CSV by the byte ---- */

static void csv_by_the_byte(void **state)
{
	static const char *const CELLS[][WIDTH] = {
	    {"甲,乙", "12345678901", "a\"b"},
	    {"=1+1", "123456789012", NULL},
	    {"-12.5", "91440300MAKP0A011Y", "-x"},
	    {"＝1", "6222021234567890123", "+86"},
	    {"@a", "12345E678901", "'=1"},
	    {"'x", "", " 空 "},
	    {"a\nb", "", "\tq"},
	};
	static const char WANT[] = "名称,税号,备注\r\n"
				   "\"甲,乙\",12345678901,\"a\"\"b\"\r\n"
				   "'=1+1,\"123456789012\t\",\r\n"
				   "-12.5,91440300MAKP0A011Y,'-x\r\n"
				   "'＝1,\"6222021234567890123\t\",'+86\r\n"
				   "'@a,\"12345E678901\t\",''=1\r\n"
				   "'x,,\" 空 \"\r\n"
				   "\"a\nb\",,\"'\tq\"\r\n";
	char *data;
	size_t n;

	(void)state;
	write_cells(SHEET_CSV_BOM, CELLS, sizeof(CELLS) / sizeof(CELLS[0]));
	assert_int_equal(file_read(path, 4096, &data, &n, &e), ERR_OK);
	assert_memory_equal(data, "\xEF\xBB\xBF", 3);
	assert_string_equal(data + 3, WANT);
	free(data);
	/* For pipes: no mark at the beginning, no tabs behind numbers. */
	write_cells(SHEET_CSV, CELLS + 1, 1);
	assert_int_equal(file_read(path, 4096, &data, &n, &e), ERR_OK);
	assert_string_equal(data, "名称,税号,备注\r\n'=1+1,123456789012,\r\n");
	free(data);
	write_cells(SHEET_CSV_GBK, CELLS + 3, 1);
	assert_int_equal(file_read(path, 4096, &data, &n, &e), ERR_OK);
	assert_string_equal(data, "\xC3\xFB\xB3\xC6,\xCB\xB0\xBA\xC5,\xB1\xB8\xD7\xA2\r\n"
				  "'\xA3\xBD"
				  "1,\"6222021234567890123\t\",'+86\r\n");
	free(data);
}

/* ---- written and read again ---- */

static const char *const NASTY[][WIDTH] = {
    {"=1+1", "-x", "+86"},
    {"\tq", "'=1", "''@x"},
    {"'", "'x", "@SUM(A1)"},
    {"＝1+1", "＋86", "－x"},
    {"_x000D_", "_x005F_x000D_", "_xZZZZ_"},
    {"a\nb", "\"", "a\"b\",c"},
    {"深圳市晴川数码（集团）", "😀👨", "𠮷野家"},
    {"123456789012", "6222021234567890123", "0012"},
    {"-12.5", "1e5", "12345E678901"},
    {"<&>]]>", "&amp;", "%s%n"},
    {"x  y", ";", "|"},
    {"TRUE", "#N/A", "2026-01-05"},
};

static void check_row(const struct sheet_row *row, const char *const want[WIDTH])
{
	int i;

	for (i = 0; i < WIDTH; i++) {
		const char *got = i < row->count ? row->cells[i].text : "";

		if (strcmp(got, want[i] ? want[i] : "") != 0)
			fail_msg("“%s” became “%s”", want[i] ? want[i] : "", got);
	}
}

static void round_trip(void **state)
{
	enum { ROWS = sizeof(NASTY) / sizeof(NASTY[0]) };
	enum sheet_format f;
	size_t i;

	(void)state;
	for (f = SHEET_XLSX; f < SHEET_FORMATS; f++) {
		struct sheet_reader *r;
		struct sheet_row row;
		bool end;

		write_cells(f, NASTY, ROWS);
		assert_int_equal(sheet_open(path, &r, &e), ERR_OK);
		assert_int_equal(sheet_next(r, &row, &end, &e), ERR_OK);
		for (i = 0; i < ROWS; i++) {
			assert_int_equal(sheet_next(r, &row, &end, &e), ERR_OK);
			assert_false(end);
			check_row(&row, NASTY[i]);
		}
		assert_int_equal(sheet_next(r, &row, &end, &e), ERR_OK);
		assert_true(end);
		sheet_close(&r);
	}
}

/* As many as the format holds, counted as spreadsheet programs do; a character of two units is not
 * split. */
static void the_longest_text(void **state)
{
	char *text = mem_alloc(3 * (CELL_MAX + 8)), *at;
	const char *cells[1][WIDTH] = {{text, NULL, "end"}};
	struct sheet_reader *r;
	struct sheet_row row;
	size_t i, n;
	bool end;

	(void)state;
	for (i = 0, at = text; i < CELL_MAX; i++)
		at += text_put(0x6C49, at);
	*at = 0;
	for (i = 0; i < 2; i++) {
		write_cells(SHEET_XLSX, cells, 1);
		assert_int_equal(sheet_open(path, &r, &e), ERR_OK);
		assert_int_equal(sheet_next(r, &row, &end, &e), ERR_OK);
		assert_int_equal(sheet_next(r, &row, &end, &e), ERR_OK);
		n = text_chars(row.cells[0].text);
		assert_int_equal(n, i ? CELL_MAX - 1 : CELL_MAX);
		assert_string_equal(row.cells[2].text, "end");
		sheet_close(&r);
		/* The second time the last character has two units and begins one too late. */
		at -= 3;
		at += text_put(0x1F600, at);
		*at = 0;
	}
	free(text);
}

static void texts_that_are_no_text(void **state)
{
	static const char *const CELLS[][WIDTH] = {{"a\xFF"
						    "b\x01"
						    "c",
						    "\xEF\xBF\xBFx\xEF\xBF\xBE", "\xE4"}};
	static const char *const WANT[WIDTH] = {"abc", "x", ""};
	struct sheet_reader *r;
	struct sheet_row row;
	bool end;

	(void)state;
	write_cells(SHEET_XLSX, CELLS, 1);
	assert_int_equal(sheet_open(path, &r, &e), ERR_OK);
	assert_int_equal(sheet_next(r, &row, &end, &e), ERR_OK);
	assert_int_equal(sheet_next(r, &row, &end, &e), ERR_OK);
	check_row(&row, WANT);
	sheet_close(&r);
}

/* More rows than a sheet has: further sheets, which an import reads on. */
static void more_rows_than_a_sheet(void **state)
{
	enum { ROWS = SHEET_ROWS + 10 };
	static const struct sheet_head head[] = {{"名称", 0, false}};
	const struct sheet_table *t = sheet_table("types");
	struct sheet_import *in;
	struct sheet_record record;
	struct sheet_writer *w;
	struct sheet_reader *r;
	char text[24];
	const char *cells[] = {text};
	bool end = false;
	long i;

	(void)state;
	assert_int_equal(sheet_write_begin(path, SHEET_XLSX, true, "业务类型", head, 1, &w, &e),
			 ERR_OK);
	for (i = 0; i < ROWS; i++) {
		snprintf(text, sizeof(text), "%ld", i);
		assert_int_equal(sheet_write_row(w, cells, &e), ERR_OK);
	}
	assert_int_equal(sheet_write_end(&w, &e), ERR_OK);
	assert_int_equal(sheet_open(path, &r, &e), ERR_OK);
	assert_int_equal(sheet_count(r), 2);
	assert_string_equal(sheet_name(r, 1), "业务类型 (2)");
	sheet_close(&r);
	assert_int_equal(sheet_import_open(t, path, NULL, &in, &e), ERR_OK);
	for (i = 0; !end; i++) {
		assert_int_equal(sheet_import_next(in, &record, &end, &e), ERR_OK);
		snprintf(text, sizeof(text), "%ld", i);
		if (!end && strcmp(record.values[0], text) != 0)
			fail_msg("row %ld is %s", i, record.values[0]);
	}
	assert_int_equal(i - 1, ROWS);
	sheet_import_close(&in);
	unlink(path);
}

/* ---- whole or absent ---- */

static void nothing_is_overwritten(void **state)
{
	static const char OLD[] = "old";
	enum sheet_format f;
	struct sheet_writer *w = NULL;
	struct stat st;
	char *data;
	size_t n;

	(void)state;
	for (f = SHEET_XLSX; f < SHEET_FORMATS; f++) {
		assert_int_equal(file_write(path, OLD, 3, 0640, &e), ERR_OK);
		assert_int_equal(sheet_write_begin(path, f, false, "表", HEADS, WIDTH, &w, &e),
				 ERR_INVALID);
		assert_string_equal(e.code, "file.exists");
		assert_null(w);
		assert_int_equal(sheet_template(sheet_table("buyers"), path, f, false, &e),
				 ERR_INVALID);
		/* Nor is a file that comes while ours is written. */
		unlink(path);
		assert_int_equal(sheet_write_begin(path, f, false, "表", HEADS, WIDTH, &w, &e),
				 ERR_OK);
		assert_int_equal(file_write(path, OLD, 3, 0640, &e), ERR_OK);
		assert_int_equal(sheet_write_end(&w, &e), ERR_INVALID);
		assert_string_equal(e.code, "file.exists");
		assert_int_equal(file_read(path, 99, &data, &n, &e), ERR_OK);
		assert_string_equal(data, OLD);
		free(data);
		/* Replaced only with the word for it; it keeps who may read it. */
		assert_int_equal(sheet_write_begin(path, f, true, "表", HEADS, WIDTH, &w, &e),
				 ERR_OK);
		assert_int_equal(sheet_write_end(&w, &e), ERR_OK);
		assert_int_equal(stat(path, &st), 0);
		assert_true(st.st_size > 3);
		assert_int_equal(st.st_mode & 0777, 0640);
		assert_int_equal(files_left(), 1);
	}
	unlink(path);
}

static void a_dropped_file_is_gone(void **state)
{
	static const char *const cells[WIDTH] = {"a", "b", "c"};
	enum sheet_format f;
	struct sheet_writer *w;

	(void)state;
	for (f = SHEET_XLSX; f < SHEET_FORMATS; f++) {
		assert_int_equal(sheet_write_begin(path, f, true, "表", HEADS, WIDTH, &w, &e),
				 ERR_OK);
		assert_int_equal(sheet_write_row(w, cells, &e), ERR_OK);
		sheet_write_drop(&w);
		assert_null(w);
		assert_int_equal(files_left(), 0);
	}
	sheet_write_drop(&w);
}

static void places_that_cannot_be(void **state)
{
	struct sheet_writer *w = NULL;
	char where[256];

	(void)state;
	snprintf(where, sizeof(where), "%s/none/x.xlsx", dir);
	assert_int_equal(sheet_write_begin(where, SHEET_XLSX, true, "表", HEADS, WIDTH, &w, &e),
			 ERR_INVALID);
	assert_string_equal(e.code, "file.missing");
	assert_int_equal(sheet_write_begin(dir, SHEET_XLSX, true, "表", HEADS, WIDTH, &w, &e),
			 ERR_INVALID);
	assert_string_equal(e.code, "file.is_dir");
	assert_int_equal(sheet_write_begin("", SHEET_CSV, true, "表", HEADS, WIDTH, &w, &e),
			 ERR_INVALID);
	assert_null(w);
	assert_int_equal(files_left(), 0);
}

/* ---- the disk is full ---- */

/* In a child, where no file may grow beyond `limit` bytes: the exit code is the class. */
static int write_within(enum sheet_format f, rlim_t limit, long rows)
{
	pid_t child = fork();
	int status = 0;

	if (!child) {
		const struct rlimit most = {limit, limit};
		const char *cells[WIDTH];
		struct sheet_writer *w = NULL;
		char text[64];
		long i;
		enum err r;

		signal(SIGXFSZ, SIG_IGN);
		setrlimit(RLIMIT_FSIZE, &most);
		r = sheet_write_begin(path, f, true, "表", HEADS, WIDTH, &w, &e);
		for (i = 0; !r && i < rows; i++) {
			snprintf(text, sizeof(text), "%ld %ld", i * 7919 % 104729, i * i);
			cells[0] = cells[1] = cells[2] = text;
			r = sheet_write_row(w, cells, &e);
		}
		if (r)
			sheet_write_drop(&w);
		else
			r = sheet_write_end(&w, &e);
		_exit((int)r);
	}
	assert_true(child > 0);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

/* At whatever place the room ends: all is well and the file is whole, or nothing is left. */
static void a_full_disk(void **state)
{
	enum { SMALL = 40, LARGE = 4000 };
	static const enum sheet_format FORMATS[] = {SHEET_XLSX, SHEET_CSV_GBK};
	size_t f, met[2] = {0, 0};
	rlim_t limit;

	(void)state;
	for (f = 0; f < 2; f++) {
		for (limit = 0; limit < 16000; limit += limit < 9000 ? 211 : 1000) {
			int r = write_within(FORMATS[f], limit, limit % 2 ? SMALL : LARGE);

			if (r != ERR_OK && r != ERR_DAMAGED)
				fail_msg("%zu bytes: class %d", (size_t)limit, r);
			assert_int_equal(files_left(), r == ERR_OK);
			met[r == ERR_OK]++;
			unlink(path);
		}
	}
	assert_true(met[0] > 10 && met[1] > 10);
}

/* ---- standard output ---- */

static void standard_output(void **state)
{
	static const char *const cells[WIDTH] = {"甲", "1", "=1"};
	enum sheet_format f;

	(void)state;
	for (f = SHEET_XLSX; f <= SHEET_CSV_BOM; f++) {
		int saved, fd = open(path, O_RDWR | O_CREAT | O_TRUNC, 0600);
		struct sheet_writer *w;
		struct sheet_reader *r;
		struct sheet_row row;
		bool end;

		fflush(stdout);
		saved = dup(STDOUT_FILENO);
		dup2(fd, STDOUT_FILENO);
		close(fd);
		if (!sheet_write_begin("-", f, false, "表", HEADS, WIDTH, &w, &e) &&
		    !sheet_write_row(w, cells, &e))
			sheet_write_end(&w, &e);
		dup2(saved, STDOUT_FILENO);
		close(saved);
		assert_int_equal(sheet_open(path, &r, &e), ERR_OK);
		assert_int_equal(sheet_next(r, &row, &end, &e), ERR_OK);
		assert_int_equal(sheet_next(r, &row, &end, &e), ERR_OK);
		check_row(&row, cells);
		sheet_close(&r);
	}
	unlink(path);
}

static void names(void **state)
{
	char name[200];
	enum sheet_format f;

	(void)state;
	/* 2026-11-20 10:21:07 of UTC+8 */
	sheet_stamped_name(name, sizeof(name), "商品信息", 1795141267, SHEET_XLSX);
	assert_string_equal(name, "商品信息导出列表20261120102107.xlsx");
	sheet_stamped_name(name, sizeof(name), "购方信息", 1795141267, SHEET_CSV_GBK);
	assert_string_equal(name, "购方信息导出列表20261120102107.csv");
	assert_true(sheet_format_parse("gbk", &f) && f == SHEET_CSV_GBK);
	assert_true(sheet_format_parse("xlsx", &f) && f == SHEET_XLSX);
	assert_false(sheet_format_parse("xls", &f));
	assert_string_equal(sheet_format_suffix(SHEET_CSV), ".csv");
}

/* Whoever dies meanwhile leaves nothing: the file has no name before it is whole. */
static void has_no_name_before_it_is_whole(void **state)
{
	const char *cells[WIDTH] = {"甲", "91440300MAKP0A011Y", ""};
	struct sheet_writer *w;
	struct stat before, after;
	int format, i;

	(void)state;
	for (format = 0; format < 2; format++) {
		enum sheet_format f = format ? SHEET_CSV : SHEET_XLSX;
		int there = files_left();

		snprintf(path, sizeof(path), "%s/no-name-%d", dir, format);
		assert_int_equal(sheet_write_begin(path, f, true, "表", HEADS, WIDTH, &w, &e),
				 ERR_OK);
		for (i = 0; i < 20000; i++)
			assert_int_equal(sheet_write_row(w, cells, &e), ERR_OK);
		assert_int_equal(files_left(), there);
		assert_int_equal(sheet_write_end(&w, &e), ERR_OK);
		assert_int_equal(files_left(), there + 1);
		/* The same over what is there. */
		assert_int_equal(stat(path, &before), 0);
		assert_int_equal(sheet_write_begin(path, f, true, "表", HEADS, WIDTH, &w, &e),
				 ERR_OK);
		assert_int_equal(sheet_write_end(&w, &e), ERR_OK);
		assert_int_equal(files_left(), there + 1);
		assert_int_equal(stat(path, &after), 0);
		assert_true(after.st_ino != before.st_ino && after.st_size < before.st_size);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(csv_by_the_byte),
	    cmocka_unit_test(round_trip),
	    cmocka_unit_test(the_longest_text),
	    cmocka_unit_test(texts_that_are_no_text),
	    cmocka_unit_test(nothing_is_overwritten),
	    cmocka_unit_test(a_dropped_file_is_gone),
	    cmocka_unit_test(places_that_cannot_be),
	    cmocka_unit_test(a_full_disk),
	    cmocka_unit_test(standard_output),
	    cmocka_unit_test(names),
	    cmocka_unit_test(more_rows_than_a_sheet),
	    cmocka_unit_test(has_no_name_before_it_is_whole),
	};

	return cmocka_run_group_tests(tests, make_room, clear_room);
}

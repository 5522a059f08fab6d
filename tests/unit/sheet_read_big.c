/* Large workbooks: strings that leave memory, rows without end, and what memory they cost. */
#include "sheet_lab.h"

#include <sys/resource.h>
#include <sys/wait.h>

#include "sheet/strings_p.h"
#include "sheet/zip_p.h"

/* Instruments make everything slower and larger: there the same is done with fewer pieces, and
 * memory says nothing. */
static bool is_instrumented(void)
{
#ifdef __SANITIZE_ADDRESS__
	return true;
#else
	const char *loaded = getenv("LD_PRELOAD");

	return loaded && strstr(loaded, "vgpreload");
#endif
}

static size_t scaled(size_t n)
{
	return is_instrumented() ? n / 20 : n;
}

/* Most memory this process ever had, in MiB. */
static long peak(void)
{
	struct rusage use;

	getrusage(RUSAGE_SELF, &use);
	return use.ru_maxrss / 1024;
}

/* The file is made by a child, so that its memory is not ours. */
static void in_child(void (*make)(size_t), size_t n)
{
	pid_t child = fork();
	int status;

	assert_true(child >= 0);
	if (!child) {
		make(n);
		_exit(0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
}

/* ---- strings ---- */

/* The i-th string of a test: mostly short, some empty, some as long as a cell may be. */
static const char *string_of(size_t i, char out[SHEET_TEXT_MAX + 1])
{
	size_t n = i % 997 == 5 ? SHEET_TEXT_MAX : i % 13;

	memset(out, 'a' + (int)(i % 26), n);
	out[n] = 0;
	if (n > 8)
		snprintf(out, SHEET_TEXT_MAX + 1, "%zu", i);
	if (n == SHEET_TEXT_MAX)
		out[strlen(out)] = '.';
	return out;
}

static void make_strings(size_t n)
{
	char one[SHEET_TEXT_MAX + 1];
	struct buf b;
	size_t i;

	buf_init(&b, SIZE_MAX / 2);
	for (i = 0; i < n; i++)
		buf_addf(&b, "<si><t>%s</t></si>", string_of(i, one));
	lab_book(&(struct lab_book) {.strings = b.data, .rows = ""});
	buf_free(&b);
}

struct strings {
	struct sheet_zip *zip;
	struct sheet_strings *s;
	int fd;
};

static void open_strings(struct strings *t)
{
	struct err_info e;
	int64_t size;

	assert_int_equal(file_open(lab_path, 1 << 30, &t->fd, &size, &e), ERR_OK);
	assert_int_equal(sheet_zip_open(t->fd, size, lab_path, &t->zip, &e), ERR_OK);
	assert_int_equal(
	    sheet_strings_start(t->zip, sheet_zip_find(t->zip, "xl/sharedStrings.xml"), &t->s, &e),
	    ERR_OK);
}

static void close_strings(struct strings *t)
{
	sheet_strings_free(&t->s);
	sheet_zip_close(&t->zip);
	close(t->fd);
}

static void assert_string(struct strings *t, size_t i)
{
	char want[SHEET_TEXT_MAX + 1];
	const char *text;
	size_t len;
	uint8_t hidden;
	bool lasts;

	string_of(i, want);
	assert_int_equal(sheet_strings_get(t->s, (int64_t)i, &text, &len, &hidden, &lasts, NULL),
			 ERR_OK);
	if (strcmp(text, want) != 0)
		fail_msg("string %zu is \"%.40s\", not \"%.40s\"", i, text, want);
	assert_int_equal(len, strlen(want));
}

/* In order, backwards, and jumping between blocks that share a slot of the cache. */
static void assert_strings(struct strings *t, size_t n)
{
	const char *text;
	size_t i, len;
	uint8_t hidden;
	bool lasts;

	for (i = 0; i < n; i++)
		assert_string(t, i);
	assert_int_equal(sheet_strings_wait(t->s, NULL), ERR_OK);
	assert_int_equal(sheet_strings_count(t->s), n);
	for (i = n; i-- > 0;)
		assert_string(t, i);
	for (i = 0; i < n; i++)
		assert_string(t, i * 16411 % n);
	assert_int_equal(sheet_strings_get(t->s, (int64_t)n, &text, &len, &hidden, &lasts, NULL),
			 ERR_INVALID);
	assert_int_equal(sheet_strings_get(t->s, -1, &text, &len, &hidden, &lasts, NULL),
			 ERR_INVALID);
}

static void reads_strings_from_memory_and_file(void **state)
{
	const size_t n = is_instrumented() ? 4000 : 40000;
	size_t usual = sheet_strings_limit;
	struct strings t;

	(void)state;
	in_child(make_strings, n);
	open_strings(&t);
	assert_strings(&t, n);
	assert_false(sheet_strings_spilled(t.s));
	close_strings(&t);
	sheet_strings_limit = 1;
	open_strings(&t);
	assert_strings(&t, n);
	assert_true(sheet_strings_spilled(t.s));
	close_strings(&t);
	sheet_strings_limit = usual;
}

/* Rows whose strings do not last: several of one block, of blocks that drive each other out. */
static void copies_strings_of_a_row(void **state)
{
	size_t usual = sheet_strings_limit, i, n = 40000;
	char one[SHEET_TEXT_MAX + 1];
	struct sheet_reader *r;
	struct sheet_row row;
	struct err_info e;
	struct buf strings, rows;
	bool end;

	(void)state;
	buf_init(&strings, SIZE_MAX / 2);
	buf_init(&rows, SIZE_MAX / 2);
	for (i = 0; i < n; i++)
		buf_addf(&strings, "<si><t>%s</t></si>", string_of(i, one));
	buf_adds(&rows, "<row>");
	for (i = 0; i < 200; i++)
		buf_addf(&rows, "<c t=\"s\"><v>%zu</v></c>", i * 16384 % n);
	buf_adds(&rows, "</row>");
	lab_book(&(struct lab_book) {.strings = strings.data, .rows = rows.data});
	buf_free(&strings);
	buf_free(&rows);
	sheet_strings_limit = 1;
	assert_int_equal(sheet_open(lab_path, &r, &e), ERR_OK);
	assert_int_equal(sheet_next(r, &row, &end, &e), ERR_OK);
	for (i = 0; i < (size_t)row.count; i++)
		assert_string_equal(row.cells[i].text, string_of(i * 16384 % n, one));
	assert_in_range(row.count, 190, 200);
	sheet_close(&r);
	sheet_strings_limit = usual;
}

/* Bytes this process has read so far; -1: the system does not say. */
static long long bytes_read(void)
{
	FILE *f = fopen("/proc/self/io", "r");
	long long n = -1;

	if (!f)
		return -1;
	if (fscanf(f, "rchar: %lld", &n) != 1)
		n = -1;
	fclose(f);
	return n;
}

static void make_longest_strings(size_t n)
{
	char one[SHEET_TEXT_MAX + 1];
	struct buf b;

	memset(one, 'x', SHEET_TEXT_MAX);
	one[SHEET_TEXT_MAX] = 0;
	buf_init(&b, SIZE_MAX / 2);
	while (n--)
		buf_addf(&b, "<si><t>%s</t></si>", one);
	lab_book(&(struct lab_book) {.strings = b.data, .rows = ""});
	buf_free(&b);
}

/* In the worst of orders a string costs about its own length, whatever stands around it. */
static void reads_little_in_a_hostile_order(void **state)
{
	enum { LONGEST = 2 * 256 * 2, ASKED = 3000 };
	size_t usual = sheet_strings_limit, i, len;
	long long before;
	struct strings t;
	const char *text;
	uint8_t hidden;
	bool lasts;

	(void)state;
	if (bytes_read() < 0)
		skip();
	in_child(make_longest_strings, LONGEST);
	sheet_strings_limit = 1;
	open_strings(&t);
	assert_int_equal(sheet_strings_wait(t.s, NULL), ERR_OK);
	before = bytes_read();
	for (i = 0; i < ASKED; i++) {
		int64_t at = (int64_t)(i * 256 + i / 7) % LONGEST;

		assert_int_equal(sheet_strings_get(t.s, at, &text, &len, &hidden, &lasts, NULL),
				 ERR_OK);
		assert_int_equal(len, SHEET_TEXT_MAX);
	}
	assert_true(bytes_read() - before < ASKED * (SHEET_TEXT_MAX + (64LL << 10)));
	close_strings(&t);
	sheet_strings_limit = usual;
}

/* Strings beyond the first piece of their part, and rows that name the last ones first. */
static void make_late_strings(size_t n, const char *after)
{
	struct buf strings, rows;
	size_t i;

	buf_init(&strings, SIZE_MAX / 2);
	buf_init(&rows, SIZE_MAX / 2);
	for (i = 0; i < n; i++) {
		buf_addf(&strings, "<si><t>%zu</t></si>", i);
		buf_addf(&rows, "<row><c t=\"s\"><v>%zu</v></c></row>", n - 1 - i);
	}
	buf_adds(&strings, after);
	lab_book(&(struct lab_book) {.strings = strings.data, .rows = rows.data});
	buf_free(&strings);
	buf_free(&rows);
}

static void waits_for_strings_that_come_late(void **state)
{
	const size_t n = scaled(60000);
	struct sheet_reader *r;
	struct sheet_row row;
	struct err_info e;
	bool end;
	size_t i;

	(void)state;
	make_late_strings(n, "");
	assert_int_equal(sheet_open(lab_path, &r, &e), ERR_OK);
	for (i = n; i-- > 0;) {
		assert_int_equal(sheet_next(r, &row, &end, &e), ERR_OK);
		assert_false(end);
		assert_int_equal(strtoul(row.cells[0].text, NULL, 10), i);
	}
	assert_int_equal(sheet_next(r, &row, &end, &e), ERR_OK);
	assert_true(end);
	sheet_close(&r);
}

/* Rows may come before the fault is met; the end does not. */
static void refuses_strings_that_break_off(void **state)
{
	const size_t n = scaled(60000);
	enum err rc = ERR_OK;
	struct sheet_reader *r;
	struct sheet_row row;
	struct err_info e;
	bool end = false;

	(void)state;
	make_late_strings(n, "<si><t>");
	assert_refused("sheet.broken", "XML");
	lab_book(&(struct lab_book) {.strings = "<si><t>a</t></si><si><t>",
				     .rows = "<row><c t=\"s\"><v>0</v></c></row>"});
	assert_refused("sheet.broken", "XML");
	lab_book(&(struct lab_book) {.strings = "<si><t>a</t></si>",
				     .rows = "<row><c t=\"s\"><v>1</v></c></row>"});
	assert_refused("sheet.broken", "共享文字");
	/* Closed while the strings are still being read. */
	make_late_strings(n, "<si><t>");
	assert_int_equal(sheet_open(lab_path, &r, &e), ERR_OK);
	rc = sheet_next(r, &row, &end, &e);
	assert_true(rc == ERR_OK || rc == ERR_INVALID);
	sheet_close(&r);
}

static void ends_when_it_is_stopped(void **state)
{
	struct sheet_reader *r;
	struct sheet_row row;
	struct err_info e;
	bool end = false;

	(void)state;
	make_late_strings(60000, "");
	assert_int_equal(sheet_open(lab_path, &r, &e), ERR_OK);
	sheet_stop(r);
	assert_int_equal(sheet_next(r, &row, &end, &e), ERR_INVALID);
	assert_string_equal(e.code, "sheet.stopped");
	sheet_close(&r);
}

static void make_many_strings(size_t n)
{
	struct buf b;

	buf_init(&b, SIZE_MAX / 2);
	while (n--)
		buf_adds(&b, "<si><t>x</t></si>");
	lab_book(&(struct lab_book) {.strings = b.data, .rows = ""});
	buf_free(&b);
}

static void counts_ten_million_strings(void **state)
{
	const size_t n = scaled(10000000);
	struct strings t;
	const char *text;
	size_t len;
	uint8_t hidden;
	bool lasts;

	(void)state;
	in_child(make_many_strings, n);
	open_strings(&t);
	assert_int_equal(sheet_strings_wait(t.s, NULL), ERR_OK);
	assert_int_equal(sheet_strings_count(t.s), n);
	assert_int_equal(sheet_strings_spilled(t.s), n > 4000000);
	assert_int_equal(sheet_strings_get(t.s, (int64_t)n - 1, &text, &len, &hidden, &lasts, NULL),
			 ERR_OK);
	assert_string_equal(text, "x");
	close_strings(&t);
	if (!is_instrumented())
		assert_in_range(peak(), 1, 48);
}

/* ---- the whole way ---- */

static void make_buyers(size_t n)
{
	struct buf strings, rows;
	size_t i;

	buf_init(&strings, SIZE_MAX / 2);
	buf_init(&rows, SIZE_MAX / 2);
	for (i = 0; i < n; i++) {
		buf_addf(
		    &strings,
		    "<si><t>%zu 号有限责任公司，名称长到足以占满内存里留给共享文字的那一部分</t></si>",
		    i);
		buf_addf(&rows,
			 "<row r=\"%zu\"><c r=\"A%zu\" t=\"s\"><v>%zu</v></c>"
			 "<c r=\"B%zu\" t=\"s\"><v>0</v></c></row>",
			 i + 1, i + 1, i, i + 1);
	}
	lab_book(&(struct lab_book) {.strings = strings.data, .rows = rows.data});
	buf_free(&strings);
	buf_free(&rows);
}

static void reads_more_strings_than_memory(void **state)
{
	const size_t n = scaled(400000);
	int64_t done = 0, total = 0, before = 0;
	struct sheet_reader *r;
	struct sheet_row row;
	struct err_info e;
	bool end;
	size_t i;

	(void)state;
	in_child(make_buyers, n);
	assert_int_equal(sheet_open(lab_path, &r, &e), ERR_OK);
	for (i = 0; i < n; i++) {
		assert_int_equal(sheet_next(r, &row, &end, &e), ERR_OK);
		assert_false(end);
		if (row.number != (int64_t)i + 1 || row.count != 2 ||
		    strtoul(row.cells[0].text, NULL, 10) != i ||
		    strncmp(row.cells[1].text, "0 号", 4) != 0)
			fail_msg("row %zu: %.60s %.60s", i, row.cells[0].text, row.cells[1].text);
		sheet_progress(r, &done, &total);
		assert_true(done >= before && done <= total);
		before = done;
	}
	assert_int_equal(sheet_next(r, &row, &end, &e), ERR_OK);
	assert_true(end);
	sheet_progress(r, &done, &total);
	assert_int_equal(done, total);
	sheet_close(&r);
	if (!is_instrumented())
		assert_in_range(peak(), 1, 48);
}

static void make_empty_rows(size_t n)
{
	struct buf b;
	size_t i;

	buf_init(&b, SIZE_MAX / 2);
	buf_adds(&b, "<row r=\"1\"><c r=\"A1\"><v>1</v></c></row>");
	for (i = 2; i <= n; i++)
		buf_addf(&b,
			 "<row r=\"%zu\" spans=\"1:9\" ht=\"14.25\" customHeight=\"1\">%s</row>", i,
			 i % 2 ? "<c r=\"A1\" s=\"3\"/>" : "");
	lab_book(&(struct lab_book) {.rows = b.data});
	buf_free(&b);
}

static void passes_over_a_million_empty_rows(void **state)
{
	(void)state;
	in_child(make_empty_rows, scaled(1048576));
	assert_reads("1 n:1\n");
	if (!is_instrumented())
		assert_in_range(peak(), 1, 48);
}

static void make_equal_rows(size_t n)
{
	struct buf b;

	buf_init(&b, SIZE_MAX / 2);
	while (n--)
		buf_adds(&b, "<row><c><v>1</v></c><c><v>1</v></c><c><v>1</v></c><c><v>1</v></c>"
			     "<c><v>1</v></c><c><v>1</v></c><c><v>1</v></c><c><v>1</v></c></row>");
	lab_book(&(struct lab_book) {.rows = b.data});
	buf_free(&b);
}

/* Nothing packs better than rows that are all the same; that is no attack yet. */
static void reads_a_million_equal_rows(void **state)
{
	const size_t n = scaled(1000000);
	struct sheet_reader *r;
	struct sheet_row row;
	struct err_info e;
	bool end = false;
	size_t rows = 0;

	(void)state;
	in_child(make_equal_rows, n);
	assert_int_equal(sheet_open(lab_path, &r, &e), ERR_OK);
	while (sheet_next(r, &row, &end, &e) == ERR_OK && !end)
		rows += row.count == 8;
	assert_true(end);
	assert_int_equal(rows, n);
	assert_int_equal(row.number, (int64_t)n);
	sheet_close(&r);
	if (!is_instrumented())
		assert_in_range(peak(), 1, 48);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(counts_ten_million_strings),
	    cmocka_unit_test(reads_more_strings_than_memory),
	    cmocka_unit_test(passes_over_a_million_empty_rows),
	    cmocka_unit_test(reads_a_million_equal_rows),
	    cmocka_unit_test(reads_strings_from_memory_and_file),
	    cmocka_unit_test(copies_strings_of_a_row),
	    cmocka_unit_test(reads_little_in_a_hostile_order),
	    cmocka_unit_test(waits_for_strings_that_come_late),
	    cmocka_unit_test(refuses_strings_that_break_off),
	    cmocka_unit_test(ends_when_it_is_stopped),
	};

	return cmocka_run_group_tests(tests, lab_begin, lab_end);
}

/* Archives as libzip reads them: names, content, many entries, refused names, no remains. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>
#include <zip.h>

#include "base/base.h"
#include "sheet/archive.h"

static char folder[64], path[96];

static int set_up(void **unused)
{
	(void)unused;
	snprintf(folder, sizeof(folder), "%s/kp-archive-XXXXXX", P_tmpdir);
	assert_non_null(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/a.zip", folder);
	return 0;
}

static int tear_down(void **unused)
{
	(void)unused;
	unlink(path);
	return rmdir(folder); /* nothing else was left there */
}

static void check_entry(zip_t *z, zip_uint64_t i, const char *name, const char *data, size_t n,
			int method)
{
	struct zip_stat st;
	char *got = malloc(n + 1);
	zip_file_t *f;

	assert_int_equal(zip_stat_index(z, i, 0, &st), 0);
	assert_string_equal(st.name, name);
	assert_int_equal(st.size, n);
	if (method >= 0)
		assert_int_equal(st.comp_method, method);
	f = zip_fopen_index(z, i, 0);
	assert_non_null(f);
	assert_int_equal(zip_fread(f, got, n + 1), (zip_int64_t)n);
	assert_memory_equal(got, data, n);
	assert_int_equal(zip_fclose(f), 0); /* the checksum is right */
	free(got);
}

static void test_entries(void **unused)
{
	struct sheet_archive *a;
	struct err_info e = {0};
	char *xml = malloc(100000);
	zip_t *z;
	int fault;

	(void)unused;
	memset(xml, 'x', 100000);
	assert_int_equal(sheet_archive_begin(path, false, &a, &e), ERR_OK);
	assert_int_equal(
	    sheet_archive_add(a, "2026-11/发票（甲）.xml", xml, 100000, true, 1795153087, &e),
	    ERR_OK);
	assert_int_equal(sheet_archive_add(a, "2026-11/发票.pdf", xml, 1000, false, 0, &e), ERR_OK);
	assert_int_equal(sheet_archive_add(a, "空", "", 0, true, 1795153087, &e), ERR_OK);
	assert_true(sheet_archive_size(a) < 3000);
	assert_int_equal(access(path, F_OK), -1);
	assert_int_equal(sheet_archive_end(&a, &e), ERR_OK);
	assert_null(a);
	z = zip_open(path, ZIP_CHECKCONS | ZIP_RDONLY, &fault);
	assert_non_null(z);
	assert_int_equal(zip_get_num_entries(z, 0), 3);
	check_entry(z, 0, "2026-11/发票（甲）.xml", xml, 100000, ZIP_CM_DEFLATE);
	check_entry(z, 1, "2026-11/发票.pdf", xml, 1000, ZIP_CM_STORE);
	check_entry(z, 2, "空", "", 0, ZIP_CM_STORE);
	zip_close(z);
	/* What is there stays, unless it is to be replaced. */
	assert_int_equal(sheet_archive_begin(path, false, &a, &e), ERR_INVALID);
	assert_string_equal(e.code, "file.exists");
	assert_int_equal(sheet_archive_begin(path, true, &a, &e), ERR_OK);
	sheet_archive_drop(&a);
	assert_int_equal(access(path, F_OK), 0);
	free(xml);
}

static void test_many(void **unused)
{
	enum { MANY = 70000 };
	struct sheet_archive *a;
	struct err_info e = {0};
	char name[64];
	zip_t *z;
	int i, fault;

	(void)unused;
	assert_int_equal(sheet_archive_begin(path, false, &a, &e), ERR_OK);
	for (i = 0; i < MANY; i++) {
		snprintf(name, sizeof(name), "f/%06d", i);
		assert_int_equal(sheet_archive_add(a, name, name, 8, false, 0, &e), ERR_OK);
	}
	assert_int_equal(sheet_archive_end(&a, &e), ERR_OK);
	z = zip_open(path, ZIP_CHECKCONS | ZIP_RDONLY, &fault);
	assert_non_null(z);
	assert_int_equal(zip_get_num_entries(z, 0), MANY);
	check_entry(z, MANY - 1, "f/069999", "f/069999", 8, -1);
	check_entry(z, 1234, "f/001234", "f/001234", 8, -1);
	zip_close(z);
}

static void test_names(void **unused)
{
	static const char *const bad[] = {"",    "/a",  "../a", "a/../b", "a\\b", "a//b",
					  "./a", "a/.", "..",   "\xff",   "a/.."};
	struct sheet_archive *a;
	struct err_info e = {0};
	size_t i;

	(void)unused;
	assert_int_equal(sheet_archive_begin(path, false, &a, &e), ERR_OK);
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(sheet_archive_add(a, bad[i], "x", 1, false, 0, &e), ERR_INTERNAL);
	assert_int_equal(sheet_archive_add(a, "..a/b..", "x", 1, false, 0, &e), ERR_OK);
	assert_int_equal(sheet_archive_end(&a, &e), ERR_OK);
}

static void test_dropped(void **unused)
{
	struct sheet_archive *a;
	struct err_info e = {0};

	(void)unused;
	assert_int_equal(sheet_archive_begin(path, false, &a, &e), ERR_OK);
	assert_int_equal(sheet_archive_add(a, "a", "x", 1, false, 0, &e), ERR_OK);
	sheet_archive_drop(&a);
	assert_int_equal(access(path, F_OK), -1);
}

#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
int main(void)
{
	const struct CMUnitTest tests[] = {T(test_entries), T(test_many), T(test_names),
					   T(test_dropped)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

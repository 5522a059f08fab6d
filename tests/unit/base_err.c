/* Errors: words are cut at whole characters, classes have stable names, errno has its class. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/err.h"
#include "base/text.h"

static void fills_every_field(void **state)
{
	struct err_info e;
	enum err rc;

	(void)state;
	memset(&e, 'x', sizeof(e));
	rc = err_fail(&e, ERR_INVALID, "amount.overflow", "第 3 行金额", "超过 %d 位", 18);
	assert_int_equal(rc, ERR_INVALID);
	assert_int_equal(e.class, ERR_INVALID);
	assert_string_equal(e.code, "amount.overflow");
	assert_string_equal(e.what, "第 3 行金额");
	assert_string_equal(e.why, "超过 18 位");
	assert_string_equal(e.field, "");
	assert_string_equal(e.hint, "");
	assert_string_equal(e.detail, "");
	err_field(&e, "lines[%d].amount", 2);
	err_hint(&e, "请改为 %s", "较小的数");
	err_detail(&e, "v=%ld", 5L);
	assert_string_equal(e.field, "lines[2].amount");
	assert_string_equal(e.hint, "请改为 较小的数");
	assert_string_equal(e.detail, "v=5");
	err_clear(&e);
	assert_int_equal(e.class, ERR_OK);
	assert_string_equal(e.why, "");
}

static void null_loses_only_words(void **state)
{
	char out[8] = "x";

	(void)state;
	assert_int_equal(err_fail(NULL, ERR_BUSY, "a", "b", "c"), ERR_BUSY);
	assert_int_equal(err_errno(NULL, ENOSPC, "x"), ERR_DAMAGED);
	err_field(NULL, "x");
	err_hint(NULL, "x");
	err_detail(NULL, "x");
	err_clear(NULL);
	assert_string_equal(err_sentence(NULL, out, sizeof(out)), "");
}

static void sentence_joins_what_is_there(void **state)
{
	struct err_info e;
	char out[256];

	(void)state;
	err_fail(&e, ERR_INVALID, "x", "税率", "不能为空");
	assert_string_equal(err_sentence(&e, out, sizeof(out)), "税率：不能为空");
	err_hint(&e, "请填写");
	assert_string_equal(err_sentence(&e, out, sizeof(out)), "税率：不能为空（请填写）");
	err_fail(&e, ERR_INVALID, "x", "", "不能为空");
	assert_string_equal(err_sentence(&e, out, sizeof(out)), "不能为空");
	err_fail(&e, ERR_INVALID, "x", NULL, "不能为空");
	assert_string_equal(e.what, "");
}

/* Every length of the output leaves valid UTF-8 that is a prefix of the whole. */
static void cuts_at_whole_characters(void **state)
{
	struct err_info e;
	char whole[2048], out[2048], pad[64];
	size_t size, i;

	(void)state;
	err_fail(&e, ERR_INVALID, "x", "a税率", "é不能为空𠀀end");
	err_hint(&e, "请填写");
	err_sentence(&e, whole, sizeof(whole));
	for (size = 1; size <= strlen(whole) + 1; size++) {
		err_sentence(&e, out, size);
		assert_true(strlen(out) < size);
		assert_true(strlen(out) + 4 >= size || size > strlen(whole));
		assert_true(text_valid(out, strlen(out)));
		assert_memory_equal(out, whole, strlen(out));
	}
	for (i = 0; i < 3; i++) {
		memset(pad, 'a', i);
		pad[i] = 0;
		err_fail(&e, ERR_INVALID, "x", "x", "%s%0*d%s", pad, 636, 0, "税税税");
		assert_true(text_valid(e.why, strlen(e.why)));
		assert_in_range(strlen(e.why), 636, sizeof(e.why) - 1);
	}
}

static void names_of_classes_are_stable(void **state)
{
	static const char *const NAMES[] = {"ok",      "internal", "usage",  "invalid", "refused",
					    "unknown", "busy",     "denied", "damaged"};

	(void)state;
	for (int i = 0; i < 9; i++)
		assert_string_equal(err_class_name((enum err)i), NAMES[i]);
	assert_string_equal(err_class_name((enum err)99), "internal");
	assert_string_equal(err_class_name((enum err) - 1), "internal");
}

static void errno_of_the_disk_is_damage(void **state)
{
	static const int DISK[] = {ENOSPC, EDQUOT, EROFS, EIO, EFBIG};
	struct err_info e;

	(void)state;
	for (size_t i = 0; i < sizeof(DISK) / sizeof(DISK[0]); i++) {
		assert_int_equal(err_errno(&e, DISK[i], "写文件"), ERR_DAMAGED);
		assert_string_equal(e.what, "写文件");
		assert_true(e.why[0] && e.hint[0]);
	}
	err_errno(&e, ENOSPC, "写文件");
	assert_string_equal(e.code, "disk.full");
	assert_int_equal(err_errno(&e, EBADF, "x"), ERR_INTERNAL);
	assert_non_null(strstr(e.why, "Bad file descriptor"));
	assert_int_equal(e.class, ERR_INTERNAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(fills_every_field),
	    cmocka_unit_test(null_loses_only_words),
	    cmocka_unit_test(sentence_joins_what_is_there),
	    cmocka_unit_test(cuts_at_whole_characters),
	    cmocka_unit_test(names_of_classes_are_stable),
	    cmocka_unit_test(errno_of_the_disk_is_damage),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

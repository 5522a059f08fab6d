/* Buffers: content, the maximum, failure that sticks, ownership. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"

static void grows_and_stays_a_string(void **state)
{
	struct buf b;
	char big[5000];

	(void)state;
	buf_init(&b, 100000);
	assert_string_equal(buf_str(&b), "");
	buf_adds(&b, "ab");
	buf_addc(&b, 'c');
	buf_addf(&b, "%d-%s", 42, "x");
	buf_adds(&b, NULL);
	assert_string_equal(buf_str(&b), "abc42-x");
	assert_int_equal(b.len, 7);
	memset(big, 'y', sizeof(big) - 1);
	big[sizeof(big) - 1] = 0;
	buf_addf(&b, "%s", big);
	assert_int_equal(b.len, 7 + sizeof(big) - 1);
	assert_int_equal(b.data[b.len], 0);
	assert_string_equal(b.data + 7, big);
	buf_add(&b, "\0z", 2);
	assert_int_equal(b.data[b.len - 1], 'z');
	assert_int_equal(b.data[b.len], 0);
	buf_free(&b);
}

static void maximum_is_exact(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, 5);
	buf_adds(&b, "12345");
	assert_false(b.failed);
	assert_string_equal(buf_str(&b), "12345");
	buf_add(&b, "", 0);
	assert_false(b.failed);
	buf_addc(&b, '6');
	assert_true(b.failed);
	assert_null(b.data);
	assert_string_equal(buf_str(&b), "");
	buf_adds(&b, "x");
	buf_addf(&b, "%d", 1);
	assert_true(b.failed);
	assert_null(buf_detach(&b));
	buf_reset(&b);
	buf_adds(&b, "ok");
	assert_string_equal(buf_str(&b), "ok");
	buf_free(&b);
}

static void formatting_meets_the_maximum(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, 5);
	buf_addf(&b, "%s", "12345");
	assert_string_equal(buf_str(&b), "12345");
	buf_reset(&b);
	buf_addf(&b, "%s", "123456"); /* fits the memory, not the maximum */
	assert_true(b.failed);
	buf_free(&b);
	buf_init(&b, 100);
	buf_addf(&b, "%0200d", 1);
	assert_true(b.failed);
	buf_free(&b);
}

static void huge_sizes_fail_cleanly(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, SIZE_MAX);
	buf_addc(&b, 'x');
	buf_add(&b, "x", SIZE_MAX / 2);
	assert_true(b.failed);
	buf_free(&b);
}

static void detach_hands_over(void **state)
{
	struct buf b;
	char *s;

	(void)state;
	buf_init(&b, 10);
	s = buf_detach(&b);
	assert_string_equal(s, "");
	free(s);
	buf_adds(&b, "abc");
	s = buf_detach(&b);
	assert_string_equal(s, "abc");
	free(s);
	assert_int_equal(b.len, 0);
	assert_string_equal(buf_str(&b), "");
	buf_adds(&b, "d");
	assert_string_equal(buf_str(&b), "d");
	buf_free(&b);
}

static void memory_helpers(void **state)
{
	char *s, *slot = NULL;
	unsigned char *z;

	(void)state;
	s = mem_strdup(NULL);
	assert_string_equal(s, "");
	free(s);
	s = mem_strndup("abc", 2);
	assert_string_equal(s, "ab");
	free(s);
	s = mem_strndup("abc", 9);
	assert_string_equal(s, "abc");
	free(s);
	z = mem_zalloc(16);
	for (int i = 0; i < 16; i++)
		assert_int_equal(z[i], 0);
	free(z);
	free(mem_alloc(0));
	mem_set(&slot, "one");
	assert_string_equal(slot, "one");
	mem_set(&slot, slot + 1); /* the new value may lie inside the old */
	assert_string_equal(slot, "ne");
	mem_set(&slot, NULL);
	assert_string_equal(slot, "");
	free(slot);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(grows_and_stays_a_string),
	    cmocka_unit_test(maximum_is_exact),
	    cmocka_unit_test(formatting_meets_the_maximum),
	    cmocka_unit_test(huge_sizes_fail_cleanly),
	    cmocka_unit_test(detach_hands_over),
	    cmocka_unit_test(memory_helpers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

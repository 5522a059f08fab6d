/* What an answer repeats of secrets and of a message is hidden. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "post/post_p.h"

static void heard(struct buf *b, const char *text)
{
	buf_reset(b);
	buf_add(b, text, strlen(text));
}

static void test_words(void **unused)
{
	struct buf b;

	(void)unused;
	buf_init(&b, 4096);
	heard(&b, "535 hunter22 is wrong, hunter22hunter22");
	hide_word(&b, "hunter22", 8);
	assert_string_equal(buf_str(&b), "535 *** is wrong, ******");
	heard(&b, "cut off in hunte");
	hide_word(&b, "hunter22", 8);
	assert_string_equal(buf_str(&b), "cut off in ***");
	heard(&b, "250 abc");
	hide_word(&b, "abc", 3);
	assert_string_equal(buf_str(&b), "250 abc");
	hide_word(&b, "much longer than what was heard", 31);
	assert_string_equal(buf_str(&b), "250 abc");
	buf_reset(&b);
	hide_word(&b, "hunter22", 8);
	assert_int_equal(b.len, 0);
	buf_free(&b);
}

static void test_echo(void **unused)
{
	static const char LETTER[] = "the words of a letter nobody else may read";
	struct buf b, coded;

	(void)unused;
	buf_init(&b, 4096);
	buf_init(&coded, 4096);
	heard(&b, "250 words of a letter: queued as 7");
	hide_echo(&b, LETTER, strlen(LETTER));
	assert_string_equal(buf_str(&b), "250***: queued as 7");
	hide_base64(LETTER, strlen(LETTER), &coded);
	heard(&b, buf_str(&coded));
	hide_echo(&b, LETTER, strlen(LETTER));
	assert_string_equal(buf_str(&b), "***");
	heard(&b, "250 ok");
	hide_echo(&b, LETTER, strlen(LETTER));
	hide_echo(&b, "", 0);
	assert_string_equal(buf_str(&b), "250 ok");
	buf_free(&b);
	buf_free(&coded);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_words),
					   cmocka_unit_test(test_echo)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

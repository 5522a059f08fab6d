/* leqi_cipher - SM4-ECB, PKCS#7, base64: vectors of GB/T 32907 and texts of every length. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "leqi/leqi.h"

static const char KEY[] = "0123456789abcdeffedcba9876543210";

static void key_of(unsigned char key[LEQI_KEY])
{
	assert_true(leqi_key_parse(KEY, key));
}

static void seals_known_texts(void **state)
{
	static const char *const PAIRS[][2] = {
	    {"{\"nsrsbh\":\"91110000TEST000001\"}", "PqMQ7vtTY8XA02/XhKJpZ+MfsTotBlL9H+ZkrPArofo="},
	    {"{\"returncode\":\"00\",\"returnmsg\":\"成功\","
	     "\"sllsh\":\"00000000000000000000000000000001\"}",
	     "pjJcxQs6RaLuqi8Uea4mkizork/J0TEZIwfNUmPkThHXg+I3IsweLEmmKVMPrEtNSjhMoigRfAhyQWVzUpt"
	     "Ei1QgfEjlAer2"
	     "LD71M330TrNIYicucKRL/izzkMph2aBl"},
	};
	unsigned char key[LEQI_KEY];

	(void)state;
	key_of(key);
	for (size_t i = 0; i < 2; i++) {
		struct buf sealed, plain;

		buf_init(&sealed, 4096);
		buf_init(&plain, 4096);
		assert_int_equal(leqi_seal(key, PAIRS[i][0], strlen(PAIRS[i][0]), &sealed), ERR_OK);
		assert_string_equal(buf_str(&sealed), PAIRS[i][1]);
		assert_int_equal(leqi_unseal(key, PAIRS[i][1], strlen(PAIRS[i][1]), &plain),
				 ERR_OK);
		assert_string_equal(buf_str(&plain), PAIRS[i][0]);
		buf_free(&sealed);
		buf_free(&plain);
	}
}

/* The block of the standard: its cipher text is the first block of ours. */
static void block_of_the_standard(void **state)
{
	static const char *const BASE64 = "aB7fNNIGll6Gs+lPU25CRg";
	unsigned char key[LEQI_KEY];
	struct buf sealed;

	(void)state;
	key_of(key);
	buf_init(&sealed, 256);
	assert_int_equal(leqi_seal(key, key, LEQI_KEY, &sealed), ERR_OK);
	/* 21 characters of base64 cover 15.75 of the 16 bytes. */
	assert_int_equal(strncmp(buf_str(&sealed), BASE64, 21), 0);
	buf_free(&sealed);
}

static void every_length_comes_back(void **state)
{
	static const size_t LENGTHS[] = {0,  1,  2,  3,    15,    16,    17,    31,    32,    33,
					 47, 48, 49, 4095, 49151, 49152, 49153, 98304, 200001};
	unsigned char key[LEQI_KEY];

	(void)state;
	key_of(key);
	for (size_t i = 0; i < sizeof(LENGTHS) / sizeof(LENGTHS[0]); i++) {
		char *text = malloc(LENGTHS[i] + 1);
		struct buf sealed, plain;

		for (size_t k = 0; k < LENGTHS[i]; k++)
			text[k] = (char)(k * 7 + i);
		buf_init(&sealed, 1 << 20);
		buf_init(&plain, 1 << 20);
		assert_int_equal(leqi_seal(key, text, LENGTHS[i], &sealed), ERR_OK);
		assert_int_equal(sealed.len % 4, 0);
		assert_int_equal(leqi_unseal(key, sealed.data, sealed.len, &plain), ERR_OK);
		assert_int_equal(plain.len, LENGTHS[i]);
		assert_memory_equal(buf_str(&plain), text, LENGTHS[i]);
		buf_free(&sealed);
		buf_free(&plain);
		free(text);
	}
}

static void damaged_texts_are_refused(void **state)
{
	static const char *const BAD[] = {
	    "",
	    "PqMQ7vtTY8XA02/XhKJpZ+MfsTotBlL9H+ZkrPArofo",  /* padding lost */
	    "PqMQ7vtTY8XA02_XhKJpZ-MfsTotBlL9H-ZkrPArofo=", /* another alphabet */
	    "PqMQ7vtTY8XA02/XhKJpZ+MfsTotBlL9H+ZkrPArofo=A",
	    "PqMQ7vtTY8XA02/XhKJpZ%2BMfsTotBlL9H%2BZkrPArofo=",
	    "PqMQ7vtTY8XA02/XhKJpZ+MfsTot",                 /* no whole block */
	    "PqMQ7vtTY8XA02/XhKJpZ+MfsTotBlL9H+ZkrPBrofo=", /* last block changed */
	    "====",
	};
	unsigned char key[LEQI_KEY];

	(void)state;
	key_of(key);
	for (size_t i = 0; i < sizeof(BAD) / sizeof(BAD[0]); i++) {
		struct buf plain;

		buf_init(&plain, 4096);
		if (leqi_unseal(key, BAD[i], strlen(BAD[i]), &plain) != ERR_INVALID)
			fail_msg("taken: %s", BAD[i]);
		buf_free(&plain);
	}
}

static void white_space_is_ignored(void **state)
{
	static const char *const TEXT = " PqMQ7vtTY8XA02/XhKJp\r\nZ+MfsTotBlL9H+Zk\trPArofo=\n";
	unsigned char key[LEQI_KEY];
	struct buf plain;

	(void)state;
	key_of(key);
	buf_init(&plain, 4096);
	assert_int_equal(leqi_unseal(key, TEXT, strlen(TEXT), &plain), ERR_OK);
	assert_string_equal(buf_str(&plain), "{\"nsrsbh\":\"91110000TEST000001\"}");
	buf_free(&plain);
}

static void keys_are_32_hex_digits(void **state)
{
	unsigned char key[LEQI_KEY], upper[LEQI_KEY];

	(void)state;
	assert_true(leqi_key_parse(KEY, key));
	assert_true(leqi_key_parse("0123456789ABCDEFFEDCBA9876543210", upper));
	assert_memory_equal(key, upper, LEQI_KEY);
	assert_int_equal(key[1], 0x23);
	assert_false(leqi_key_parse(NULL, key));
	assert_false(leqi_key_parse("", key));
	assert_false(leqi_key_parse("0123456789abcdeffedcba987654321", key));
	assert_false(leqi_key_parse("0123456789abcdeffedcba98765432100", key));
	assert_false(leqi_key_parse("0123456789abcdeffedcba987654321g", key));
	assert_memory_equal(key, upper, LEQI_KEY);
}

int main(void)
{
	static const struct CMUnitTest TESTS[] = {
	    cmocka_unit_test(seals_known_texts),       cmocka_unit_test(block_of_the_standard),
	    cmocka_unit_test(every_length_comes_back), cmocka_unit_test(damaged_texts_are_refused),
	    cmocka_unit_test(white_space_is_ignored),  cmocka_unit_test(keys_are_32_hex_digits),
	};

	return cmocka_run_group_tests(TESTS, NULL, NULL);
}

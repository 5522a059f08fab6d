/* Secrets: the key file, sealing, tampering, hashes, randomness. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"
#include "base/secret.h"
#include "base/text.h"

static const unsigned char KEY[SECRET_KEY] = "0123456789abcdef0123456789abcde";

static void check_open_fails(const unsigned char *key, const char *context, const char *sealed)
{
	unsigned char *out = (unsigned char *)1;
	size_t n = 7;
	struct err_info e;

	assert_int_equal(secret_open(key, context, sealed, &out, &n, &e), ERR_DAMAGED);
	assert_true(out == (unsigned char *)1 && n == 7);
	assert_true(e.why[0] && e.hint[0]);
}

static void seals_and_opens(void **state)
{
	static const size_t SIZES[] = {0, 1, 2, 3, 16, 31, 32, 1000, 100000};

	(void)state;
	for (size_t i = 0; i < sizeof(SIZES) / sizeof(SIZES[0]); i++) {
		unsigned char *plain = malloc(SIZES[i] + 1), *back;
		char *sealed, *again;
		size_t n;

		random_bytes(plain, SIZES[i] + 1);
		assert_int_equal(secret_seal(KEY, "unit:1", plain, SIZES[i], &sealed, NULL),
				 ERR_OK);
		assert_memory_equal(sealed, "v1:", 3);
		assert_int_equal(secret_seal(KEY, "unit:1", plain, SIZES[i], &again, NULL), ERR_OK);
		assert_string_not_equal(sealed, again); /* a fresh nonce each time */
		assert_int_equal(secret_open(KEY, "unit:1", sealed, &back, &n, NULL), ERR_OK);
		assert_int_equal(n, SIZES[i]);
		assert_memory_equal(back, plain, n);
		assert_int_equal(back[n], 0);
		free(plain);
		free(back);
		free(sealed);
		free(again);
	}
}

static void any_change_is_noticed(void **state)
{
	unsigned char other[SECRET_KEY];
	char *sealed;
	size_t len;

	(void)state;
	assert_int_equal(secret_seal(KEY, "unit:1", "0123456789abcdef", 16, &sealed, NULL), ERR_OK);
	check_open_fails(KEY, "unit:2", sealed);
	check_open_fails(KEY, "", sealed);
	memcpy(other, KEY, sizeof(other));
	other[31] ^= 1;
	check_open_fails(other, "unit:1", sealed);
	len = strlen(sealed);
	for (size_t i = 0; i < len; i++) {
		char old = sealed[i];

		sealed[i] = old == 'A' ? 'B' : 'A';
		if (sealed[len - 1] == '=' && i == len - 2)
			; /* unused bits of the last group may not change the bytes */
		else
			check_open_fails(KEY, "unit:1", sealed);
		sealed[i] = old;
	}
	for (; len; len--) {
		sealed[len - 1] = 0;
		check_open_fails(KEY, "unit:1", sealed);
	}
	free(sealed);
	check_open_fails(KEY, "unit:1", NULL);
	check_open_fails(KEY, "unit:1", "v2:AAAA");
	check_open_fails(KEY, "unit:1", "v1:====");
	check_open_fails(KEY, "unit:1", "v1:!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!");
}

static void key_file(void **state)
{
	char dir[] = P_tmpdir "/kp-secret-XXXXXX", path[64];
	unsigned char key[SECRET_KEY], again[SECRET_KEY];
	struct err_info e;
	struct stat st;

	(void)state;
	assert_non_null(mkdtemp(dir));
	file_join(path, sizeof(path), dir, "key");
	memset(key, 0, sizeof(key));
	assert_int_equal(secret_load(path, 0, key, &e), ERR_DAMAGED);
	assert_string_equal(e.code, "secret.key_missing");
	assert_int_equal(secret_load(path, 1, key, &e), ERR_OK);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_int_equal(st.st_size, SECRET_KEY);
	assert_int_equal(secret_load(path, 1, again, &e), ERR_OK);
	assert_memory_equal(key, again, SECRET_KEY);
	chmod(path, 0644);
	assert_int_equal(secret_load(path, 1, again, &e), ERR_DENIED);
	assert_non_null(strstr(e.hint, "chmod 600"));
	assert_int_equal(file_write(path, "short", 5, 0600, NULL), ERR_OK);
	assert_int_equal(secret_load(path, 1, again, &e), ERR_DAMAGED);
	assert_memory_equal(key, again, SECRET_KEY); /* untouched by failures */
	unlink(path);
	rmdir(dir);
}

static void wiping(void **state)
{
	unsigned char key[SECRET_KEY];

	(void)state;
	memcpy(key, KEY, sizeof(key));
	secret_wipe(key, sizeof(key));
	for (size_t i = 0; i < sizeof(key); i++)
		assert_int_equal(key[i], 0);
}

static void hashes(void **state)
{
	char out[HASH_TEXT];

	(void)state;
	hash_sha256("", 0, out);
	assert_string_equal(out,
			    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
	hash_sha256("abc", 3, out);
	assert_string_equal(out,
			    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

static void randomness(void **state)
{
	char a[UUID_TEXT], b[UUID_TEXT];
	unsigned seen[7] = {0};
	unsigned char big[10000] = {0};
	size_t zeros = 0;

	(void)state;
	random_uuid(a);
	random_uuid(b);
	assert_int_equal(strlen(a), 32);
	assert_int_equal(strspn(a, "0123456789abcdef"), 32);
	assert_string_not_equal(a, b);
	assert_int_equal(random_below(0), 0);
	assert_int_equal(random_below(1), 0);
	for (int i = 0; i < 70000; i++)
		seen[random_below(7)]++;
	for (int i = 0; i < 7; i++)
		assert_in_range(seen[i], 9400, 10600);
	assert_true(random_below(UINT32_MAX) < UINT32_MAX);
	random_bytes(big, sizeof(big));
	for (size_t i = 0; i < sizeof(big); i++)
		zeros += !big[i];
	assert_in_range(zeros, 5, 120);
}

/* N6: the key file of the home, else a credential, else the file that is named. */
static void places(void **state)
{
	char dir[] = P_tmpdir "/kp-secret-XXXXXX", own[64], folder[64], credential[80], other[64];
	char out[SECRET_PATH];
	unsigned char key[SECRET_KEY], again[SECRET_KEY];
	struct err_info e = {0};

	(void)state;
	assert_non_null(mkdtemp(dir));
	snprintf(own, sizeof(own), "%s/secret.key", dir);
	snprintf(folder, sizeof(folder), "%s/cred", dir);
	snprintf(credential, sizeof(credential), "%s/kaipiao-key", folder);
	snprintf(other, sizeof(other), "%s/other.key", dir);
	unsetenv("CREDENTIALS_DIRECTORY");
	unsetenv("KAIPIAO_KEY_FILE");
	assert_int_equal(secret_place(own, out), SECRET_OWN);
	assert_string_equal(out, own);
	setenv("KAIPIAO_KEY_FILE", other, 1);
	assert_int_equal(secret_place(own, out), SECRET_ELSEWHERE);
	assert_string_equal(out, other);
	assert_int_equal(secret_load(own, 1, key, &e), ERR_OK); /* made there */
	assert_int_equal(access(own, F_OK), -1);
	assert_int_equal(access(other, F_OK), 0);
	setenv("CREDENTIALS_DIRECTORY", folder, 1);
	assert_int_equal(secret_place(own, out), SECRET_ELSEWHERE); /* no credential there */
	assert_int_equal(mkdir(folder, 0700), 0);
	assert_int_equal(rename(other, credential), 0);
	assert_int_equal(chmod(credential, 0440), 0); /* as systemd shows them */
	assert_int_equal(secret_place(own, out), SECRET_CREDENTIAL);
	assert_int_equal(secret_load(own, 0, again, &e), ERR_OK);
	assert_memory_equal(key, again, SECRET_KEY);
	assert_int_equal(chmod(credential, 0444), 0);
	assert_int_equal(secret_load(own, 0, again, &e), ERR_DENIED);
	unsetenv("CREDENTIALS_DIRECTORY");
	unsetenv("KAIPIAO_KEY_FILE");
	assert_int_equal(secret_load(own, 1, again, &e), ERR_OK);
	setenv("CREDENTIALS_DIRECTORY", folder, 1);
	assert_int_equal(secret_place(own, out), SECRET_OWN); /* its own goes first */
	unsetenv("CREDENTIALS_DIRECTORY");
	unlink(own);
	unlink(credential);
	rmdir(folder);
	rmdir(dir);
}

static void passphrase(void **state)
{
	unsigned char *key = secret_alloc(SECRET_KEY), back[SECRET_KEY];
	struct err_info e = {0};
	char *text, *again;

	(void)state;
	for (size_t i = 0; i < SECRET_KEY; i++)
		assert_int_equal(key[i], 0);
	random_bytes(key, SECRET_KEY);
	assert_int_equal(secret_wrap("通关口令 42", key, &text, &e), ERR_OK);
	assert_int_equal(secret_wrap("通关口令 42", key, &again, &e), ERR_OK);
	assert_string_not_equal(text, again); /* its own salt */
	assert_int_equal(secret_unwrap("通关口令 42", text, back, &e), ERR_OK);
	assert_memory_equal(key, back, SECRET_KEY);
	assert_int_equal(secret_unwrap("通关口令 43", text, back, &e), ERR_INVALID);
	assert_string_equal(e.code, "secret.passphrase");
	text[10] = text[10] == '0' ? '1' : '0'; /* of the salt */
	assert_int_equal(secret_unwrap("通关口令 42", text, back, &e), ERR_INVALID);
	assert_int_equal(secret_unwrap("通关口令 42", "k1:short", back, &e), ERR_INVALID);
	assert_int_equal(secret_unwrap("通关口令 42", "", back, &e), ERR_INVALID);
	free(text);
	free(again);
	secret_free(key, SECRET_KEY);
	secret_free(NULL, SECRET_KEY);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(seals_and_opens), cmocka_unit_test(any_change_is_noticed),
	    cmocka_unit_test(key_file),        cmocka_unit_test(wiping),
	    cmocka_unit_test(hashes),          cmocka_unit_test(randomness),
	    cmocka_unit_test(places),          cmocka_unit_test(passphrase),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

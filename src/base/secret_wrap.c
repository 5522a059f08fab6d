/* secret_wrap.c - a key under a passphrase, for a backup that has to be opened elsewhere. */
#include <openssl/evp.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/secret.h"

/* scrypt: 2^15 * 8 * 128 bytes, 32 MiB, a tenth of a second. */
enum { SALT = 16, COST = 1 << 15, BLOCKS = 8, LANES = 1, MEMORY = 64 << 20, SALT_TEXT = SALT * 2 };
static const char WRAP_PREFIX[] = "k1:", WRAP_CONTEXT[] = "home-key";

static bool derive(const char *passphrase, const char *salt, unsigned char key[SECRET_KEY])
{
	return EVP_PBE_scrypt(passphrase, strlen(passphrase), (const unsigned char *)salt,
			      SALT_TEXT, COST, BLOCKS, LANES, MEMORY, key, SECRET_KEY) == 1;
}

enum err secret_wrap(const char *passphrase, const unsigned char key[SECRET_KEY], char **out,
		     struct err_info *e)
{
	unsigned char *own = secret_alloc(SECRET_KEY);
	char salt[UUID_TEXT], *sealed = NULL;
	size_t n = sizeof(WRAP_PREFIX) - 1;
	enum err r;

	random_uuid(salt);
	if (!derive(passphrase, salt, own))
		r = err_fail(e, ERR_INTERNAL, "secret.wrap", "密封", "口令不能用来加密");
	else
		r = secret_seal(own, WRAP_CONTEXT, key, SECRET_KEY, &sealed, e);
	secret_free(own, SECRET_KEY);
	if (r)
		return r;
	*out = mem_alloc(n + SALT_TEXT + strlen(sealed) + 1);
	memcpy(*out, WRAP_PREFIX, n);
	memcpy(*out + n, salt, SALT_TEXT);
	memcpy(*out + n + SALT_TEXT, sealed, strlen(sealed) + 1);
	free(sealed);
	return ERR_OK;
}

enum err secret_unwrap(const char *passphrase, const char *wrapped, unsigned char key[SECRET_KEY],
		       struct err_info *e)
{
	size_t prefix = sizeof(WRAP_PREFIX) - 1, n = 0;
	unsigned char *own, *plain = NULL;
	bool good = false;

	if (strncmp(wrapped, WRAP_PREFIX, prefix) != 0 || strlen(wrapped) <= prefix + SALT_TEXT)
		return err_fail(e, ERR_INVALID, "secret.wrapped", "密封的密钥", "格式不正确");
	own = secret_alloc(SECRET_KEY);
	if (derive(passphrase, wrapped + prefix, own) &&
	    !secret_open(own, WRAP_CONTEXT, wrapped + prefix + SALT_TEXT, &plain, &n, NULL))
		good = n == SECRET_KEY;
	if (good)
		memcpy(key, plain, SECRET_KEY);
	if (plain)
		secret_wipe(plain, n);
	free(plain);
	secret_free(own, SECRET_KEY);
	if (good)
		return ERR_OK;
	err_fail(e, ERR_INVALID, "secret.passphrase", "口令", "口令不对，密封的密钥打不开");
	err_hint(e, "请用备份时的口令");
	return ERR_INVALID;
}

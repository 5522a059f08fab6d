#include "base/secret.h"

#include <errno.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <openssl/rand.h>
#include <openssl/sha.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"

enum { NONCE = 12, TAG = 16, HEAD = NONCE + TAG, SEAL_MAX = 1 << 20 };

static const char SEAL_PREFIX[] = "v1:";

/* ---- the key file ---- */

static enum err make_key(const char *path, unsigned char key[SECRET_KEY], struct err_info *e)
{
	unsigned char fresh[SECRET_KEY];
	enum err rc;

	random_bytes(fresh, sizeof(fresh));
	rc = file_write(path, fresh, sizeof(fresh), 0600, e);
	if (!rc)
		memcpy(key, fresh, sizeof(fresh));
	secret_wipe(fresh, sizeof(fresh));
	return rc;
}

static enum err read_key(const char *path, unsigned char key[SECRET_KEY], struct err_info *e)
{
	char *data;
	size_t n;
	enum err rc = file_read(path, 4096, &data, &n, e);

	if (rc)
		return rc;
	if (n == SECRET_KEY) {
		memcpy(key, data, SECRET_KEY);
	} else {
		rc = err_fail(e, ERR_DAMAGED, "secret.key_size", path,
			      "密钥文件应为 %d 字节，实际 %zu 字节", SECRET_KEY, n);
		err_hint(e, "请从备份恢复密钥文件");
	}
	secret_wipe(data, n);
	free(data);
	return rc;
}

enum secret_source secret_place(const char *path, char out[SECRET_PATH])
{
	const char *folder = getenv("CREDENTIALS_DIRECTORY"), *file = getenv("KAIPIAO_KEY_FILE");

	snprintf(out, SECRET_PATH, "%s", path);
	if (file_exists(path))
		return SECRET_OWN;
	if (folder && *folder) {
		snprintf(out, SECRET_PATH, "%s/kaipiao-key", folder);
		if (file_exists(out))
			return SECRET_CREDENTIAL;
	}
	if (file && *file) {
		snprintf(out, SECRET_PATH, "%s", file);
		return SECRET_ELSEWHERE;
	}
	snprintf(out, SECRET_PATH, "%s", path);
	return SECRET_OWN;
}

enum err secret_load(const char *own, int create, unsigned char key[SECRET_KEY], struct err_info *e)
{
	char path[SECRET_PATH];
	/* systemd lets the service's account read a credential by an access list, which shows as
	 * rights of the group. */
	mode_t others = secret_place(own, path) == SECRET_CREDENTIAL ? 007 : 077;
	struct stat st;

	if (stat(path, &st) != 0) {
		if (create)
			return make_key(path, key, e);
		err_fail(e, ERR_DAMAGED, "secret.key_missing", path, "密钥文件不存在");
		err_hint(e, "请从备份恢复密钥文件；密钥放在别处时用 KAIPIAO_KEY_FILE 指定");
		return ERR_DAMAGED;
	}
	if (st.st_mode & others) {
		err_fail(e, ERR_DENIED, "secret.key_open", path,
			 "密钥文件可被其他用户读取（权限 %03o）", (unsigned)st.st_mode & 0777);
		err_hint(e, "请执行 chmod 600 %s", path);
		return ERR_DENIED;
	}
	return read_key(path, key, e);
}

/* ---- sealing ---- */

static bool gcm_seal(const unsigned char key[SECRET_KEY], const char *context,
		     const unsigned char *plain, int n, unsigned char *blob)
{
	EVP_CIPHER_CTX *c = EVP_CIPHER_CTX_new();
	int len, context_len = (int)strlen(context);
	bool ok =
	    c && EVP_EncryptInit_ex(c, EVP_aes_256_gcm(), NULL, key, blob) == 1 &&
	    EVP_EncryptUpdate(c, NULL, &len, (const unsigned char *)context, context_len) == 1 &&
	    EVP_EncryptUpdate(c, blob + HEAD, &len, plain, n) == 1 &&
	    EVP_EncryptFinal_ex(c, blob + HEAD + n, &len) == 1 &&
	    EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_AEAD_GET_TAG, TAG, blob + NONCE) == 1;

	EVP_CIPHER_CTX_free(c);
	return ok;
}

static bool gcm_open(const unsigned char key[SECRET_KEY], const char *context, unsigned char *blob,
		     int n, unsigned char *plain)
{
	EVP_CIPHER_CTX *c = EVP_CIPHER_CTX_new();
	int len, context_len = (int)strlen(context);
	bool ok =
	    c && EVP_DecryptInit_ex(c, EVP_aes_256_gcm(), NULL, key, blob) == 1 &&
	    EVP_DecryptUpdate(c, NULL, &len, (const unsigned char *)context, context_len) == 1 &&
	    EVP_DecryptUpdate(c, plain, &len, blob + HEAD, n) == 1 &&
	    EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_AEAD_SET_TAG, TAG, blob + NONCE) == 1 &&
	    EVP_DecryptFinal_ex(c, plain + n, &len) == 1;

	EVP_CIPHER_CTX_free(c);
	return ok;
}

enum err secret_seal(const unsigned char key[SECRET_KEY], const char *context, const void *plain,
		     size_t n, char **out, struct err_info *e)
{
	size_t prefix = sizeof(SEAL_PREFIX) - 1, total = HEAD + n;
	unsigned char *blob;
	char *text;

	if (n > SEAL_MAX)
		return err_fail(e, ERR_INVALID, "secret.size", "密封", "内容超过 %d 字节",
				SEAL_MAX);
	blob = mem_alloc(total + 1);
	random_bytes(blob, NONCE);
	if (!gcm_seal(key, context, plain, (int)n, blob)) {
		free(blob);
		return err_fail(e, ERR_INTERNAL, "secret.seal", "密封", "加密失败");
	}
	text = mem_alloc(prefix + (total + 2) / 3 * 4 + 1);
	memcpy(text, SEAL_PREFIX, prefix);
	EVP_EncodeBlock((unsigned char *)text + prefix, blob, (int)total);
	free(blob);
	*out = text;
	return ERR_OK;
}

/* The bytes of a sealed text, or NULL when it is not one. */
static unsigned char *decode_seal(const char *sealed, size_t *n)
{
	size_t prefix = sizeof(SEAL_PREFIX) - 1, len, pad;
	unsigned char *blob;
	int got;

	if (!sealed || strncmp(sealed, SEAL_PREFIX, prefix) != 0)
		return NULL;
	sealed += prefix;
	len = strlen(sealed);
	if (len % 4 || len / 4 * 3 < HEAD || len > (size_t)SEAL_MAX * 2)
		return NULL;
	pad = (size_t)(sealed[len - 1] == '=') + (size_t)(sealed[len - 2] == '=');
	blob = mem_alloc(len / 4 * 3 + 1);
	got = EVP_DecodeBlock(blob, (const unsigned char *)sealed, (int)len);
	if (got < 0 || (size_t)got < HEAD + pad) {
		free(blob);
		return NULL;
	}
	*n = (size_t)got - pad;
	return blob;
}

enum err secret_open(const unsigned char key[SECRET_KEY], const char *context, const char *sealed,
		     unsigned char **out, size_t *n, struct err_info *e)
{
	size_t total = 0;
	unsigned char *blob = decode_seal(sealed, &total), *plain;

	if (!blob) {
		err_fail(e, ERR_DAMAGED, "secret.form", "密封的密钥", "格式不正确");
		err_hint(e, "请用 kaipiao unit edit 税号 --key-file 重新录入密钥");
		return ERR_DAMAGED;
	}
	plain = mem_alloc(total - HEAD + TAG + 1);
	if (!gcm_open(key, context, blob, (int)(total - HEAD), plain)) {
		secret_wipe(plain, total - HEAD);
		free(plain);
		free(blob);
		err_fail(e, ERR_DAMAGED, "secret.changed", "密封的密钥",
			 "已被改动，或不属于这个主目录");
		err_hint(
		    e, "请用 kaipiao unit edit 税号 --key-file 重新录入密钥，或恢复原来的密钥文件");
		return ERR_DAMAGED;
	}
	free(blob);
	*n = total - HEAD;
	plain[*n] = 0;
	*out = plain;
	return ERR_OK;
}

void secret_wipe(void *p, size_t n)
{
	OPENSSL_cleanse(p, n);
}

/* Whole pages, so that what is kept out of core images is this alone. */
static size_t pages(size_t n)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);

	return (n + page - 1) / page * page;
}

void *secret_alloc(size_t n)
{
	size_t size = pages(n);
	void *p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED) {
		fputs("kaipiao: 内存不足，程序中止\n", stderr);
		abort();
	}
	madvise(p, size, MADV_DONTDUMP);
	mlock(p, size);
	return p;
}

void secret_free(void *p, size_t n)
{
	if (!p)
		return;
	secret_wipe(p, n);
	munmap(p, pages(n));
}

/* ---- hashes and randomness ---- */

static void put_hex(char *out, const unsigned char *bytes, size_t n)
{
	static const char HEX[] = "0123456789abcdef";

	for (size_t i = 0; i < n; i++) {
		*out++ = HEX[bytes[i] >> 4];
		*out++ = HEX[bytes[i] & 15];
	}
	*out = 0;
}

void hash_sha256(const void *data, size_t n, char out[HASH_TEXT])
{
	unsigned char digest[SHA256_DIGEST_LENGTH];

	SHA256(data, n, digest);
	put_hex(out, digest, sizeof(digest));
}

enum err hash_sha256_fd(int fd, int64_t size, char out[HASH_TEXT], struct err_info *e)
{
	enum { PIECE = 1 << 16 };
	unsigned char digest[SHA256_DIGEST_LENGTH];
	EVP_MD_CTX *c = EVP_MD_CTX_new();
	char *piece = mem_alloc(PIECE);
	int64_t at = 0;
	bool good = c && EVP_DigestInit_ex(c, EVP_sha256(), NULL) == 1;
	enum err r = ERR_OK;

	while (good && !r && at < size) {
		ssize_t got = file_read_at(fd, piece, PIECE, at);

		if (got < 0)
			r = err_errno(e, errno, "文件");
		else if (!got)
			break;
		else
			good = EVP_DigestUpdate(c, piece, (size_t)got) == 1;
		at += got;
	}
	if (!r && (!good || EVP_DigestFinal_ex(c, digest, NULL) != 1))
		r = err_fail(e, ERR_INTERNAL, "hash.library", "文件", "不能计算摘要");
	if (!r)
		put_hex(out, digest, sizeof(digest));
	EVP_MD_CTX_free(c);
	free(piece);
	return r;
}

void hash_hmac_sha256(const void *key, size_t key_len, const char *prefix, const void *data,
		      size_t n, char out[HASH_TEXT])
{
	unsigned char digest[SHA256_DIGEST_LENGTH];
	char name[] = "SHA256";
	OSSL_PARAM params[] = {OSSL_PARAM_utf8_string(OSSL_MAC_PARAM_DIGEST, name, 0),
			       OSSL_PARAM_END};
	EVP_MAC *mac = EVP_MAC_fetch(NULL, "HMAC", NULL);
	EVP_MAC_CTX *c = mac ? EVP_MAC_CTX_new(mac) : NULL;
	size_t len = 0;

	/* A missing signature would be taken for a forged one at best: there is no way to go on. */
	if (!c || EVP_MAC_init(c, key, key_len, params) != 1 ||
	    EVP_MAC_update(c, (const unsigned char *)prefix, strlen(prefix)) != 1 ||
	    EVP_MAC_update(c, data, n) != 1 ||
	    EVP_MAC_final(c, digest, &len, sizeof(digest)) != 1 || len != sizeof(digest)) {
		fputs("kaipiao: HMAC-SHA256 不可用，程序中止\n", stderr);
		abort();
	}
	EVP_MAC_CTX_free(c);
	EVP_MAC_free(mac);
	put_hex(out, digest, sizeof(digest));
}

void random_bytes(void *out, size_t n)
{
	unsigned char *p = out;

	while (n) {
		int step = n > 4096 ? 4096 : (int)n;

		/* Without randomness keys would be guessable: there is no way to go on. */
		if (RAND_bytes(p, step) != 1) {
			fputs("kaipiao: 系统随机数不可用，程序中止\n", stderr);
			abort();
		}
		p += step;
		n -= (size_t)step;
	}
}

void random_uuid(char out[UUID_TEXT])
{
	unsigned char bytes[16];

	random_bytes(bytes, sizeof(bytes));
	put_hex(out, bytes, sizeof(bytes));
}

uint32_t random_below(uint32_t n)
{
	uint32_t v, limit;

	if (n < 2)
		return 0;
	/* Values above the last whole multiple of n would favour small results. */
	limit = UINT32_MAX - (UINT32_MAX % n + 1) % n;
	do {
		random_bytes(&v, sizeof(v));
	} while (v > limit);
	return v % n;
}

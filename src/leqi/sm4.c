/* sm4.c - base64(SM4-ECB-PKCS#7), protocol 1.7. */
#include <ctype.h>
#include <openssl/evp.h>
#include <string.h>

#include "base/secret.h"
#include "leqi/leqi_p.h"

enum { BLOCK = 16, CHUNK = 48 * 1024 }; /* CHUNK: multiple of 48 so that base64 lines up */

static void base64_add(struct buf *out, const unsigned char *bytes, size_t n)
{
	unsigned char text[CHUNK / 3 * 4 + 8];

	while (n && !out->failed) {
		size_t part = n < CHUNK ? n : CHUNK;

		buf_add(out, text, (size_t)EVP_EncodeBlock(text, bytes, (int)part));
		bytes += part;
		n -= part;
	}
}

static int base64_value(unsigned char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	if (c == '+')
		return 62;
	return c == '/' ? 63 : -1;
}

/* White space anywhere is ignored; anything else that is not base64 is refused. */
bool base64_read(const char *text, size_t n, struct buf *out)
{
	unsigned acc = 0, have = 0, pad = 0;
	char bytes[3];

	for (size_t i = 0; i < n; i++) {
		unsigned char c = (unsigned char)text[i];
		int v = base64_value(c);

		if (isspace(c))
			continue;
		if (c == '=' && have >= 2 && have + pad < 4) {
			pad++;
			continue;
		}
		if (v < 0 || pad)
			return false;
		acc = acc << 6 | (unsigned)v;
		if (++have < 4)
			continue;
		bytes[0] = (char)(acc >> 16 & 0xff);
		bytes[1] = (char)(acc >> 8 & 0xff);
		bytes[2] = (char)(acc & 0xff);
		buf_add(out, bytes, 3);
		acc = have = 0;
	}
	if (have && have + pad != 4)
		return false;
	if (have == 2)
		buf_addc(out, (char)(acc >> 4 & 0xff));
	if (have == 3) {
		buf_addc(out, (char)(acc >> 10 & 0xff));
		buf_addc(out, (char)(acc >> 2 & 0xff));
	}
	return !out->failed;
}

/* Runs the cipher over n bytes, handing each piece to base64 or to the buffer. */
static bool cipher(const unsigned char key[LEQI_KEY], bool encrypt, const unsigned char *in,
		   size_t n, struct buf *out)
{
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	unsigned char piece[CHUNK + BLOCK];
	bool ok = ctx && EVP_CipherInit_ex(ctx, EVP_sm4_ecb(), NULL, key, NULL, encrypt) == 1;
	int got = 0;

	while (ok && n) {
		size_t part = n < CHUNK ? n : CHUNK;

		ok = EVP_CipherUpdate(ctx, piece, &got, in, (int)part) == 1;
		if (ok)
			buf_add(out, piece, (size_t)got);
		in += part;
		n -= part;
	}
	ok = ok && EVP_CipherFinal_ex(ctx, piece, &got) == 1;
	if (ok)
		buf_add(out, piece, (size_t)got);
	EVP_CIPHER_CTX_free(ctx);
	secret_wipe(piece, sizeof(piece));
	return ok && !out->failed;
}

enum err leqi_seal(const unsigned char key[LEQI_KEY], const void *plain, size_t n, struct buf *out)
{
	struct buf raw;
	bool ok;

	buf_init(&raw, n + BLOCK + 1);
	ok = cipher(key, true, plain, n, &raw);
	if (ok)
		base64_add(out, (const unsigned char *)raw.data, raw.len);
	buf_free(&raw);
	return ok && !out->failed ? ERR_OK : ERR_INTERNAL;
}

enum err leqi_unseal(const unsigned char key[LEQI_KEY], const char *text, size_t n, struct buf *out)
{
	struct buf raw;
	bool ok;

	buf_init(&raw, n + BLOCK);
	ok = base64_read(text, n, &raw) && raw.len && raw.len % BLOCK == 0 &&
	     cipher(key, false, (const unsigned char *)raw.data, raw.len, out);
	buf_free(&raw);
	return ok ? ERR_OK : ERR_INVALID;
}

static int hex_value(unsigned char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = (unsigned char)tolower(c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool leqi_key_parse(const char *hex, unsigned char key[LEQI_KEY])
{
	unsigned char out[LEQI_KEY];

	if (!hex || strlen(hex) != (size_t)LEQI_KEY * 2)
		return false;
	for (size_t i = 0; i < LEQI_KEY; i++) {
		int high = hex_value((unsigned char)hex[2 * i]);
		int low = hex_value((unsigned char)hex[2 * i + 1]);

		if (high < 0 || low < 0)
			return false;
		out[i] = (unsigned char)(high << 4 | low);
	}
	memcpy(key, out, LEQI_KEY);
	secret_wipe(out, sizeof(out));
	return true;
}

/* sandbox/sm4.c - the body's cipher: base64(SM4-ECB-PKCS#7(UTF-8)). */
#include <openssl/evp.h>
#include <string.h>

#include "sandbox/sandbox_p.h"

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

bool sm4_key_parse(const char *hex, unsigned char key[SM4_KEY])
{
	if (strlen(hex) != 2 * SM4_KEY)
		return false;
	for (int i = 0; i < SM4_KEY; i++) {
		int hi = hex_digit(hex[2 * i]), lo = hex_digit(hex[2 * i + 1]);
		if (hi < 0 || lo < 0)
			return false;
		key[i] = (unsigned char)(hi * 16 + lo);
	}
	return true;
}

/* One pass of the cipher over n bytes; out has room for n + 16. */
static bool run(const unsigned char *key, int encrypt, const unsigned char *in, size_t n,
		unsigned char *out, size_t *out_n)
{
	EVP_CIPHER_CTX *c = EVP_CIPHER_CTX_new();
	int a = 0, b = 0;
	bool ok = c && EVP_CipherInit_ex(c, EVP_sm4_ecb(), NULL, key, NULL, encrypt) == 1 &&
		  EVP_CipherUpdate(c, out, &a, in, (int)n) == 1 &&
		  EVP_CipherFinal_ex(c, out + a, &b) == 1;
	EVP_CIPHER_CTX_free(c);
	*out_n = (size_t)(a + b);
	return ok;
}

bool sm4_seal(const unsigned char key[SM4_KEY], const char *plain, size_t n, struct buf *out)
{
	unsigned char *cipher = mem_alloc(n + 32);
	size_t m = 0;
	bool ok = n < SB_BODY_MAX && run(key, 1, (const unsigned char *)plain, n, cipher, &m);
	if (ok) {
		unsigned char *text = mem_alloc(4 * (m / 3 + 2));
		int len = EVP_EncodeBlock(text, cipher, (int)m);
		buf_add(out, text, (size_t)len);
		free(text);
	}
	free(cipher);
	return ok && !out->failed;
}

static int base64_value(unsigned char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	return c == '+' ? 62 : c == '/' ? 63 : -1;
}

/* Strict base64 without line rules: four characters at a time, padding only at the end. */
static bool base64_decode(const char *s, size_t n, unsigned char *out, size_t *out_n)
{
	uint32_t bits = 0;
	size_t chars = 0, pads = 0, k = 0;
	for (size_t i = 0; i < n; i++) {
		unsigned char ch = (unsigned char)s[i];
		if (ch == ' ' || ch == '\n' || ch == '\r' || ch == '\t')
			continue;
		chars++;
		if (ch == '=') {
			pads++;
			bits <<= 6;
		} else if (pads || base64_value(ch) < 0) {
			return false;
		} else {
			bits = bits << 6 | (uint32_t)base64_value(ch);
		}
		if (chars % 4 == 0) {
			out[k++] = (unsigned char)(bits >> 16);
			out[k++] = (unsigned char)(bits >> 8);
			out[k++] = (unsigned char)bits;
		}
	}
	if (chars % 4 != 0 || pads > 2 || chars == 0)
		return false;
	*out_n = k - pads;
	return true;
}

bool sm4_open(const unsigned char key[SM4_KEY], const char *text, size_t n, struct buf *out)
{
	unsigned char *cipher = mem_alloc(n / 4 * 3 + 8);
	size_t m = 0, p = 0;
	bool ok = base64_decode(text, n, cipher, &m) && m > 0 && m % 16 == 0;
	if (ok) {
		unsigned char *plain = mem_alloc(m + 32);
		ok = run(key, 0, cipher, m, plain, &p);
		if (ok)
			buf_add(out, plain, p);
		free(plain);
	}
	free(cipher);
	return ok && !out->failed;
}

/* hide.c - what an answer repeats of that which it was told is not kept. */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "post/post_p.h"

enum {
	HIDE_MIN = 4,          /* shorter ones would be found in any text */
	ECHO_MIN = 12,         /* as many bytes alike are no chance */
	ECHO_MOST = 48 * 1024, /* of each part of a message; a multiple of three */
};

static const char STARS[] = "***";

/* n bytes from `at` become stars. */
static void replace(struct buf *b, size_t at, size_t n)
{
	memmove(b->data + at + 3, b->data + at + n, b->len - at - n);
	memcpy(b->data + at, STARS, 3);
	b->len -= n - 3;
	b->data[b->len] = 0;
}

void hide_word(struct buf *b, const char *word, size_t n)
{
	size_t at = 0;
	const char *hit;

	if (n < HIDE_MIN)
		return;
	while (at < b->len && (hit = memmem(b->data + at, b->len - at, word, n)) != NULL) {
		at = (size_t)(hit - b->data);
		replace(b, at, n);
		at += 3;
	}
	/* What is cut off in the middle of it. */
	for (size_t k = n - 1; k >= HIDE_MIN; k--) {
		if (b->len >= k && !memcmp(b->data + b->len - k, word, k)) {
			replace(b, b->len - k, k);
			return;
		}
	}
}

void hide_base64(const char *bytes, size_t n, struct buf *out)
{
	static const char DIGITS[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	const unsigned char *s = (const unsigned char *)bytes;

	for (size_t i = 0; i < n; i += 3) {
		unsigned v = (unsigned)s[i] << 16 | (i + 1 < n ? (unsigned)s[i + 1] << 8 : 0) |
			     (i + 2 < n ? s[i + 2] : 0);
		const char four[4] = {DIGITS[v >> 18], DIGITS[v >> 12 & 63],
				      i + 1 < n ? DIGITS[v >> 6 & 63] : '=',
				      i + 2 < n ? DIGITS[v & 63] : '='};

		buf_add(out, four, sizeof(four));
	}
}

/* How many bytes from `at` stand in the source too, one after the other. */
static size_t alike(const struct buf *b, size_t at, const char *source, size_t n)
{
	const char *from = source, *end = source + n, *hit;
	size_t best = 0;

	while ((hit = memmem(from, (size_t)(end - from), b->data + at, ECHO_MIN)) != NULL) {
		size_t k = ECHO_MIN;

		while (at + k < b->len && hit + k < end && b->data[at + k] == hit[k])
			k++;
		if (k > best)
			best = k;
		from = hit + 1;
	}
	return best;
}

static void hide_part(struct buf *b, const char *source, size_t n)
{
	for (size_t at = 0; n >= ECHO_MIN && at + ECHO_MIN <= b->len; at++) {
		size_t k = alike(b, at, source, n);

		if (k) {
			replace(b, at, k);
			at += 2;
		}
	}
}

void hide_echo(struct buf *b, const char *source, size_t n)
{
	struct buf coded;

	if (n > ECHO_MOST)
		n = ECHO_MOST;
	hide_part(b, source, n);
	buf_init(&coded, ECHO_MOST / 3 * 4 + 8);
	hide_base64(source, n, &coded);
	hide_part(b, coded.data, coded.len);
	buf_free(&coded);
}

/* tax/words.c - amounts in capitals. */
#include "tax/words.h"

#include <stdbool.h>
#include <string.h>

static const char *const digits[10] = {"零", "壹", "贰", "叁", "肆", "伍", "陆", "柒", "捌", "玖"};

/* Where the text has come to; WORDS_TEXT holds the longest 64-bit amount: nothing is cut. */
struct pen {
	char *at, *end;
};

static void put(struct pen *p, const char *s)
{
	size_t n = strlen(s);

	if (n < (size_t)(p->end - p->at)) {
		memcpy(p->at, s, n + 1);
		p->at += n;
	}
}

/* 1..9999: a run of zeros between digits is one 零, leading and trailing zeros are silent. */
static void put_group(struct pen *p, unsigned n)
{
	static const char *const units[4] = {"", "拾", "佰", "仟"};
	unsigned power = 1000;
	bool begun = false, zero = false;

	for (int i = 3; i >= 0; i--, power /= 10) {
		unsigned d = n / power % 10;
		if (!d) {
			zero = begun;
			continue;
		}
		if (zero)
			put(p, digits[0]);
		put(p, digits[d]);
		put(p, units[i]);
		begun = true;
		zero = false;
	}
}

/* n > 0.  亿 and 万 split the number; a lower part that starts with zeros takes one 零. */
static void put_whole(struct pen *p, uint64_t n)
{
	static const struct {
		uint64_t size;
		const char *name;
	} splits[] = {{100000000, "亿"}, {10000, "万"}};

	for (size_t i = 0; i < sizeof(splits) / sizeof(splits[0]); i++) {
		if (n < splits[i].size)
			continue;
		uint64_t low = n % splits[i].size;
		put_whole(p, n / splits[i].size);
		put(p, splits[i].name);
		if (!low)
			return;
		if (low < splits[i].size / 10)
			put(p, digits[0]);
		put_whole(p, low);
		return;
	}
	put_group(p, (unsigned)n);
}

/* 角 and 分; 整 closes an amount that has no 分. */
static void put_cents(struct pen *p, unsigned jiao, unsigned fen, bool whole)
{
	if (jiao) {
		put(p, digits[jiao]);
		put(p, "角");
	} else if (fen && whole) {
		put(p, digits[0]);
	}
	if (fen) {
		put(p, digits[fen]);
		put(p, "分");
	} else {
		put(p, "整");
	}
}

const char *tax_words(int64_t fen, char out[WORDS_TEXT])
{
	uint64_t n = fen < 0 ? -(uint64_t)fen : (uint64_t)fen;
	uint64_t yuan = n / 100;
	struct pen p = {out, out + WORDS_TEXT};

	out[0] = 0;
	if (fen < 0)
		put(&p, "（负数）");
	if (yuan)
		put_whole(&p, yuan);
	else if (!n)
		put(&p, digits[0]);
	if (yuan || !n)
		put(&p, "圆");
	put_cents(&p, (unsigned)(n % 100 / 10), (unsigned)(n % 10), yuan > 0);
	return out;
}

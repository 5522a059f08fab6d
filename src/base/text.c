#include "base/text.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/text_p.h"

enum { BAD = 0xFFFD };

static int ambiguous_cols = 1;

/* ---- UTF-8 ---- */

/* The lead bytes of well-formed sequences and the bounds of the byte after them (Unicode, table of
 * well-formed UTF-8 byte sequences); later bytes are always 80..BF. */
static const struct lead {
	unsigned char first, last, len, low, high;
} LEADS[] = {
    {0xC2, 0xDF, 2, 0x80, 0xBF}, {0xE0, 0xE0, 3, 0xA0, 0xBF}, {0xE1, 0xEC, 3, 0x80, 0xBF},
    {0xED, 0xED, 3, 0x80, 0x9F}, {0xEE, 0xEF, 3, 0x80, 0xBF}, {0xF0, 0xF0, 4, 0x90, 0xBF},
    {0xF1, 0xF3, 4, 0x80, 0xBF}, {0xF4, 0xF4, 4, 0x80, 0x8F},
};

static const struct lead *lead_of(unsigned char c)
{
	size_t i;

	for (i = 0; i < sizeof(LEADS) / sizeof(LEADS[0]); i++) {
		if (c >= LEADS[i].first && c <= LEADS[i].last)
			return &LEADS[i];
	}
	return NULL;
}

/* E1..EC, EE, EF and two bytes after them: most Chinese characters. */
static bool is_plain_three(const unsigned char *u, size_t n)
{
	return n >= 3 && u[0] >= 0xE1 && u[0] <= 0xEF && u[0] != 0xED && (u[1] & 0xC0) == 0x80 &&
	       (u[2] & 0xC0) == 0x80;
}

size_t text_next(const char *s, size_t n, uint32_t *cp)
{
	const unsigned char *u = (const unsigned char *)s;
	const struct lead *lead;
	uint32_t v;
	size_t i;

	if (u[0] < 0x80) {
		*cp = u[0];
		return 1;
	}
	if (is_plain_three(u, n)) {
		*cp = (u[0] & 0x0FU) << 12 | (u[1] & 0x3FU) << 6 | (u[2] & 0x3FU);
		return 3;
	}
	*cp = BAD;
	lead = lead_of(u[0]);
	if (!lead || lead->len > n || u[1] < lead->low || u[1] > lead->high)
		return 1;
	v = u[0] & (0x7FU >> lead->len);
	for (i = 1; i < lead->len; i++) {
		if ((u[i] & 0xC0) != 0x80)
			return 1;
		v = v << 6 | (u[i] & 0x3FU);
	}
	*cp = v;
	return lead->len;
}

size_t text_put(uint32_t cp, char out[4])
{
	if (cp > 0x10FFFF || (cp >= 0xD800 && cp <= 0xDFFF))
		cp = BAD;
	if (cp < 0x80) {
		out[0] = (char)cp;
		return 1;
	}
	if (cp < 0x800) {
		out[0] = (char)(0xC0 | cp >> 6);
		out[1] = (char)(0x80 | (cp & 0x3F));
		return 2;
	}
	if (cp < 0x10000) {
		out[0] = (char)(0xE0 | cp >> 12);
		out[1] = (char)(0x80 | (cp >> 6 & 0x3F));
		out[2] = (char)(0x80 | (cp & 0x3F));
		return 3;
	}
	out[0] = (char)(0xF0 | cp >> 18);
	out[1] = (char)(0x80 | (cp >> 12 & 0x3F));
	out[2] = (char)(0x80 | (cp >> 6 & 0x3F));
	out[3] = (char)(0x80 | (cp & 0x3F));
	return 4;
}

size_t text_first_fault(const char *s, size_t n)
{
	size_t at = 0, len;
	uint32_t cp;

	while (at < n) {
		len = text_next(s + at, n - at, &cp);
		if (cp == 0 || (cp == BAD && len == 1))
			return at;
		at += len;
	}
	return n;
}

bool text_valid(const char *s, size_t n)
{
	return text_first_fault(s, n) == n;
}

size_t text_whole(const char *s, size_t n)
{
	size_t back, lead_at;
	const struct lead *lead;

	for (back = 1; back <= 3 && back <= n; back++) {
		lead_at = n - back;
		if (((unsigned char)s[lead_at] & 0xC0) == 0x80)
			continue;
		lead = lead_of((unsigned char)s[lead_at]);
		return lead && lead->len > back ? lead_at : n;
	}
	return n;
}

size_t text_chars(const char *s)
{
	size_t left = strlen(s), chars = 0, len;
	uint32_t cp;

	while (left) {
		len = text_next(s, left, &cp);
		s += len;
		left -= len;
		chars++;
	}
	return chars;
}

size_t text_prefix(const char *s, size_t chars)
{
	size_t n = strlen(s), at = 0;
	uint32_t cp;

	while (at < n && chars--)
		at += text_next(s + at, n - at, &cp);
	return at;
}

/* ---- columns and GBK bytes ---- */

static bool in_ranges(const struct text_range *r, size_t n, uint32_t cp)
{
	size_t low = 0, high = n, mid;

	while (low < high) {
		mid = (low + high) / 2;
		if (cp > r[mid].last)
			low = mid + 1;
		else
			high = mid;
	}
	return low < n && cp >= r[low].first;
}

int text_cp_cols(uint32_t cp)
{
	if (cp < 0x20 || (cp >= 0x7F && cp < 0xA0))
		return 0;
	if (cp < 0x7F)
		return 1;
	if (in_ranges(text_wide, text_wide_n, cp))
		return 2;
	if (in_ranges(text_zero, text_zero_n, cp))
		return 0;
	return in_ranges(text_ambiguous, text_ambiguous_n, cp) ? ambiguous_cols : 1;
}

void text_set_ambiguous(int cols)
{
	ambiguous_cols = cols == 2 ? 2 : 1;
}

size_t text_cols(const char *s)
{
	size_t left = strlen(s), cols = 0, len;
	uint32_t cp;

	while (left) {
		len = text_next(s, left, &cp);
		cols += (size_t)text_cp_cols(cp);
		s += len;
		left -= len;
	}
	return cols;
}

size_t text_fit(const char *s, size_t cols, size_t *used)
{
	size_t n = strlen(s), at = 0, taken = 0, len, width;
	uint32_t cp;

	while (at < n) {
		len = text_next(s + at, n - at, &cp);
		width = (size_t)text_cp_cols(cp);
		if (width > cols - taken)
			break;
		taken += width;
		at += len;
	}
	if (used)
		*used = taken;
	return at;
}

static bool one_of(const char *s, const char *set)
{
	for (; *set; set += 3) { /* each of them takes three bytes */
		if (!strncmp(s, set, 3))
			return true;
	}
	return false;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_plain(char c)
{
	return c > ' ' && c < 0x7F;
}

/* Where the character before s[n] begins. */
static size_t char_before(const char *s, size_t n)
{
	for (n--; n && ((unsigned char)s[n] & 0xC0) == 0x80; n--)
		;
	return n;
}

/* A number stays with what it counts, also over a space: 第 12 行, 100 元. */
static bool is_counted(const char *left, const char *right)
{
	static const char UNITS[] = "元张行份个条家天页年月日次位号格列户处笔套台件秒字栏万亿％";

	return (is_digit(*left) && one_of(right, UNITS)) ||
	       (is_digit(*right) && one_of(left, "第￥"));
}

/* May the text be broken before s[n]? */
static bool breaks_at(const char *s, size_t n)
{
	size_t before = char_before(s, n), left = before;
	const char *right = s + n;

	while (left && s[left] == ' ')
		left = char_before(s, left);
	while (*right == ' ')
		right++;
	if (one_of(right, "，。；：、！？）”’》】〕〉」』…％") ||
	    one_of(s + left, "（“‘《【〔〈「『"))
		return false;
	if (is_counted(s + left, right))
		return false;
	if (s[before] == ' ' || s[n] == ' ')
		return true;
	return !(is_plain(s[before]) && is_plain(s[n])) && !strchr("([{", s[before]) &&
	       !strchr(",.;:!?)]}%", s[n]);
}

/* Bytes of the plain word that begins at s. */
static size_t plain_run(const char *s)
{
	size_t n = 0;

	while (is_plain(s[n]))
		n++;
	return n;
}

/* Bytes of the line alone. */
static size_t broken(const char *s, size_t cols)
{
	size_t fit = text_fit(s, cols, NULL), n;
	uint32_t cp;

	if (!s[fit])
		return fit;
	if (!fit)
		return text_next(s, strlen(s), &cp);
	for (n = fit; n; n = char_before(s, n)) {
		if (breaks_at(s, n))
			/* A word too long for any line begins where there is room. */
			return plain_run(s + n) > cols && n < fit ? fit : n;
	}
	return fit;
}

size_t text_line(const char *s, size_t cols, size_t *next)
{
	size_t n = broken(s, cols), after = n;

	/* Blanks at a break belong to neither line. */
	for (; s[after] == ' '; after++)
		;
	for (; s[after] && n > 1 && s[n - 1] == ' '; n--)
		;
	if (next)
		*next = after;
	return n;
}

size_t text_gbk_bytes(const char *s)
{
	size_t left = strlen(s), bytes = 0, len;
	uint32_t cp;

	while (left) {
		len = text_next(s, left, &cp);
		if (cp < 0x80)
			bytes += 1;
		else
			bytes += in_ranges(text_gbk2, text_gbk2_n, cp) ? 2 : 4;
		s += len;
		left -= len;
	}
	return bytes;
}

/* ---- cleaning ---- */

bool text_is_forbidden(uint32_t cp)
{
	static const struct text_range FORBIDDEN[] = {
	    {0x00, 0x1F},     {0x7F, 0x9F},     {0x61C, 0x61C},   {0x200B, 0x200F},
	    {0x2028, 0x202E}, {0x2060, 0x2060}, {0x2066, 0x2069}, {0xFEFF, 0xFEFF},
	};

	if ((cp >= 0x20 && cp < 0x7F) || (cp >= 0x206A && cp != 0xFEFF))
		return false;
	return in_ranges(FORBIDDEN, sizeof(FORBIDDEN) / sizeof(FORBIDDEN[0]), cp);
}

/* What text_next gave is a bad byte or a code point that may not stand in a field. */
static bool is_unwanted(uint32_t cp, size_t len, bool multiline)
{
	if (multiline && (cp == '\n' || cp == '\t'))
		return false;
	return (cp == BAD && len == 1) || text_is_forbidden(cp);
}

bool text_find_forbidden(const char *s, bool multiline, size_t *at, uint32_t *cp)
{
	size_t left = strlen(s), chars, len;
	uint32_t c;

	for (chars = 0; left; chars++) {
		if (*s >= 0x20 && *s < 0x7F) {
			s++;
			left--;
			continue;
		}
		/* U+4000 to U+9FFF: nothing there is forbidden. */
		if (left >= 3 && (unsigned char)*s >= 0xE4 && (unsigned char)*s <= 0xE9 &&
		    (s[1] & 0xC0) == 0x80 && (s[2] & 0xC0) == 0x80) {
			s += 3;
			left -= 3;
			continue;
		}
		len = text_next(s, left, &c);
		if (is_unwanted(c, len, multiline)) {
			if (at)
				*at = chars;
			if (cp)
				*cp = c;
			return true;
		}
		s += len;
		left -= len;
	}
	return false;
}

char *text_clean(const char *s, size_t max_chars, bool multiline)
{
	size_t left = s ? strlen(s) : 0, out = 0, chars = 0, len;
	char *copy = mem_alloc(left + 1);
	uint32_t cp;

	while (left && chars < max_chars) {
		len = text_next(s, left, &cp);
		if (!is_unwanted(cp, len, multiline)) {
			memcpy(copy + out, s, len);
			out += len;
			chars++;
		}
		s += len;
		left -= len;
	}
	copy[out] = 0;
	return copy;
}

char *text_visible(const char *s)
{
	size_t left = s ? strlen(s) : 0, len;
	struct buf b;
	uint32_t cp;

	buf_init(&b, SIZE_MAX / 8);
	while (left) {
		len = text_next(s, left, &cp);
		if (text_is_forbidden(cp)) {
			buf_addf(&b, "<U+%04X>", (unsigned)cp);
		} else {
			char utf8[4];

			buf_add(&b, utf8, text_put(cp, utf8));
		}
		s += len;
		left -= len;
	}
	if (b.failed)
		return mem_strdup("");
	return buf_detach(&b);
}

char *text_fold_width(const char *s)
{
	size_t left = s ? strlen(s) : 0, out = 0, len;
	char *copy = mem_alloc(left + 1);
	uint32_t cp;

	while (left) {
		len = text_next(s, left, &cp);
		if (cp >= 0xFF01 && cp <= 0xFF5E) {
			copy[out++] = (char)(cp - 0xFF01 + '!');
		} else if (cp == 0x3000) {
			copy[out++] = ' ';
		} else {
			memcpy(copy + out, s, len);
			out += len;
		}
		s += len;
		left -= len;
	}
	copy[out] = 0;
	return copy;
}

static bool is_space(uint32_t cp)
{
	return cp == ' ' || (cp >= '\t' && cp <= '\r') || cp == 0xA0 || cp == 0x3000;
}

char *text_trim(const char *s)
{
	size_t n = s ? strlen(s) : 0, at = 0, first = n, end = n, len;
	uint32_t cp;

	for (; at < n; at += len) {
		len = text_next(s + at, n - at, &cp);
		if (is_space(cp))
			continue;
		if (first == n)
			first = at;
		end = at + len;
	}
	return mem_strndup(s ? s + first : NULL, end - first);
}

/* ---- small helpers ---- */

bool text_copy(char *out, size_t size, const char *s)
{
	size_t n = s ? strlen(s) : 0, take = n;

	if (!size)
		return n == 0;
	if (take >= size)
		take = text_whole(s, size - 1);
	if (take)
		memmove(out, s, take);
	out[take] = 0;
	return take == n;
}

bool text_eq(const char *a, const char *b)
{
	return !strcmp(a ? a : "", b ? b : "");
}

bool text_empty(const char *s)
{
	return !s || !*s;
}

bool text_all_digits(const char *s)
{
	return s && *s && s[strspn(s, "0123456789")] == 0;
}

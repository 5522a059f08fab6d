#include "base/json_p.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/text.h"

static bool scan_value(struct json_scan *s, int depth);

static bool fail(struct json_scan *s, const char *code, const char *fault)
{
	if (!s->fault) {
		s->code = code;
		s->fault = fault;
	}
	return false;
}

static bool bad(struct json_scan *s, const char *fault)
{
	return fail(s, "json.syntax", s->at >= s->n ? "文本不完整，到此中断" : fault);
}

static void mark(struct json_marks *m, size_t at)
{
	if (m->n == m->cap) {
		m->cap = m->cap ? m->cap * 2 : 64;
		m->at = mem_realloc(m->at, m->cap * sizeof(*m->at));
	}
	m->at[m->n++] = at;
}

/* The byte at the cursor, 0 at the end (a NUL in the text is refused before the scan). */
static char peek(const struct json_scan *s)
{
	return s->at < s->n ? s->text[s->at] : 0;
}

static bool take(struct json_scan *s, char c)
{
	if (peek(s) != c)
		return false;
	s->at++;
	return true;
}

static void skip_space(struct json_scan *s)
{
	while (s->at < s->n && strchr(" \t\r\n", s->text[s->at]))
		s->at++;
}

/* ---- strings ---- */

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Four hex digits at the cursor, or -1. */
static int32_t take_hex4(struct json_scan *s)
{
	int32_t v = 0;

	for (int i = 0; i < 4; i++) {
		int digit = hex_digit(peek(s));

		if (digit < 0)
			return -1;
		v = v * 16 + digit;
		s->at++;
	}
	return v;
}

/* After "\u". */
static bool scan_unicode_escape(struct json_scan *s)
{
	size_t start = s->at;
	int32_t v = take_hex4(s), low;

	if (v < 0)
		return bad(s, "\\u 之后须有四位十六进制数字");
	if (v >= 0xD800 && v <= 0xDBFF) {
		low = take(s, '\\') && take(s, 'u') ? take_hex4(s) : -1;
		if (low >= 0xDC00 && low <= 0xDFFF)
			return true;
	} else if (v != 0 && (v < 0xDC00 || v > 0xDFFF)) {
		return true;
	}
	s->at = start;
	return bad(s, v ? "\\u 转义不是完整的字符" : "不允许 \\u0000");
}

static bool scan_escape(struct json_scan *s)
{
	char c = peek(s);

	if (!c || !strchr("\"\\/bfnrtu", c))
		return bad(s, "不认识的转义");
	s->at++;
	return c != 'u' || scan_unicode_escape(s);
}

/* After the opening quote. */
static bool scan_string(struct json_scan *s)
{
	while (s->at < s->n) {
		unsigned char c = (unsigned char)s->text[s->at];

		if (c < 0x20)
			return bad(s, "字符串中有未转义的控制字符（可能缺少右引号）");
		s->at++;
		if (c == '"')
			return true;
		if (c == '\\' && !scan_escape(s))
			return false;
	}
	return bad(s, "");
}

/* ---- numbers and words ---- */

static size_t digits(const char *s, size_t n)
{
	size_t i = 0;

	while (i < n && s[i] >= '0' && s[i] <= '9')
		i++;
	return i;
}

size_t json_number_length(const char *s, size_t n)
{
	size_t i = n && s[0] == '-', run;

	run = digits(s + i, n - i);
	if (!run || (run > 1 && s[i] == '0'))
		return 0;
	i += run;
	if (i < n && s[i] == '.') {
		run = digits(s + i + 1, n - i - 1);
		if (!run)
			return 0;
		i += 1 + run;
	}
	if (i < n && (s[i] == 'e' || s[i] == 'E')) {
		i++;
		if (i < n && (s[i] == '+' || s[i] == '-'))
			i++;
		run = digits(s + i, n - i);
		if (!run)
			return 0;
		i += run;
	}
	return i;
}

static bool scan_number(struct json_scan *s)
{
	size_t len = json_number_length(s->text + s->at, s->n - s->at);

	if (!len)
		return fail(s, "json.syntax", "数字写法不正确");
	mark(&s->numbers, s->at);
	s->at += len;
	return true;
}

static bool scan_word(struct json_scan *s)
{
	static const char *const WORDS[] = {"true", "false", "null"};
	size_t i, len;

	for (i = 0; i < sizeof(WORDS) / sizeof(WORDS[0]); i++) {
		len = strlen(WORDS[i]);
		if (s->n - s->at >= len && !memcmp(s->text + s->at, WORDS[i], len)) {
			s->at += len;
			return true;
		}
	}
	return bad(s, "此处须是一个值");
}

/* ---- containers ---- */

static bool scan_member(struct json_scan *s, int depth)
{
	mark(&s->keys, s->at);
	if (!take(s, '"'))
		return bad(s, "此处须是带双引号的键名");
	if (!scan_string(s))
		return false;
	skip_space(s);
	if (!take(s, ':'))
		return bad(s, "键名之后缺少冒号");
	return scan_value(s, depth);
}

/* After the opening bracket. */
static bool scan_container(struct json_scan *s, char close, int depth)
{
	bool is_object = close == '}';

	if (depth > JSON_DEPTH)
		return fail(s, "json.depth", "嵌套超过 32 层");
	skip_space(s);
	if (take(s, close))
		return true;
	do {
		skip_space(s);
		if (!(is_object ? scan_member(s, depth) : scan_value(s, depth)))
			return false;
		skip_space(s);
	} while (take(s, ','));
	return take(s, close) || bad(s, is_object ? "缺少逗号或右花括号" : "缺少逗号或右方括号");
}

static bool scan_value(struct json_scan *s, int depth)
{
	char c;

	skip_space(s);
	c = peek(s);
	if (take(s, '{'))
		return scan_container(s, '}', depth + 1);
	if (take(s, '['))
		return scan_container(s, ']', depth + 1);
	if (take(s, '"'))
		return scan_string(s);
	return c == '-' || (c >= '0' && c <= '9') ? scan_number(s) : scan_word(s);
}

int json_scan_run(struct json_scan *s, const char *text, size_t n)
{
	memset(s, 0, sizeof(*s));
	s->text = text;
	s->n = n;
	s->at = text_first_fault(text, n);
	if (s->at < n) {
		fail(s, "json.utf8", "不是有效的 UTF-8 文本");
		return -1;
	}
	/* Editors of Windows put a byte order mark in front. */
	s->at = n >= 3 && !memcmp(text, "\xEF\xBB\xBF", 3) ? 3 : 0;
	if (!scan_value(s, 0))
		return -1;
	skip_space(s);
	if (s->at < n) {
		fail(s, "json.trailing", "文档结束之后还有内容");
		return -1;
	}
	return 0;
}

void json_scan_free(struct json_scan *s)
{
	free(s->numbers.at);
	free(s->keys.at);
	s->numbers.at = s->keys.at = NULL;
}

/* ---- mending ---- */

/* The code unit of the "\uXXXX" at the cursor, or -1; beyond it then. */
static int32_t take_unit(struct json_scan *s)
{
	return take(s, '\\') && take(s, 'u') ? take_hex4(s) : -1;
}

static bool is_high(int32_t unit)
{
	return unit >= 0xD800 && unit <= 0xDBFF;
}

static bool is_low(int32_t unit)
{
	return unit >= 0xDC00 && unit <= 0xDFFF;
}

/* Where the next escape or byte that stands for no character is, from the cursor on, and how long;
 * false: there is none. */
static bool next_spoilt(struct json_scan *s, size_t *at, size_t *len)
{
	for (; s->at < s->n; s->at++) {
		struct json_scan pair;
		int32_t unit;

		*at = s->at;
		/* Half a pair as UTF-8 would write it, were it a character. */
		*len = 3;
		if (peek(s) == '\xED' && s->n - s->at >= 3 &&
		    (unsigned char)s->text[s->at + 1] >= 0xA0) {
			s->at += *len;
			return true;
		}
		if (peek(s) != '\\')
			continue;
		*len = 6;
		unit = take_unit(s);
		pair = *s;
		if (is_high(unit) && is_low(take_unit(&pair)))
			*s = pair;
		else if (!unit || is_high(unit) || is_low(unit))
			return true;
		else if (unit < 0) /* another escape: never the beginning of the next one */
			s->at = *at + 2;
		s->at--;
	}
	return false;
}

char *json_scan_mend(const char *text, size_t n)
{
	struct json_scan s = {.text = text, .n = n};
	char *copy = NULL;
	size_t at, len;

	while (next_spoilt(&s, &at, &len)) {
		if (!copy) {
			copy = mem_alloc(n);
			memcpy(copy, text, n);
		}
		memcpy(copy + at, len == 6 ? "\\uFFFD" : "\xEF\xBF\xBD", len);
	}
	return copy;
}

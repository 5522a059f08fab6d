/* value.c - one cell in the canonical form of its column.  Called for every cell: no allocation. */
#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "sheet/value_p.h"

enum { QUOTE_CHARS = 24, QUOTE = 4 * QUOTE_CHARS + 8 };

/* ---- reasons ---- */

bool sheet_value_fault(const struct value *v, const char *fmt, ...)
{
	char text[SHEET_REASON];
	va_list args;
	int n;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	n = snprintf(v->reason, SHEET_REASON, "%s：", v->title);
	if (n >= 0 && n < SHEET_REASON)
		text_copy(v->reason + n, SHEET_REASON - (size_t)n, text);
	return false;
}

/* The beginning of the value as it may stand in a sentence. */
static const char *quote(const struct value *v, char out[QUOTE])
{
	size_t n = 0, len, chars, i;
	uint32_t cp;

	for (i = 0, chars = 0; i < v->n && chars < QUOTE_CHARS; i += len, chars++) {
		len = text_next(v->s + i, v->n - i, &cp);
		if (text_is_forbidden(cp))
			cp = ' ';
		n += text_put(cp, out + n);
	}
	if (i < v->n)
		n += text_put(0x2026, out + n);
	out[n] = 0;
	return out;
}

/* ---- characters ---- */

bool sheet_value_is_blank(uint32_t cp)
{
	return cp == ' ' || (cp >= '\t' && cp <= '\r') || cp == 0xA0 || cp == 0x3000 ||
	       (cp >= 0x2000 && cp <= 0x200A) || cp == 0x202F || cp == 0x205F;
}

/* Few characters begin as a blank does. */
static bool may_be_blank(char first)
{
	unsigned char c = (unsigned char)first;

	return c <= ' ' || c == 0xC2 || c == 0xE2 || c == 0xE3;
}

static void trim(struct value *v)
{
	uint32_t cp;
	size_t len;

	while (v->n && may_be_blank(*v->s)) {
		len = text_next(v->s, v->n, &cp);
		if (!sheet_value_is_blank(cp))
			break;
		v->s += len;
		v->n -= len;
	}
	while (v->n) {
		for (len = 1;
		     len < v->n && len < 4 && ((unsigned char)v->s[v->n - len] & 0xC0) == 0x80;)
			len++;
		if (!may_be_blank(v->s[v->n - len]))
			break;
		text_next(v->s + v->n - len, len, &cp);
		if (!sheet_value_is_blank(cp))
			break;
		v->n -= len;
	}
}

/* Programs that want a number to stay text put a ' in front, and some leave it there. */
static void drop_apostrophe(struct value *v)
{
	uint32_t cp;
	size_t len;

	while (v->n > 1) {
		len = text_next(v->s, v->n, &cp);
		if (sheet_value_fold(cp) != '\'')
			return;
		v->s += len;
		v->n -= len;
		trim(v);
	}
}

uint32_t sheet_value_fold(uint32_t cp)
{
	if (cp >= 0xFF01 && cp <= 0xFF5E)
		return cp - 0xFEE0;
	return sheet_value_is_blank(cp) ? ' ' : cp;
}

bool sheet_value_put(const struct value *v, const char *text)
{
	if (!text_copy(v->out, v->size, text)) {
		*v->out = 0;
		return sheet_value_fault(v, "内容太长，请缩短");
	}
	return true;
}

/* ---- text ---- */

static bool check_length(const struct value *v, size_t chars)
{
	const struct sheet_column *c = v->column;
	size_t bytes;

	if (c->max_chars && chars > c->max_chars)
		return sheet_value_fault(v, "有 %zu 个字，最多 %u 个字，请缩短", chars,
					 c->max_chars);
	if (!c->max_gbk)
		return true;
	bytes = text_gbk_bytes(v->out);
	if (bytes > c->max_gbk)
		return sheet_value_fault(v, "有 %zu 字节，最多 %u 字节（一个汉字 2 字节），请缩短",
					 bytes, c->max_gbk);
	return true;
}

/* A break inside a text: between Chinese characters it only folded the line, elsewhere it is a
 * blank. */
static size_t put_break(char *out, size_t n, uint32_t before, uint32_t after)
{
	if (before >= 0x2E80 && after >= 0x2E80)
		return n;
	out[n] = ' ';
	return n + 1;
}

/* Text with breaks or, for digits, wide characters in it.  Never longer than what it comes from. */
static size_t text_slow(const struct value *v, size_t *chars)
{
	const char *s = v->s;
	size_t left = v->n, n = 0, len;
	uint32_t cp, before = 0;
	bool broken = false;

	for (*chars = 0; left; s += len, left -= len) {
		len = text_next(s, left, &cp);
		if (cp == '\n' || cp == '\t' || cp == '\r') {
			broken = true;
			continue;
		}
		if (v->column->digits)
			cp = sheet_value_fold(cp);
		if (broken && before != ' ' && cp != ' ') {
			size_t was = n;

			n = put_break(v->out, n, before, cp);
			*chars += n - was;
		}
		n += text_put(cp, v->out + n);
		++*chars;
		before = cp;
		broken = false;
	}
	return n;
}

static bool read_text(struct value *v)
{
	unsigned char lowest = 0xFF;
	size_t chars = 0, n, i;
	bool wide = false;

	if (v->column->digits)
		drop_apostrophe(v);
	if (v->n >= v->size)
		return sheet_value_fault(v, "内容太长，请缩短");
	for (i = 0; i < v->n; i++) {
		unsigned char b = (unsigned char)v->s[i];

		chars += (b & 0xC0) != 0x80;
		lowest = b < lowest ? b : lowest;
		wide |= b >= 0x80;
	}
	if (lowest >= ' ' && !(wide && v->column->digits)) {
		memcpy(v->out, v->s, v->n);
		n = v->n;
	} else {
		n = text_slow(v, &chars);
	}
	v->out[n] = 0;
	return check_length(v, chars);
}

/* ---- digits and letters ---- */

bool sheet_value_is_exponent(const char *s, size_t n)
{
	size_t i = 0;

	while (i < n && (isdigit((unsigned char)s[i]) || s[i] == '.'))
		i++;
	if (!i || i + 2 >= n || (s[i] != 'E' && s[i] != 'e') || s[i + 1] != '+')
		return false;
	for (i += 2; i < n && isdigit((unsigned char)s[i]); i++)
		;
	return i == n;
}

static bool id_fault(const struct value *v, size_t at, uint32_t cp)
{
	char text[QUOTE], c[5];

	if (sheet_value_is_exponent(v->s, v->n))
		return sheet_value_fault(v,
					 "“%s”被表格程序改成了科学计数，号码已不完整，"
					 "请把这一列设为文本后重新填写",
					 quote(v, text));
	c[text_is_forbidden(cp) ? 0 : text_put(cp, c)] = 0;
	if (!*c)
		return sheet_value_fault(v, "“%s”的第 %zu 位是看不见的字符，请重新填写",
					 quote(v, text), at);
	return sheet_value_fault(v, "“%s”的第 %zu 位是“%s”，只能用数字和字母，请改正",
				 quote(v, text), at, c);
}

static bool read_id(struct value *v)
{
	size_t n = 0, i, len, at;
	uint32_t cp;

	drop_apostrophe(v);
	for (i = 0, at = 1; i < v->n; i += len, at++) {
		len = text_next(v->s + i, v->n - i, &cp);
		cp = sheet_value_fold(cp);
		if (cp == ' ')
			continue;
		if (cp >= 0x80 || !isalnum((int)cp))
			return id_fault(v, at, cp);
		if (n + 1 >= v->size)
			return sheet_value_fault(v, "内容太长，请缩短");
		v->out[n++] = (char)toupper((int)cp);
	}
	v->out[n] = 0;
	if (v->column->max_chars && n > v->column->max_chars)
		return sheet_value_fault(v, "有 %zu 位，最多 %u 位，请核对", n,
					 v->column->max_chars);
	return true;
}

/* ---- words ---- */

/* The value folded, without blanks, letters small; false: too long for a word. */
static bool plain_word(const char *s, size_t left, char out[VALUE_WORD])
{
	size_t n = 0, len;
	uint32_t cp;

	for (; left; s += len, left -= len) {
		len = text_next(s, left, &cp);
		cp = sheet_value_fold(cp);
		if (cp == ' ')
			continue;
		if (n + 5 > VALUE_WORD)
			return false;
		n += text_put(cp < 0x80 ? (uint32_t)tolower((int)cp) : cp, out + n);
	}
	out[n] = 0;
	return true;
}

static bool same_word(const char *candidate, const char *word)
{
	char plain[VALUE_WORD];

	return plain_word(candidate, strlen(candidate), plain) && !strcmp(plain, word);
}

/* The choice that a further word of the column means, or NULL. */
static const char *choice_of(const struct sheet_column *c, const char *word)
{
	const struct sheet_word *w;

	for (w = c->words; w && w->text; w++) {
		if (same_word(w->text, word))
			return c->choices[w->means];
	}
	return NULL;
}

static bool read_yesno(struct value *v)
{
	static const char *const YES[] = {"y", "yes", "1",  "true", "t",  "是", "√",
					  "✓", "✔",   "有", "对",   "真", NULL};
	static const char *const NO[] = {"n", "no", "0",  "false", "f",  "否",   "×", "✗",
					 "x", "无", "错", "不",    "假", "不是", NULL};
	char word[VALUE_WORD], text[QUOTE];
	const char *choice;
	size_t i;

	if (plain_word(v->s, v->n, word)) {
		for (i = 0; YES[i]; i++) {
			if (!strcmp(word, YES[i]))
				return sheet_value_put(v, "Y");
		}
		for (i = 0; NO[i]; i++) {
			if (!strcmp(word, NO[i]))
				return sheet_value_put(v, "N");
		}
		if ((choice = choice_of(v->column, word)))
			return sheet_value_put(v, choice);
	}
	return sheet_value_fault(v, "不认识“%s”，请填 Y 或 N（是 或 否）", quote(v, text));
}

static bool choice_fault(const struct value *v)
{
	char text[QUOTE], all[160] = "";
	const char *const *choice = v->column->choices;
	size_t n = 0;

	for (; *choice; choice++) {
		const char *comma = n ? "、" : "";

		if (n + strlen(comma) + strlen(*choice) + sizeof("等") > sizeof(all))
			break;
		n += (size_t)snprintf(all + n, sizeof(all) - n, "%s%s", comma, *choice);
	}
	if (*choice)
		snprintf(all + n, sizeof(all) - n, "等");
	return sheet_value_fault(v, "“%s”不在可选的内容里，可填 %s", quote(v, text), all);
}

static bool read_choice(struct value *v)
{
	const char *const *choices = v->column->choices, *choice;
	char word[VALUE_WORD];
	size_t i;

	for (i = 0; choices[i]; i++) {
		if (strlen(choices[i]) == v->n && !memcmp(choices[i], v->s, v->n))
			return sheet_value_put(v, choices[i]);
	}
	if (!plain_word(v->s, v->n, word))
		return choice_fault(v);
	for (i = 0; choices[i]; i++) {
		if (same_word(choices[i], word))
			return sheet_value_put(v, choices[i]);
	}
	choice = choice_of(v->column, word);
	return choice ? sheet_value_put(v, choice) : choice_fault(v);
}

/* ---- numbers and dates: value_number.c tells whether, here is what to say ---- */

static bool read_number(struct value *v)
{
	char text[QUOTE], number[VALUE_WORD];

	if (!sheet_value_decimal(v->s, v->n, number))
		return sheet_value_fault(v, "“%s”不是数，请填如 1234.5 的数", quote(v, text));
	if (v->column->max_chars && strlen(number) > v->column->max_chars)
		return sheet_value_fault(v, "“%s”太长，最多 %u 位", quote(v, text),
					 v->column->max_chars);
	return sheet_value_put(v, number);
}

static bool read_money(struct value *v)
{
	char text[QUOTE], number[VALUE_WORD];

	if (!sheet_value_decimal(v->s, v->n, number) || !sheet_value_money(number))
		return sheet_value_fault(v, "“%s”不是金额，请填最多两位小数的数，如 1234.50",
					 quote(v, text));
	return sheet_value_put(v, number);
}

static bool read_rate(struct value *v)
{
	char text[QUOTE], word[VALUE_WORD];

	if (!plain_word(v->s, v->n, word) || !sheet_value_rate(word))
		return sheet_value_fault(v, "“%s”不是税率，请填如 0.13 或 13%%", quote(v, text));
	return sheet_value_put(v, word);
}

static bool read_date(struct value *v)
{
	char text[QUOTE], word[VALUE_WORD];

	if (!sheet_value_date(v->s, v->n, word))
		return sheet_value_fault(v, "“%s”不是日期，请填如 2026-01-31 的日期",
					 quote(v, text));
	return sheet_value_put(v, word);
}

/* ---- a cell ---- */

/* What stands in a cell whose formula has failed; in a CSV and in a workbook of failures it is a
 * text. */
static bool is_error(const struct value *v)
{
	static const char *const WORDS[] = {"#N/A",    "#VALUE!", "#REF!",
					    "#DIV/0!", "#NAME?",  "#NUM!",
					    "#NULL!",  "#SPILL!", SHEET_UNCALCULATED};
	size_t i;

	for (i = 0; *v->s == '#' && i < sizeof(WORDS) / sizeof(WORDS[0]); i++) {
		if (strlen(WORDS[i]) == v->n && !memcmp(WORDS[i], v->s, v->n))
			return true;
	}
	return false;
}

static bool error_fault(const struct value *v)
{
	char text[QUOTE];

	if (v->n == sizeof(SHEET_UNCALCULATED) - 1 && !memcmp(v->s, SHEET_UNCALCULATED, v->n))
		return sheet_value_fault(v, "单元格是没有保存计算结果的公式，"
					    "请用表格程序打开后保存一次，或直接填写");
	return sheet_value_fault(v, "单元格是错误值 %s，请改正公式或直接填写", quote(v, text));
}

static bool (*const READERS[SHEET_TYPES])(struct value *v) = {
    [SHEET_TEXT] = read_text,     [SHEET_ID] = read_id,     [SHEET_NUMBER] = read_number,
    [SHEET_MONEY] = read_money,   [SHEET_RATE] = read_rate, [SHEET_YESNO] = read_yesno,
    [SHEET_CHOICE] = read_choice, [SHEET_DATE] = read_date,
};

bool sheet_value(const struct sheet_column *c, const struct sheet_cell *cell, char *out,
		 size_t size, char *reason)
{
	return sheet_value_as(c, c->title, cell, out, size, reason);
}

bool sheet_value_as(const struct sheet_column *c, const char *title, const struct sheet_cell *cell,
		    char *out, size_t size, char *reason)
{
	struct value v = {c, title, cell->text, cell->len, out, size, reason};

	*out = 0;
	*reason = 0;
	trim(&v);
	if (cell->kind == CELL_EMPTY || !v.n)
		return c->required ? sheet_value_fault(&v, "没有填写") : true;
	if (cell->kind == CELL_FAULT || is_error(&v))
		return error_fault(&v);
	if (cell->kind == CELL_BOOL && c->type != SHEET_YESNO && c->type != SHEET_CHOICE)
		return sheet_value_fault(&v, "单元格是逻辑值 %.*s，请改正公式或直接填写", (int)v.n,
					 v.s);
	if (!READERS[c->type](&v)) {
		*out = 0;
		return false;
	}
	return *out || !c->required || sheet_value_fault(&v, "没有填写");
}

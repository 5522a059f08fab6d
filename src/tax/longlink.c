/* longlink.c - building and checking the long link of 发票云. */
#include "tax/longlink.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "base/text.h"
#include "tax/ids.h"

/* In the order of the link. */
enum { TAX_NO, CLIENT_ID, NATURAL_ID, CONNECT_ID, PARAMETERS };
static const struct {
	const char *name, *option, *label;
} NAMES[PARAMETERS] = {
    [TAX_NO] = {"taxNo", "taxno", "税号"},
    [CLIENT_ID] = {"clientId", "client-id", "clientId"},
    [NATURAL_ID] = {"naturalId", "natural-id", "乐企ID"},
    [CONNECT_ID] = {"connectNaturalId", "connect-natural-id", "接入单位乐企ID"},
};

/* ---- characters ---- */

/* What a character nobody sees is called; NULL: it can be seen. */
static const char *unseen(uint32_t cp)
{
	static const struct {
		uint32_t cp;
		const char *name;
	} names[] = {{' ', "空格"},
		     {'\t', "制表符"},
		     {'\n', "换行"},
		     {'\r', "回车"},
		     {0xA0, "不间断空格（U+00A0）"},
		     {0x3000, "全角空格（U+3000）"},
		     {0x200B, "零宽空格（U+200B）"},
		     {0x200C, "零宽不连字（U+200C）"},
		     {0x200D, "零宽连字（U+200D）"},
		     {0x2060, "零宽连接符（U+2060）"},
		     {0xFEFF, "字节顺序标记 BOM（U+FEFF）"}};
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (names[i].cp == cp)
			return names[i].name;
	return text_is_forbidden(cp) ? "不可见字符" : NULL;
}

/* "空格", or “a” as it stands. */
static void name_char(const char *s, size_t n, char out[64])
{
	uint32_t cp;
	size_t len = text_next(s, n, &cp);
	const char *name = unseen(cp);

	if (name)
		snprintf(out, 64, "%s", name);
	else if (cp == 0xFFFD)
		snprintf(out, 64, "坏字节");
	else
		snprintf(out, 64, "“%.*s”", (int)len, s);
}

/* May the character stand in the value?  Tax numbers: capitals and digits. */
static bool fits(size_t parameter, char c)
{
	bool digit = c >= '0' && c <= '9', capital = c >= 'A' && c <= 'Z';

	if (parameter == TAX_NO)
		return digit || capital;
	return digit || capital || (c >= 'a' && c <= 'z') ||
	       (parameter == CLIENT_ID && c && strchr("-_.", c));
}

/* Bytes of the value before the first character that cannot be in it. */
static size_t clean_bytes(size_t parameter, const char *s, size_t n)
{
	size_t i = 0;

	while (i < n && fits(parameter, s[i]))
		i++;
	return i;
}

/* What else is wrong with a value of clean characters; "" nothing. */
static void judge(size_t parameter, const char *value, char why[160], bool *warning)
{
	char fault[TAXNO_FAULT];
	enum taxno_state state;
	size_t at;

	*why = 0;
	*warning = false;
	if (!*value) {
		snprintf(why, 160, "没有填写");
	} else if (parameter == TAX_NO) {
		state = taxno_check(value, &at);
		*warning = state == TAXNO_BAD_CHECK;
		if (state == TAXNO_BAD_FORM)
			snprintf(why, 160, "%s", taxno_fault(value, at, fault));
		else if (state == TAXNO_BAD_CHECK)
			snprintf(why, 160, "校验码不对，请核对税号");
	} else if (parameter != CLIENT_ID && !leqi_id_ok(value)) {
		*warning = true;
		snprintf(why, 160, "应为 20 位小写十六进制字符，实际 %zu 位", text_chars(value));
	}
	why[text_whole(why, strlen(why))] = 0;
}

/* ---- building ---- */

static enum err refuse(size_t parameter, const char *why, struct err_info *e)
{
	err_fail(e, ERR_INVALID, "longlink.value", NAMES[parameter].label, "%s", why);
	err_field(e, "%s", NAMES[parameter].option);
	err_hint(e, "税号前后不能有空格、税号里不能有特殊字符，否则可能无法开票");
	return ERR_INVALID;
}

static enum err check_value(size_t parameter, const char *value, struct err_info *e)
{
	size_t n = strlen(value), at = clean_bytes(parameter, value, n);
	char why[160], name[64];
	bool warning;

	if (at < n) {
		char *before = mem_strndup(value, at);

		name_char(value + at, n - at, name);
		snprintf(why, sizeof(why), "第 %zu 个字符是%s", text_chars(before) + 1, name);
		free(before);
		return refuse(parameter, why, e);
	}
	judge(parameter, value, why, &warning);
	return *why && !warning ? refuse(parameter, why, e) : ERR_OK;
}

enum err longlink_build(const struct longlink *l, char out[LONGLINK_MAX], struct err_info *e)
{
	const char *values[PARAMETERS] = {
	    [TAX_NO] = l->tax_no,
	    [CLIENT_ID] = l->client_id,
	    [NATURAL_ID] = l->natural_id,
	    [CONNECT_ID] = l->connect_natural_id ? l->connect_natural_id : LONGLINK_CONNECT};
	size_t i, n;
	enum err r;

	for (i = 0; i < PARAMETERS; i++)
		if ((r = check_value(i, values[i] ? values[i] : "", e)))
			return r;
	n = (size_t)snprintf(out, LONGLINK_MAX, "%s", LONGLINK_BASE);
	for (i = 0; i < PARAMETERS && n < LONGLINK_MAX; i++)
		n += (size_t)snprintf(out + n, LONGLINK_MAX - n, "%c%s=%s", i ? '&' : '?',
				      NAMES[i].name, values[i]);
	return n < LONGLINK_MAX ? ERR_OK : refuse(CLIENT_ID, "太长", e);
}

/* ---- checking ---- */

struct check {
	const char *text;
	struct longlink_finding *out;
	size_t n;
	bool seen[PARAMETERS];
	size_t last; /* index + 1 of the parameter before, 0 none */
};

static ERR_PRINTF(6, 7) void find(struct check *c, const char *code, size_t parameter,
				  const char *at, bool warning, const char *fmt, ...)
{
	struct longlink_finding *f = &c->out[c->n];
	char *before;
	va_list ap;

	if (c->n == LONGLINK_FINDINGS)
		return;
	before = mem_strndup(c->text, (size_t)(at - c->text));
	*f = (struct longlink_finding) {
	    .code = code, .parameter = "", .column = text_chars(before) + 1, .warning = warning};
	free(before);
	if (parameter < PARAMETERS)
		f->parameter = NAMES[parameter].name;
	va_start(ap, fmt);
	vsnprintf(f->text, sizeof(f->text), fmt, ap);
	va_end(ap);
	f->text[text_whole(f->text, strlen(f->text))] = 0;
	c->n++;
}

static void check_parameter(struct check *c, size_t parameter, const char *value, size_t n)
{
	size_t at = clean_bytes(parameter, value, n);
	char name[64], why[160], *whole;
	uint32_t cp;
	bool warning;

	if (at < n) {
		text_next(value + at, n - at, &cp);
		name_char(value + at, n - at, name);
		find(c, unseen(cp) ? "hidden" : "value", parameter, value + at, false,
		     "%s的第 %zu 个字符是%s", NAMES[parameter].label, at + 1, name);
		return;
	}
	whole = mem_strndup(value, n);
	judge(parameter, whole, why, &warning);
	free(whole);
	if (*why)
		find(c, "value", parameter, value, warning, "%s：%s", NAMES[parameter].label, why);
	if (!*why && parameter == CONNECT_ID && strncmp(value, LONGLINK_CONNECT, n) != 0)
		find(c, "value", parameter, value, true, "%s应为 %s", NAMES[parameter].label,
		     LONGLINK_CONNECT);
}

static bool same(const char *s, size_t n, const char *word)
{
	return strlen(word) == n && !strncmp(s, word, n);
}

/* The parameter of a name; PARAMETERS: none, *like the one that is written otherwise. */
static size_t parameter_of(const char *s, size_t n, size_t *like)
{
	size_t i;

	*like = PARAMETERS;
	for (i = 0; i < PARAMETERS; i++) {
		if (same(s, n, NAMES[i].name))
			return i;
		if (strlen(NAMES[i].name) == n && !strncasecmp(s, NAMES[i].name, n))
			*like = i;
	}
	return PARAMETERS;
}

static void unknown_name(struct check *c, const char *s, size_t n, size_t like)
{
	size_t i;
	char name[64];
	uint32_t cp;

	for (i = 0; i < n; i += text_next(s + i, n - i, &cp)) {
		text_next(s + i, n - i, &cp);
		if (!unseen(cp))
			continue;
		name_char(s + i, n - i, name);
		find(c, "hidden", PARAMETERS, s + i, false, "参数名里有%s", name);
		return;
	}
	if (like < PARAMETERS)
		find(c, "name", like, s, false, "参数名的大小写不对，应为 %s", NAMES[like].name);
	else
		find(c, "name", PARAMETERS, s, false,
		     "不认识的参数“%.*s”，应为 taxNo、clientId、naturalId、connectNaturalId",
		     (int)text_whole(s, n < 40 ? n : 40), s);
}

/* One of "name=value". */
static void check_pair(struct check *c, const char *s, size_t n)
{
	const char *eq = memchr(s, '=', n);
	size_t len = eq ? (size_t)(eq - s) : n, like, i = parameter_of(s, len, &like);

	if (i == PARAMETERS) {
		unknown_name(c, s, len, like);
		if (like == PARAMETERS || !eq)
			return;
		i = like;
	}
	if (c->seen[i]) {
		find(c, "twice", i, s, false, "参数 %s 重复", NAMES[i].name);
		return;
	}
	c->seen[i] = true;
	if (i + 1 < c->last)
		find(c, "order", i, s, false, "参数 %s 的次序不对，应在 %s 之前", NAMES[i].name,
		     NAMES[c->last - 1].name);
	else
		c->last = i + 1;
	if (!eq)
		find(c, "value", i, s + n, false, "%s后面没有 = 和值", NAMES[i].name);
	else
		check_parameter(c, i, eq + 1, n - len - 1);
}

static void check_query(struct check *c, const char *s)
{
	while (*s) {
		size_t n = strcspn(s, "&");

		if (n)
			check_pair(c, s, n);
		else
			find(c, "form", PARAMETERS, s, false, "多余的 &");
		s += n;
		if (*s && !*++s)
			find(c, "form", PARAMETERS, s - 1, false, "多余的 &");
	}
}

/* The address in front of '?'; returns where the parameters begin, NULL: there are none. */
static const char *check_address(struct check *c, const char *s)
{
	size_t n = strcspn(s, "?"), i = 0;
	char name[64];

	while (i < n && LONGLINK_BASE[i] && s[i] == LONGLINK_BASE[i])
		i++;
	if (i < n) {
		name_char(s + i, n - i, name);
		find(c, "address", PARAMETERS, s + i, false, "地址不对：这里是%s，地址应为 %s",
		     name, LONGLINK_BASE);
	} else if (LONGLINK_BASE[i]) {
		find(c, "address", PARAMETERS, s + i, false, "地址不完整，应为 %s", LONGLINK_BASE);
	}
	if (s[n])
		return s + n + 1;
	find(c, "form", PARAMETERS, s + n, false, "地址后面没有 ? 和参数");
	return NULL;
}

static bool is_fragment(const char *s)
{
	size_t i, n = strcspn(s, "=");

	if (!s[n])
		return false;
	for (i = 0; i < PARAMETERS; i++)
		if (strlen(NAMES[i].name) == n && !strncasecmp(s, NAMES[i].name, n))
			return true;
	return false;
}

size_t longlink_check(const char *text, struct longlink_finding out[LONGLINK_FINDINGS])
{
	struct check c = {.text = text, .out = out};
	const char *query = text;
	bool whole = !is_fragment(text);
	size_t i;

	if (whole)
		query = check_address(&c, text);
	if (query)
		check_query(&c, query);
	for (i = 0; i < PARAMETERS && whole; i++)
		if (!c.seen[i])
			find(&c, "missing", i, text + strlen(text), false, "缺少参数 %s",
			     NAMES[i].name);
	return c.n;
}

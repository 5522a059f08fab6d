#include <stdio.h>
#include <string.h>

#include "base/decimal.h"
#include "base/json.h"
#include "base/text.h"

void json_out_init(struct json_out *o, struct buf *b, int indent)
{
	*o = (struct json_out) {.buf = b, .indent = indent};
}

static void new_line(struct json_out *o)
{
	if (o->indent && o->depth)
		buf_addc(o->buf, '\n');
	for (int i = 0; i < o->indent * o->depth; i++)
		buf_addc(o->buf, ' ');
}

/* What JSON makes of one code point of a string; the rest stands as it is. */
static void put_char(struct buf *b, const char *s, size_t len, uint32_t cp)
{
	static const char ESCAPED[] = "\"\\\n\t\r", LETTER[] = "\"\\ntr";
	const char *special = cp && cp < 0x80 ? strchr(ESCAPED, (int)cp) : NULL;
	char utf8[4];

	if (special) {
		buf_addc(b, '\\');
		buf_addc(b, LETTER[special - ESCAPED]);
	} else if (cp == 0xFFFD && len == 1) {
		buf_add(b, utf8, text_put(cp, utf8));
	} else if (cp >= 0x20) {
		buf_add(b, s, len);
	}
}

static void put_string(struct buf *b, const char *s)
{
	size_t left = strlen(s), plain, len;
	uint32_t cp;

	buf_addc(b, '"');
	while (left) {
		/* Runs of plain ASCII go at once. */
		for (plain = 0; plain < left; plain++) {
			unsigned char c = (unsigned char)s[plain];

			if (c < 0x20 || c >= 0x80 || c == '"' || c == '\\')
				break;
		}
		buf_add(b, s, plain);
		s += plain;
		left -= plain;
		if (!left)
			break;
		len = text_next(s, left, &cp);
		put_char(b, s, len, cp);
		s += len;
		left -= len;
	}
	buf_addc(b, '"');
}

/* The comma, line break and key that go before a value. */
static void begin_value(struct json_out *o, const char *key)
{
	if (o->need_comma)
		buf_addc(o->buf, ',');
	new_line(o);
	if (key) {
		put_string(o->buf, key);
		buf_adds(o->buf, o->indent ? ": " : ":");
	}
	o->need_comma = true;
}

void json_open(struct json_out *o, const char *key, char bracket)
{
	begin_value(o, key);
	buf_addc(o->buf, bracket);
	o->depth++;
	o->need_comma = false;
}

void json_close(struct json_out *o, char bracket)
{
	bool empty = !o->need_comma;

	o->depth--;
	if (!empty && o->indent) {
		buf_addc(o->buf, '\n');
		for (int i = 0; i < o->indent * o->depth; i++)
			buf_addc(o->buf, ' ');
	}
	buf_addc(o->buf, bracket);
	o->need_comma = true;
}

void json_put(struct json_out *o, const char *key, const char *text)
{
	begin_value(o, key);
	if (text)
		put_string(o->buf, text);
	else
		buf_adds(o->buf, "null");
}

void json_put_raw(struct json_out *o, const char *key, const char *token)
{
	begin_value(o, key);
	buf_adds(o->buf, token);
}

void json_put_int(struct json_out *o, const char *key, long long v)
{
	char text[24];

	snprintf(text, sizeof(text), "%lld", v);
	json_put_raw(o, key, text);
}

void json_put_bool(struct json_out *o, const char *key, bool v)
{
	json_put_raw(o, key, v ? "true" : "false");
}

void json_put_fen(struct json_out *o, const char *key, long long fen)
{
	char text[FEN_TEXT];

	json_put(o, key, fen_format(fen, text));
}

void json_put_tree(struct json_out *o, const char *key, const cJSON *tree)
{
	bool is_object = cJSON_IsObject(tree);
	const cJSON *child;

	if (is_object || cJSON_IsArray(tree)) {
		json_open(o, key, is_object ? '{' : '[');
		for (child = tree->child; child; child = child->next)
			json_put_tree(o, is_object ? child->string : NULL, child);
		json_close(o, is_object ? '}' : ']');
	} else if (cJSON_IsNumber(tree)) {
		json_put_raw(o, key, tree->valuestring ? tree->valuestring : "0");
	} else if (cJSON_IsBool(tree)) {
		json_put_bool(o, key, cJSON_IsTrue(tree));
	} else {
		json_put(o, key, json_text(tree));
	}
}

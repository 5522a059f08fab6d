/* catalogue.c - rows after a change; words about buyers. */
#include "ui/screen/catalogue.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/base.h"
#include "base/pinyin.h"
#include "tax/ids.h"
#include "ui/loop.h"

/* ---- rows ---- */

enum { MESSAGE_MOST = 1000 };

bool screen_show_row(struct list *l, int64_t id)
{
	int i;

	list_reload(l);
	list_content(l, false);
	for (i = 0; i < l->count; i++) {
		if (l->rows[i].id == id) {
			l->selected = i;
			return true;
		}
	}
	return false;
}

void screen_tell_hidden(void)
{
	char said[MESSAGE_MOST];

	text_copy(said, sizeof(said), message_text());
	ui_message(MESSAGE_WARNING, "%s；不在现在的查询条件里，按 c 重置能看到",
		   *said ? said : "已保存");
}

/* ---- words ---- */

static void add_word(char *out, size_t size, const char *word)
{
	size_t n = strlen(out);

	if (text_empty(word) || n + 3 >= size)
		return;
	if (n)
		memcpy(out + n, "  ", 3);
	text_copy(out + n + (n ? 2 : 0), size - n - (n ? 2 : 0), word);
}

const char *screen_address_words(const struct buyer_address *a, char *out, size_t size)
{
	out[0] = 0;
	add_word(out, size, a->address);
	add_word(out, size, a->phone);
	add_word(out, size, a->bank);
	add_word(out, size, a->account);
	add_word(out, size, a->email);
	add_word(out, size, a->mobile);
	return out;
}

const char *screen_buyer_words(const struct buyer *b, char *out, size_t size)
{
	int n = (int)text_prefix(b->party.name, 40);

	snprintf(out, size, "#%lld %.*s%s（%s）", (long long)b->id, n, b->party.name,
		 b->party.name[n] ? "…" : "",
		 text_empty(b->party.tax_no) ? "无税号" : b->party.tax_no);
	return out;
}

const char *screen_capitals(const char *text, char *out, size_t size)
{
	char *p;

	text_copy(out, size, text);
	for (p = out; *p; p++)
		*p = *p >= 'a' && *p <= 'z' ? (char)(*p - 'a' + 'A') : *p;
	return out;
}

const char *screen_tax_no_fault(const char *text, char out[256])
{
	char capitals[64], fault[TAXNO_FAULT];
	size_t at = 0;

	if (!*text ||
	    taxno_check(screen_capitals(text, capitals, sizeof(capitals)), &at) != TAXNO_BAD_FORM)
		return NULL;
	snprintf(out, 256, "税号：%s（请核对购方税号）", taxno_fault(capitals, at, fault));
	return out;
}

/* Words of names whose characters are commonly read otherwise; the longer first. */
static const struct {
	const char *word, *initials;
} WORDS[] = {
    {"重庆", "CQ"}, {"银行", "YH"}, {"行业", "HY"}, {"商行", "SH"}, {"车行", "CH"},
    {"厦门", "XM"}, {"会计", "KJ"}, {"调味", "TW"}, {"音乐", "YY"}, {"乐器", "YQ"},
    {"乐清", "YQ"}, {"番禺", "PY"}, {"西藏", "XZ"}, {"长", "C"},
};

/* The initials of the word the name begins with, which it moves behind; NULL: none of them. */
static const char *word_initials(const char **name)
{
	size_t i;

	for (i = 0; i < sizeof(WORDS) / sizeof(WORDS[0]); i++) {
		size_t n = strlen(WORDS[i].word);

		if (!strncmp(*name, WORDS[i].word, n)) {
			*name += n;
			return WORDS[i].initials;
		}
	}
	return NULL;
}

static char initial_of(uint32_t cp)
{
	const uint16_t *readings;

	if (cp < 0x80)
		return isalnum((int)cp) ? (char)toupper((int)cp) : 0;
	if (!pinyin_readings(cp, &readings))
		return 0;
	return (char)toupper((unsigned char)pinyin_syllable(readings[0])[0]);
}

const char *screen_initials(const char *name, char *out, size_t size)
{
	size_t n = 0;

	while (*name && n + 1 < size) {
		const char *word = word_initials(&name);
		char c = word ? 0 : initial_of(pinyin_next(&name));

		for (; word && *word && n + 1 < size; word++)
			out[n++] = *word;
		if (c)
			out[n++] = c;
	}
	out[n] = 0;
	return out;
}

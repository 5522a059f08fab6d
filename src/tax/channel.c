/* channel.c - channels, abilities and handlers as tables. */
#include "tax/channel.h"

#include <string.h>

#include "base/buf.h"
#include "base/text.h"

const struct channel_word channel_words[] = {
    {"leqi", "乐企平台"},       {"leqi-joint", "乐企平台（联用）"},
    {"portal", "电子税局/RPA"}, {"disk", "税盘"},
    {"cert", "软证书"},         {NULL, NULL},
};

const struct channel_word handler_words[] = {
    {"legal", "法定代表人"}, {"finance", "财务负责人"}, {"tax", "办税员"}, {NULL, NULL}};

#define ABILITY_OF_COLLECTING "203067"

/* Codes: features N1. */
const struct channel_word ability_words[] = {
    {ABILITY_BASIC, "基础能力"},
    {ABILITY_OF_COLLECTING, "归集能力"},
    {"203065", "抵扣勾选"},
    {"203064", "退税勾选"},
    {"203057", "入账"},
    {"202046", "不动产销售"},
    {"202038", "不动产租赁"},
    {"202044", "建筑服务"},
    {"202026", "货物运输"},
    {"202055", "成品油"},
    {NULL, NULL},
};

/* What people write for the same thing. */
static const struct channel_word CHANNEL_ALIASES[] = {
    {"leqi-joint", "乐企平台(联用)"}, {"leqi-joint", "乐企联用"},
    {"leqi-joint", "联用"},           {"leqi", "乐企"},
    {"portal", "电子税局"},           {"portal", "RPA"},
    {"portal", "电子税局／RPA"},      {NULL, NULL},
};

static const struct channel_word *find(const struct channel_word *table, const char *text, size_t n)
{
	for (; table->word; table++)
		if ((strlen(table->word) == n && !strncmp(table->word, text, n)) ||
		    (strlen(table->label) == n && !strncmp(table->label, text, n)))
			return table;
	return NULL;
}

const struct channel_word *channel_find(const char *text)
{
	const struct channel_word *alias = find(CHANNEL_ALIASES, text, strlen(text));
	const char *word = alias ? alias->word : text;

	return find(channel_words, word, strlen(word));
}

const char *channel_label(const char *word)
{
	const struct channel_word *w = channel_find(word ? word : "");

	return w ? w->label : "无";
}

bool channel_is_leqi(const char *word)
{
	return word && (!strcmp(word, "leqi") || !strcmp(word, "leqi-joint"));
}

const struct channel_word *handler_find(const char *text)
{
	return find(handler_words, text, strlen(text));
}

const char *ability_locked(const char *code, bool joint)
{
	if (!strcmp(code, ABILITY_BASIC))
		return joint ? "联用必选" : "自用必选";
	return !joint && !strcmp(code, ABILITY_OF_COLLECTING) ? "自用必选" : NULL;
}

static size_t item_length(const char *s)
{
	size_t n = 0;

	while (s[n] && s[n] != ',' && strncmp(s + n, "、", strlen("、")) != 0 &&
	       strncmp(s + n, "，", strlen("，")) != 0)
		n++;
	return n;
}

/* Behind the item of n bytes and what separates it from the next. */
static const char *next_item(const char *s, size_t n)
{
	s += n;
	if (*s == ',')
		return s + 1;
	return *s ? s + strlen("、") : s;
}

bool ability_list(const char *text, bool joint, char out[ABILITY_LIST], const char **bad,
		  size_t *bad_n)
{
	const struct channel_word *a;
	unsigned chosen = 0;
	struct buf b;
	size_t i;

	while (*text) {
		size_t n = item_length(text), m = n;
		const char *item = text;

		text = next_item(text, n);
		for (; m && *item == ' '; m--)
			item++;
		while (m && item[m - 1] == ' ')
			m--;
		if (m && !(a = find(ability_words, item, m))) {
			*bad = item;
			*bad_n = m;
			return false;
		}
		if (m)
			chosen |= 1u << (a - ability_words);
	}
	buf_init(&b, ABILITY_LIST);
	for (i = 0; ability_words[i].word; i++) {
		bool off = joint && !strcmp(ability_words[i].word, ABILITY_OF_COLLECTING);

		if (!off && (chosen >> i & 1 || ability_locked(ability_words[i].word, joint)))
			buf_addf(&b, "%s%s", b.len ? "," : "", ability_words[i].word);
	}
	text_copy(out, ABILITY_LIST, buf_str(&b));
	buf_free(&b);
	return true;
}

bool ability_has(const char *list, const char *code)
{
	size_t n = strlen(code);
	const char *p;

	for (p = list ? list : ""; (p = strstr(p, code)); p += n)
		if ((p == list || p[-1] == ',') && (!p[n] || p[n] == ','))
			return true;
	return false;
}

void ability_labels(const char *list, char *out, size_t size)
{
	struct buf b;
	size_t i;

	buf_init(&b, size);
	for (i = 0; ability_words[i].word; i++)
		if (ability_has(list, ability_words[i].word))
			buf_addf(&b, "%s%s", b.len ? "、" : "", ability_words[i].label);
	text_copy(out, size, buf_str(&b));
	buf_free(&b);
}

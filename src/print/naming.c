/* naming.c - rules for names of files: placeholders, safe characters, bounds, doubles. */
#include "print/naming.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "tax/validate.h"

enum { PIECES = 32, LITERAL_BYTES = 100, SUFFIX_BYTES = 16 };

const char print_naming_default[] = "dzfp_{号码}_{购方}_{时间}";

/* ---- placeholders ---- */

static char *put_number(const struct invoice *inv)
{
	return mem_strdup(*inv->number ? inv->number : "未取号");
}

static char *put_buyer(const struct invoice *inv)
{
	return tax_buyer_name(inv);
}

static char *put_tax_no(const struct invoice *inv)
{
	return mem_strdup(inv->buyer.tax_no);
}

/* The first digits of the date, at most n. */
static char *digits(const struct invoice *inv, size_t n)
{
	char *out = mem_strdup(inv->issued_at), *to = out;
	const char *p;

	for (p = inv->issued_at; *p && (size_t)(to - out) < n; p++) {
		if (*p >= '0' && *p <= '9')
			*to++ = *p;
	}
	*to = 0;
	return out;
}

static char *put_day(const struct invoice *inv)
{
	return digits(inv, 8);
}

static char *put_time(const struct invoice *inv)
{
	return digits(inv, 14);
}

static char *say_day(const struct invoice *inv)
{
	return mem_strndup(inv->issued_at, strlen("2026-11-20"));
}

static char *say_time(const struct invoice *inv)
{
	return mem_strdup(inv->issued_at);
}

static char *put_gross(const struct invoice *inv)
{
	char text[FEN_TEXT];

	return mem_strdup(fen_format(inv->gross_fen, text));
}

static char *put_order(const struct invoice *inv)
{
	return mem_strdup(inv->order_no);
}

static char *put_kind(const struct invoice *inv)
{
	char text[64];

	snprintf(text, sizeof(text), "%s%s", inv->red ? "红字" : "", invoice_kind_label(inv->kind));
	return mem_strdup(text);
}

enum part { PART_NUMBER, PART_BUYER, PART_ORDER, PART_OTHER };
static const struct {
	const char *word;
	char *(*put)(const struct invoice *inv); /* malloc'd */
	enum part part;
	char *(*say)(const struct invoice *inv); /* in a letter; NULL: the same */
} WORDS[] = {
    {"{号码}", put_number, PART_NUMBER, NULL},  {"{购方}", put_buyer, PART_BUYER, NULL},
    {"{税号}", put_tax_no, PART_OTHER, NULL},   {"{日期}", put_day, PART_OTHER, say_day},
    {"{时间}", put_time, PART_OTHER, say_time}, {"{价税合计}", put_gross, PART_OTHER, NULL},
    {"{订单号}", put_order, PART_ORDER, NULL},  {"{票种}", put_kind, PART_OTHER, NULL},
};
enum { WORD_COUNT = sizeof(WORDS) / sizeof(WORDS[0]), NO_WORD = WORD_COUNT };

static size_t word_at(const char *p)
{
	size_t i;

	for (i = 0; i < WORD_COUNT; i++) {
		if (!strncmp(p, WORDS[i].word, strlen(WORDS[i].word)))
			return i;
	}
	return NO_WORD;
}

/* ---- checking ---- */

#define MEND "可以用 {号码} {购方} {税号} {日期} {时间} {价税合计} {订单号} {票种}"

static enum err bad_rule(struct err_info *e, const char *why, const char *where)
{
	err_fail(e, ERR_INVALID, "naming.rule", "文件命名规则", "%s%s%.60s%s", why,
		 *where ? "“" : "", where, *where ? "”" : "");
	err_hint(e, MEND);
	return ERR_INVALID;
}

/* May the literal stand in a name as it is? */
static bool literal_stands(const char *text, size_t n)
{
	char own[LITERAL_BYTES + 1], safe[LITERAL_BYTES + 1];

	memcpy(own, text, n);
	own[n] = 0;
	/* Blanks and dots at the end are only bad at the end of a name. */
	while (n && (own[n - 1] == ' ' || own[n - 1] == '.'))
		own[--n] = 0;
	if (!n)
		return true;
	file_safe_name(safe, sizeof(safe), own);
	return !strcmp(own, safe);
}

struct scan {
	size_t literal;
	bool tells; /* number or order: two invoices get two names */
};

static enum err scan_rule(const char *rule, struct scan *s, struct err_info *e)
{
	const char *p = rule;

	while (*p) {
		size_t n = strcspn(p, "{}"), w;

		if ((s->literal += n) > LITERAL_BYTES)
			return bad_rule(e, "固定的文字太长", "");
		if (n && ((p == rule && *p == '.') || !literal_stands(p, n)))
			return bad_rule(e, "有文件名不能用的字符：", rule);
		p += n;
		if (!*p)
			break;
		if ((w = word_at(p)) == NO_WORD)
			return bad_rule(e, "不认识", p);
		s->tells |= WORDS[w].part == PART_NUMBER || WORDS[w].part == PART_ORDER;
		p += strlen(WORDS[w].word);
	}
	return ERR_OK;
}

enum err print_naming_check(const char *rule, struct err_info *e)
{
	struct scan s = {0};
	enum err r;

	if (text_empty(rule))
		return bad_rule(e, "规则不能是空的", "");
	if (strlen(rule) > NAMING_RULE)
		return bad_rule(e, "规则太长", "");
	if (!text_valid(rule, strlen(rule)))
		return bad_rule(e, "不是有效的文字", "");
	if ((r = scan_rule(rule, &s, e)))
		return r;
	return s.tells ? ERR_OK
		       : bad_rule(e, "须有 {号码} 或 {订单号}，否则两张发票会得到同一个名字", "");
}

enum err print_naming_check_text(const char *text, struct err_info *e)
{
	const char *p = text, *end;

	for (; (p = strchr(p, '{')); p++) {
		end = p + strcspn(p, "}\n");
		if (*end != '}' || word_at(p) != NO_WORD)
			continue;
		err_fail(e, ERR_INVALID, "naming.text", "", "不认识“%.*s”",
			 (int)(end - p < 60 ? end - p + 1 : 0), p);
		err_hint(e, MEND);
		return ERR_INVALID;
	}
	return ERR_OK;
}

/* ---- making ---- */

struct piece {
	char *text; /* owned */
	enum part part;
};

static size_t split(const char *rule, const struct invoice *inv, struct piece out[PIECES])
{
	size_t count = 0;

	while (*rule && count < PIECES) {
		size_t n = strcspn(rule, "{}"), w;

		if (n) {
			out[count++] = (struct piece) {mem_strndup(rule, n), PART_OTHER};
			rule += n;
			continue;
		}
		w = word_at(rule);
		out[count++] = (struct piece) {WORDS[w].put(inv), WORDS[w].part};
		rule += strlen(WORDS[w].word);
	}
	return count;
}

/* Takes bytes off the pieces of a part until the whole fits. */
static size_t shorten(struct piece *p, size_t n, enum part part, size_t total, size_t max)
{
	size_t i;

	for (i = 0; i < n && total > max; i++) {
		size_t len = strlen(p[i].text), over = total - max, keep;

		if (p[i].part != part)
			continue;
		keep = text_whole(p[i].text, len > over ? len - over : 0);
		p[i].text[keep] = 0;
		total -= len - keep;
	}
	return total;
}

const char *print_naming_make(const char *rule, const struct invoice *inv, const char *suffix,
			      char out[NAMING_TEXT])
{
	struct piece pieces[PIECES];
	size_t n, i, total = 0, end = strlen(suffix),
		     max = NAMING_BYTES - (end < SUFFIX_BYTES ? end : SUFFIX_BYTES);
	struct buf whole, safe;

	n = split(print_naming_check(rule, NULL) ? print_naming_default : rule, inv, pieces);
	for (i = 0; i < n; i++)
		total += strlen(pieces[i].text);
	total = shorten(pieces, n, PART_BUYER, total, max);
	shorten(pieces, n, PART_ORDER, total, max);
	buf_init(&whole, 64 * 1024);
	buf_init(&safe, 64 * 1024);
	for (i = 0; i < n; i++) {
		buf_adds(&whole, pieces[i].text);
		free(pieces[i].text);
	}
	/* By pieces of what the function takes at once; only the first may begin with dots. */
	for (i = 0; i < whole.len;) {
		char part[121], given[121];
		size_t len = whole.len - i < 100 ? whole.len - i : text_whole(whole.data + i, 100);

		memcpy(part, whole.data + i, len);
		part[len] = 0;
		file_safe_name(given, sizeof(given), part);
		/* A dot or a blank between two pieces is at neither end. */
		if (i + len < whole.len && (part[len - 1] == '.' || part[len - 1] == ' '))
			given[strlen(given) - 1] = part[len - 1];
		buf_adds(&safe, given);
		i += len;
	}
	/* What is below zero would look like an option to other programs. */
	if (safe.len && *safe.data == '-')
		*safe.data = '_';
	n = text_whole(buf_str(&safe), safe.len < max ? safe.len : max);
	snprintf(out, NAMING_TEXT, "%.*s%.*s", (int)n, buf_str(&safe), (int)SUFFIX_BYTES, suffix);
	buf_free(&whole);
	buf_free(&safe);
	return out;
}

void print_naming_fill(const char *text, const struct invoice *inv, struct buf *out)
{
	while (*text) {
		size_t n = strcspn(text, "{"), w;
		char *value;

		buf_add(out, text, n);
		text += n;
		if (!*text)
			break;
		if ((w = word_at(text)) == NO_WORD) {
			buf_addc(out, *text++);
			continue;
		}
		value = WORDS[w].say ? WORDS[w].say(inv) : WORDS[w].put(inv);
		buf_adds(out, value);
		free(value);
		text += strlen(WORDS[w].word);
	}
}

/* ---- doubles ---- */

struct taken {
	uint64_t hash; /* of the name in small letters; 0: free */
	uint32_t count;
};
struct print_names {
	struct taken *slots; /* a power of two, at most half full */
	size_t size, used;
};

struct print_names *print_naming_set(void)
{
	struct print_names *s = mem_zalloc(sizeof(*s));

	s->size = 1024;
	s->slots = mem_zalloc(s->size * sizeof(*s->slots));
	return s;
}

void print_naming_set_free(struct print_names **slot)
{
	struct print_names *s = *slot;

	*slot = NULL;
	if (s)
		free(s->slots);
	free(s);
}

/* Names that are the same but for small and capital letters meet on the person's own machine. */
static uint64_t hash_of(const char *name)
{
	uint64_t h = UINT64_C(0xcbf29ce484222325);

	for (; *name; name++) {
		unsigned char c = (unsigned char)*name;

		h = (h ^ (c >= 'A' && c <= 'Z' ? c + 32u : c)) * UINT64_C(0x100000001b3);
	}
	return h ? h : 1;
}

static struct taken *slot_of(struct print_names *s, uint64_t hash)
{
	size_t at = (size_t)(hash ^ hash >> 29) & (s->size - 1);

	while (s->slots[at].hash && s->slots[at].hash != hash)
		at = (at + 1) & (s->size - 1);
	return &s->slots[at];
}

static void grow(struct print_names *s)
{
	struct print_names wide = {.size = s->size * 2};
	size_t i;

	wide.slots = mem_zalloc(wide.size * sizeof(*wide.slots));
	for (i = 0; i < s->size; i++) {
		if (s->slots[i].hash)
			*slot_of(&wide, s->slots[i].hash) = s->slots[i];
	}
	free(s->slots);
	s->slots = wide.slots;
	s->size = wide.size;
}

/* "name.pdf" -> "name (2).pdf", shorter before the brackets when there is no room. */
static void number_name(const char *name, uint32_t n, char out[NAMING_TEXT])
{
	const char *dot = strrchr(name, '.');
	size_t stem = dot && dot > name ? (size_t)(dot - name) : strlen(name), room;
	char mark[24];

	snprintf(mark, sizeof(mark), " (%u)", n);
	room = NAMING_BYTES - strlen(mark) - strlen(name + stem);
	stem = stem < room ? stem : text_whole(name, room);
	snprintf(out, NAMING_TEXT, "%.*s%s%s", (int)stem, name, mark, dot && dot > name ? dot : "");
}

void print_naming_take(struct print_names *s, char name[NAMING_TEXT])
{
	struct taken *t = slot_of(s, hash_of(name)), *own;
	char other[NAMING_TEXT];

	if (s->used * 2 >= s->size) {
		grow(s);
		t = slot_of(s, hash_of(name));
	}
	if (!t->hash) {
		*t = (struct taken) {hash_of(name), 1};
		s->used++;
		return;
	}
	do {
		number_name(name, ++t->count, other);
		own = slot_of(s, hash_of(other));
	} while (own->hash);
	*own = (struct taken) {hash_of(other), 1};
	s->used++;
	memcpy(name, other, sizeof(other));
}

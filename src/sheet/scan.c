/* scan.c - tags, text and what stands between, piece by piece.
 *
 * What is cut off by the end of the pieces so far waits in the buffer and is looked at again from
 * its beginning; so nothing is changed in the buffer before it is there as a whole.
 */
#include "sheet/scan_p.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "sheet/scan_chars_p.h"

enum {
	WAITING_MAX = 1 << 20, /* bytes of a tag, a comment ... */
	ATTRIBUTES = 64,
	DEPTH_MAX = 1000,
	NAMES_MAX = 1 << 20,  /* bytes of those of the open tags */
	TEXT_PIECE = 1 << 20, /* bytes handed over at once, at most */
};

static const char LINE[] = "\n";

struct attribute {
	char *name, *value;
	size_t name_len, value_len;
	bool plain; /* the value stands for itself */
};
struct sheet_scan {
	struct sheet_scan_ops ops;
	void *user;
	char *data; /* ends with a NUL */
	size_t len, room;
	bool last, stopped, root;
	enum sheet_scan_verdict verdict;
	struct buf names; /* of the open tags, each with a NUL */
	uint32_t starts[DEPTH_MAX];
	size_t depth;
	struct attribute attributes[ATTRIBUTES];
	size_t attribute_count;
	const char *list[2 * ATTRIBUTES + 1];
};

/* Every step takes what begins at p and returns what is behind it; p itself when more has to come
 * first, NULL after a verdict. */
static char *give_up(struct sheet_scan *s, enum sheet_scan_verdict v)
{
	s->verdict = v;
	return NULL;
}

static const char *data_end(const struct sheet_scan *s)
{
	return s->data + s->len;
}

/* Something at `at` is not as it has to be, or is cut off there; p is where the step began. */
static char *cut_or_broken(struct sheet_scan *s, char *p, const char *at)
{
	const char *end = data_end(s);
	bool cut = at == end || (sheet_char(at) & CHAR_WIDE && sheet_char_cut(at, end)) ||
		   (*at == '&' && !memchr(at, ';', (size_t)(end - at)));

	return cut && !s->last ? p : give_up(s, SCAN_BROKEN);
}

/* ---- tags ---- */

/* The value from p, which is its quote: of an attribute, as far as it is a character of one. */
static const char *value_end(char *p, struct attribute *a)
{
	const char *at = p + 1;
	size_t taken;
	char out[4];

	a->value = p + 1;
	a->plain = true;
	for (;;) {
		at = sheet_char_find(at, CHAR_QUOTE | CHAR_LESS | CHAR_AND | CHAR_BLANK);
		if (sheet_char(at) & (CHAR_BAD | CHAR_WIDE | CHAR_LESS) || *at == *p)
			break;
		if (*at == '&') {
			if (!sheet_char_reference(at, out, &taken))
				break;
			at += taken - 1;
		}
		a->plain = a->plain && (*at == ' ' || sheet_char(at) & CHAR_QUOTE);
		at++;
	}
	a->value_len = (size_t)(at - a->value);
	return at;
}

/* Blanks are spaces, references what they stand for; never longer than it was. */
static void finish_value(struct attribute *a)
{
	char *to = a->value, *p = a->value, *end = a->value + a->value_len;
	size_t taken;

	while (!a->plain && p < end) {
		if (*p == '&') {
			char out[4];
			size_t n = sheet_char_reference(p, out, &taken);

			memcpy(to, out, n);
			to += n;
			p += taken;
		} else if (sheet_char(p) & CHAR_BLANK) {
			p += p[0] == '\r' && p[1] == '\n' ? 2 : 1;
			*to++ = ' ';
		} else {
			*to++ = *p++;
		}
	}
	*(a->plain ? end : to) = 0;
}

/* Names are of few bytes. */
static bool same_bytes(const char *a, const char *b, size_t n)
{
	while (n && *a == *b) {
		a++;
		b++;
		n--;
	}
	return !n;
}

static bool is_repeated(const struct sheet_scan *s, const struct attribute *a)
{
	const struct attribute *b = s->attributes;

	for (; b < a; b++) {
		if (a->name_len == b->name_len && same_bytes(a->name, b->name, a->name_len))
			return true;
	}
	return false;
}

/* One attribute at `at`; NULL: a verdict, or cut off, as cut_or_broken says of *where. */
static const char *take_attribute(struct sheet_scan *s, char *at, const char **where)
{
	struct attribute *a = &s->attributes[s->attribute_count];
	const char *p = sheet_char_name_end(at);

	*where = p;
	a->name = at;
	a->name_len = (size_t)(p - at);
	if (p == at)
		return NULL;
	*where = p = sheet_char_skip_blanks(p);
	if (*p != '=')
		return NULL;
	*where = p = sheet_char_skip_blanks(p + 1);
	if (!(sheet_char(p) & CHAR_QUOTE))
		return NULL;
	*where = p = value_end(s->data + (p - s->data), a);
	if (*p != a->value[-1])
		return NULL;
	return p + 1;
}

static void push_name(struct sheet_scan *s, const char *name, size_t len)
{
	s->starts[s->depth++] = (uint32_t)s->names.len;
	buf_add(&s->names, name, len + 1);
}

/* The tag is there as a whole: name and attributes are made texts of their own. */
static void hand_start(struct sheet_scan *s, char *name, size_t len, bool empty)
{
	size_t i, n = 0;

	for (i = 0; i < s->attribute_count; i++) {
		struct attribute *a = &s->attributes[i];

		a->name[a->name_len] = 0;
		finish_value(a);
		s->list[n++] = a->name;
		s->list[n++] = a->value;
	}
	s->list[n] = NULL;
	name[len] = 0;
	if (!empty)
		push_name(s, name, len);
	if (s->names.failed) {
		s->verdict = SCAN_LARGE;
		return;
	}
	if (s->ops.start)
		s->ops.start(s->user, name, s->list);
	if (empty && s->ops.end && !s->stopped)
		s->ops.end(s->user, name);
}

/* Attributes from `at` to > or /; else NULL, with the place in *where. */
static const char *take_attributes(struct sheet_scan *s, const char *at, const char **where)
{
	const char *next;

	s->attribute_count = 0;
	for (;;) {
		next = sheet_char_skip_blanks(at);
		*where = next;
		if (*next == '>' || *next == '/')
			return next;
		if (next == at) /* nothing parts it from what is before */
			return NULL;
		if (s->attribute_count == ATTRIBUTES) {
			s->verdict = SCAN_LARGE;
			return NULL;
		}
		at = take_attribute(s, s->data + (next - s->data), where);
		if (!at)
			return NULL;
		if (is_repeated(s, &s->attributes[s->attribute_count++])) {
			s->verdict = SCAN_BROKEN;
			return NULL;
		}
	}
}

static char *start_tag(struct sheet_scan *s, char *p)
{
	const char *name = p + 1, *at = sheet_char_name_end(name), *where = at;
	size_t len = (size_t)(at - name);
	bool empty;

	if (at != name)
		at = take_attributes(s, at, &where);
	if (s->verdict)
		return NULL;
	if (!len || !at)
		return cut_or_broken(s, p, where);
	empty = *at == '/';
	if (empty && *++at != '>')
		return cut_or_broken(s, p, at);
	if ((!s->depth && s->root) || s->depth == DEPTH_MAX)
		return give_up(s, s->depth ? SCAN_LARGE : SCAN_BROKEN);
	s->root = true;
	hand_start(s, p + 1, len, empty);
	return s->verdict ? NULL : s->data + (at + 1 - s->data);
}

static char *end_tag(struct sheet_scan *s, char *p)
{
	const char *at = sheet_char_name_end(p + 2), *name;
	size_t len = (size_t)(at - p - 2);

	if (!len)
		return cut_or_broken(s, p, at);
	at = sheet_char_skip_blanks(at);
	if (*at != '>')
		return cut_or_broken(s, p, at);
	if (!s->depth)
		return give_up(s, SCAN_BROKEN);
	name = s->names.data + s->starts[s->depth - 1];
	if (s->names.len - s->starts[s->depth - 1] != len + 1 || !same_bytes(p + 2, name, len))
		return give_up(s, SCAN_BROKEN);
	s->names.len = s->starts[--s->depth];
	if (s->ops.end)
		s->ops.end(s->user, name);
	return s->data + (at + 1 - s->data);
}

/* ---- text ---- */

static void hand_text(struct sheet_scan *s, const char *from, const char *to)
{
	while (from < to && s->ops.text && !s->stopped) {
		size_t n = (size_t)(to - from) < TEXT_PIECE ? (size_t)(to - from) : TEXT_PIECE;

		s->ops.text(s->user, from, (int)n);
		from += n;
	}
}

/* A line ends with one \n, however it was written. */
static char *take_return(struct sheet_scan *s, char *p)
{
	if (p + 1 == data_end(s) && !s->last)
		return p;
	hand_text(s, LINE, LINE + 1);
	return p + (p[1] == '\n' ? 2 : 1);
}

static char *take_reference(struct sheet_scan *s, char *p)
{
	char out[4];
	size_t taken, n = sheet_char_reference(p, out, &taken);

	if (!n)
		return cut_or_broken(s, p, p);
	hand_text(s, out, out + n);
	return p + taken;
}

/* "]]>" ends nothing here and must not be; a lone ] is a character. */
static char *take_bracket(struct sheet_scan *s, char *p)
{
	if (p[1] == ']' && p[2] == '>')
		return give_up(s, SCAN_BROKEN);
	if (!s->last && (p + 1 == data_end(s) || (p[1] == ']' && p + 2 == data_end(s))))
		return p;
	hand_text(s, p, p + 1);
	return p + 1;
}

static char *take_text(struct sheet_scan *s, char *p)
{
	const char *to = sheet_char_find(p, CHAR_LESS | CHAR_AND | CHAR_RETURN | CHAR_BRACKET);

	if (to != p) {
		hand_text(s, p, to);
		return s->data + (to - s->data);
	}
	if (*p == '&')
		return take_reference(s, p);
	if (*p == '\r')
		return take_return(s, p);
	return *p == ']' ? take_bracket(s, p) : cut_or_broken(s, p, p);
}

/* Outside of the root there are blanks alone. */
static char *take_blanks(struct sheet_scan *s, char *p)
{
	const char *to = sheet_char_skip_blanks(p);

	return to == p ? cut_or_broken(s, p, p) : s->data + (to - s->data);
}

/* ---- what begins with <! and <? ---- */

/* Behind the mark that ends what begins at p; p or NULL as ever. */
static char *find_mark(struct sheet_scan *s, char *p, size_t from, const char *mark, size_t size)
{
	char *found = NULL;

	if ((size_t)(data_end(s) - p) > from)
		found = memmem(p + from, (size_t)(data_end(s) - p) - from, mark, size);
	if (!found)
		return s->last ? give_up(s, SCAN_BROKEN) : p;
	return sheet_char_all(p + from, found) ? found + size : give_up(s, SCAN_BROKEN);
}

static char *take_comment(struct sheet_scan *s, char *p)
{
	char *to = find_mark(s, p, 4, "--", 2);

	if (!to || to == p || *to == '>')
		return to && to != p ? to + 1 : to;
	return cut_or_broken(s, p, to);
}

static char *take_instruction(struct sheet_scan *s, char *p)
{
	const char *name = p + 2, *at = sheet_char_name_end(name);
	size_t len = (size_t)(at - name);

	if (!len || !(sheet_char(at) & CHAR_BLANK || *at == '?'))
		return cut_or_broken(s, p, at);
	/* The declaration is the scanner's beginning. */
	if (len == 3 && !strncasecmp(name, "xml", len))
		return give_up(s, SCAN_BROKEN);
	if (*at == '?' && at[1] != '>')
		return cut_or_broken(s, p, at + 1);
	return find_mark(s, p, (size_t)(at - p), "?>", 2);
}

static void hand_lines(struct sheet_scan *s, const char *p, const char *end)
{
	while (p < end) {
		const char *at = memchr(p, '\r', (size_t)(end - p));

		hand_text(s, p, at ? at : end);
		if (!at)
			return;
		hand_text(s, LINE, LINE + 1);
		p = at + (at[1] == '\n' ? 2 : 1);
	}
}

static char *take_cdata(struct sheet_scan *s, char *p)
{
	static const size_t OPENING = sizeof("<![CDATA[") - 1;
	char *to = find_mark(s, p, OPENING, "]]>", 3);

	if (to && to != p)
		hand_lines(s, p + OPENING, to - 3);
	return to;
}

/* Does p begin with the word?  -1: as far as it goes, but it is cut off. */
static int begins(const struct sheet_scan *s, const char *p, const char *word)
{
	size_t left = (size_t)(data_end(s) - p), n = strlen(word);

	if (left >= n)
		return !memcmp(p, word, n);
	return memcmp(p, word, left) != 0 ? 0 : s->last ? 0 : -1;
}

static char *take_mark(struct sheet_scan *s, char *p)
{
	static const struct {
		const char *head;
		char *(*take)(struct sheet_scan *s, char *p);
		bool inside; /* a tag alone */
	} MARKS[] = {
	    {"<!--", take_comment, false},
	    {"<![CDATA[", take_cdata, true},
	    {"<!DOCTYPE", NULL, false},
	    {"<?", take_instruction, false},
	};
	size_t i;
	int is = 0;

	for (i = 0; i < sizeof(MARKS) / sizeof(MARKS[0]) && !is; i++) {
		is = begins(s, p, MARKS[i].head);
		if (is > 0 && (!MARKS[i].inside || s->depth))
			return MARKS[i].take ? MARKS[i].take(s, p) : give_up(s, SCAN_TYPE);
	}
	return is < 0 ? p : give_up(s, SCAN_BROKEN);
}

/* ---- pieces ---- */

static char *step(struct sheet_scan *s, char *p)
{
	if (*p != '<')
		return s->depth ? take_text(s, p) : take_blanks(s, p);
	if (sheet_char(p + 1) & CHAR_FIRST)
		return start_tag(s, p);
	if (p[1] == '/')
		return end_tag(s, p);
	return take_mark(s, p);
}

/* Takes all there is; what remains moves to the front. */
static void run(struct sheet_scan *s)
{
	char *p = s->data, *next = NULL, *end = s->data + s->len;

	while (p < end && !s->stopped && (next = step(s, p)) && next != p)
		p = next;
	if (!next && p < end)
		return;
	s->len = (size_t)(end - p);
	memmove(s->data, p, s->len + 1);
	if (s->len > WAITING_MAX)
		s->verdict = SCAN_LARGE;
}

enum sheet_scan_verdict sheet_scan_piece(struct sheet_scan *s, size_t n)
{
	s->len += n;
	s->data[s->len] = 0;
	s->last = n == 0;
	if (!s->verdict && !s->stopped)
		run(s);
	if (s->stopped)
		return SCAN_STOPPED;
	if (!s->verdict && s->last && (s->len || s->depth || !s->root))
		s->verdict = SCAN_BROKEN;
	return s->verdict;
}

char *sheet_scan_room(struct sheet_scan *s, size_t n)
{
	if (s->room - s->len <= n) {
		s->room = s->len + n + 1;
		s->data = mem_realloc(s->data, s->room);
	}
	return s->data + s->len;
}

void sheet_scan_stop(struct sheet_scan *s)
{
	s->stopped = true;
}

struct sheet_scan *sheet_scan_new(const struct sheet_scan_ops *ops, void *user)
{
	struct sheet_scan *s = mem_zalloc(sizeof(*s));

	s->ops = *ops;
	s->user = user;
	buf_init(&s->names, NAMES_MAX);
	return s;
}

void sheet_scan_free(struct sheet_scan **slot)
{
	if (!*slot)
		return;
	buf_free(&(*slot)->names);
	free((*slot)->data);
	free(*slot);
	*slot = NULL;
}

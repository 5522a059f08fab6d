/* mask.c - stars in place of document numbers of persons, in what goes to the request log.
 *
 * The text stays as it was sent, blanks and all, and may be cut off anywhere: it is read member by
 * member, not parsed and written anew.
 */
#include <string.h>

#include "base/text.h"
#include "leqi/wire_p.h"
#include "tax/ids.h"

enum { DEPTH = 32 };
static const char BUYER_NO[] = "gmfnsrsbh"; /* in letters, which do not say who is a person */

struct piece {
	char *at;
	size_t n;
};
/* An object that is open: a number that is a person's if the flag says so, in whatever order. */
struct level {
	struct piece number;
	char flag; /* 0: not seen */
};
struct reading {
	char *at;
	struct level open[DEPTH];
	int depth; /* may go beyond, where nothing is kept */
};

static bool key_is(const struct piece *key, const char *name)
{
	return key->n == strlen(name) && !memcmp(key->at, name, key->n);
}

/* All but the first three and the last two; all of a short one, or of one with escapes. */
static void star(const struct piece *p)
{
	bool ends = p->n > 5 && !memchr(p->at, '\\', p->n);

	for (size_t i = ends ? 3 : 0; i < (ends ? p->n - 2 : p->n); i++)
		if ((unsigned char)p->at[i] < 0x80)
			p->at[i] = '*';
}

static struct level *level_of(struct reading *r)
{
	return r->depth > 0 && r->depth <= DEPTH ? &r->open[r->depth - 1] : NULL;
}

static void open_level(struct reading *r)
{
	r->depth++;
	if (level_of(r))
		*level_of(r) = (struct level) {0};
}

/* cut: the text ends within the object, perhaps before the flag. */
static void close_level(struct reading *r, bool cut)
{
	const struct level *l = level_of(r);

	if (l && l->number.at && (l->flag == 'Y' || (cut && !l->flag)))
		star(&l->number);
	if (r->depth)
		r->depth--;
}

static void skip_blanks(struct reading *r)
{
	r->at += strspn(r->at, " \t\r\n");
}

/* From behind the quote to the one that ends it, or to the end of a text that was cut off. */
static struct piece take_string(struct reading *r)
{
	struct piece p = {.at = r->at};

	for (; *r->at && *r->at != '"'; r->at++)
		if (*r->at == '\\' && r->at[1])
			r->at++;
	p.n = (size_t)(r->at - p.at);
	if (*r->at)
		r->at++;
	return p;
}

static bool is_card(const struct piece *p)
{
	char card[19];

	if (p->n != sizeof(card) - 1)
		return false;
	memcpy(card, p->at, p->n);
	card[p->n] = 0;
	return id_card_ok(card);
}

static void look_at(struct reading *r, const struct piece *key, const struct piece *value)
{
	struct level *l = level_of(r);

	if (key_is(key, BUYER_NO) && is_card(value))
		star(value);
	for (const struct wire_field *f = wire_invoice; f->key; f++) {
		if (f->person && key_is(key, f->key))
			star(value);
		if (f->person_if && l && key_is(key, f->key))
			l->number = *value;
		if (f->person_if && l && key_is(key, f->person_if))
			l->flag = value->n ? *value->at : 'N';
	}
}

/* Behind the colon of a member: a text or a number; what is nested is read on its own. */
static void take_value(struct reading *r, const struct piece *key)
{
	struct piece value;

	skip_blanks(r);
	if (*r->at == '"') {
		r->at++;
		value = take_string(r);
	} else if (*r->at == '-' || (*r->at >= '0' && *r->at <= '9')) {
		value = (struct piece) {.at = r->at, .n = strcspn(r->at, ",]} \t\r\n")};
		r->at += value.n;
	} else {
		return;
	}
	look_at(r, key, &value);
}

static void take_text(struct reading *r)
{
	struct piece text = take_string(r);

	skip_blanks(r);
	if (*r->at != ':')
		return;
	r->at++;
	take_value(r, &text);
}

void wire_mask(char *json)
{
	struct reading r = {.at = json};

	while (*r.at) {
		char c = *r.at++;

		if (c == '{')
			open_level(&r);
		else if (c == '}')
			close_level(&r, false);
		else if (c == '"')
			take_text(&r);
	}
	while (r.depth)
		close_level(&r, true);
}

/* report_key.c - what an invoice falls under, and the members of stored bodies that say it.
 *
 * Bodies are those of the codec (invoices_codec.c), flat objects without blanks.  Summing reads
 * very many of them, so the few members it needs are taken where they stand; a body that is not so
 * plain goes through the codec.
 */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "store/invoices_p.h"
#include "store/report_p.h"
#include "tax/validate.h"

/* ---- keys ---- */

void report_buyer_key(struct buf *b, const char *tax_no, const char *name)
{
	buf_reset(b);
	buf_addc(b, text_empty(tax_no) ? 'N' : 'T');
	if (!text_empty(tax_no))
		buf_adds(b, tax_no);
	else if (name)
		buf_add(b, name, tax_person_bytes(name));
}

void report_rate_key(struct buf *b, int32_t ppm, const char *preference)
{
	char text[RATE_TEXT];

	buf_reset(b);
	if (text_eq(preference, "03"))
		buf_adds(b, "免税");
	else if (text_eq(preference, "04"))
		buf_adds(b, "不征税");
	else if (ppm >= 0)
		buf_adds(b, rate_format_percent(ppm, text));
}

void report_goods_key(struct buf *b, const char *short_name, const char *name, const char *spec)
{
	buf_reset(b);
	if (!text_empty(short_name)) {
		buf_addc(b, '*');
		buf_adds(b, short_name);
		buf_addc(b, '*');
	}
	buf_adds(b, name ? name : "");
	if (!text_empty(spec)) {
		buf_addc(b, ' ');
		buf_adds(b, spec);
	}
}

char *report_key_of(enum report_dim dim, const struct invoice *inv, const struct tax_line *line)
{
	struct buf b;

	buf_init(&b, BODY_MAX);
	switch (dim) {
	case REPORT_KIND:
		buf_adds(&b, invoice_kind_word(inv->kind));
		break;
	case REPORT_CLERK:
		buf_adds(&b, inv->drawer ? inv->drawer : "");
		break;
	case REPORT_BUYER:
		report_buyer_key(&b, inv->buyer.tax_no, inv->buyer.name);
		break;
	case REPORT_RATE:
		report_rate_key(&b, line->rate_ppm, line->preference);
		break;
	case REPORT_GOODS:
		report_goods_key(&b, line->short_name, line->name, line->spec);
		break;
	case REPORT_TYPE: /* of the row, not of its content */
	case REPORT_DIMS:
		break;
	}
	return b.len ? buf_detach(&b) : (buf_free(&b), mem_strdup(""));
}

bool report_key_is(const struct invoice_record *r, enum report_dim dim, const char *key)
{
	const struct invoice *inv = &r->invoice;
	bool lines = dim == REPORT_RATE || dim == REPORT_GOODS, yes = false;
	size_t n = lines ? inv->line_count : 1, i;
	char *own;

	if (dim == REPORT_TYPE)
		return strtoll(key, NULL, 10) == r->business_type;
	for (i = 0; i < n && !yes; i++) {
		own = report_key_of(dim, inv, lines ? &inv->lines[i] : NULL);
		yes = !strcmp(own, key);
		free(own);
	}
	return yes;
}

/* ---- members where they stand ---- */

struct piece {
	const char *at;
	size_t n;
};

/* Behind the string that begins at p; *plain becomes false when it has an escape. */
static const char *over_string(const char *p, struct piece *out, bool *plain)
{
	out->at = ++p;
	for (; *p && *p != '"'; p++) {
		if (*p != '\\')
			continue;
		*plain = false;
		if (p[1])
			p++;
	}
	out->n = (size_t)(p - out->at);
	return *p ? p + 1 : NULL;
}

static const char *over_value(const char *p, struct piece *out, bool *plain)
{
	bool inside = true; /* escapes of what lies deeper do not matter */
	struct piece skipped;
	int depth = 0;

	if (*p == '"')
		return over_string(p, out, plain);
	out->at = p;
	while (p && *p && (depth || (*p != ',' && *p != '}'))) {
		if (*p == '"') {
			p = over_string(p, &skipped, &inside);
			continue;
		}
		depth += (*p == '{' || *p == '[') - (*p == '}' || *p == ']');
		p++;
	}
	out->n = p ? (size_t)(p - out->at) : 0;
	return p;
}

struct wanted {
	const char *key;
	size_t n;
	struct piece value; /* at NULL: not there */
};
#define WANTED(text)                                                                               \
	{                                                                                          \
		.key = text, .n = sizeof(text) - 1                                                 \
	}

/* Fills in the wanted members of an object.  False: it is not as plain as that. */
static bool find_members(const char *p, struct wanted *w, size_t n)
{
	struct piece key, value;
	bool plain;
	size_t i;

	if (*p++ != '{')
		return false;
	while (p && *p == '"') {
		plain = true;
		if (!(p = over_string(p, &key, &plain)) || !plain || *p++ != ':' ||
		    !(p = over_value(p, &value, &plain)))
			return false;
		for (i = 0; i < n; i++) {
			if (w[i].n != key.n || memcmp(w[i].key, key.at, key.n) != 0)
				continue;
			if (!plain)
				return false;
			w[i].value = value;
			break;
		}
		if (*p == ',')
			p++;
	}
	return p && *p == '}' && !p[1];
}

static bool fen_at(const struct piece *v, int64_t *out)
{
	char text[FEN_TEXT];

	*out = 0;
	if (!v->at)
		return true;
	if (v->n >= sizeof(text))
		return false;
	memcpy(text, v->at, v->n);
	text[v->n] = 0;
	return fen_parse(text, out);
}

/* Puts the texts one behind another into b; room for all of them is there before. */
static const char *keep_text(struct buf *b, const struct piece *v)
{
	size_t at = b->len;

	buf_add(b, v->at ? v->at : "", v->at ? v->n : 0);
	buf_addc(b, 0);
	return b->data + at;
}

static void make_room(struct buf *b, const char *body)
{
	buf_reset(b);
	buf_adds(b, body);
	buf_addf(b, "%64s", "");
	b->len = 0;
}

/* ---- a line ---- */

enum {
	L_NAME,
	L_SPEC,
	L_SHORT,
	L_PREFERENCE,
	L_RATE,
	L_NET,
	L_TAX,
	L_GROSS,
	L_LESS_NET,
	L_LESS_TAX,
	L_LESS_GROSS,
	L_COUNT
};

static bool rate_at(const struct piece *v, int32_t *out)
{
	char text[16], *end;
	long ppm;

	*out = 0;
	if (!v->at)
		return true;
	if (!v->n || v->n >= sizeof(text))
		return false;
	memcpy(text, v->at, v->n);
	text[v->n] = 0;
	ppm = strtol(text, &end, 10);
	*out = (int32_t)ppm;
	return !*end && ppm >= -1 && ppm <= RATE_ONE;
}

static bool amounts_at(const struct wanted *w, struct report_line *out)
{
	int64_t net, tax, gross;

	return fen_at(&w[L_NET].value, &out->net) && fen_at(&w[L_TAX].value, &out->tax) &&
	       fen_at(&w[L_GROSS].value, &out->gross) && fen_at(&w[L_LESS_NET].value, &net) &&
	       fen_at(&w[L_LESS_TAX].value, &tax) && fen_at(&w[L_LESS_GROSS].value, &gross) &&
	       fen_add(out->net, net, &out->net) && fen_add(out->tax, tax, &out->tax) &&
	       fen_add(out->gross, gross, &out->gross);
}

/* Through the codec: escapes, or a body that is damaged, which it tells. */
static enum err line_by_codec(const char *body, struct buf *text, struct report_line *out,
			      struct err_info *e)
{
	struct invoice hold;
	struct tax_line *l;
	enum err r;

	invoice_init(&hold);
	l = invoice_add_line(&hold);
	if (!(r = invoice_line_read(body, l, e))) {
		struct piece name = {l->name, strlen(l->name)};
		struct piece spec = {l->spec, strlen(l->spec)};
		struct piece brief = {l->short_name, strlen(l->short_name)};
		struct piece preference = {l->preference, strlen(l->preference)};

		*out = (struct report_line) {.name = keep_text(text, &name),
					     .spec = keep_text(text, &spec),
					     .short_name = keep_text(text, &brief),
					     .preference = keep_text(text, &preference),
					     .rate_ppm = l->rate_ppm};
		if (!fen_add(l->net_fen, l->discount_net_fen, &out->net) ||
		    !fen_add(l->tax_fen, l->discount_tax_fen, &out->tax) ||
		    !fen_add(l->gross_fen, l->discount_gross_fen, &out->gross))
			r = report_too_large(e);
	}
	invoice_free(&hold);
	return r;
}

enum err report_line_read(const char *body, struct buf *text, struct report_line *out,
			  struct err_info *e)
{
	struct wanted w[L_COUNT] = {
	    [L_NAME] = WANTED("name"),
	    [L_SPEC] = WANTED("spec"),
	    [L_SHORT] = WANTED("short_name"),
	    [L_PREFERENCE] = WANTED("preference"),
	    [L_RATE] = WANTED("rate_ppm"),
	    [L_NET] = WANTED("net"),
	    [L_TAX] = WANTED("tax"),
	    [L_GROSS] = WANTED("gross"),
	    [L_LESS_NET] = WANTED("discount_net"),
	    [L_LESS_TAX] = WANTED("discount_tax"),
	    [L_LESS_GROSS] = WANTED("discount_gross"),
	};

	make_room(text, body);
	if (!find_members(body, w, L_COUNT) || !rate_at(&w[L_RATE].value, &out->rate_ppm) ||
	    !amounts_at(w, out))
		return line_by_codec(body, text, out, e);
	out->name = keep_text(text, &w[L_NAME].value);
	out->spec = keep_text(text, &w[L_SPEC].value);
	out->short_name = keep_text(text, &w[L_SHORT].value);
	out->preference = keep_text(text, &w[L_PREFERENCE].value);
	return ERR_OK;
}

/* ---- a head ---- */

enum err report_head_read(const char *head, struct buf *text, const char **buyer,
			  const char **drawer, struct err_info *e)
{
	struct wanted w[] = {WANTED("buyer.name"), WANTED("drawer")};
	struct invoice inv;
	enum err r = ERR_OK;

	make_room(text, head);
	if (!find_members(head, w, 2)) {
		invoice_init(&inv);
		r = invoice_head_read(head, &inv, e);
		w[0].value = (struct piece) {inv.buyer.name, strlen(inv.buyer.name)};
		w[1].value = (struct piece) {inv.drawer, strlen(inv.drawer)};
		*buyer = keep_text(text, &w[0].value);
		*drawer = keep_text(text, &w[1].value);
		invoice_free(&inv);
		return r;
	}
	*buyer = keep_text(text, &w[0].value);
	*drawer = keep_text(text, &w[1].value);
	return ERR_OK;
}

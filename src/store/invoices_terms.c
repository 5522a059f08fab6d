/* invoices_terms.c - what an invoice is found by, as terms. */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/text.h"
#include "tax/invoice_json.h"
#include "store/invoices_find_p.h"
#include "tax/validate.h"

enum {
	ALNUM = 36, /* ten digits, letters, and the end of a run */
	RUN_END = ALNUM,
	RUN_SYMBOLS,
	SIZES = 1024, /* of amounts: sixteen to a doubling */
	EXACTS = 4096,
	T_CHAR = 0,
	T_RUN = T_CHAR + 0x10000,
	T_SIZE = T_RUN + RUN_SYMBOLS * RUN_SYMBOLS * RUN_SYMBOLS,
	T_MINUS = T_SIZE + SIZES,
	T_EXACT = T_MINUS + SIZES,
	T_WHOLE = T_EXACT + EXACTS,
	T_PAIR,
	PAIRS = (1 << TERM_BITS) - 1 - T_PAIR,
};
_Static_assert(PAIRS > 1 << 16, "neighbours tell each other apart");

/* ---- collecting ------------------------------------------------------------------------------ */

static int ascending(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
	return (x > y) - (x < y);
}

static void thin(struct invoice_terms *t)
{
	size_t kept = 0;
	qsort(t->at, t->n, sizeof(*t->at), ascending);
	for (size_t i = 0; i < t->n; i++)
		if (!kept || t->at[kept - 1] != t->at[i])
			t->at[kept++] = t->at[i];
	t->n = kept;
}

static void put(struct invoice_terms *t, uint32_t term)
{
	if (t->n == INVOICE_TERMS) {
		thin(t);
		t->full = t->n > INVOICE_TERMS * 3 / 4;
	}
	if (!t->full)
		t->at[t->n++] = term;
}

/* ---- texts ----------------------------------------------------------------------------------- */

static uint32_t symbol(uint32_t cp)
{
	if (cp >= '0' && cp <= '9')
		return cp - '0';
	return cp >= 'a' && cp <= 'z' ? cp - 'a' + 10 : RUN_SYMBOLS;
}

static uint32_t run_term(uint32_t a, uint32_t b, uint32_t c)
{
	return T_RUN + (a * RUN_SYMBOLS + b) * RUN_SYMBOLS + c;
}

static uint32_t char_term(uint32_t cp)
{
	return T_CHAR + (cp < 0x10000 ? cp : cp * UINT32_C(2654435761) >> 16);
}

static uint32_t pair_term(uint32_t a, uint32_t b)
{
	uint64_t h = ((uint64_t)a << 21 | b) * UINT64_C(0x9e3779b97f4a7c15);
	return T_PAIR + (uint32_t)((h >> 40) % PAIRS);
}

static bool is_gap(uint32_t cp)
{
	return cp <= ' ' || cp == 0xA0;
}

/* A text taken apart.  `part`: it may stand within a longer one, nothing is known of its ends. */
struct reading {
	void (*put)(void *arg, uint32_t lo, uint32_t hi);
	void *arg;
	bool part;
	uint32_t run[2]; /* the last two of a run of letters and digits */
	size_t run_len;
	uint32_t before; /* the character before, 0: a gap */
	size_t chars;
};

static void end_run(struct reading *r)
{
	const uint32_t *run = r->run;
	if (!r->run_len)
		return;
	if (!r->part) {
		if (r->run_len > 1)
			r->put(r->arg, run_term(run[0], run[1], RUN_END),
			       run_term(run[0], run[1], RUN_END));
		r->put(r->arg, run_term(run[1], RUN_END, RUN_END),
		       run_term(run[1], RUN_END, RUN_END));
	} else if (r->run_len == 2) {
		r->put(r->arg, run_term(run[0], run[1], 0), run_term(run[0], run[1], RUN_END));
	} else if (r->run_len == 1 && r->chars == 1) {
		r->put(r->arg, run_term(run[1], 0, 0), run_term(run[1], RUN_END, RUN_END));
	}
	r->run_len = 0;
}

static void read_char(struct reading *r, uint32_t cp)
{
	uint32_t s = symbol(cp);
	r->chars++;
	if (s < RUN_SYMBOLS) {
		if (r->run_len > 1)
			r->put(r->arg, run_term(r->run[0], r->run[1], s),
			       run_term(r->run[0], r->run[1], s));
		r->run[0] = r->run[1];
		r->run[1] = s;
		r->run_len++;
	} else {
		end_run(r);
		r->put(r->arg, char_term(cp), char_term(cp));
	}
	if (r->before && (s >= RUN_SYMBOLS || symbol(r->before) >= RUN_SYMBOLS))
		r->put(r->arg, pair_term(r->before, cp), pair_term(r->before, cp));
	r->before = cp;
}

static void read_text(struct reading *r, const char *text)
{
	size_t left = strlen(text), len;
	uint32_t cp;
	for (; left; text += len, left -= len) {
		len = text_next(text, left, &cp);
		if (!is_gap(cp)) {
			read_char(r, cp);
			continue;
		}
		end_run(r);
		r->before = 0;
	}
	end_run(r);
	r->before = 0;
}

static void put_one(void *arg, uint32_t lo, uint32_t hi)
{
	(void)hi;
	put(arg, lo);
}

void invoice_terms_add(struct invoice_terms *t, const char *folded)
{
	struct reading r = {.put = put_one, .arg = t};
	read_text(&r, folded);
}

static void add_raw(struct invoice_terms *t, const char *text)
{
	if (text_empty(text))
		return;
	char *folded = buyer_fold(text);
	invoice_terms_add(t, folded);
	free(folded);
}

/* ---- amounts --------------------------------------------------------------------------------- */

/* Sixteen steps to a doubling, in order of size. */
static uint32_t size_of(uint64_t fen)
{
	if (fen < 16)
		return (uint32_t)fen;
	unsigned bits = 63 - (unsigned)__builtin_clzll(fen);
	return (bits - 3) * 16 + (uint32_t)(fen >> (bits - 4) & 15);
}

static uint64_t magnitude(int64_t fen)
{
	return fen < 0 ? 0 - (uint64_t)fen : (uint64_t)fen;
}

static uint32_t exact_term(int64_t fen)
{
	return T_EXACT + (uint32_t)((uint64_t)fen * UINT64_C(0x9e3779b97f4a7c15) >> 52);
}

void invoice_terms_amount(struct invoice_terms *t, int64_t fen)
{
	put(t, (fen < 0 ? T_MINUS : T_SIZE) + size_of(magnitude(fen)));
	put(t, exact_term(fen));
}

struct find_node *invoice_amount_set(struct find_search *s, const int64_t *from, const int64_t *to)
{
	struct find_node *any;
	if (!from && !to)
		return NULL;
	any = find_node_make(s, NODE_ANY);
	if (from && to && *from == *to) {
		find_node_add(any, find_node_terms(s, exact_term(*from), exact_term(*from)));
		return any;
	}
	if (!from || *from < 0) {
		uint32_t lo = to && *to < 0 ? size_of(magnitude(*to)) : 0;
		uint32_t hi = from ? size_of(magnitude(*from)) : SIZES - 1;
		find_node_add(any, find_node_terms(s, T_MINUS + lo, T_MINUS + hi));
	}
	if (!to || *to >= 0) {
		uint32_t lo = from && *from > 0 ? size_of(magnitude(*from)) : 0;
		uint32_t hi = to ? size_of(magnitude(*to)) : SIZES - 1;
		find_node_add(any, find_node_terms(s, T_SIZE + lo, T_SIZE + hi));
	}
	return any;
}

/* ---- an invoice, a word ---------------------------------------------------------------------- */

void invoice_terms_end(struct invoice_terms *t)
{
	thin(t);
	if (!t->full)
		return;
	/* The amount still tells. */
	size_t kept = 0;
	for (size_t i = 0; i < t->n; i++)
		if (t->at[i] >= T_SIZE && t->at[i] < T_WHOLE)
			t->at[kept++] = t->at[i];
	t->at[kept++] = T_WHOLE;
	t->n = kept;
}

char *invoice_extra_text(const struct invoice *inv, size_t i)
{
	struct buf text;
	buf_init(&text, INVOICE_FILE_MAX);
	buf_addf(&text, "%s:%s", inv->extras[i].name, inv->extras[i].value);
	return buf_detach(&text);
}

void invoice_terms_of(struct invoice_terms *t, const struct invoice *inv)
{
	char reference[RED_REFERENCE_TEXT];

	t->n = 0;
	t->full = false;
	/* First: it has to be in, however many lines there are. */
	invoice_terms_amount(t, inv->gross_fen);
	add_raw(t, inv->number);
	add_raw(t, inv->order_no);
	add_raw(t, inv->buyer.name);
	add_raw(t, inv->buyer.tax_no);
	/* The remark as it is printed. */
	add_raw(t, tax_red_reference(inv, reference));
	add_raw(t, inv->remark);
	for (size_t i = 0; i < inv->extra_count; i++) {
		char *text = invoice_extra_text(inv, i);
		add_raw(t, text);
		free(text);
	}
	add_raw(t, inv->drawer);
	for (size_t i = 0; i < inv->line_count && !t->full; i++) {
		add_raw(t, inv->lines[i].name);
		add_raw(t, inv->lines[i].spec);
	}
	invoice_terms_end(t);
}

struct collecting {
	struct find_search *s;
	struct find_node *each;
	bool pairs; /* beside pairs a single character says nothing */
};

static void put_set(void *arg, uint32_t lo, uint32_t hi)
{
	struct collecting *c = arg;
	struct find_node *n;
	if (c->pairs && lo < T_RUN)
		return;
	n = find_node_terms(c->s, lo, hi);
	/* No invoice has it: an empty set, which a missing kid would not be. */
	find_node_add(c->each, n ? n : find_node_make(c->s, NODE_ANY));
}

struct find_node *invoice_word_set(struct find_search *s, const char *word)
{
	struct collecting c = {
	    .s = s, .each = find_node_make(s, NODE_EACH), .pairs = text_chars(word) > 1};
	struct reading r = {.put = put_set, .arg = &c, .part = true};
	struct find_node *any = find_node_make(s, NODE_ANY);
	read_text(&r, word);
	find_node_add(any, c.each);
	find_node_add(any, find_node_terms(s, T_WHOLE, T_WHOLE));
	return any;
}

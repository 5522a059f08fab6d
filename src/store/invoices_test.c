/* invoices_test.c - a filter made ready, and whether an invoice passes it. */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "store/invoices_find_p.h"
#include "store/report_p.h"
#include "tax/validate.h"

enum { COST_HEAD = 6, COST_LINE = 4 };

/* ---- making ready ---------------------------------------------------------------------------- */

static enum err too_many(struct err_info *e)
{
	return err_fail(e, ERR_INVALID, "find.words", "查找", "一次最多找 %d 个词", (int)WANTS);
}

static enum err want(struct invoice_search *s, const char *word, size_t n, unsigned where)
{
	if (s->want_count == WANTS)
		return too_many(s->e);
	s->wants[s->want_count++] = (struct want) {.word = mem_strndup(word, n), .where = where};
	return ERR_OK;
}

static bool is_gap(uint32_t cp)
{
	return cp <= ' ' || cp == 0xA0;
}

/* The words of a text, each for itself; where they only narrow the search, as many as there is room
 * for. */
static enum err want_each(struct invoice_search *s, const char *text, unsigned where, bool narrows)
{
	char *folded = buyer_fold(text ? text : "");
	size_t n = strlen(folded), at = 0, from = 0, len;
	enum err r = ERR_OK;
	for (; at <= n && !r; at += len) {
		uint32_t cp = ' ';
		len = at < n ? text_next(folded + at, n - at, &cp) : 1;
		if (!is_gap(cp))
			continue;
		if (at > from && !(narrows && s->want_count == WANTS))
			r = want(s, folded + from, at - from, where);
		from = at + len;
	}
	free(folded);
	return r;
}

static enum err want_words(struct invoice_search *s, const char *text, unsigned where)
{
	return want_each(s, text, where, false);
}

/* Words that whoever falls under the key of a report has; whether he does is tested later. */
static enum err want_key(struct invoice_search *s)
{
	static const unsigned where[REPORT_DIMS] = {
	    [REPORT_CLERK] = AT_DRAWER, [REPORT_BUYER] = AT_BUYER, [REPORT_GOODS] = AT_GOODS};
	const struct invoice_filter *f = s->f;
	const char *key = f->report_key;
	if (!f->report_dim || !where[f->report_dim])
		return ERR_OK;
	if (f->report_dim == REPORT_BUYER)
		return want_each(s, key + 1, *key == 'T' ? AT_TAX_NO : AT_BUYER, true);
	/* The short name of goods is not in the index. */
	if (f->report_dim == REPORT_GOODS && strrchr(key, '*'))
		key = strrchr(key, '*') + 1;
	return want_each(s, key, where[f->report_dim], true);
}

static bool is_unfinished(int state)
{
	return state == INVOICE_NUMBERED || state == INVOICE_SENDING || state == INVOICE_ACCEPTED ||
	       state == INVOICE_UNKNOWN;
}

static void set_states(struct invoice_search *s)
{
	const struct invoice_filter *f = s->f;
	for (int i = 0; i < INVOICE_STATES; i++)
		s->states[i] =
		    (!f->state || (int)*f->state == i) && (!f->unfinished || is_unfinished(i));
	for (int i = 0; i < 2; i++)
		s->kinds[i] = !f->kind || (int)*f->kind == i;
}

enum err invoice_search_init(struct invoice_search *s, struct db *db,
			     const struct invoice_filter *f, struct err_info *e)
{
	bool exact;
	enum err r;
	*s = (struct invoice_search) {.db = db, .f = f, .e = e};
	if (f->unit == 0 || f->last_page)
		return err_fail(e, ERR_INTERNAL, "find.filter", "查找",
				"这些条件要有单位，而且从最新的找起");
	set_states(s);
	if ((r = want_words(s, f->text, AT_TEXT)) || (r = want_words(s, f->remark, AT_REMARK)) ||
	    (r = want_words(s, f->drawer, AT_DRAWER)) ||
	    (r = want_words(s, f->number_part, AT_NUMBER)) ||
	    (!f->buyer_id && (r = want_words(s, f->buyer, AT_BUYER))) || (r = want_key(s)) ||
	    (f->buyer_id && (r = buyer_names_of(db, f->buyer_id, &s->names, e))))
		return r;
	r = invoice_day_bounds(db, f->unit, f->created_from, f->created_to, &s->low, &s->high,
			       &exact, e);
	if (!r)
		r = store_report_bounds(db, f->unit, f->issued_from, f->issued_to, &s->low,
					&s->high, e);
	if (s->low < 1)
		s->low = 1;
	if (s->high > DOC_MAX)
		s->high = DOC_MAX;
	if (f->cursor > 0 && f->cursor - 1 < s->high)
		s->high = f->cursor - 1;
	return r;
}

void invoice_search_free(struct invoice_search *s)
{
	for (size_t i = 0; i < s->want_count; i++)
		free(s->wants[i].word);
	free(s->names.ids);
	s->want_count = 0;
	s->names.ids = NULL;
}

/* ---- an invoice ------------------------------------------------------------------------------ */

/* A text of the invoice as it stands there. */
static void look(struct invoice_search *s, const char *text, unsigned where)
{
	char *folded = NULL;
	for (size_t i = 0; i < s->want_count; i++) {
		struct want *w = &s->wants[i];
		if (w->met || !(w->where & where) || text_empty(text))
			continue;
		if (!folded)
			folded = buyer_fold(text);
		w->met = strstr(folded, w->word) != NULL;
	}
	free(folded);
}

/* Is there still something to find in these places?  False also when one can no longer be met. */
static bool open_in(const struct invoice_search *s, unsigned where)
{
	bool any = false;
	for (size_t i = 0; i < s->want_count; i++) {
		const struct want *w = &s->wants[i];
		if (!w->met && !(w->where & where))
			return false;
		any = any || !w->met;
	}
	return any;
}

static bool all_met(const struct invoice_search *s)
{
	for (size_t i = 0; i < s->want_count; i++)
		if (!s->wants[i].met)
			return false;
	return true;
}

static bool is_his(const struct invoice_search *s, int64_t name)
{
	for (size_t i = 0; i < s->names.count; i++)
		if (s->names.ids[i] == name)
			return true;
	return s->f->buyer_id == 0;
}

static bool in_dates(const struct invoice_filter *f, const char *issued_at)
{
	return (!*f->issued_from || strcmp(issued_at, f->issued_from) >= 0) &&
	       (!*f->issued_to || strncmp(issued_at, f->issued_to, DATE_TEXT - 1) <= 0);
}

/* What the row itself says, texts aside. */
static bool row_passes(const struct invoice_search *s, struct rows *q)
{
	const struct invoice_filter *f = s->f;
	enum invoice_state state = INVOICE_DRAFT;
	enum invoice_kind kind = INVOICE_ORDINARY;
	int64_t created = rows_int(q, 2), gross = rows_int(q, 3);
	invoice_state_parse(rows_text(q, 0), &state);
	invoice_kind_parse(rows_text(q, 1), &kind);
	return s->states[state] && s->kinds[kind] &&
	       (!f->red || *f->red == (rows_int(q, 11) != 0)) &&
	       (!f->reversed || (int)*f->reversed == rows_int(q, 12)) &&
	       (f->created_from <= 0 || created >= f->created_from) &&
	       (f->created_to <= 0 || created < f->created_to) &&
	       (!f->gross_from || gross >= *f->gross_from) &&
	       (!f->gross_to || gross <= *f->gross_to) &&
	       (f->business_type == 0 || f->business_type == rows_int(q, 4)) &&
	       is_his(s, rows_int(q, 5)) && in_dates(f, rows_text(q, 10)) &&
	       (text_empty(f->order_no) || text_eq(f->order_no, rows_text(q, 7))) &&
	       (text_empty(f->number) || text_eq(f->number, rows_text(q, 6)));
}

static enum err test_row(struct invoice_search *s, int64_t id, bool *yes)
{
	struct rows *q;
	enum err r = db_query(s->db, &q, s->e,
			      "SELECT i.state, i.kind, i.created_at, i.gross,"
			      " COALESCE(i.business_type_id, 0), COALESCE(i.buyer_name_id, 0),"
			      " COALESCE(i.number, ''), COALESCE(i.order_no, ''), i.buyer_tax_no,"
			      " COALESCE(b.name, ''), i.issued_at,"
			      " EXISTS (SELECT 1 FROM invoice_red x WHERE x.invoice_id = i.id),"
			      " COALESCE((SELECT 1 + v.whole FROM invoice_reversed v"
			      " WHERE v.invoice_id = i.id), 0)"
			      " FROM invoice i"
			      " LEFT JOIN buyer_name b ON b.id = i.buyer_name_id"
			      " WHERE i.id = ? AND i.unit_id = ?",
			      "ll", id, s->f->unit);
	s->work--;
	*yes = !r && rows_next(q) && row_passes(s, q);
	if (*yes && s->want_count) {
		look(s, rows_text(q, 6), AT_NUMBER);
		look(s, rows_text(q, 7), AT_ORDER);
		look(s, rows_text(q, 8), AT_TAX_NO);
		look(s, rows_text(q, 9), AT_BUYER);
	}
	return rows_end(&q, r, s->e);
}

static enum err test_head(struct invoice_search *s, int64_t id)
{
	char reference[RED_REFERENCE_TEXT];
	struct invoice inv;
	struct rows *q;
	enum err r = db_query(s->db, &q, s->e, "SELECT head FROM invoice WHERE id = ?", "l", id);
	s->work -= COST_HEAD;
	invoice_init(&inv);
	/* An invoice that cannot be read is not found; whoever opens it is told why. */
	if (!r && rows_next(q) && !invoice_head_read(rows_text(q, 0), &inv, NULL)) {
		look(s, tax_red_reference(&inv, reference), AT_REMARK);
		look(s, inv.remark, AT_REMARK);
		for (size_t i = 0; i < inv.extra_count; i++) {
			char *text = invoice_extra_text(&inv, i);
			look(s, text, AT_REMARK);
			free(text);
		}
		look(s, inv.drawer, AT_DRAWER);
	}
	invoice_free(&inv);
	return rows_end(&q, r, s->e);
}

static enum err test_lines(struct invoice_search *s, int64_t id)
{
	struct rows *q;
	enum err r =
	    db_query(s->db, &q, s->e,
		     "SELECT body FROM invoice_line WHERE invoice_id = ? ORDER BY seq", "l", id);
	while (!r && !all_met(s) && rows_next(q)) {
		struct invoice one;
		invoice_init(&one);
		s->work -= COST_LINE;
		struct tax_line *l = invoice_add_line(&one);
		if (!invoice_line_read(rows_text(q, 0), l, NULL)) {
			look(s, l->name, AT_GOODS);
			look(s, l->spec, AT_GOODS);
		}
		invoice_free(&one);
	}
	return rows_end(&q, r, s->e);
}

/* Does it fall under the key? */
static enum err test_key(struct invoice_search *s, int64_t id, bool *yes)
{
	const struct invoice_filter *f = s->f;
	struct invoice_record rec;
	enum err r = store_invoice_get(s->db, id, &rec, NULL);
	s->work -= COST_HEAD + COST_LINE;
	*yes = false;
	if (r) /* as in test_head */
		return r == ERR_BUSY ? r : ERR_OK;
	*yes = report_key_is(&rec, (enum report_dim)f->report_dim, f->report_key);
	invoice_record_free(&rec);
	return ERR_OK;
}

enum err invoice_search_test(struct invoice_search *s, int64_t id, bool *yes)
{
	enum err r;
	for (size_t i = 0; i < s->want_count; i++)
		s->wants[i].met = false;
	if ((r = test_row(s, id, yes)) || !*yes)
		return r;
	if (open_in(s, AT_REMARK | AT_DRAWER | AT_GOODS) && (r = test_head(s, id)))
		return r;
	if (open_in(s, AT_GOODS) && (r = test_lines(s, id)))
		return r;
	*yes = all_met(s);
	return *yes && s->f->report_dim ? test_key(s, id, yes) : ERR_OK;
}

/* red.c - red letters: what applying, answering and bringing in have in common. */
#include <stdlib.h>
#include <string.h>

#include "base/crash.h"
#include "base/date.h"
#include "base/text.h"
#include "sync/red_p.h"

/* Of the tax side and its gateway: at most, and as a rule. */
enum { CLOCKS_APART = 15 * 60, CLOCKS_CLOSE = 30 };

struct leqi_red_query red_query(const struct caller *c, enum red_side side)
{
	return (struct leqi_red_query) {
	    .side = side, .tax_no = c->unit.tax_no, .name = c->unit.name, .page = 1};
}

enum leqi_class red_ask_detail(struct engine *en, const struct caller *c, const char *uuid,
			       const char *seller_tax_no, struct red_letter *out, bool *found,
			       struct leqi_reply *rep)
{
	enum leqi_class class =
	    leqi_red_detail(en->leqi, &c->wire, uuid, seller_tax_no, out, found, rep);

	crash_step("after red detail");
	return class;
}

bool red_names_us(const struct caller *c, enum red_side side, const struct red_letter *l)
{
	const char *told = side == RED_SELLER ? l->seller_tax_no : l->buyer_tax_no;

	return text_empty(told) || text_eq(told, c->unit.tax_no);
}

/* Their lines, as far as both are told. */
static bool same_lines(const struct red_letter *a, const struct red_letter *b)
{
	if (b->declared_lines && a->declared_lines && b->declared_lines != a->declared_lines)
		return false;
	if (!a->line_count || !b->line_count)
		return true;
	for (size_t i = 0; i < a->line_count && i < b->line_count; i++)
		if (a->lines[i].blue_row != b->lines[i].blue_row ||
		    a->lines[i].net_fen != b->lines[i].net_fen)
			return false;
	return a->line_count == b->line_count;
}

int64_t red_their_now(const struct engine *en)
{
	return call_their_now(en);
}

bool red_is_running(const struct red_letter *l)
{
	return red_state_open(l->state) && l->valid && !l->issued;
}

/* Could it have been entered by the application?  While one is running the tax side takes no second
 * of its invoice, so a running one that says the same is as good as ours.  One that is over may
 * have been another before: that is taken for ours only when it is later for sure. */
static bool entered_since(const struct engine *en, const struct red_record *r,
			  const struct red_letter *l)
{
	bool running = red_is_running(l);
	int64_t entered, now = clock_now();

	/* Made in a time to come: this clock was wrong then, and tells nothing. */
	if (r->created_at > now || !datetime_parse(l->entered_at, &entered))
		return running;
	return entered >= r->created_at + en->clock_apart - (running ? CLOCKS_APART : CLOCKS_CLOSE);
}

bool red_is_ours(const struct engine *en, const struct red_record *r, const struct red_letter *l)
{
	const struct red_letter *a = &r->letter;

	return l->entered_by == r->side && l->reason == a->reason && l->net_fen == a->net_fen &&
	       l->tax_fen == a->tax_fen && text_eq(l->blue_number, a->blue_number) &&
	       text_eq(l->blue_code, a->blue_code) && same_lines(a, l) && entered_since(en, r, l);
}

/* ---- keeping ---- */

struct unanswered {
	int64_t ids[8];
	size_t n;
};

static enum err note_unanswered(void *arg, const struct red_row *row)
{
	struct unanswered *u = arg;

	/* One that was never sent, or not taken for sure, is nobody's letter yet. */
	if (row->progress == RED_DOUBTFUL && u->n < sizeof(u->ids) / sizeof(u->ids[0]))
		u->ids[u->n++] = row->id;
	return ERR_OK;
}

/* Our application without an answer that this letter is, or 0. */
static enum err find_unanswered(struct engine *en, int64_t unit, enum red_side side,
				const struct red_letter *l, int64_t *id, struct err_info *e)
{
	static const enum red_situation WAY = RED_ON_THE_WAY;
	static const bool SENT = true;
	const struct red_filter f = {.unit = unit,
				     .side = &side,
				     .sent = &SENT,
				     .situation = &WAY,
				     .blue_number = l->blue_number,
				     .limit = 8};
	struct unanswered u = {.n = 0};
	int64_t next;
	enum err r = store_red_page(en->db, &f, note_unanswered, &u, &next, e);

	*id = 0;
	for (size_t i = 0; i < u.n && !r && !*id; i++) {
		struct red_record rec;

		if ((r = store_red_get(en->db, u.ids[i], &rec, e)))
			break;
		if (red_is_ours(en, &rec, l))
			*id = rec.id;
		red_record_free(&rec);
	}
	return r;
}

/* The letter names its red invoice as issued: ours under that number is, whatever came of its
 * upload.  One that is on its way finds out by itself. */
static enum err settle_red(struct engine *en, int64_t letter, struct err_info *e)
{
	struct red_record rec;
	struct invoice_record inv;
	enum err r = store_red_head(en->db, letter, &rec, e);

	if (r)
		return r;
	if (rec.letter.issued && rec.red_invoice_id &&
	    !(r = store_invoice_head(en->db, rec.red_invoice_id, &inv, e))) {
		if (text_eq(inv.invoice.number, rec.letter.red_number) &&
		    (inv.state == INVOICE_FAILED ||
		     (inv.state == INVOICE_UNKNOWN && inv.needs_person)))
			r = settle_told(en, &inv, e);
		invoice_record_free(&inv);
	}
	red_record_free(&rec);
	return r;
}

enum err red_keep(struct engine *en, int64_t unit, enum red_side side, const struct red_letter *l,
		  enum red_put *what, struct err_info *e)
{
	int64_t known = 0, ours = 0;
	enum err r = store_red_by_uuid(en->db, unit, side, l->uuid, &known, e);

	if (!r && !known && l->entered_by == side)
		r = find_unanswered(en, unit, side, l, &ours, e);
	if (!r && ours && !(r = store_red_adopt(en->db, ours, l, e)))
		*what = RED_PUT_NEW;
	else if (!r)
		r = store_red_put(en->db, unit, side, l, what, &ours, e);
	return r || !l->issued || side != RED_SELLER ? r : settle_red(en, ours, e);
}

static bool is_power_of_two(long long n)
{
	return (n & (n - 1)) == 0;
}

/* A circle of any length is met: the anchor moves on by ever longer steps. */
static void move_anchor(struct red_walk *w, const char *first)
{
	if (*first && is_power_of_two(w->page))
		text_copy(w->anchor, sizeof(w->anchor), first);
}

/* It goes on, and the question is for how long. */
static enum red_paging bound_walk(struct red_walk *w, const struct leqi_red_page *got, bool told)
{
	w->blind = got->unread == got->rows ? w->blind + 1 : 0;
	if (w->blind >= RED_BLIND_MAX)
		return RED_PAGES_BLIND;
	if (told && w->promised && w->seen > w->promised + RED_GROWTH_MAX)
		return RED_PAGES_GROWS;
	return w->page >= (told ? RED_PAGES_MAX : RED_UNTOLD_MAX) ? RED_PAGES_LONG : RED_PAGES_MORE;
}

enum red_paging red_walk_on(struct red_walk *w, const struct leqi_red_page *got, size_t size,
			    const char *first)
{
	enum red_paging how;
	bool told;

	w->page++;
	w->seen += (long long)got->rows;
	told = got->total >= w->seen;
	if (w->page == 1)
		w->promised = told ? got->total : 0;
	if (*first && strcmp(first, w->anchor) == 0)
		return RED_PAGES_REPEAT;
	if (!got->rows)
		return got->total > w->seen ? RED_PAGES_SHORT : RED_PAGES_END;
	/* Not told, or less than was given: by the rows. */
	if (told ? got->total == w->seen : got->rows < size)
		return RED_PAGES_END;
	how = bound_walk(w, got, told);
	move_anchor(w, first);
	return how;
}

/* ---- jobs ---- */

enum err red_back(struct engine *en, const struct job *job, int64_t due_ms, const char *result,
		  const struct err_info *why, struct err_info *e)
{
	enum err r = store_job_step(en->db, job->id, due_ms, result, why, e);

	return r ? r : db_commit(en->db, e);
}

enum err red_end(struct engine *en, const struct job *job, const char *result, struct err_info *e)
{
	enum err r = job_done(en, job->id, result, e);

	return r ? r : db_commit(en->db, e);
}

/* summary_edges.c - invoices at the edges of a month: which of them the tax side counts in another
 * one (features N61). */
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "sync/summary_p.h"

enum { EDGES = 256 }; /* at first */

struct edges {
	struct invoice_boundary *all;
	struct summary_edge *items; /* of those that may be turned */
	int64_t *ids;
	bool *pick;
	size_t n;
};

static void edges_free(struct edges *x)
{
	free(x->all);
	free(x->items);
	free(x->ids);
	free(x->pick);
}

/* The month an invoice at the edge would be taken from or given to must not be settled: there it
 * was counted right.  One that the tax side has summed up otherwise than we count can be wrong. */
static enum err may_turn(struct summary_work *w, const struct invoice_boundary *b, bool *ok,
			 struct err_info *e)
{
	const char *other = strcmp(b->month, w->s.month) ? b->month : b->other;
	struct summary_figures ours;
	struct summary s;
	bool found = false;
	enum err r = ERR_OK;

	*ok = strcmp(b->month, b->other) != 0;
	if (!*ok || (r = store_summary_find(w->en->db, w->s.unit_id, other, &s, &found, e)) ||
	    !found)
		return *ok ? r : ERR_OK;
	if (s.state != SUMMARY_AUTO) {
		*ok = !summary_state_locks(s.state) && !summary_closed(w->en, other);
		return ERR_OK;
	}
	r = store_summary_sums(w->en->db, w->s.unit_id, other, &ours, e);
	*ok = !r && s.theirs_at && !summary_equal(&ours, &s.theirs);
	return r;
}

/* However many: a clock that was wrong for an evening makes hundreds. */
static enum err list_edges(struct summary_work *w, struct edges *x, size_t *n, struct err_info *e)
{
	size_t room = EDGES;
	enum err r;

	for (;; room *= 4) {
		x->all = mem_realloc(x->all, room * sizeof(*x->all));
		r = store_boundary_list(w->en->db, w->s.unit_id, w->s.month, x->all, room, n, e);
		if (r || *n < room)
			return r;
	}
}

static enum err find_edges(struct summary_work *w, struct edges *x, struct err_info *e)
{
	size_t n = 0;
	enum err r = list_edges(w, x, &n, e);

	x->items = mem_zalloc((n + 1) * sizeof(*x->items));
	x->ids = mem_zalloc((n + 1) * sizeof(*x->ids));
	x->pick = mem_zalloc((n + 1) * sizeof(*x->pick));
	for (size_t i = 0; i < n && !r; i++) {
		const struct invoice_boundary *b = &x->all[i];
		bool inside = !strcmp(b->month, w->s.month), ok;

		if ((r = may_turn(w, b, &ok, e)) || !ok)
			continue;
		x->ids[x->n] = b->invoice_id;
		x->items[x->n++] = (struct summary_edge) {
		    .figures = b->figures,
		    .inside = inside,
		    .late = strcmp(inside ? b->other : b->month, w->s.month) > 0};
	}
	return r;
}

/* Could what the tax side lacks as well be an invoice of the month that it has lost? */
static enum err may_be_lost(struct summary_work *w, const struct edges *x, bool *out,
			    struct err_info *e)
{
	enum err r = ERR_OK;

	*out = false;
	for (size_t i = 0; i < x->n && !r && !*out; i++)
		if (x->pick[i] && x->items[i].inside)
			r = store_summary_alike(w->en->db, w->s.unit_id, w->s.month,
						&x->items[i].figures, out, e);
	return r;
}

static enum err note_lost(void *arg, const struct recon_difference *d)
{
	(void)d;
	*(bool *)arg = true;
	return ERR_OK;
}

/* Has a comparison found that the tax side has all of ours? */
static enum err is_compared(struct summary_work *w, bool *out, struct err_info *e)
{
	static const enum recon_kind LOST = RECON_ONLY_OURS;
	struct difference_filter f = {.run = w->s.recon_id, .kind = &LOST, .limit = 1};
	struct recon_run run;
	int64_t next, total;
	bool lost = false;
	enum err r = ERR_OK;

	*out = false;
	if (!w->s.recon_id || (r = store_recon_get(w->en->db, w->s.recon_id, &run, e)) ||
	    !run.finished_at || !((run.thorough && !run.mute) || (run.listed[0] && run.listed[1])))
		return r;
	r = store_difference_list(w->en->db, &f, note_lost, &lost, &next, &total, e);
	*out = !r && !lost;
	return r;
}

enum err summary_turn_edges(struct summary_work *w, size_t *turned, bool *doubtful,
			    struct err_info *e)
{
	struct edges x = {.n = 0};
	bool compared = false;
	int fits = 0;
	enum err r = find_edges(w, &x, e);

	if (!r && x.n)
		fits = summary_fit(&w->s.ours, &w->s.theirs, x.items, x.n, x.pick);
	if (fits && !(r = may_be_lost(w, &x, doubtful, e))) {
		*doubtful |= fits > 1;
		r = is_compared(w, &compared, e);
		*doubtful &= !compared;
	}
	for (size_t i = 0; fits && !*doubtful && i < x.n && !r; i++)
		if (x.pick[i] && !(r = store_boundary_turn(w->en->db, x.ids[i], e)))
			++*turned;
	edges_free(&x);
	return r;
}

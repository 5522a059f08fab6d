/* auto.c - claiming, downloading and adjusting without being asked. */
#include "desk/auto.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "desk/intent_p.h"
#include "desk/numbers_p.h"
#include "desk/quota_p.h"
#include "desk/unit_p.h"

enum { MONTHS_BACK = 12, RECENT_ENTRIES = 50, ADJUST_REST = 24 * 3600, REFUSED_REST = 3600 };

/* What is to be done for a unit: one job of a kind, or an open one to wait for. */
struct plan {
	const char *kind; /* NULL: nothing */
	int64_t open;     /* the job that does it already, 0: none */
	int64_t amount;   /* numbers, or fen */
	char month[MONTH_TEXT];
};
/* Looks whether something is to be done; count: numbers that must be in stock. */
typedef enum err (*look_fn)(struct session *s, const struct unit *u, int64_t count, struct plan *p,
			    struct err_info *e);

/* Did the newest job of the kind fail lately (or, refused false: was there one at all)?  Then it is
 * let rest. */
static enum err rests(struct session *s, const struct unit *u, const char *kind, bool refused,
		      bool *out, struct err_info *e)
{
	int64_t at = 0;
	bool failed = false;
	enum err r = store_job_last(s->db, kind, u->id, &failed, &at, e);

	*out = (failed || !refused) && clock_now() - at < (refused ? REFUSED_REST : ADJUST_REST);
	return r;
}

/* ---- numbers ---- */

static enum err note_size(void *arg, const struct segment *g, const struct number_counts *c)
{
	(void)c;
	*(int64_t *)arg = g->size;
	return ERR_OK;
}

static enum err look_claim(struct session *s, const struct unit *u, int64_t count, struct plan *p,
			   struct err_info *e)
{
	struct numbers_auto a;
	int64_t stock = 0, newest = 0, want;
	enum err r;

	if ((r = numbers_read_auto(s, u, &a, e)) || !a.on ||
	    (r = store_number_stock(s->db, u->id, date_of(clock_now()).date.year, &stock, e)) ||
	    stock >= count ||
	    (r = store_segment_list(s->db, u->id, NULL, NULL, 0, 1, note_size, &newest, e)) ||
	    !newest)
		return r;
	want = a.claim ? a.claim : newest;
	p->kind = JOB_CLAIM;
	p->amount = want > count - stock ? want : count - stock;
	return store_job_open(s->db, JOB_CLAIM, u->id, 0, &p->open, e);
}

/* ---- quota ---- */

struct entries {
	bool any, download;
};

static enum err note_entry(void *arg, const struct quota_entry *q)
{
	struct entries *n = arg;

	n->any = true;
	n->download |= !strcmp(q->kind, "download");
	return ERR_OK;
}

static enum err month_entries(struct session *s, const struct unit *u, int back,
			      struct entries *out, struct err_info *e)
{
	struct date d = date_add_months(date_of(clock_now()).date, -back);
	char month[24];

	memset(out, 0, sizeof(*out));
	snprintf(month, sizeof(month), "%04d-%02d", d.year, d.month);
	return store_quota_entries(s->db, u->id, month, 0, RECENT_ENTRIES, note_entry, out, e);
}

/* A unit that worked with quota before, and has none this month. */
static enum err month_is_bare(struct session *s, const struct unit *u, bool *bare,
			      struct err_info *e)
{
	struct entries n;
	int back;
	enum err r = month_entries(s, u, 0, &n, e);

	*bare = false;
	if (r || n.any)
		return r;
	for (back = 1; back <= MONTHS_BACK && !r && !*bare; back++) {
		r = month_entries(s, u, back, &n, e);
		*bare = !r && n.download;
	}
	return r;
}

/* First the figures, then percent of what is available, cut to the fen (features G38). */
static enum err look_download(struct session *s, const struct unit *u, int64_t count,
			      struct plan *p, struct err_info *e)
{
	struct quota_month q;
	struct quota_auto a;
	const char *kind;
	bool bare = false, rest = false;
	enum err r;

	(void)count;
	month_text(clock_now(), p->month);
	if ((r = quota_read_auto(s, u, &a, e)) || !a.on || (r = month_is_bare(s, u, &bare, e)) ||
	    !bare || (r = store_quota_get(s->db, u->id, p->month, &q, e)))
		return r;
	kind = q.has_remote ? JOB_QUOTA_MOVE : JOB_QUOTA_SYNC;
	p->amount =
	    q.remote_available / 100 * a.percent + q.remote_available % 100 * a.percent / 100;
	if ((r = store_job_open(s->db, kind, u->id, 0, &p->open, e)))
		return r;
	if (!p->open && ((q.has_remote && (q.paused || p->amount <= 0)) ||
			 (r = rests(s, u, kind, true, &rest, e)) || rest))
		return r;
	p->kind = kind;
	return ERR_OK;
}

static enum err look_adjust(struct session *s, const struct unit *u, int64_t count, struct plan *p,
			    struct err_info *e)
{
	char today[DATE_TEXT];
	struct quota_month q;
	struct quota_auto a;
	bool rest = false;
	enum err r;

	(void)count;
	month_text(clock_now(), p->month);
	if ((r = quota_read_auto(s, u, &a, e)) || !a.on ||
	    (r = store_quota_get(s->db, u->id, p->month, &q, e)) || !*q.end ||
	    strcmp(date_text(clock_now(), today), q.end) <= 0 ||
	    (r = rests(s, u, JOB_QUOTA_ADJUST, false, &rest, e)) || rest)
		return r;
	p->kind = JOB_QUOTA_ADJUST;
	return ERR_OK;
}

/* ---- tax codes ---- */

/* A list that was fetched once is brought up to date every day (features M9): one unit asks for all
 * of its environment. */
static enum err look_codes(struct session *s, const struct unit *u, int64_t count, struct plan *p,
			   struct err_info *e)
{
	int64_t total = 0, from_tax = 0;
	struct unit_set set;
	bool rest = false;
	size_t i;
	enum err r = store_taxcode_count(s->db, unit_env_word(u->env), &total, &from_tax, e);

	(void)count;
	if (r || !from_tax || (r = unit_set_all(s, "using", &set, e)))
		return r;
	for (i = 0; i < set.n && !r && !rest; i++) {
		if (set.items[i].env == u->env)
			r = rests(s, &set.items[i], JOB_TAXCODES, false, &rest, e);
	}
	unit_set_free(&set);
	if (!r && !rest)
		p->kind = JOB_TAXCODES;
	return r;
}

/* ---- rounds ---- */

static enum err put(struct session *s, const struct unit *u, const struct unit *direct,
		    const struct plan *p, struct desk_wait *w, struct err_info *e)
{
	if (p->open) {
		desk_wait_job(w, p->open);
		return ERR_OK;
	}
	if (!strcmp(p->kind, JOB_CLAIM))
		return numbers_add_claim(s, u, direct, p->amount, w, e);
	if (!strcmp(p->kind, JOB_QUOTA_MOVE))
		return quota_add_move(s, u, direct, p->month, true, p->amount, w, e);
	if (!strcmp(p->kind, JOB_QUOTA_ADJUST))
		return quota_add_adjust(s, u, p->month, w, e);
	return desk_intent_add(s, u->id, p->kind, "", "", w, e);
}

/* Looks first, so that nothing is locked when there is nothing to do, and again in the transaction:
 * another process may have been quicker. */
static enum err plan_one(struct session *s, const struct unit *u, const struct unit *direct,
			 look_fn look, int64_t count, struct desk_wait *w, struct err_info *e)
{
	struct plan first = {.kind = NULL}, p = {.kind = NULL};
	enum err r = look(s, u, count, &first, e);

	if (r || !first.kind || (r = db_begin(s->db, e)))
		return r;
	if ((r = look(s, u, count, &p, e)) || !p.kind || (r = put(s, u, direct, &p, w, e)) ||
	    p.open) {
		db_rollback(s->db);
		return r;
	}
	return db_commit(s->db, e);
}

static enum err auto_issue(struct session *s, const struct unit *u, int64_t count, bool quota,
			   struct desk_wait *w, struct err_info *e)
{
	struct unit direct;
	enum err r = store_unit_get(s->db, u->direct_id, &direct, e);

	if (r)
		return r;
	if (!(r = plan_one(s, u, &direct, look_claim, count, w, e)) && quota)
		r = plan_one(s, u, &direct, look_download, 0, w, e);
	unit_free(&direct);
	return r;
}

enum err desk_auto_issue(struct session *s, const struct unit *u, int64_t count,
			 struct desk_wait *w, struct err_info *e)
{
	return auto_issue(s, u, count, true, w, e);
}

enum err desk_auto_issue_red(struct session *s, const struct unit *u, int64_t count,
			     struct desk_wait *w, struct err_info *e)
{
	return auto_issue(s, u, count, false, w, e);
}

/* Numbers of past years are of no use any more (features G19). */
static enum err expire_numbers(struct session *s, const struct unit *u, struct err_info *e)
{
	int expired;
	enum err r = db_begin(s->db, e);

	if (r)
		return r;
	r = store_segment_expire(s->db, u->id, date_of(clock_now()).date.year, &expired, e);
	if (r || !expired) {
		db_rollback(s->db);
		return r;
	}
	return db_commit(s->db, e);
}

static enum err round_of(struct session *s, const struct unit *u, struct desk_wait *w,
			 struct err_info *e)
{
	struct unit direct;
	enum err r = expire_numbers(s, u, e);

	if (r || (r = store_unit_get(s->db, u->direct_id, &direct, e)))
		return r;
	if (u->verified && direct.verified &&
	    !(r = plan_one(s, u, &direct, look_download, 0, w, e)) &&
	    !(r = plan_one(s, u, &direct, look_adjust, 0, w, e)))
		r = plan_one(s, u, &direct, look_codes, 0, w, e);
	unit_free(&direct);
	return r;
}

enum err desk_auto_round(struct session *s, struct desk_wait *w, struct err_info *e)
{
	struct unit_set set;
	size_t i;
	enum err r = unit_set_all(s, "using", &set, e);

	for (i = 0; !r && i < set.n; i++)
		r = round_of(s, &set.items[i], w, e);
	if (!r || set.items)
		unit_set_free(&set);
	return r;
}

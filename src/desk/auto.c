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

enum { MONTHS_BACK = 12, ADJUST_REST = 24 * 3600, RECENT_JOBS = 50 };

/* ---- numbers ---- */

static enum err note_size(void *arg, const struct segment *g, const struct number_counts *c)
{
	(void)c;
	*(int64_t *)arg = g->size;
	return ERR_OK;
}

static enum err claim_missing(struct session *s, const struct unit *u, const struct unit *direct,
			      int64_t count, struct desk_wait *w, struct err_info *e)
{
	struct numbers_auto a;
	int64_t stock = 0, newest = 0, open = 0, want;
	enum err r;

	if ((r = numbers_read_auto(s, u, &a, e)) || !a.on ||
	    (r = store_number_stock(s->db, u->id, date_of(clock_now()).date.year, &stock, e)) ||
	    stock >= count ||
	    (r = store_segment_list(s->db, u->id, NULL, NULL, 0, 1, note_size, &newest, e)) ||
	    !newest || (r = store_job_open(s->db, JOB_CLAIM, u->id, 0, &open, e)))
		return r;
	if (open) {
		desk_wait_job(w, open);
		return ERR_OK;
	}
	want = a.claim ? a.claim : newest;
	return numbers_record_claim(s, u, direct, want > count - stock ? want : count - stock, w,
				    e);
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
	return store_quota_entries(s->db, u->id, month, 0, RECENT_JOBS, note_entry, out, e);
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

static enum err want_sync(struct session *s, const struct unit *u, struct desk_wait *w,
			  struct err_info *e)
{
	enum err r = db_begin(s->db, e);

	if (r)
		return r;
	if ((r = desk_intent_add(s, u->id, JOB_QUOTA_SYNC, "", "", w, e))) {
		db_rollback(s->db);
		return r;
	}
	return db_commit(s->db, e);
}

/* First the figures, then percent of what is available, cut to the fen (features G38). */
static enum err download_month(struct session *s, const struct unit *u, const struct unit *direct,
			       struct desk_wait *w, struct err_info *e)
{
	char month[MONTH_TEXT];
	struct quota_month q;
	struct quota_auto a;
	int64_t open = 0, take;
	bool bare = false;
	enum err r;

	if ((r = quota_read_auto(s, u, &a, e)) || !a.on || (r = month_is_bare(s, u, &bare, e)) ||
	    !bare || (r = store_quota_get(s->db, u->id, month_text(clock_now(), month), &q, e)) ||
	    (r = store_job_open(s->db, q.has_remote ? JOB_QUOTA_MOVE : JOB_QUOTA_SYNC, u->id, 0,
				&open, e)))
		return r;
	if (open) {
		desk_wait_job(w, open);
		return ERR_OK;
	}
	if (!q.has_remote)
		return want_sync(s, u, w, e);
	take = q.remote_available / 100 * a.percent + q.remote_available % 100 * a.percent / 100;
	if (q.paused || take <= 0)
		return ERR_OK;
	return quota_record_move(s, u, direct, month, true, take, w, e);
}

struct recent {
	int64_t unit, since;
	bool seen;
};

static enum err note_recent(void *arg, const struct job *j)
{
	struct recent *n = arg;

	n->seen |= j->unit_id == n->unit && j->created_at >= n->since;
	return ERR_OK;
}

static enum err adjust_interval(struct session *s, const struct unit *u, struct desk_wait *w,
				struct err_info *e)
{
	char month[MONTH_TEXT], today[DATE_TEXT];
	struct recent recent = {.unit = u->id, .since = clock_now() - ADJUST_REST};
	struct quota_month q;
	struct quota_auto a;
	enum err r;

	if ((r = quota_read_auto(s, u, &a, e)) || !a.on ||
	    (r = store_quota_get(s->db, u->id, month_text(clock_now(), month), &q, e)))
		return r;
	if (!*q.end || strcmp(date_text(clock_now(), today), q.end) <= 0)
		return ERR_OK;
	r = store_job_list(s->db, NULL, JOB_QUOTA_ADJUST, 0, RECENT_JOBS, note_recent, &recent, e);
	return r || recent.seen ? r : quota_record_adjust(s, u, month, w, e);
}

/* ---- rounds ---- */

enum err desk_auto_issue(struct session *s, const struct unit *u, int64_t count,
			 struct desk_wait *w, struct err_info *e)
{
	struct unit direct;
	enum err r = store_unit_get(s->db, u->direct_id, &direct, e);

	if (r)
		return r;
	if (!(r = claim_missing(s, u, &direct, count, w, e)))
		r = download_month(s, u, &direct, w, e);
	unit_free(&direct);
	return r;
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
	if (u->verified && direct.verified && !(r = download_month(s, u, &direct, w, e)))
		r = adjust_interval(s, u, w, e);
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

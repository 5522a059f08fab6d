/* red_keep.c - looking after red letters: what died, what is owed, and what the other side did. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "sync/red_p.h"

enum {
	REST_AFTER_FAILURE = 3600,
	REST_NOT_GRANTED = 24 * 3600,
	MANY = 64,
	RECHECKED_AT_ONCE = 2000
};

enum err red_died(struct engine *en, int64_t letter, struct err_info *e)
{
	struct red_record rec;
	enum err r = store_red_head(en->db, letter, &rec, e);

	if (r)
		return r;
	if (rec.progress == RED_APPLYING)
		r = store_red_progress(en->db, letter, RED_DOUBTFUL,
				       "申请时程序中断，正在向税局核对", e);
	red_record_free(&rec);
	return r;
}

/* ---- what is owed ---- */

struct letters {
	int64_t ids[MANY];
	size_t n;
};

static enum err note_letter(void *arg, const struct red_row *row)
{
	struct letters *l = arg;

	if (row->progress != RED_KNOWN && l->n < MANY)
		l->ids[l->n++] = row->id;
	return ERR_OK;
}

static enum err add_if_missing(struct engine *en, const char *kind, int64_t unit, int64_t letter,
			       struct err_info *e)
{
	int64_t open = 0;
	enum err r = store_job_open(en->db, kind, unit, letter, &open, e);

	if (r || open || (r = db_begin(en->db, e)) ||
	    (r = add_job(en, kind, unit, letter, clock_now_ms(), e)))
		return r;
	return db_commit(en->db, e);
}

/* Applications without an answer have a job. */
static enum err mend_side(struct engine *en, int64_t unit, enum red_side side, struct err_info *e)
{
	static const enum red_situation WAY = RED_ON_THE_WAY;
	struct red_filter f = {.unit = unit, .side = &side, .situation = &WAY, .limit = MANY};
	int64_t tallies[RED_SITUATIONS];
	enum err r = store_red_tallies(en->db, unit, &side, tallies, e);

	if (r || !tallies[RED_ON_THE_WAY])
		return r;
	do {
		struct letters l = {.n = 0};

		r = store_red_page(en->db, &f, note_letter, &l, &f.cursor, e);
		for (size_t i = 0; i < l.n && !r; i++)
			r = add_if_missing(en, JOB_RED_APPLY, unit, l.ids[i], e);
	} while (!r && f.cursor);
	return r;
}

/* Jobs a person cancelled before anything was sent: the letter is told. */
struct cancelled {
	int64_t letters[MANY], units[MANY];
	bool sent[MANY];
	size_t n;
	int64_t last; /* the oldest of them */
};

static enum err note_cancelled(void *arg, const struct job *j)
{
	struct cancelled *c = arg;

	if (c->n < MANY) {
		c->last = j->id;
		c->letters[c->n] = j->subject_id;
		c->units[c->n] = j->unit_id;
		c->sent[c->n++] = j->attempts > 0;
	}
	return ERR_OK;
}

static enum err tell_cancelled(struct engine *en, const struct red_record *rec, bool act,
			       struct err_info *e)
{
	enum err r = db_begin(en->db, e);

	if (!r)
		r = act ? store_red_act_failed(en->db, rec->id, "已取消，没有提交", e)
			: store_red_progress(en->db, rec->id, RED_REFUSED, "已取消，没有提交", e);
	return r ? r : db_commit(en->db, e);
}

/* One that may have been sent goes on: only the tax side knows. */
static enum err mend_cancelled_one(struct engine *en, const char *kind, int64_t unit,
				   int64_t letter, bool sent, struct err_info *e)
{
	bool act = strcmp(kind, JOB_RED_ACT) == 0;
	struct red_record rec;
	struct err_info why = {0};
	int64_t open = 0;
	enum err r = store_red_head(en->db, letter, &rec, &why);

	if (r == ERR_INVALID) /* it went with its unit */
		return ERR_OK;
	if (r) {
		*e = why;
		return r;
	}
	if (act ? rec.acting : rec.progress == RED_APPLYING || rec.progress == RED_DOUBTFUL) {
		r = store_job_open(en->db, kind, unit, letter, &open, e);
		if (!r && !open)
			r = sent || rec.progress == RED_DOUBTFUL
				? add_if_missing(en, kind, unit, letter, e)
				: tell_cancelled(en, &rec, act, e);
	}
	red_record_free(&rec);
	return r;
}

static enum err mend_cancelled(struct engine *en, const char *kind, struct err_info *e)
{
	static const enum job_state CANCELLED = JOB_CANCELLED;
	const struct job_filter wanted = {.state = &CANCELLED, .kind = kind};
	struct cancelled c = {.last = 0};
	enum err r;

	do {
		c.n = 0;
		r = store_job_list(en->db, &wanted, c.last, MANY, note_cancelled, &c, e);
		for (size_t i = 0; i < c.n && !r; i++)
			r = mend_cancelled_one(en, kind, c.units[i], c.letters[i], c.sent[i], e);
	} while (!r && c.n == MANY);
	return r;
}

/* ---- what others did ---- */

/* Is it time?  Not while one is open, nor soon after one was refused or could not be granted. */
static enum err is_time(struct engine *en, const struct job *j, enum red_side side, bool *out,
			struct err_info *e)
{
	bool open = false, failed = false;
	int64_t at = 0, denied = 0, wait = en->params.red_refresh_ms / 1000;
	enum err r = store_job_newest(en->db, j, &open, &failed, &at, e);

	if (!r)
		r = store_red_denied(en->db, j->unit_id, side, &denied, e);
	if (denied && wait < REST_NOT_GRANTED)
		wait = REST_NOT_GRANTED;
	else if (failed && wait < REST_AFTER_FAILURE)
		wait = REST_AFTER_FAILURE;
	*out = !r && !open && (!at || en->brings_now || clock_now() - at >= wait);
	return r;
}

static enum err bring_side(struct engine *en, int64_t unit, enum red_side side, struct err_info *e)
{
	struct job j = {.unit_id = unit, .due_ms = clock_now_ms()};
	char payload[80], key[RED_BRINGS];
	bool now = false;
	enum err r;

	snprintf(j.kind, sizeof(j.kind), "%s", JOB_RED_SYNC);
	snprintf(j.group_key, sizeof(j.group_key), "%s", red_brings_key(side, key));
	if ((r = is_time(en, &j, side, &now, e)) || !now)
		return r;
	snprintf(payload, sizeof(payload), "{\"side\":\"%s\",\"from\":\"\",\"to\":\"\"}",
		 red_side_word(side));
	j.payload = payload;
	if ((r = db_begin(en->db, e)) || (r = store_job_renew(en->db, &j, e)))
		return r;
	return db_commit(en->db, e);
}

/* ---- units ---- */

struct units {
	int64_t *ids;
	bool *verified;
	size_t n, room;
};

static enum err note_unit(void *arg, const struct unit *u)
{
	struct units *all = arg;

	if (all->n == all->room) {
		all->room = all->room ? all->room * 2 : MANY;
		all->ids = mem_realloc(all->ids, all->room * sizeof(*all->ids));
		all->verified = mem_realloc(all->verified, all->room * sizeof(*all->verified));
	}
	all->verified[all->n] = u->verified;
	all->ids[all->n++] = u->id;
	return ERR_OK;
}

enum err keep_red(struct engine *en, struct err_info *e)
{
	bool bring = en->params.red_refresh_ms > 0 && (en->brings || en->brings_now);
	struct units all = {.n = 0};
	bool done;
	enum err r = store_red_recheck(en->db, RECHECKED_AT_ONCE, &done, e);

	if (!r && !(r = mend_cancelled(en, JOB_RED_APPLY, e)) &&
	    !(r = mend_cancelled(en, JOB_RED_ACT, e)))
		r = store_unit_list(en->db, "using", note_unit, &all, e);

	for (size_t i = 0; i < all.n && !r; i++)
		for (enum red_side s = RED_SELLER; s <= RED_BUYER && !r; s++) {
			r = mend_side(en, all.ids[i], s, e);
			if (!r && bring && all.verified[i])
				r = bring_side(en, all.ids[i], s, e);
		}
	en->brings_now = false;
	free(all.ids);
	free(all.verified);
	if (r)
		db_rollback(en->db);
	return r;
}

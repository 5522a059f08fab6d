/* keep.c - the engine's own housekeeping: missing jobs, old log rows, and 自动领购: claims when the
 * stock of a unit falls below its warning mark (features G15, store/due.h); figures of the quota
 * that nobody could be sure of. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "store/calendar.h"
#include "store/due.h"
#include "sync/sync_p.h"

enum { KEEP_EVERY_MS = 5000, HOUR_MS = 3600 * 1000, PRUNE_ROWS = 500, DAY_S = 86400 };

/* The tax side's figures again, once it is known what became of an invoice. */
static enum err keep_quota(struct engine *en, const struct unit *u, struct err_info *e)
{
	struct due d;
	enum err r = store_due_recheck(en->db, u, &d, e);

	if (r || !d.kind || d.open || (r = db_begin(en->db, e)))
		return r;
	if ((r = store_due_add(en->db, u, &d, 0, NULL, NULL, e))) {
		db_rollback(en->db);
		return r;
	}
	return db_commit(en->db, e);
}

/* Numbers that were thrown away under a clock that was ahead, or booked after the year's end. */
static enum err keep_numbers(struct engine *en, const struct unit *u, struct err_info *e)
{
	int year = date_of(call_their_now(en)).date.year, changed;
	bool early = false, late = false;
	enum err r = store_segment_amiss(en->db, u->id, year, &early, &late, e);

	/* Nothing is thrown away by our clock alone. */
	if (r || !(early || (late && en->clock_told)) || (r = db_begin(en->db, e)))
		return r;
	if ((r = store_segment_expire(en->db, u->id, year, &changed, e))) {
		db_rollback(en->db);
		return r;
	}
	return db_commit(en->db, e);
}

/* First numbers come where time goes by, not beside a verb that waits for something else. */
static enum err keep_unit(struct engine *en, const struct unit *u, struct err_info *e)
{
	struct due d;
	enum err r = store_due_claim(en->db, u, 0, &d, e);

	if (r || !d.kind || d.open || (d.first && !en->brings) || (r = db_begin(en->db, e)))
		return r;
	/* Looked at again: another process may have been quicker. */
	if ((r = store_due_claim(en->db, u, 0, &d, e)) || !d.kind || d.open ||
	    (r = store_due_add(en->db, u, &d, 0, NULL, NULL, e))) {
		db_rollback(en->db);
		return r;
	}
	return db_commit(en->db, e);
}

struct units_wanted {
	struct unit_ids *all;
	bool verified;
};

static enum err note_unit(void *arg, const struct unit *u)
{
	const struct units_wanted *want = arg;
	struct unit_ids *all = want->all;

	if (want->verified && !u->verified)
		return ERR_OK;
	if (all->n == all->room) {
		all->room = all->room ? all->room * 2 : 64;
		all->ids = mem_realloc(all->ids, all->room * sizeof(*all->ids));
	}
	all->ids[all->n++] = u->id;
	return ERR_OK;
}

enum err units_of(struct engine *en, bool verified, struct unit_ids *out, struct err_info *e)
{
	struct units_wanted want = {.all = out, .verified = verified};

	*out = (struct unit_ids) {.n = 0};
	return store_unit_list(en->db, "using", note_unit, &want, e);
}

/* Before then they are dropped, counted from the clock that is behind: one that is ahead for a
 * moment must not drop everything. */
static enum err drop_before(struct engine *en, int64_t days, struct err_info *e)
{
	int64_t now = clock_now(), theirs = call_their_now(en);
	int64_t at = (theirs < now ? theirs : now) - days * DAY_S;
	int dropped = 0;
	enum err r;

	if ((r = db_begin(en->db, e)) ||
	    (r = store_request_prune(en->db, at * 1000, PRUNE_ROWS, &dropped, e)) ||
	    (r = store_run_prune(en->db, at, PRUNE_ROWS, &dropped, e)))
		return r;
	return db_commit(en->db, e);
}

/* The request log and the runs of the calendar are kept (log, keep_days) days, 400 by default. */
enum err keep_log(struct engine *en, struct err_info *e)
{
	int64_t now = clock_mono_ms(), n;
	char days[16];
	enum err r;

	if (!en->clock_told || (en->pruned_ms && now - en->pruned_ms < HOUR_MS))
		return ERR_OK;
	en->pruned_ms = now;
	r = store_setting_get(en->db, "log", "keep_days", "400", days, sizeof days, e);
	n = strtoll(days, NULL, 10);
	return r || n < 1 ? r : drop_before(en, n, e);
}

enum err keep_house(struct engine *en, struct err_info *e)
{
	int64_t now = clock_mono_ms();
	enum err r = ERR_OK;

	if (en->kept_ms && now - en->kept_ms < KEEP_EVERY_MS)
		return ERR_OK;
	if (!en->summed_ms || now - en->summed_ms > HOUR_MS) {
		en->summed_ms = now;
		r = keep_summed(en, e);
	}
	en->kept_ms = now;
	if (!r)
		r = mend_jobs(en, e);
	if (!r)
		r = keep_red(en, e);
	if (!r)
		r = keep_summary(en, e);
	return r ? r : keep_stock(en, e);
}

enum err keep_stock(struct engine *en, struct err_info *e)
{
	struct unit_ids all = {.n = 0};
	enum err r = units_of(en, true, &all, e);
	for (size_t i = 0; !r && i < all.n; i++) {
		struct unit u;
		if ((r = store_unit_get(en->db, all.ids[i], &u, e)))
			break;
		if (!(r = keep_numbers(en, &u, e)) && !(r = keep_unit(en, &u, e)))
			r = keep_quota(en, &u, e);
		unit_free(&u);
	}
	free(all.ids);
	return r;
}

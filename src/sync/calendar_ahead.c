/* calendar_ahead.c - runs that were begun under a clock of ours that was ahead: they would hold the
 * calendar back until that time comes, and have done nothing for it. */
#include <stdlib.h>

#include "base/date.h"
#include "store/calendar.h"
#include "sync/sync_p.h"

enum { DAY_S = 86400, HOUR_MS = 3600 * 1000, STEP_MS = 60 * 1000 };

/* What we know of their clock is of no use when ours was set since. */
static bool is_known(const struct engine *en)
{
	return en->clock_told && llabs(clock_now_ms() - clock_mono_ms() - en->clock_base) < STEP_MS;
}

enum err calendar_ahead(struct engine *en, struct err_info *e)
{
	int64_t at = call_their_now(en) + DAY_S, now = clock_mono_ms();
	int changed = 0;
	bool any = false;
	enum err r = ERR_OK;

	if (!is_known(en) || (en->ahead_ms && now - en->ahead_ms < HOUR_MS))
		return ERR_OK;
	en->ahead_ms = now;
	/* While ours is ahead they would only be begun again. */
	if (clock_now() > at || (r = store_run_ahead(en->db, at, &any, e)) || !any)
		return clock_now() > at ? ERR_OK : r;
	if ((r = db_begin(en->db, e)))
		return r;
	if ((r = store_run_forget(en->db, at, &changed, e))) {
		db_rollback(en->db);
		return r;
	}
	en->calendar_ms = 0;
	return db_commit(en->db, e);
}

/* index.c - when nothing else is to be done: invoices are taken into the index of searches, some
 * hundred at a time, so that nobody waits for the database; then days that are over are summed for
 * reports. */
#include "sync/sync_p.h"

#include "base/date.h"

enum { STEP = 400, LOOK_EVERY_MS = 5000 };

static enum err take_in(struct engine *en, bool *left, struct err_info *e)
{
	enum err r = db_begin(en->db, e);
	if (r)
		return r;
	r = store_invoice_find_step(en->db, STEP, left, e);
	return r ? r : db_commit(en->db, e);
}

/* A day whose invoices cannot be read is told to whoever asks for a report; it does not stop the
 * engine. */
static enum err sum_day(struct engine *en, bool *left, struct err_info *e)
{
	char today[DATE_TEXT];
	enum err r = store_report_step(en->db, date_text(clock_now(), today), left, e);

	if (r == ERR_DAMAGED || r == ERR_INVALID) {
		err_clear(e);
		*left = false;
		r = ERR_OK;
	}
	return r;
}

enum err keep_index(struct engine *en, int64_t *next_ms, struct err_info *e)
{
	int64_t now = clock_mono_ms();
	bool due = false, left = true;
	enum err r;

	if (en->indexed_ms && now - en->indexed_ms < LOOK_EVERY_MS)
		return ERR_OK;
	r = store_invoice_find_due(en->db, FIND_TAIL, &due, e);
	if (!r && due)
		r = take_in(en, &left, e);
	else if (!r)
		r = sum_day(en, &due, e);
	if (r == ERR_BUSY) { /* somebody else writes: another time */
		db_rollback(en->db);
		err_clear(e);
		r = ERR_OK;
		due = false;
	}
	if (due)
		*next_ms = clock_now_ms();
	else
		en->indexed_ms = now;
	return r;
}

/* keep.c - the engine's own housekeeping: missing jobs, old log rows, and 自动领购: claims when the
 * stock of a unit falls below its warning mark (features G15).
 *
 * Settings of type "numbers", keys TAXNO.on / .below / .claim; 0 means a fifth of the newest
 * segment, and as many numbers as the newest segment.  A unit that never claimed is left to its
 * administrator.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "sync/sync_p.h"

enum {
	REST_AFTER_FAILURE = 3600,
	KEEP_EVERY_MS = 5000,
	PRUNE_EVERY_MS = 3600 * 1000,
	PRUNE_ROWS = 500,
	CLAIM_PIECE = 5000,
	MANY_UNITS = 256
};

struct newest {
	int64_t size, claimed_at;
};

static enum err note_newest(void *arg, const struct segment *s, const struct number_counts *c)
{
	struct newest *n = arg;
	(void)c;
	n->size = s->size;
	n->claimed_at = s->claimed_at;
	return ERR_OK;
}

static enum err number_setting(struct engine *en, const struct unit *u, const char *name,
			       int64_t fallback, int64_t *out, struct err_info *e)
{
	char key[64], value[24] = "";
	snprintf(key, sizeof key, "%s.%s", u->tax_no, name);
	enum err r = store_setting_get(en->db, "numbers", key, "", value, sizeof value, e);
	*out = *value ? strtoll(value, NULL, 10) : fallback;
	if (*out < 0)
		*out = 0;
	return r;
}

/* A claim that is open, or was refused lately, is not asked for again. */
static enum err may_claim(struct engine *en, int64_t unit, bool *out, struct err_info *e)
{
	int64_t open = 0, at = 0;
	bool failed = false;
	enum err r = store_job_open(en->db, JOB_CLAIM, unit, 0, &open, e);
	if (!r)
		r = store_job_last(en->db, JOB_CLAIM, unit, &failed, &at, e);
	*out = !r && !open && !(failed && clock_now() - at <= REST_AFTER_FAILURE);
	return r;
}

static enum err add_claim(struct engine *en, const struct unit *u, int64_t count,
			  struct err_info *e)
{
	struct unit direct;
	struct job j = {.unit_id = u->id, .due_ms = clock_now_ms()};
	char payload[40];
	enum err r = store_unit_get(en->db, u->direct_id, &direct, e);
	if (r)
		return r;
	const struct leqi_unit ids = {.using_id = u->leqi_id, .direct_id = direct.leqi_id};
	leqi_serial(&ids, j.request_key);
	unit_free(&direct);
	snprintf(j.kind, sizeof j.kind, "%s", JOB_CLAIM);
	snprintf(payload, sizeof payload, "{\"count\":\"%lld\"}",
		 (long long)(count < CLAIM_PIECE ? count : CLAIM_PIECE));
	j.payload = payload;
	if ((r = db_begin(en->db, e)) || (r = store_job_add(en->db, &j, e)))
		return r;
	return db_commit(en->db, e);
}

static enum err keep_unit(struct engine *en, const struct unit *u, struct err_info *e)
{
	struct newest n = {0};
	int64_t on, below, count, stock = 0;
	bool may = false;
	enum err r;

	if ((r = number_setting(en, u, "on", 1, &on, e)) || !on ||
	    (r = store_segment_list(en->db, u->id, NULL, NULL, 0, 1, note_newest, &n, e)) ||
	    !n.size || (r = number_setting(en, u, "below", 0, &below, e)) ||
	    (r = number_setting(en, u, "claim", 0, &count, e)) ||
	    (r = store_number_stock(en->db, u->id, date_of(clock_now()).date.year, &stock, e)))
		return r;
	if (stock >= (below ? below : (n.size + 4) / 5))
		return ERR_OK;
	if ((r = may_claim(en, u->id, &may, e)) || !may)
		return r;
	r = add_claim(en, u, count ? count : n.size, e);
	if (r)
		db_rollback(en->db);
	return r;
}

struct unit_ids {
	int64_t ids[MANY_UNITS];
	size_t count;
};

static enum err note_unit(void *arg, const struct unit *u)
{
	struct unit_ids *all = arg;
	if (u->verified && all->count < MANY_UNITS)
		all->ids[all->count++] = u->id;
	return ERR_OK;
}

/* The request log keeps (log, keep_days) days, 400 by default. */
static enum err prune_log(struct engine *en, struct err_info *e)
{
	char days[16];
	int dropped = 0;
	enum err r = store_setting_get(en->db, "log", "keep_days", "400", days, sizeof days, e);
	int64_t n = strtoll(days, NULL, 10);
	if (r || n < 1 || (r = db_begin(en->db, e)) ||
	    (r = store_request_prune(en->db, clock_now_ms() - n * 86400000, PRUNE_ROWS, &dropped,
				     e)))
		return r;
	return db_commit(en->db, e);
}

enum err keep_house(struct engine *en, struct err_info *e)
{
	int64_t now = clock_mono_ms();
	enum err r = ERR_OK;

	if (en->kept_ms && now - en->kept_ms < KEEP_EVERY_MS)
		return ERR_OK;
	if (!en->pruned_ms || now - en->pruned_ms > PRUNE_EVERY_MS) {
		en->pruned_ms = now;
		r = prune_log(en, e);
	}
	en->kept_ms = now;
	if (!r)
		r = mend_jobs(en, e);
	if (!r)
		r = keep_red(en, e);
	return r ? r : keep_stock(en, e);
}

enum err keep_stock(struct engine *en, struct err_info *e)
{
	struct unit_ids all = {.count = 0};
	enum err r = store_unit_list(en->db, "using", note_unit, &all, e);
	for (size_t i = 0; !r && i < all.count; i++) {
		struct unit u;
		if ((r = store_unit_get(en->db, all.ids[i], &u, e)))
			break;
		r = keep_unit(en, &u, e);
		unit_free(&u);
	}
	return r;
}

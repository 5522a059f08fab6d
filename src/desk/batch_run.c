/* batch_run.c - the runner: whose turn it is, as whom, what is fetched first, when it rests. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "desk/auto.h"
#include "desk/batch_run_p.h"
#include "desk/engine.h"
#include "tax/share.h"

enum { RUNNING_MAX = 64 };

/* ---- opening ---- */

static enum err open_home(struct batch_runner *r, const char *home, struct err_info *e)
{
	char path[HOME_PATH];
	enum err rc = home_path(home, HOME_BATCH_LOCK, path, e);

	if (rc)
		return rc;
	if ((rc = file_lock(path, &r->lock, e)) == ERR_BUSY)
		return err_fail(e, ERR_BUSY, "batch.runner", "批量开票", "另一个进程正在开票");
	if (rc || (rc = home_path(home, HOME_DB, path, e)))
		return rc;
	r->s = mem_zalloc(sizeof(*r->s));
	text_copy(r->s->home, sizeof(r->s->home), home);
	r->s->passing = true;
	return db_open(path, DB_WRITE, &r->s->db, e);
}

enum err desk_runner_open(const char *home, struct batch_runner **out, struct err_info *e)
{
	struct batch_runner *r = mem_zalloc(sizeof(*r));
	enum err rc;

	r->lock = -1;
	if ((rc = open_home(r, home, e))) {
		desk_runner_close(&r);
		return rc;
	}
	*out = r;
	return ERR_OK;
}

void desk_runner_close(struct batch_runner **runner)
{
	struct batch_runner *r = *runner;

	if (!r)
		return;
	desk_wait_free(&r->jobs);
	desk_close(&r->s);
	file_unlock(&r->lock);
	free(r);
	*runner = NULL;
}

enum err desk_runner_wanted(struct db *db, bool *out, struct err_info *e)
{
	int64_t id;
	size_t n = 0;
	enum err r = store_orders_running(db, &id, 1, &n, e);

	*out = n > 0;
	return r;
}

/* ---- pausing ---- */

static enum err set_state(struct batch_runner *r, int64_t batch, enum batch_state to,
			  const char *reason, const char *mend, struct err_info *e)
{
	struct db *db = r->s->db;
	enum err rc = db_begin(db, e);

	if (rc)
		return rc;
	if ((rc = store_orders_set(db, batch, 1u << BATCH_RUNNING, to, 0, reason, mend, e))) {
		db_rollback(db);
		/* A person was quicker. */
		return rc == ERR_INVALID ? ERR_OK : rc;
	}
	return db_commit(db, e);
}

/* What the owner has to mend; faults of the house are none of it. */
enum err batch_pause_for(struct batch_runner *r, int64_t batch, const struct err_info *why,
			 struct batch_step *out, struct err_info *e)
{
	char reason[BATCH_WHY];

	if (why->class != ERR_INVALID && why->class != ERR_DENIED && why->class != ERR_REFUSED) {
		if (e)
			*e = *why;
		return why->class;
	}
	snprintf(reason, sizeof(reason), "%s：%s", why->what, why->why);
	out->turn = TURN_MORE;
	out->batch = batch;
	out->paused = true;
	if (r->troubled == batch)
		r->troubled = 0;
	return set_state(r, batch, BATCH_PAUSED, reason, why->hint, e);
}

/* ---- whose turn, as whom ---- */

/* The session becomes that of the batch's owner in its unit. */
static enum err become_owner(struct batch_runner *r, const struct order_batch *b, struct unit *unit,
			     struct err_info *e)
{
	struct session *s = r->s;
	struct unit u;
	enum err rc;

	if ((rc = store_user_get(s->db, b->owner, &s->user, e)) ||
	    (rc = desk_allow(s, DESK_ISSUE, e)) || (rc = store_unit_get(s->db, b->unit_id, &u, e)))
		return rc;
	snprintf(s->unit_choice, sizeof(s->unit_choice), "%s@%s", u.tax_no, unit_env_word(u.env));
	unit_free(&u);
	return desk_unit_issues(s, unit, NULL, e);
}

/* How many fit: so few are on their way that a pause means something. */
static int64_t room_of(const struct order_batch *b)
{
	int64_t ready = b->counts[ORDER_READY], left = BATCH_FLIGHT - b->counts[ORDER_TAKEN];
	int64_t want = ready < BATCH_CHUNK ? ready : BATCH_CHUNK;

	return left >= want ? want : 0;
}

/* ---- what is fetched first ---- */

/* Have the jobs ended?  One that failed is the reason, should what it was to bring be missed. */
static enum err look_at_jobs(struct batch_runner *r, struct db *db, bool *ended, struct err_info *e)
{
	size_t i;

	*ended = true;
	for (i = 0; i < r->jobs.job_count; i++) {
		struct job j;
		enum err rc = store_job_get(db, r->jobs.jobs[i], &j, e);

		if (rc)
			return rc;
		if (j.state == JOB_READY || j.state == JOB_RUNNING) {
			*ended = false;
		} else if (j.state == JOB_FAILED) {
			r->troubled = r->waiting;
			err_fail(&r->trouble, ERR_INVALID, j.error_code, desk_job_label(j.kind),
				 "%s", j.error_text);
			err_hint(&r->trouble, "%s", j.error_hint);
		}
		job_free(&j);
	}
	return ERR_OK;
}

static enum err tell_waiting(struct batch_runner *r, int64_t batch, struct err_info *e)
{
	char reason[BATCH_WHY] = "";
	size_t i;

	for (i = 0; i < r->jobs.job_count; i++) {
		size_t n = strlen(reason);
		struct job j;

		if (store_job_get(r->s->db, r->jobs.jobs[i], &j, NULL))
			continue;
		if (!strstr(reason, desk_job_label(j.kind)))
			snprintf(reason + n, sizeof(reason) - n, "%s%s", n ? "、" : "等待",
				 desk_job_label(j.kind));
		job_free(&j);
	}
	return set_state(r, batch, BATCH_RUNNING, reason, "", e);
}

/* Puts the jobs that fetch what is absent, stale or short; *wait: there are some. */
static enum err prepare(struct batch_runner *r, const struct order_batch *b, const struct unit *u,
			bool *wait, struct err_info *e)
{
	const struct invoice_set none = {.n = 0};
	int64_t count = b->counts[ORDER_READY];
	struct issue_context *c = NULL;
	enum err rc;

	*wait = false;
	if (r->troubled == b->id)
		return ERR_OK;
	desk_wait_free(&r->jobs);
	if (!(rc = issue_context_load(r->s, u, false, &c, e)) &&
	    !(rc = issue_add_refreshes(r->s, u, &none, c, &r->jobs, e)))
		rc = desk_auto_issue(r->s, u, count < SHARE_CLAIM_PIECE ? count : SHARE_CLAIM_PIECE,
				     &r->jobs, e);
	issue_context_free(&c);
	if (rc || !r->jobs.job_count)
		return rc;
	*wait = true;
	r->waiting = b->id;
	return tell_waiting(r, b->id, e);
}

/* ---- a step ---- */

/* A batch whose time it is; *out says TURN_WAIT when it has to wait. */
static enum err serve(struct batch_runner *r, const struct order_batch *b, struct batch_step *out,
		      struct err_info *e)
{
	int64_t room = room_of(b);
	struct err_info why = {0};
	struct unit u;
	bool wait = false;
	enum err rc;

	out->turn = TURN_WAIT;
	if (!b->counts[ORDER_READY] && !b->counts[ORDER_TAKEN]) {
		out->turn = TURN_MORE;
		return set_state(r, b->id, BATCH_DONE, "", "", e);
	}
	if (!room)
		return ERR_OK;
	if (r->waiting == b->id) {
		if ((rc = look_at_jobs(r, r->s->db, &wait, e)) || !wait)
			return rc;
		r->waiting = 0;
		if ((rc = set_state(r, b->id, BATCH_RUNNING, "", "", e)))
			return rc;
	}
	if ((rc = become_owner(r, b, &u, &why)))
		return batch_pause_for(r, b->id, &why, out, e);
	if ((rc = prepare(r, b, &u, &wait, &why)))
		rc = batch_pause_for(r, b->id, &why, out, e);
	else if (!wait)
		rc = batch_issue_chunk(r, b, &u, (size_t)room, out, e);
	unit_free(&u);
	return rc;
}

/* One that was paused begins anew: what it lacked may be fetched by now. */
static void forget_rested(struct batch_runner *r, const int64_t *ids, size_t n)
{
	bool waits = false, troubled = false;
	size_t i;

	for (i = 0; i < n; i++) {
		waits |= ids[i] == r->waiting;
		troubled |= ids[i] == r->troubled;
	}
	if (!waits)
		r->waiting = 0;
	if (!troubled)
		r->troubled = 0;
}

enum err desk_runner_step(struct batch_runner *r, struct batch_step *out, struct err_info *e)
{
	int64_t ids[RUNNING_MAX];
	size_t n, i;
	enum err rc = store_orders_running(r->s->db, ids, RUNNING_MAX, &n, e);

	*out = (struct batch_step) {.turn = TURN_IDLE};
	if (!rc)
		forget_rested(r, ids, n);
	for (i = 0; i < n && !rc && out->turn != TURN_MORE; i++) {
		struct order_batch b;

		if (!(rc = store_orders_get(r->s->db, 0, ids[i], &b, e)))
			rc = serve(r, &b, out, e);
	}
	if (rc)
		db_rollback(r->s->db);
	return rc;
}

enum err desk_runner_moved(void *arg, struct db *db, bool *done, struct err_info *e)
{
	struct batch_runner *r = arg;
	int64_t ids[RUNNING_MAX];
	size_t n, i;
	enum err rc = store_orders_running(db, ids, RUNNING_MAX, &n, e);

	*done = !rc && !n;
	for (i = 0; i < n && !rc && !*done; i++) {
		struct order_batch b;
		bool ended = true;

		if ((rc = store_orders_get(db, 0, ids[i], &b, e)) || !room_of(&b))
			continue;
		if (r->waiting == ids[i])
			rc = look_at_jobs(r, db, &ended, e);
		*done = ended;
	}
	return rc;
}

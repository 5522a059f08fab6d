/* store/calendar.h - what the calendar did: one run per rule, unit and slot (tax/calendar.h).
 *
 * A slot that has a run is never begun again; nor is one before the newest that a rule has had for
 * the unit, when the clock was set back, unless that newest lies so far ahead that the clock was
 * wrong then.
 */
#ifndef KP_STORE_CALENDAR_H
#define KP_STORE_CALENDAR_H

#include "store/db.h"
#include "tax/calendar.h"

/* open: jobs are under way, or it is tried again at next_at.  idle: nothing was to be done so far.
 * failed: its time has passed. */
enum run_state { RUN_OPEN, RUN_DONE, RUN_FAILED, RUN_IDLE, RUN_STATES };
const char *run_state_word(enum run_state s);  /* open done failed idle */
const char *run_state_label(enum run_state s); /* 办理中 已办 未办成 不需要 */
bool run_state_parse(const char *text, enum run_state *out); /* either form */

struct calendar_run {
	int64_t id, unit_id, slot_at, until, job_id, next_at, created_at, updated_at;
	char rule[32], slot[SLOT_TEXT];
	enum run_state state;
	int attempts;     /* jobs that failed */
	char kind[32];    /* of its newest job, "" none */
	char reason[900]; /* why not done, or not needed */
	char hint[320];   /* how to mend it */
};

/* The run of a slot; *found false: there is none. */
enum err store_run_find(struct db *db, const char *rule, int64_t unit, const char *slot,
			struct calendar_run *out, bool *found, struct err_info *e);
/* May a slot without a run be begun (see above)? */
enum err store_run_may_begin(struct db *db, const char *rule, int64_t unit, int64_t slot_at,
			     bool *out, struct err_info *e);
/* Adds (id 0: gives id) or updates; inside a transaction. */
enum err store_run_put(struct db *db, struct calendar_run *run, struct err_info *e);
enum err store_run_get(struct db *db, int64_t id, struct calendar_run *out, struct err_info *e);
typedef enum err (*run_each)(void *arg, const struct calendar_run *run);
/* What a run has to be like; zeroed: any but idle ones. */
enum { RUN_UNITS = 16 };
struct run_filter {
	const char *rule;            /* its id, NULL: any */
	const enum run_state *state; /* failed: also those that wait after a failure */
	const int64_t *units;        /* one of them, at most RUN_UNITS; n 0: any */
	size_t unit_count;
};
/* Newest first, ids below cursor (0: from the start), at most limit. */
enum err store_run_list(struct db *db, const struct run_filter *f, int64_t cursor, int limit,
			run_each each, void *arg, struct err_info *e);
/* How many runs of a slot are in a state, of slots in [from, to). */
struct run_tally {
	char rule[32], slot[SLOT_TEXT];
	enum run_state state;
	int64_t count;
	bool waits; /* some of them after a failure */
};
typedef enum err (*run_tally_each)(void *arg, const struct run_tally *t);
enum err store_run_tally(struct db *db, int64_t from, int64_t to, run_tally_each f, void *arg,
			 struct err_info *e);
/* Open runs whose time had passed at `now`: failed, with the reason they have.  Inside a
 * transaction; *changed counts them. */
enum err store_run_lapse(struct db *db, int64_t now, int *changed, struct err_info *e);
/* Are there any? */
enum err store_run_lapsed(struct db *db, int64_t now, bool *any, struct err_info *e);
/* Were runs without a job begun behind `at`, which is yet to come?  And: they are forgotten, inside
 * a transaction; *changed counts them. */
enum err store_run_ahead(struct db *db, int64_t at, bool *any, struct err_info *e);
enum err store_run_forget(struct db *db, int64_t at, int *changed, struct err_info *e);
/* Runs of slots before `at` are forgotten, at most `most`; inside a transaction. */
enum err store_run_prune(struct db *db, int64_t at, int most, int *dropped, struct err_info *e);

#endif

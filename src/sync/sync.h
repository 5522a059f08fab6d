/* sync/sync.h - facade of the sync room: the engine.
 *
 * Purpose     Turns intents (jobs) into calls of the tax side and applies their outcomes.  Nothing
 *             else touches the network, nothing else decides the state of a sent invoice.
 * Invariants  One engine per home, by an advisory lock that the kernel drops on death (sync.lock).
 *             `sending` is committed before the first byte leaves; an answer and its state change
 *             are one transaction; after a crash every `sending` is `unknown`, and unknown is
 *             resolved only by asking: the result by receipt, else the same bytes again, 03
 *             accepted after comparing (I3, I4).  Every call has a committed job and one
 *             request-log row (I5).
 * Calling     A waiting verb calls sync_until(); `sync --once` calls sync_settle(); a daemon or the
 *             screen's thread opens an engine and calls sync_work() in a loop.
 * Ownership   The engine owns its database connection and its HTTP connections.
 *
 * Parameters (type "engine"): poll_first_ms 10000, poll_max_ms 600000, retry_base_ms 5000,
 * retry_max_ms 600000, connect_ms 10000, total_ms 60000, batch_size 100, recon_wait_ms 240000,
 * recon_pace_ms 200, red_refresh_ms 600000 (0: never), red_blue_wait_ms 30000,
 * summary_wait_ms 180000, calendar 1 (0: nothing is done by the calendar).
 */
#ifndef KP_SYNC_SYNC_H
#define KP_SYNC_SYNC_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "leqi/leqi.h"
#include "store/db.h"

struct engine;

/* Takes the lock, opens the home, recovers what a dead engine left.  ERR_BUSY names the holder. */
enum err sync_open(const char *home, struct engine **out, struct err_info *e);
void sync_close(struct engine **en);

/* Does all work that is due now; *next_ms gets the time (clock_now_ms base) of the next due job,
 * 0: none.  ERR_OK also when calls failed: their outcome is in the jobs. `stop` (may be NULL) is
 * looked at between calls. */
enum err sync_work(struct engine *en, int64_t *next_ms, const atomic_bool *stop,
		   struct err_info *e);

/* What an engine's calls say of the line: `turns` grows with every call made and every job ended;
 * `called`: one was made at all; `reached` is false when the last one found nobody: of that direct
 * unit, 0: of any.  Asked by the thread that works. */
struct sync_pulse {
	int64_t turns;
	bool called, reached;
};
struct sync_pulse sync_pulse(const struct engine *en, int64_t direct);

/* Is the thing the caller waits for settled?  Called with a connection of the engine's home. */
typedef enum err (*sync_settled)(void *arg, struct db *db, bool *done, struct err_info *e);
/* Works (or, when another process holds the lock, waits for it) until settled() says so.
 * ERR_UNKNOWN "wait.timeout" when timeout_ms pass first: recorded, the engine goes on later. */
enum err sync_until(const char *home, struct db *db, int64_t timeout_ms, sync_settled settled,
		    void *arg, struct err_info *e);

/* Jobs ended by this call, jobs still open, invoices not yet issued or failed. */
struct sync_summary {
	int64_t done, failed, open, unfinished;
};
/* The same; what it ends is added to done and failed of sum. */
enum err sync_until_counting(const char *home, struct db *db, int64_t timeout_ms,
			     sync_settled settled, void *arg, struct sync_summary *sum,
			     struct err_info *e);
/* Works until nothing comes due within timeout_ms.  A delivery that was refused is not waited for
 * longer than a few seconds: its next attempt is the next call's. */
enum err sync_settle(const char *home, int64_t timeout_ms, struct sync_summary *out,
		     struct err_info *e);
/* Works until *stop; waits for the lock when it is held. */
enum err sync_daemon(const char *home, const atomic_bool *stop, struct err_info *e);

#endif

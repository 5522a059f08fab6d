/* store/claims.h - 领购: what was asked for at once, in pieces of 5,000 (features G12-G14).
 *
 * A piece keeps its serial for ever and is asked again with it, so that whatever became of the
 * first call its numbers are given once (protocol 7.2).  What became of a piece is not stored: it
 * is claimed when a segment of its serial is there, open while its newest job is, else failed.
 */
#ifndef KP_STORE_CLAIMS_H
#define KP_STORE_CLAIMS_H

#include "store/jobs.h"
#include "store/numbers.h"
#include "store/unit.h"

enum claim_state {
	CLAIM_DONE,  /* all numbers are there */
	CLAIM_OPEN,  /* some are being asked for */
	CLAIM_SHORT, /* some were not given, and may be asked for again */
	CLAIM_CLOSED /* the same, before the home was restored: never asked for again */
};
const char *claim_state_word(enum claim_state s);  /* done open short closed */
const char *claim_state_label(enum claim_state s); /* 完成 办理中 可继续 已了结 */

struct claim {
	int64_t id, unit_id, created_by, created_at; /* created_by 0: nobody asked */
	int64_t asked, claimed, open, failed;        /* asked is the sum of the others */
	int pieces;
	enum claim_state state;
	char message[900], hint[320]; /* of the piece that failed last */
};
struct claim_piece {
	int64_t size, claimed, job;
	int piece, jobs; /* jobs: how often it was asked for by somebody */
	enum claim_state state;
	char serial[101], first[NUMBER_TEXT], last[NUMBER_TEXT];
	char message[900];
};

typedef void (*claim_job)(void *arg, int64_t job);

/* Stores a claim and a job for each of its pieces; inside a transaction.  user 0: nobody asked.
 * f may be NULL. */
enum err store_claim_add(struct db *db, const struct unit *u, int64_t count, int64_t user,
			 int64_t *id, claim_job f, void *arg, struct err_info *e);
/* A new job for every piece that failed, with its serial; what the tax side gave less than asked
 * for becomes a piece of its own.  *again: numbers asked for now; f also gets the jobs that are
 * open.  Inside a transaction.  ERR_INVALID "claim.done", "claim.closed". */
enum err store_claim_continue(struct db *db, const struct unit *u, int64_t id, int64_t user,
			      int64_t *again, claim_job f, void *arg, struct err_info *e);
/* Instead of new serials for `most` numbers that nobody asked for by name: takes up pieces of this
 * year that failed, together not more than that, unless it was tried too often or a person
 * cancelled it.  *again as above; *id: the newest claim it belongs to, 0 none. */
enum err store_claim_take_up(struct db *db, const struct unit *u, int64_t most, int64_t user,
			     int64_t *again, int64_t *id, claim_job f, void *arg,
			     struct err_info *e);
/* After a restore the numbers of any serial may have been used: nothing is asked for again. */
enum err store_claim_close_all(struct db *db, struct err_info *e);

typedef enum err (*claim_each)(void *arg, const struct claim *c);
typedef enum err (*claim_piece_each)(void *arg, const struct claim_piece *p);
enum err store_claim_get(struct db *db, int64_t unit, int64_t id, struct claim *out, bool *found,
			 struct err_info *e);
/* Newest first, at most limit, ids below cursor (0: from the start). */
enum err store_claim_list(struct db *db, int64_t unit, int64_t cursor, int limit, claim_each f,
			  void *arg, struct err_info *e);
enum err store_claim_pieces(struct db *db, int64_t id, claim_piece_each f, void *arg,
			    struct err_info *e);
/* The claim of a serial, 0: none. */
enum err store_claim_of(struct db *db, const char *serial, int64_t *id, struct err_info *e);
/* The newest claim of the unit that can be continued, 0: none. */
enum err store_claim_short(struct db *db, int64_t unit, int64_t *id, struct err_info *e);

#endif

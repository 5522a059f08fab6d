/* ui/screen/rounds.h - issuing in rounds: what is missing is asked of the tax side, then it is
 * looked again; nothing missing, or enough asked: issue.
 *
 * The sheet of an invoice and the sheet of red invoices both go from the last look (confirm) over
 * checking to issued or refused; they differ in what they prepare, issue and show.  Nobody is
 * refused, and no screen stands still, because another writes for seconds (db.busy): it is tried
 * again by itself.
 */
#ifndef KP_UI_SCREEN_ROUNDS_H
#define KP_UI_SCREEN_ROUNDS_H

#include "desk/wait.h"

enum round_phase {
	ROUNDS_CONFIRM,  /* the last look */
	ROUNDS_CHECKING, /* jobs fetch what is missing */
	ROUNDS_REFUSED,  /* nothing was stored */
	ROUNDS_ISSUED    /* numbered; what becomes of it the store knows */
};

struct rounds_ops {
	/* Puts what has to be fetched before into w. */
	enum err (*prepare)(void *state, struct desk_wait *w, struct err_info *e);
	/* Trouble: how fetching ended, class ERR_OK when well. */
	enum err (*issue)(void *state, const struct err_info *trouble, struct err_info *e);
	/* Paints: another phase was entered, or (entered false) a writer is waited for now. */
	void (*show)(void *state, bool entered);
};

/* Zeroed: at the last look. */
struct rounds {
	const struct rounds_ops *ops;
	void *state; /* of the ops */
	enum round_phase phase;
	bool late;   /* somebody else writes: what was begun is tried again */
	bool unseen; /* somebody else kept it from being read whether the jobs rest */
	int round;
	struct desk_wait wait;
	struct err_info refusal;
};
/* The person has said yes. */
void rounds_begin(struct rounds *r);
/* The store has changed. */
void rounds_look(struct rounds *r);
/* For the view's idle: milliseconds until the next call, -1 when there is nothing to try again. */
int rounds_idle(struct rounds *r);
void rounds_free(struct rounds *r);

#endif

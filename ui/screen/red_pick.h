/* ui/screen/red_pick.h - several red letters something is to be done with together: those it may be
 * done with, what they come to, and how many were left out. */
#ifndef KP_UI_SCREEN_RED_PICK_H
#define KP_UI_SCREEN_RED_PICK_H

#include "ui/screen/red_p.h"

/* Zeroed: empty. */
struct red_pick {
	int64_t *letters; /* owned, as the rows */
	char **rows;      /* number, amount, the other side */
	size_t count, left_out;
	size_t of[2]; /* by enum red_side, ours */
	int64_t net, tax;
	char why_left_out[600];  /* the first of those */
	struct red_record first; /* when count is not 0 */
};
/* Error: a letter cannot be read, or none of them may; *e says why the first may not. */
enum err red_pick_take(struct red_pick *p, const int64_t *ids, size_t n, enum red_action a,
		       struct err_info *e);
void red_pick_free(struct red_pick *p);
/* One row each. */
void red_pick_say_rows(const struct red_pick *p, struct buf *b);
/* "另有 2 张不能开，不在其中：……" when there are such; `what` is the verb. */
void red_pick_say_left_out(const struct red_pick *p, const char *what, struct buf *b);

#endif

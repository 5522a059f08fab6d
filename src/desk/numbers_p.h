/* desk/numbers_p.h - claiming as automatic claiming does it too. */
#ifndef KP_DESK_NUMBERS_P_H
#define KP_DESK_NUMBERS_P_H

#include "desk/numbers.h"

/* Puts the claim of `count` numbers, in pieces, with its audit row; inside the open transaction. */
enum err numbers_add_claim(struct session *s, const struct unit *u, const struct unit *direct,
			   int64_t count, struct desk_wait *w, struct err_info *e);
enum err numbers_read_auto(struct session *s, const struct unit *u, struct numbers_auto *out,
			   struct err_info *e);

#endif

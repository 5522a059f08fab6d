/* desk/numbers_p.h - settings of automatic claiming. */
#ifndef KP_DESK_NUMBERS_P_H
#define KP_DESK_NUMBERS_P_H

#include "desk/numbers.h"

enum err numbers_read_auto(struct session *s, const struct unit *u, struct numbers_auto *out,
			   struct err_info *e);

#endif

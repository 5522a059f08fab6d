/* desk/quota_p.h - settings of the automatic download. */
#ifndef KP_DESK_QUOTA_P_H
#define KP_DESK_QUOTA_P_H

#include "desk/quota.h"

enum err quota_read_auto(struct session *s, const struct unit *u, struct quota_auto *out,
			 struct err_info *e);

#endif

/* desk/quota_p.h - moving quota as the month's automatic download does it too. */
#ifndef KP_DESK_QUOTA_P_H
#define KP_DESK_QUOTA_P_H

#include "desk/quota.h"

/* Each puts one job with its audit row, inside the open transaction. */
enum err quota_add_move(struct session *s, const struct unit *u, const struct unit *direct,
			const char *month, bool download, int64_t fen, struct desk_wait *w,
			struct err_info *e);
enum err quota_add_adjust(struct session *s, const struct unit *u, const char *month,
			  struct desk_wait *w, struct err_info *e);
enum err quota_read_auto(struct session *s, const struct unit *u, struct quota_auto *out,
			 struct err_info *e);

#endif

/* desk/drafts_p.h - what the files about drafts share. */
#ifndef KP_DESK_DRAFTS_P_H
#define KP_DESK_DRAFTS_P_H

#include "desk/drafts.h"

/* ERR_INVALID "invoice.state" when it is no draft of the unit (any more). */
enum err draft_load(struct session *s, const struct unit *u, int64_t id, struct invoice_record *out,
		    struct err_info *e);
/* Stores a draft in the open transaction, as that of a user: an older one of the same order gives
 * way.  *id is its id when it is not 0. */
enum err draft_store(struct session *s, const struct unit *u, struct invoice *inv, int64_t user,
		     int64_t *id, struct err_info *e);

#endif

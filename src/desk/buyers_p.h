/* desk/buyers_p.h - between the files of 购方信息. */
#ifndef KP_DESK_BUYERS_P_H
#define KP_DESK_BUYERS_P_H

#include "desk/buyers.h"

/* ERR_INVALID "buyer.unknown" when the unit has none of that id. */
enum err buyers_get(struct session *s, int64_t unit, int64_t id, struct buyer *out,
		    struct err_info *e);
/* "buyer.removed" for one somebody has deleted. */
enum err buyers_removed(struct err_info *e, const struct buyer *b);
/* Both inside a transaction: an audit row (before or after may be NULL); a change and its row. */
enum err buyers_audit(struct session *s, const char *action, const struct buyer *before,
		      const struct buyer *after, struct err_info *e);
enum err buyers_edit(struct session *s, const struct buyer *b, enum twin_policy p,
		     struct err_info *e);

#endif

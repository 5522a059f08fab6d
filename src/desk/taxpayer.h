/* desk/taxpayer.h - what the tax side says about the unit: show, refresh (features G1-G4). */
#ifndef KP_DESK_TAXPAYER_H
#define KP_DESK_TAXPAYER_H

#include "desk/session.h"
#include "desk/wait.h"

struct taxpayer_view {
	const struct unit *unit;
	const struct taxpayer *taxpayer;
	const struct tax_rate *rates;
	size_t rate_count;
	const struct quota_month *quota; /* of the present month */
};
typedef enum err (*taxpayer_each)(void *arg, const struct taxpayer_view *v);
/* Hands the stored data to f.  Refused with the sentence of G4 when nothing was ever fetched. */
enum err desk_taxpayer_show(struct session *s, taxpayer_each f, void *arg, struct err_info *e);
/* One thing the tax side changed (features G3), with its texts as people read them. */
struct taxpayer_change_view {
	const struct taxpayer_change *row;
	const char *label, *before, *after; /* 纳税信用级别, 税率 0.13 ...; "" nothing */
};
typedef enum err (*taxpayer_change_view_each)(void *arg, const struct taxpayer_change_view *v);
/* Newest first; key NULL: all; rates. those of all rates.  ERR_INVALID "taxpayer.key" of none. */
enum err desk_taxpayer_changes(struct session *s, const char *key, int64_t cursor, int limit,
			       taxpayer_change_view_each f, void *arg, int64_t *next,
			       int64_t *total, struct err_info *e);
/* Asks for a refresh. */
enum err desk_taxpayer_sync(struct session *s, struct desk_wait *w, struct err_info *e);

#endif

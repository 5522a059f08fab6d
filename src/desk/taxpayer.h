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
/* Asks for a refresh. */
enum err desk_taxpayer_sync(struct session *s, struct desk_wait *w, struct err_info *e);

#endif

/* desk/watch_p.h - between the looks of health: at invoices, letters, deliveries and batches
 * (watch_invoices.c), at a unit itself (watch_unit.c), at jobs and engine (watch.c). */
#ifndef KP_DESK_WATCH_P_H
#define KP_DESK_WATCH_P_H

#include "desk/watch.h"
#include "store/batch.h"

enum { WATCH_TEXT = 400, WATCH_NUMBER = 72 };

/* One round over the home. */
struct watch {
	struct session *s;
	const struct watch_limits *limits;
	watch_each f;
	void *arg;
	enum err *worst;
	const struct unit *unit; /* NULL: the home */
	char numbers[WATCH_LISTED][WATCH_NUMBER];
	const char *shown[WATCH_LISTED];
	size_t listed;
	int64_t oldest;
};

/* Hands on a finding, with the unit and the numbers that are listed. */
enum err watch_tell(struct watch *w, struct watch_finding *f);
/* "12 分钟", "30 小时", "3 天"; returns out. */
const char *watch_age(int64_t seconds, char out[32]);
/* How many batches of the unit are in a state, and one of them. */
enum err watch_batches(struct watch *w, enum batch_state state, int64_t *count,
		       struct order_batch *one, struct err_info *e);

/* The looks, each at w->unit. */
enum err watch_failures(struct watch *w, struct err_info *e),
    watch_numbers(struct watch *w, struct err_info *e),
    watch_paused(struct watch *w, struct err_info *e),
    watch_persons(struct watch *w, struct err_info *e),
    watch_post(struct watch *w, struct err_info *e),
    watch_quota(struct watch *w, struct err_info *e),
    watch_red(struct watch *w, struct err_info *e),
    watch_red_failed(struct watch *w, struct err_info *e),
    watch_red_lapsed(struct watch *w, struct err_info *e),
    watch_removal(struct watch *w, struct err_info *e),
    watch_safety(struct watch *w, struct err_info *e),
    watch_summary(struct watch *w, struct err_info *e),
    watch_taxpayer(struct watch *w, struct err_info *e),
    watch_unfinished(struct watch *w, struct err_info *e);

#endif

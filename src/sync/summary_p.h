/* sync/summary_p.h - between the halves of 汇总确认: confirming (summary.c), looking at what the tax
 * side has (summary_look.c), invoices at the edges of a month (summary_edges.c), what was left
 * behind (summary_keep.c). */
#ifndef KP_SYNC_SUMMARY_P_H
#define KP_SYNC_SUMMARY_P_H

#include "sync/sync_p.h"

/* Of one month, while a job of it runs. */
struct summary_work {
	struct engine *en;
	struct job *job;
	struct summary s;
	bool cancel, doubted; /* doubted: before this call */
};

/* Is the month closed?  A clock of ours that is wrong for a moment must not end a month that goes
 * on, so theirs has to say so, too, where it is known. */
bool summary_closed_there(const struct engine *en, const char *month);
bool summary_closed(const struct engine *en, const char *month);

/* Invoices at the edges of the month whose month can only be guessed: does counting some of them
 * the other way explain the difference (features N61)?  *turned counts them.  Where something else
 * explains it as well, *doubtful, and a comparison comes first. */
enum err summary_turn_edges(struct summary_work *w, size_t *turned, bool *doubtful,
			    struct err_info *e);

#endif

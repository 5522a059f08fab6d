/* tax/summary.h - 汇总确认: which month, until when, and comparing six figures with six.
 *
 * Purpose     A month is confirmed after it is over and before the 13th 00:00 of the next one; then
 *             the tax side sums up by itself.  Pure: business time comes from the caller.
 * Source      protocol 7.13, features J2, J7-J10, N50, N60, N61.
 */
#ifndef KP_TAX_SUMMARY_H
#define KP_TAX_SUMMARY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/date.h"

/* What the tax side took in a month, in fen; those of red ones are negative. */
struct summary_figures {
	int64_t blue_count, blue_net, blue_tax, red_count, red_net, red_tax;
};
enum { SUMMARY_FIGURES = 6 };
const char *summary_label(int i); /* 蓝字数量 蓝字金额 蓝字税额 红字数量 红字金额 红字税额 */
bool summary_is_count(int i);
int64_t summary_figure(const struct summary_figures *f, int i);
bool summary_equal(const struct summary_figures *a, const struct summary_figures *b);
void summary_add(struct summary_figures *sum, const struct summary_figures *f, int sign);
/* "蓝字数量 本机 3 税局 2；..." of those that differ, "" none; cut whole. */
void summary_difference(const struct summary_figures *ours, const struct summary_figures *theirs,
			char *out, size_t size);

/* Strictly "yyyy-MM". */
bool summary_month_valid(const char *month);
/* The month `by` months on; returns out. */
const char *summary_month_add(const char *month, int by, char out[MONTH_TEXT]);
/* When it is over, and when it is closed for good. */
int64_t summary_begins(const char *month); /* first moment of the month itself */
int64_t summary_over(const char *month);
int64_t summary_deadline(const char *month);

enum summary_time {
	SUMMARY_EARLY, /* not over */
	SUMMARY_TIME,  /* may be confirmed and cancelled */
	SUMMARY_CLOSED /* the tax side has summed up */
};
enum summary_time summary_time(const char *month, int64_t now);
/* Is it one of the last days (10th to 12th)? */
bool summary_urgent(const char *month, int64_t now);

/* An invoice at an edge of the month: in the order in which they came. */
struct summary_edge {
	struct summary_figures figures; /* of it alone */
	bool inside;                    /* counted in the month now */
	bool late;                      /* at the end of the month, not at its beginning */
};
/* Which of them make ours equal to theirs, counted differently?  pick[i] true: it is.  Gives how
 * many choices fit: 0, 1, 2 for more than one, of which the first is given.  Of more than
 * SUMMARY_FIT_MAX not every choice is tried, but every moment at which the month may have begun and
 * ended for the tax side: what came before it is of one month, what came after it of the other. */
enum { SUMMARY_FIT_MAX = 12 };
int summary_fit(const struct summary_figures *ours, const struct summary_figures *theirs,
		const struct summary_edge *edges, size_t n, bool *pick);

#endif

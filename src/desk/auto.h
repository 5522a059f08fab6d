/* desk/auto.h - what is fetched without being asked: numbers, the month's quota, its interval.
 *
 * All of it can be switched off (numbers auto, quota auto).  A unit that never claimed numbers or
 * never downloaded quota is left to its administrator.  Each round puts at most one step of each
 * kind; a caller repeats the round after the jobs are done until nothing is put.
 */
#ifndef KP_DESK_AUTO_H
#define KP_DESK_AUTO_H

#include "desk/session.h"
#include "desk/wait.h"

/* Before issuing `count` invoices: numbers when the stock does not reach (features G15), quota when
 * the month has none yet (G33, G38). */
enum err desk_auto_issue(struct session *s, const struct unit *u, int64_t count,
			 struct desk_wait *w, struct err_info *e);
/* Before issuing red ones: numbers alone, they take no quota. */
enum err desk_auto_issue_red(struct session *s, const struct unit *u, int64_t count,
			     struct desk_wait *w, struct err_info *e);
/* For every verified using unit: the month's quota, its interval once that has run out (G37), and
 * once a day what has changed in a list of tax codes that was fetched before. */
enum err desk_auto_round(struct session *s, struct desk_wait *w, struct err_info *e);

#endif

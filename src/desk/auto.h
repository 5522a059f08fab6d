/* desk/auto.h - numbers and quota for who is about to issue, without being asked.
 *
 * Both can be switched off (numbers auto, quota auto).  What is due is decided where the engine's
 * calendar has it decided, too (store/due.h).
 */
#ifndef KP_DESK_AUTO_H
#define KP_DESK_AUTO_H

#include "desk/session.h"
#include "desk/wait.h"

/* Before issuing `count` invoices: numbers when the stock does not reach (features G15), quota when
 * the month has none yet (G33, G38).  Puts at most one step of each; a caller repeats it after the
 * jobs are done until nothing is put. */
enum err desk_auto_issue(struct session *s, const struct unit *u, int64_t count,
			 struct desk_wait *w, struct err_info *e);
/* Before issuing red ones: numbers alone, they take no quota. */
enum err desk_auto_issue_red(struct session *s, const struct unit *u, int64_t count,
			     struct desk_wait *w, struct err_info *e);

#endif

/* desk/intent_p.h - putting one job with its audit row. */
#ifndef KP_DESK_INTENT_P_H
#define KP_DESK_INTENT_P_H

#include "desk/session.h"
#include "desk/wait.h"

/* A job of the session's verified unit without payload; one that is still open is joined instead of
 * asked for twice.  Its own transaction. */
enum err desk_intent_simple(struct session *s, enum desk_action a, const char *kind,
			    const char *action, struct desk_wait *w, struct err_info *e);
/* The same inside the open transaction, for a given unit. */
enum err desk_intent_add(struct session *s, int64_t unit, const char *kind, const char *request_key,
			 const char *payload, struct desk_wait *w, struct err_info *e);
/* The same for a job without payload: one that is open is joined, and run now when it waits for its
 * backoff, because a person asks. */
enum err desk_intent_join(struct session *s, int64_t unit, const char *kind, struct desk_wait *w,
			  struct err_info *e);
/* Makes a ready job due now; a running one is let run.  Inside the open transaction. */
enum err desk_intent_hurry(struct session *s, int64_t job, struct err_info *e);

#endif

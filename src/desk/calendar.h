/* desk/calendar.h - the calendar as a person sees it: the plan of a month, what was done of it, and
 * doing a thing again (features M14, appendix 5). */
#ifndef KP_DESK_CALENDAR_H
#define KP_DESK_CALENDAR_H

#include "desk/session.h"
#include "store/calendar.h"

/* planned: the engine does it; absent: what it stands on is not there yet; off: only on request. */
enum plan_state { PLAN_READY, PLAN_ABSENT, PLAN_OFF };
const char *plan_state_word(enum plan_state s);  /* planned absent off */
const char *plan_state_label(enum plan_state s); /* 到时办理 未接入 未启用 */

/* What became of a slot that has come, over all units; the worst of them. */
enum plan_became {
	BECAME_NOTHING, /* it has not come, is not the engine's, or there was no unit yet */
	BECAME_IDLE,
	BECAME_DONE,
	BECAME_MISSED, /* nobody was there in its time */
	BECAME_DUE,    /* nobody was there yet */
	BECAME_OPEN,
	BECAME_WAITS, /* to be tried again */
	BECAME_FAILED,
};
const char *plan_became_word(enum plan_became b); /* "" idle done missed due open waits failed */
const char *plan_became_label(
    enum plan_became b); /* "" 不需要 已办 没有办 等着办 办理中 等再试 未办成 */

enum { PLAN_TEXT = 96 };
struct plan_entry {
	const struct calendar_rule *rule;
	enum calendar_channel channel;
	struct calendar_slot slot;
	enum plan_state state;
	enum plan_became became;
	char text
	    [PLAN_TEXT]; /* "已办", of several units "已办 2 家，未办成 1 家"; before: 到时办理 ... */
};
typedef enum err (*plan_each)(void *arg, const struct plan_entry *p);
/* Every slot of a month (yyyy-MM, NULL: this one) in a channel (word or label, NULL: 乐企), by time,
 * then in the order of the rules, with what became of it. */
enum err desk_calendar_plan(struct session *s, const char *month, const char *channel, plan_each f,
			    void *arg, struct err_info *e);

struct run_row {
	const struct calendar_run *run;
	const char *label;     /* of the rule */
	const char *unit_name; /* "" when it is gone */
	bool late;             /* caught up on a later day */
	const char *reason;    /* of the run, or why its job waits */
	const char *hint;
};
struct run_query {
	const char *rule;  /* its id, NULL: all */
	const char *state; /* word or label; NULL: all but 不需要 */
	const char *unit;  /* "税号" or "税号@环境"; NULL or "": any */
	int64_t cursor;
	int limit;
};
typedef enum err (*run_row_each)(void *arg, const struct run_row *row);
/* Newest first; *total up to DESK_COUNT_CAP. */
enum err desk_run_list(struct session *s, const struct run_query *q, run_row_each f, void *arg,
		       int64_t *next, int64_t *total, struct err_info *e);
enum err desk_run_get(struct session *s, const char *id, run_row_each f, void *arg,
		      struct err_info *e);
/* A run that failed, waits or had nothing to do is looked at again by the engine's next turn.
 * ERR_INVALID when it is done or under way, or its time has passed. */
enum err desk_run_again(struct session *s, const char *id, struct err_info *e);

#endif

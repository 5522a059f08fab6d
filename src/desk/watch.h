/* desk/watch.h - is there anything a person should look at?  For monitoring, every minute.
 *
 * Looks at every verified using unit: unfinished invoices older than a limit, invoices that need a
 * person or have failed, red letters that wait for us and are void soon, pushes and mails that wait
 * for one or are refused again and again, batches that are paused, kinds of jobs whose last run
 * failed, stock of numbers, quota, what the tax side says of the taxpayer, and whether somebody
 * works on what is due and on the batches that run.  Reads a few rows of indexes; writes nothing.
 */
#ifndef KP_DESK_WATCH_H
#define KP_DESK_WATCH_H

#include "desk/session.h"
#include "desk/unit.h"

enum { WATCH_OLDER_S = 3600, WATCH_RED_S = 12 * 3600, WATCH_LISTED = 10 };
struct watch_limits {
	int64_t older_s; /* unfinished for longer than this is stuck */
	int64_t numbers; /* stock below this is low; -1: as 自动领购 of the unit says */
	int64_t quota;   /* fen; -1: a tenth of what was downloaded */
	int64_t red_s;   /* a red letter that waits for us and is void before that is urgent */
};
struct watch_finding {
	/* unfinished person failed red red-failed red-lapsed push mail batch job
	 * numbers quota taxpayer summary safety removal
	 * engine */
	const char *check, *label;
	const char *unit_name, *unit_tax_no, *env; /* "" of the home itself */
	const char *text, *mend;
	int64_t count, age_s; /* age of the oldest, 0: none */
	/* Of unfinished, person and failed: numbers (else order numbers, "#id") of the first; of
	 * red those of the letters that are void first. */
	const char *const *numbers;
	size_t number_count;
	enum err class; /* what it comes to as exit code */
};
typedef enum err (*watch_each)(void *arg, const struct watch_finding *f);
/* Texts live during the call.  *worst: ERR_OK when there is nothing, else the class that ranks
 * highest (desk_worse).  Only a home that cannot be read is an error of its own. */
enum err desk_watch(struct session *s, const struct watch_limits *l, watch_each f, void *arg,
		    enum err *worst, struct err_info *e);

/* How many invoices of a using unit have a number and no end yet: they go on when it is frozen or
 * its 安全验证 is over.  Counted up to WATCH_MAX. */
enum err desk_unit_going(struct session *s, const struct unit_ref *ref, int64_t *out,
			 struct err_info *e);

#endif

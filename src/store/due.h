/* store/due.h - what a unit needs without being asked: numbers, the month's quota, its interval,
 * tax codes, its own data.
 *
 * One look each, for the engine's calendar and for who is about to issue; the arithmetic is
 * tax/share.h's.  A look reads, and says what is to be done or why nothing is; store_due_add puts
 * it into jobs.  Settings: type "numbers", keys TAXNO@ENV.on .below .claim; type "quota", keys
 * TAXNO@ENV.on .adjust .percent .cap; type "engine", key calendar.
 */
#ifndef KP_STORE_DUE_H
#define KP_STORE_DUE_H

#include "base/date.h"
#include "store/unit.h"

struct auto_numbers {
	bool on;
	bool chosen;          /* somebody has said so, it is not the default */
	int64_t below, claim; /* 0: by the newest segment */
};
struct auto_quota {
	bool on, adjust;      /* 月初自动下载额度, 自动调整有效期 */
	int64_t percent, cap; /* cap 0: none set (tax/share.h) */
};
/* The key of a unit's own setting. */
enum { AUTO_KEY = 96 };
const char *store_auto_key(const struct unit *u, const char *what, char out[AUTO_KEY]);
enum err store_auto_numbers(struct db *db, const struct unit *u, struct auto_numbers *out,
			    struct err_info *e);
enum err store_auto_quota(struct db *db, const struct unit *u, struct auto_quota *out,
			  struct err_info *e);
/* Does this home keep the calendar (engine calendar, 1 unless set)? */
enum err store_calendar_on(struct db *db, bool *out, struct err_info *e);

enum { DUE_WHY = 160 };
struct due {
	const char *kind; /* JOB_..., NULL: nothing is to be done */
	bool first;       /* the unit has no numbers yet */
	int64_t open;     /* the job that does it already, 0: none */
	int64_t amount;   /* numbers, or fen */
	int64_t subject;  /* the row of a 汇总确认 */
	char month[MONTH_TEXT];
	char why[DUE_WHY]; /* where nothing is to be done */
};

/* need: numbers about to be given away, 0: housekeeping, which leaves the first numbers of a unit
 * to a person (numbers claim, numbers auto) and to who issues first (features G15). */
enum err store_due_claim(struct db *db, const struct unit *u, int64_t need, struct due *out,
			 struct err_info *e);
/* This month's first download: first the figures, then a part of what is available; a unit that did
 * not work with quota in the last twelve months is left to its administrator.  hurry: also soon
 * after a refusal. */
enum err store_due_quota(struct db *db, const struct unit *u, bool hurry, struct due *out,
			 struct err_info *e);
/* How much that is, fen, by the figures the tax side told last. */
enum err store_quota_share(struct db *db, const struct unit *u, int64_t *out, struct err_info *e);
/* The interval of this month's quota has ended. */
enum err store_due_interval(struct db *db, const struct unit *u, struct due *out,
			    struct err_info *e);
/* Figures of this month's quota that were taken while nobody knew what became of an invoice. */
enum err store_due_recheck(struct db *db, const struct unit *u, struct due *out,
			   struct err_info *e);
/* A list of codes that was fetched before, and not since `since`: one unit asks for all of its
 * environment. */
enum err store_due_codes(struct db *db, const struct unit *u, int64_t since, struct due *out,
			 struct err_info *e);
/* The unit's own data and risk were fetched before, and not since `since`. */
enum err store_due_taxpayer(struct db *db, const struct unit *u, int64_t since, struct due *out,
			    struct err_info *e);

/* 汇总确认 of a month (store/summary.h): a row where there is none yet, for it and for missed months
 * before it (writes them, inside a transaction; amount 1); confirming it where the switch is on and
 * nothing is open; looking at what the tax side summed up by itself (makes the rows, too). */
enum err store_due_summary_make(struct db *db, const struct unit *u, const char *month,
				struct due *out, struct err_info *e);
enum err store_due_summary_confirm(struct db *db, const struct unit *u, const char *month,
				   struct due *out, struct err_info *e);
enum err store_due_summary_look(struct db *db, const struct unit *u, const char *month,
				struct due *out, struct err_info *e);

typedef void (*due_job)(void *arg, int64_t job);
/* Puts what is due (out->kind, not open) into jobs, claims in pieces with a serial each, and an
 * audit row; inside a transaction.  user 0: nobody asked.  f may be NULL. */
enum err store_due_add(struct db *db, const struct unit *u, const struct due *d, int64_t user,
		       due_job f, void *arg, struct err_info *e);

#endif

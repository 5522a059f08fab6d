/* desk/session.h - who acts, on which home, for which unit, and what he may do.
 *
 * A session is opened for every verb and every screen; all desk functions take it.  Without a name
 * the person is the operating-system user bound to a user of the home (the first administrator is
 * bound by desk_home_init); everybody else is refused.
 */
#ifndef KP_DESK_SESSION_H
#define KP_DESK_SESSION_H

#include "store/store.h"

/* Totals of lists whose rows are not tallied are counted up to here. */
enum { DESK_COUNT_CAP = 10000 };

struct session {
	char home[HOME_PATH];
	struct db *db;
	struct app_user user;
	char unit_choice[64]; /* "税号", "税号@环境" or "@环境" asked for; "" none */
	bool passing;         /* it is for this session alone: not the next default */
	int64_t unit_before;  /* the user's default that the choice took the place of; 0: none */
	int64_t used_form, used_draft; /* what the next desk_issue uses up (forms.h); 0 none */
	bool used_again;               /* issued all the same, though they are used up */
};

/* What can be allowed or refused; the table of roles is in session.c. */
enum desk_action {
	DESK_VIEW,    /* lists and details of invoices, numbers, quota, tax codes, jobs */
	DESK_ISSUE,   /* issue, draft, retry, void */
	DESK_DRAFTS,  /* see the forms of others */
	DESK_STOCK,   /* numbers and quota */
	DESK_REFRESH, /* taxpayer data, rates, tax codes from the tax side */
	DESK_UNITS,   /* 直连单位, 使用单位 (features C1) */
	DESK_UNITS_VIEW,
	DESK_LOG,       /* 乐企请求日志 (features F9) */
	DESK_JOBS,      /* cancel a job */
	DESK_CATALOGUE, /* change and import buyers, goods, business types */
	DESK_SETTLE,    /* say what became of an invoice */
	DESK_PARAMS,
	DESK_POST, /* settings of pushes and mail */
	DESK_BACKUP,
	DESK_SUMMARY, /* 汇总确认 */
	DESK_ACTIONS
};

/* Opens the home.  user NULL: the OS user; unit NULL: chosen by desk_unit, else a unit_choice.
 * ERR_INVALID "home.absent": no home there; ERR_DENIED: unknown or disabled user; ERR_DAMAGED as
 * db_open. */
enum err desk_open(const char *home, const char *user, const char *unit, struct session **out,
		   struct err_info *e);
void desk_close(struct session **s);

/* Ends the transaction: commits, or rolls back what failed (so_far) and gives that. */
enum err desk_end(struct session *s, enum err so_far, struct err_info *e);

/* ERR_DENIED naming the action and the role when the session's user may not. */
enum err desk_allow(const struct session *s, enum desk_action a, struct err_info *e);

/* The using unit the session works for: the one asked for, else the only one, else the user's last
 * one.  A tax number of several environments is refused, "unit.several".  An explicit choice
 * becomes the user's last one unless it is passing.  *out is freed by unit_free. */
enum err desk_unit(struct session *s, struct unit *out, struct err_info *e);
/* Its id, for a user who may do the action. */
enum err desk_own_unit(struct session *s, enum desk_action a, int64_t *unit, struct err_info *e);
/* The same, refused with the sentence of features G4 unless it and its direct unit are verified.
 * direct may be NULL. */
enum err desk_unit_ready(struct session *s, struct unit *unit, struct unit *direct,
			 struct err_info *e);
/* The same for what issues: refused also while the unit is frozen (features N69), issues by another
 * channel than the platform or has not the name that the tax side has told, or after its 开票安全验证
 * is over (features B12). */
enum err desk_unit_issues(struct session *s, struct unit *unit, struct unit *direct,
			  struct err_info *e);
/* ERR_INVALID "unit.name" when the tax side has told another name for it (features B26). */
enum err desk_unit_named(struct session *s, const struct unit *unit, struct err_info *e);

/* Adds an audit row inside the open transaction. */
enum err desk_audit(struct session *s, int64_t unit, const char *action, const char *subject,
		    const char *before, const char *after, struct err_info *e);
/* While on, writes of this session wait for another writer a tenth of a second instead of long:
 * ERR_BUSY, try again later.  For a screen that must not stand still.  Returns what it was. */
bool desk_hurry(struct session *s, bool on);
/* Who is to be asked where only an administrator may: "管理员 甲、乙". */
enum { ADMINS_TEXT = 240 };
void desk_administrators(struct session *s, char out[ADMINS_TEXT]);
/* Name of the operating-system user, "" when unknown. */
void desk_os_user(char *out, size_t size);

#endif

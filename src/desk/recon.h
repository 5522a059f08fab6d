/* desk/recon.h - 对账: a month compared with the tax side, both ways.
 *
 * A run is a job of the engine that goes on by itself, also after a death or over the minutes the
 * tax side takes; it changes no invoice.  What it finds is listed, and a person says what becomes
 * of each.
 */
#ifndef KP_DESK_RECON_H
#define KP_DESK_RECON_H

#include "desk/session.h"
#include "desk/transfer.h"
#include "desk/wait.h"
#include "sheet/write.h"

/* What a run would do, before it spends anything. */
struct recon_budget {
	char month[MONTH_TEXT];
	enum ability_state ability; /* 归集 */
	bool by_person;             /* as a person said */
	bool current;               /* the present month */
	struct {
		int64_t today, all; /* applications made */
		bool may;
	} kinds[2]; /* by enum invoice_kind */
	int64_t a_day, a_month;
	int64_t unsettled, issued; /* ours of the month */
	int64_t running;           /* run of the month that goes on, 0 none */
};
/* month yyyy-MM, not one to come: ERR_INVALID "recon.month". */
enum err desk_recon_budget(struct session *s, const char *month, struct recon_budget *out,
			   struct err_info *e);

struct recon_wish {
	const char *month;
	bool thorough;   /* ask for every issued one, too */
	bool one_by_one; /* spend no application */
};
/* Begins a run, or goes on with the one of the month; *id gets it. */
enum err desk_recon_start(struct session *s, const struct recon_wish *wish, int64_t *id,
			  struct desk_wait *w, struct err_info *e);
enum err desk_recon_list(struct session *s, int64_t cursor, int limit, recon_each f, void *arg,
			 int64_t *next, int64_t *total, struct err_info *e);
/* Is the count one that can be said?  While a run goes on, 0 is only where it began. */
bool desk_recon_known(const struct recon_run *r, int64_t count);
/* `ours` of a run that goes on is how many were issued, not how many it has come to.
 * *job: the open job of a running one, 0: it stands still and can be begun again. */
enum err desk_recon_get(struct session *s, int64_t id, struct recon_run *out, int64_t *job,
			struct err_info *e);
/* 取得汇总数 申请清单 下载清单 ... */
const char *desk_recon_stage(const struct recon_run *r);
/* ERR_OK: nothing is open; ERR_INVALID "recon.differences"; ERR_UNKNOWN "recon.running". */
enum err desk_recon_verdict(struct session *s, const struct recon_run *r, struct err_info *e);

enum err desk_recon_differences(struct session *s, const struct difference_filter *f,
				difference_each each, void *arg, int64_t *next, int64_t *total,
				struct err_info *e);
enum err desk_recon_difference(struct session *s, int64_t id, struct recon_difference *out,
			       struct err_info *e);
/* May its invoice be taken for issued, be it with a reason? */
enum err desk_recon_adoptable(const struct recon_difference *d, struct err_info *e);
/* The invoice of the difference is issued, as the tax side has it.  Where contents were compared
 * they must be the same; where they were not, `reason` is a person's word.  NULL: none given. */
enum err desk_recon_adopt(struct session *s, int64_t id, const char *reason, struct err_info *e);
/* Looked into; it no longer counts. */
enum err desk_recon_dismiss(struct session *s, int64_t id, const char *reason, struct err_info *e);

/* 归集 of the session's unit: yes, no, or (UNTOLD) find out. */
enum err desk_recon_ability(struct session *s, enum ability_state state, struct err_info *e);

/* A run that goes on cannot be written, "recon.running": what is not found yet would read as no
 * difference. */
struct recon_export {
	int64_t run;
	const char *path, *folder; /* as struct export_options */
	enum sheet_format format;
	bool replace, all; /* with those of other channels */
};
enum err desk_recon_export(struct session *s, const struct recon_export *o, int64_t *rows,
			   char path[HOME_PATH + 256], struct err_info *e);

#endif

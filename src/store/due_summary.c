/* due_summary.c - what of 汇总确认 is due without being asked (features J6, J10, J11, N60). */
#include <stdio.h>
#include <string.h>

#include "base/base.h"
#include "store/due.h"
#include "store/jobs.h"
#include "store/settings.h"
#include "store/summary.h"

/* Months in which the machine was off: a row for each before `month`, as far back as the unit is
 * here or has issued. */
static enum err make_missed(struct db *db, const struct unit *u, const char *since,
			    const char *month, int *made, struct err_info *e)
{
	char at[MONTH_TEXT], first[MONTH_TEXT];
	enum err r = store_summary_first(db, u->id, first, e);

	month_text(u->created_at, at);
	if (!r && *first && strcmp(first, at) < 0)
		text_copy(at, sizeof(at), first);
	if (strcmp(at, since) < 0)
		text_copy(at, sizeof(at), since);
	for (; !r && strcmp(at, month) < 0; summary_month_add(at, 1, at)) {
		struct summary s = {.unit_id = u->id};
		bool added = false;

		text_copy(s.month, sizeof(s.month), at);
		r = store_summary_add(db, &s, &added, e);
		*made += added;
	}
	return r;
}

/* Every authorised unit has a row, also for a month in which nothing was issued. */
enum err store_due_summary_make(struct db *db, const struct unit *u, const char *month,
				struct due *out, struct err_info *e)
{
	struct summary s = {.unit_id = u->id};
	char since[MONTH_TEXT];
	bool added = false;
	int missed = 0;
	enum err r = store_summary_since(db, u, since, e);

	*out = (struct due) {.kind = NULL};
	if (r || (r = make_missed(db, u, since, month, &missed, e)))
		return r;
	if (strcmp(month, since) < 0) {
		snprintf(out->why, sizeof(out->why), "%s 还没有用乐企", month);
		return ERR_OK;
	}
	text_copy(s.month, sizeof(s.month), month);
	if ((r = store_summary_add(db, &s, &added, e)))
		return r;
	out->amount = 1;
	snprintf(out->why, sizeof(out->why), "%s %s", month, added ? "的记录已生成" : "已有记录");
	if (missed)
		snprintf(out->why + strlen(out->why), sizeof(out->why) - strlen(out->why),
			 "，补生成之前的 %d 个月", missed);
	return ERR_OK;
}

enum err store_due_summary_confirm(struct db *db, const struct unit *u, const char *month,
				   struct due *out, struct err_info *e)
{
	struct summary s = {.unit_id = u->id};
	size_t pending = 0;
	bool found = false, on = true, old = false;
	enum err r;

	*out = (struct due) {.kind = NULL};
	if ((r = store_summary_auto(db, u, &on, e)) ||
	    (r = store_summary_find(db, u->id, month, &s, &found, e)) ||
	    (found && (r = store_before_restore(db, s.updated_at, &old, e))) ||
	    (r = store_summary_pending(db, u->id, month, NULL, 0, &pending, e)))
		return r;
	if (!on)
		text_copy(out->why, sizeof(out->why), "自动汇总确认已关");
	else if (!found)
		snprintf(out->why, sizeof(out->why), "没有 %s 的记录", month);
	else if (summary_time(month, clock_now()) != SUMMARY_TIME)
		snprintf(out->why, sizeof(out->why), "%s 已过期限", month);
	else if (summary_state_locks(s.state))
		snprintf(out->why, sizeof(out->why), "%s %s", month, summary_state_label(s.state));
	else if (old) /* a person may have decided otherwise since the backup was made */
		snprintf(out->why, sizeof(out->why), "主目录是从备份恢复的，%s 须由人核对后确认",
			 month);
	else if (pending)
		snprintf(out->why, sizeof(out->why), "%s 还有 %zu 张发票没有结果", month, pending);
	else
		*out = (struct due) {.kind = JOB_SUMMARY_CONFIRM, .subject = s.id};
	return ERR_OK;
}

enum err store_due_summary_look(struct db *db, const struct unit *u, const char *month,
				struct due *out, struct err_info *e)
{
	struct summary s = {.unit_id = u->id};
	bool found = false;
	/* Nobody may have been there on the 1st. */
	enum err r = store_due_summary_make(db, u, month, out, e);

	if (r || !out->amount || (r = store_summary_find(db, u->id, month, &s, &found, e)))
		return r;
	*out = (struct due) {.kind = NULL};
	if (summary_state_final(s.state)) {
		out->amount = 1;
		snprintf(out->why, sizeof(out->why), "%s %s", month, summary_state_label(s.state));
	} else {
		*out = (struct due) {.kind = JOB_SUMMARY_LOOK, .subject = s.id};
		return store_job_open(db, JOB_SUMMARY_LOOK, u->id, s.id, &out->open, e);
	}
	return ERR_OK;
}

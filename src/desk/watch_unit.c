/* watch_unit.c - what a person should look at: numbers, quota, safety, taxpayer, 汇总确认 of a unit. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "desk/numbers_p.h"
#include "desk/quota_p.h"
#include "desk/summary.h"
#include "desk/unit_p.h"
#include "desk/watch_p.h"
#include "store/due.h"
#include "store/summary.h"

enum { STOCK_PART = 5, LOW_PART = 10 };

/* ---- stock ---- */

static enum err note_size(void *arg, const struct segment *g, const struct number_counts *c)
{
	(void)c;
	*(int64_t *)arg = g->size;
	return ERR_OK;
}

enum err watch_numbers(struct watch *w, struct err_info *e)
{
	char text[WATCH_TEXT];
	struct watch_finding f = {.check = "numbers",
				  .label = "号码不多",
				  .text = text,
				  .mend = "运行 kaipiao numbers claim 份数",
				  .class = ERR_INVALID};
	struct numbers_auto a;
	int64_t size = 0, low = w->limits->numbers;
	bool calendar = false;
	enum err r;

	if ((r = numbers_read_auto(w->s, w->unit, &a, e)) ||
	    (r = store_calendar_on(w->s->db, &calendar, e)) ||
	    (r = store_segment_list(w->s->db, w->unit->id, NULL, NULL, 0, 1, note_size, &size,
				    e)) ||
	    (r = store_number_stock(w->s->db, w->unit->id, date_of(clock_now()).date.year, &f.count,
				    e)))
		return r;
	if (low < 0)
		low = a.below ? a.below : size / STOCK_PART;
	/* Who issues first claims them. */
	if (!size && a.on && calendar && w->limits->numbers < 0)
		return ERR_OK;
	/* Without limits of its own a unit that claims by itself does so in time. */
	if (f.count > 0 && (f.count >= low || (a.on && w->limits->numbers < 0)))
		return ERR_OK;
	if (!f.count)
		snprintf(text, sizeof(text), "没有号码，不能开票");
	else
		snprintf(text, sizeof(text), "号码还剩 %lld 份", (long long)f.count);
	return watch_tell(w, &f);
}

enum err watch_quota(struct watch *w, struct err_info *e)
{
	char text[WATCH_TEXT], amount[FEN_TEXT + 8], month[MONTH_TEXT], today[DATE_TEXT];
	struct watch_finding f = {.check = "quota",
				  .label = "额度不多",
				  .text = text,
				  .mend = "运行 kaipiao quota download 金额",
				  .class = ERR_INVALID};
	struct quota_month q;
	int64_t usable, low;
	enum err r = store_quota_get(w->s->db, w->unit->id, month_text(clock_now(), month), &q, e);

	if (r)
		return r;
	usable = q.unused - q.reserved;
	low = w->limits->quota >= 0 ? w->limits->quota : q.remote_downloaded / LOW_PART;
	f.count = usable;
	if (q.paused) {
		f.mend = "请联系主管税务机关";
		snprintf(text, sizeof(text), "税局已暂停赋额");
	} else if (*q.end && strcmp(q.end, date_text(clock_now(), today)) < 0) {
		f.mend = "运行 kaipiao quota adjust";
		snprintf(text, sizeof(text), "额度的使用区间到 %s 为止", q.end);
	} else if (usable <= 0) {
		snprintf(text, sizeof(text), "%s 月没有可开票的额度", month);
	} else if (usable < low) {
		snprintf(text, sizeof(text), "额度还剩 %s", fen_format_grouped(usable, amount));
	} else {
		return ERR_OK;
	}
	return watch_tell(w, &f);
}

static enum err count_going(struct session *s, int64_t unit, int64_t *out, struct err_info *e)
{
	*out = 0;
	return store_invoice_overdue(s->db, unit, INT64_MAX, 0, NULL, NULL, out, e);
}

enum err desk_unit_going(struct session *s, const struct unit_ref *ref, int64_t *out,
			 struct err_info *e)
{
	struct unit u;
	enum err r = unit_load_one(s, ref, "using", &u, e);

	if (r)
		return r;
	r = count_going(s, u.id, out, e);
	unit_free(&u);
	return r;
}

/* Issuing stops when it is over (features B12); what has its number is sent all the same. */
enum err watch_safety(struct watch *w, struct err_info *e)
{
	const char *until = w->unit->safety_until;
	enum safety_level level = safety_level(until, clock_now(), NULL);
	char day[SAFETY_TEXT], text[SAFETY_TEXT + 160];
	struct watch_finding f = {.check = "safety",
				  .label = "开票安全验证",
				  .text = text,
				  .mend = SAFETY_MEND,
				  .count = 1,
				  .class = ERR_INVALID};
	int64_t going = 0;
	enum err r;

	if (level < SAFETY_WEEK)
		return ERR_OK;
	if (level == SAFETY_OVER && (r = count_going(w->s, w->unit->id, &going, e)))
		return r;
	safety_text(until, clock_now(), day);
	if (going)
		snprintf(text, sizeof(text), "%s；已取号的 %lld 张照常上传，税局可能拒收", day,
			 (long long)going);
	else
		text_copy(text, sizeof(text), day);
	return watch_tell(w, &f);
}

/* One that was cut short leaves the unit frozen. */
enum err watch_removal(struct watch *w, struct err_info *e)
{
	const struct unit *u = w->unit;
	struct watch_finding f = {
	    .check = "removal",
	    .label = "单位已冻结",
	    .text = UNIT_REMOVAL_WHY,
	    .mend = "再运行 kaipiao unit remove --force，或 kaipiao unit unfreeze",
	    .count = 1,
	    .class = ERR_INVALID};

	(void)e;
	return u->frozen_at && !strcmp(u->frozen_why, UNIT_REMOVAL_WHY) ? watch_tell(w, &f)
									: ERR_OK;
}

enum err watch_taxpayer(struct watch *w, struct err_info *e)
{
	struct taxpayer *t = mem_zalloc(sizeof(*t));
	struct err_info why = {0};
	bool found = false;
	enum err r = store_taxpayer_get(w->s->db, w->unit->id, t, &found, e);

	if (!r && found &&
	    (!store_taxpayer_named(t, w->unit, ERR_INVALID, &why) ||
	     taxpayer_may_issue(t, clock_now(), &why))) {
		struct watch_finding f = {.check = "taxpayer",
					  .label = "不能开票",
					  .text = why.why,
					  .mend =
					      *why.hint ? why.hint : "运行 kaipiao taxpayer sync",
					  .count = 1,
					  .class = ERR_INVALID};

		r = watch_tell(w, &f);
	}
	free(t);
	return r;
}

/* ---- 汇总确认 ---- */

/* The oldest month that is closed and whose end is not known. */
static enum err note_left(void *arg, const struct summary *s)
{
	char *month = arg;

	if (!*month)
		text_copy(month, MONTH_TEXT, s->month);
	return ERR_OK;
}

static enum err watch_closed(struct watch *w, struct err_info *e)
{
	char month[MONTH_TEXT], left[MONTH_TEXT] = "", text[WATCH_TEXT], mend[96];
	struct watch_finding f = {.check = "summary",
				  .label = "汇总确认",
				  .text = text,
				  .mend = mend,
				  .count = 1,
				  .class = ERR_INVALID};
	enum err r;

	month_text(clock_now(), month);
	if (summary_time(summary_month_add(month, -1, month), clock_now()) == SUMMARY_CLOSED)
		month_text(clock_now(), month);
	r = store_summary_unfinished(w->s->db, w->unit->id, month, note_left, left, e);
	if (r || !*left)
		return r;
	snprintf(text, sizeof(text), "%s 已过 13 日 0 时，还没有取到税局自动汇总的结果", left);
	snprintf(mend, sizeof(mend), "运行 kaipiao summary refresh %s", left);
	return watch_tell(w, &f);
}

enum err watch_summary(struct watch *w, struct err_info *e)
{
	struct summary_todo todo;
	char mend[96];
	struct watch_finding f = {.check = "summary",
				  .label = "汇总确认",
				  .text = todo.text,
				  .mend = mend,
				  .count = 1,
				  .class = ERR_INVALID};
	enum err r = summary_todo(w->s, w->unit, &todo, e);

	if (r || !todo.due)
		return r ? r : watch_closed(w, e);
	snprintf(mend, sizeof(mend), "运行 kaipiao summary %s %s", todo.missing ? "add" : "confirm",
		 todo.month);
	return watch_tell(w, &f);
}

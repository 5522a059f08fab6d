/* summary_todo.c - what asks for 汇总确认: the month before this one, the one before go-live. */
#include <stdio.h>
#include <string.h>

#include "base/base.h"
#include "desk/summary.h"

enum { EDGE_S = 600 };

/* ---- the month before go-live ---- */

/* A month may lie between being authorised and the first invoice: nothing made its record, as no
 * calendar was there for it, and the tax side wants it confirmed all the same. */
enum err summary_golive(struct session *s, const struct unit *u, struct summary_golive *out,
			struct err_info *e)
{
	char begun[MONTH_TEXT];
	struct summary row;
	bool found = false;
	enum err r = ERR_OK;

	*out = (struct summary_golive) {.due = false};
	if (!u->granted_at || (r = store_summary_first(s->db, u->id, out->first, e)))
		return u->granted_at ? r : ERR_OK;
	month_text(u->granted_at, out->granted);
	text_copy(begun, sizeof(begun), out->first);
	if (!*begun)
		month_text(clock_now(), begun);
	summary_month_add(begun, -1, out->month);
	if (strcmp(out->granted, begun) >= 0 ||
	    summary_time(out->month, clock_now()) != SUMMARY_TIME)
		return ERR_OK;
	r = store_summary_find(s->db, u->id, out->month, &row, &found, e);
	out->due = !r && !found;
	if (out->due && *out->first)
		snprintf(out->text, sizeof(out->text),
			 "%s 已授权，%s 才首次开票：没有开票的 %s 也须汇总确认，请手工新增并确认",
			 out->granted, out->first, out->month);
	else if (out->due)
		snprintf(out->text, sizeof(out->text),
			 "%s 已授权，还没有开过票：没有开票的 %s 也须汇总确认，请手工新增并确认",
			 out->granted, out->month);
	return r;
}

enum err desk_summary_golive(struct session *s, struct summary_golive *out, struct err_info *e)
{
	struct unit u;
	enum err r;

	*out = (struct summary_golive) {.due = false};
	if ((r = desk_allow(s, DESK_VIEW, e)) || (r = desk_unit(s, &u, e)))
		return r;
	r = summary_golive(s, &u, out, e);
	unit_free(&u);
	return r;
}

/* ---- the month before this one ---- */

enum err summary_todo(struct session *s, const struct unit *u, struct summary_todo *out,
		      struct err_info *e)
{
	char now[MONTH_TEXT], since[MONTH_TEXT];
	struct summary row = {.state = SUMMARY_OPEN};
	struct summary_golive golive;
	bool found = false;
	enum err r;

	*out = (struct summary_todo) {.state = SUMMARY_OPEN};
	summary_month_add(month_text(clock_now(), now), -1, out->month);
	if (summary_time(out->month, clock_now()) != SUMMARY_TIME)
		return ERR_OK;
	if ((r = store_summary_find(s->db, u->id, out->month, &row, &found, e)) ||
	    (r = store_summary_since(s->db, u, since, e)))
		return r;
	out->state = row.state;
	out->missing = !found;
	out->urgent = summary_urgent(out->month, clock_now());
	out->due = found ? !summary_state_final(row.state) : strcmp(since, out->month) <= 0;
	if (!out->due || (r = summary_golive(s, u, &golive, e)))
		return out->due ? r : ERR_OK;
	if (golive.due && !strcmp(golive.month, out->month))
		text_copy(out->text, sizeof(out->text), golive.text);
	else if (!found)
		snprintf(out->text, sizeof(out->text), "%s 还没有汇总确认的记录，请新增并确认",
			 out->month);
	else
		snprintf(out->text, sizeof(out->text), "%s %s，申报增值税以前须办，13 日 0 时截止",
			 out->month, summary_state_label(row.state));
	return ERR_OK;
}

enum err desk_summary_todo(struct session *s, struct summary_todo *out, struct err_info *e)
{
	struct unit u;
	enum err r;

	if ((r = desk_allow(s, DESK_VIEW, e)) || (r = desk_unit(s, &u, e)))
		return r;
	r = summary_todo(s, &u, out, e);
	unit_free(&u);
	return r;
}

enum err summary_hint(struct session *s, const struct unit *u, char out[SUMMARY_ADVICE],
		      struct err_info *e)
{
	char month[MONTH_TEXT];
	struct summary_todo todo;
	int64_t now = clock_now();
	enum err r = summary_todo(s, u, &todo, e);

	*out = 0;
	if (r)
		return r;
	month_text(now, month);
	if (summary_over(month) - now <= EDGE_S || now - summary_begins(month) < EDGE_S)
		snprintf(out, SUMMARY_ADVICE,
			 "月末月初十分钟里开的发票，税局按收到的时间归月，可能记在另一个月");
	else if (todo.due)
		snprintf(out, SUMMARY_ADVICE,
			 "上月（%s）还没有汇总确认，税局可能因此不收（BD1004）", todo.month);
	return ERR_OK;
}

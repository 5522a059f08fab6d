/* plan.c - 日历计划: what the engine will do in a month, and what it leaves to a person (features M14,
 * appendix 5). */
#include <stdio.h>
#include <string.h>

#include "base/base.h"
#include "ui/screen/listing.h"

enum { FIELD_MONTH = 1, FIELD_WHICH };
enum { CELL_AT, CELL_RULE, CELL_STATE, CELL_UNTIL, CELL_ABOUT };
enum { YEAR = 5 }; /* "2025-": there is no room for it in a narrow area */

static const char *check_month(const struct form *f, const struct field *fd, const char *text,
			       char *out)
{
	int year, month;

	(void)f;
	(void)fd;
	(void)out;
	return !*text || month_parse(text, &year, &month) ? NULL : "月份应为年月，例如 2025-11";
}

static const char *const WHICH[] = {"本程序办的", "全部", NULL};
static const struct field FILTER[] = {
    {.id = FIELD_MONTH,
     .kind = FIELD_DIGITS,
     .label = "月份",
     .col = 6,
     .width = 8,
     .max_chars = 7,
     .check = check_month,
     .help = "年月，例如 2025-11；空着是本月。回车查询。"},
    {.id = FIELD_WHICH,
     .kind = FIELD_CHOICE,
     .label = "哪些",
     .col = 24,
     .width = 10,
     .choices = WHICH,
     .help = "空格或左右键选择：“全部”还有未接入和未启用的；回车查询。"},
    {.id = 0},
};

static const struct list_column COLUMNS[] = {
    [CELL_AT] = {.label = "时间", .width = 11, .wide_width = 19},
    [CELL_RULE] = {.label = "办什么", .width = 20, .wide_width = 24},
    [CELL_STATE] = {.label = "状态", .width = 14, .wide_width = 28},
    [CELL_UNTIL] = {.label = "可补办到", .width = 11, .wide_width = 19},
    [CELL_ABOUT] = {.label = "办哪几天的", .width = -1, .wide_width = -1},
    {.label = NULL},
};

struct reading {
	struct listing_page *page;
	int64_t at;
	bool all;
};

static enum err add_entry(void *arg, const struct plan_entry *x)
{
	struct reading *d = arg;
	struct listing_page *p = d->page;
	struct list_row *row;
	int64_t at = d->at;

	if (!d->all && x->state != PLAN_READY)
		return ERR_OK;
	d->at++;
	if (at < p->cursor)
		return ERR_OK;
	if (p->count == p->max) {
		if (!p->next)
			p->next = at;
		return ERR_OK;
	}
	row = listing_row(p, at + 1, x->state == PLAN_READY ? FACE_NORMAL : FACE_DIM);
	screen_when(x->slot.at, p->wide, row->cell[CELL_AT]);
	text_copy(row->cell[CELL_RULE], LIST_CELL, x->rule->label);
	text_copy(row->cell[CELL_STATE], LIST_CELL, x->text);
	screen_when(x->slot.until, p->wide, row->cell[CELL_UNTIL]);
	if (*x->slot.from)
		snprintf(row->cell[CELL_ABOUT], LIST_CELL, "%s 至 %s",
			 x->slot.from + (p->wide ? 0 : YEAR), x->slot.to + (p->wide ? 0 : YEAR));
	return ERR_OK;
}

static enum err read_plan(struct view *v, struct listing_page *p, struct err_info *e)
{
	const struct listing *s = v->state;
	const char *month = form_get(&s->filter, FIELD_MONTH);
	struct reading d = {.page = p, .all = form_choice(&s->filter, FIELD_WHICH) > 0};
	enum err r =
	    desk_calendar_plan(ui_session(), *month ? month : NULL, NULL, add_entry, &d, e);

	p->total = d.at;
	return r;
}

static bool plan_chosen(struct view *v)
{
	const struct listing *s = v->state;
	const struct list_row *row = list_row(&s->list);
	struct buf b;

	buf_init(&b, DETAIL_MAX);
	detail_add(&b, "办什么", row->cell[CELL_RULE]);
	detail_add(&b, "时间", row->cell[CELL_AT]);
	detail_add(&b, "状态", row->cell[CELL_STATE]);
	detail_add(&b, "可补办到", row->cell[CELL_UNTIL]);
	detail_add(&b, "办哪几天的", row->cell[CELL_ABOUT]);
	view_push(&view_read_ops, &(struct read_arg) {.title = "日历计划", .text = buf_str(&b)});
	buf_free(&b);
	return true;
}

static const enum action HINTS[] = {ACT_FIND,   ACT_DETAIL, ACT_RESET, ACT_REFRESH,
				    ACT_EXPORT, ACT_BACK,   ACT_NONE};
static const struct listing_kind PLAN = {
    .title = "日历计划",
    .empty = "这个月没有要自动办的",
    .columns = COLUMNS,
    .filter = FILTER,
    .allow = DESK_VIEW,
    .still = true,
    .hints = HINTS,
    .help = "一个月里到了日子要办的事，按时间；每件到“可补办到”为止都可以补办。F3 换月份，或看"
	    "未接入、未启用的。办了没有看“日历”。",
    .read = read_plan,
    .chosen = plan_chosen,
};

static enum err plan_open(struct view *v, const void *arg, struct err_info *e)
{
	(void)arg;
	return listing_open(v, &PLAN, e);
}

const struct view_ops view_plan_ops = {
    LISTING_VIEW,      .name = "plan", .path = "任务 › 日历计划", .size = sizeof(struct listing),
    .open = plan_open,
};

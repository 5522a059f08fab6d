/* runs.c - 日历: what was done by the calendar, why not, when it is tried again; trying again. */
#include <stdio.h>
#include <string.h>

#include "base/base.h"
#include "ui/screen/listing.h"
#include "ui/screen/of_unit.h"

enum { FIELD_STATE = 1, FIELD_RULE, FIELD_UNIT };
enum { CELL_UNIT = 2, CELL_RULE, CELL_SHOWN, CELL_NEXT, CELL_WORDS };
enum { CELL_STATE = LIST_COLUMNS - 1, RULES_MAX = 16 };

static const char *const STATES[] = {"要办的", "办理中", "已办", "未办成", "不需要", NULL};
static const char *rule_choices[RULES_MAX + 2], *rule_ids[RULES_MAX];

static const struct field FILTER[] = {
    {.id = FIELD_STATE,
     .kind = FIELD_CHOICE,
     .label = "状态",
     .col = 6,
     .width = 10,
     .choices = STATES,
     .help = "空格或左右键选择：“未办成”也有等再试的，“要办的”是不需要以外的全部。"},
    {.id = FIELD_RULE,
     .kind = FIELD_CHOICE,
     .label = "办什么",
     .col = 26,
     .width = 18,
     .choices = rule_choices,
     .help = "空格或左右键选择；回车查询。"},
    {.id = FIELD_UNIT,
     .kind = FIELD_TEXT,
     .label = "单位",
     .col = 52,
     .width = 25,
     .wide_width = 30,
     .max_chars = 60,
     .complete = of_unit_complete,
     .help = OF_UNIT_HELP},
    {.id = 0},
};

static struct list_column columns[] = {
    {.label = "编号", .width = 6, .wide_width = 8, .align = ALIGN_RIGHT},
    {.label = "日历", .width = 10, .wide_width = 16},
    [CELL_UNIT] = {.label = "单位", .width = 12, .wide_width = 31},
    {.label = "办什么", .width = 14, .wide_width = 18},
    {.label = "状态", .width = 6, .wide_width = 8},
    {.label = "再试", .width = 0, .wide_width = 11},
    {.label = "说明", .width = -1, .wide_width = -1},
    {.label = NULL},
};

static enum face face_of(enum run_state s)
{
	static const enum face FACES[RUN_STATES] = {[RUN_OPEN] = FACE_VALUE,
						    [RUN_DONE] = FACE_DIM,
						    [RUN_FAILED] = FACE_ERROR,
						    [RUN_IDLE] = FACE_DIM};

	return FACES[s];
}

/* Open after a refusal: it failed and is tried again, which is not the same as under way. */
static bool waits_again(const struct calendar_run *r)
{
	return r->state == RUN_OPEN && r->attempts > 0 && !r->job_id;
}

static const char *shown_state(const struct calendar_run *r)
{
	return waits_again(r) ? "等再试" : run_state_label(r->state);
}

/* Where there is little room, when it is tried again stands before why it has to be. */
static void put_words(char cell[LIST_CELL], const struct run_row *r, bool wide)
{
	char when[32];

	if (!wide && waits_again(r->run) && r->run->next_at)
		snprintf(cell, LIST_CELL, "%s 再试  %.900s",
			 screen_when(r->run->next_at, false, when), r->reason);
	else
		snprintf(cell, LIST_CELL, "%s%.900s", r->late ? "补办  " : "", r->reason);
	cell[text_whole(cell, strlen(cell))] = 0;
}

static enum err add_run(void *arg, const struct run_row *r)
{
	struct listing_page *p = arg;
	struct list_row *row =
	    listing_row(p, r->run->id, waits_again(r->run) ? FACE_WARNING : face_of(r->run->state));

	snprintf(row->cell[0], LIST_CELL, "%lld", (long long)r->run->id);
	text_copy(row->cell[1], LIST_CELL, r->run->slot);
	of_unit_put(r->run->unit_id, p->wide, row->cell[CELL_UNIT]);
	text_copy(row->cell[CELL_RULE], LIST_CELL, r->label);
	text_copy(row->cell[CELL_SHOWN], LIST_CELL, shown_state(r->run));
	if (r->run->next_at)
		screen_when(r->run->next_at, false, row->cell[CELL_NEXT]);
	put_words(row->cell[CELL_WORDS], r, p->wide);
	text_copy(row->cell[CELL_STATE], LIST_CELL, run_state_word(r->run->state));
	return ERR_OK;
}

static enum err read_runs(struct view *v, struct listing_page *p, struct err_info *e)
{
	const struct listing *s = v->state;
	int state = form_choice(&s->filter, FIELD_STATE),
	    rule = form_choice(&s->filter, FIELD_RULE);
	struct run_query q = {.state = state > 0 ? STATES[state] : NULL,
			      .rule = rule > 0 ? rule_ids[rule - 1] : NULL,
			      .unit = form_get(&s->filter, FIELD_UNIT),
			      .cursor = p->cursor,
			      .limit = p->max};

	return desk_run_list(ui_session(), &q, add_run, p, &p->next, &p->total, e);
}

/* ---- detail, again ---- */

static enum err run_text(void *arg, const struct run_row *r)
{
	struct buf *b = arg;

	detail_int(b, "编号", r->run->id);
	detail_add(b, "办什么", r->label);
	detail_add(b, "单位", r->unit_name);
	detail_add(b, "日历", r->run->slot);
	detail_add(b, "状态",
		   waits_again(r->run) ? "没有办成，等再试" : run_state_label(r->run->state));
	if (r->late)
		detail_add(b, "补办", "是，当天没有运行");
	detail_time(b, "开始", r->run->created_at);
	detail_time(b, "更新", r->run->updated_at);
	detail_time(b, "可补办到", r->run->until);
	if (r->run->job_id)
		detail_int(b, "任务", r->run->job_id);
	detail_int(b, "失败次数", r->run->attempts);
	detail_time(b, "再试", r->run->next_at);
	detail_add(b, "说明", r->reason);
	detail_add(b, "处理", r->hint);
	return ERR_OK;
}

struct run_detail {
	struct buf text;
	char trouble[LIST_CELL];
};

static enum err take_run(void *arg, const struct run_row *r)
{
	struct run_detail *d = arg;

	text_copy(d->trouble, sizeof(d->trouble), r->reason);
	return run_text(&d->text, r);
}

static bool runs_chosen(struct view *v)
{
	const struct listing *s = v->state;
	struct err_info e = {0};
	struct run_detail d = {.trouble = ""};

	buf_init(&d.text, DETAIL_MAX);
	if (desk_run_get(ui_session(), list_row(&s->list)->cell[0], take_run, &d, &e))
		ui_error(&e);
	else
		view_push(&view_read_ops, &(struct read_arg) {.title = "日历办理",
							      .text = buf_str(&d.text),
							      .trouble = d.trouble});
	buf_free(&d.text);
	return true;
}

static bool again(struct view *v)
{
	struct listing *s = v->state;
	const struct list_row *row = list_row(&s->list);
	struct err_info e = {0};

	if (!row)
		return true;
	if (desk_run_again(ui_session(), row->cell[0], &e))
		ui_error(&e);
	else
		ui_message(MESSAGE_GOOD, "第 %s 号“%s”马上再办", row->cell[0],
			   row->cell[CELL_RULE]);
	s->list.stale = true;
	return true;
}

/* ---- the view ---- */

static const char *runs_why_not(const struct view *v, enum action a)
{
	const struct listing *s = v->state;
	const struct list_row *row = list_row(&s->list);

	if (a != ACT_RETRY)
		return NULL;
	if (!row)
		return "没有选中的记录";
	if (!strcmp(row->cell[CELL_STATE], run_state_word(RUN_DONE)))
		return "已经办好";
	return screen_may(DESK_JOBS);
}

static bool runs_act(struct view *v, enum action a)
{
	return a == ACT_RETRY && again(v);
}

static const enum action HINTS[] = {ACT_RETRY, ACT_FIND,    ACT_DETAIL, ACT_GO_PLAN,
				    ACT_RESET, ACT_REFRESH, ACT_BACK,   ACT_NONE};
static const struct listing_kind RUNS = {
    .title = "日历",
    .empty = "日历还没有办过什么；按 p 看一个月要办的",
    .columns = columns,
    .filter = FILTER,
    .allow = DESK_VIEW,
    .capped = true,
    .hints = HINTS,
    .help =
	"到了日子自动办的事：月初额度、有效期、号码、企业信息、税收编码、汇总确认。当天没有运行的补"
	"办一次；没有办成的过一会再试，t 马上再办；p 看一个月要办的。",
    .read = read_runs,
    .act = runs_act,
    .chosen = runs_chosen,
};

/* Rules that the engine does; others have no runs. */
static void fill_choices(void)
{
	const struct calendar_rule *r;
	int n = 0;

	rule_choices[0] = "全部";
	for (size_t i = 0; (r = calendar_rule(i)) && n < RULES_MAX; i++) {
		if (!r->ready)
			continue;
		rule_ids[n++] = r->id;
		rule_choices[n] = r->label;
	}
}

static enum err runs_open(struct view *v, const void *arg, struct err_info *e)
{
	(void)arg;
	fill_choices();
	columns[CELL_UNIT].from = of_unit_several() ? 0 : OF_UNIT_NEVER;
	return listing_open(v, &RUNS, e);
}

const struct view_ops view_runs_ops = {
    LISTING_VIEW,          .name = "runs",
    .path = "任务 › 日历", .size = sizeof(struct listing),
    .open = runs_open,     .why_not = runs_why_not,
};

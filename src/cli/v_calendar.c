/* v_calendar.c - the calendar: jobs plan, jobs runs, jobs again. */
#include <string.h>

#include "cli/cli_p.h"

/* ---- plan ---- */

static const struct column PLAN[] = {
    {"date", "日期", COLUMN_TEXT, 0},
    {"time", "时间", COLUMN_TEXT, 0},
    {"channel", "通道", COLUMN_TEXT, FOR_JSON},
    {"rule", "规则", COLUMN_TEXT, 0},
    {"rule_text", "办什么", COLUMN_TEXT, FOR_BOTH},
    {"from", "起", COLUMN_OPTIONAL, 0},
    {"to", "止", COLUMN_OPTIONAL, 0},
    {"until", "可补办到", COLUMN_TIME, 0},
    {"state", "状态", COLUMN_TEXT, FOR_JSON},
    {"state_text", "状态", COLUMN_TEXT, FOR_JSON},
    {"became", "结果", COLUMN_OPTIONAL, FOR_JSON},
    {"became_text", "状态", COLUMN_TEXT, 0},
    {NULL, NULL, COLUMN_TEXT, 0},
};
const struct shape shape_plan = {"jobs plan", PLAN};

struct plan_wish {
	struct grid *g;
	const char *rule;
	bool all;
};

static enum err add_plan(void *arg, const struct plan_entry *p)
{
	const struct plan_wish *w = arg;
	struct grid *g = w->g;
	char at[DATETIME_TEXT];

	if ((w->rule && strcmp(w->rule, p->rule->id) != 0) || (!w->all && p->state == PLAN_ABSENT))
		return ERR_OK;
	datetime_text(p->slot.at, at);
	cli_grid_textf(g, "%.10s", at);
	cli_grid_textf(g, "%.5s", at + 11);
	cli_grid_text(g, calendar_channel_word(p->channel));
	cli_grid_text(g, p->rule->id);
	cli_grid_text(g, p->rule->label);
	cli_grid_text(g, p->slot.from);
	cli_grid_text(g, p->slot.to);
	cli_grid_time(g, p->slot.until);
	cli_grid_text(g, plan_state_word(p->state));
	cli_grid_text(g, plan_state_label(p->state));
	cli_grid_text(g, plan_became_word(p->became));
	cli_grid_text(g, p->text);
	return ERR_OK;
}

static enum err fill_plan(struct cli_list *l)
{
	struct cli *c = l->c;
	const char *rule = cli_option(c, "rule");
	/* What waits for a part that is not there yet does not help a person; programs read all. */
	struct plan_wish w = {
	    .g = &l->grid, .rule = rule, .all = c->json || rule || cli_flag(c, "all")};

	if (rule && !calendar_find(rule))
		return err_fail(&c->e, ERR_INVALID, "calendar.rule", "日历", "没有规则 %.40s",
				rule);
	return desk_calendar_plan(c->s, cli_option(c, "month"), cli_option(c, "channel"), add_plan,
				  &w, &c->e);
}

enum err verb_jobs_plan(struct cli *c)
{
	return cli_list(c, &shape_plan, TOTAL_ROWS, fill_plan);
}

/* ---- runs ---- */

static const struct column RUNS[] = {
    {"id", "编号", COLUMN_NUMBER, 0},
    {"slot", "日历", COLUMN_TEXT, 0},
    {"rule", "规则", COLUMN_TEXT, FOR_JSON},
    {"rule_text", "办什么", COLUMN_TEXT, FOR_BOTH},
    {"unit_id", "单位编号", COLUMN_NUMBER, FOR_JSON},
    {"unit", "单位", COLUMN_TEXT, 0},
    {"state", "状态", COLUMN_TEXT, FOR_JSON},
    {"state_text", "状态", COLUMN_TEXT, FOR_BOTH},
    {"late", "补办", COLUMN_BOOL, 0},
    {"attempts", "失败次数", COLUMN_NUMBER, 0},
    {"job_id", "任务", COLUMN_ID, 0},
    {"next_at", "再试", COLUMN_TIME, 0},
    {"until", "可补办到", COLUMN_TIME, FOR_JSON},
    {"begun_at", "开始", COLUMN_TIME, FOR_JSON},
    {"updated_at", "更新", COLUMN_TIME, FOR_JSON},
    {"reason", "说明", COLUMN_TEXT, 0},
    {"hint", "处理", COLUMN_OPTIONAL, FOR_JSON},
    {NULL, NULL, COLUMN_TEXT, 0},
};
const struct shape shape_runs = {"jobs runs, again", RUNS};

static enum err add_run(void *arg, const struct run_row *row)
{
	const struct calendar_run *run = row->run;
	struct grid *g = arg;

	cli_grid_int(g, run->id);
	cli_grid_text(g, run->slot);
	cli_grid_text(g, run->rule);
	cli_grid_text(g, row->label);
	cli_grid_int(g, run->unit_id);
	cli_grid_text(g, row->unit_name);
	cli_grid_text(g, run_state_word(run->state));
	/* Under way is one thing, waiting after a failure another. */
	cli_grid_text(g, run->state == RUN_OPEN && run->attempts && !run->job_id
			     ? "等再试"
			     : run_state_label(run->state));
	cli_grid_bool(g, row->late);
	cli_grid_int(g, run->attempts);
	cli_grid_int(g, run->job_id);
	cli_grid_time(g, run->next_at);
	cli_grid_time(g, run->until);
	cli_grid_time(g, run->created_at);
	cli_grid_time(g, run->updated_at);
	cli_grid_text(g, row->reason);
	cli_grid_text(g, row->hint);
	return ERR_OK;
}

static enum err fill_runs(struct cli_list *l)
{
	struct cli *c = l->c;
	char unit[CLI_UNIT];
	struct run_query q = {.rule = cli_option(c, "rule"),
			      .unit = cli_unit_asked(c, unit),
			      .state = cli_flag(c, "failed") ? "failed" : cli_option(c, "state"),
			      .limit = l->limit,
			      .cursor = l->cursor};

	return desk_run_list(c->s, &q, add_run, &l->grid, &l->next, &l->total, &c->e);
}

enum err verb_jobs_runs(struct cli *c)
{
	if (cli_flag(c, "failed") && cli_option(c, "state"))
		return cli_usage(c, "--failed 和 --state 只能给一个");
	return cli_list(c, &shape_runs, TOTAL_CAPPED, fill_runs);
}

enum err verb_jobs_again(struct cli *c)
{
	struct grid g;
	enum err r = desk_run_again(c->s, c->args[0], &c->e);

	if (r)
		return r;
	cli_grid_init(&g, &shape_runs);
	if ((r = desk_run_get(c->s, c->args[0], add_run, &g, &c->e)))
		cli_grid_free(&g);
	else
		cli_one(c, &g);
	if (!r)
		cli_say(c,
			"已记下，同步在运行时半分钟之内办（工作站、sync --daemon 或 sync --once）");
	return r;
}

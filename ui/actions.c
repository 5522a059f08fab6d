/* actions.c - the actions that belong to no view. */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "ui/explain.h"
#include "ui/frame.h"
#include "ui/loop.h"
#include "ui/screen/import.h"
#include "ui/screen/parts.h"
#include "ui/screen/red.h"
#include "ui/screen/templates.h"
#include "ui/screen/batch.h"
#include "ui/screens.h"
#include "ui/task.h"
#include "ui/term.h"

static const struct {
	enum action action;
	const struct view_ops *ops;
} SCREENS[] = {
    {ACT_GO_BLUE, &view_blue_ops},         {ACT_NEW_INVOICE, &view_blue_ops},
    {ACT_GO_INVOICES, &view_invoices_ops}, {ACT_GO_DRAFTS, &view_drafts_ops},
    {ACT_DRAFTS, &view_drafts_ops},        {ACT_GO_NUMBERS, &view_numbers_ops},
    {ACT_GO_QUOTA, &view_quota_ops},       {ACT_GO_TAXPAYER, &view_taxpayer_ops},
    {ACT_GO_CODES, &view_codes_ops},       {ACT_GO_UNITS, &view_units_ops},
    {ACT_GO_WIZARD, &view_wizard_ops},     {ACT_GO_JOBS, &view_jobs_ops},
    {ACT_GO_RUNS, &view_runs_ops},         {ACT_GO_PLAN, &view_plan_ops},
    {ACT_GO_DELIVER, &view_deliver_ops},   {ACT_GO_LOG, &view_log_ops},
    {ACT_GO_TYPES, &view_types_ops},       {ACT_GO_BUYERS, &view_buyers_ops},
    {ACT_TEMPLATES, &view_templates_ops},  {ACT_GO_GOODS, &view_goods_ops},
    {ACT_GO_BATCH, &view_batches_ops},     {ACT_GO_RECON, &view_recon_ops},
    {ACT_GO_REPORT, &view_report_ops},     {ACT_GO_RED, &view_red_ops},
    {ACT_GO_SUMMARY, &view_summary_ops},   {ACT_GO_DOCTOR, &view_doctor_ops},
    {ACT_GO_DRAWERS, &view_drawers_ops},   {ACT_GO_ELIGIBILITY, &view_eligibility_ops},
};

/* Screens that are parts of another one: entered from there, one goes back to it. */
static const struct {
	const struct view_ops *parent;
	enum action action;
} PARTS[] = {
    {&view_units_ops, ACT_GO_DOCTOR},      {&view_units_ops, ACT_GO_DRAWERS},
    {&view_units_ops, ACT_GO_ELIGIBILITY}, {&view_jobs_ops, ACT_GO_RUNS},
    {&view_jobs_ops, ACT_GO_PLAN},         {&view_runs_ops, ACT_GO_PLAN},
};

static bool is_part(const struct view *top, enum action a)
{
	size_t i;

	for (i = 0; i < sizeof(PARTS) / sizeof(PARTS[0]); i++)
		if (PARTS[i].parent == top->ops && PARTS[i].action == a)
			return true;
	return false;
}

/* The row the cursor stands on, as it is on the screen. */
static void copy_row(void)
{
	int row, col;
	char *text, *trimmed;

	if (!draw_cursor_at(&row, &col)) {
		ui_message(MESSAGE_WARNING, "光标处没有可以复制的文字");
		return;
	}
	text = draw_dump_row(row);
	trimmed = text_trim(text);
	if (*trimmed && term_copy(trimmed))
		ui_message(MESSAGE_GOOD, "已把本行送到终端的剪贴板");
	else
		ui_message(MESSAGE_WARNING, "没有可以复制的文字");
	free(trimmed);
	free(text);
}

static void go_back(void)
{
	struct view *v = view_top();

	if (!v->below) {
		ui_message(MESSAGE_INFO, "这里是首页；要离开请用「退出」");
		return;
	}
	if (!v->ops->leave || v->ops->leave(v, false))
		view_pop(false, NULL);
}

/* A list is of one unit; what is being filled in must not change hands. */
static void use_unit(void)
{
	const char *buffer[VIEW_SECTIONS], *const *sections = view_sections(view_top(), buffer);

	for (; *sections; sections++) {
		if (!strcmp(*sections, "list") || !strcmp(*sections, "home")) {
			screen_choose_unit();
			return;
		}
	}
	ui_message(MESSAGE_WARNING, "请在首页或列表里换单位");
}

static void quit(void)
{
	if (view_leave_all(false) && !task_asks_to_quit() && !batch_asks_to_quit() &&
	    !flight_asks_to_quit())
		ui_quit(0);
}

/* The stack above the home screen goes; the home screen itself is the bottom. */
static void go_home(void)
{
	view_switch(&view_home_ops, NULL);
}

static const struct {
	enum action action;
	void (*run)(void);
} PLAIN[] = {
    {ACT_BACK, go_back},         {ACT_QUIT, quit},
    {ACT_COPY, copy_row},        {ACT_GO_HOME, go_home},
    {ACT_REPAINT, term_repaint}, {ACT_GO_TASK, task_show},
    {ACT_USE_UNIT, use_unit},    {ACT_IMPORT, import_choose},
};

static const struct view_ops *screen_of(enum action a)
{
	size_t i;

	for (i = 0; i < sizeof(SCREENS) / sizeof(SCREENS[0]); i++) {
		if (SCREENS[i].action == a)
			return SCREENS[i].ops;
	}
	return NULL;
}

static bool run_plain(enum action a)
{
	size_t i;

	for (i = 0; i < sizeof(PLAIN) / sizeof(PLAIN[0]); i++) {
		if (PLAIN[i].action == a) {
			PLAIN[i].run();
			return true;
		}
	}
	return false;
}

static bool begins_something(enum action a)
{
	return a == ACT_GO_HOME || a == ACT_GO_TASK || a == ACT_USE_UNIT || a == ACT_IMPORT;
}

bool global_has(enum action a)
{
	size_t i;

	for (i = 0; i < sizeof(PLAIN) / sizeof(PLAIN[0]); i++) {
		if (PLAIN[i].action == a)
			return true;
	}
	return a == ACT_HELP || a == ACT_PALETTE || a == ACT_EXPLAIN ||
	       (ui_session() && (screen_of(a) || red_has(a)));
}

bool global_act(enum action a)
{
	const struct view_ops *screen = screen_of(a);

	if (a == ACT_EXPLAIN)
		return explain_show();
	/* Help on help and a palette of the palette would only pile up. */
	if (a == ACT_HELP || a == ACT_PALETTE) {
		const struct view_ops *ops = a == ACT_HELP ? &view_help_ops : &view_palette_ops;

		return view_top()->ops != ops && view_push(ops, NULL);
	}
	/* A question is answered before anything else is begun. */
	if (view_top()->ops->modal && (screen || red_has(a) || begins_something(a)))
		return false;
	if (run_plain(a))
		return true;
	if (!ui_session()) /* screens are for those who have logged in */
		return false;
	if (red_has(a))
		return red_go(a);
	if (!screen)
		return false;
	if (is_part(view_top(), a))
		view_push(screen, NULL);
	else
		view_switch(screen, NULL);
	return true;
}

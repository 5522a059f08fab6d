/* report_make.c - 统计报表: made at once when little has to be read, else in a task. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "ui/screen/report_p.h"

enum { AT_ONCE = 3000 }; /* invoices: some hundredths of a second */

static void result_free(void *result)
{
	if (result)
		desk_report_free(result);
	free(result);
}

static enum err work(struct session *s, void *arg, struct import_progress *p, void **result,
		     struct err_info *e)
{
	const struct report_options *o = arg;
	struct desk_report *r = mem_zalloc(sizeof(*r));

	*result = r;
	return desk_report(s, o, p, r, e);
}

static void take(struct report_view *s, struct desk_report *r)
{
	desk_report_free(&s->report);
	s->report = *r;
	*r = (struct desk_report) {.count = 0};
	s->made = true;
	list_reload(&s->frame.list);
	view_redraw(s->frame.view);
}

/* Somebody who left and comes back finds it known, and has it at once. */
static void report(struct task_end *end)
{
	struct view *top = view_top();
	struct report_view *s = top && top->ops == &view_report_ops ? top->state : NULL;

	if (s && s->making) {
		s->making = false;
		if (end->verdict)
			ui_error(&end->error);
		else
			take(s, end->result);
		list_reload(&s->frame.list);
		view_redraw(top);
	} else if (!end->verdict) {
		view_push(&view_report_ops, NULL);
	}
	result_free(end->result);
}

static enum err start(struct report_view *s, struct err_info *e)
{
	struct report_options *copy = mem_alloc(sizeof(*copy));
	enum err r;

	*copy = s->asked.options;
	r = task_start(&(struct task_spec) {.label = "统计报表",
					    .word = "统计",
					    .unit = "张",
					    .work = work,
					    .arg = copy,
					    .arg_free = free,
					    .result_free = result_free,
					    .report = report,
					    .watcher = &view_report_ops},
		       e);
	s->making = !r;
	return r;
}

static bool same(const struct report_asked *a, const struct report_asked *b)
{
	return a->options.by == b->options.by && a->options.months == b->options.months &&
	       !strcmp(a->options.from, b->options.from) && !strcmp(a->options.to, b->options.to) &&
	       !strcmp(a->unit, b->unit);
}

static enum err make_now(struct report_view *s, struct err_info *e)
{
	struct desk_report r;
	enum err rc = desk_report(ui_session(), &s->asked.options, NULL, &r, e);

	if (rc)
		return rc;
	desk_report_free(&s->report);
	s->report = r;
	s->made = true;
	return ERR_OK;
}

enum err report_make(struct report_view *s, struct err_info *e)
{
	struct report_asked asked;
	int64_t due = 0;
	enum err r;

	memset(&asked, 0, sizeof(asked));
	if ((r = report_filter_read(&s->frame.filter, &asked.options, e)))
		return r;
	snprintf(asked.unit, sizeof(asked.unit), "%s@%s", ui_facts()->unit_tax_no, ui_facts()->env);
	if (s->making || (s->made && !s->again && same(&asked, &s->asked)))
		return ERR_OK;
	s->asked = asked;
	s->made = s->again = false;
	r = desk_report_due(ui_session(), &asked.options, AT_ONCE, &due, e);
	if (r)
		return r;
	return due < AT_ONCE ? make_now(s, e) : start(s, e);
}

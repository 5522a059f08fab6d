/* batch_report.c - what reading orders has found: counts, faults one by one, what comes next. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "ui/screen/batch_p.h"
#include "ui/screen/saved.h"

enum { TEXT_MAX = 256 * 1024, NEXT = 200 };

struct found {
	struct batch_result *result; /* owned; NULL: it did not even begin */
	enum err verdict;
	struct wrap text;
	struct rect body, foot;
};

/* ---- words ---- */

static void add_fault(const struct batch_fault *f, struct buf *b)
{
	char place[IMPORT_PLACE];

	buf_addf(b, "\n%s%s%s  %s", f->order_no, *f->order_no ? "  " : "",
		 batch_fault_place(f, place), f->warning ? "提醒  " : "");
	/* Most sentences say what stands there. */
	if (*f->value && !strstr(f->text, f->value))
		buf_addf(b, "“%s”  ", f->value);
	buf_adds(b, f->text);
}

static void add_faults(const struct batch_report *r, struct buf *b)
{
	size_t i;

	if (r->fault_count)
		buf_adds(b, "\n");
	for (i = 0; i < r->fault_count; i++)
		add_fault(&r->faults[i], b);
	if ((int64_t)r->fault_count < r->fault_total + r->warned)
		buf_addf(b, "\n只列出前 %zu 处%s", r->fault_count,
			 *r->failures ? "，其余的看失败文件" : "");
}

static void fill(struct found *s, const struct err_info *e)
{
	const struct batch_result *res = s->result;
	char sentence[1200], *text;
	struct buf b;

	buf_init(&b, TEXT_MAX);
	if (res)
		buf_addf(&b, "文件 %s\n\n", res->job.file);
	if (s->verdict) {
		buf_adds(&b, ui_sentence(e, sentence, sizeof(sentence)));
	} else {
		text = batch_report_text(&res->report);
		buf_adds(&b, text);
		free(text);
		add_faults(&res->report, &b);
	}
	wrap_set(&s->text, buf_str(&b));
	buf_free(&b);
}

static const char *why_not_start(const struct found *s)
{
	return s->result && s->result->report.batch ? NULL : "什么都没有保存，请改好文件再来";
}

/* ---- going on ---- */

/* The batch takes the place of the report. */
static bool open_batch(struct found *s)
{
	int64_t batch = s->result->report.batch;

	view_pop(true, NULL);
	return view_push(&view_batch_ops, &batch);
}

static bool show_failures(const struct found *s)
{
	return view_push(
	    &view_saved_ops,
	    &(struct saved_arg) {.title = "有问题的发票",
				 .note = "只有有问题的，最后一列是原因；改好后导入它。",
				 .path = s->result->report.failures});
}

static bool choose_again(void)
{
	view_pop(true, NULL);
	return view_push(&view_batch_import_ops, NULL);
}

/* ---- the view ---- */

static enum err report_open(struct view *v, const void *arg, struct err_info *e)
{
	const struct task_end *end = arg;
	struct found *s = v->state;

	(void)e;
	s->result = end->result;
	s->verdict = end->verdict;
	fill(s, &end->error);
	return ERR_OK;
}

static void report_close(struct view *v)
{
	struct found *s = v->state;

	batch_result_free(s->result);
	wrap_free(&s->text);
}

static void report_layout(struct view *v)
{
	struct found *s = v->state;
	struct rect r = rect_inset(v->area, 0, 1);

	s->foot = rect_bottom(&r, 2);
	s->body = r;
	wrap_layout(&s->text, s->body.w);
}

static void report_paint(struct view *v)
{
	struct found *s = v->state;
	bool good = !s->verdict && !s->result->report.bad;
	char next[NEXT];

	text_copy(next, NEXT,
		  s->verdict ? "没有读入，什么都没有保存，回车返回" : "什么都没有保存，回车返回");
	draw_clear(v->area, FACE_NORMAL);
	wrap_paint(&s->text, s->body, FACE_VALUE);
	if (!why_not_start(s))
		snprintf(next, NEXT,
			 s->result->report.ready
			     ? "已存为批次 %lld，还没有开票。回车看每一张，再决定开不开"
			     : "已存为批次 %lld，没有可以开的，已结束。回车看每一张的情况",
			 (long long)s->result->report.batch);
	draw_text(s->foot, 1, 0, s->foot.w, ALIGN_LEFT,
		  good         ? FACE_GOOD
		  : s->verdict ? FACE_ERROR
			       : FACE_WARNING,
		  next);
	draw_cursor(s->foot, 1, 0);
}

static bool report_act(struct view *v, enum action a)
{
	struct found *s = v->state;

	switch (a) {
	case ACT_START:
		return open_batch(s);
	case ACT_ENTER:
		if (!why_not_start(s))
			return open_batch(s);
		view_pop(true, NULL);
		return true;
	case ACT_SEND:
		return show_failures(s);
	case ACT_IMPORT:
		return choose_again();
	default:
		return wrap_scroll(&s->text, a, s->body.h);
	}
}

static const char *report_why_not(const struct view *v, enum action a)
{
	const struct found *s = v->state;

	if (a == ACT_START)
		return why_not_start(s);
	return a == ACT_SEND && !(s->result && *s->result->report.failures) ? "没有失败文件" : NULL;
}

static const char *const *report_sections(const struct view *v)
{
	static const char *const SECTIONS[] = {"batch-report", "read", NULL};

	(void)v;
	return SECTIONS;
}

static const enum action *report_hints(const struct view *v)
{
	static const enum action HINTS[] = {ACT_ENTER,     ACT_SEND, ACT_IMPORT,
					    ACT_PAGE_DOWN, ACT_BACK, ACT_NONE};

	return screen_possible(v, HINTS);
}

static const char *report_help(const struct view *v)
{
	(void)v;
	return "每处问题说明流水号、哪个工作表第几行、填的内容、怎么改。失败文件只有有问题的，改好后导入"
	       "它；没有问题的已在批次里。";
}

static const char *report_state(const struct view *v)
{
	const struct found *s = v->state;

	if (s->verdict)
		return "refused";
	return s->result->report.bad ? "failed" : "checked";
}

const struct view_ops view_batch_report_ops = {
    .name = "batch-report",
    .path = "开票 › 批量开票 › 导入 › 结果",
    .size = sizeof(struct found),
    .open = report_open,
    .layout = report_layout,
    .paint = report_paint,
    .sections = report_sections,
    .act = report_act,
    .why_not = report_why_not,
    .hints = report_hints,
    .help = report_help,
    .close = report_close,
    .state = report_state,
};

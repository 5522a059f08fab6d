/* blue_import_view.c - the preview of imported lines: read in a task, looked at, taken or not. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "ui/screen/blue_import_p.h"
#include "ui/screen/parts.h"
#include "ui/screen/saved.h"
#include "ui/transfer.h"

enum { ASK_HOW = 1, ASK_GOOD };
enum { DETAIL_ROWS = 3, DETAIL_MOST = 5, HIGH = 28, HEAD_MOST = 6, PROGRESS_ROWS = 3 };

void lines_job_free(struct lines_job *job)
{
	if (job->uploaded)
		transfer_received_remove(job->file);
	free(job->text);
	*job = (struct lines_job) {.text = NULL};
}

/* ---- the task ---- */

static void result_free(void *result)
{
	struct lines_result *res = result;

	if (!res)
		return;
	desk_lines_free(&res->lines);
	lines_job_free(&res->job);
	free(res);
}

static void arg_free(void *arg)
{
	lines_job_free(arg);
	free(arg);
}

static enum err work(struct session *s, void *arg, struct import_progress *p, void **result,
		     struct err_info *e)
{
	struct lines_result *res = mem_zalloc(sizeof(*res));
	struct lines_job *job = arg;
	struct lines_options o;

	res->job = *job;
	*job = (struct lines_job) {.text = NULL};
	o = (struct lines_options) {.file = res->job.text ? NULL : res->job.file,
				    .text = res->job.text,
				    .name = "粘贴的内容",
				    .above = res->job.above,
				    .inclusive = res->job.inclusive,
				    .failures = *res->job.failures ? res->job.failures : NULL};
	*result = res;
	return desk_lines_read(s, &o, p, &res->lines, e);
}

static void begin_list(struct lines_view *s)
{
	list_free(&s->list);
	lines_view_order(s);
	lines_view_words(s);
	list_init(&s->list, lines_view_columns(s->result->lines.inclusive), lines_view_source, s);
	s->list.can_end = true;
	s->list.everywhere = true;
	s->view->needs_layout = true;
}

static void take_end(struct lines_view *s, struct task_end *end)
{
	s->reading = false;
	s->verdict = end->verdict;
	s->error = end->error;
	s->result = end->result;
	if (!s->verdict)
		begin_list(s);
	/* What comes next is the workbook of failed rows, mended. */
	if (!s->verdict && *s->result->lines.failures && !s->result->job.uploaded)
		lines_page_propose(s->result->lines.failures);
	view_redraw(s->view);
}

/* Whoever left does not want it any more. */
static void report(struct task_end *end)
{
	struct view *top = view_top();

	if (top && top->ops == &view_lines_ops && ((struct lines_view *)top->state)->reading)
		take_end(top->state, end);
	else
		result_free(end->result);
}

static enum err start(struct lines_view *s, const struct lines_job *job, struct err_info *e)
{
	struct lines_job *copy = mem_alloc(sizeof(*copy));

	*copy = *job;
	return task_start(&(struct task_spec) {.label = "读取明细",
					       .word = "读取",
					       .unit = "行",
					       .work = work,
					       .arg = copy,
					       .arg_free = arg_free,
					       .result_free = result_free,
					       .report = report,
					       .watcher = s->view->ops},
			  e);
}

/* ---- taking ---- */

static void take(struct lines_view *s, bool replace)
{
	const struct lines_taken t = {.lines = &s->result->lines, .replace = replace};

	view_pop(true, &t);
}

static bool fits(const struct lines_view *s)
{
	return (size_t)s->job.there + s->result->lines.good <= TAX_LINES_MAX;
}

static bool ask_good(struct lines_view *s)
{
	const struct lines *l = &s->result->lines;

	int n = snprintf(s->question, sizeof(s->question),
			 "%zu 行有问题。只放入没有问题的 %zu 行？", l->faulty, l->good);

	if (*l->failures)
		snprintf(s->question + n, sizeof(s->question) - (size_t)n,
			 "有问题的已存成 %.200s，改好后再导入它。", lines_base_name(l->failures));
	else
		snprintf(s->question + n, sizeof(s->question) - (size_t)n,
			 "有问题的改好后再粘贴。");
	return view_ask(
	    s->view, ASK_GOOD, &view_ask_ops,
	    &(struct ask_arg) {
		.title = "放入明细", .text = s->question, .yes = "放入没有问题的", .no = "不放入"});
}

/* Behind the rows that are there, or in their place. */
static bool ask_how(struct lines_view *s)
{
	const struct lines *l = &s->result->lines;
	const char *which = l->faulty ? "没有问题的 " : "";
	int n = 0;

	s->question[0] = 0;
	if (l->faulty)
		snprintf(s->question, sizeof(s->question), "%zu 行有问题，不放入。", l->faulty);
	if (fits(s))
		snprintf(s->choice[n++], sizeof(s->choice[0]), "追加：%s%zu 行放到已有的 %d 行后面",
			 which, l->good, s->job.there);
	else
		snprintf(s->question + strlen(s->question),
			 sizeof(s->question) - strlen(s->question), "追加后超过 %d 行，只能替换。",
			 TAX_LINES_MAX);
	snprintf(s->choice[n++], sizeof(s->choice[0]), "替换：%s%zu 行取代已有的 %d 行", which,
		 l->good, s->job.there);
	s->choices[0] = s->choice[0];
	s->choices[1] = n > 1 ? s->choice[1] : NULL;
	s->choices[2] = NULL;
	return view_ask(s->view, ASK_HOW, &view_choose_ops,
			&(struct choose_arg) {.title = "放入明细",
					      .lines = s->choices,
					      .text = *s->question ? s->question : NULL});
}

static const char *why_not_start(const struct lines_view *s)
{
	if (s->reading)
		return "还在读取";
	if (s->verdict)
		return "没有可以放入的，请改好文件再来";
	if (s->result->lines.overflow)
		return "合计超过 18 位数字，一张发票放不下";
	return s->result->lines.good ? NULL : "没有一行可以放入";
}

static bool start_taking(struct lines_view *s)
{
	if (s->job.there)
		return ask_how(s);
	if (s->result->lines.faulty)
		return ask_good(s);
	take(s, false);
	return true;
}

static void view_answer(struct view *v, int token, bool ok, const void *result)
{
	struct lines_view *s = v->state;

	if (!ok)
		return;
	if (token == ASK_GOOD)
		take(s, false);
	else if (token == ASK_HOW)
		take(s, !fits(s) || *(const int *)result == 1);
}

/* ---- what else can be done ---- */

static bool change_mode(struct lines_view *s)
{
	struct lines *l = &s->result->lines;

	desk_lines_mode(l, !l->inclusive);
	begin_list(s);
	ui_message(MESSAGE_INFO, "按%s的单价和金额算", l->inclusive ? "含税" : "不含税");
	return true;
}

static bool another(void)
{
	const bool yes = true;

	view_pop(false, &yes);
	return true;
}

static bool show_failures(const struct lines_view *s)
{
	return view_push(
	    &view_saved_ops,
	    &(struct saved_arg) {.title = "失败的行",
				 .note = "只有失败的行，最后一列是原因；改好后导入它。",
				 .path = s->result->lines.failures});
}

static bool show_row(struct lines_view *s)
{
	lines_view_detail(s);
	return view_push(&view_read_ops,
			 &(struct read_arg) {.title = "这一行", .text = s->detail.text});
}

static const char *view_why_not(const struct view *v, enum action a)
{
	const struct lines_view *s = v->state;
	bool none = s->reading || s->verdict;

	if (a == ACT_PUT_LINES)
		return why_not_start(s);
	if (a == ACT_SEND && (none || !*s->result->lines.failures))
		return "没有失败文件";
	if (a == ACT_LINES_MODE && none)
		return "还没有读好";
	if (a == ACT_LINES_MODE && s->result->lines.said)
		return "列名已经写明含不含税";
	if (a == ACT_IMPORT_LINES && s->reading)
		return "还在读取";
	if (a == ACT_DETAIL && none)
		return "没有行";
	return NULL;
}

/* ---- the view ---- */

static enum err view_open(struct view *v, const void *arg, struct err_info *e)
{
	const struct lines_job *job = arg;
	struct lines_view *s = v->state;

	s->view = v;
	s->reading = true;
	s->job = *job;
	s->job.text = NULL;
	s->job.uploaded = false; /* it is the task's */
	return start(s, job, e);
}

static void view_close(struct view *v)
{
	struct lines_view *s = v->state;

	if (s->reading)
		task_cancel();
	list_free(&s->list);
	result_free(s->result);
	wrap_free(&s->words);
	wrap_free(&s->detail);
	free(s->order);
}

static bool is_shown(const struct lines_view *s)
{
	return !s->reading && !s->verdict;
}

static void view_layout(struct view *v)
{
	struct lines_view *s = v->state;
	struct rect r = v->area;
	int rows;

	if (!is_shown(s))
		return;
	wrap_layout(&s->words, r.w - 2);
	rows = s->words.count < HEAD_MOST ? s->words.count : HEAD_MOST;
	s->head = rect_inset(rect_top(&r, rows), 0, 1);
	s->foot = rect_bottom(&r, (v->area.h < HIGH ? DETAIL_ROWS : DETAIL_MOST) + 1);
	list_layout(&s->list, r);
}

static void view_content(struct view *v, bool changed)
{
	struct lines_view *s = v->state;

	(void)changed;
	if (is_shown(s))
		list_content(&s->list, false);
}

static void paint_progress(const struct lines_view *s, struct rect r)
{
	char text[IMPORT_PATH + 40];

	snprintf(text, sizeof(text), "正在读取 %s", *s->job.file ? s->job.file : "粘贴的内容");
	draw_text(r, 1, 1, r.w - 1, ALIGN_LEFT, FACE_VALUE, text);
	rect_top(&r, 3);
	task_paint(rect_inset(rect_top(&r, PROGRESS_ROWS), 0, 1));
}

static void paint_refusal(struct lines_view *s, struct rect r)
{
	char sentence[1200];

	wrap_set(&s->words, ui_sentence(&s->error, sentence, sizeof(sentence)));
	r = rect_inset(r, 1, 1);
	wrap_layout(&s->words, r.w);
	wrap_paint(&s->words, r, FACE_ERROR);
	draw_text(r, s->words.count + 1, 0, r.w, ALIGN_LEFT, FACE_DIM,
		  "什么都没有改变。F5 另选文件，Esc 返回");
}

static void view_paint(struct view *v)
{
	struct lines_view *s = v->state;
	struct rect foot = s->foot;

	draw_clear(v->area, FACE_NORMAL);
	if (s->reading) {
		paint_progress(s, v->area);
		return;
	}
	if (s->verdict) {
		paint_refusal(s, v->area);
		return;
	}
	wrap_paint(&s->words, s->head, FACE_VALUE);
	draw_line(rect_top(&foot, 1), 0, "这一行");
	list_paint(&s->list, true);
	lines_view_detail(s);
	foot = rect_inset(foot, 0, 1);
	wrap_layout(&s->detail, foot.w);
	wrap_paint(&s->detail, foot, FACE_DIM);
}

static bool view_act(struct view *v, enum action a)
{
	struct lines_view *s = v->state;

	switch (a) {
	case ACT_PUT_LINES:
		return start_taking(s);
	case ACT_IMPORT_LINES:
		return another();
	case ACT_LINES_MODE:
		return change_mode(s);
	case ACT_SEND:
		return show_failures(s);
	case ACT_MARK:
	case ACT_MARK_ALL:
	case ACT_TOGGLE:
		return false;
	default:
		break;
	}
	if (!is_shown(s))
		return false;
	switch (list_act(&s->list, a)) {
	case LIST_OPEN:
		return show_row(s);
	case LIST_USED:
		return true;
	default:
		return false;
	}
}

static const char *const *view_sections(const struct view *v)
{
	static const char *const SECTIONS[] = {"lines-view", "list", NULL};

	(void)v;
	return SECTIONS;
}

static const enum action *view_hints(const struct view *v)
{
	static const enum action HINTS[] = {ACT_PUT_LINES,    ACT_LINES_MODE, ACT_SEND,
					    ACT_IMPORT_LINES, ACT_DETAIL,     ACT_BACK,
					    ACT_NONE};

	return screen_possible(v, HINTS);
}

static const char *view_help(const struct view *v)
{
	(void)v;
	return "看过再放入：有问题的行排在前面，选中一行，下面说明哪一列、怎么改。F10 放入，可以追加或"
	       "替换，之后一步撤销；有问题的行默认一行也不放入，要只放入没有问题的，按 F10 确认。";
}

static const char *view_state(const struct view *v)
{
	const struct lines_view *s = v->state;

	if (s->reading)
		return "loading";
	if (s->verdict)
		return "refused";
	return s->result->lines.faulty ? "failed" : "checked";
}

const struct view_ops view_lines_ops = {
    .name = "lines-view",
    .path = "开票 › 蓝字发票填开 › 导入明细 › 预览",
    .size = sizeof(struct lines_view),
    .open = view_open,
    .layout = view_layout,
    .content = view_content,
    .paint = view_paint,
    .sections = view_sections,
    .act = view_act,
    .why_not = view_why_not,
    .hints = view_hints,
    .help = view_help,
    .answer = view_answer,
    .close = view_close,
    .state = view_state,
};

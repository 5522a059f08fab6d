/* import_report.c - how an import ended: counts, faults row by row, and what can be done next. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "ui/dialog_p.h"
#include "ui/screen/import_p.h"
#include "ui/screen/parts.h"
#include "ui/screen/saved.h"

enum { TEXT_MAX = 256 * 1024, NEXT = 200, ASK_PARTIAL = 1 };

struct import_end {
	struct import_result *result; /* owned; NULL: it did not even begin */
	enum err verdict;
	char where[IMPORT_WHERE];
	struct wrap text;
	struct rect body, foot;
};

static bool is_good(const struct import_end *s)
{
	return s->result && !s->verdict && !s->result->report.failed;
}

/* ---- words ---- */

static void add_notes(const struct import_report *r, struct buf *b)
{
	char place[IMPORT_PLACE];
	size_t i;

	for (i = 0; i < r->note_count; i++)
		buf_addf(b, "%s%s  %s  %s", i ? "\n" : "\n\n",
			 import_note_place(&r->notes[i], place),
			 r->notes[i].fault ? "错误" : "提醒", r->notes[i].text);
	if ((int64_t)r->note_count < r->failed + r->warned)
		buf_addf(b, "\n只列出前 %zu 条%s", r->note_count,
			 *r->failures ? "，其余的看失败文件" : "");
}

static void fill(struct import_end *s, const struct err_info *e)
{
	const struct import_result *res = s->result;
	char sentence[1200];
	struct buf b;
	char *text;

	buf_init(&b, TEXT_MAX);
	if (res) {
		buf_addf(&b, "文件 %s", res->job.file);
		if (res->report.sheets == 1 && *res->report.sheet)
			buf_addf(&b, "，工作表“%s”", res->report.sheet);
		if (*res->job.unit)
			buf_addf(&b, "\n销方 %s", res->job.unit);
		buf_adds(&b, "\n\n");
	}
	/* Faulty rows are told one by one; anything else is one sentence. */
	if (s->verdict && (!res || !res->report.failed))
		buf_adds(&b, ui_sentence(e, sentence, sizeof(sentence)));
	if (res && (!s->verdict || res->report.failed)) {
		text = import_report_text(&res->report);
		buf_adds(&b, text);
		free(text);
		add_notes(&res->report, &b);
	}
	wrap_set(&s->text, buf_str(&b));
	buf_free(&b);
}

/* ---- going on ---- */

static int64_t good_rows(const struct import_end *s)
{
	return s->result ? s->result->report.rows - s->result->report.failed : 0;
}

/* NULL: it can be imported now. */
static const char *why_not_start(const struct import_end *s)
{
	const struct import_result *res = s->result;

	if (!res)
		return "没有可以导入的";
	if (res->report.stored)
		return "已经导入";
	if (s->verdict && !res->report.failed)
		return "文件有问题，请改好后再导入";
	return good_rows(s) > 0 ? NULL : "没有一行可以导入";
}

/* The same file in earnest; the report makes way. */
static void import_now(struct import_end *s, bool partial)
{
	struct import_job job = s->result->job;

	if (task_in_the_way())
		return;
	job.dry_run = false;
	job.partial |= partial;
	s->result->job.uploaded = false; /* the next one's now */
	view_pop(true, NULL);
	import_run(&job);
}

static bool start(struct view *v)
{
	struct import_end *s = v->state;
	const struct import_report *r = &s->result->report;
	char text[300];

	if (!r->failed || s->result->job.partial) {
		import_now(s, false);
		return true;
	}
	snprintf(text, sizeof(text),
		 "%lld 行有问题。只导入没有问题的 %lld 行？有问题的存成失败文件，改好后再导入它。",
		 (long long)r->failed, (long long)good_rows(s));
	return view_ask(
	    v, ASK_PARTIAL, &view_ask_ops,
	    &(struct ask_arg) {
		.title = "部分导入", .text = text, .yes = "导入没有问题的", .no = "不导入"});
}

static void report_answer(struct view *v, int token, bool ok, const void *result)
{
	(void)result;
	if (ok && token == ASK_PARTIAL)
		import_now(v->state, true);
}

static bool show_failures(const struct import_end *s)
{
	return view_push(
	    &view_saved_ops,
	    &(struct saved_arg) {.title = "失败的行",
				 .note = "只有失败的行，最后一列是原因；改好后导入它。",
				 .path = s->result->report.failures});
}

static bool choose_again(struct import_end *s)
{
	struct import_arg a = {s->result->job.table};

	view_pop(true, NULL);
	return view_push(&view_import_ops, &a);
}

/* ---- the view ---- */

static enum err report_open(struct view *v, const void *arg, struct err_info *e)
{
	const struct task_end *end = arg;
	struct import_end *s = v->state;

	(void)e;
	s->result = end->result;
	s->verdict = end->verdict;
	fill(s, &end->error);
	if (s->result)
		import_path(s->result->job.table, " › 结果", s->where);
	return ERR_OK;
}

static void report_close(struct view *v)
{
	struct import_end *s = v->state;

	import_result_free(s->result);
	wrap_free(&s->text);
}

static void report_layout(struct view *v)
{
	struct import_end *s = v->state;
	struct rect r = rect_inset(v->area, 0, 1);

	s->foot = rect_bottom(&r, 2);
	s->body = r;
	wrap_layout(&s->text, s->body.w);
}

static void next_words(const struct import_end *s, char out[NEXT])
{
	const struct import_result *res = s->result;

	if (res && res->report.stored)
		text_copy(out, NEXT, "回车返回列表");
	else if (!why_not_start(s) && !res->report.failed)
		snprintf(out, NEXT, "可以导入：按 F10 导入这 %lld 行，Esc 不导入",
			 (long long)good_rows(s));
	else if (!why_not_start(s))
		snprintf(out, NEXT, "改好文件再来，或按 F10 只导入没有问题的 %lld 行",
			 (long long)good_rows(s));
	else
		text_copy(out, NEXT, "没有导入任何行，回车返回");
}

static void report_paint(struct view *v)
{
	struct import_end *s = v->state;
	enum face face = is_good(s) ? FACE_GOOD : s->verdict ? FACE_ERROR : FACE_WARNING;
	char next[NEXT];

	draw_clear(v->area, FACE_NORMAL);
	wrap_paint(&s->text, s->body, FACE_VALUE);
	next_words(s, next);
	draw_text(s->foot, 1, 0, s->foot.w, ALIGN_LEFT, face, next);
	draw_cursor(s->foot, 1, 0);
}

static bool report_act(struct view *v, enum action a)
{
	struct import_end *s = v->state;

	switch (a) {
	case ACT_START:
		return start(v);
	case ACT_SEND:
		return show_failures(s);
	case ACT_IMPORT:
		return choose_again(s);
	case ACT_ENTER:
	case ACT_BACK:
		view_pop(true, NULL);
		return true;
	default:
		return wrap_scroll(&s->text, a, s->body.h);
	}
}

static const char *report_why_not(const struct view *v, enum action a)
{
	const struct import_end *s = v->state;

	if (a == ACT_START)
		return why_not_start(s);
	if (a == ACT_SEND && !(s->result && *s->result->report.failures))
		return "没有失败的行";
	return a == ACT_IMPORT && !s->result ? "没有可以导入的" : NULL;
}

static const char *const *report_sections(const struct view *v)
{
	static const char *const SECTIONS[] = {"import-report", "read", NULL};

	(void)v;
	return SECTIONS;
}

static const enum action *report_hints(const struct view *v)
{
	/* Only what there is: a file of failures, a start. */
	static const enum action HINTS[] = {ACT_START,     ACT_SEND, ACT_IMPORT,
					    ACT_PAGE_DOWN, ACT_BACK, ACT_NONE};

	return screen_possible(v, HINTS);
}

static const char *report_where(const struct view *v)
{
	const struct import_end *s = v->state;

	return *s->where ? s->where : "数电设置 › 批量导入 › 结果";
}

static const char *report_help(const struct view *v)
{
	(void)v;
	return "每个错误说明第几行、哪一列、怎么改。失败文件只有失败的行，改好后导入它；同一个文件再"
	       "导入一次，已有的行不变。";
}

static const char *report_state(const struct view *v)
{
	const struct import_end *s = v->state;

	if (!s->result || (s->verdict && !s->result->report.failed))
		return "refused";
	if (s->result->report.stored)
		return "stored";
	return s->verdict ? "failed" : "checked";
}

const struct view_ops view_import_report_ops = {
    .name = "import-report",
    .where = report_where,
    .size = sizeof(struct import_end),
    .open = report_open,
    .layout = report_layout,
    .paint = report_paint,
    .sections = report_sections,
    .act = report_act,
    .why_not = report_why_not,
    .hints = report_hints,
    .help = report_help,
    .answer = report_answer,
    .close = report_close,
    .state = report_state,
};

/* batch_do.c - what is done with a batch and its orders. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "ui/screen/batch_p.h"
#include "ui/screen/blue.h"
#include "ui/screen/draft_do.h"

static bool is_state(const struct list_row *row, enum order_state s)
{
	return row && !strcmp(row->cell[BATCH_CELL_STATE], order_state_word(s));
}

/* ---- the batch ---- */

/* After a change of ours: the screen, the runner and the top line look again. */
static void changed(struct batch_screen *s, enum err r, const struct err_info *e, const char *said)
{
	s->list.stale = true;
	if (r)
		ui_error(e);
	else
		ui_message(MESSAGE_GOOD, "%s", said);
	ui_wake_engine();
	view_redraw(s->view);
}

static bool ask_start(struct batch_screen *s)
{
	struct err_info e = {0};

	/* As things are now. */
	if (batch_look(s, &e)) {
		ui_error(&e);
		return true;
	}
	return view_ask(s->view, BATCH_ASK_START, &view_batch_start_ops,
			&(struct batch_start_arg) {.batch = &s->batch, .plan = &s->plan});
}

static void start(struct batch_screen *s, unsigned words)
{
	struct err_info e = {0};

	changed(s, desk_batch_start(ui_session(), s->id, words, &e), &e,
		"开始开票，可以离开这里做别的，进度在最上一行");
}

/* What could be issued twice needs a word of its own; the answer that does nothing is the first. */
static void start_or_ask(struct batch_screen *s)
{
	bool restored = s->plan.asks & WORD_RESTORED;
	char why[BATCH_SENTENCE];

	if (!s->plan.asks) {
		start(s, 0);
		return;
	}
	snprintf(s->question, sizeof(s->question), "%s\n%s", batch_block(&s->plan, why),
		 restored ? "已经对过账，确认没有开过？" : "确实要再开一遍？");
	view_ask(s->view, BATCH_ASK_WORDS, &view_ask_ops,
		 &(struct ask_arg) {.title = "可能重复开票",
				    .text = s->question,
				    .yes = restored ? "没有开过，开票" : "再开一遍",
				    .no = "返回"});
}

static bool pause_it(struct batch_screen *s)
{
	struct err_info e = {0};
	enum err r = desk_batch_pause(ui_session(), s->id, &e);

	changed(s, r, &e, "已暂停；已取号的照常开完，按 F10 继续");
	return true;
}

static bool ask_cancel(struct batch_screen *s)
{
	const struct order_batch *b = &s->batch;

	snprintf(s->question, sizeof(s->question),
		 "取消其余 %lld 张？它们不再由这个批次开票。已取号的 %lld 张照常开完。",
		 (long long)(b->counts[ORDER_READY] + b->counts[ORDER_BAD]),
		 (long long)b->counts[ORDER_TAKEN]);
	return view_ask(
	    s->view, BATCH_ASK_CANCEL, &view_ask_ops,
	    &(struct ask_arg) {
		.title = "取消其余", .text = s->question, .yes = "取消其余", .no = "返回"});
}

static void cancel(struct batch_screen *s)
{
	struct err_info e = {0};

	changed(s, desk_batch_cancel(ui_session(), s->id, &e), &e, "其余的已取消");
}

/* ---- orders ---- */

static void skip(struct batch_screen *s, bool out)
{
	const struct list_row *row = list_row(&s->list);
	struct err_info e = {0};
	size_t n = s->list.mark_count;
	struct batch_skipped done;
	char said[BATCH_HINT + 120];
	enum err r;

	if (!n && !row)
		return;
	r = desk_batch_skip(ui_session(), s->id, n ? s->list.marks : &row->id, n ? n : 1, out,
			    &done, &e);
	if (done.refused)
		snprintf(said, sizeof(said), "%zu 张%s，%zu 张没有动：%s", done.done,
			 out ? "不开" : "重新列入", done.refused, done.why);
	else
		snprintf(said, sizeof(said), "%zu 张%s", done.done, out ? "不开" : "重新列入");
	if (!r)
		s->list.mark_count = 0;
	changed(s, r, &e, said);
}

/* One fault has room in the message line; several are read before the form is. */
static void tell_reason(const char *reason)
{
	enum { REASON_MAX = 8192 };
	const char *end;
	struct buf b;

	ui_message(MESSAGE_WARNING, "%s", reason);
	buf_init(&b, REASON_MAX);
	batch_add_reason(&b, reason);
	end = strchr(buf_str(&b), '\n');
	if (end && end[1] && end[1] != '\n')
		view_ask(view_top(), 0, &view_read_ops,
			 &(struct read_arg) {.title = "这张发票要改的", .text = buf_str(&b)});
	buf_free(&b);
}

/* Issued there under the same number it counts as done here. */
static bool edit(const struct batch_screen *s)
{
	const struct list_row *row = list_row(&s->list);
	const struct blue_arg arg = {.batch = s->id, .seq = row->id};

	if (view_push(&view_blue_ops, &arg) && *row->cell[BATCH_CELL_REASON])
		tell_reason(row->cell[BATCH_CELL_REASON]);
	return true;
}

static const char *edit_why_not(const struct batch_screen *s)
{
	const struct list_row *row = list_row(&s->list);

	if (!row)
		return "没有选中的一张";
	if (!is_state(row, ORDER_BAD) && !is_state(row, ORDER_READY) &&
	    !is_state(row, ORDER_FAILED) && !is_state(row, ORDER_SKIPPED))
		return "已经开过，或正在开";
	if (*row->cell[BATCH_CELL_INVOICE])
		return "已有号码，请按回车看这张发票，在那里重试或作废";
	/* Without a number nobody could tell that it is the same one. */
	if (is_state(row, ORDER_READY) && !*row->cell[0])
		return "没有流水号，编辑后会开成两张；请先按 s 不开";
	return screen_may(DESK_ISSUE);
}

static const char *skip_why_not(const struct batch_screen *s, enum action a)
{
	const struct list_row *row = list_row(&s->list);
	enum order_state from = a == ACT_SKIP ? ORDER_READY : ORDER_SKIPPED;

	if (s->batch.state == BATCH_DONE || s->batch.state == BATCH_CANCELLED)
		return "批次已经结束";
	if (!s->list.mark_count && !is_state(row, from))
		return a == ACT_SKIP ? "只有待开的可以不开" : "只有不开的可以恢复";
	return screen_may(DESK_ISSUE);
}

/* ---- 合并 ---- */

static int by_seq(const void *a, const void *b)
{
	const int64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* In the order of the file, whatever was marked first. */
static bool merge(struct batch_screen *s)
{
	qsort(s->list.marks, s->list.mark_count, sizeof(*s->list.marks), by_seq);
	return draft_ask_batch(s->view, BATCH_ASK_MERGE, s->id, s->list.marks, s->list.mark_count);
}

static const char *merge_why_not(const struct batch_screen *s)
{
	if (s->batch.state != BATCH_CHECKED)
		return "还没有开始的批次才能合并";
	if (s->list.mark_count < 2)
		return "请先用空格勾选要合并的几张";
	return screen_may(DESK_ISSUE);
}

/* ---- all together ---- */

static const char *start_why_not(const struct batch_screen *s)
{
	switch (s->batch.state) {
	case BATCH_CHECKED:
	case BATCH_PAUSED:
		return screen_may(DESK_ISSUE);
	case BATCH_RUNNING:
		return "正在开票";
	default:
		return "批次已经结束；有问题的改好后重新导入，或按 e 编辑";
	}
}

const char *batch_do_why_not(const struct batch_screen *s, enum action a)
{
	const struct order_batch *b = &s->batch;
	bool over = b->state == BATCH_DONE || b->state == BATCH_CANCELLED;

	switch (a) {
	case ACT_BATCH_START:
		return start_why_not(s);
	case ACT_BATCH_PAUSE:
		return b->state == BATCH_RUNNING ? screen_may(DESK_ISSUE) : "没有在开票";
	case ACT_BATCH_CANCEL:
		return over ? "批次已经结束" : screen_may(DESK_ISSUE);
	case ACT_EDIT:
		return edit_why_not(s);
	case ACT_SKIP:
	case ACT_UNSKIP:
		return skip_why_not(s, a);
	case ACT_JOIN:
		return merge_why_not(s);
	case ACT_ARCHIVE:
		return b->counts[ORDER_ISSUED] ? NULL : "还没有开票成功的";
	default:
		return NULL;
	}
}

bool batch_do(struct batch_screen *s, enum action a)
{
	switch (a) {
	case ACT_BATCH_START:
		return ask_start(s);
	case ACT_BATCH_PAUSE:
		return pause_it(s);
	case ACT_BATCH_CANCEL:
		return ask_cancel(s);
	case ACT_BATCH_RESULT:
		batch_save_result(&s->batch);
		return true;
	case ACT_ARCHIVE:
		return batch_archive(&s->batch);
	case ACT_SKIP:
	case ACT_UNSKIP:
		skip(s, a == ACT_SKIP);
		return true;
	case ACT_JOIN:
		return merge(s);
	case ACT_EDIT:
		return edit(s);
	/* On top of this one: the way back leads here. */
	case ACT_GO_NUMBERS:
		return view_push(&view_numbers_ops, NULL);
	case ACT_GO_QUOTA:
		return view_push(&view_quota_ops, NULL);
	default:
		return false;
	}
}

void batch_do_answer(struct batch_screen *s, int token, const void *result)
{
	enum action a;

	if (token == BATCH_ASK_START) {
		start_or_ask(s);
	} else if (token == BATCH_ASK_WORDS) {
		start(s, s->plan.asks);
	} else if (token == BATCH_ASK_MERGE) {
		s->list.mark_count = 0;
		s->list.stale = true;
	} else if (token == BATCH_ASK_CANCEL) {
		cancel(s);
	} else if (token == BATCH_ASK_READ) {
		a = *(const enum action *)result;
		if (!batch_do_why_not(s, a))
			batch_do(s, a);
	}
}

/* batch.c - one batch: its figures, its orders, and what becomes of them while one looks. */
#include <stdio.h>
#include <string.h>

#include "base/base.h"
#include "ui/screen/batch_p.h"

enum { FOOT_ROWS = 2, HIGH = 28, FOOT_HIGH = 4 };

/* ---- reading ---- */

/* The pace is measured from the moment it was first seen running. */
static void note_pace(struct batch_screen *s)
{
	if (s->batch.state != BATCH_RUNNING) {
		s->pace_ms = 0;
	} else if (!s->pace_ms) {
		s->pace_ms = clock_mono_ms();
		s->pace_done = batch_progress_of(&s->batch).done;
	}
}

enum err batch_look(struct batch_screen *s, struct err_info *e)
{
	struct session *session = ui_session();
	enum err r = desk_batch_get(session, s->id, &s->batch, e);

	s->planned = false;
	if (r)
		return r;
	note_pace(s);
	if (s->batch.state == BATCH_DONE || s->batch.state == BATCH_CANCELLED)
		return ERR_OK;
	r = desk_batch_plan(session, s->id, &s->plan, e);
	s->planned = !r;
	return r;
}

/* ---- the view ---- */

static enum err batch_open(struct view *v, const void *arg, struct err_info *e)
{
	struct batch_screen *s = v->state;
	enum err r;

	s->view = v;
	s->id = *(const int64_t *)arg;
	if ((r = batch_look(s, e)))
		return r;
	snprintf(s->where, sizeof(s->where), "开票 › 批量开票 › %lld 号", (long long)s->id);
	batch_filter_begin(&s->filter);
	list_init(&s->list, batch_columns, batch_source, s);
	s->list.title = "批量开票明细";
	s->list.fixed = true; /* conditions are of this batch */
	s->list.filter = &s->filter;
	return ERR_OK;
}

static void batch_close(struct view *v)
{
	struct batch_screen *s = v->state;

	list_free(&s->list);
	form_free(&s->filter);
	wrap_free(&s->why);
	wrap_free(&s->note);
}

static void batch_layout(struct view *v)
{
	struct batch_screen *s = v->state;
	struct rect r = v->area;
	int rows = batch_head_rows(s, r.w);

	s->head = rect_top(&r, rows < r.h / 2 ? rows : r.h / 2);
	s->foot = rect_bottom(&r, v->area.h < HIGH ? FOOT_ROWS : FOOT_HIGH);
	list_layout(&s->list, r);
	s->list.stale = true; /* cells differ with the width */
}

static void batch_content(struct view *v, bool changed)
{
	struct batch_screen *s = v->state;
	struct err_info e = {0};

	if (changed || s->list.stale) {
		if (batch_look(s, &e))
			ui_error(&e);
		if (batch_head_rows(s, v->area.w) != s->head.h)
			batch_layout(v);
	}
	list_content(&s->list, changed);
}

/* Below the list: number and reason of the selected one, whole. */
static void paint_foot(struct batch_screen *s)
{
	const struct list_row *row = list_row(&s->list);

	draw_clear(s->foot, FACE_NORMAL);
	wrap_set(&s->note, row ? row->cell[BATCH_CELL_REASON] : "");
	wrap_layout(&s->note, s->foot.w - 2);
	wrap_paint(&s->note, rect_inset(s->foot, 0, 1), row ? row->face : FACE_NORMAL);
}

static void batch_paint(struct view *v)
{
	struct batch_screen *s = v->state;

	batch_head_paint(s);
	paint_foot(s);
	list_paint(&s->list, true);
}

static bool batch_key(struct view *v, struct key k, const char *paste, size_t n)
{
	struct batch_screen *s = v->state;

	return list_key(&s->list, k, paste, n);
}

/* Another state is looked at by one key. */
static bool step_state(struct batch_screen *s, enum action a)
{
	if (a != ACT_LEFT && a != ACT_RIGHT)
		return false;
	batch_filter_step(&s->filter, a == ACT_RIGHT ? 1 : -1);
	list_reload(&s->list);
	return true;
}

static bool batch_act(struct view *v, enum action a)
{
	struct batch_screen *s = v->state;

	if (!s->list.filtering && (step_state(s, a) || batch_do(s, a)))
		return true;
	switch (screen_list_act(&s->list, a)) {
	case LIST_OPEN:
		return batch_open_order(s);
	case LIST_USED:
		return true;
	default:
		return screen_filter_keeps(&s->list, a);
	}
}

static const char *batch_why_not(const struct view *v, enum action a)
{
	return batch_do_why_not(v->state, a);
}

static void batch_answer(struct view *v, int token, bool ok, const void *result)
{
	if (ok)
		batch_do_answer(v->state, token, result);
}

static const char *const *batch_sections(const struct view *v)
{
	const struct batch_screen *s = v->state;

	return screen_list_sections(&s->list, "batch");
}

/* What can be done now stands first. */
static const enum action *batch_hints(const struct view *v)
{
	static const enum action FILTERING[] = {ACT_ENTER, ACT_NEXT, ACT_RESET, ACT_BACK, ACT_NONE};
	static const enum action READY[] = {
	    ACT_BATCH_START,  ACT_DETAIL,       ACT_EDIT, ACT_SKIP,       ACT_UNSKIP,
	    ACT_JOIN,         ACT_BATCH_CANCEL, ACT_FIND, ACT_GO_NUMBERS, ACT_GO_QUOTA,
	    ACT_BATCH_RESULT, ACT_ARCHIVE,      ACT_BACK, ACT_NONE};
	static const enum action RUNNING[] = {
	    ACT_BATCH_PAUSE, ACT_BATCH_CANCEL, ACT_DETAIL,  ACT_FIND, ACT_BATCH_RESULT,
	    ACT_GO_NUMBERS,  ACT_GO_QUOTA,     ACT_ARCHIVE, ACT_BACK, ACT_NONE};
	static const enum action OVER[] = {ACT_BATCH_RESULT, ACT_DETAIL, ACT_ARCHIVE, ACT_EDIT,
					   ACT_FIND,         ACT_BACK,   ACT_NONE};
	const struct batch_screen *s = v->state;

	if (s->list.filtering)
		return FILTERING;
	if (s->batch.state == BATCH_RUNNING)
		return RUNNING;
	return s->batch.state == BATCH_DONE || s->batch.state == BATCH_CANCELLED ? OVER : READY;
}

static const char *batch_help(const struct view *v)
{
	const struct batch_screen *s = v->state;

	if (s->list.filtering)
		return form_help(&s->filter);
	return "左右键按状态看，回车看一张的全部内容和问题；e 在开票画面里改好就开，开出后这里随之完成；"
	       "空格勾选，s 不开，m 合并。F10 开始或继续，F8 暂停，x 取消其余。离开画面、退出程序都不影响，"
	       "重新打开后接着开。";
}

static const char *batch_state(const struct view *v)
{
	const struct batch_screen *s = v->state;

	return s->list.filtering ? "filtering" : batch_state_word(s->batch.state);
}

static const char *batch_where(const struct view *v)
{
	const struct batch_screen *s = v->state;

	return s->where;
}

const struct view_ops view_batch_ops = {
    .name = "batch",
    .where = batch_where,
    .size = sizeof(struct batch_screen),
    .open = batch_open,
    .layout = batch_layout,
    .content = batch_content,
    .paint = batch_paint,
    .sections = batch_sections,
    .key = batch_key,
    .act = batch_act,
    .why_not = batch_why_not,
    .hints = batch_hints,
    .help = batch_help,
    .answer = batch_answer,
    .close = batch_close,
    .state = batch_state,
};

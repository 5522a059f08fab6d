/* jobs.c - 任务: what the engine has to do, does and did; the words of each; cancelling. */
#include <stdio.h>
#include <string.h>

#include "base/base.h"
#include "ui/screen/job_words.h"
#include "ui/screen/parts.h"
#include "ui/task.h"

enum { FIELD_STATE = 1, FIELD_KIND };
enum { ASK_CANCEL = 1 };
enum { CELL_STATE = LIST_COLUMNS - 1 };

struct jobs {
	struct list list;
	struct form filter;
	struct rect live; /* the import or export under way here, the batch being issued */
	char question[300];
};

static const char *const STATES[] = {"全部", "待处理", "处理中", "成功", "失败", "已取消", NULL};

/* Names of the kinds, as desk_job_label has them. */
static const char *const KINDS[] = {JOB_UPLOAD,     JOB_POLL,         JOB_CLAIM,    JOB_QUOTA_SYNC,
				    JOB_QUOTA_MOVE, JOB_QUOTA_ADJUST, JOB_TAXPAYER, JOB_TAXCODES,
				    JOB_VERIFY,     JOB_IMPORT,       JOB_PUSH,     JOB_MAIL,
				    JOB_POST_TEST,  JOB_RECON};
enum { KIND_COUNT = sizeof(KINDS) / sizeof(KINDS[0]) };
static const char *kind_choices[KIND_COUNT + 2];

static const struct field FILTER[] = {
    {.id = FIELD_STATE,
     .kind = FIELD_CHOICE,
     .label = "状态",
     .col = 6,
     .width = 8,
     .choices = STATES,
     .help = "空格或左右键选择；回车查询。"},
    {.id = FIELD_KIND,
     .kind = FIELD_CHOICE,
     .label = "任务",
     .col = 24,
     .width = 16,
     .choices = kind_choices,
     .help = "空格或左右键选择；回车查询。"},
    {.id = 0},
};

static const struct list_column COLUMNS[] = {
    {.label = "编号", .width = 7, .wide_width = 8, .align = ALIGN_RIGHT},
    {.label = "创建时间", .width = 11, .wide_width = 19},
    {.label = "任务", .width = 14, .wide_width = 16},
    {.label = "状态", .width = 6, .wide_width = 8},
    {.label = "次数", .width = 0, .wide_width = 4, .align = ALIGN_RIGHT},
    {.label = "下次执行", .width = 0, .wide_width = 19},
    {.label = "说明", .width = -1, .wide_width = -1},
    {.label = NULL},
};

/* ---- rows ---- */

struct page {
	struct list *list;
	struct list_row *rows;
	int count;
};

static enum face face_of(enum job_state s)
{
	static const enum face FACES[] = {[JOB_READY] = FACE_NORMAL,
					  [JOB_RUNNING] = FACE_VALUE,
					  [JOB_DONE] = FACE_DIM,
					  [JOB_FAILED] = FACE_ERROR,
					  [JOB_CANCELLED] = FACE_DIM};

	return FACES[s];
}

/* Where there is little room, when it is tried again stands before why it has to be. */
static void put_words(char cell[LIST_CELL], const struct job *j, bool wide)
{
	char when[32], words[LIST_CELL];

	job_line(j, wide, words, sizeof(words));
	if (wide || j->state != JOB_READY)
		text_copy(cell, LIST_CELL, words);
	else
		snprintf(cell, LIST_CELL, "%s 再办%s%.900s",
			 screen_when(j->due_ms / 1000, false, when), *words ? "  " : "", words);
	cell[text_whole(cell, strlen(cell))] = 0;
}

static enum err add_job(void *arg, const struct job *j)
{
	struct page *p = arg;
	struct list_row *row = &p->rows[p->count++];
	bool wide = p->list->area.w > 100;

	*row = (struct list_row) {.id = j->id, .face = face_of(j->state)};
	snprintf(row->cell[0], LIST_CELL, "%lld", (long long)j->id);
	screen_when(j->created_at, wide, row->cell[1]);
	text_copy(row->cell[2], LIST_CELL, desk_job_label(j->kind));
	text_copy(row->cell[3], LIST_CELL, job_state_label(j->state));
	snprintf(row->cell[4], LIST_CELL, "%d", j->attempts);
	if (j->state == JOB_READY)
		screen_when(j->due_ms / 1000, wide, row->cell[5]);
	put_words(row->cell[6], j, wide);
	text_copy(row->cell[CELL_STATE], LIST_CELL, job_state_word(j->state));
	return ERR_OK;
}

static enum err jobs_source(struct list *l, const char *cursor, int max, struct list_row *rows,
			    int *count, char next[64], struct err_info *e)
{
	struct jobs *s = l->owner;
	struct page p = {.list = l, .rows = rows};
	int state = form_choice(&s->filter, FIELD_STATE),
	    kind = form_choice(&s->filter, FIELD_KIND);
	struct job_query q = {.state = state > 0 ? STATES[state] : NULL,
			      .kind = kind > 0 ? KINDS[kind - 1] : NULL,
			      .cursor = screen_cursor(cursor),
			      .limit = max};
	int64_t after = 0;
	enum err r = desk_job_list(ui_session(), &q, add_job, &p, &after, &l->total, e);

	l->at_least = !r && l->total >= DESK_COUNT_CAP;
	*count = p.count;
	screen_next(after, next);
	return r;
}

/* ---- detail and cancelling ---- */

static void job_text(const struct job *j, struct buf *b)
{
	detail_int(b, "编号", j->id);
	detail_add(b, "任务", desk_job_label(j->kind));
	detail_add(b, "状态", job_state_label(j->state));
	detail_int(b, "执行次数", j->attempts);
	detail_time(b, "创建时间", j->created_at);
	detail_time(b, "更新时间", j->updated_at);
	detail_time(b, "下次执行", j->state == JOB_READY ? j->due_ms / 1000 : 0);
	detail_add(b, "说明", j->error_text);
	detail_add(b, "错误代码", j->error_code);
	detail_add(b, "业务流水号", j->request_key);
	job_add_words(j, b);
}

static void id_text(int64_t id, char out[24])
{
	snprintf(out, 24, "%lld", (long long)id);
}

/* The import that runs here has a progress of its own. */
static bool is_live(const struct job *j)
{
	struct task_view t;

	task_look(&t);
	return t.state == TASK_RUNNING && j->state == JOB_RUNNING && !strcmp(j->kind, JOB_IMPORT);
}

static bool open_job(int64_t id)
{
	struct err_info e = {0};
	struct buf b;
	struct job j;
	char no[24];

	id_text(id, no);
	if (desk_job_get(ui_session(), no, &j, &e)) {
		ui_error(&e);
		return true;
	}
	if (is_live(&j)) {
		job_free(&j);
		task_show();
		return true;
	}
	buf_init(&b, DETAIL_MAX);
	job_text(&j, &b);
	view_push(&view_read_ops, &(struct read_arg) {.title = "任务", .text = buf_str(&b)});
	buf_free(&b);
	job_free(&j);
	return true;
}

static const char *cancel_why_not(const struct jobs *s)
{
	const struct list_row *row = list_row(&s->list);

	if (!row)
		return "没有选中的任务";
	if (strcmp(row->cell[CELL_STATE], job_state_word(JOB_READY)) != 0)
		return "只有待处理的任务可以取消";
	return screen_may(DESK_JOBS);
}

static bool ask_cancel(struct view *v)
{
	struct jobs *s = v->state;
	const struct list_row *row = list_row(&s->list);

	snprintf(s->question, sizeof(s->question), "取消第 %.20s 号任务“%.60s”？取消后不再执行。",
		 row->cell[0], row->cell[2]);
	return view_ask(
	    v, ASK_CANCEL, &view_ask_ops,
	    &(struct ask_arg) {
		.title = "取消任务", .text = s->question, .yes = "取消任务", .no = "保留"});
}

static void cancel(struct jobs *s)
{
	const struct list_row *row = list_row(&s->list);
	struct err_info e = {0};

	if (!row)
		return;
	if (desk_job_cancel(ui_session(), row->cell[0], &e))
		ui_error(&e);
	else
		ui_message(MESSAGE_GOOD, "第 %s 号任务已取消", row->cell[0]);
	s->list.stale = true;
}

/* ---- the view ---- */

static enum err jobs_open(struct view *v, const void *arg, struct err_info *e)
{
	struct jobs *s = v->state;
	enum err r = desk_allow(ui_session(), DESK_VIEW, e);
	int i;

	(void)arg;
	if (r)
		return r;
	kind_choices[0] = "全部";
	for (i = 0; i < KIND_COUNT; i++)
		kind_choices[i + 1] = desk_job_label(KINDS[i]);
	form_init(&s->filter, FILTER, s);
	form_set(&s->filter, FIELD_STATE, STATES[0]);
	form_set(&s->filter, FIELD_KIND, kind_choices[0]);
	list_init(&s->list, COLUMNS, jobs_source, s);
	s->list.title = "任务";
	s->list.filter = &s->filter;
	return ERR_OK;
}

static void jobs_close(struct view *v)
{
	struct jobs *s = v->state;

	list_free(&s->list);
	form_free(&s->filter);
}

static int live_rows(void)
{
	char words[64];

	return (*task_words(words) ? 1 : 0) + (ui_facts()->batch ? 1 : 0);
}

static void jobs_layout(struct view *v)
{
	struct jobs *s = v->state;
	struct rect r = v->area;

	s->live = rect_top(&r, live_rows());
	list_layout(&s->list, r);
	s->list.stale = true; /* times are longer in a wide area */
}

static void jobs_content(struct view *v, bool changed)
{
	struct jobs *s = v->state;

	if (live_rows() != s->live.h)
		jobs_layout(v);
	list_content(&s->list, changed);
}

/* Work that is no job of the engine's. */
static void paint_live(const struct jobs *s)
{
	const struct ui_facts *f = ui_facts();
	struct task_view t;
	char words[64], text[300];
	int row = 0;

	draw_clear(s->live, FACE_NORMAL);
	if (f->batch && s->live.h) {
		snprintf(text, sizeof(text), "批量开票 %lld 号：%lld/%lld，按 o 看",
			 (long long)f->batch, (long long)f->batch_done, (long long)f->batch_all);
		draw_text(s->live, row++, 1, s->live.w - 1, ALIGN_LEFT, FACE_GOOD, text);
	}
	task_look(&t);
	if (row >= s->live.h || t.state == TASK_NONE)
		return;
	snprintf(text, sizeof(text), "%s：%s，按 t 看%s", t.label,
		 task_words(words) + strlen(t.word) + 1, t.state == TASK_ENDED ? "结果" : "进度");
	draw_text(s->live, row, 1, s->live.w - 1, ALIGN_LEFT, FACE_GOOD, text);
}

static void jobs_paint(struct view *v)
{
	struct jobs *s = v->state;

	paint_live(s);
	list_paint(&s->list, true);
}

static void jobs_answer(struct view *v, int token, bool ok, const void *result)
{
	(void)result;
	if (token == ASK_CANCEL && ok)
		cancel(v->state);
}

static bool jobs_key(struct view *v, struct key k, const char *paste, size_t n)
{
	struct jobs *s = v->state;

	return list_key(&s->list, k, paste, n);
}

static bool jobs_act(struct view *v, enum action a)
{
	struct jobs *s = v->state;

	if (a == ACT_CANCEL_JOB && !s->list.filtering)
		return ask_cancel(v);
	switch (screen_list_act(&s->list, a)) {
	case LIST_OPEN:
		return open_job(list_row(&s->list)->id);
	case LIST_USED:
		return true;
	default:
		return screen_filter_keeps(&s->list, a);
	}
}

static const char *jobs_why_not(const struct view *v, enum action a)
{
	struct task_view t;

	if (a != ACT_GO_TASK)
		return a == ACT_CANCEL_JOB ? cancel_why_not(v->state) : NULL;
	task_look(&t);
	return t.state == TASK_NONE ? "没有正在进行的导入或导出" : NULL;
}

static const char *const *jobs_sections(const struct view *v)
{
	const struct jobs *s = v->state;

	return screen_list_sections(&s->list, "jobs");
}

static const enum action *jobs_hints(const struct view *v)
{
	static const enum action FILTERING[] = {ACT_ENTER, ACT_NEXT, ACT_RESET, ACT_BACK, ACT_NONE};
	static const enum action HINTS[] = {ACT_FIND,   ACT_DETAIL, ACT_CANCEL_JOB, ACT_REFRESH,
					    ACT_EXPORT, ACT_BACK,   ACT_NONE};
	static const enum action LIVE[] = {ACT_GO_TASK,    ACT_GO_BATCH, ACT_FIND, ACT_DETAIL,
					   ACT_CANCEL_JOB, ACT_REFRESH,  ACT_BACK, ACT_NONE};
	const struct jobs *s = v->state;

	if (s->list.filtering)
		return FILTERING;
	return rect_empty(s->live) ? HINTS : LIVE;
}

static const char *jobs_help(const struct view *v)
{
	const struct jobs *s = v->state;

	if (s->list.filtering)
		return form_help(&s->filter);
	return "每次办理都先记成任务，再由同步去办；连不上税局时自动再试。回车看详情，x "
	       "取消待处理的任务。";
}

static const char *jobs_state(const struct view *v)
{
	const struct jobs *s = v->state;

	return s->list.filtering ? "filtering" : s->list.count ? "listed" : "empty";
}

const struct view_ops view_jobs_ops = {
    .name = "jobs",
    .path = "任务",
    .size = sizeof(struct jobs),
    .open = jobs_open,
    .layout = jobs_layout,
    .content = jobs_content,
    .paint = jobs_paint,
    .sections = jobs_sections,
    .key = jobs_key,
    .act = jobs_act,
    .why_not = jobs_why_not,
    .hints = jobs_hints,
    .help = jobs_help,
    .answer = jobs_answer,
    .close = jobs_close,
    .state = jobs_state,
};

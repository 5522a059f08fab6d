/* jobs.c - 任务: what the engine has to do, does and did; the words of each; cancelling. */
#include <stdio.h>
#include <string.h>

#include "base/base.h"
#include "ui/screen/job_words.h"
#include "ui/screen/listing.h"
#include "ui/screen/of_unit.h"
#include "ui/task.h"

enum { FIELD_STATE = 1, FIELD_KIND, FIELD_UNIT };
enum { ASK_CANCEL = 1 };
enum { CELL_UNIT = 2, CELL_KIND, CELL_SHOWN, CELL_TIMES, CELL_DUE, CELL_WORDS };
enum { CELL_STATE = LIST_COLUMNS - 1 };

struct jobs {
	struct listing frame; /* its head: the import or export under way here, the batch */
	char question[300];
};

static const char *const STATES[] = {"全部", "待处理", "处理中", "成功", "失败", "已取消", NULL};

/* Names of the kinds, as desk_job_label has them. */
static const char *const KINDS[] = {
    JOB_UPLOAD,          JOB_POLL,           JOB_CLAIM,        JOB_QUOTA_SYNC, JOB_QUOTA_MOVE,
    JOB_QUOTA_ADJUST,    JOB_TAXPAYER,       JOB_TAXCODES,     JOB_VERIFY,     JOB_PROBE,
    JOB_IMPORT,          JOB_PUSH,           JOB_MAIL,         JOB_POST_TEST,  JOB_RECON,
    JOB_SUMMARY_CONFIRM, JOB_SUMMARY_CANCEL, JOB_SUMMARY_LOOK, JOB_RED_APPLY,  JOB_RED_ACT,
    JOB_RED_SYNC};
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
    {.id = FIELD_UNIT,
     .kind = FIELD_TEXT,
     .label = "单位",
     .col = 50,
     .width = 26,
     .wide_width = 30,
     .max_chars = 60,
     .complete = of_unit_complete,
     .help = OF_UNIT_HELP},
    {.id = 0},
};

static struct list_column columns[] = {
    {.label = "编号", .width = 7, .wide_width = 8, .align = ALIGN_RIGHT},
    {.label = "创建时间", .width = 11, .wide_width = 19},
    [CELL_UNIT] = {.label = "单位", .width = 12, .wide_width = 31},
    {.label = "任务", .width = 14, .wide_width = 16},
    {.label = "状态", .width = 6, .wide_width = 8},
    {.label = "次数", .width = 0, .wide_width = 4, .align = ALIGN_RIGHT},
    {.label = "下次执行", .width = 0, .wide_width = 11},
    {.label = "说明", .width = -1, .wide_width = -1},
    {.label = NULL},
};

/* ---- rows ---- */

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
	struct listing_page *p = arg;
	struct list_row *row = listing_row(p, j->id, face_of(j->state));
	bool wide = p->wide;

	snprintf(row->cell[0], LIST_CELL, "%lld", (long long)j->id);
	screen_when(j->created_at, wide, row->cell[1]);
	of_unit_put(j->unit_id, wide, row->cell[CELL_UNIT]);
	text_copy(row->cell[CELL_KIND], LIST_CELL, desk_job_label(j->kind));
	text_copy(row->cell[CELL_SHOWN], LIST_CELL, job_state_label(j->state));
	snprintf(row->cell[CELL_TIMES], LIST_CELL, "%d", j->attempts);
	if (j->state == JOB_READY)
		screen_when(j->due_ms / 1000, false, row->cell[CELL_DUE]);
	put_words(row->cell[CELL_WORDS], j, wide);
	text_copy(row->cell[CELL_STATE], LIST_CELL, job_state_word(j->state));
	return ERR_OK;
}

static enum err read_jobs(struct view *v, struct listing_page *p, struct err_info *e)
{
	const struct listing *s = v->state;
	int state = form_choice(&s->filter, FIELD_STATE),
	    kind = form_choice(&s->filter, FIELD_KIND);
	struct job_query q = {.state = state > 0 ? STATES[state] : NULL,
			      .kind = kind > 0 ? KINDS[kind - 1] : NULL,
			      .unit = form_get(&s->filter, FIELD_UNIT),
			      .cursor = p->cursor,
			      .limit = p->max};

	return desk_job_list(ui_session(), &q, add_job, p, &p->next, &p->total, e);
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
	view_push(
	    &view_read_ops,
	    &(struct read_arg) {.title = "任务", .text = buf_str(&b), .trouble = j.error_text});
	buf_free(&b);
	job_free(&j);
	return true;
}

static const char *cancel_why_not(const struct jobs *s)
{
	const struct list_row *row = list_row(&s->frame.list);

	if (!row)
		return "没有选中的任务";
	if (strcmp(row->cell[CELL_STATE], job_state_word(JOB_READY)) != 0)
		return "只有待处理的任务可以取消";
	return screen_may(DESK_JOBS);
}

static bool ask_cancel(struct view *v)
{
	struct jobs *s = v->state;
	const struct list_row *row = list_row(&s->frame.list);

	snprintf(s->question, sizeof(s->question), "取消第 %.20s 号任务“%.60s”？取消后不再执行。",
		 row->cell[0], row->cell[CELL_KIND]);
	return view_ask(
	    v, ASK_CANCEL, &view_ask_ops,
	    &(struct ask_arg) {
		.title = "取消任务", .text = s->question, .yes = "取消任务", .no = "保留"});
}

static void cancel(struct jobs *s)
{
	const struct list_row *row = list_row(&s->frame.list);
	struct err_info e = {0};

	if (!row)
		return;
	if (desk_job_cancel(ui_session(), row->cell[0], &e))
		ui_error(&e);
	else
		ui_message(MESSAGE_GOOD, "第 %s 号任务已取消", row->cell[0]);
	s->frame.list.stale = true;
}

/* ---- the view ---- */

static int live_rows(const struct view *v)
{
	char words[64];

	(void)v;
	return (*task_words(words) ? 1 : 0) + (ui_facts()->batch ? 1 : 0);
}

/* Work that is no job of the engine's. */
static bool paint_live(struct view *v)
{
	const struct listing *s = v->state;
	const struct ui_facts *f = ui_facts();
	struct task_view t;
	char words[64], text[300];
	int row = 0;

	draw_clear(s->head, FACE_NORMAL);
	if (f->batch && s->head.h) {
		snprintf(text, sizeof(text), "批量开票 %lld 号：%lld/%lld，按 o 看",
			 (long long)f->batch, (long long)f->batch_done, (long long)f->batch_all);
		draw_text(s->head, row++, 1, s->head.w - 1, ALIGN_LEFT, FACE_GOOD, text);
	}
	task_look(&t);
	if (row >= s->head.h || t.state == TASK_NONE)
		return true;
	snprintf(text, sizeof(text), "%s：%s，按 t 看%s", t.label,
		 task_words(words) + strlen(t.word) + 1, t.state == TASK_ENDED ? "结果" : "进度");
	draw_text(s->head, row, 1, s->head.w - 1, ALIGN_LEFT, FACE_GOOD, text);
	return true;
}

static void jobs_answer(struct view *v, int token, bool ok, const void *result)
{
	(void)result;
	if (token == ASK_CANCEL && ok)
		cancel(v->state);
}

static const char *jobs_why_not(const struct view *v, enum action a)
{
	struct task_view t;

	if (a != ACT_GO_TASK)
		return a == ACT_CANCEL_JOB ? cancel_why_not(v->state) : NULL;
	task_look(&t);
	return t.state == TASK_NONE ? "没有正在进行的导入或导出" : NULL;
}

static bool jobs_act(struct view *v, enum action a)
{
	return a == ACT_CANCEL_JOB && ask_cancel(v);
}

static bool jobs_chosen(struct view *v)
{
	const struct listing *s = v->state;

	return open_job(list_row(&s->list)->id);
}

static const enum action *jobs_hints(const struct view *v)
{
	static const enum action LIVE[] = {ACT_GO_TASK,    ACT_GO_BATCH, ACT_FIND,    ACT_DETAIL,
					   ACT_CANCEL_JOB, ACT_GO_RUNS,  ACT_GO_PLAN, ACT_REFRESH,
					   ACT_BACK,       ACT_NONE};
	const struct listing *s = v->state;

	return s->list.filtering || rect_empty(s->head) ? NULL : LIVE;
}

static const enum action HINTS[] = {ACT_FIND,    ACT_DETAIL,  ACT_CANCEL_JOB,
				    ACT_GO_RUNS, ACT_GO_PLAN, ACT_REFRESH,
				    ACT_EXPORT,  ACT_BACK,    ACT_NONE};
static const struct listing_kind JOBS = {
    .title = "任务",
    .columns = columns,
    .filter = FILTER,
    .allow = DESK_VIEW,
    .capped = true,
    .hints = HINTS,
    .help = "每次办理都先记成任务，再由同步去办；连不上税局时自动再试。回车看详情，x "
	    "取消待处理的任务；d 看日历上办了什么，p 看要办什么。",
    .read = read_jobs,
    .head_rows = live_rows,
    .paint = paint_live,
    .act = jobs_act,
    .chosen = jobs_chosen,
    .hints_now = jobs_hints,
};

static enum err jobs_open(struct view *v, const void *arg, struct err_info *e)
{
	int i;

	(void)arg;
	kind_choices[0] = "全部";
	columns[CELL_UNIT].from = of_unit_several() ? 0 : OF_UNIT_NEVER;
	for (i = 0; i < KIND_COUNT; i++)
		kind_choices[i + 1] = desk_job_label(KINDS[i]);
	return listing_open(v, &JOBS, e);
}

const struct view_ops view_jobs_ops = {
    LISTING_VIEW,      .name = "jobs",          .path = "任务",        .size = sizeof(struct jobs),
    .open = jobs_open, .why_not = jobs_why_not, .answer = jobs_answer,
};

/* batches.c - 批量开票: the batches there are, newest first; a new one from a file. */
#include <stdio.h>
#include <string.h>

#include "base/base.h"
#include "ui/screen/batch_p.h"
#include "ui/screen/listing.h"

enum { FIELD_STATE = 1 };

static const char *const STATES[] = {"全部",   "待开票", "开票中", "已暂停",
				     "已完成", "已取消", NULL};
static const struct field FILTER[] = {
    {.id = FIELD_STATE,
     .kind = FIELD_CHOICE,
     .label = "状态",
     .col = 6,
     .width = 8,
     .choices = STATES,
     .help = "空格或左右键选择；回车查询。"},
    {.id = 0},
};

static const struct list_column COLUMNS[] = {
    {.label = "批次", .width = 4, .wide_width = 6, .align = ALIGN_RIGHT},
    {.label = "导入时间", .width = 11, .wide_width = 19},
    {.label = "文件", .width = -1, .wide_width = -1},
    {.label = "经手人", .width = 0, .wide_width = 12},
    {.label = "张数", .width = 7, .wide_width = 8, .align = ALIGN_RIGHT},
    {.label = "有问题", .width = 6, .wide_width = 7, .align = ALIGN_RIGHT},
    {.label = "成功", .width = 7, .wide_width = 8, .align = ALIGN_RIGHT},
    {.label = "失败", .width = 6, .wide_width = 7, .align = ALIGN_RIGHT, .from = 70},
    {.label = "状态", .width = 11, .wide_width = 12},
    {.label = NULL},
};
enum { CELL_REASON = LIST_COLUMNS - 1 };

/* ---- rows ---- */

static void put_count(char cell[LIST_CELL], int64_t n)
{
	if (n)
		snprintf(cell, LIST_CELL, "%lld", (long long)n);
}

static void put_state(char cell[LIST_CELL], const struct order_batch *b)
{
	struct batch_progress p = batch_progress_of(b);
	bool partly = b->state == BATCH_RUNNING || b->state == BATCH_PAUSED;

	text_copy(cell, LIST_CELL, batch_state_label(b->state));
	if (partly && p.all)
		snprintf(cell, LIST_CELL, "%s %lld%%", batch_state_label(b->state),
			 (long long)(p.done * 100 / p.all));
}

static enum err add_batch(void *arg, const struct order_batch *b)
{
	struct listing_page *p = arg;
	struct list_row *row = listing_row(p, b->id, batch_face(b->state));
	char why[BATCH_SENTENCE];

	snprintf(row->cell[0], LIST_CELL, "%lld", (long long)b->id);
	screen_when(b->created_at, p->wide, row->cell[1]);
	text_copy(row->cell[2], LIST_CELL, b->file);
	if (p->wide)
		desk_batch_person(ui_session(), b->owner, row->cell[3], LIST_CELL);
	snprintf(row->cell[4], LIST_CELL, "%lld", (long long)b->orders);
	put_count(row->cell[5], b->counts[ORDER_BAD]);
	put_count(row->cell[6], b->counts[ORDER_ISSUED]);
	put_count(row->cell[7], b->counts[ORDER_FAILED]);
	put_state(row->cell[8], b);
	if (*b->reason)
		text_copy(row->cell[CELL_REASON], LIST_CELL, batch_why(b, why));
	return ERR_OK;
}

static enum err read_batches(struct view *v, struct listing_page *p, struct err_info *e)
{
	const struct listing *s = v->state;
	int at = form_choice(&s->filter, FIELD_STATE);
	enum batch_state state = BATCH_CHECKED;
	const struct batch_query q = {
	    .state = at > 0 && batch_state_parse(STATES[at], &state) ? &state : NULL,
	    .cursor = p->cursor,
	    .limit = p->max};

	return desk_batch_list(ui_session(), &q, add_batch, p, &p->next, &p->total, e);
}

/* ---- the view ---- */

/* Below the list: what the selected one waits for. */
static bool batches_paint(struct view *v)
{
	listing_say_cell(v->state, CELL_REASON);
	return true;
}

static bool batches_act(struct view *v, enum action a)
{
	(void)v;
	if (a == ACT_IMPORT)
		return view_push(&view_batch_import_ops, NULL);
	if (a != ACT_TEMPLATE)
		return false;
	batch_template();
	return true;
}

static bool batches_chosen(struct view *v)
{
	const struct listing *s = v->state;

	return view_push(&view_batch_ops, &list_row(&s->list)->id);
}

static const char *batches_why_not(const struct view *v, enum action a)
{
	(void)v;
	return a == ACT_IMPORT ? screen_may(DESK_ISSUE) : NULL;
}

static const enum action HINTS[] = {ACT_IMPORT, ACT_DETAIL,  ACT_TEMPLATE, ACT_FIND,
				    ACT_EXPORT, ACT_REFRESH, ACT_BACK,     ACT_NONE};
static const struct listing_kind BATCHES = {
    .title = "批量开票",
    .empty = "还没有。F5 导入税局的批量开票模板、CSV 或 JSON；没有模板按 T 下载。",
    .columns = COLUMNS,
    .filter = FILTER,
    .allow = DESK_VIEW,
    .of_unit = true,
    .foot = 1,
    .hints = HINTS,
    .help =
	"F5 导入一个文件：先检查，看过再开。回车看一个批次：每一张的状态和原因，开始、暂停、继续、"
	"导出结果。开着的批次离开画面、退出程序以后都会继续。",
    .trouble_cell = CELL_REASON,
    .read = read_batches,
    .paint = batches_paint,
    .act = batches_act,
    .chosen = batches_chosen,
};

static enum err batches_open(struct view *v, const void *arg, struct err_info *e)
{
	(void)arg;
	return listing_open(v, &BATCHES, e);
}

const struct view_ops view_batches_ops = {
    LISTING_VIEW,
    .name = "batches",
    .path = "开票 › 批量开票",
    .size = sizeof(struct listing),
    .open = batches_open,
    .why_not = batches_why_not,
};

/* batches.c - 批量开票: the batches there are, newest first; a new one from a file. */
#include <stdio.h>
#include <string.h>

#include "base/base.h"
#include "ui/screen/batch_p.h"

enum { FIELD_STATE = 1, WIDE = 100 };

struct batches {
	struct list list;
	struct form filter;
	struct rect foot;
};

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

struct page {
	struct list_row *rows;
	int count;
	bool wide;
};

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
	struct page *p = arg;
	struct list_row *row = &p->rows[p->count++];
	char why[BATCH_SENTENCE];

	*row = (struct list_row) {.id = b->id, .face = batch_face(b->state)};
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

static enum err batches_source(struct list *l, const char *cursor, int max, struct list_row *rows,
			       int *count, char next[64], struct err_info *e)
{
	struct batches *s = l->owner;
	struct page p = {.rows = rows, .wide = l->area.w > WIDE};
	int at = form_choice(&s->filter, FIELD_STATE);
	enum batch_state state = BATCH_CHECKED;
	const struct batch_query q = {
	    .state = at > 0 && batch_state_parse(STATES[at], &state) ? &state : NULL,
	    .cursor = screen_cursor(cursor),
	    .limit = max};
	int64_t after = 0;
	enum err r = desk_batch_list(ui_session(), &q, add_batch, &p, &after, &l->total, e);

	*count = p.count;
	screen_next(after, next);
	return r;
}

/* ---- the view ---- */

static enum err batches_open(struct view *v, const void *arg, struct err_info *e)
{
	struct batches *s = v->state;
	enum err r = desk_allow(ui_session(), DESK_VIEW, e);
	struct unit u;

	(void)arg;
	if (r)
		return r;
	if ((r = desk_unit(ui_session(), &u, e))) {
		err_hint(e, "请先完成开票业务配置");
		return r;
	}
	unit_free(&u);
	form_init(&s->filter, FILTER, s);
	form_set(&s->filter, FIELD_STATE, STATES[0]);
	list_init(&s->list, COLUMNS, batches_source, s);
	s->list.title = "批量开票";
	s->list.filter = &s->filter;
	s->list.empty = "还没有。F5 导入税局的批量开票模板、CSV 或 JSON；没有模板按 T 下载。";
	return ERR_OK;
}

static void batches_close(struct view *v)
{
	struct batches *s = v->state;

	list_free(&s->list);
	form_free(&s->filter);
}

static void batches_layout(struct view *v)
{
	struct batches *s = v->state;
	struct rect r = v->area;

	s->foot = rect_bottom(&r, 1);
	list_layout(&s->list, r);
	s->list.stale = true; /* cells differ with the width */
}

static void batches_content(struct view *v, bool changed)
{
	struct batches *s = v->state;

	list_content(&s->list, changed);
}

/* Below the list: what the selected one waits for. */
static void batches_paint(struct view *v)
{
	struct batches *s = v->state;
	const struct list_row *row = list_row(&s->list);

	draw_text(s->foot, 0, 0, 1, ALIGN_LEFT, FACE_NORMAL, "");
	draw_text(s->foot, 0, 1, s->foot.w - 1, ALIGN_LEFT, row ? row->face : FACE_NORMAL,
		  row ? row->cell[CELL_REASON] : "");
	list_paint(&s->list, true);
}

static bool batches_key(struct view *v, struct key k, const char *paste, size_t n)
{
	struct batches *s = v->state;

	return list_key(&s->list, k, paste, n);
}

static bool batches_act(struct view *v, enum action a)
{
	struct batches *s = v->state;

	if (!s->list.filtering && a == ACT_IMPORT)
		return view_push(&view_batch_import_ops, NULL);
	if (!s->list.filtering && a == ACT_TEMPLATE) {
		batch_template();
		return true;
	}
	switch (screen_list_act(&s->list, a)) {
	case LIST_OPEN:
		return view_push(&view_batch_ops, &list_row(&s->list)->id);
	case LIST_USED:
		return true;
	default:
		return screen_filter_keeps(&s->list, a);
	}
}

static const char *batches_why_not(const struct view *v, enum action a)
{
	(void)v;
	return a == ACT_IMPORT ? screen_may(DESK_ISSUE) : NULL;
}

static const char *const *batches_sections(const struct view *v)
{
	const struct batches *s = v->state;

	return screen_list_sections(&s->list, "batches");
}

static const enum action *batches_hints(const struct view *v)
{
	static const enum action FILTERING[] = {ACT_ENTER, ACT_NEXT, ACT_RESET, ACT_BACK, ACT_NONE};
	static const enum action HINTS[] = {ACT_IMPORT, ACT_DETAIL,  ACT_TEMPLATE, ACT_FIND,
					    ACT_EXPORT, ACT_REFRESH, ACT_BACK,     ACT_NONE};
	const struct batches *s = v->state;

	return s->list.filtering ? FILTERING : HINTS;
}

static const char *batches_help(const struct view *v)
{
	const struct batches *s = v->state;

	if (s->list.filtering)
		return form_help(&s->filter);
	return "F5 导入一个文件：先检查，看过再开。回车看一个批次：每一张的状态和原因，开始、暂停、继续、"
	       "导出结果。开着的批次离开画面、退出程序以后都会继续。";
}

static const char *batches_state(const struct view *v)
{
	const struct batches *s = v->state;

	return s->list.filtering ? "filtering" : s->list.count ? "listed" : "empty";
}

const struct view_ops view_batches_ops = {
    .name = "batches",
    .path = "开票 › 批量开票",
    .size = sizeof(struct batches),
    .open = batches_open,
    .layout = batches_layout,
    .content = batches_content,
    .paint = batches_paint,
    .sections = batches_sections,
    .key = batches_key,
    .act = batches_act,
    .why_not = batches_why_not,
    .hints = batches_hints,
    .help = batches_help,
    .close = batches_close,
    .state = batches_state,
};

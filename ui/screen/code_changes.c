/* code_changes.c - the differences between answers of the tax side, newest first. */
#include "ui/screen/code_changes.h"

#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "ui/dialog_p.h"
#include "ui/screen/parts.h"

enum { CELL_KIND = 1, CELL_CODE, CELL_NAME, CELL_WHAT };
enum { FOOT_ROWS = 2, ROOM_MIN = 10 };

struct changes {
	struct list list;
	struct rect foot; /* the row at hand, whole */
};

static const struct list_column COLUMNS[] = {
    {.label = "时间", .width = 11, .wide_width = 19},
    {.label = "", .width = 4, .wide_width = 4},
    {.label = "编码", .width = 19, .wide_width = 19},
    {.label = "名称", .width = 14, .wide_width = 24},
    {.label = "变化", .width = -1, .wide_width = -1},
    {.label = NULL},
};

struct page {
	struct list_row *rows;
	int count;
	bool wide;
};

static enum err add_change(void *arg, const struct taxcode_change *c)
{
	struct page *p = arg;
	struct list_row *row = &p->rows[p->count++];
	char when[32], *what = taxcode_change_text(c);

	*row = (struct list_row) {.id = c->id,
				  .face = c->kind == TAXCODE_ENDED ? FACE_WARNING : FACE_NORMAL};
	text_copy(row->cell[0], LIST_CELL, screen_when(c->at, p->wide, when));
	text_copy(row->cell[CELL_KIND], LIST_CELL, taxcode_kind_label(c->kind));
	text_copy(row->cell[CELL_CODE], LIST_CELL, c->code);
	text_copy(row->cell[CELL_NAME], LIST_CELL, c->now.name);
	text_copy(row->cell[CELL_WHAT], LIST_CELL, what);
	free(what);
	return ERR_OK;
}

static enum err read_changes(struct list *l, const char *cursor, int max, struct list_row *rows,
			     int *count, char next[64], struct err_info *e)
{
	struct page p = {.rows = rows, .wide = l->area.w > 100};
	int64_t after = 0, total = 0;
	enum err r = desk_taxcode_changes(ui_session(), "", screen_cursor(cursor), max, add_change,
					  &p, &after, &total, e);

	l->total = total;
	l->at_least = total >= DESK_COUNT_CAP;
	*count = p.count;
	screen_next(after, next);
	return r;
}

static enum err changes_open(struct view *v, const void *arg, struct err_info *e)
{
	struct changes *s = v->state;

	(void)arg;
	list_init(&s->list, COLUMNS, read_changes, s);
	s->list.empty = "还没有变化：首次同步之后，税局改了编码才有。";
	s->list.title = "税收分类编码的变化";
	return desk_allow(ui_session(), DESK_VIEW, e);
}

static void changes_close(struct view *v)
{
	struct changes *s = v->state;

	list_free(&s->list);
}

static void changes_layout(struct view *v)
{
	struct changes *s = v->state;
	struct rect r = v->area;

	s->foot = rect_bottom(&r, r.h > ROOM_MIN ? FOOT_ROWS : 0);
	list_layout(&s->list, r);
}

static void changes_content(struct view *v, bool changed)
{
	struct changes *s = v->state;

	list_content(&s->list, changed);
}

static void paint_foot(const struct changes *s)
{
	const struct list_row *row = list_row(&s->list);
	struct wrap w = {.count = 0};
	struct buf b;

	draw_clear(s->foot, FACE_NORMAL);
	if (!row || rect_empty(s->foot))
		return;
	buf_init(&b, DETAIL_MAX);
	buf_addf(&b, "%s %s：%s", row->cell[CELL_KIND], row->cell[CELL_NAME], row->cell[CELL_WHAT]);
	wrap_set(&w, buf_str(&b));
	wrap_layout(&w, s->foot.w - 2);
	wrap_paint(&w, rect_inset(s->foot, 0, 1), FACE_VALUE);
	wrap_free(&w);
	buf_free(&b);
}

static void changes_paint(struct view *v)
{
	struct changes *s = v->state;

	list_paint(&s->list, true);
	paint_foot(s);
}

static bool changes_act(struct view *v, enum action a)
{
	struct changes *s = v->state;
	enum list_result r = screen_list_act(&s->list, a);

	if (r == LIST_OPEN)
		code_detail(list_row(&s->list)->cell[CELL_CODE]);
	return r != LIST_UNUSED;
}

static const char *const *changes_sections(const struct view *v)
{
	const struct changes *s = v->state;

	return screen_list_sections(&s->list, "code-changes");
}

static const enum action *changes_hints(const struct view *v)
{
	static const enum action HINTS[] = {ACT_ENTER,   ACT_PAGE_DOWN, ACT_PAGE_UP,
					    ACT_REFRESH, ACT_BACK,      ACT_NONE};

	(void)v;
	return HINTS;
}

static const char *changes_help(const struct view *v)
{
	(void)v;
	return "历次从税局同步时新增、变更、停用的编码，最近的在前；回车看编码详情。";
}

static const char *changes_state(const struct view *v)
{
	const struct changes *s = v->state;

	return s->list.count ? "listed" : "empty";
}

const struct view_ops view_code_changes_ops = {
    .name = "code-changes",
    .path = "数电设置 › 税收分类编码 › 变化",
    .size = sizeof(struct changes),
    .open = changes_open,
    .layout = changes_layout,
    .content = changes_content,
    .paint = changes_paint,
    .sections = changes_sections,
    .act = changes_act,
    .hints = changes_hints,
    .help = changes_help,
    .close = changes_close,
    .state = changes_state,
};

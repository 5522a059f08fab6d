/* code_tree.c - reading pages of tax codes, going down and up the tree. */
#include "ui/screen/code_tree.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"

/* A branch is looked for on so many pages at most, going back up. */
enum { PAGES_BACK = 100 };

static const struct list_column COLUMNS[] = {
    {.label = "编码", .width = 19, .wide_width = 19},
    {.label = "名称", .width = -1, .wide_width = -1},
    {.label = "简称", .width = 12, .wide_width = 20, .from = 64},
    {.label = "税率", .width = 6, .wide_width = 12},
    {.label = "征收率", .width = 0, .wide_width = 12},
    {.label = "", .width = 6, .wide_width = 6},
    {.label = NULL},
};

/* ---- rows ---- */

struct page {
	const struct code_tree *tree;
	struct list_row *rows;
	int count, max;
	char after[CODE_TREE_CODE], last[CODE_TREE_CODE];
	bool more;
	int64_t total;
};

static void put_row(struct page *p, const struct tax_code *c)
{
	struct list_row *row = &p->rows[p->count++];
	bool stopped = *c->stop && strcmp(c->stop, p->tree->today) <= 0;

	*row = (struct list_row) {.id = strtoll(c->code, NULL, 10),
				  .face = c->summary || stopped ? FACE_DIM : FACE_VALUE};
	text_copy(row->cell[CODE_CELL_CODE], LIST_CELL, c->code);
	text_copy(row->cell[CODE_CELL_NAME], LIST_CELL, c->name);
	text_copy(row->cell[CODE_CELL_SHORT], LIST_CELL, c->short_name);
	text_copy(row->cell[CODE_CELL_VAT], LIST_CELL, c->vat_rates);
	text_copy(row->cell[CODE_CELL_LEVY], LIST_CELL, c->levy_rates);
	text_copy(row->cell[CODE_CELL_STATE], LIST_CELL,
		  stopped      ? "已停用"
		  : c->summary ? "汇总项"
			       : "");
	text_copy(row->cell[CODE_CELL_STOP], LIST_CELL, stopped ? c->stop : "");
	text_copy(row->cell[CODE_CELL_BRANCH], LIST_CELL, c->summary ? "1" : "");
}

static enum err add_found(void *arg, const struct tax_code *c)
{
	put_row(arg, c);
	return ERR_OK;
}

/* The children come all at once, in the order of their codes: a page is cut out. */
static enum err add_child(void *arg, const struct tax_code *c)
{
	struct page *p = arg;

	p->total++;
	if (strcmp(c->code, p->after) <= 0)
		return ERR_OK;
	if (p->count == p->max) {
		p->more = true;
		return ERR_OK;
	}
	put_row(p, c);
	text_copy(p->last, sizeof(p->last), c->code);
	return ERR_OK;
}

static enum err read_codes(struct list *l, const char *cursor, int max, struct list_row *rows,
			   int *count, char next[64], struct err_info *e)
{
	struct code_tree *t = l->owner;
	struct page p = {.tree = t, .rows = rows, .max = max};
	const char *text = t->words(t->owner);
	char after[20] = "";
	enum err r;

	date_text(clock_now(), t->today);
	text_copy(p.after, sizeof(p.after), cursor);
	l->at_least = false;
	if (*text) {
		r = desk_taxcode_search(ui_session(), text, cursor, max, add_found, &p, after,
					&p.total, &l->at_least, e);
	} else {
		r = desk_taxcode_children(ui_session(), t->level[t->levels].code, add_child, &p, e);
		if (p.more)
			text_copy(after, sizeof(after), p.last);
	}
	l->total = p.total;
	*count = p.count;
	text_copy(next, 64, after);
	return r;
}

void code_tree_init(struct code_tree *t, const char *(*words)(void *owner), void *owner)
{
	*t = (struct code_tree) {.words = words, .owner = owner};
	list_init(&t->list, COLUMNS, read_codes, t);
	t->list.empty = "没有找到，请改用别的文字。";
}

void code_tree_free(struct code_tree *t)
{
	list_free(&t->list);
}

/* ---- the tree ---- */

bool code_tree_searching(const struct code_tree *t)
{
	return *t->words(t->owner) != 0;
}

bool code_tree_enter(struct code_tree *t)
{
	const struct list_row *row = list_row(&t->list);
	struct code_level *l;

	if (!row || !row->cell[CODE_CELL_BRANCH][0] || t->levels + 1 == CODE_TREE_LEVELS)
		return false;
	l = &t->level[++t->levels];
	l->at = row->id;
	text_copy(l->code, sizeof(l->code), row->cell[CODE_CELL_CODE]);
	text_copy(l->name, sizeof(l->name), row->cell[CODE_CELL_NAME]);
	text_copy(l->words, sizeof(l->words), t->words(t->owner));
	list_reload(&t->list);
	return true;
}

const char *code_tree_above(const struct code_tree *t)
{
	return t->levels ? t->level[t->levels].words : NULL;
}

static bool select_id(struct list *l, int64_t id)
{
	int i;

	for (i = 0; i < l->count && l->rows[i].id != id; i++)
		;
	if (i < l->count)
		l->selected = i;
	return i < l->count;
}

void code_tree_leave(struct code_tree *t)
{
	int64_t at = t->level[t->levels--].at;
	int page;

	list_reload(&t->list);
	list_content(&t->list, false);
	for (page = 0; !select_id(&t->list, at) && t->list.next[0] && page < PAGES_BACK; page++) {
		t->list.selected = t->list.count - 1;
		list_act(&t->list, ACT_PAGE_DOWN);
		list_content(&t->list, false);
	}
}

void code_tree_paint_path(const struct code_tree *t, struct rect r, int row)
{
	char text[1200];
	struct buf b;
	int i, cols;

	buf_init(&b, sizeof(text) - 1);
	buf_adds(&b, code_tree_searching(t) ? "查找结果" : "目录");
	/* A long way down is told from its end. */
	for (i = t->levels > 3 ? t->levels - 2 : 1; i <= t->levels && !code_tree_searching(t); i++)
		buf_addf(&b, " › %s%s", i > 1 && t->levels > 3 && i == t->levels - 2 ? "… › " : "",
			 t->level[i].name);
	text_copy(text, sizeof(text), buf_str(&b));
	buf_free(&b);
	draw_text(r, row, 0, r.w, ALIGN_LEFT, FACE_TITLE, text);
	cols = draw_cols(text);
	if (!code_tree_searching(t) && cols + 18 < r.w)
		draw_text(r, row, cols + 2, r.w - cols - 3, ALIGN_RIGHT, FACE_DIM,
			  t->levels ? "左键回上一级" : "回车进入汇总项");
}

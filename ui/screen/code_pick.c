/* code_pick.c - a search line over the tree of tax codes; what is at hand is told in full below. */
#include "ui/screen/code_pick.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "ui/dialog_p.h"
#include "ui/form_p.h"
#include "ui/screen/code_tree.h"

enum { SEARCH_LABEL = 5, SEARCH_MAX = 60, TOP_ROWS = 2, FOOT_ROWS = 2, PICK_COLS = 116 };

struct code_pick {
	struct code_tree tree;
	struct line search;
	bool proposed; /* nobody typed what is looked for: typing begins anew */
	struct rect top, foot;
	struct tax_code taken; /* owns what the answer points to */
	struct code_picked result;
	int32_t *rates;
};

static const char *pick_words(void *owner)
{
	const struct code_pick *s = owner;

	return s->search.text;
}

/* ---- the name of the goods ---- */

static enum err seen_one(void *arg, const struct tax_code *c)
{
	(void)c;
	*(bool *)arg = true;
	return ERR_OK;
}

/* Ends of names that are no kind of goods: 商品 finds 商品混凝土. */
static bool says_nothing(const char *words)
{
	static const char *const EMPTY[] = {"商品", "产品", "货物", "物品", "用品", "项目"};
	size_t i;

	for (i = 0; i < sizeof(EMPTY) / sizeof(EMPTY[0]); i++) {
		if (!strcmp(EMPTY[i], words))
			return true;
	}
	return false;
}

/* The longest end of the name that finds something: 红富士苹果 finds nothing, 苹果 does. */
static const char *words_of(const char *name)
{
	uint32_t cp;

	while (text_chars(name) >= 2 && !says_nothing(name)) {
		char next[20];
		bool found = false;

		if (desk_taxcode_search(ui_session(), name, "", 1, seen_one, &found, next, NULL,
					NULL, NULL))
			return "";
		if (found)
			return name;
		name += text_next(name, strlen(name), &cp);
	}
	return "";
}

/* ---- life ---- */

static enum err pick_open(struct view *v, const void *arg, struct err_info *e)
{
	const struct code_pick_arg *a = arg;
	struct code_pick *s = v->state;
	char *name = text_trim(a && a->name ? a->name : "");

	(void)e;
	line_init(&s->search, SEARCH_MAX);
	line_set(&s->search, words_of(name));
	s->proposed = s->search.len > 0;
	code_tree_init(&s->tree, pick_words, s);
	free(name);
	return ERR_OK;
}

static void pick_close(struct view *v)
{
	struct code_pick *s = v->state;

	line_free(&s->search);
	code_tree_free(&s->tree);
	tax_code_free(&s->taken);
	free(s->rates);
}

static struct rect pick_place(struct view *v, struct rect area)
{
	(void)v;
	return rect_centre(area, area.h, area.w < PICK_COLS ? area.w : PICK_COLS);
}

static void pick_layout(struct view *v)
{
	struct code_pick *s = v->state;
	struct rect in = dialog_inside(v->area);

	s->top = rect_top(&in, TOP_ROWS);
	s->foot = rect_bottom(&in, in.h > FOOT_ROWS + 6 ? FOOT_ROWS : 0);
	list_layout(&s->tree.list, in);
}

static void pick_content(struct view *v, bool changed)
{
	struct code_pick *s = v->state;

	list_content(&s->tree.list, changed);
}

/* ---- painting ---- */

static void add_part(struct buf *b, const char *label, const char *value)
{
	if (*value)
		buf_addf(b, "%s%s %s", b->len ? "   " : "", label, value);
}

static void paint_foot(const struct code_pick *s)
{
	const struct list_row *row = list_row(&s->tree.list);
	struct buf b;

	draw_clear(s->foot, FACE_NORMAL);
	if (!row || rect_empty(s->foot))
		return;
	draw_text(s->foot, 0, 0, s->foot.w, ALIGN_LEFT, FACE_VALUE, row->cell[CODE_CELL_NAME]);
	buf_init(&b, 1200);
	add_part(&b, "简称", row->cell[CODE_CELL_SHORT]);
	add_part(&b, "税率", row->cell[CODE_CELL_VAT]);
	add_part(&b, "征收率", row->cell[CODE_CELL_LEVY]);
	if (row->cell[CODE_CELL_STOP][0])
		buf_addf(&b, "   %s 起停用", row->cell[CODE_CELL_STOP]);
	else if (row->cell[CODE_CELL_BRANCH][0])
		buf_adds(&b, "   汇总项不能用于开票，回车看它的下级");
	draw_text(s->foot, 1, 0, s->foot.w, ALIGN_LEFT, FACE_DIM, buf_str(&b));
	buf_free(&b);
}

static void pick_paint(struct view *v)
{
	struct code_pick *s = v->state;

	draw_box(v->area, "税收分类编码");
	draw_clear(s->top, FACE_NORMAL);
	code_tree_paint_path(&s->tree, s->top, 1);
	list_paint(&s->tree.list, false);
	paint_foot(s);
	draw_text(s->top, 0, 0, SEARCH_LABEL, ALIGN_LEFT, FACE_LABEL, "查找");
	draw_run(s->top, 0, SEARCH_LABEL, FACE_NORMAL, "[");
	draw_run(s->top, 0, s->top.w - 1, FACE_NORMAL, "]");
	form_paint_line(s->top, 0, SEARCH_LABEL + 1, s->top.w - SEARCH_LABEL - 2,
			s->proposed ? FACE_SELECTED : FACE_FOCUS, &s->search, true, false);
}

/* ---- choosing ---- */

static bool enter_branch(struct code_pick *s)
{
	if (!code_tree_enter(&s->tree))
		return false;
	line_clear(&s->search);
	s->proposed = false;
	return true;
}

static bool leave_branch(struct code_pick *s)
{
	const char *words = code_tree_above(&s->tree);

	if (!words)
		return false;
	line_set(&s->search, words);
	s->proposed = false;
	code_tree_leave(&s->tree);
	return true;
}

/* Another connection may have removed the code since it was read; rates that are not known yet are
 * no reason to refuse it. */
static bool give(struct code_pick *s, const char *code)
{
	struct err_info e = {0};
	size_t n = 0;

	tax_code_free(&s->taken);
	if (desk_taxcode_get(ui_session(), code, &s->taken, &e)) {
		ui_error(&e);
		return true;
	}
	free(s->rates);
	s->rates = NULL;
	if (desk_code_rates(ui_session(), code, &s->rates, &n, NULL))
		n = 0;
	s->result = (struct code_picked) {
	    .code = s->taken.code,
	    .name = s->taken.name,
	    .short_name = s->taken.short_name,
	    .rates = s->rates,
	    .rate_count = n,
	};
	view_pop(true, &s->result);
	return true;
}

static bool take(struct code_pick *s)
{
	const struct list_row *row = list_row(&s->tree.list);

	if (!row)
		return false;
	if (row->cell[CODE_CELL_BRANCH][0])
		return enter_branch(s);
	if (!row->cell[CODE_CELL_STOP][0])
		return give(s, row->cell[CODE_CELL_CODE]);
	ui_message(MESSAGE_WARNING, "“%s”从 %s 起停用，不能再用于开票，请选别的。",
		   row->cell[CODE_CELL_NAME], row->cell[CODE_CELL_STOP]);
	return true;
}

static bool close_pick(struct code_pick *s)
{
	(void)s;
	view_pop(false, NULL);
	return true;
}

static bool is_move(enum action a)
{
	return a == ACT_UP || a == ACT_DOWN || a == ACT_PAGE_UP || a == ACT_PAGE_DOWN ||
	       a == ACT_FIRST || a == ACT_LAST;
}

static bool pick_act(struct view *v, enum action a)
{
	static const struct {
		enum action action;
		bool (*run)(struct code_pick *s);
	} ACTS[] = {
	    {ACT_RIGHT, enter_branch},
	    {ACT_LEFT, leave_branch},
	    {ACT_ENTER, take},
	    {ACT_BACK, close_pick},
	};
	struct code_pick *s = v->state;
	size_t i;

	/* A second key may come before the page of the first was read. */
	list_content(&s->tree.list, false);
	for (i = 0; i < sizeof(ACTS) / sizeof(ACTS[0]); i++) {
		if (ACTS[i].action == a)
			return ACTS[i].run(s);
	}
	if (is_move(a))
		return list_act(&s->tree.list, a) != LIST_UNUSED;
	if (s->proposed && (a == ACT_DELETE_BACK || a == ACT_DELETE_HERE))
		a = ACT_CLEAR;
	s->proposed = false;
	if (form_edit(&s->search, a) != EDIT_CHANGED)
		return false;
	list_reload(&s->tree.list);
	return true;
}

static bool pick_key(struct view *v, struct key k, const char *paste, size_t n)
{
	struct code_pick *s = v->state;
	bool typed = k.code == K_PASTE || key_is_text(k);

	if (typed && s->proposed)
		line_clear(&s->search);
	if (k.code == K_PASTE)
		typed = line_paste(&s->search, paste, n);
	else
		typed = typed && line_insert(&s->search, k.code);
	s->proposed &= !typed;
	if (typed)
		list_reload(&s->tree.list);
	return typed;
}

static const char *const *pick_sections(const struct view *v)
{
	static const char *const SECTIONS[] = {"picker", NULL};

	(void)v;
	return SECTIONS;
}

static const enum action *pick_hints(const struct view *v)
{
	static const enum action HINTS[] = {ACT_ENTER,   ACT_RIGHT, ACT_LEFT, ACT_PAGE_DOWN,
					    ACT_PAGE_UP, ACT_CLEAR, ACT_BACK, ACT_NONE};

	(void)v;
	return HINTS;
}

static const char *pick_help(const struct view *v)
{
	(void)v;
	return "按编码、名称、简称或拼音查找；不输入时逐级看目录：右键进入汇总项，左键回上一级，"
	       "回车选用明细编码。";
}

static const char *pick_state(const struct view *v)
{
	const struct code_pick *s = v->state;

	return !s->tree.list.count ? "empty" : code_tree_searching(&s->tree) ? "found" : "tree";
}

const struct view_ops view_code_pick_ops = {
    .name = "code-pick",
    .modal = true,
    .size = sizeof(struct code_pick),
    .open = pick_open,
    .place = pick_place,
    .layout = pick_layout,
    .content = pick_content,
    .paint = pick_paint,
    .sections = pick_sections,
    .key = pick_key,
    .act = pick_act,
    .hints = pick_hints,
    .help = pick_help,
    .close = pick_close,
    .state = pick_state,
};

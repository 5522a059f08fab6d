/* codes.c - 税收分类编码: search and tree, detail, sync. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "ui/screen/parts.h"

enum { FIELD_WORDS = 1 };
enum { CODE = 20, LEVELS = 12, PANE_ROWS = 2 };
enum { CELL_BRANCH = LIST_COLUMNS - 1 };

struct codes {
	struct list list;
	struct form filter;
	struct errand errand;
	struct rect pane;
	char parent[LEVELS][CODE], name[LEVELS][64]; /* the way down; level 0 is the top */
	int64_t at[LEVELS];                          /* the code entered from each level */
	int level;
	int64_t total, from_tax;
	bool counted;
};

static const struct field FILTER[] = {
    {.id = FIELD_WORDS,
     .kind = FIELD_TEXT,
     .label = "查找",
     .col = 6,
     .width = 40,
     .wide_width = 60,
     .max_chars = 60,
     .help = "名称、简称、关键字，或编码的前几位；几个词用空格分开。回车查找，空着看目录。"},
    {.id = 0},
};

static const struct list_column COLUMNS[] = {
    {.label = "编码", .width = 19, .wide_width = 19},
    {.label = "名称", .width = -1, .wide_width = -1},
    {.label = "简称", .width = 12, .wide_width = 20, .from = 70},
    {.label = "税率", .width = 10, .wide_width = 14},
    {.label = "征收率", .width = 0, .wide_width = 10},
    {.label = "", .width = 6, .wide_width = 6},
    {.label = NULL},
};

/* ---- rows ---- */

struct page {
	struct list_row *rows;
	int count, max;
	char after[CODE], last[CODE];
	bool more;
	int64_t total;
};

static void put_row(struct page *p, const struct tax_code *c)
{
	struct list_row *row = &p->rows[p->count++];

	*row = (struct list_row) {.id = strtoll(c->code, NULL, 10),
				  .face = c->summary ? FACE_NORMAL : FACE_VALUE};
	text_copy(row->cell[0], LIST_CELL, c->code);
	text_copy(row->cell[1], LIST_CELL, c->name);
	text_copy(row->cell[2], LIST_CELL, c->short_name ? c->short_name : "");
	text_copy(row->cell[3], LIST_CELL, c->vat_rates ? c->vat_rates : "");
	text_copy(row->cell[4], LIST_CELL, c->levy_rates ? c->levy_rates : "");
	text_copy(row->cell[5], LIST_CELL, c->summary ? "汇总项" : "");
	text_copy(row->cell[CELL_BRANCH], LIST_CELL, c->summary ? "1" : "");
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

static enum err codes_source(struct list *l, const char *cursor, int max, struct list_row *rows,
			     int *count, char next[64], struct err_info *e)
{
	struct codes *s = l->owner;
	struct page p = {.rows = rows, .max = max};
	const char *text = form_get(&s->filter, FIELD_WORDS);
	char after[CODE] = "";
	enum err r;

	l->at_least = false;
	text_copy(p.after, sizeof(p.after), cursor);
	if (*text) {
		r = desk_taxcode_search(ui_session(), text, cursor, max, add_found, &p, after,
					&p.total, &l->at_least, e);
	} else {
		r = desk_taxcode_children(ui_session(), s->parent[s->level], add_child, &p, e);
		if (p.more)
			text_copy(after, sizeof(after), p.last);
	}
	l->total = p.total;
	*count = p.count;
	text_copy(next, 64, after);
	return r;
}

/* ---- the tree ---- */

static bool searching(const struct codes *s)
{
	return *form_get(&s->filter, FIELD_WORDS) != 0;
}

static bool enter_branch(struct codes *s)
{
	const struct list_row *row = list_row(&s->list);

	if (!row || !row->cell[CELL_BRANCH][0] || searching(s) || s->level + 1 == LEVELS)
		return false;
	s->at[s->level++] = row->id;
	text_copy(s->parent[s->level], CODE, row->cell[0]);
	text_copy(s->name[s->level], sizeof(s->name[0]), row->cell[1]);
	list_reload(&s->list);
	return true;
}

/* Back up, to the branch that was entered. */
static bool leave_branch(struct codes *s)
{
	int i;

	if (!s->level || searching(s))
		return false;
	s->level--;
	list_reload(&s->list);
	list_content(&s->list, false);
	for (i = 0; i < s->list.count; i++) {
		if (s->list.rows[i].id == s->at[s->level])
			s->list.selected = i;
	}
	return true;
}

static void code_text(const struct tax_code *c, struct buf *b)
{
	detail_add(b, "编码", c->code);
	detail_add(b, "名称", c->name);
	detail_add(b, "简称", c->short_name);
	detail_add(b, "上级编码", c->parent);
	detail_add(b, "税率", c->vat_rates);
	detail_add(b, "征收率", c->levy_rates);
	detail_add(b, "汇总项", c->summary ? "是，不能用于开票" : "否，可以用于开票");
	detail_add(b, "差额征税", c->differential ? "是" : "");
	detail_add(b, "不征税", c->untaxed ? "是" : "");
	detail_add(b, "有效期起", c->start);
	detail_add(b, "有效期止", c->stop);
	detail_add(b, "关键字", c->keywords);
	detail_add(b, "说明", c->note);
}

static bool open_code(const struct list_row *row)
{
	struct err_info e = {0};
	struct tax_code c;
	struct buf b;

	if (!row)
		return false;
	if (desk_taxcode_get(ui_session(), row->cell[0], &c, &e)) {
		ui_error(&e);
		return true;
	}
	buf_init(&b, DETAIL_MAX);
	code_text(&c, &b);
	view_push(&view_read_ops,
		  &(struct read_arg) {.title = "税收分类编码", .text = buf_str(&b)});
	buf_free(&b);
	tax_code_free(&c);
	return true;
}

static bool sync_codes(struct codes *s)
{
	struct err_info e = {0};
	enum err r = desk_taxcode_sync(ui_session(), errand_wait(&s->errand), &e);

	errand_begin(&s->errand, "同步税收分类编码", r, &e);
	return true;
}

/* ---- the view ---- */

static enum err codes_open(struct view *v, const void *arg, struct err_info *e)
{
	struct codes *s = v->state;
	enum err r = desk_allow(ui_session(), DESK_VIEW, e);

	(void)arg;
	if (r)
		return r;
	form_init(&s->filter, FILTER, s);
	list_init(&s->list, COLUMNS, codes_source, s);
	s->list.filter = &s->filter;
	return ERR_OK;
}

static void codes_close(struct view *v)
{
	struct codes *s = v->state;

	list_free(&s->list);
	form_free(&s->filter);
	errand_free(&s->errand);
}

static void codes_layout(struct view *v)
{
	struct codes *s = v->state;
	struct rect r = v->area;

	s->pane = rect_top(&r, PANE_ROWS);
	list_layout(&s->list, r);
}

static void codes_content(struct view *v, bool changed)
{
	struct codes *s = v->state;
	struct err_info e = {0};
	enum err verdict;

	if (changed && errand_rests(&s->errand, &verdict, &e)) {
		errand_tell(&s->errand, verdict, &e);
		s->counted = false;
	}
	if (!s->counted)
		s->counted = !desk_taxcode_count(ui_session(), &s->total, &s->from_tax, NULL);
	list_content(&s->list, changed);
}

static void paint_pane(const struct codes *s)
{
	char text[1200], words[160];
	struct buf b;
	int i;

	draw_clear(s->pane, FACE_NORMAL);
	snprintf(text, sizeof(text), "共 %lld 个编码，其中税局同步 %lld 个", (long long)s->total,
		 (long long)s->from_tax);
	draw_run(s->pane, 0, 1, s->from_tax ? FACE_VALUE : FACE_WARNING, text);
	if (s->errand.open)
		draw_text(s->pane, 0, 42, s->pane.w - 42, ALIGN_LEFT, FACE_WARNING,
			  errand_words(&s->errand, words));
	else if (!s->from_tax)
		draw_text(s->pane, 0, 42, s->pane.w - 42, ALIGN_LEFT, FACE_WARNING,
			  "随程序附带的常用编码，按 s 同步");
	buf_init(&b, sizeof(text) - 1);
	for (i = 1; i <= s->level && !searching(s); i++)
		buf_addf(&b, " › %s", s->name[i]);
	snprintf(text, sizeof(text), "%s%s", searching(s) ? "查找结果" : "目录", buf_str(&b));
	buf_free(&b);
	i = 1 + draw_run(s->pane, 1, 1, FACE_TITLE, text);
	if (!searching(s) && i + 32 < s->pane.w)
		draw_text(s->pane, 1, i + 2, s->pane.w - i - 3, ALIGN_RIGHT, FACE_DIM,
			  s->level ? "左键回上一级" : "回车进入下一级");
}

static void codes_paint(struct view *v)
{
	struct codes *s = v->state;

	paint_pane(s);
	list_paint(&s->list, true);
}

static bool codes_key(struct view *v, struct key k, const char *paste, size_t n)
{
	struct codes *s = v->state;

	return list_key(&s->list, k, paste, n);
}

static bool codes_act(struct view *v, enum action a)
{
	struct codes *s = v->state;

	if (a == ACT_SYNC_CODES && !s->list.filtering)
		return sync_codes(s);
	if (!s->list.filtering) {
		if (a == ACT_RIGHT)
			return enter_branch(s);
		if ((a == ACT_LEFT || a == ACT_BACK) && leave_branch(s))
			return true;
		if (a == ACT_ENTER && enter_branch(s))
			return true;
	}
	switch (screen_list_act(&s->list, a)) {
	case LIST_OPEN:
		return open_code(list_row(&s->list));
	case LIST_USED:
		return true;
	default:
		return screen_filter_keeps(&s->list, a);
	}
}

static const char *codes_why_not(const struct view *v, enum action a)
{
	const struct codes *s = v->state;
	const char *why;

	if (a != ACT_SYNC_CODES)
		return NULL;
	return (why = screen_may(DESK_REFRESH)) ? why : errand_why(&s->errand);
}

static const char *const *codes_sections(const struct view *v)
{
	const struct codes *s = v->state;

	return screen_list_sections(&s->list, "codes");
}

static const enum action *codes_hints(const struct view *v)
{
	static const enum action FILTERING[] = {ACT_ENTER, ACT_RESET, ACT_BACK, ACT_NONE};
	static const enum action HINTS[] = {ACT_FIND,       ACT_ENTER, ACT_DETAIL, ACT_RESET,
					    ACT_SYNC_CODES, ACT_BACK,  ACT_NONE};
	const struct codes *s = v->state;

	return s->list.filtering ? FILTERING : HINTS;
}

static const char *codes_help(const struct view *v)
{
	const struct codes *s = v->state;

	if (s->list.filtering)
		return form_help(&s->filter);
	return "F3 按词或编码查找；右键或回车进入汇总项，左键或 Esc 回上一级，F2 看详情，s "
	       "从税局同步。";
}

static const char *codes_state(const struct view *v)
{
	const struct codes *s = v->state;

	if (s->errand.open)
		return "waiting";
	return s->list.filtering ? "filtering" : s->list.count ? "listed" : "empty";
}

const struct view_ops view_codes_ops = {
    .name = "codes",
    .path = "数电设置 › 税收分类编码",
    .size = sizeof(struct codes),
    .open = codes_open,
    .layout = codes_layout,
    .content = codes_content,
    .paint = codes_paint,
    .sections = codes_sections,
    .key = codes_key,
    .act = codes_act,
    .why_not = codes_why_not,
    .hints = codes_hints,
    .help = codes_help,
    .close = codes_close,
    .state = codes_state,
};

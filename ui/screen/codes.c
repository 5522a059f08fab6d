/* codes.c - 税收分类编码: search and tree, detail, sync and what it changed, import. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "ui/screen/code_changes.h"
#include "ui/screen/code_tree.h"
#include "ui/screen/import.h"
#include "ui/screen/parts.h"

enum { FIELD_WORDS = 1 };
enum { PANE_ROWS = 2, DETAIL_CHANGES = 20 };

struct codes {
	struct code_tree tree;
	struct form filter;
	struct errand errand;
	struct rect pane;
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
     .help = "名称、简称、关键字或它们的拼音，或编码的前几位；几个词用空格分开。空着看目录。"},
    {.id = 0},
};

static const char *words_of(void *owner)
{
	const struct codes *s = owner;

	return form_get(&s->filter, FIELD_WORDS);
}

/* ---- the tree ---- */

static bool enter_branch(struct codes *s)
{
	if (!code_tree_enter(&s->tree))
		return false;
	form_set(&s->filter, FIELD_WORDS, "");
	return true;
}

/* Back up, to the branch that was entered or the words it was found by. */
static bool leave_branch(struct codes *s)
{
	const char *words = code_tree_above(&s->tree);

	if (!words)
		return false;
	form_set(&s->filter, FIELD_WORDS, words);
	code_tree_leave(&s->tree);
	return true;
}

/* ---- detail ---- */

static enum err add_change(void *arg, const struct taxcode_change *c)
{
	char day[DATE_TEXT], *what = taxcode_change_text(c);
	struct buf line;

	buf_init(&line, DETAIL_MAX);
	buf_addf(&line, "%s %s：%s", date_text(c->at, day), taxcode_kind_label(c->kind), what);
	detail_add(arg, "同步的变化", buf_str(&line));
	buf_free(&line);
	free(what);
	return ERR_OK;
}

static const char *stop_words(const struct tax_code *c, char out[64])
{
	char today[DATE_TEXT];

	out[0] = 0;
	if (*c->stop)
		snprintf(out, 64, "%s%s", c->stop,
			 strcmp(c->stop, date_text(clock_now(), today)) <= 0
			     ? "，已停用，不能用于开票"
			     : "，到这天停用");
	return out;
}

static void code_text(const struct tax_code *c, struct buf *b)
{
	int64_t next;
	char stop[64];

	detail_add(b, "编码", c->code);
	detail_add(b, "名称", c->name);
	detail_add(b, "简称", c->short_name);
	detail_add(b, "上级编码", c->parent);
	detail_add(b, "税率", c->vat_rates);
	detail_add(b, "征收率", c->levy_rates);
	detail_add(b, "汇总项", c->summary ? "是，不能用于开票" : "否");
	detail_add(b, "差额征税", c->differential ? "是" : "");
	detail_add(b, "不征税", c->untaxed ? "是" : "");
	detail_add(b, "启用日期", c->start);
	detail_add(b, "停用日期", stop_words(c, stop));
	detail_add(b, "关键字", c->keywords);
	detail_add(b, "说明", c->note);
	desk_taxcode_changes(ui_session(), c->code, 0, DETAIL_CHANGES, add_change, b, &next, NULL,
			     NULL);
}

void code_detail(const char *code)
{
	struct err_info e = {0};
	struct tax_code c;
	struct buf b;

	if (desk_taxcode_get(ui_session(), code, &c, &e)) {
		ui_error(&e);
		return;
	}
	buf_init(&b, DETAIL_MAX);
	code_text(&c, &b);
	view_push(&view_read_ops,
		  &(struct read_arg) {.title = "税收分类编码", .text = buf_str(&b)});
	buf_free(&b);
	tax_code_free(&c);
}

static bool open_code(const struct codes *s)
{
	const struct list_row *row = list_row(&s->tree.list);

	if (row)
		code_detail(row->cell[CODE_CELL_CODE]);
	return row != NULL;
}

/* ---- sync, import ---- */

static bool sync_codes(struct codes *s)
{
	struct err_info e = {0};
	enum err r = desk_taxcode_sync(ui_session(), errand_wait(&s->errand), &e);

	errand_begin(&s->errand, "同步税收分类编码", r, &e);
	return true;
}

/* What a sync that went well has brought. */
static void tell_synced(const struct codes *s)
{
	char text[TAXCODE_SYNCED];
	struct taxcode_synced d;

	if (desk_taxcode_synced(ui_session(), &s->errand.wait, &d, NULL))
		return;
	ui_message(MESSAGE_GOOD, "同步税收分类编码：%s%s", taxcode_synced_text(&d, text),
		   d.news.added + d.news.changed + d.news.stopped && !d.news.first ? "，按 d 看变化"
										   : "");
}

static bool show_changes(struct codes *s)
{
	(void)s;
	view_push(&view_code_changes_ops, NULL);
	return true;
}

static bool import_codes(struct codes *s)
{
	if (view_push(&view_import_ops, &(struct import_arg) {.table = "taxcodes"}) && s->from_tax)
		ui_message(MESSAGE_WARNING, "税局下发的编码以税局的为准，导入只补上其中没有的。");
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
	code_tree_init(&s->tree, words_of, s);
	s->tree.list.filter = &s->filter;
	s->tree.list.title = "税收分类编码";
	return ERR_OK;
}

static void codes_close(struct view *v)
{
	struct codes *s = v->state;

	code_tree_free(&s->tree);
	form_free(&s->filter);
	errand_free(&s->errand);
}

static void codes_layout(struct view *v)
{
	struct codes *s = v->state;
	struct rect r = v->area;

	s->pane = rect_top(&r, PANE_ROWS);
	list_layout(&s->tree.list, r);
}

static void codes_content(struct view *v, bool changed)
{
	struct codes *s = v->state;
	struct err_info e = {0};
	enum err verdict;

	if (changed && errand_rests(&s->errand, &verdict, &e)) {
		if (verdict)
			errand_tell(&s->errand, verdict, &e);
		else
			tell_synced(s);
	}
	s->counted &= !changed;
	if (!s->counted)
		s->counted = !desk_taxcode_count(ui_session(), &s->total, &s->from_tax, NULL);
	list_content(&s->tree.list, changed);
}

static void paint_pane(const struct codes *s)
{
	char text[120], words[160];

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
	code_tree_paint_path(&s->tree,
			     (struct rect) {s->pane.y, s->pane.x + 1, s->pane.h, s->pane.w - 1}, 1);
}

static void codes_paint(struct view *v)
{
	struct codes *s = v->state;

	paint_pane(s);
	list_paint(&s->tree.list, true);
}

/* What is typed is looked for at once. */
static bool words_changed(struct codes *s, const char *before)
{
	bool other = strcmp(before, words_of(s)) != 0;

	if (other)
		list_reload(&s->tree.list);
	return other;
}

static bool codes_key(struct view *v, struct key k, const char *paste, size_t n)
{
	struct codes *s = v->state;
	char *before = mem_strdup(words_of(s));
	bool used = list_key(&s->tree.list, k, paste, n);

	words_changed(s, before);
	free(before);
	return used;
}

static bool filter_act(struct codes *s, enum action a)
{
	char *before = mem_strdup(words_of(s));
	/* The only field: DOWN goes to what was found. */
	bool used = screen_list_act(&s->tree.list, a == ACT_DOWN ? ACT_ENTER : a) != LIST_UNUSED;

	words_changed(s, before);
	free(before);
	return used || screen_filter_keeps(&s->tree.list, a);
}

static bool codes_act(struct view *v, enum action a)
{
	static const struct {
		enum action action;
		bool (*run)(struct codes *s);
	} ACTS[] = {
	    {ACT_SYNC_CODES, sync_codes}, {ACT_CHANGES, show_changes}, {ACT_IMPORT, import_codes},
	    {ACT_RIGHT, enter_branch},    {ACT_ENTER, enter_branch},   {ACT_LEFT, leave_branch},
	    {ACT_BACK, leave_branch},
	};
	struct codes *s = v->state;
	size_t i;

	if (s->tree.list.filtering)
		return filter_act(s, a);
	/* A second key may come before the page of the first was read. */
	list_content(&s->tree.list, false);
	for (i = 0; i < sizeof(ACTS) / sizeof(ACTS[0]); i++) {
		if (ACTS[i].action == a && ACTS[i].run(s))
			return true;
	}
	switch (screen_list_act(&s->tree.list, a)) {
	case LIST_OPEN:
		return open_code(s);
	case LIST_USED:
		return true;
	default:
		return false;
	}
}

static const char *codes_why_not(const struct view *v, enum action a)
{
	const struct codes *s = v->state;
	const char *why;

	if (a == ACT_IMPORT)
		return screen_may(DESK_PARAMS);
	if (a != ACT_SYNC_CODES)
		return NULL;
	return (why = screen_may(DESK_REFRESH)) ? why : errand_why(&s->errand);
}

static const char *const *codes_sections(const struct view *v)
{
	const struct codes *s = v->state;

	return screen_list_sections(&s->tree.list, "codes");
}

static const enum action *codes_hints(const struct view *v)
{
	static const enum action FILTERING[] = {ACT_ENTER, ACT_RESET, ACT_BACK, ACT_NONE};
	static const enum action HINTS[] = {ACT_FIND,   ACT_DETAIL, ACT_SYNC_CODES, ACT_IMPORT,
					    ACT_EXPORT, ACT_ENTER,  ACT_CHANGES,    ACT_RESET,
					    ACT_BACK,   ACT_NONE};
	const struct codes *s = v->state;

	return s->tree.list.filtering ? FILTERING : HINTS;
}

static const char *codes_help(const struct view *v)
{
	const struct codes *s = v->state;

	if (s->tree.list.filtering)
		return form_help(&s->filter);
	return "F3 按编码、名称、拼音查找；右键或回车进入汇总项，左键或 Esc 回上一级，F2 看详情，s "
	       "从税局同步，d 看变化，F5 导入。";
}

static const char *codes_state(const struct view *v)
{
	const struct codes *s = v->state;

	if (s->errand.open)
		return "waiting";
	return s->tree.list.filtering ? "filtering" : s->tree.list.count ? "listed" : "empty";
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

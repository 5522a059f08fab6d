/* blue_remark.c - 备注常用语: the box to choose one from, and where its text goes. */
#include "ui/screen/blue_remark.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "ui/dialog_p.h"
#include "ui/screen/blue_p.h"

enum { ASK_TEXT = 1, ASK_REMOVE };
enum { FIELD_BODY = 1, BOX_COLS = 76, NUMBER_COLS = 4, SHOWN_ROWS = 2, FIXED_ROWS = 4 };

struct phrases {
	struct view *view;
	struct phrase *items; /* owned */
	size_t count;
	int selected, top;
	int64_t edited; /* of the open form; 0: a new one */
	char *remark, *order_no, *chosen;
	char question[300];
	struct wrap shown; /* the selected one, filled in */
};

/* ---- the list ---- */

static enum err reload(struct phrases *s, struct err_info *e)
{
	struct phrase *items = NULL;
	size_t n = 0;
	enum err r = desk_phrase_list(ui_session(), &items, &n, e);

	if (r)
		return r;
	free(s->items);
	s->items = items;
	s->count = n;
	if (s->selected >= (int)n)
		s->selected = n ? (int)n - 1 : 0;
	return ERR_OK;
}

static const struct phrase *here(const struct phrases *s)
{
	return s->count ? &s->items[s->selected] : NULL;
}

static char *filled(const struct phrases *s, const struct phrase *p)
{
	return phrase_fill(p->body, clock_now(), s->order_no);
}

static void show_filled(struct phrases *s)
{
	const struct phrase *p = here(s);
	char *text = p ? filled(s, p) : mem_strdup("");

	wrap_set(&s->shown, text);
	free(text);
}

static void reload_or_say(struct phrases *s)
{
	struct err_info e = {0};

	if (reload(s, &e))
		ui_error(&e);
	show_filled(s);
}

static enum err phrases_open(struct view *v, const void *arg, struct err_info *e)
{
	const struct phrases_arg *a = arg;
	struct phrases *s = v->state;
	enum err r = reload(s, e);

	if (r)
		return r;
	s->view = v;
	s->remark = text_trim(a->remark);
	s->order_no = text_trim(a->order_no);
	show_filled(s);
	return ERR_OK;
}

static void phrases_close(struct view *v)
{
	struct phrases *s = v->state;

	free(s->items);
	free(s->remark);
	free(s->order_no);
	free(s->chosen);
	wrap_free(&s->shown);
}

/* ---- painting ---- */

static struct rect phrases_place(struct view *v, struct rect area)
{
	const struct phrases *s = v->state;
	int rows = (int)s->count > 1 ? (int)s->count : 2;

	rows += FIXED_ROWS + SHOWN_ROWS;
	return rect_centre(area, rows < area.h ? rows : area.h,
			   area.w - 2 < BOX_COLS ? area.w - 2 : BOX_COLS);
}

static void paint_row(const struct phrases *s, struct rect r, int y, int i)
{
	enum face face = i == s->selected ? FACE_SELECTED : FACE_NORMAL;
	char number[16] = "", uses[32] = "";

	if (i < 9)
		snprintf(number, sizeof(number), "%2d", i + 1);
	if (s->items[i].uses)
		snprintf(uses, sizeof(uses), "用过 %lld 次", (long long)s->items[i].uses);
	draw_text(r, y, 0, NUMBER_COLS, ALIGN_LEFT, face, number);
	draw_text(r, y, NUMBER_COLS, r.w - NUMBER_COLS - 13, ALIGN_LEFT, face, s->items[i].body);
	draw_text(r, y, r.w - 13, 13, ALIGN_RIGHT, face, uses);
	if (i == s->selected)
		draw_cursor(r, y, 0);
}

static void phrases_paint(struct view *v)
{
	struct phrases *s = v->state;
	struct rect in = dialog_inside(v->area), shown;
	int y;

	draw_box(v->area, "备注常用语");
	shown = rect_bottom(&in, in.h > SHOWN_ROWS + 2 ? SHOWN_ROWS : 1);
	draw_line(rect_bottom(&in, 1), 0, "放入备注的是");
	wrap_layout(&s->shown, shown.w);
	wrap_paint(&s->shown, shown, FACE_VALUE);
	if (!s->count) {
		draw_text(in, 0, 0, in.w, ALIGN_LEFT, FACE_DIM,
			  *s->remark ? "还没有常用语。按 a 把现在的备注存为常用语。"
				     : "还没有常用语。按 a 新增一条。");
		draw_cursor(in, 0, 0);
		return;
	}
	if (s->selected < s->top)
		s->top = s->selected;
	if (s->selected >= s->top + in.h)
		s->top = s->selected - in.h + 1;
	for (y = 0; y < in.h && s->top + y < (int)s->count; y++)
		paint_row(s, in, y, s->top + y);
}

/* ---- maintaining ---- */

static void fill_body(struct form *f, void *arg)
{
	form_set(f, FIELD_BODY, arg);
}

static bool ask_text(struct phrases *s, int64_t id, const char *body)
{
	static const struct field BODY[] = {
	    {.id = FIELD_BODY,
	     .kind = FIELD_TEXT,
	     .label = "文字",
	     .col = 6,
	     .width = 60,
	     .max_chars = PHRASE_CHARS,
	     .required = true,
	     .help = "可以写 {年} {月} {日} {上月} {上月年} {订单号}，放入备注时换成当天的。"},
	    {.id = 0},
	};
	struct ask_form_arg a = {
	    .title = id ? "编辑常用语" : "新增常用语",
	    .fields = BODY,
	    .fill = fill_body,
	    .arg = (void *)(uintptr_t)body,
	    .note = "{年} {月} {日} {上月} {上月年} {订单号} 放入备注时换成当天的；"
		    "常用语只有自己看得到。",
	    .saves = true};

	s->edited = id;
	return view_ask(s->view, ASK_TEXT, &view_form_ops, &a);
}

static bool add(struct phrases *s)
{
	return ask_text(s, 0, s->remark);
}

static bool edit(struct phrases *s)
{
	return here(s) && ask_text(s, here(s)->id, here(s)->body);
}

static bool ask_remove(struct phrases *s)
{
	struct ask_arg a = {
	    .title = "删除常用语", .text = s->question, .yes = "删除", .no = "保留"};

	if (!here(s))
		return false;
	snprintf(s->question, sizeof(s->question), "删除“%.200s”？", here(s)->body);
	s->question[text_whole(s->question, strlen(s->question))] = 0;
	return view_ask(s->view, ASK_REMOVE, &view_ask_ops, &a);
}

static void save(struct phrases *s, const char *body)
{
	struct err_info e = {0};
	int64_t id = s->edited;
	int i;

	if (desk_phrase_save(ui_session(), &id, body, &e)) {
		ui_error(&e);
		return;
	}
	reload_or_say(s);
	for (i = 0; i < (int)s->count; i++) {
		if (s->items[i].id == id)
			s->selected = i;
	}
	show_filled(s);
}

static void phrases_answer(struct view *v, int token, bool ok, const void *result)
{
	struct phrases *s = v->state;
	struct err_info e = {0};

	if (ok && token == ASK_TEXT) {
		save(s, form_get(result, FIELD_BODY));
	} else if (ok && token == ASK_REMOVE && here(s)) {
		if (desk_phrase_delete(ui_session(), here(s)->id, &e))
			ui_error(&e);
		reload_or_say(s);
	}
	v->needs_layout = true;
	view_redraw(v);
}

/* ---- choosing ---- */

static bool take(struct phrases *s)
{
	const struct phrase *p = here(s);
	struct err_info e = {0};

	if (!p)
		return false;
	free(s->chosen);
	s->chosen = filled(s, p);
	if (desk_phrase_used(ui_session(), p->id, &e))
		ui_error(&e);
	view_pop(true, s->chosen);
	return true;
}

static bool move(struct phrases *s, int step)
{
	int to = s->selected + step;

	if (to < 0 || to >= (int)s->count)
		return false;
	s->selected = to;
	show_filled(s);
	return true;
}

static bool phrases_act(struct view *v, enum action a)
{
	struct phrases *s = v->state;

	switch (a) {
	case ACT_UP:
		return move(s, -1);
	case ACT_DOWN:
		return move(s, 1);
	case ACT_ENTER:
		return take(s);
	case ACT_ADD:
		return add(s);
	case ACT_EDIT:
		return edit(s);
	case ACT_REMOVE:
		return ask_remove(s);
	case ACT_BACK:
		view_pop(false, NULL);
		return true;
	default:
		return false;
	}
}

static bool phrases_key(struct view *v, struct key k, const char *paste, size_t n)
{
	struct phrases *s = v->state;

	(void)paste;
	(void)n;
	if (k.mods || k.code < '1' || k.code > '9' || (size_t)(k.code - '1') >= s->count)
		return false;
	s->selected = (int)(k.code - '1');
	return take(s);
}

static const char *phrases_why_not(const struct view *v, enum action a)
{
	const struct phrases *s = v->state;

	return (a == ACT_ENTER || a == ACT_EDIT || a == ACT_REMOVE) && !s->count ? "还没有常用语"
										 : NULL;
}

static const char *const *phrases_sections(const struct view *v)
{
	static const char *const SECTIONS[] = {"phrases", "dialog", NULL};

	(void)v;
	return SECTIONS;
}

static const enum action *phrases_hints(const struct view *v)
{
	static const enum action HINTS[] = {ACT_ENTER,  ACT_ADD,  ACT_EDIT,
					    ACT_REMOVE, ACT_BACK, ACT_NONE};

	(void)v;
	return HINTS;
}

static const char *phrases_help(const struct view *v)
{
	(void)v;
	return "回车或数字键放入备注的光标处，用得多的在前；a 新增（带出现在的备注），e 编辑，x 删除。";
}

const struct view_ops view_phrases_ops = {
    .name = "phrases",
    .path = "开票 › 蓝字发票填开 › 备注常用语",
    .modal = true,
    .size = sizeof(struct phrases),
    .open = phrases_open,
    .place = phrases_place,
    .paint = phrases_paint,
    .sections = phrases_sections,
    .key = phrases_key,
    .act = phrases_act,
    .why_not = phrases_why_not,
    .hints = phrases_hints,
    .help = phrases_help,
    .answer = phrases_answer,
    .close = phrases_close,
};

/* ---- the form's side ---- */

bool blue_ask_phrase(struct blue *b)
{
	const struct phrases_arg a = {.remark = form_get(&b->foot, BLUE_REMARK),
				      .order_no = form_get(&b->head, BLUE_ORDER)};

	return view_ask(b->view, BLUE_ASK_PHRASE, &view_phrases_ops, &a);
}

void blue_answer_phrase(struct blue *b, const char *text)
{
	size_t has = text_chars(form_get(&b->foot, BLUE_REMARK)), more = text_chars(text);

	if (b->part != BLUE_FOOT || form_focused(&b->foot) != BLUE_REMARK) {
		blue_focus(b, BLUE_FOOT);
		form_focus(&b->foot, BLUE_REMARK);
	}
	if (has + more > PHRASE_CHARS) {
		ui_message(MESSAGE_ERROR, "备注已有 %zu 个字，再放 %zu 个就超过 %d 个字", has, more,
			   (int)PHRASE_CHARS);
		return;
	}
	form_key(&b->foot, (struct key) {.code = K_PASTE}, text, strlen(text));
	b->leaving = false;
	if (strstr(text, "{订单号}") && blue_keep(b, false))
		ui_message(MESSAGE_WARNING, "还没有填订单号，备注里的 {订单号} 没有换");
}

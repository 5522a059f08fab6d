/* blue.c - 蓝字发票填开: focus over three parts, actions, painting. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "ui/screen/blue_p.h"
#include "ui/screen/catalogue.h"

/* ---- opening ---- */

static enum err begin(struct blue *b, const struct blue_arg *a, struct err_info *e)
{
	enum err r;

	blue_form_fresh(b);
	if (!a)
		return ERR_OK;
	if (a->form)
		return blue_keep_load(b, a->form, e);
	if (a->draft)
		return blue_fill_draft(b, a->draft, e);
	if (a->batch)
		return blue_fill_order(b, a->batch, a->seq, e);
	if (a->other)
		return blue_keep_copy(b, a->other, e);
	if (a->template)
		return blue_fill_template(b, a->template, e);
	if (!a->copy)
		return ERR_OK;
	if (!(r = blue_fill_copy(b, a->copy, e)))
		blue_tell_taken(b, "照原来的发票填好");
	return r;
}

static enum err blue_open(struct view *v, const void *arg, struct err_info *e)
{
	struct blue *b = v->state;
	enum err r = desk_allow(ui_session(), DESK_ISSUE, e);

	if (r)
		return r;
	b->view = v;
	blue_form_init(b);
	if ((r = begin(b, arg, e)))
		blue_form_free(b);
	return r;
}

static void blue_close(struct view *v)
{
	blue_form_free(v->state);
}

/* ---- painting ---- */

/* Title and rule; what a low window leaves to the lines: their heading and two of them. */
enum { LINES = 2, GRID_LEAST = 3, FOOT_MOST = 2 };

/* Rows of a form that wraps in this width, at most so many; the rest scrolls with the focus. */
static int rows_of(struct form *f, struct rect r, int most)
{
	int rows;

	form_layout(f, r);
	rows = form_rows(f);
	if (rows > most)
		rows = most;
	return rows > 1 ? rows : 1;
}

static void blue_layout(struct view *v)
{
	struct blue *b = v->state;
	struct rect r = v->area;
	int foot = rows_of(&b->foot, r, FOOT_MOST), totals = blue_totals_rows(b, r);

	form_layout(&b->head,
		    rect_top(&r, rows_of(&b->head, r, r.h - foot - totals - LINES - GRID_LEAST)));
	b->title = rect_top(&r, 1);
	form_layout(&b->foot, rect_bottom(&r, foot));
	b->totals = rect_bottom(&r, totals);
	b->rule = rect_bottom(&r, 1);
	grid_layout(&b->grid, r);
}

static void blue_content(struct view *v, bool changed)
{
	struct blue *b = v->state;

	if (changed)
		blue_forget_price(b);
	blue_code_words(b);
	blue_look_price(b);
	if (blue_totals_rows(b, v->area) != b->totals.h)
		v->needs_layout = true;
}

static void paint_title(const struct blue *b)
{
	char text[400], draft[40] = "", marks[200];

	if (b->form_id)
		snprintf(draft, sizeof(draft), " · 草稿 f%lld", (long long)b->form_id);
	snprintf(text, sizeof(text), "明细 %d 行%s%s%s%s", b->lines, draft,
		 *blue_invoice_marks(&b->rest, marks, sizeof(marks)) ? " " : "", marks,
		 b->view_inclusive == blue_inclusive(b) ? ""
		 : b->view_inclusive ? " · 正在看含税（按不含税录入）"
				     : " · 正在看不含税（按含税录入）");
	draw_line(b->title, 0, text);
}

/* What Enter does while things used before are offered; NULL: none are. */
static const char *words_of_matches(const struct blue *b)
{
	bool grid = b->part == BLUE_GRID, open, chosen;

	if (b->part == BLUE_FOOT)
		return NULL;
	open = (grid ? b->grid.match_count : b->head.match_count) > 0;
	chosen = (grid ? b->grid.match : b->head.match) >= 0;
	if (!open)
		return NULL;
	if (!grid && form_focused(&b->head) == BLUE_TYPE)
		return chosen ? "回车填入选中的业务类型；要用输入的文字，先按 Esc。"
			      : "上下键选择业务类型，回车填入。";
	return chosen ? "回车带出选中的全部资料；要用输入的文字，先按 Esc。"
		      : "上下键选择，回车带出全部资料；不选就直接回车，用输入的文字。";
}

/* What is too long for the tax bureau's page (blue_portal), what this buyer paid last, the tax code
 * of the row once it has one, else what the field wants. */
static const char *words_here(const struct blue *b, char *out, size_t size)
{
	const char *matches = words_of_matches(b), *last;

	if (matches)
		return matches;
	last = blue_portal_words(b, out, size);
	if (!last)
		last = blue_owner_words(b, out, size);
	if (last)
		return last;
	if (b->part == BLUE_HEAD && b->strange && form_focused(&b->head) == BLUE_TAX_NO)
		return "购方信息里没有这个购方：F2 存入；开票时也会自动记住。";
	if (b->part != BLUE_GRID)
		return form_help(b->part == BLUE_HEAD ? &b->head : &b->foot);
	last = b->grid.column == BLUE_RATE - 1 ? NULL : blue_price_words(b, out, size);
	if (last)
		return last;
	if (*b->code_label && b->grid.column != BLUE_RATE - 1)
		return b->code_label;
	return grid_help(&b->grid);
}

static void blue_paint(struct view *v)
{
	struct blue *b = v->state;
	char words[240];

	paint_title(b);
	draw_line(b->rule, 0, words_here(b, words, sizeof(words)));
	blue_totals_paint(b);
	form_paint(&b->head, b->part == BLUE_HEAD);
	form_paint(&b->foot, b->part == BLUE_FOOT);
	grid_paint(&b->grid, b->part == BLUE_GRID);
	if (b->part == BLUE_HEAD)
		form_paint_matches(&b->head);
	else if (b->part == BLUE_GRID)
		grid_paint_matches(&b->grid);
}

/* ---- moving ---- */

static const char *error_here(const struct blue *b)
{
	if (b->part == BLUE_GRID)
		return grid_error(&b->grid);
	return form_error(b->part == BLUE_HEAD ? &b->head : &b->foot);
}

/* A field was left: what is wrong is said, what is right is saved. */
static void left_field(struct blue *b, const char *wrong)
{
	if ((blue_keep(b, !*wrong) || b->late) && *wrong)
		ui_message(MESSAGE_ERROR, "%s", wrong);
}

static void left_form_field(struct blue *b, struct form *f, int was)
{
	char capitals[BLUE_TEXT];
	int i;

	for (i = 0; i < f->count; i++) {
		if (f->fields[i].id != was)
			continue;
		if (was == BLUE_TAX_NO && !*f->errors[i])
			form_set(f, was,
				 screen_capitals(form_get(f, was), capitals, sizeof(capitals)));
		if (was == BLUE_BUYER || was == BLUE_TAX_NO)
			blue_look_buyer(b);
		else if (was == BLUE_PERSON)
			blue_look_owner(b);
		left_field(b, f->errors[i]);
	}
}

/* The entry mode decides what the typed figures mean. */
static void mode_changed(struct blue *b, bool was)
{
	if (was == blue_inclusive(b))
		return;
	b->view_inclusive = blue_inclusive(b);
	blue_rows_compute(b, 0, b->grid.count - 1, false);
}

static bool act_form(struct blue *b, enum action a)
{
	struct form *f = blue_part_form(b, b->part);
	int was = form_focused(f);
	bool inclusive = blue_inclusive(b), head = b->part == BLUE_HEAD;
	enum form_result r;

	if (a != ACT_UNDO)
		blue_visit_field(b);
	r = form_act(f, a);

	if (r == FORM_UNUSED && a == ACT_UNDO)
		return blue_undo_field(b);
	if (r == FORM_UNUSED && (a == ACT_DOWN || a == ACT_UP))
		r = a == ACT_DOWN ? FORM_LEFT_END : FORM_LEFT_START;
	/* A page is a part of the form. */
	if (r == FORM_UNUSED && (a == ACT_PAGE_DOWN || a == ACT_PAGE_UP))
		r = a == ACT_PAGE_DOWN ? FORM_LEFT_END : FORM_LEFT_START;
	if (r == FORM_UNUSED)
		return false;
	b->leaving = false;
	mode_changed(b, inclusive);
	if (r == FORM_MATCH && head && was == BLUE_BUYER)
		blue_take_buyer(b, f->matches[f->match].id);
	if (r == FORM_LEFT_END && head)
		blue_focus(b, BLUE_GRID);
	else if (r == FORM_LEFT_START && !head)
		blue_focus(b, BLUE_GRID);
	if (r != FORM_USED)
		left_form_field(b, f, was);
	if (r == FORM_LEFT_END && !head)
		ui_message(MESSAGE_INFO, "已到最后一栏，按 F10 开票");
	return true;
}

static bool act_grid(struct blue *b, enum action a)
{
	int was = b->grid.row, column = b->grid.column;
	enum grid_result r = grid_act(&b->grid, a);
	const char *wrong = "";
	char several[BLUE_SENTENCE] = "";
	bool brought = false;

	if (r == GRID_UNUSED && (a == ACT_PAGE_DOWN || a == ACT_PAGE_UP))
		r = a == ACT_PAGE_DOWN ? GRID_LEFT_BOTTOM : GRID_LEFT_TOP;
	if (r == GRID_UNUSED)
		return false;
	b->leaving = false;
	if (r == GRID_USED)
		return true;
	if (r == GRID_LEFT_TOP)
		blue_focus(b, BLUE_HEAD);
	else if (r == GRID_LEFT_BOTTOM)
		blue_focus(b, BLUE_FOOT);
	if (was < b->grid.count && column == BLUE_NAME - 1)
		brought = blue_name_left(b, was, several);
	if (was < b->grid.count)
		blue_rows_compute(b, was, was, was != b->grid.row || r != GRID_LEFT_CELL);
	if (was < b->grid.count && b->grid.rows[was].error)
		wrong = b->grid.rows[was].error;
	left_field(b, *wrong ? wrong : several);
	if (brought && !*wrong)
		ui_message(MESSAGE_GOOD, "商品信息里有“%.120s”，编码等已带出",
			   grid_get(&b->grid, was, BLUE_NAME));
	return true;
}

/* ---- actions and keys ---- */

static bool blue_act(struct view *v, enum action a)
{
	struct blue *b = v->state;
	bool used;

	if (blue_do(b, a, &used))
		return used;
	if (b->part == BLUE_GRID)
		return (a == ACT_ROW_COPY_UP && blue_article_up(b)) || act_grid(b, a);
	return act_form(b, a);
}

/* The plus of the number pad ends a row: in a figure it means nothing else. */
static bool ends_row(const struct blue *b, struct key k)
{
	return b->part == BLUE_GRID && k.code == '+' && !k.mods &&
	       b->grid.columns[b->grid.column].id >= BLUE_QUANTITY;
}

static bool blue_key(struct view *v, struct key k, const char *paste, size_t n)
{
	struct blue *b = v->state;
	bool used, inclusive = blue_inclusive(b);

	if (ends_row(b, k))
		return act_grid(b, ACT_ROW_NEXT);
	if (b->part == BLUE_GRID)
		used = (k.code == '=' && !k.mods && blue_article_up(b)) ||
		       grid_key(&b->grid, k, paste, n);
	else if (blue_visit_field(b), k.code != K_PASTE || !blue_paste_field(b, paste, n, &used))
		used = form_key(blue_part_form(b, b->part), k, paste, n);
	if (used)
		b->leaving = b->asked = b->parting = b->issuing = false;
	mode_changed(b, inclusive);
	return used;
}

static const char *blue_why_not(const struct view *v, enum action a)
{
	const struct blue *b = v->state;

	const struct form *f = blue_part_form((struct blue *)(uintptr_t)b, b->part);

	if (a == ACT_CHOOSE && f && !form_chooses(f))
		return "这一栏没有可选的，直接输入";
	if (a == ACT_DISCOUNT && !b->lines)
		return "还没有填好的明细行";
	if (a == ACT_PREVIEW)
		return "开具后才能预览";
	if (a == ACT_AGAIN)
		return blue_why_not_again(b);
	if (a == ACT_LAST_PRICE)
		return blue_why_no_price(b);
	if (a == ACT_TAIL && !grid_filled(&b->grid))
		return "还没有填好的明细行";
	if (a == ACT_PREFERENCE && !blue_has_row(b))
		return "还没有填好的明细行";
	if (a == ACT_COAL_KIND && !blue_row_is_coal(b))
		return "当前行不是煤炭";
	if (a == ACT_KEEP_BUYER && !*form_get(&b->head, BLUE_BUYER))
		return "还没有填购方";
	if (a == ACT_KEEP_BUYER)
		return screen_may(DESK_CATALOGUE);
	return NULL;
}

/* ---- answers ---- */

static void blue_answer(struct view *v, int token, bool ok, const void *result)
{
	struct blue *b = v->state;

	if (token == BLUE_ASK_ISSUE) {
		blue_answer_issue(b, ok, result);
	} else if (token == BLUE_ASK_PASTE) {
		blue_answer_paste(b, ok, result);
	} else if (token == BLUE_ASK_LINES) {
		blue_answer_lines(b, ok, result);
	} else if (ok && result) {
		switch ((enum blue_token)token) {
		case BLUE_ASK_CODE:
			blue_answer_code(b, result);
			break;
		case BLUE_ASK_RATE:
			blue_answer_rate(b, result);
			break;
		case BLUE_ASK_BUYER:
			blue_answer_buyer(b, result);
			break;
		case BLUE_ASK_DISCOUNT:
			blue_answer_discount(b, result);
			break;
		case BLUE_ASK_COPY:
			blue_answer_copy(b, result);
			break;
		case BLUE_ASK_TAKE:
			blue_answer_take(b, *(const int *)result);
			break;
		case BLUE_ASK_TEMPLATE:
			blue_answer_template(b, result);
			break;
		case BLUE_ASK_NAME:
			break;
		case BLUE_ASK_SPLIT:
			blue_answer_split(b);
			return;
		case BLUE_ASK_TYPE:
			blue_answer_type(b, result);
			break;
		case BLUE_ASK_DRAWER:
			blue_set(b, BLUE_DRAWER, ((const struct picked *)result)->label);
			b->changed = true;
			break;
		case BLUE_ASK_NEW_TYPE:
			blue_answer_new_type(b);
			break;
		case BLUE_ASK_ADDRESS:
			blue_answer_address(b, result);
			break;
		case BLUE_ASK_KEEP:
			b->strange = false;
			break;
		case BLUE_ASK_MORE:
			blue_answer_more(b, *(const int *)result);
			break;
		case BLUE_ASK_SUBJECT:
			blue_answer_subject(b, result);
			break;
		case BLUE_ASK_PREFERENCE:
			blue_answer_preference(b, *(const int *)result);
			break;
		case BLUE_ASK_COAL:
			blue_answer_coal(b, *(const int *)result);
			break;
		case BLUE_ASK_IMPORT:
			blue_answer_import(b, result);
			break;
		case BLUE_ASK_PHRASE:
			blue_answer_phrase(b, result);
			break;
		case BLUE_ASK_TAIL:
			blue_answer_tail(b, *(const int *)result);
			break;
		case BLUE_ASK_ROW_TAX:
		case BLUE_ASK_TOTAL_TAX:
			blue_answer_tax(b, result, token == BLUE_ASK_TOTAL_TAX);
			break;
		case BLUE_ASK_ISSUE:
		case BLUE_ASK_PASTE:
		case BLUE_ASK_LINES:
			break;
		}
		if (token != BLUE_ASK_COPY && token != BLUE_ASK_TAKE &&
		    token != BLUE_ASK_TEMPLATE && token != BLUE_ASK_NAME)
			blue_keep(b, token != BLUE_ASK_KEEP && token != BLUE_ASK_SUBJECT);
	}
	view_redraw(v);
}

/* ---- leaving, hints ---- */

/* Not now: another writer is at work.  The second time it leaves by itself once it is saved. */
static bool leave_later(struct blue *b)
{
	if (!b->late)
		return false;
	ui_message(MESSAGE_WARNING, b->asked
					? "正在写入，等它写完，存好草稿就离开"
					: "正在写入，草稿等它写完自动保存；再按一次，存好就离开");
	b->parting = b->asked;
	b->asked = true;
	return false;
}

/* What was typed is saved first; the second time leaves. */
static bool blue_leave(struct view *v, bool forced)
{
	struct blue *b = v->state;

	if (!blue_typed(b) || b->leaving) {
		if (b->form_id && !b->leaving)
			ui_message(MESSAGE_INFO, "填好的内容在草稿 f%lld 里",
				   (long long)b->form_id);
		return true;
	}
	if (forced) {
		blue_keep_last(b);
		return true;
	}
	if (!blue_keep(b, false))
		return leave_later(b);
	b->leaving = true;
	ui_message(MESSAGE_INFO, "已存为草稿 f%lld，再按一次离开", (long long)b->form_id);
	return false;
}

static int blue_idle(struct view *v)
{
	return blue_keep_late(v->state);
}

static const char *const *blue_sections(const struct view *v)
{
	static const char *const GRID[] = {"grid", "form", "blue", NULL};
	static const char *const TEXT[] = {"form-text", "form", "blue", NULL};
	static const char *const CHOICE[] = {"form-choice", "form", "blue", NULL};
	struct blue *b = v->state;
	const struct form *f = blue_part_form(b, b->part);

	if (!f)
		return GRID;
	return !strcmp(form_sections(f)[0], CHOICE[0]) ? CHOICE : TEXT;
}

static const enum action *blue_hints(const struct view *v)
{
	static const enum action FORM[] = {ACT_ISSUE,        ACT_CHOOSE, ACT_VIEW_TAX, ACT_MORE,
					   ACT_COPY_INVOICE, ACT_DRAFTS, ACT_BACK,     ACT_NONE};
	static const enum action GRID[] = {
	    ACT_ISSUE,      ACT_CHOOSE,      ACT_DISCOUNT, ACT_VIEW_TAX, ACT_MORE, ACT_IMPORT_LINES,
	    ACT_ROW_DELETE, ACT_ROW_COPY_UP, ACT_UNDO,     ACT_BACK,     ACT_NONE};
	static const enum action STRANGE[] = {ACT_ISSUE,    ACT_CHOOSE,       ACT_KEEP_BUYER,
					      ACT_VIEW_TAX, ACT_COPY_INVOICE, ACT_DRAFTS,
					      ACT_BACK,     ACT_NONE};
	static const enum action FIRST[] = {ACT_ISSUE,        ACT_CHOOSE, ACT_AGAIN,
					    ACT_IMPORT_LINES, ACT_MORE,   ACT_COPY_INVOICE,
					    ACT_VIEW_TAX,     ACT_BACK,   ACT_NONE};
	const struct blue *b = v->state;

	if (b->part == BLUE_HEAD && b->strange)
		return STRANGE;
	if (b->part == BLUE_GRID && !grid_filled(&b->grid) && !blue_why_not_again(b))
		return FIRST;
	return b->part == BLUE_GRID ? GRID : FORM;
}

static const char *blue_help(const struct view *v)
{
	const struct blue *b = v->state;

	if (*error_here(b))
		return error_here(b);
	if (b->part == BLUE_GRID)
		return grid_help(&b->grid);
	return form_help(b->part == BLUE_HEAD ? &b->head : &b->foot);
}

static const char *blue_state(const struct view *v)
{
	const struct blue *b = v->state;

	if (blue_typed(b))
		return "editing";
	return b->form_id ? "saved" : "empty";
}

const struct view_ops view_blue_ops = {
    .name = "blue",
    .path = "开票 › 蓝字发票填开",
    .size = sizeof(struct blue),
    .open = blue_open,
    .layout = blue_layout,
    .content = blue_content,
    .paint = blue_paint,
    .sections = blue_sections,
    .key = blue_key,
    .act = blue_act,
    .why_not = blue_why_not,
    .hints = blue_hints,
    .help = blue_help,
    .answer = blue_answer,
    .leave = blue_leave,
    .close = blue_close,
    .idle = blue_idle,
    .state = blue_state,
};

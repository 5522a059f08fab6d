/* buyer_form.c - one buyer to fill in: the box, its addresses, what is asked. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "ui/dialog.h"
#include "ui/screen/buyer_form_p.h"

enum { ASK_TWIN = 1, ASK_ADDRESS };
enum { ADDRESS_ROWS = 3, NUMBER_COLS = 5 };

/* ---- life ---- */

static enum err begin(struct buyer_form *s, const struct buyer_form_arg *a, struct err_info *e)
{
	enum err r;

	if (a && a->id && (r = desk_buyer_get(ui_session(), a->id, &s->buyer, e)))
		return r;
	if (a && a->with)
		buyer_copy(&s->buyer, a->with);
	if (!a || !a->id || a->copy)
		s->buyer.id = s->buyer.uses = s->buyer.used_at = 0;
	return ERR_OK;
}

static enum err buyer_form_open(struct view *v, const void *arg, struct err_info *e)
{
	const struct buyer_form_arg *a = arg;
	struct buyer_form *s = v->state;
	enum err r;

	if ((r = desk_allow(ui_session(), DESK_CATALOGUE, e)) || (r = begin(s, a, e)))
		return r;
	s->view = v;
	entry_init(&s->entry, s->buyer.id ? "编辑购方" : "新增购方", buyer_form_fields, s);
	buyer_form_show(s);
	text_copy(s->was[0], sizeof(s->was[0]), form_get(&s->entry.form, BUYER_NAME));
	text_copy(s->was[1], sizeof(s->was[1]), form_get(&s->entry.form, BUYER_TAX_NO));
	s->entry.has_more = s->buyer.more_count > 0;
	return ERR_OK;
}

static void buyer_form_close(struct view *v)
{
	struct buyer_form *s = v->state;

	buyer_form_free_twins(s);
	entry_free(&s->entry);
	buyer_free(&s->buyer);
}

/* ---- place and painting ---- */

/* A heading and the addresses; nothing while there are none. */
static int more_rows(const struct buyer_form *s)
{
	size_t n = s->buyer.more_count;

	return n ? 1 + (int)(n < ADDRESS_ROWS ? n : ADDRESS_ROWS) : 0;
}

static struct rect buyer_form_place(struct view *v, struct rect area)
{
	struct buyer_form *s = v->state;

	return entry_place(&s->entry, area, more_rows(s));
}

static void buyer_form_layout(struct view *v)
{
	struct buyer_form *s = v->state;

	entry_layout(&s->entry, v->area, more_rows(s));
}

static void paint_addresses(struct buyer_form *s)
{
	struct rect r = s->entry.more;
	char text[1200], number[24];
	int rows = r.h - 1, i, top;

	if (rows < 1)
		return;
	top = s->address >= rows ? s->address - rows + 1 : 0;
	snprintf(text, sizeof(text), "其他地址 %zu 个", s->buyer.more_count);
	draw_line(r, 0, text);
	for (i = 0; i < rows && top + i < (int)s->buyer.more_count; i++) {
		bool here = s->entry.part == ENTRY_MORE && top + i == s->address;
		enum face face = here ? FACE_SELECTED : FACE_VALUE;

		snprintf(number, sizeof(number), "%4d", top + i + 2);
		draw_text(r, 1 + i, 0, NUMBER_COLS, ALIGN_LEFT, face, number);
		draw_text(r, 1 + i, NUMBER_COLS, r.w - NUMBER_COLS, ALIGN_LEFT, face,
			  screen_address_words(&s->buyer.more[top + i], text, sizeof(text)));
		if (here)
			draw_cursor(r, 1 + i, 3);
	}
}

static void buyer_form_paint(struct view *v)
{
	struct buyer_form *s = v->state;

	draw_box(v->area, s->entry.title);
	paint_addresses(s);
	entry_paint(&s->entry, v->area);
}

/* ---- addresses ---- */

static void changed_addresses(struct buyer_form *s)
{
	s->entry.has_more = s->buyer.more_count > 0;
	s->entry.dirty = true;
	s->entry.warned = false;
	if (s->address >= (int)s->buyer.more_count)
		s->address = s->buyer.more_count ? (int)s->buyer.more_count - 1 : 0;
	if (s->entry.part == ENTRY_MORE && !s->entry.has_more)
		s->entry.part = ENTRY_FORM;
	s->view->needs_layout = true;
	view_redraw(s->view);
}

static void fill_address(struct form *f, void *arg)
{
	struct buyer_form *s = arg;
	int id;

	for (id = BUYER_NAME; s->editing >= 0 && id <= BUYER_MOBILE; id++) {
		char **slot = buyer_address_text(&s->buyer.more[s->editing], id);

		if (slot)
			form_set(f, id, *slot);
	}
}

/* Nothing in the fields of the default address. */
static bool no_default(const struct buyer_form *s)
{
	int id;

	for (id = BUYER_ADDRESS; id <= BUYER_MOBILE; id++) {
		if (*form_get(&s->entry.form, id))
			return false;
	}
	return true;
}

static bool take_address(struct form *f, void *arg)
{
	struct buyer_form *s = arg;
	struct buyer *b = &s->buyer;
	bool any = false, first = s->editing < 0 && no_default(s);
	int id;

	for (id = BUYER_ADDRESS; id <= BUYER_MOBILE; id++)
		any |= *form_get(f, id) != 0;
	if (!any) {
		form_fail(f, BUYER_ADDRESS, "地址：什么都没有填，请至少填一栏。");
		return false;
	}
	if (s->editing < 0) {
		b->more = mem_realloc(b->more, (b->more_count + 1) * sizeof(*b->more));
		memset(&b->more[b->more_count], 0, sizeof(*b->more));
		s->editing = (int)b->more_count++;
	}
	for (id = BUYER_NAME; id <= BUYER_MOBILE; id++) {
		char **slot = buyer_address_text(&b->more[s->editing], id);
		char *text;

		if (!slot)
			continue;
		text = text_trim(form_get(f, id));
		mem_set(slot, text);
		free(text);
	}
	if (first) {
		buyer_form_swap(s, s->editing);
		buyer_form_drop(s, s->editing);
	}
	return true;
}

static bool ask_address(struct buyer_form *s, int which)
{
	if (which < 0 && s->buyer.more_count >= BUYER_ADDRESSES) {
		ui_message(MESSAGE_WARNING, "除默认地址外已有 %d 个，不能再加", BUYER_ADDRESSES);
		return true;
	}
	s->editing = which;
	return view_ask(s->view, ASK_ADDRESS, &view_form_ops,
			&(struct ask_form_arg) {.title = which < 0 ? "加一个地址" : "编辑地址",
						.fields = buyer_address_fields,
						.fill = fill_address,
						.arg = s,
						.submit = take_address,
						.saves = true});
}

static bool move_address(struct buyer_form *s, int to)
{
	if (to < 0 || to >= (int)s->buyer.more_count)
		return false;
	s->address = to;
	return true;
}

static bool address_act(struct buyer_form *s, enum action a)
{
	switch (a) {
	case ACT_UP:
		return move_address(s, s->address - 1);
	case ACT_DOWN:
		return move_address(s, s->address + 1);
	case ACT_ENTER:
	case ACT_EDIT:
		return ask_address(s, s->address);
	case ACT_REMOVE:
		buyer_form_drop(s, s->address);
		ui_message(MESSAGE_INFO, "去掉了一个地址，保存后才算数");
		changed_addresses(s);
		return true;
	case ACT_ADDRESS_DEFAULT:
		buyer_form_swap(s, s->address);
		ui_message(MESSAGE_INFO, "第 %d 个地址改为默认，原来的默认地址在它的位置",
			   s->address + 2);
		changed_addresses(s);
		return true;
	default:
		return false;
	}
}

/* ---- what follows from a field ---- */

/* As long as nobody has written another one; a buyer who is known keeps having none until his name
 * changes. */
static void propose_mnemonic(struct buyer_form *s)
{
	struct form *f = &s->entry.form;
	const char *now = form_get(f, BUYER_MNEMONIC);

	if ((*now && strcmp(now, s->proposed) != 0) ||
	    (s->buyer.id && !strcmp(s->was[0], form_get(f, BUYER_NAME))))
		return;
	screen_initials(form_get(f, BUYER_NAME), s->proposed, 51);
	form_set(f, BUYER_MNEMONIC, s->proposed);
}

static void left_field(struct buyer_form *s, int was)
{
	struct form *f = &s->entry.form;
	const char *wrong = entry_error_of(&s->entry, was);
	char capitals[64];

	if (was == BUYER_NAME)
		propose_mnemonic(s);
	if (was == BUYER_TAX_NO && !*wrong)
		form_set(f, was, screen_capitals(form_get(f, was), capitals, sizeof(capitals)));
	if (*wrong)
		ui_message(MESSAGE_ERROR, "%s", wrong);
	buyer_form_look(s);
}

/* ---- the view ---- */

static int focused(const struct buyer_form *s)
{
	return s->entry.part == ENTRY_FORM ? form_focused(&s->entry.form) : 0;
}

static enum entry_result act_entry(struct buyer_form *s, enum action a)
{
	int was = focused(s);
	enum entry_result r = entry_act(&s->entry, a);

	if (r == ENTRY_LEFT)
		left_field(s, was);
	s->replace = focused(s) == BUYER_MNEMONIC && was != BUYER_MNEMONIC && *s->proposed &&
		     !strcmp(form_get(&s->entry.form, BUYER_MNEMONIC), s->proposed);
	return r;
}

static bool buyer_form_act(struct view *v, enum action a)
{
	struct buyer_form *s = v->state;
	enum entry_result r;

	if (a == ACT_ADDRESS_ADD)
		return ask_address(s, -1);
	if (s->entry.part == ENTRY_MORE && address_act(s, a))
		return true;
	r = act_entry(s, a);
	if (r == ENTRY_SUBMIT) {
		if (focused(s))
			propose_mnemonic(s);
		buyer_form_submit(s, ASK_TWIN);
	}
	return entry_take(r);
}

static bool buyer_form_key(struct view *v, struct key k, const char *paste, size_t n)
{
	struct buyer_form *s = v->state;
	struct form *f = &s->entry.form;
	bool used;

	if (s->replace && (k.code == K_PASTE || key_is_text(k)))
		form_set(f, BUYER_MNEMONIC, "");
	used = entry_key(&s->entry, k, paste, n);
	s->replace &= !used;
	return used;
}

static void buyer_form_answered(struct view *v, int token, bool ok, const void *result)
{
	struct buyer_form *s = v->state;

	if (token == ASK_TWIN)
		buyer_form_answer(s, ok ? *(const int *)result : s->twin_count + 1);
	else if (ok)
		changed_addresses(s);
	view_redraw(v);
}

static const char *const *buyer_form_sections(const struct view *v)
{
	static const char *const ADDRESSES[] = {"addresses", NULL};
	const struct buyer_form *s = v->state;

	return s->entry.part == ENTRY_MORE ? ADDRESSES : entry_sections(&s->entry);
}

static const enum action *buyer_form_hints(const struct view *v)
{
	static const enum action FORM[] = {ACT_SAVE,  ACT_NEXT, ACT_ADDRESS_ADD,
					   ACT_CLEAR, ACT_BACK, ACT_NONE};
	static const enum action ADDRESS[] = {ACT_SAVE,        ACT_EDIT,   ACT_ADDRESS_DEFAULT,
					      ACT_ADDRESS_ADD, ACT_REMOVE, ACT_BACK,
					      ACT_NONE};
	const struct buyer_form *s = v->state;

	return s->entry.part == ENTRY_MORE ? ADDRESS : FORM;
}

static const char *buyer_form_help(const struct view *v)
{
	const struct buyer_form *s = v->state;

	if (s->entry.part == ENTRY_FORM)
		return form_help(&s->entry.form);
	if (s->entry.part == ENTRY_MORE)
		return "回车编辑这个地址，o 设为默认，x 去掉，a 再加一个；保存后才算数。";
	return "回车保存或取消；上键回到栏目。";
}

static bool buyer_form_leave(struct view *v, bool forced)
{
	struct buyer_form *s = v->state;

	return entry_leave(&s->entry, forced);
}

static const char *buyer_form_state(const struct view *v)
{
	const struct buyer_form *s = v->state;

	return s->entry.form.dirty || s->entry.dirty ? "editing" : "untouched";
}

const struct view_ops view_buyer_form_ops = {
    .name = "buyer-form",
    .modal = true,
    .size = sizeof(struct buyer_form),
    .open = buyer_form_open,
    .place = buyer_form_place,
    .layout = buyer_form_layout,
    .paint = buyer_form_paint,
    .sections = buyer_form_sections,
    .key = buyer_form_key,
    .act = buyer_form_act,
    .hints = buyer_form_hints,
    .help = buyer_form_help,
    .answer = buyer_form_answered,
    .leave = buyer_form_leave,
    .close = buyer_form_close,
    .state = buyer_form_state,
};

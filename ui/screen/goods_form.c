/* goods_form.c - one of the goods to fill in: fields, the box, what follows from a field. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "desk/memory.h"
#include "ui/screen/goods_form_p.h"

static const char *const MODES[] = {"含税", "不含税", NULL};

static const struct field FIELDS[] = {
    {.id = GOODS_NAME,
     .kind = FIELD_TEXT,
     .label = "商品名称",
     .col = 10,
     .width = 60,
     .wide_width = 92,
     .max_chars = 600,
     .required = true,
     .help = "印在发票上的名称，不写“*简称*”，那由税收分类编码带出。"},
    {.id = GOODS_CATEGORY,
     .kind = FIELD_TEXT,
     .label = "项目分类",
     .row = 1,
     .col = 10,
     .width = 24,
     .max_chars = 100,
     .help = "自己的分类，只用来查找，可不填。"},
    {.id = GOODS_MNEMONIC,
     .kind = FIELD_TEXT,
     .label = "简码",
     .row = 1,
     .col = 44,
     .width = 26,
     .max_chars = 50,
     .help = "便于查找的短码；不填时可用名称的拼音首字母查找。"},
    {.id = GOODS_CODE,
     .kind = FIELD_DIGITS,
     .label = "税收分类编码",
     .row = 2,
     .col = 14,
     .width = 19,
     .max_chars = 19,
     .check = goods_check_code,
     .chooser = true,
     .help = "F4 按名称、拼音或目录选择，带出简称和可用的税率；可以先空着，开票前再补。"},
    {.id = GOODS_SHORT, .kind = FIELD_SHOW, .label = "... 简称", .row = 2, .col = 44, .width = 26},
    {.id = GOODS_RATE,
     .kind = FIELD_CHOICE,
     .label = "税率",
     .row = 3,
     .col = 10,
     .width = 8,
     .chooser = true,
     .help = "这个编码可用的税率，F4、空格或左右键选择；免税、不征税在优惠政策里选。"},
    {.id = GOODS_SPEC,
     .kind = FIELD_TEXT,
     .label = "规格型号",
     .row = 3,
     .col = 32,
     .width = 38,
     .wide_width = 70,
     .max_chars = 150,
     .help = "可不填。"},
    {.id = GOODS_UNIT,
     .kind = FIELD_TEXT,
     .label = "单位",
     .row = 4,
     .col = 10,
     .width = 8,
     .max_chars = 300,
     .help = "计量单位，如 吨、箱、项，可不填。"},
    {.id = GOODS_PRICE,
     .kind = FIELD_AMOUNT,
     .label = "单价",
     .row = 4,
     .col = 32,
     .width = 18,
     .max_chars = 25,
     .help = "最多 13 位小数，可不填；是否含税见下一栏。"},
    {.id = GOODS_INCLUSIVE,
     .kind = FIELD_CHOICE,
     .label = "是否含税",
     .row = 4,
     .col = 62,
     .width = 8,
     .choices = MODES,
     .chooser = true,
     .help = "单价是否含税，F4、空格或左右键选择。"},
    {.id = GOODS_PREFERENCE,
     .kind = FIELD_CHOICE,
     .label = "优惠政策",
     .row = 5,
     .col = 10,
     .width = 42,
     .chooser = true,
     .help = "F4 列出税率和这个编码不冲突的，左右键逐个看；能不能享受由企业自己判断。"},
    {.id = 0},
};

/* ---- life ---- */

static void show(struct goods_form *s)
{
	struct form *f = &s->entry.form;
	char rate[RATE_TEXT];
	int id;

	for (id = GOODS_NAME; id < GOODS_PREFERENCE; id++)
		form_set(f, id, catalogue_text(&s->goods, &goods_fields[id - 1]));
	form_set(f, GOODS_PREFERENCE, goods_preference_name(s->goods.preference));
	form_set(f, GOODS_INCLUSIVE, MODES[s->goods.inclusive ? 0 : 1]);
	text_copy(s->preference, sizeof(s->preference), "?"); /* nothing fits yet */
	goods_fit_code(s);
	/* What they have stays to be seen, even if it may not be. */
	if (s->goods.rate_ppm >= 0)
		form_set(f, GOODS_RATE, rate_format_percent(s->goods.rate_ppm, rate));
}

void goods_form_read(struct goods_form *s)
{
	const struct form *f = &s->entry.form;
	int id;

	for (id = GOODS_NAME; id < GOODS_PREFERENCE; id++) {
		char *text = text_trim(form_get(f, id));

		mem_set((char **)(void *)((char *)&s->goods + goods_fields[id - 1].offset), text);
		free(text);
	}
	mem_set(&s->goods.preference, goods_preference_code(s));
	s->goods.inclusive = form_choice(f, GOODS_INCLUSIVE) == 0;
	if (!rate_parse(form_get(f, GOODS_RATE), &s->goods.rate_ppm))
		s->goods.rate_ppm = -1;
}

static enum err begin(struct goods_form *s, const struct goods_form_arg *a, struct err_info *e)
{
	struct issue_habit h = {.inclusive = true};
	enum err r;

	if (a && a->id && (r = desk_goods_get(ui_session(), a->id, &s->goods, e)))
		return r;
	if (a && a->id && !a->copy)
		return ERR_OK;
	s->goods.id = s->goods.uses = s->goods.used_at = 0;
	if (a && a->id)
		return ERR_OK;
	desk_habit(ui_session(), &h, NULL);
	s->goods.inclusive = h.inclusive;
	s->goods.rate_ppm = -1;
	return ERR_OK;
}

static void give_choices(struct goods_form *s)
{
	struct field *f;

	goods_fill_choices(s);
	for (f = s->fields; f->id; f++) {
		if (f->id == GOODS_RATE)
			f->choices = s->rate_choices;
		else if (f->id == GOODS_PREFERENCE)
			f->choices = s->preferences;
	}
}

/* What is to be mended is said at once. */
static void tell_fault(struct goods_form *s)
{
	char out[256];
	const char *fault = goods_check_code(&s->entry.form, NULL, s->code, out);

	if (!fault)
		return;
	s->entry.note_face = FACE_WARNING;
	text_copy(s->entry.note, sizeof(s->entry.note), fault);
}

static enum err goods_form_open(struct view *v, const void *arg, struct err_info *e)
{
	struct goods_form *s = v->state;
	enum err r;

	if ((r = desk_allow(ui_session(), DESK_CATALOGUE, e)) || (r = begin(s, arg, e)))
		return r;
	s->view = v;
	memcpy(s->fields, FIELDS, sizeof(FIELDS));
	give_choices(s);
	entry_init(&s->entry, s->goods.id ? "编辑商品" : "新增商品", s->fields, s);
	show(s);
	tell_fault(s);
	text_copy(s->was[0], sizeof(s->was[0]), form_get(&s->entry.form, GOODS_NAME));
	text_copy(s->was[1], sizeof(s->was[1]), form_get(&s->entry.form, GOODS_SPEC));
	return ERR_OK;
}

static void goods_form_close(struct view *v)
{
	struct goods_form *s = v->state;

	entry_free(&s->entry);
	goods_free(&s->goods);
}

/* ---- the view ---- */

static struct rect goods_form_place(struct view *v, struct rect area)
{
	struct goods_form *s = v->state;

	return entry_place(&s->entry, area, 0);
}

static void goods_form_layout(struct view *v)
{
	struct goods_form *s = v->state;

	entry_layout(&s->entry, v->area, 0);
}

static void goods_form_paint(struct view *v)
{
	struct goods_form *s = v->state;

	draw_box(v->area, s->entry.title);
	entry_paint(&s->entry, v->area);
}

static void left_field(struct goods_form *s, int was)
{
	const char *wrong = entry_error_of(&s->entry, was);

	if (was == GOODS_CODE && !*wrong)
		goods_fit_code(s);
	if (was == GOODS_NAME || was == GOODS_CODE)
		goods_look_hint(s);
	if (*wrong)
		ui_message(MESSAGE_ERROR, "%s", wrong);
}

static bool choose(struct goods_form *s)
{
	int here = s->entry.part == ENTRY_FORM ? form_focused(&s->entry.form) : 0;

	if (!here)
		return false;
	if (here == GOODS_RATE || here == GOODS_INCLUSIVE)
		return goods_ask_choice(s);
	if (here == GOODS_PREFERENCE)
		goods_ask_preference(s);
	else
		goods_ask_code(s);
	return true;
}

static bool goods_form_act(struct view *v, enum action a)
{
	struct goods_form *s = v->state;
	int was = s->entry.part == ENTRY_FORM ? form_focused(&s->entry.form) : 0;
	enum entry_result r;

	if (a == ACT_CHOOSE && choose(s))
		return true;
	if (a == ACT_TAKE_HINT) {
		if (was == GOODS_NAME)
			goods_look_hint(s);
		return goods_take_hint(s);
	}
	r = entry_act(&s->entry, a);
	if (r == ENTRY_SUBMIT) {
		goods_fit_code(s);
		goods_form_submit(s);
	} else if (r == ENTRY_LEFT) {
		left_field(s, was);
	} else if (r == ENTRY_USED && was == GOODS_PREFERENCE) {
		goods_fit_code(s);
	} else if (r == ENTRY_USED && was == GOODS_RATE) {
		goods_rate_chosen(s);
	}
	return entry_take(r);
}

static bool goods_form_key(struct view *v, struct key k, const char *paste, size_t n)
{
	struct goods_form *s = v->state;
	bool used = entry_key(&s->entry, k, paste, n);

	if (used && form_focused(&s->entry.form) == GOODS_PREFERENCE)
		goods_fit_code(s);
	else if (used && form_focused(&s->entry.form) == GOODS_RATE)
		goods_rate_chosen(s);
	return used;
}

static void goods_form_answered(struct view *v, int token, bool ok, const void *result)
{
	struct goods_form *s = v->state;

	if (token == GOODS_ASK_TWIN)
		goods_form_answer(s, ok ? *(const int *)result : 1);
	else if (ok && token == GOODS_ASK_CODE)
		goods_answer_code(s, result);
	else if (ok && token == GOODS_ASK_CHOICE)
		goods_answer_choice(s, *(const int *)result);
	else if (ok)
		goods_answer_preference(s, *(const int *)result);
	view_redraw(v);
}

static const char *const *goods_form_sections(const struct view *v)
{
	const struct goods_form *s = v->state;

	return entry_sections(&s->entry);
}

static const enum action *goods_form_hints(const struct view *v)
{
	static const enum action HINTS[] = {ACT_SAVE,  ACT_NEXT, ACT_CHOOSE,
					    ACT_CLEAR, ACT_BACK, ACT_NONE};
	static const enum action HINTED[] = {ACT_SAVE, ACT_NEXT,  ACT_CHOOSE, ACT_TAKE_HINT,
					     ACT_BACK, ACT_CLEAR, ACT_NONE};
	const struct goods_form *s = v->state;

	return *s->hint.code ? HINTED : HINTS;
}

static const char *goods_form_help(const struct view *v)
{
	const struct goods_form *s = v->state;

	return s->entry.part == ENTRY_FORM ? form_help(&s->entry.form)
					   : "回车保存或取消；上键回到栏目。";
}

static bool goods_form_leave(struct view *v, bool forced)
{
	struct goods_form *s = v->state;

	return entry_leave(&s->entry, forced);
}

static const char *goods_form_state(const struct view *v)
{
	const struct goods_form *s = v->state;

	return s->entry.form.dirty ? "editing" : "untouched";
}

const struct view_ops view_goods_form_ops = {
    .name = "goods-form",
    .modal = true,
    .size = sizeof(struct goods_form),
    .open = goods_form_open,
    .place = goods_form_place,
    .layout = goods_form_layout,
    .paint = goods_form_paint,
    .sections = goods_form_sections,
    .key = goods_form_key,
    .act = goods_form_act,
    .hints = goods_form_hints,
    .help = goods_form_help,
    .answer = goods_form_answered,
    .leave = goods_form_leave,
    .close = goods_form_close,
    .state = goods_form_state,
};

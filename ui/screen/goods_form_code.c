/* goods_form_code.c - the tax code of goods: choosing, proposing; the rates and preferences that go
 * with it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "desk/memory.h"
#include "tax/code.h"
#include "ui/dialog.h"
#include "ui/screen/code_pick.h"
#include "ui/screen/goods_form_p.h"

enum { LINE = 160, HINT_CHARS = 60 };

const char GOODS_NO_PREFERENCE[] = "无";

const char *goods_check_code(const struct form *f, const struct field *fd, const char *text,
			     char *out)
{
	enum code_fault fault;

	(void)f;
	(void)fd;
	if (!*text || desk_goods_fault(ui_session(), text, &fault, NULL) || fault == CODE_FINE)
		return NULL;
	snprintf(out, 256, "税收分类编码：%s，不能用于开票，请按 F4 选一个明细编码",
		 code_fault_label(fault));
	return out;
}

/* ---- preferences ---- */

void goods_fill_choices(struct goods_form *s)
{
	const struct code_row *row;
	int n = 0;

	s->preferences[n++] = GOODS_NO_PREFERENCE;
	while (n <= GOODS_PREFERENCES && (row = code_at(CODES_PREFERENCES, (size_t)(n - 1))))
		s->preferences[n++] = row->name;
	s->preferences[n] = NULL;
}

const char *goods_preference_code(const struct goods_form *s)
{
	const struct code_row *row =
	    code_find_name(CODES_PREFERENCES, form_get(&s->entry.form, GOODS_PREFERENCE));

	return row ? row->code : "";
}

const char *goods_preference_name(const char *code)
{
	const struct code_row *row = code_find(CODES_PREFERENCES, code ? code : "");

	return row ? row->name : GOODS_NO_PREFERENCE;
}

static const char *fixed_rates(const char *preference)
{
	const struct code_row *row = *preference ? code_find(CODES_PREFERENCES, preference) : NULL;

	return row ? row->extra : "";
}

/* ---- rates ---- */

static int add_rate(struct goods_form *s, int n, int32_t ppm)
{
	char text[RATE_TEXT];

	if (n == GOODS_RATES)
		return n;
	text_copy(s->rates[n], GOODS_RATE_TEXT, rate_format_percent(ppm, text));
	s->rate_choices[n] = s->rates[n];
	return n + 1;
}

/* "3%、5%" */
static int add_listed(struct goods_form *s, const char *list)
{
	static const char AND[] = "、";
	int32_t ppm;
	int n = 0;

	while (*list) {
		const char *end = strstr(list, AND);
		char *one = mem_strndup(list, end ? (size_t)(end - list) : strlen(list));

		if (rate_parse(one, &ppm))
			n = add_rate(s, n, ppm);
		free(one);
		list = end ? end + strlen(AND) : "";
	}
	return n;
}

/* Of the code; all that the unit may use while there is none that has any. */
static int add_allowed(struct goods_form *s)
{
	int32_t *ppm = NULL;
	size_t n = 0, i;
	int count = 0;

	if (*s->code && desk_code_rates(ui_session(), s->code, &ppm, &n, NULL))
		n = 0;
	if (!n) {
		free(ppm);
		ppm = NULL;
		if (desk_rates(ui_session(), &ppm, &n, NULL))
			n = 0;
	}
	for (i = 0; i < n; i++)
		count = add_rate(s, count, ppm[i]);
	free(ppm);
	return count;
}

/* The only one of the choices that the code has without a preference, "" none or several. */
static const char *usual_rate(const struct goods_form *s)
{
	const char *only = "";
	int i, n = 0;

	for (i = 0; s->rate_choices[i]; i++) {
		int32_t ppm;

		if (!rate_parse(s->rate_choices[i], &ppm) || !tax_rates_list(s->usual, ppm, false))
			continue;
		only = s->rate_choices[i];
		n++;
	}
	return n == 1 ? only : "";
}

/* A rate that cannot be any longer is not lost without a word. */
static void tell_gone(struct goods_form *s)
{
	struct entry *n = &s->entry;

	n->note_face = FACE_WARNING;
	if (*s->preference)
		snprintf(n->note, sizeof(n->note), "税率 %s 不能和优惠政策“%s”一起用，请另选税率。",
			 s->gone, goods_preference_name(s->preference));
	else
		snprintf(n->note, sizeof(n->note), "税率 %s 不能和这个编码一起用，请另选税率。",
			 s->gone);
}

static void fit_rates(struct goods_form *s)
{
	const char *fixed = fixed_rates(s->preference);
	int n = *fixed ? add_listed(s, fixed) : add_allowed(s);
	struct form *f = &s->entry.form;
	const char *rate = form_get(f, GOODS_RATE);
	bool told = *s->gone != 0;

	s->rate_choices[n] = NULL;
	if (*rate && n && form_choice(f, GOODS_RATE) < 0) {
		/* What a preference fixed is nothing anybody chose. */
		if (!*s->gone)
			text_copy(s->gone, sizeof(s->gone), rate);
		form_set(f, GOODS_RATE, "");
	}
	if (n == 1 && (*s->code || *fixed))
		form_set(f, GOODS_RATE, s->rates[0]);
	if (!*form_get(f, GOODS_RATE) && *s->gone) {
		form_set(f, GOODS_RATE, s->gone);
		if (form_choice(f, GOODS_RATE) < 0)
			form_set(f, GOODS_RATE, "");
	}
	if (!*form_get(f, GOODS_RATE) && *s->code && !*fixed)
		form_set(f, GOODS_RATE, usual_rate(s));
	if (!*form_get(f, GOODS_RATE) && *s->gone)
		tell_gone(s);
	else if (told)
		s->entry.note[0] = 0;
	if (!strcmp(form_get(f, GOODS_RATE), s->gone))
		s->gone[0] = 0;
}

static void show_short_name(struct goods_form *s)
{
	struct tax_code c;

	s->usual[0] = 0;
	if (!*s->code || desk_taxcode_get(ui_session(), s->code, &c, NULL)) {
		form_set(&s->entry.form, GOODS_SHORT, "");
		return;
	}
	form_set(&s->entry.form, GOODS_SHORT, c.short_name);
	text_copy(s->usual, sizeof(s->usual), c.vat_rates);
	tax_code_free(&c);
}

void goods_fit_code(struct goods_form *s)
{
	const char *code = form_get(&s->entry.form, GOODS_CODE);
	const char *preference = goods_preference_code(s);
	bool other = strcmp(code, s->code) != 0;

	if (!other && !strcmp(preference, s->preference))
		return;
	text_copy(s->code, sizeof(s->code), code);
	text_copy(s->preference, sizeof(s->preference), preference);
	if (other) {
		s->entry.note[0] = 0;
		show_short_name(s);
	}
	fit_rates(s);
}

/* ---- choosing a code ---- */

void goods_ask_code(struct goods_form *s)
{
	const struct form *f = &s->entry.form;
	bool typed = form_focused(f) == GOODS_CODE && *form_get(f, GOODS_CODE);
	/* What is there already is to be changed: the name tells what it is. */
	bool known =
	    typed && !goods_check_code(NULL, NULL, form_get(f, GOODS_CODE), (char[256]) {0});
	struct code_pick_arg a = {.name = form_get(f, typed && !known ? GOODS_CODE : GOODS_NAME)};

	view_ask(s->view, GOODS_ASK_CODE, &view_code_pick_ops, &a);
}

static void take_code(struct goods_form *s, const char *code)
{
	form_set(&s->entry.form, GOODS_CODE, code);
	s->entry.form.dirty = true;
	s->entry.note[0] = s->hint.code[0] = 0;
	s->entry.part = ENTRY_FORM;
	goods_fit_code(s);
	form_focus(&s->entry.form, *form_get(&s->entry.form, GOODS_RATE) ? GOODS_SPEC : GOODS_RATE);
}

void goods_answer_code(struct goods_form *s, const void *result)
{
	const struct code_picked *c = result;

	if (!*form_get(&s->entry.form, GOODS_NAME))
		form_set(&s->entry.form, GOODS_NAME, c->name);
	take_code(s, c->code);
}

/* ---- choosing a preference ---- */

/* May goods of this code have it, with a rate that it fixes? */
static bool goes_with_code(const struct goods_form *s, const struct code_row *row)
{
	char warning[200], *end, rate[RATE_TEXT];
	struct goods g = {
	    .name = (char *)(uintptr_t) "商品",
	    .tax_code = (char *)(uintptr_t)s->code,
	    .preference = (char *)(uintptr_t)row->code,
	    .rate_ppm = -1,
	};

	text_copy(rate, sizeof(rate), row->extra);
	if ((end = strstr(rate, "、")))
		*end = 0;
	if (*rate && !rate_parse(rate, &g.rate_ppm))
		g.rate_ppm = -1;
	return !desk_goods_check(ui_session(), &g, warning, NULL);
}

void goods_ask_preference(struct goods_form *s)
{
	char lines[GOODS_PREFERENCES + 1][LINE];
	const char *shown[GOODS_PREFERENCES + 2];
	const struct code_row *row;
	int n = 0, i, selected = 0;

	for (i = 0; s->preferences[i]; i++) {
		row = i ? code_at(CODES_PREFERENCES, (size_t)(i - 1)) : NULL;
		if (row && !(desk_goods_may_prefer(ui_session(), s->code, row->code) &&
			     goes_with_code(s, row)))
			continue;
		snprintf(lines[n], LINE, "%s%s%s", s->preferences[i],
			 row && *row->extra ? "  税率 " : "", row ? row->extra : "");
		if (!strcmp(s->preferences[i], form_get(&s->entry.form, GOODS_PREFERENCE)))
			selected = n;
		s->offered[n] = i;
		shown[n] = lines[n];
		n++;
	}
	shown[n] = NULL;
	view_ask(s->view, GOODS_ASK_PREFERENCE, &view_choose_ops,
		 &(struct choose_arg) {.title = "优惠政策（税率和编码不冲突的）",
				       .lines = shown,
				       .selected = selected});
}

void goods_answer_preference(struct goods_form *s, int choice)
{
	form_set(&s->entry.form, GOODS_PREFERENCE, s->preferences[s->offered[choice]]);
	s->entry.form.dirty = true;
	goods_fit_code(s);
}

/* ---- the other choices ---- */

bool goods_ask_choice(struct goods_form *s)
{
	const struct form *f = &s->entry.form;
	const struct field *fd = &f->fields[f->focus];
	int now = form_choice(f, fd->id);

	if (!fd->choices || !fd->choices[0]) {
		ui_message(MESSAGE_INFO, "没有可选的%s：请先选税收分类编码", fd->label);
		return true;
	}
	s->asking = fd->id;
	return view_ask(s->view, GOODS_ASK_CHOICE, &view_choose_ops,
			&(struct choose_arg) {.title = fd->label,
					      .lines = fd->choices,
					      .selected = now < 0 ? 0 : now});
}

void goods_answer_choice(struct goods_form *s, int choice)
{
	struct form *f = &s->entry.form;

	form_set(f, s->asking,
		 s->asking == GOODS_RATE ? s->rate_choices[choice]
					 : f->fields[f->focus].choices[choice]);
	f->dirty = true;
	goods_rate_chosen(s);
}

/* What a person chose counts: the one that had to go is forgotten. */
void goods_rate_chosen(struct goods_form *s)
{
	if (!*s->gone || !*form_get(&s->entry.form, GOODS_RATE))
		return;
	s->gone[0] = s->entry.note[0] = 0;
}

/* ---- proposing ---- */

void goods_look_hint(struct goods_form *s)
{
	const char *name = form_get(&s->entry.form, GOODS_NAME);
	int n = 0, part;

	if (*s->hint.code)
		s->entry.note[0] = 0;
	s->hint.code[0] = 0;
	if (!*name || *form_get(&s->entry.form, GOODS_CODE) ||
	    desk_goods_suggest(ui_session(), name, &s->hint, 1, &n, NULL) || !n) {
		s->hint.code[0] = 0;
		return;
	}
	part = (int)text_prefix(s->hint.reason, HINT_CHARS);
	s->entry.note_face = FACE_GOOD;
	snprintf(s->entry.note, sizeof(s->entry.note), "建议编码 %s %.120s（%.*s）：F6 采用。",
		 s->hint.code, s->hint.short_name, part, s->hint.reason);
	s->entry.note[text_whole(s->entry.note, strlen(s->entry.note))] = 0;
}

bool goods_take_hint(struct goods_form *s)
{
	struct form *f = &s->entry.form;
	char rate[RATE_TEXT];
	int32_t ppm = s->hint.rate_ppm;

	if (!*s->hint.code) {
		ui_message(MESSAGE_INFO, "没有建议：先填商品名称，编码空着；或按 F4 选择");
		return true;
	}
	take_code(s, s->hint.code);
	/* Its rate, where the code leaves a choice. */
	if (!*form_get(f, GOODS_RATE) && ppm >= 0) {
		form_set(f, GOODS_RATE, rate_format_percent(ppm, rate));
		if (form_choice(f, GOODS_RATE) < 0)
			form_set(f, GOODS_RATE, "");
		else
			form_focus(f, GOODS_SPEC);
	}
	return true;
}

/* wizard.c - 开票业务配置: 直连单位, 使用单位, 验证, 首次同步; back and forth without loss (features C, G5). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "ui/screen/wizard.h"

const struct wizard_step_info wizard_steps[STEPS] = {
    [STEP_DIRECT] = {"直连单位",
		     {{"验证并保存", ACT_VERIFY},
		      {"只保存", ACT_SAVE},
		      {"下一步", ACT_PAGE_DOWN},
		      {NULL, ACT_NONE}}},
    [STEP_USING] = {"使用单位",
		    {{"验证并保存", ACT_VERIFY},
		     {"只保存", ACT_SAVE},
		     {"上一步", ACT_PAGE_UP},
		     {"下一步", ACT_PAGE_DOWN},
		     {NULL, ACT_NONE}}},
    [STEP_VERIFY] = {"验证",
		     {{"验证", ACT_VERIFY},
		      {"上一步", ACT_PAGE_UP},
		      {"下一步", ACT_PAGE_DOWN},
		      {NULL, ACT_NONE}}},
    [STEP_SYNC] = {"首次同步",
		   {{"开始同步", ACT_FIRST_SYNC},
		    {"上一步", ACT_PAGE_UP},
		    {"去开票", ACT_GO_BLUE},
		    {NULL, ACT_NONE}}},
};

struct unit_card *wizard_card(struct wizard *w)
{
	return w->step <= STEP_USING ? &w->card[w->step] : NULL;
}

struct form *wizard_form(struct wizard *w)
{
	struct unit_card *c = wizard_card(w);

	return c ? &c->form : w->step == STEP_SYNC ? &w->first.form : NULL;
}

bool wizard_both_verified(const struct wizard *w)
{
	return w->card[0].verified && w->card[1].verified;
}

void wizard_trouble(struct wizard *w, const char *text)
{
	text_copy(w->trouble, sizeof(w->trouble), text);
	view_redraw(w->view);
}

/* ---- steps ---- */

/* The first fetch is the using unit's, whichever unit the session worked for before. */
static void prepare_first(struct wizard *w)
{
	const struct unit_card *using = &w->card[STEP_USING];
	struct session *s = ui_session();

	snprintf(s->unit_choice, sizeof(s->unit_choice), "%s@%s", using->tax_no, using->env);
	ui_wake_engine(); /* the top line reads the unit again */
	if (!w->first_ready)
		first_init(&w->first);
	w->first_ready = true;
}

/* 税号@环境: a number may be registered in several environments. */
static void name_direct(struct wizard *w)
{
	const struct unit_card *direct = &w->card[STEP_DIRECT];
	char text[64] = "";

	if (direct->stored)
		snprintf(text, sizeof(text), "%s@%s", direct->tax_no,
			 form_get(&direct->form, UNIT_ENV));
	form_set(&w->card[STEP_USING].form, UNIT_DIRECT, text);
}

/* What is typed into another step stays there. */
void wizard_go(struct wizard *w, enum wizard_step step)
{
	struct unit_card *using = &w->card[STEP_USING];

	w->step = step;
	w->warned = false;
	wizard_trouble(w, wizard_card(w) ? wizard_card(w)->error : "");
	if (step == STEP_USING && !using->stored && !*form_get(&using->form, UNIT_DIRECT))
		name_direct(w);
	if (step == STEP_SYNC)
		prepare_first(w);
	w->button = wizard_form(w) ? WIZARD_FORM : 0;
}

static const char *next_why(const struct wizard *w)
{
	switch (w->step) {
	case STEP_DIRECT:
		return w->card[STEP_DIRECT].stored ? NULL : "请先保存直连单位";
	case STEP_USING:
		return w->card[STEP_USING].stored ? NULL : "请先保存使用单位";
	case STEP_VERIFY:
		return wizard_both_verified(w) ? NULL : "两个单位都验证通过后才能同步";
	default:
		return "已经是最后一步";
	}
}

static bool next_step(struct wizard *w)
{
	wizard_go(w, w->step + 1);
	return true;
}

static bool previous_step(struct wizard *w)
{
	if (w->step == STEP_DIRECT)
		return false;
	wizard_go(w, w->step - 1);
	return true;
}

static void first_step(struct wizard *w)
{
	enum wizard_step step = STEP_DIRECT;

	if (w->card[STEP_DIRECT].verified)
		step = STEP_USING;
	if (wizard_both_verified(w))
		step = STEP_SYNC;
	wizard_go(w, step);
}

/* ---- the view ---- */

/* What is stored of both units; a fresh one stays empty.  A using unit alone is looked at from its
 * own form on, with its own direct unit above it. */
static enum err find_cards(struct wizard *w, const struct wizard_arg *a, struct err_info *e)
{
	struct unit_card *direct = &w->card[STEP_DIRECT], *using = &w->card[STEP_USING];
	const struct unit_ref *ref = a && a->ref.tax_no ? &a->ref : NULL;
	bool of_direct = ref && !strcmp(ref->role, "direct");
	enum err r = ref ? unit_card_load(of_direct ? direct : using, ref, e) : ERR_OK;

	if (r)
		return r;
	if (a && a->fresh)
		w->entry = unit_card_find_above(direct) ? STEP_USING : STEP_DIRECT;
	else if (ref)
		w->entry = of_direct ? STEP_DIRECT : STEP_USING;
	else if (!a && !unit_card_current(using))
		unit_card_find(direct, NULL);
	unit_card_fit(direct, using);
	if (of_direct || (!a && direct->stored && !using->stored))
		unit_card_find(using, direct);
	return ERR_OK;
}

/* What was typed and not saved is there again; the step it belongs to comes first. */
static bool restore(struct wizard *w)
{
	bool direct = w->entry == STEP_DIRECT && unit_card_restore(&w->card[STEP_DIRECT]);
	bool using = unit_card_restore(&w->card[STEP_USING]);

	if (!direct && !using)
		return false;
	wizard_go(w, direct ? STEP_DIRECT : STEP_USING);
	ui_message(MESSAGE_WARNING, "上次填写而没有保存的内容还在%s",
		   !direct                       ? ""
		   : w->card[STEP_DIRECT].stored ? "；改过的 API 密钥请重新输入"
						 : "；API 密钥请重新输入");
	return true;
}

static enum err wizard_open(struct view *v, const void *arg, struct err_info *e)
{
	const struct wizard_arg *a = arg;
	struct wizard *w = v->state;
	bool using = a && a->ref.tax_no && strcmp(a->ref.role, "direct") != 0;
	enum err r = desk_allow(ui_session(), DESK_UNITS, e);

	if (r)
		return r;
	w->view = v;
	unit_card_init(&w->card[STEP_DIRECT], true);
	unit_card_init(&w->card[STEP_USING], false);
	if ((r = find_cards(w, a, e))) {
		unit_card_free(&w->card[0]); /* close is not called */
		unit_card_free(&w->card[1]);
		return r;
	}
	if (restore(w))
		return ERR_OK;
	if (a)
		wizard_go(w, w->entry);
	else
		first_step(w);
	if (using && w->card[STEP_USING].verified)
		ui_message(MESSAGE_INFO, "验证通过后不可编辑；地址、电话、账号、通道等可以修改");
	return ERR_OK;
}

static void wizard_close(struct view *v)
{
	struct wizard *w = v->state;

	unit_card_free(&w->card[0]);
	unit_card_free(&w->card[1]);
	first_free(&w->first);
	errand_free(&w->errand);
	wrap_free(&w->words);
	wrap_free(&w->help);
}

static void wizard_content(struct view *v, bool changed)
{
	struct wizard *w = v->state;
	struct err_info e = {0};
	enum err verdict;

	wizard_offer_golive(w);
	if (!changed)
		return;
	if (errand_rests(&w->errand, &verdict, &e))
		wizard_verified(w, verdict, &e);
	if (w->step == STEP_VERIFY)
		wizard_read_states(w);
	if (w->first_ready)
		first_look(&w->first);
}

/* ---- keys ---- */

static bool button_act(struct wizard *w, enum action a)
{
	const struct button *b = wizard_steps[w->step].buttons;

	switch (a) {
	case ACT_LEFT:
	case ACT_RIGHT:
		w->button = buttons_step(b, w->button, a == ACT_LEFT ? -1 : 1);
		return true;
	case ACT_NEXT:
		w->button = b[w->button + 1].label ? w->button + 1
			    : wizard_form(w)       ? WIZARD_FORM
						   : 0;
		return true;
	case ACT_PREVIOUS:
	case ACT_UP:
		if (a == ACT_PREVIOUS && w->button > 0)
			w->button--;
		else if (wizard_form(w))
			w->button = WIZARD_FORM;
		return true;
	case ACT_ENTER:
		return ui_do(b[w->button].action);
	default:
		return false;
	}
}

/* 基础能力 and 归集能力 (features C11). */
static bool stays_ticked(const struct unit_card *c)
{
	const char *why = unit_card_locked(c);

	if (why)
		ui_message(MESSAGE_WARNING, "%s", why);
	return why != NULL;
}

/* What the tax side said spoke of what was there before. */
static void changed(struct wizard *w, struct unit_card *c)
{
	c->error[0] = 0;
	wizard_trouble(w, "");
}

static bool form_do(struct wizard *w, enum action a)
{
	struct form *f = wizard_form(w);
	struct unit_card *c = wizard_card(w);
	struct unit_follow before = c ? unit_card_before(c) : (struct unit_follow) {0};
	int id = form_focused(f);
	char *text = mem_strdup(form_get(f, id));
	enum form_result r;
	bool other;

	r = form_act(f, a);
	if (r == FORM_MATCH) /* what was chosen is whole */
		r = form_act(f, ACT_NEXT);
	other = strcmp(text, form_get(f, id)) != 0;
	free(text);
	if (r == FORM_UNUSED && a != ACT_DOWN)
		return false;
	if (r == FORM_LEFT_END || r == FORM_UNUSED)
		w->button = 0;
	else if (r == FORM_LEFT_START)
		w->button = buttons_count(wizard_steps[w->step].buttons) - 1;
	if (c)
		unit_card_follow(c, before);
	if (c && other)
		changed(w, c);
	if (c && (r != FORM_USED || a == ACT_TOGGLE))
		unit_card_keep(c, false);
	w->warned = false;
	return true;
}

static bool dirty(const struct wizard *w)
{
	return w->card[0].form.dirty || w->card[1].form.dirty;
}

static bool wizard_leave(struct view *v, bool forced)
{
	struct wizard *w = v->state;

	int i;

	if (dirty(w) && !forced && !w->warned) {
		w->warned = true;
		ui_message(MESSAGE_WARNING, "填写的内容还没有保存：Ctrl-S 保存，再按一次放弃");
		return false;
	}
	for (i = 0; i < 2; i++) {
		if (forced)
			unit_card_keep(&w->card[i], true);
		else
			unit_card_forget(&w->card[i]);
	}
	return true;
}

static bool wizard_act(struct view *v, enum action a)
{
	struct wizard *w = v->state;

	switch (a) {
	case ACT_VERIFY:
		wizard_verify(w);
		return true;
	case ACT_FIRST_SYNC:
		wizard_first_sync(w);
		return true;
	case ACT_SAVE:
		wizard_save(w);
		return true;
	case ACT_PAGE_DOWN:
		return next_step(w);
	case ACT_PAGE_UP:
		return previous_step(w);
	default:
		break;
	}
	if (w->button == WIZARD_FORM && a == ACT_TOGGLE && wizard_card(w) &&
	    stays_ticked(wizard_card(w)))
		return true;
	if (w->button == WIZARD_FORM && form_do(w, a))
		return true;
	if (a == ACT_BACK)
		return w->step != w->entry && previous_step(w);
	if (a == ACT_CHOOSE && wizard_form(w) && form_chooses(wizard_form(w))) {
		ui_message(MESSAGE_WARNING, "没有可以选择的：直连单位要先验证通过");
		return true;
	}
	return w->button != WIZARD_FORM && button_act(w, a);
}

static bool wizard_key(struct view *v, struct key k, const char *paste, size_t n)
{
	struct wizard *w = v->state;
	struct unit_card *c = wizard_card(w);
	struct unit_follow before = c ? unit_card_before(c) : (struct unit_follow) {0};

	if (c && w->button == WIZARD_FORM && k.code == ' ' && stays_ticked(c))
		return true;
	if (w->button != WIZARD_FORM || !form_key(wizard_form(w), k, paste, n))
		return false;
	if (c)
		changed(w, c);
	if (c)
		unit_card_follow(c, before);
	w->warned = false;
	return true;
}

static void wizard_answer(struct view *v, int token, bool ok, const void *result)
{
	(void)result;
	if (ok && token == WIZARD_ASK_STOPS)
		wizard_saves_all_the_same(v->state);
	if (ok && token == WIZARD_ASK_GOLIVE)
		wizard_add_golive(v->state);
}

static const char *wizard_why_not(const struct view *v, enum action a)
{
	const struct wizard *w = v->state;

	if (a == ACT_PAGE_DOWN)
		return next_why(w);
	if (a == ACT_SAVE)
		return w->step > STEP_USING ? "这一步没有要保存的内容" : NULL;
	if (a == ACT_FIRST_SYNC)
		return w->step != STEP_SYNC ? "验证通过以后才能同步"
		       : w->first.running   ? "正在同步，请等它结束"
					    : NULL;
	if (a != ACT_VERIFY)
		return NULL;
	if (w->step == STEP_SYNC)
		return "两个单位都已验证通过";
	if (w->step == STEP_VERIFY && wizard_both_verified(w))
		return "两个单位都已验证通过";
	return errand_why(&w->errand);
}

static const char *const *wizard_sections(const struct view *v)
{
	static const char *const BUTTONS[] = {"wizard", "dialog", NULL};
	static const char *const SYNC_BUTTONS[] = {"wizard-sync", "wizard", "dialog", NULL};
	static const char *const SYNC_FORM[] = {"wizard-sync", "form-text", "form", NULL};
	struct wizard *w = v->state;
	bool form = w->button == WIZARD_FORM;

	if (w->step == STEP_SYNC)
		return form ? SYNC_FORM : SYNC_BUTTONS;
	return form ? form_sections(wizard_form(w)) : BUTTONS;
}

static const enum action *wizard_hints(const struct view *v)
{
	static const enum action UNIT[] = {ACT_VERIFY, ACT_SAVE, ACT_ENTER, ACT_PREVIOUS,
					   ACT_CHOOSE, ACT_BACK, ACT_NONE};
	static const enum action STATES[] = {ACT_VERIFY, ACT_ENTER, ACT_BACK, ACT_NONE};
	static const enum action SYNC[] = {ACT_FIRST_SYNC, ACT_ENTER, ACT_NEW_INVOICE, ACT_BACK,
					   ACT_NONE};
	static const enum action *const OF_STEP[STEPS] = {UNIT, UNIT, STATES, SYNC};
	const struct wizard *w = v->state;

	return OF_STEP[w->step];
}

static const char *wizard_help(const struct view *v)
{
	static const char UNIT[] =
	    "F10 验证并保存，Ctrl-S 只保存；PgDn 下一步，PgUp 或 Esc 上一步，填过的内容都在。";
	static const char ALONE[] =
	    "F10 验证并保存，Ctrl-S 只保存；PgDn 下一步，PgUp 它的直连单位，Esc 返回。";
	static const char *const OF_STEP[STEPS] = {
	    UNIT, UNIT, "F10 向税局验证还没有通过的单位；PgDn 下一步，PgUp 或 Esc 上一步。",
	    "F10 开始同步，已完成的不再取；PgUp 或 Esc 上一步，Ctrl-N 去开票。"};
	struct wizard *w = v->state;
	struct form *f = wizard_form(w);

	if (f && w->button == WIZARD_FORM && form_help(f))
		return form_help(f);
	return w->entry == STEP_USING && w->step == STEP_USING ? ALONE : OF_STEP[w->step];
}

static const char *wizard_state(const struct view *v)
{
	static const char *const WORDS[] = {"direct", "using", "verify", "sync"};
	const struct wizard *w = v->state;

	if (w->errand.open || w->first.running)
		return "waiting";
	return w->step == STEP_SYNC && w->first.complete ? "complete" : WORDS[w->step];
}

static const char *wizard_words(const struct view *v)
{
	const struct wizard *w = v->state;

	return w->trouble;
}

const struct view_ops view_wizard_ops = {
    .name = "wizard",
    .path = "接入配置 › 开票业务配置",
    .size = sizeof(struct wizard),
    .open = wizard_open,
    .layout = wizard_layout,
    .content = wizard_content,
    .paint = wizard_paint,
    .sections = wizard_sections,
    .key = wizard_key,
    .act = wizard_act,
    .why_not = wizard_why_not,
    .answer = wizard_answer,
    .hints = wizard_hints,
    .help = wizard_help,
    .trouble = wizard_words,
    .leave = wizard_leave,
    .close = wizard_close,
    .state = wizard_state,
};

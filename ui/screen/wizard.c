/* wizard.c - 开票业务配置: 直连单位, 使用单位, 验证, 首次同步; back and forth without loss (features C, G5). */
#include <stdio.h>
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
		   {{"开始同步", ACT_VERIFY},
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

static void set_trouble(struct wizard *w, const char *text)
{
	text_copy(w->trouble, sizeof(w->trouble), text);
	view_redraw(w->view);
}

/* ---- steps ---- */

/* The first fetch is the using unit's, whichever unit the session worked for before. */
static void prepare_first(struct wizard *w)
{
	struct session *s = ui_session();

	text_copy(s->unit_choice, sizeof(s->unit_choice), w->card[STEP_USING].tax_no);
	if (!w->first_ready)
		first_init(&w->first);
	w->first_ready = true;
}

/* What is typed into another step stays there. */
static void go_step(struct wizard *w, enum wizard_step step)
{
	struct unit_card *using = &w->card[STEP_USING];

	w->step = step;
	w->warned = false;
	set_trouble(w, wizard_card(w) ? wizard_card(w)->error : "");
	if (step == STEP_USING && !using->stored && !*form_get(&using->form, UNIT_DIRECT))
		form_set(&using->form, UNIT_DIRECT, w->card[STEP_DIRECT].tax_no);
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
	go_step(w, w->step + 1);
	return true;
}

static bool previous_step(struct wizard *w)
{
	if (w->step == STEP_DIRECT)
		return false;
	go_step(w, w->step - 1);
	return true;
}

static void first_step(struct wizard *w)
{
	enum wizard_step step = STEP_DIRECT;

	if (w->card[STEP_DIRECT].verified)
		step = STEP_USING;
	if (wizard_both_verified(w))
		step = STEP_SYNC;
	go_step(w, step);
}

/* ---- saving and verifying ---- */

static bool save(struct wizard *w)
{
	set_trouble(w, "");
	return unit_card_save(wizard_card(w));
}

static enum err ask_verify(struct wizard *w, struct desk_wait *wait, struct err_info *e)
{
	struct unit_ref ref;
	enum err r = ERR_OK;
	int i;

	for (i = 0; i < 2 && !r; i++) {
		bool wanted = wizard_card(w) ? wizard_card(w) == &w->card[i] : !w->card[i].verified;

		ref = unit_card_ref(&w->card[i]);
		if (wanted && w->card[i].stored)
			r = desk_unit_verify(ui_session(), &ref, wait, e);
	}
	return r;
}

static bool verify(struct wizard *w)
{
	struct err_info e = {0};
	enum err r;

	if (w->step == STEP_SYNC) {
		if (!form_check(&w->first.form))
			first_begin(&w->first);
		if (w->first.complete)
			ui_message(MESSAGE_INFO, "没有要办的：份数和额度填 0 就是不办");
		return true;
	}
	if (wizard_card(w) && !save(w))
		return true;
	set_trouble(w, "");
	r = ask_verify(w, errand_wait(&w->errand), &e);
	errand_begin(&w->errand, "验证", r, &e);
	return true;
}

/* The state of both units as stored; what is being typed stays. */
static void read_states(struct wizard *w)
{
	int i;

	for (i = 0; i < 2; i++) {
		struct unit_card *c = &w->card[i];
		struct unit_ref ref = unit_card_ref(c);

		if (c->stored && !c->form.dirty)
			unit_card_load(c, &ref, NULL);
	}
}

static void end_verify(struct wizard *w, enum err verdict, const struct err_info *e)
{
	char sentence[900];

	read_states(w);
	if (verdict) {
		set_trouble(w, ui_sentence(e, sentence, sizeof(sentence)));
		if (verdict == ERR_BUSY || verdict == ERR_UNKNOWN)
			errand_tell(&w->errand, verdict, e);
		else
			ui_message(MESSAGE_ERROR, "没有通过验证，原因在下面；填写的内容都在");
		return;
	}
	ui_message(MESSAGE_GOOD, "%s：验证通过", wizard_steps[w->step].name);
	if (w->step == STEP_DIRECT)
		go_step(w, STEP_USING);
	else if (wizard_both_verified(w))
		go_step(w, STEP_SYNC);
	else
		go_step(w, STEP_VERIFY);
}

/* ---- the view ---- */

static enum err wizard_open(struct view *v, const void *arg, struct err_info *e)
{
	const struct wizard_arg *a = arg;
	struct wizard *w = v->state;
	enum err r = desk_allow(ui_session(), DESK_UNITS, e);

	if (r)
		return r;
	w->view = v;
	unit_card_init(&w->card[STEP_DIRECT], true);
	unit_card_init(&w->card[STEP_USING], false);
	if (a && a->ref.tax_no) {
		bool direct = !strcmp(a->ref.role, "direct");

		if ((r = unit_card_load(&w->card[direct ? 0 : 1], &a->ref, e))) {
			unit_card_free(&w->card[0]); /* close is not called */
			unit_card_free(&w->card[1]);
			return r;
		}
		if (direct)
			unit_card_find(&w->card[1], a->ref.tax_no);
		else
			unit_card_find(&w->card[0], NULL);
		go_step(w, direct ? STEP_DIRECT : STEP_USING);
		return ERR_OK;
	}
	unit_card_find(&w->card[STEP_DIRECT], NULL);
	if (a && a->fresh) {
		go_step(w, w->card[STEP_DIRECT].stored ? STEP_USING : STEP_DIRECT);
		return ERR_OK;
	}
	if (w->card[STEP_DIRECT].stored)
		unit_card_find(&w->card[STEP_USING], w->card[STEP_DIRECT].tax_no);
	first_step(w);
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

	if (!changed)
		return;
	if (errand_rests(&w->errand, &verdict, &e))
		end_verify(w, verdict, &e);
	if (w->step == STEP_VERIFY)
		read_states(w);
	if (w->first_ready)
		first_look(&w->first);
}

/* ---- keys ---- */

static int button_count(const struct wizard *w)
{
	int n = 0;

	while (wizard_steps[w->step].buttons[n].label)
		n++;
	return n;
}

static bool button_act(struct wizard *w, enum action a)
{
	int n = button_count(w);

	switch (a) {
	case ACT_LEFT:
	case ACT_RIGHT:
		w->button = (w->button + (a == ACT_LEFT ? n - 1 : 1)) % n;
		return true;
	case ACT_NEXT:
		w->button = w->button + 1 < n ? w->button + 1 : wizard_form(w) ? WIZARD_FORM : 0;
		return true;
	case ACT_PREVIOUS:
	case ACT_UP:
		if (a == ACT_PREVIOUS && w->button > 0)
			w->button--;
		else if (wizard_form(w))
			w->button = WIZARD_FORM;
		return true;
	case ACT_ENTER:
		return ui_do(wizard_steps[w->step].buttons[w->button].action);
	default:
		return false;
	}
}

static bool form_do(struct wizard *w, enum action a)
{
	struct form *f = wizard_form(w);
	struct unit_card *c = wizard_card(w);
	int env = c ? form_choice(&c->form, UNIT_ENV) : 0;
	enum form_result r = form_act(f, a);

	if (r == FORM_UNUSED && a != ACT_DOWN)
		return false;
	if (r == FORM_LEFT_END || r == FORM_UNUSED)
		w->button = 0;
	else if (r == FORM_LEFT_START)
		w->button = button_count(w) - 1;
	if (c && form_choice(&c->form, UNIT_ENV) != env)
		unit_card_follow_env(c);
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

	if (forced || !dirty(w) || w->warned)
		return true;
	w->warned = true;
	ui_message(MESSAGE_WARNING, "填写的内容还没有保存：Ctrl-S 保存，再按一次放弃");
	return false;
}

static bool wizard_act(struct view *v, enum action a)
{
	struct wizard *w = v->state;

	switch (a) {
	case ACT_VERIFY:
		return verify(w);
	case ACT_SAVE:
		save(w);
		return true;
	case ACT_PAGE_DOWN:
		return next_step(w);
	case ACT_PAGE_UP:
		return previous_step(w);
	default:
		break;
	}
	if (w->button == WIZARD_FORM && form_do(w, a))
		return true;
	if (a == ACT_BACK)
		return previous_step(w);
	return w->button != WIZARD_FORM && button_act(w, a);
}

static bool wizard_key(struct view *v, struct key k, const char *paste, size_t n)
{
	struct wizard *w = v->state;
	struct unit_card *c = wizard_card(w);
	int env = c ? form_choice(&c->form, UNIT_ENV) : 0;

	if (w->button != WIZARD_FORM || !form_key(wizard_form(w), k, paste, n))
		return false;
	if (c && form_choice(&c->form, UNIT_ENV) != env)
		unit_card_follow_env(c);
	w->warned = false;
	return true;
}

static const char *wizard_why_not(const struct view *v, enum action a)
{
	const struct wizard *w = v->state;

	if (a == ACT_PAGE_DOWN)
		return next_why(w);
	if (a == ACT_SAVE)
		return w->step > STEP_USING ? "这一步没有要保存的内容" : NULL;
	if (a != ACT_VERIFY)
		return NULL;
	if (w->step == STEP_SYNC && w->first.running)
		return "正在同步，请等它结束";
	if (w->step == STEP_VERIFY && wizard_both_verified(w))
		return "两个单位都已验证通过";
	return errand_why(&w->errand);
}

static const char *const *wizard_sections(const struct view *v)
{
	static const char *const BUTTONS[] = {"wizard", "dialog", NULL};
	struct wizard *w = v->state;

	return w->button == WIZARD_FORM ? form_sections(wizard_form(w)) : BUTTONS;
}

static const enum action *wizard_hints(const struct view *v)
{
	static const enum action UNIT[] = {ACT_VERIFY, ACT_SAVE, ACT_ENTER, ACT_PREVIOUS,
					   ACT_CHOOSE, ACT_BACK, ACT_NONE};
	static const enum action OTHER[] = {ACT_VERIFY, ACT_ENTER, ACT_NEW_INVOICE, ACT_BACK,
					    ACT_NONE};
	const struct wizard *w = v->state;

	return w->step <= STEP_USING ? UNIT : OTHER;
}

static const char *wizard_help(const struct view *v)
{
	struct wizard *w = v->state;
	struct form *f = wizard_form(w);

	if (f && w->button == WIZARD_FORM && form_help(f))
		return form_help(f);
	return "F10 验证并保存，Ctrl-S 只保存；PgDn 下一步，PgUp 或 Esc 上一步，填过的内容都在。";
}

static const char *wizard_state(const struct view *v)
{
	static const char *const WORDS[] = {"direct", "using", "verify", "sync"};
	const struct wizard *w = v->state;

	if (w->errand.open || w->first.running)
		return "waiting";
	return w->step == STEP_SYNC && w->first.complete ? "complete" : WORDS[w->step];
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
    .hints = wizard_hints,
    .help = wizard_help,
    .leave = wizard_leave,
    .close = wizard_close,
    .state = wizard_state,
};

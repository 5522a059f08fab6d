/* wizard_verify.c - saving a unit, verifying with the tax side, beginning the first fetch. */
#include <stdio.h>
#include <string.h>

#include "base/base.h"
#include "ui/screen/wizard.h"

/* False: a sentence says what is wrong. */
static bool save(struct wizard *w)
{
	bool ok;

	wizard_trouble(w, "");
	ok = unit_card_save(wizard_card(w));
	if (ok && w->step == STEP_USING)
		unit_card_fit(&w->card[STEP_DIRECT], &w->card[STEP_USING]);
	return ok;
}

/* Units stop issuing for a change above them: that is said before it is made (features C15). */
static bool asks_first(struct wizard *w, bool then_verify)
{
	const struct unit_card *c = wizard_card(w);
	size_t below = c && !form_check(&wizard_card(w)->form) ? unit_card_stops(c) : 0;

	if (!below)
		return false;
	w->then_verify = then_verify;
	snprintf(w->question, sizeof(w->question),
		 "保存后 %.300s（%s环境）变为未验证，下面 %zu 个使用单位在重新验证前不能开票。%s",
		 form_get(&c->form, UNIT_NAME), form_get(&c->form, UNIT_ENV), below,
		 then_verify ? "保存后马上验证；没有通过，就要等到通过。" : "F10 保存后马上验证。");
	return view_ask(w->view, WIZARD_ASK_STOPS, &view_ask_ops,
			&(struct ask_arg) {.title = "使用单位会停开",
					   .text = w->question,
					   .yes = then_verify ? "保存并验证" : "保存",
					   .no = "返回"});
}

void wizard_save(struct wizard *w)
{
	if (!asks_first(w, false))
		save(w);
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

static void verify(struct wizard *w)
{
	struct err_info e = {0};
	enum err r;

	if (wizard_card(w) && !save(w))
		return;
	wizard_trouble(w, "");
	r = ask_verify(w, errand_wait(&w->errand), &e);
	errand_begin(&w->errand, "验证", r, &e);
}

void wizard_verify(struct wizard *w)
{
	if (!asks_first(w, true))
		verify(w);
}

void wizard_saves_all_the_same(struct wizard *w)
{
	if (w->then_verify)
		verify(w);
	else
		save(w);
}

void wizard_first_sync(struct wizard *w)
{
	const char *wrong = form_check(&w->first.form);

	if (wrong) {
		ui_message(MESSAGE_ERROR, "%s", wrong);
		return;
	}
	first_begin(&w->first);
	if (w->first.complete)
		ui_message(MESSAGE_INFO, "没有要办的：份数和额度填 0 就是不办");
}

void wizard_offer_golive(struct wizard *w)
{
	struct summary_golive due;

	if (w->step != STEP_SYNC || w->golive_seen || view_top() != w->view)
		return;
	w->golive_seen = true;
	if (desk_summary_golive(ui_session(), &due, NULL) || !due.due)
		return;
	text_copy(w->golive, sizeof(w->golive), due.month);
	snprintf(w->question, sizeof(w->question), "%s。现在新增 %s 的汇总确认记录？", due.text,
		 due.month);
	w->question[text_whole(w->question, strlen(w->question))] = 0;
	view_ask(w->view, WIZARD_ASK_GOLIVE, &view_ask_ops,
		 &(struct ask_arg) {.title = "乐企汇总确认",
				    .text = w->question,
				    .yes = "新增记录",
				    .no = "以后",
				    .safe = true});
}

void wizard_add_golive(struct wizard *w)
{
	struct err_info e = {0};

	/* The calendar may have been quicker. */
	if (desk_summary_add(ui_session(), w->golive, "using", &e) &&
	    strcmp(e.code, "summary.exists") != 0)
		ui_error(&e);
	else
		ui_message(MESSAGE_GOOD, "%s 的记录已新增，请到“乐企汇总确认”画面确认", w->golive);
}

/* The state of both units as stored; what is being typed stays. */
void wizard_read_states(struct wizard *w)
{
	int i;

	for (i = 0; i < 2; i++) {
		struct unit_card *c = &w->card[i];
		struct unit_ref ref = unit_card_ref(c);

		if (c->stored && !c->form.dirty)
			unit_card_again(c, &ref, NULL);
	}
}

void wizard_verified(struct wizard *w, enum err verdict, const struct err_info *e)
{
	char sentence[900];

	wizard_read_states(w);
	if (verdict) {
		wizard_trouble(w, ui_sentence(e, sentence, sizeof(sentence)));
		if (verdict == ERR_BUSY || verdict == ERR_UNKNOWN)
			errand_tell(&w->errand, verdict, e);
		else
			ui_message(MESSAGE_ERROR,
				   "没有通过验证，原因见上，F11 解释；填写的内容都在");
		return;
	}
	ui_message(MESSAGE_GOOD, "%s：验证通过", wizard_steps[w->step].name);
	if (w->step == STEP_DIRECT)
		wizard_go(w, STEP_USING);
	else if (wizard_both_verified(w))
		wizard_go(w, STEP_SYNC);
	else
		wizard_go(w, STEP_VERIFY);
}

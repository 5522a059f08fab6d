/* wizard_paint.c - how the wizard looks: steps above, form, help and words below it, buttons. */
#include <stdio.h>

#include "base/base.h"
#include "ui/screen/wizard.h"

enum { HEAD_ROWS = 2, HELP_ROWS = 2, ERROR_ROWS = 4, HEAD_WIDE = 76, MORE_COLS = 13 };

void wizard_layout(struct view *v)
{
	struct wizard *w = v->state;
	struct rect r = v->area;

	rect_top(&r, HEAD_ROWS);
	w->foot = rect_bottom(&r, 1);
	w->form = rect_top(&r, form_rows(&w->card[0].form));
	form_layout(&w->card[0].form, w->form);
	form_layout(&w->card[1].form, w->form);
	rect_top(&r, 1);
	w->below = r;
}

static void paint_head(const struct wizard *w, struct rect r)
{
	int i, col = 1;

	for (i = 0; i < STEPS; i++) {
		char text[64];
		bool done = i < STEP_VERIFY    ? w->card[i].verified
			    : i == STEP_VERIFY ? wizard_both_verified(w)
					       : w->first.complete && w->first_ready;

		if (r.w >= HEAD_WIDE)
			snprintf(text, sizeof(text), " %d %s%s ", i + 1, wizard_steps[i].name,
				 done ? "（完成）" : "");
		else
			snprintf(text, sizeof(text), "%s%d %s ", done ? "[x]" : " ", i + 1,
				 wizard_steps[i].name);
		col += draw_run(r, 0, col,
				i == (int)w->step ? FACE_SELECTED
				: done            ? FACE_GOOD
						  : FACE_NORMAL,
				text);
		if (i + 1 < STEPS)
			col += draw_run(r, 0, col, FACE_DIM, ">");
	}
	draw_line(r, 1, NULL);
}

static void paint_states(const struct wizard *w, struct rect r)
{
	int i, row = 0;

	for (i = 0; i < 2; i++) {
		const struct unit_card *c = &w->card[i];
		char text[600];

		snprintf(text, sizeof(text), "%s　%s　%s", wizard_steps[i].name, c->tax_no,
			 form_get(&c->form, UNIT_NAME));
		draw_text(r, row++, 2, r.w - 4, ALIGN_LEFT, FACE_VALUE, text);
		draw_text(r, row++, 4, r.w - 6, ALIGN_LEFT, c->verified ? FACE_GOOD : FACE_WARNING,
			  c->verified ? "验证通过" : "未验证");
		draw_text(r, row++, 4, r.w - 6, ALIGN_LEFT, FACE_ERROR,
			  c->verified ? "" : c->error);
	}
}

static void paint_buttons(const struct wizard *w)
{
	const struct wizard_step_info *s = &wizard_steps[w->step];
	int i, col = 2;

	draw_clear(w->foot, FACE_NORMAL);
	for (i = 0; s->buttons[i].label; i++)
		col += button_draw(w->foot, 0, col, w->button == i, s->buttons[i].label) + 1;
}

/* What went wrong, whole where there is room for it; else the key that shows all. */
static void paint_words(struct wizard *w, struct rect part, const char *error)
{
	wrap_set(&w->words, error);
	wrap_layout(&w->words, part.w);
	wrap_paint(&w->words, part, FACE_ERROR);
	if (w->words.count > part.h && part.h > 0)
		draw_text(part, part.h - 1, part.w - MORE_COLS, MORE_COLS, ALIGN_LEFT, FACE_DIM,
			  " … F11 看全文");
}

/* Under the form: what to do here, what went wrong, what is under way. */
static void paint_below(struct wizard *w)
{
	struct rect r = w->below, part;
	struct unit_card *c = wizard_card(w);
	struct form *f = wizard_form(w);
	const char *help = f && w->button == WIZARD_FORM ? form_help(f) : NULL, *error = w->trouble;
	char words[160];
	int help_rows;

	draw_clear(r, FACE_NORMAL);
	if (c && *form_error(&c->form))
		error = form_error(&c->form);
	r = rect_inset(r, 0, 1);
	/* Long words of what went wrong take the row the help leaves, and then its own. */
	wrap_set(&w->words, error);
	wrap_layout(&w->words, r.w);
	help_rows = r.h - w->words.count < HELP_ROWS ? r.h - w->words.count : HELP_ROWS;
	part = rect_top(&r, help_rows > 0 ? help_rows : 0);
	wrap_set(&w->help, help ? help : "");
	wrap_layout(&w->help, part.w);
	wrap_paint(&w->help, part, FACE_DIM);
	part = rect_top(&r, ERROR_ROWS);
	if (w->errand.open) {
		draw_text(part, 0, 0, part.w, ALIGN_LEFT, FACE_WARNING,
			  errand_words(&w->errand, words));
		return;
	}
	paint_words(w, part, error);
	if (w->step == STEP_SYNC && w->first.complete)
		draw_text(part, 0, 0, part.w, ALIGN_LEFT, FACE_GOOD,
			  "全部就绪，可以开票了。按 Ctrl-N 填开第一张发票。");
}

void wizard_paint(struct view *v)
{
	struct wizard *w = v->state;
	bool typing = w->button == WIZARD_FORM;
	struct unit_card *c = wizard_card(w);

	draw_clear(v->area, FACE_NORMAL);
	paint_head(w, v->area);
	paint_below(w);
	paint_buttons(w);
	if (w->step == STEP_VERIFY)
		paint_states(w, w->form);
	else if (w->step == STEP_SYNC)
		first_paint(&w->first, w->form, typing);
	else
		form_paint(&c->form, typing);
}

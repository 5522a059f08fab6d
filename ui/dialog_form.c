#include "ui/dialog_p.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"

enum { IN_FORM = -1, OK_BUTTON, CANCEL_BUTTON };
enum { ERROR_ROWS = 2, BUTTON_ROWS = 1 };

struct form_dialog {
	char *title;
	struct form form;
	struct wrap note, error;
	void (*live)(const struct form *f, char *out, size_t size);
	bool (*submit)(struct form *f, void *arg);
	void *arg;
	int button;
	bool saves;
	bool warned; /* Esc was pressed once on a changed form */
};

static enum err form_open(struct view *v, const void *arg, struct err_info *e)
{
	const struct ask_form_arg *a = arg;
	struct form_dialog *s = v->state;

	(void)e;
	s->title = mem_strdup(a->title);
	s->button = IN_FORM;
	s->live = a->live;
	s->submit = a->submit;
	s->saves = a->saves;
	s->arg = a->arg;
	wrap_set(&s->note, a->note);
	form_init(&s->form, a->fields, a->arg);
	if (a->fill)
		a->fill(&s->form, a->arg);
	s->form.dirty = false;
	return ERR_OK;
}

static void form_close(struct view *v)
{
	struct form_dialog *s = v->state;

	free(s->title);
	form_free(&s->form);
	wrap_free(&s->note);
	wrap_free(&s->error);
}

static int natural_cols(const struct form_dialog *s)
{
	int i, cols, most = wrap_natural(&s->note);

	for (i = 0; i < s->form.count; i++) {
		const struct field *fd = &s->form.fields[i];

		cols = fd->col + (fd->kind == FIELD_FLAG ? 1 : fd->width) + 2;
		if (cols > most)
			most = cols;
	}
	return most;
}

static int live_rows(const struct form_dialog *s)
{
	return s->live ? 1 : 0;
}

static bool has_note(const struct form_dialog *s)
{
	return s->note.text[0] != 0;
}

/* The form, the live row, the note, two rows for a sentence, the buttons. */
static struct rect form_place_box(struct view *v, struct rect area)
{
	struct form_dialog *s = v->state;
	int cols = dialog_cols(area, natural_cols(s), s->title), rows;

	wrap_layout(&s->note, cols - 2 * DIALOG_PAD);
	rows = form_rows(&s->form) + live_rows(s) + ERROR_ROWS + BUTTON_ROWS + 2 * DIALOG_BORDER;
	return rect_centre(area, rows + (has_note(s) ? s->note.count + 1 : 0), cols);
}

/* In a low box the form keeps its rows the longest. */
static void split(const struct view *v, struct rect *form, struct rect *live, struct rect *note,
		  struct rect *error, struct rect *buttons)
{
	const struct form_dialog *s = v->state;
	struct rect in = dialog_inside(v->area);
	int rows = form_rows(&s->form);

	*buttons = rect_bottom(&in, BUTTON_ROWS);
	*error = rect_bottom(&in, in.h - ERROR_ROWS >= 1 ? ERROR_ROWS : 0);
	*form = rect_top(&in, rows < in.h ? rows : in.h);
	*live = rect_top(&in, live_rows(s));
	rect_top(&in, 1);
	*note = in;
}

static void form_dialog_layout(struct view *v)
{
	struct form_dialog *s = v->state;
	struct rect form, live, note, error, buttons;

	split(v, &form, &live, &note, &error, &buttons);
	form_layout(&s->form, form);
}

static void form_dialog_paint(struct view *v)
{
	struct form_dialog *s = v->state;
	struct rect form, live, note, error, buttons;
	char text[256] = "";

	split(v, &form, &live, &note, &error, &buttons);
	draw_box(v->area, s->title);
	if (s->live) {
		s->live(&s->form, text, sizeof(text));
		draw_text(live, 0, 0, live.w, ALIGN_LEFT, FACE_DIM, text);
	}
	if (has_note(s))
		wrap_paint(&s->note, note, FACE_DIM);
	wrap_set(&s->error, form_error(&s->form));
	wrap_layout(&s->error, error.w);
	wrap_paint(&s->error, error, FACE_ERROR);
	dialog_buttons(buttons, 0, "确定", "取消", s->button);
	form_paint(&s->form, s->button == IN_FORM);
}

static void submit(struct form_dialog *s)
{
	if (form_check(&s->form) || (s->submit && !s->submit(&s->form, s->arg)))
		s->button = IN_FORM;
	else
		view_pop(true, &s->form);
}

/* What was filled in is given up only by a second Esc. */
static void cancel(struct form_dialog *s)
{
	if (!s->form.dirty || s->warned) {
		view_pop(false, NULL);
		return;
	}
	s->warned = true;
	ui_message(MESSAGE_WARNING, "填写的内容还没有提交，再按一次 Esc 放弃。");
}

static bool button_act(struct form_dialog *s, enum action a)
{
	switch (a) {
	case ACT_LEFT:
	case ACT_RIGHT:
	case ACT_TOGGLE:
		s->button = !s->button;
		return true;
	case ACT_UP:
		s->button = IN_FORM;
		return true;
	case ACT_PREVIOUS:
		s->button--;
		return true;
	case ACT_NEXT:
		s->button = s->button == OK_BUTTON ? CANCEL_BUTTON : IN_FORM;
		return true;
	case ACT_ENTER:
		if (s->button == OK_BUTTON)
			submit(s);
		else
			view_pop(false, NULL);
		return true;
	default:
		return false;
	}
}

static bool form_dialog_act(struct view *v, enum action a)
{
	struct form_dialog *s = v->state;
	enum form_result r;

	if (a == ACT_SAVE) {
		submit(s);
		return true;
	}
	if (s->button == IN_FORM) {
		r = form_act(&s->form, a);
		/* What is wrong keeps the focus: typing goes on where it stands. */
		if (r == FORM_LEFT_END && a == ACT_ENTER && *form_error(&s->form))
			s->button = IN_FORM;
		else if (r == FORM_LEFT_END || (r == FORM_UNUSED && a == ACT_DOWN))
			s->button = OK_BUTTON;
		else if (r == FORM_LEFT_START)
			s->button = CANCEL_BUTTON;
		else if (r == FORM_UNUSED && a != ACT_BACK)
			return false;
		if (r != FORM_UNUSED || a == ACT_DOWN) {
			s->warned = false;
			return true;
		}
	}
	if (a == ACT_BACK) {
		cancel(s);
		return true;
	}
	return button_act(s, a);
}

static bool form_dialog_key(struct view *v, struct key k, const char *paste, size_t n)
{
	struct form_dialog *s = v->state;

	if (s->button != IN_FORM || !form_key(&s->form, k, paste, n))
		return false;
	s->warned = false;
	return true;
}

static const char *const *form_dialog_sections(const struct view *v)
{
	static const char *const BUTTONS[] = {"dialog", NULL};
	const struct form_dialog *s = v->state;

	return s->button == IN_FORM ? form_sections(&s->form) : BUTTONS;
}

static const enum action *form_dialog_hints(const struct view *v)
{
	static const enum action HINTS[] = {ACT_SAVE,  ACT_ENTER, ACT_NEXT, ACT_PREVIOUS,
					    ACT_CLEAR, ACT_BACK,  ACT_NONE};
	const struct form_dialog *s = v->state;

	return s->saves ? HINTS : HINTS + 1;
}

static const char *form_dialog_help(const struct view *v)
{
	const struct form_dialog *s = v->state;

	return s->button == IN_FORM ? form_help(&s->form) : "回车提交或取消；上键回到栏目。";
}

const struct view_ops view_form_ops = {
    .name = "form-dialog",
    .modal = true,
    .size = sizeof(struct form_dialog),
    .open = form_open,
    .place = form_place_box,
    .layout = form_dialog_layout,
    .paint = form_dialog_paint,
    .sections = form_dialog_sections,
    .key = form_dialog_key,
    .act = form_dialog_act,
    .hints = form_dialog_hints,
    .help = form_dialog_help,
    .close = form_close,
};

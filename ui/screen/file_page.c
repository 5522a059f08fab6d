/* file_page.c - the frame of a page that asks for a file. */
#include "ui/screen/file_page.h"

#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "ui/transfer.h"

enum { BODY_MAX = 1 << 16 };

/* ---- what was chosen last ---- */

static void keep(const struct file_page *s)
{
	struct err_info e = {0};
	char *body;

	/* A file that came over the line will be gone. */
	if (!*s->choice || *s->uploaded)
		return;
	body = form_save(&s->form);
	if (desk_choice_save(ui_session(), s->choice, body, &e))
		ui_error(&e);
	free(body);
}

void file_page_propose(struct file_page *s)
{
	char *body = NULL;
	cJSON *tree = NULL;

	if (!desk_choice_load(ui_session(), s->choice, &body, NULL) && body &&
	    !json_parse(body, strlen(body), BODY_MAX, &tree, NULL))
		form_load(&s->form, tree);
	json_free(&tree);
	free(body);
}

/* ---- the file ---- */

static bool upload(struct file_page *s)
{
	if (import_upload(&s->form, s->kind->file, s->uploaded) && s->kind->after_upload)
		form_focus(&s->form, s->kind->after_upload);
	return true;
}

/* A folder that was taken opens. */
static void open_folder(struct file_page *s)
{
	const char *path = form_get(&s->form, s->kind->file);

	if (form_focused(&s->form) == s->kind->file && *path && path[strlen(path) - 1] == '/')
		form_act(&s->form, ACT_CHOOSE);
}

static bool start(struct view *v)
{
	struct file_page *s = v->state;
	struct file_taken t = {.uploaded = false};
	const char *wrong;

	if (task_in_the_way())
		return true;
	wrong = form_check(&s->form);
	if (!wrong && (!import_find(&s->form, s->kind->file, t.file) ||
		       (s->kind->accept && !s->kind->accept(v))))
		wrong = form_error(&s->form);
	if (wrong) {
		if (*wrong)
			ui_message(MESSAGE_ERROR, "%s", wrong);
		return true;
	}
	keep(s);
	t.uploaded = *s->uploaded && !strcmp(t.file, s->uploaded);
	if (t.uploaded) {
		import_failures_of(t.file, t.failures);
		*s->uploaded = 0;
	}
	s->kind->go(v, &t);
	return true;
}

/* ---- the view ---- */

void file_page_open(struct view *v, const struct file_page_kind *kind, const struct field *fields,
		    const char *choice, const char *words)
{
	struct file_page *s = v->state;

	s->kind = kind;
	text_copy(s->choice, sizeof(s->choice), choice ? choice : "");
	form_init(&s->form, fields, s);
	form_focus(&s->form, kind->file);
	wrap_set(&s->words, words);
}

void file_page_close(struct view *v)
{
	struct file_page *s = v->state;

	if (*s->uploaded)
		transfer_received_remove(s->uploaded);
	form_free(&s->form);
	wrap_free(&s->words);
}

void file_page_layout(struct view *v)
{
	struct file_page *s = v->state;
	struct rect r = v->area;

	form_layout(&s->form, rect_top(&r, form_rows(&s->form)));
	rect_top(&r, 1);
	s->foot = rect_inset(r, 0, 1);
}

void file_page_paint(struct view *v)
{
	struct file_page *s = v->state;

	draw_clear(v->area, FACE_NORMAL);
	wrap_layout(&s->words, s->foot.w);
	wrap_paint(&s->words, s->foot, FACE_DIM);
	form_paint(&s->form, true);
}

const char *const *file_page_sections(const struct view *v)
{
	const struct file_page *s = v->state;

	return form_sections(&s->form);
}

bool file_page_key(struct view *v, struct key k, const char *paste, size_t n)
{
	struct file_page *s = v->state;

	return form_key(&s->form, k, paste, n);
}

bool file_page_act(struct view *v, enum action a)
{
	struct file_page *s = v->state;

	if (a == ACT_START)
		return start(v);
	if (a == ACT_UPLOAD)
		return upload(s);
	if (a == ACT_TEMPLATE) {
		s->kind->template(v);
		return true;
	}
	switch (form_act(&s->form, a)) {
	case FORM_MATCH:
		open_folder(s);
		return true;
	case FORM_LEFT_END:
		if (a == ACT_ENTER)
			return start(v);
		form_focus(&s->form, s->kind->first);
		return true;
	case FORM_LEFT_START:
		form_focus(&s->form, s->kind->last);
		return true;
	case FORM_UNUSED:
		return false;
	default:
		return true;
	}
}

const enum action *file_page_hints(const struct view *v)
{
	static const enum action HINTS[] = {ACT_START, ACT_UPLOAD, ACT_TEMPLATE, ACT_TOGGLE,
					    ACT_NEXT,  ACT_BACK,   ACT_NONE};

	(void)v;
	return HINTS;
}

const char *file_page_help(const struct view *v)
{
	const struct file_page *s = v->state;

	return form_help(&s->form);
}

/* login.c - who are you: asked only when the operating-system user is bound to nobody here. */
#include <stdio.h>
#include <string.h>

#include "base/base.h"
#include "ui/form.h"
#include "ui/loop.h"
#include "ui/screen/parts.h"

enum { FIELD_USER = 1, BOX_ROWS = 9, BOX_COLS = 64 };

struct login {
	struct form form;
	char os_user[64], error[600];
};

static const struct field FIELDS[] = {
    {.id = FIELD_USER,
     .kind = FIELD_TEXT,
     .label = "用户名",
     .col = 8,
     .width = 30,
     .max_chars = 60,
     .required = true,
     .help = "管理员给您建立的用户名；输入后按回车。"},
    {.id = 0},
};

static enum err login_open(struct view *v, const void *arg, struct err_info *e)
{
	struct login *s = v->state;

	(void)arg;
	(void)e;
	form_init(&s->form, FIELDS, s);
	desk_os_user(s->os_user, sizeof(s->os_user));
	return ERR_OK;
}

static void login_close(struct view *v)
{
	struct login *s = v->state;

	form_free(&s->form);
}

static struct rect inside(const struct view *v)
{
	return rect_inset(rect_centre(v->area, BOX_ROWS, BOX_COLS), 1, 2);
}

static void login_layout(struct view *v)
{
	struct login *s = v->state;
	struct rect r = inside(v);

	rect_top(&r, 3);
	form_layout(&s->form, rect_top(&r, 1));
}

static void login_paint(struct view *v)
{
	struct login *s = v->state;
	struct rect r = inside(v);
	char text[200];

	draw_clear(v->area, FACE_NORMAL);
	draw_box(rect_centre(v->area, BOX_ROWS, BOX_COLS), "登录");
	snprintf(text, sizeof(text), "系统用户 %s 还没有绑定到开票用户。", s->os_user);
	draw_text(r, 0, 0, r.w, ALIGN_LEFT, FACE_VALUE, text);
	draw_text(r, 1, 0, r.w, ALIGN_LEFT, FACE_DIM,
		  "请输入用户名；绑定后不再询问，请找管理员办理。");
	form_paint(&s->form, true);
	draw_text(r, 5, 0, r.w, ALIGN_LEFT, FACE_ERROR, s->error);
}

static bool enter(struct login *s)
{
	const char *wrong = form_check(&s->form);
	struct err_info e = {0};

	if (wrong)
		text_copy(s->error, sizeof(s->error), wrong);
	else if (ui_login(form_get(&s->form, FIELD_USER), &e))
		ui_sentence(&e, s->error, sizeof(s->error));
	return true;
}

static bool login_key(struct view *v, struct key k, const char *paste, size_t n)
{
	struct login *s = v->state;

	if (!form_key(&s->form, k, paste, n))
		return false;
	s->error[0] = 0;
	return true;
}

static bool login_act(struct view *v, enum action a)
{
	struct login *s = v->state;

	if (a == ACT_ENTER)
		return enter(s);
	return form_act(&s->form, a) != FORM_UNUSED;
}

static const char *const *login_sections(const struct view *v)
{
	struct login *s = v->state;

	return form_sections(&s->form);
}

static const enum action *login_hints(const struct view *v)
{
	static const enum action HINTS[] = {ACT_ENTER, ACT_CLEAR, ACT_QUIT, ACT_NONE};

	(void)v;
	return HINTS;
}

static const char *login_help(const struct view *v)
{
	const struct login *s = v->state;

	return form_help(&s->form);
}

static const char *login_state(const struct view *v)
{
	const struct login *s = v->state;

	return s->error[0] ? "refused" : "ready";
}

const struct view_ops view_login_ops = {
    .name = "login",
    .path = "登录",
    .size = sizeof(struct login),
    .open = login_open,
    .layout = login_layout,
    .paint = login_paint,
    .sections = login_sections,
    .key = login_key,
    .act = login_act,
    .hints = login_hints,
    .help = login_help,
    .close = login_close,
    .state = login_state,
};

/* blue_type.c - the business type of the blue form: rule, picker, a new one from there. */
#include <stdio.h>
#include <string.h>

#include "base/base.h"
#include "ui/screen/blue_p.h"

static enum err pass(void *arg, const struct business_type *t)
{
	(void)arg;
	(void)t;
	return ERR_OK;
}

const char *blue_check_type(const struct form *f, const struct field *fd, const char *text,
			    char *out)
{
	struct business_type t;
	int64_t next, total = 0;
	int shown = (int)text_prefix(text, 30);

	(void)f;
	(void)fd;
	if (!*text || !desk_type_get(ui_session(), text, &t, NULL) ||
	    desk_type_list(ui_session(), "", 0, 1, pass, NULL, &next, &total, NULL) || !total)
		return NULL;
	snprintf(out, 256, "业务类型：本单位没有“%.*s”（F4 选择或新增，或不填）", shown, text);
	return out;
}

void blue_ask_type(struct blue *b)
{
	const char *text = form_get(&b->head, BLUE_TYPE);
	struct business_type t;

	/* A type that is chosen already is to be changed: all are offered. */
	type_pick(b->view, BLUE_ASK_TYPE, desk_type_get(ui_session(), text, &t, NULL) ? text : "",
		  true);
}

static void take(struct blue *b, const char *name)
{
	blue_set(b, BLUE_TYPE, name);
	b->changed = true;
}

void blue_answer_type(struct blue *b, const void *result)
{
	struct type_form *t = &b->new_type;

	*t = (struct type_form) {.id = 0};
	if (type_picked(result, t->name))
		take(b, t->name);
	else
		type_form_ask(b->view, BLUE_ASK_NEW_TYPE, t);
}

void blue_answer_new_type(struct blue *b)
{
	ui_message(MESSAGE_GOOD, "业务类型“%s”已新增", b->new_type.name);
	take(b, b->new_type.name);
}

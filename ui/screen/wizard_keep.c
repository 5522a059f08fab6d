/* wizard_keep.c - what was typed of a unit and not saved: kept while typing, given back later. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "ui/screen/wizard.h"

enum { KIND = 64, BODY_MAX = 1 << 20 };

/* A unit that is stored is meant by its number and environment, a new one by nothing. */
static const char *kind_of(const struct unit_card *c, char out[KIND])
{
	snprintf(out, KIND, "unit:%s:%s:%s", c->direct ? "direct" : "using", c->tax_no, c->env);
	return out;
}

void unit_card_keep(const struct unit_card *c, bool last)
{
	char kind[KIND], *body;
	struct err_info e = {0};
	bool before;
	enum err r;

	if (!c->form.dirty)
		return;
	body = form_save(&c->form);
	before = desk_hurry(ui_session(), !last);
	r = desk_unit_form_save(ui_session(), kind_of(c, kind), body, &e);
	desk_hurry(ui_session(), before);
	/* With another writer at work: when the next field is left. */
	if (r && r != ERR_BUSY)
		ui_error(&e);
	free(body);
}

void unit_card_forget(const struct unit_card *c)
{
	char kind[KIND], *body = NULL;

	if (desk_unit_form_load(ui_session(), kind_of(c, kind), &body, NULL) || !body)
		return;
	free(body);
	desk_unit_form_save(ui_session(), kind, NULL, NULL);
}

bool unit_card_restore(struct unit_card *c)
{
	char kind[KIND], *body = NULL;
	cJSON *tree = NULL;
	bool found;

	if (desk_unit_form_load(ui_session(), kind_of(c, kind), &body, NULL) || !body)
		return false;
	found = !json_parse(body, strlen(body), BODY_MAX, &tree, NULL);
	if (found)
		form_load(&c->form, tree);
	c->form.dirty |= found;
	json_free(&tree);
	free(body);
	return found;
}

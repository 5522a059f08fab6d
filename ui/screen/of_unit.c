#include "ui/screen/of_unit.h"

#include <stdio.h>
#include <string.h>

#include "base/base.h"
#include "desk/unit.h"
#include "ui/screen/parts.h"

static enum err count_unit(void *arg, const struct unit_view *v)
{
	int *n = arg;

	(void)v;
	(*n)++;
	return ERR_OK;
}

bool of_unit_several(void)
{
	int n = 0;

	return !desk_unit_choices(ui_session(), count_unit, &n, NULL) && n > 1;
}

void of_unit_put(int64_t unit, bool wide, char cell[LIST_CELL])
{
	char name[LIST_CELL - 64];
	const char *env = desk_unit_name(ui_session(), unit, name, sizeof(name));

	if (wide && *env)
		snprintf(cell, LIST_CELL, "%s [%s]", name, env);
	else
		text_copy(cell, LIST_CELL, name);
}

/* ---- the condition ---- */

struct units {
	const char *text;
	struct candidate *out;
	int count, max;
};

static enum err add_unit(void *arg, const struct unit_view *u)
{
	struct units *l = arg;
	struct candidate *c = &l->out[l->count];

	if (l->count == l->max ||
	    (!strstr(u->unit->tax_no, l->text) && !strstr(u->unit->name, l->text)))
		return ERR_OK;
	*c = (struct candidate) {.id = u->unit->id};
	snprintf(c->label, sizeof(c->label), "%s@%s", u->unit->tax_no,
		 unit_env_label(u->unit->env));
	text_copy(c->detail, sizeof(c->detail), u->unit->name);
	l->count++;
	return ERR_OK;
}

int of_unit_complete(const struct form *f, const struct field *fd, const char *text,
		     struct candidate *out, int max)
{
	struct units l = {.text = text, .out = out, .max = max};
	struct session *s = ui_session();

	(void)f;
	(void)fd;
	/* Who may not look at all of them has those to choose from. */
	if (!*text || (desk_unit_list(s, NULL, add_unit, &l, NULL) &&
		       desk_unit_choices(s, add_unit, &l, NULL)))
		return 0;
	return l.count;
}

#include "ui/screen/of_unit.h"

#include <stdio.h>

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

/* blue_portal.c - a field that is longer than the tax bureau's own page takes. */
#include <stdio.h>

#include "base/base.h"
#include "ui/screen/blue_p.h"

/* Does that field of an invoice stand where the focus is? */
static bool stands_here(const struct blue *b, const char *path)
{
	struct blue_place p;

	if (!blue_place_of(path, &p) || p.part != b->part)
		return false;
	if (p.part == BLUE_GRID)
		return p.column == b->grid.column + 1;
	return p.field == form_focused(p.part == BLUE_HEAD ? &b->head : &b->foot);
}

static const char *text_here(const struct blue *b)
{
	const struct form *f = b->part == BLUE_HEAD ? &b->head : &b->foot;

	if (b->part != BLUE_GRID)
		return form_get(f, form_focused(f));
	return b->grid.row < b->grid.count ? grid_get(&b->grid, b->grid.row, b->grid.column + 1)
					   : "";
}

static bool over_here(const struct blue *b, char why[PORTAL_WHY])
{
	const struct portal_limit *p = b->part == BLUE_GRID ? portal_line : portal_invoice;
	char path[64];

	for (; p->field; p++) {
		snprintf(path, sizeof(path), b->part == BLUE_GRID ? "lines[0].%s" : "%s", p->field);
		if (stands_here(b, path) && portal_over(path, text_here(b), why))
			return true;
	}
	return false;
}

const char *blue_portal_words(const struct blue *b, char *out, size_t size)
{
	char why[PORTAL_WHY];
	bool asked = false;

	if (!over_here(b, why) || desk_portal_limits(ui_session(), &asked, NULL) || !asked)
		return NULL;
	snprintf(out, size, "%s；乐企可以开。", why);
	return out;
}

/* blue_paste_field.c - cells of a workbook pasted into a field outside the rows: one is taken. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/base.h"
#include "ui/grid_p.h"
#include "ui/screen/blue_p.h"

/* The first cell that has text; false: none has. */
static bool first_cell(const char *text, size_t n, const char **cell, size_t *len)
{
	const char *end = text + n, *stop;

	for (; text < end; text = stop + 1) {
		for (stop = text; stop < end && *stop != '\t' && *stop != '\n'; stop++)
			;
		while (text < stop && *text == ' ')
			text++;
		if (text < stop) {
			*cell = text;
			*len = (size_t)(stop - text);
			return true;
		}
	}
	return false;
}

static void forget(struct blue *b)
{
	free(b->paste.was);
	free(b->paste.became);
	b->paste.was = b->paste.became = NULL;
}

void blue_paste_free(struct blue *b)
{
	forget(b);
	free(b->paste.text);
	b->paste.text = NULL;
	free(b->visit.was);
	b->visit.was = NULL;
}

static bool take_cell(struct blue *b, struct form *f, const char *cell, size_t n)
{
	char *was = mem_strdup(form_get(f, form_focused(f)));

	if (!form_key(f, (struct key) {.code = K_PASTE}, cell, n)) {
		free(was);
		return false;
	}
	forget(b);
	b->paste.part = b->part;
	b->paste.field = form_focused(f);
	b->paste.was = was;
	b->paste.became = mem_strdup(form_get(f, b->paste.field));
	ui_message(MESSAGE_WARNING, "粘贴的是几格或几行，这一栏只取了第一格，可以撤销；"
				    "明细请到明细里粘贴");
	return true;
}

bool blue_paste_field(struct blue *b, const char *text, size_t n, bool *used)
{
	struct form *f = blue_part_form(b, b->part);
	const char *cell;
	size_t len;

	/* A remark may have several lines. */
	if (!f || form_focused(f) == BLUE_REMARK || !grid_is_block(text, n))
		return false;
	*used = blue_ask_headed(b, text, n) ||
		(first_cell(text, n, &cell, &len) && take_cell(b, f, cell, len));
	return true;
}

void blue_visit_field(struct blue *b)
{
	struct form *f = blue_part_form(b, b->part);

	if (!f || (b->visit.was && b->visit.part == b->part && b->visit.field == form_focused(f)))
		return;
	b->visit.part = b->part;
	b->visit.field = form_focused(f);
	mem_set(&b->visit.was, form_get(f, b->visit.field));
}

/* The text before this visit; once more: the text that was undone. */
static bool undo_visit(struct blue *b)
{
	struct form *f = blue_part_form(b, b->part);
	char *now;

	if (!f || !b->visit.was || b->visit.part != b->part || b->visit.field != form_focused(f) ||
	    !strcmp(form_get(f, b->visit.field), b->visit.was))
		return false;
	now = mem_strdup(form_get(f, b->visit.field));
	form_set(f, b->visit.field, b->visit.was);
	f->dirty = true;
	free(b->visit.was);
	b->visit.was = now;
	ui_message(MESSAGE_INFO, "这一栏恢复成原来的内容，再按一次改回来");
	return true;
}

bool blue_undo_field(struct blue *b)
{
	struct form *f;

	/* Leaving a tax number makes its letters capitals. */
	if (b->part == BLUE_GRID || !b->paste.was || !(f = blue_part_form(b, b->paste.part)) ||
	    strcasecmp(form_get(f, b->paste.field), b->paste.became) != 0)
		return b->part != BLUE_GRID && undo_visit(b);
	form_set(f, b->paste.field, b->paste.was);
	f->dirty = true;
	blue_focus(b, b->paste.part);
	form_focus(f, b->paste.field);
	forget(b);
	ui_message(MESSAGE_INFO, "已撤销粘贴");
	return true;
}

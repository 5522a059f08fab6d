/* blue_import_put.c - imported lines into the grid of the blue form, in one undo step. */
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "ui/screen/blue_import.h"
#include "ui/screen/blue_p.h"

/* ---- asking ---- */

void blue_ask_import(struct blue *b)
{
	const struct lines_page_arg a = {.inclusive = blue_inclusive(b),
					 .there = grid_filled(&b->grid)};

	view_ask(b->view, BLUE_ASK_IMPORT, &view_lines_page_ops, &a);
}

void blue_answer_import(struct blue *b, const void *result)
{
	view_ask(b->view, BLUE_ASK_LINES, &view_lines_ops, result);
}

void blue_answer_lines(struct blue *b, bool ok, const void *result)
{
	if (ok)
		blue_put_lines(b, result);
	else if (result)
		blue_ask_import(b); /* another file is wanted */
}

/* ---- pasted with their headings ---- */

/* Does the first line of the block name columns, the name among them? */
static bool has_headings(const char *text, size_t n)
{
	const struct sheet_table *t = sheet_table("lines");
	const char *end = memchr(text, '\n', n), *at = text, *tab;
	bool name = false, other = false;

	for (end = end ? end : text + n; at < end; at = tab + 1) {
		char *cell;
		int column;

		tab = memchr(at, '\t', (size_t)(end - at));
		tab = tab ? tab : end;
		cell = mem_strndup(at, (size_t)(tab - at));
		column = sheet_heading(t, cell);
		free(cell);
		name |= column == sheet_column(t, "name");
		other |= column >= 0 && column != sheet_column(t, "name");
	}
	return name && other;
}

bool blue_ask_headed(struct blue *b, const char *text, size_t n)
{
	struct lines_job job = {.inclusive = blue_inclusive(b), .above = 1};

	if (!has_headings(text, n))
		return false;
	if (task_in_the_way())
		return true;
	job.there = grid_filled(&b->grid);
	job.text = grid_block_quoted(text, n);
	view_ask(b->view, BLUE_ASK_LINES, &view_lines_ops, &job);
	return true;
}

/* ---- putting them in ---- */

enum { MODE_WITHOUT, MODE_WITH };

int blue_restore_mode(struct grid *g, int kept)
{
	struct blue *b = g->owner;
	int was = blue_inclusive(b) ? MODE_WITH : MODE_WITHOUT;

	if (kept > MODE_WITH)
		return blue_swap_before(b, kept);
	form_set(&b->head, BLUE_MODE, blue_modes[kept == MODE_WITH ? 0 : 1]);
	if (kept != was)
		b->view_inclusive = kept == MODE_WITH;
	return was;
}

/* Puts the lines from `first` on into the rows from `at` on, whatever stood there. */
static void put_rows(struct blue *b, int at, const struct invoice *inv, size_t first)
{
	struct grid *g = &b->grid;
	bool was = blue_inclusive(b);
	size_t i;

	grid_replace(g, at, g->count - at, (int)(inv->line_count - first));
	grid_step_keep(g, was ? MODE_WITH : MODE_WITHOUT);
	form_set(&b->head, BLUE_MODE, blue_modes[inv->prices_include_tax ? 0 : 1]);
	for (i = first; i < inv->line_count; i++)
		blue_rows_line(b, at + (int)(i - first), &inv->lines[i]);
}

/* Lines of another mode lift those that are there: then all rows are written anew; figures go on
 * to be shown as they were. */
void blue_put_all(struct blue *b, const struct invoice *inv, size_t before, bool lifted)
{
	int at = lifted ? 0 : before ? blue_rows_end(b) : 0;
	bool shown = b->view_inclusive;

	if (at + (int)(inv->line_count - before) > TAX_LINES_MAX)
		at = 0; /* blank rows between the others give way */
	put_rows(b, at, inv, at ? before : 0);
	b->view_inclusive = before ? shown : inv->prices_include_tax;
	blue_rows_compute(b, at, b->grid.count - 1, false);
	grid_focus(&b->grid, at ? at : (int)before, BLUE_NAME);
}

static void told(const struct lines *l, bool replace, bool lifted)
{
	ui_message(MESSAGE_GOOD, "%s %zu 行，可以撤销%s", replace ? "换成了" : "放入", l->good,
		   lifted ? "；表单改为含税录入，金额和税额不变" : "");
}

void blue_put_lines(struct blue *b, const struct lines_taken *taken)
{
	int *row_of = mem_zalloc((size_t)(b->grid.count + 1) * sizeof(*row_of));
	struct err_info e = {0};
	struct invoice inv;
	size_t before;
	bool was = blue_inclusive(b);

	blue_form_build(b, &inv, row_of);
	free(row_of);
	while (taken->replace && inv.line_count)
		invoice_remove_line(&inv, inv.line_count - 1);
	before = inv.line_count;
	if (desk_lines_add(taken->lines, &inv, &e)) {
		ui_error(&e);
	} else {
		bool lifted = before && was != inv.prices_include_tax;

		blue_put_all(b, &inv, before, lifted);
		b->changed = true;
		b->leaving = false;
		blue_focus(b, BLUE_GRID);
		if (blue_keep(b, false))
			told(taken->lines, taken->replace, lifted);
	}
	invoice_free(&inv);
}

/* template.c - empty workbooks to be filled in. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "sheet/xlsx_out_p.h"

enum { NOTE_ROOM = 1024, HEAD_HEIGHT = 24, LIST_MAX = 240 };
static const char LISTS[] = "选项";

static lxw_worksheet *add_sheet(lxw_workbook *book, const char *title)
{
	char name[128];

	sheet_safe_name(name, title, 1);
	return workbook_add_worksheet(book, name);
}

static void head_text(const struct sheet_column *c, char out[NOTE_ROOM])
{
	snprintf(out, NOTE_ROOM, "%s%s", c->title, c->required ? "*" : "");
}

/* What the note on a heading says. */
static void note_text(const struct sheet_column *c, char out[NOTE_ROOM])
{
	int n = snprintf(out, NOTE_ROOM, "%s\n%s", c->required ? "必填" : "可以留空", c->help);

	if (c->choices[0] && n > 0 && n < NOTE_ROOM && c->type == SHEET_CHOICE)
		snprintf(out + n, NOTE_ROOM - (size_t)n, "\n可选：从下拉列表中选择");
}

static bool is_id(const struct sheet_column *c)
{
	return c->type == SHEET_ID || c->digits;
}

static void put_headings(lxw_workbook *book, lxw_worksheet *sheet, const struct sheet_table *t,
			 bool notes)
{
	lxw_format *plain = sheet_xlsx_head_format(book, false),
		   *must = sheet_xlsx_head_format(book, true);
	lxw_format *text = sheet_xlsx_text_format(book);
	char words[NOTE_ROOM];
	size_t i;

	worksheet_freeze_panes(sheet, 1, 0);
	worksheet_set_row(sheet, 0, HEAD_HEIGHT, NULL);
	for (i = 0; i < t->count; i++) {
		const struct sheet_column *c = &t->columns[i];
		lxw_col_t col = (lxw_col_t)i;

		worksheet_set_column(sheet, col, col, c->width, is_id(c) ? text : NULL);
		head_text(c, words);
		worksheet_write_string(sheet, 0, col, words, c->required ? must : plain);
		if (!notes)
			continue;
		note_text(c, words);
		worksheet_write_comment(sheet, 0, col, words);
	}
}

/* The library keeps a list of the validation itself in LIST_MAX bytes; a longer one stands in a
 * column of a hidden sheet. */
static bool fits_inline(const struct sheet_column *c)
{
	size_t n = 0, i;

	for (i = 0; c->choices[i]; i++)
		n += strlen(c->choices[i]) + 1;
	return n < LIST_MAX;
}

static void put_choices(lxw_worksheet *lists, lxw_col_t col, const struct sheet_column *c,
			char range[NOTE_ROOM])
{
	char from[32], to[32];
	lxw_row_t n;

	for (n = 0; c->choices[n]; n++)
		worksheet_write_string(lists, n, col, c->choices[n], NULL);
	lxw_rowcol_to_cell_abs(from, 0, col, true, true);
	lxw_rowcol_to_cell_abs(to, n - 1, col, true, true);
	snprintf(range, NOTE_ROOM, "%s!%s:%s", LISTS, from, to);
}

/* Lets the validation that was added last take its list from a range.  (Of a range it is given the
 * library makes a copy that nobody frees.) */
static void take_range(lxw_worksheet *sheet, const char *range)
{
	lxw_data_val_obj *v, *last = NULL;

	STAILQ_FOREACH(v, sheet->data_validations, list_pointers)
	last = v;
	if (last)
		mem_set(&last->value_formula, range);
}

/* The choices of a column on all rows.  A warning, no more: we also take other words for them. */
static void put_validation(lxw_worksheet *sheet, lxw_worksheet *lists, lxw_col_t col,
			   lxw_col_t list, const struct sheet_column *c)
{
	const char *const any[] = {c->choices[0], NULL};
	bool inside = fits_inline(c);
	char range[NOTE_ROOM];
	lxw_data_validation v = {
	    .validate = LXW_VALIDATION_TYPE_LIST,
	    .ignore_blank = LXW_VALIDATION_ON,
	    .show_input = LXW_VALIDATION_ON,
	    .show_error = LXW_VALIDATION_ON,
	    .dropdown = LXW_VALIDATION_ON,
	    .error_type = LXW_VALIDATION_ERROR_TYPE_WARNING,
	    .error_title = (char *)"请从列表中选择",
	    .error_message = (char *)"这一列请从下拉列表中选择。",
	    .value_list = (char **)(inside ? c->choices : any),
	};

	if (worksheet_data_validation_range(sheet, 1, col, LXW_ROW_MAX - 1, col, &v) || inside)
		return;
	put_choices(lists, list, c, range);
	take_range(sheet, range);
}

static bool needs_lists(const struct sheet_table *t)
{
	size_t i;

	for (i = 0; i < t->count; i++) {
		if (!fits_inline(&t->columns[i]))
			return true;
	}
	return false;
}

/* Rows of examples, then the notes. */
static void put_examples(lxw_workbook *book, lxw_worksheet *sheet, const struct sheet_table *t)
{
	lxw_format *text = sheet_xlsx_text_format(book);
	lxw_row_t row, rows = 0;
	const char *const *note;
	size_t i;

	put_headings(book, sheet, t, false);
	for (i = 0; i < t->count; i++) {
		const char *const *example = t->columns[i].examples;

		for (row = 1; *example; example++, row++) {
			if (**example)
				worksheet_write_string(sheet, row, (lxw_col_t)i, *example,
						       is_id(&t->columns[i]) ? text : NULL);
		}
		rows = row > rows ? row : rows;
	}
	row = rows + 1;
	worksheet_write_string(sheet, row++, 0, "填写说明", sheet_xlsx_head_format(book, false));
	for (note = t->notes; *note; note++)
		worksheet_write_string(sheet, row++, 0, *note, NULL);
}

/* The sheet of a table, and one with examples. */
struct pair {
	lxw_worksheet *data, *examples;
};

static bool add_pair(lxw_workbook *book, const struct sheet_table *t, bool alone, struct pair *out)
{
	char name[NOTE_ROOM];

	snprintf(name, sizeof(name), alone ? "示例" : "示例-%s", t->title);
	out->data = add_sheet(book, t->title);
	out->examples = out->data ? add_sheet(book, name) : NULL;
	return out->examples;
}

static bool add_sheets(lxw_workbook *book, const struct sheet_table *const *tables, size_t n,
		       struct pair *pairs, lxw_worksheet **lists)
{
	bool needed = false;
	size_t i;

	for (i = 0; i < n; i++) {
		if (!add_pair(book, tables[i], n == 1, &pairs[i]))
			return false;
		needed |= needs_lists(tables[i]);
	}
	*lists = needed ? add_sheet(book, LISTS) : NULL;
	return !needed || *lists;
}

static enum err write_book(const struct sheet_table *const *tables, size_t n,
			   const struct target *target, struct err_info *e)
{
	lxw_workbook *book = sheet_xlsx_book(target, false);
	lxw_worksheet *lists = NULL;
	struct pair *pairs = mem_zalloc(sizeof(*pairs) * n);
	lxw_col_t list = 0;
	size_t i, k;

	if (!book || !add_sheets(book, tables, n, pairs, &lists)) {
		if (book)
			lxw_workbook_free(book);
		free(pairs);
		return err_fail(e, ERR_INTERNAL, "sheet.library", target->path, "不能建立工作簿");
	}
	for (i = 0; i < n; i++) {
		const struct sheet_table *t = tables[i];

		put_headings(book, pairs[i].data, t, true);
		put_examples(book, pairs[i].examples, t);
		for (k = 0; k < t->count; k++, list++) {
			if (t->columns[k].choices[0])
				put_validation(pairs[i].data, lists, (lxw_col_t)k, list,
					       &t->columns[k]);
		}
	}
	if (lists)
		worksheet_hide(lists);
	free(pairs);
	return sheet_xlsx_close(book, target, e);
}

static enum err write_heads(const struct sheet_table *t, const char *path, enum sheet_format f,
			    bool replace, struct err_info *e)
{
	struct sheet_head heads[SHEET_COLUMNS];
	size_t n = sheet_table_heads(t, heads);
	struct sheet_writer *w;
	enum err r = sheet_write_begin(path, f, replace, t->title, heads, n, &w, e);

	return r ? r : sheet_write_end(&w, e);
}

enum err sheet_templates(const struct sheet_table *const *tables, size_t n, const char *path,
			 bool replace, struct err_info *e)
{
	struct target target;
	enum err r;

	if ((r = sheet_target_begin(&target, path, replace, e)))
		return r;
	if ((r = write_book(tables, n, &target, e))) {
		sheet_target_drop(&target);
		return r;
	}
	return sheet_target_end(&target, e);
}

enum err sheet_template(const struct sheet_table *t, const char *path, enum sheet_format f,
			bool replace, struct err_info *e)
{
	return f == SHEET_XLSX ? sheet_templates(&t, 1, path, replace, e)
			       : write_heads(t, path, f, replace, e);
}

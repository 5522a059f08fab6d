/* write_xlsx.c - rows into a workbook by libxlsxwriter, in constant memory. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>
#include <xlsxwriter.h>

#include "base/buf.h"
#include "sheet/xlsx_out_p.h"

enum { ROWS = LXW_ROW_MAX, LOOK_EVERY = 4096, WIDTH = 16, SCARCE = 1 << 20, DIGITS = 15 };
enum { NAMES = 1000, DEEP = 1000 };

struct xlsx_out {
	lxw_workbook *book;
	lxw_worksheet *sheet;
	lxw_format *head, *text, *amount;
	char *name;
	const struct sheet_top *top;
	struct sheet_head *heads;
	char **titles;
	size_t count;
	lxw_row_t row; /* the next one */
	unsigned part;
	struct cell_text cell;
	struct xlsx_row out;
};

static void forget_heads(struct xlsx_out *x)
{
	size_t i;

	for (i = 0; i < x->count; i++)
		free(x->titles[i]);
	free(x->titles);
	free(x->heads);
	free(x->name);
	x->count = 0;
}

void sheet_xlsx_drop(struct xlsx_out **slot)
{
	struct xlsx_out *x = *slot;

	if (!x)
		return;
	if (x->book)
		lxw_workbook_free(x->book);
	forget_heads(x);
	free(x->cell.data);
	sheet_xlsx_row_free(&x->out);
	free(x);
	*slot = NULL;
}

/* ---- faults of the library ---- */

/* The library tells that something went wrong, not always what: a full disk is the usual one. */
static int fault_of(const struct target *t, int errnum)
{
	struct statvfs fs;

	if (errnum == ENOSPC || errnum == EDQUOT || errnum == EFBIG || errnum == EIO)
		return errnum;
	if (statvfs(t->folder, &fs) == 0 && fs.f_bavail * fs.f_frsize < SCARCE)
		return ENOSPC;
	return EIO;
}

enum err sheet_xlsx_fail(const struct target *t, int errnum, struct err_info *e)
{
	return sheet_target_fail(e, fault_of(t, errnum),
				 strcmp(t->path, "-") ? t->path : "标准输出");
}

/* The library tells people of faults on standard error, where a screen may be. */
static lxw_error close_quietly(lxw_workbook *book)
{
	int null = open("/dev/null", O_WRONLY | O_CLOEXEC), saved = -1;
	lxw_error bad;

	if (null >= 0)
		saved = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3);
	if (saved >= 0)
		dup2(null, STDERR_FILENO);
	errno = 0;
	bad = workbook_close(book);
	if (saved >= 0) {
		int errnum = errno;

		dup2(saved, STDERR_FILENO);
		close(saved);
		errno = errnum;
	}
	if (null >= 0)
		close(null);
	return bad;
}

enum err sheet_xlsx_close(lxw_workbook *book, const struct target *t, struct err_info *e)
{
	lxw_error bad = close_quietly(book);

	if (bad)
		return sheet_xlsx_fail(t, errno, e);
	return sheet_package_whole(t->temp) ? ERR_OK : sheet_xlsx_fail(t, 0, e);
}

lxw_workbook *sheet_xlsx_book(const struct target *t, bool constant)
{
	lxw_workbook_options o = {.constant_memory = constant, .tmpdir = (char *)t->folder};

	return workbook_new_opt(t->temp, &o);
}

lxw_format *sheet_xlsx_head_format(lxw_workbook *book, bool required)
{
	lxw_format *f = workbook_add_format(book);

	format_set_bold(f);
	format_set_bg_color(f, required ? 0xFCE4D6 : 0xDDEBF7);
	format_set_align(f, LXW_ALIGN_VERTICAL_CENTER);
	format_set_border(f, LXW_BORDER_THIN);
	format_set_border_color(f, 0xBFBFBF);
	if (required)
		format_set_font_color(f, 0xC00000);
	return f;
}

lxw_format *sheet_xlsx_text_format(lxw_workbook *book)
{
	lxw_format *f = workbook_add_format(book);

	format_set_num_format(f, "@");
	return f;
}

/* ---- sheets ---- */

static void put_text(struct xlsx_out *x, size_t column, const char *text, lxw_format *f)
{
	worksheet_write_string(x->sheet, x->row, (lxw_col_t)column, sheet_cell_xlsx(&x->cell, text),
			       f);
}

/* Rows above the headings, and these, where they stood; when that is far down, one below the
 * other. */
static void put_top(struct xlsx_out *x)
{
	const struct sheet_top *top = x->top;
	size_t first = top->count - top->heads, k, i;
	bool far = top->rows[top->count - 1].number > DEEP;

	for (k = 0; k < top->count; k++) {
		const struct sheet_top_row *row = &top->rows[k];

		x->row = far ? (lxw_row_t)k : (lxw_row_t)row->number - 1;
		for (i = 0; i < row->count; i++) {
			if (*row->cells[i])
				put_text(x, i, row->cells[i], k >= first ? x->head : NULL);
		}
		for (i = row->count; k == first && i < x->count; i++) {
			if (top->heads == 1 || i >= top->rows[k + 1].count)
				put_text(x, i, x->titles[i], x->head);
		}
	}
	x->row++;
}

static void put_heads(struct xlsx_out *x)
{
	size_t i;

	x->row = 0;
	for (i = 0; i < x->count; i++)
		put_text(x, i, x->titles[i], x->head);
	x->row = 1;
}

/* Names that differ where they are long are the same when they are cut. */
static void choose_name(struct xlsx_out *x, char name[128])
{
	unsigned tries = 0;

	do
		sheet_safe_name(name, x->name, ++x->part);
	while (++tries < NAMES &&
	       workbook_validate_sheet_name(x->book, name) == LXW_ERROR_SHEETNAME_ALREADY_USED);
}

static enum err next_sheet(struct xlsx_out *x, const struct target *t, struct err_info *e)
{
	char name[128];
	size_t i;

	choose_name(x, name);
	errno = 0;
	x->sheet = workbook_add_worksheet(x->book, name);
	if (!x->sheet || !x->sheet->optimize_tmpfile)
		return sheet_xlsx_fail(t, errno, e);
	for (i = 0; i < x->count; i++) {
		worksheet_set_column(x->sheet, (lxw_col_t)i, (lxw_col_t)i,
				     x->heads[i].width ? x->heads[i].width : WIDTH,
				     x->heads[i].id == CELLS_ID ? x->text : NULL);
	}
	if (x->top)
		put_top(x);
	else
		put_heads(x);
	worksheet_freeze_panes(x->sheet, x->row, 0);
	lxw_worksheet_write_single_row(x->sheet); /* before those written here */
	return ERR_OK;
}

static void keep_plan(struct xlsx_out *x, const struct sheet_plan *plan)
{
	size_t i;

	x->name = mem_strdup(plan->name);
	x->top = plan->top;
	x->count = plan->count;
	x->heads = mem_alloc(sizeof(*x->heads) * (x->count + 1));
	x->titles = mem_zalloc(sizeof(*x->titles) * (x->count + 1));
	memcpy(x->heads, plan->heads, sizeof(*x->heads) * x->count);
	for (i = 0; i < x->count; i++)
		x->titles[i] = mem_strdup(plan->heads[i].title);
	x->part = 0;
}

enum err sheet_xlsx_sheet(struct xlsx_out *x, const struct target *t, const struct sheet_plan *plan,
			  struct err_info *e)
{
	forget_heads(x);
	keep_plan(x, plan);
	return next_sheet(x, t, e);
}

enum err sheet_xlsx_begin(const struct target *t, const struct sheet_plan *plan,
			  struct xlsx_out **out, struct err_info *e)
{
	struct xlsx_out *x = mem_zalloc(sizeof(*x));
	enum err r;

	keep_plan(x, plan);
	x->book = sheet_xlsx_book(t, true);
	if (!x->book) {
		r = err_fail(e, ERR_INTERNAL, "sheet.library", t->path, "不能建立工作簿");
	} else {
		x->head = sheet_xlsx_head_format(x->book, false);
		x->text = sheet_xlsx_text_format(x->book);
		x->amount = workbook_add_format(x->book);
		format_set_num_format(x->amount, "0.00");
		r = next_sheet(x, t, e);
	}
	if (r) {
		sheet_xlsx_drop(&x);
		return r;
	}
	*out = x;
	return ERR_OK;
}

/* ---- rows ---- */

/* The digits before and after the point as one whole number; false when the text is no plain
 * decimal, or has more digits than a spreadsheet program keeps. */
static bool plain_decimal(const char *text, int64_t *whole, int *decimals)
{
	bool negative = *text == '-', point = false;
	int digits = 0;

	*whole = 0;
	*decimals = 0;
	for (text += negative; *text; text++) {
		if (*text == '.' && digits && !point && text[1]) {
			point = true;
			continue;
		}
		if (*text < '0' || *text > '9' || ++digits > DIGITS)
			return false;
		*whole = *whole * 10 + (*text - '0');
		*decimals += point;
	}
	if (negative)
		*whole = -*whole;
	return digits > 0;
}

static void put_cell(struct xlsx_out *x, size_t i, const char *text)
{
	enum sheet_cells as = x->heads[i].id;
	int64_t whole;
	int decimals;

	if ((as == CELLS_AMOUNT || as == CELLS_NUMBER) && plain_decimal(text, &whole, &decimals))
		sheet_xlsx_put_number(&x->out, (lxw_col_t)i, whole, decimals,
				      as == CELLS_AMOUNT ? x->amount : NULL);
	else
		sheet_xlsx_put_text(&x->out, (lxw_col_t)i, sheet_cell_xlsx(&x->cell, text),
				    as == CELLS_ID ? x->text : NULL);
}

enum err sheet_xlsx_row(struct xlsx_out *x, const struct target *t, const char *const *cells,
			struct err_info *e)
{
	size_t i;
	enum err r;

	if (x->row == ROWS && (r = next_sheet(x, t, e)))
		return r;
	sheet_xlsx_row_begin(&x->out, x->sheet, x->row);
	for (i = 0; i < x->count; i++) {
		if (cells[i] && *cells[i])
			put_cell(x, i, cells[i]);
	}
	errno = 0;
	if (!sheet_xlsx_row_end(&x->out))
		return sheet_xlsx_fail(t, errno, e);
	/* A full disk shows in the file the rows are gathered in. */
	if (++x->row % LOOK_EVERY == 0 && ferror(x->sheet->optimize_tmpfile))
		return sheet_xlsx_fail(t, ENOSPC, e);
	return ERR_OK;
}

enum err sheet_xlsx_end(struct xlsx_out **slot, const struct target *t, struct err_info *e)
{
	struct xlsx_out *x = *slot;
	lxw_workbook *book = x->book;
	enum err r;

	x->book = NULL; /* closing frees it, however it ends */
	r = sheet_xlsx_close(book, t, e);
	sheet_xlsx_drop(slot);
	return r;
}

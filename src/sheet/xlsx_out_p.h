/* xlsx_out_p.h - what rows and templates share of libxlsxwriter. */
#ifndef KP_SHEET_XLSX_OUT_P_H
#define KP_SHEET_XLSX_OUT_P_H

#include <xlsxwriter.h>

#include "base/buf.h"
#include "sheet/write_p.h"

lxw_workbook *sheet_xlsx_book(const struct target *t, bool constant);
lxw_format *sheet_xlsx_head_format(lxw_workbook *book, bool required);
lxw_format *sheet_xlsx_text_format(lxw_workbook *book);
/* Writes the package to the temporary file and frees the workbook. */
enum err sheet_xlsx_close(lxw_workbook *book, const struct target *t, struct err_info *e);
enum err sheet_xlsx_fail(const struct target *t, int errnum, struct err_info *e);

/* ---- rows of a sheet in constant memory (xlsx_row.c), from the first down ---- */

struct xlsx_row { /* zeroed before */
	lxw_worksheet *sheet;
	lxw_row_t row;
	int width;
	struct buf xml;
};
void sheet_xlsx_row_begin(struct xlsx_row *r, lxw_worksheet *sheet, lxw_row_t row);
/* From the left to the right; f may be NULL.  A text as sheet_cell_xlsx makes it. */
void sheet_xlsx_put_text(struct xlsx_row *r, lxw_col_t col, const char *text, lxw_format *f);
void sheet_xlsx_put_blank(struct xlsx_row *r, lxw_col_t col, lxw_format *f);
/* whole / 10^decimals (0..18), in just these digits. */
void sheet_xlsx_put_number(struct xlsx_row *r, lxw_col_t col, int64_t whole, int decimals,
			   lxw_format *f);
/* False: it could not be written. */
bool sheet_xlsx_row_end(struct xlsx_row *r);
void sheet_xlsx_row_free(struct xlsx_row *r);

/* The shortest decimal of whole / 10^decimals, somewhere in out. */
enum { SHEET_DECIMAL = 32 };
const char *sheet_decimal_text(int64_t whole, int decimals, char out[SHEET_DECIMAL]);

#endif

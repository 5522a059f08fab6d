/* xlsx_out_p.h - what rows and templates share of libxlsxwriter. */
#ifndef KP_SHEET_XLSX_OUT_P_H
#define KP_SHEET_XLSX_OUT_P_H

#include <xlsxwriter.h>

#include "sheet/write_p.h"

lxw_workbook *sheet_xlsx_book(const struct target *t, bool constant);
lxw_format *sheet_xlsx_head_format(lxw_workbook *book, bool required);
lxw_format *sheet_xlsx_text_format(lxw_workbook *book);
/* Writes the package to the temporary file and frees the workbook. */
enum err sheet_xlsx_close(lxw_workbook *book, const struct target *t, struct err_info *e);
enum err sheet_xlsx_fail(const struct target *t, int errnum, struct err_info *e);

#endif

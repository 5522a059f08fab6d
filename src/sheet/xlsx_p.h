/* xlsx_p.h - a workbook: its sheets, its styles, the rows of a sheet.
 *
 * Ownership   The zip outlives the book, the book outlives its rows.
 */
#ifndef KP_SHEET_XLSX_P_H
#define KP_SHEET_XLSX_P_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "sheet/read.h"
#include "sheet/strings_p.h"
#include "sheet/zip_p.h"

struct sheet_styles;
/* Which cell formats show a date.  part -1: a workbook without styles. */
enum err sheet_styles_load(struct sheet_zip *z, int64_t part, struct sheet_styles **out,
			   struct err_info *e);
void sheet_styles_free(struct sheet_styles **s);
bool sheet_styles_is_date(const struct sheet_styles *s, uint32_t format);
/* Does a number format show a date or a time? */
bool sheet_format_is_date(const char *code);

struct sheet_book;
enum err sheet_book_open(struct sheet_zip *z, struct sheet_book **out, struct err_info *e);
void sheet_book_close(struct sheet_book **b);
size_t sheet_book_count(const struct sheet_book *b);
const char *sheet_book_name(const struct sheet_book *b, size_t i);
bool sheet_book_hidden(const struct sheet_book *b, size_t i);
/* For the rows: days count from 1904; the styles; the shared strings, read from first use on. */
bool sheet_book_from_1904(const struct sheet_book *b);
const struct sheet_styles *sheet_book_styles(const struct sheet_book *b);
enum err sheet_book_strings(struct sheet_book *b, struct sheet_strings **out, struct err_info *e);
/* Bytes of the shared strings, for a progress bar, and how many have been read. */
int64_t sheet_book_strings_size(const struct sheet_book *b, int64_t *done);
struct sheet_zip *sheet_book_zip(const struct sheet_book *b);
int64_t sheet_book_part(const struct sheet_book *b, size_t i);

struct sheet_rows;
enum err sheet_rows_open(struct sheet_book *b, size_t sheet, struct sheet_rows **out,
			 struct err_info *e);
void sheet_rows_close(struct sheet_rows **r);
enum err sheet_rows_next(struct sheet_rows *r, struct sheet_row *row, bool *end,
			 struct err_info *e);
/* Bytes of the sheet that have been read. */
int64_t sheet_rows_done(const struct sheet_rows *r);

#endif

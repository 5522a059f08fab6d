/* sheet/read.h - rows of a workbook (xlsx) or a CSV/TSV file, one after the other.
 *
 * The kind is told from the content, not from the name.  xlsx: shared, inline and formula strings,
 * rich text (runs joined), phonetic runs left out, _xHHHH_ undone, serial dates of both systems as
 * yyyy-MM-dd[ HH:mm:ss], cached values of formulas, merged cells as the file has them (the first
 * has the text).  CSV: UTF-8 with or without BOM, UTF-16 with BOM, else GB18030; comma, semicolon
 * or tab; RFC 4180 quotes.  Old .xls, encrypted workbooks and anything else are refused with a
 * sentence that says how to save them.
 *
 * Hostile files: entries with path tricks, duplicates, a size or ratio beyond bounds, DOCTYPE,
 * entity tricks and endless tokens are refused, ERR_INVALID "sheet.hostile"; broken ones
 * "sheet.broken"; other kinds of files "sheet.kind"; a CSV in no known encoding "sheet.encoding".
 * Memory stays below 96 MiB; shared strings beyond 32 MiB go to an unlinked temporary file.
 */
#ifndef KP_SHEET_READ_H
#define KP_SHEET_READ_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

enum { SHEET_WIDTH = 256 }; /* columns read of a row; more are ignored */
enum { SHEET_HIDDEN_MAX = 255 };
enum { SHEET_TEXT_MAX = 32768 }; /* characters of a cell, as the format allows */

enum cell_kind {
	CELL_EMPTY,
	CELL_TEXT,
	CELL_NUMBER, /* plain decimal, no exponent, as exact as the file has it */
	CELL_DATE,   /* a time without a day: "HH:mm:ss" */
	CELL_BOOL,   /* "TRUE" or "FALSE" */
	CELL_FAULT,  /* #N/A ...; SHEET_UNCALCULATED */
};
/* The text of a formula whose value is not in the file. */
#define SHEET_UNCALCULATED "#公式没有结果"
struct sheet_cell {
	enum cell_kind kind;
	const char *text; /* cleaned, not trimmed; "" when empty; ends with NUL */
	size_t len;
	bool rounded; /* a number of more than 15 digits: the program that wrote it has lost some */
	uint8_t hidden; /* characters nobody sees that were taken out, at most SHEET_HIDDEN_MAX */
};
struct sheet_row {
	int64_t number; /* 1 is the first row of the sheet, or the line of a CSV where it begins */
	int count;      /* cells up to the last one that is not empty, > 0 */
	const struct sheet_cell *cells;
};

struct sheet_reader;
/* "-" is standard input; it and what cannot seek are kept in an unlinked temporary file.
 * ERR_INVALID as above or "file.missing"; ERR_DAMAGED when the temporary file finds no room. */
enum err sheet_open(const char *path, struct sheet_reader **out, struct err_info *e);
/* The same; setting *stop (NULL: never) from anywhere soon ends what is read, now and later,
 * ERR_INVALID "sheet.stopped". */
enum err sheet_open_watched(const char *path, const atomic_bool *stop, struct sheet_reader **out,
			    struct err_info *e);
/* The same of a file that is open (taken over, also by a failure) and can seek; what: its name for
 * sentences. */
enum err sheet_open_fd(int fd, int64_t size, const char *what, const atomic_bool *stop,
		       struct sheet_reader **out, struct err_info *e);
void sheet_close(struct sheet_reader **r);
/* From any thread: reading soon ends, ERR_INVALID "sheet.stopped". */
void sheet_stop(struct sheet_reader *r);
/* A CSV has one sheet without a name. */
size_t sheet_count(const struct sheet_reader *r);
const char *sheet_name(const struct sheet_reader *r, size_t i);
bool sheet_hidden(const struct sheet_reader *r, size_t i);
/* Goes to the beginning of a sheet; sheet_open selects the first visible one. */
enum err sheet_select(struct sheet_reader *r, size_t i, struct err_info *e);
/* The next row that is not empty; *end true (and ERR_OK) after the last. */
enum err sheet_next(struct sheet_reader *r, struct sheet_row *row, bool *end, struct err_info *e);
/* Bytes of a sheet, as in sheet_progress. */
int64_t sheet_size(const struct sheet_reader *r, size_t i);
/* Parts of the sheet at hand that have been read, for a progress bar; *total > 0. */
void sheet_progress(const struct sheet_reader *r, int64_t *done, int64_t *total);

#endif

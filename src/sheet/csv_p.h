/* csv_p.h - rows of comma, semicolon or tab separated text, and the text of such a file as UTF-8.
 *
 * Ownership   The file descriptor is the caller's and outlives the text; the text outlives its CSV.
 */
#ifndef KP_SHEET_CSV_P_H
#define KP_SHEET_CSV_P_H

#include <stdatomic.h>

#include "base/err.h"
#include "sheet/read.h"

/* ---- the file as UTF-8 (csv_text.c) ---- */

struct sheet_text;
/* Finds out the encoding: a byte order mark says it, else what is wholly well-formed is UTF-8, and
 * the rest is GB18030.  Setting *stop (NULL: never) ends reading as sheet_text_stop does. */
enum err sheet_text_open(int fd, int64_t size, const char *what, const atomic_bool *stop,
			 struct sheet_text **out, struct err_info *e);
void sheet_text_close(struct sheet_text **t);
/* From any thread: every read from now on fails, ERR_INVALID "sheet.stopped". */
void sheet_text_stop(struct sheet_text *t);
const char *sheet_text_what(const struct sheet_text *t);
/* Back to the beginning. */
void sheet_text_rewind(struct sheet_text *t);
/* The next piece of whole characters, valid until the next call; *n 0 at the end. */
enum err sheet_text_next(struct sheet_text *t, const char **piece, size_t *n, struct err_info *e);
/* Bytes of the file that have been read. */
int64_t sheet_text_done(const struct sheet_text *t);

/* ---- rows (csv.c) ---- */

struct sheet_csv;
enum err sheet_csv_open(struct sheet_text *t, struct sheet_csv **out, struct err_info *e);
void sheet_csv_close(struct sheet_csv **c);
enum err sheet_csv_rewind(struct sheet_csv *c, struct err_info *e);
enum err sheet_csv_next(struct sheet_csv *c, struct sheet_row *row, bool *end, struct err_info *e);

#endif

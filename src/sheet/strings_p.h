/* strings_p.h - the shared strings of a workbook: written once in order, read by number.
 *
 * Up to a limit they stay in memory, each with its place.  Beyond it all go to a scratch file: in
 * memory stay the places of blocks of at most 64 and a small cache, so that their number costs
 * next to nothing.
 *
 * A thread of their own parses the part, as cells nearly always name them in the order in which
 * they stand there.  The reader waits for a string that is still to come; when they go to the file,
 * for all of them.
 */
#ifndef KP_SHEET_STRINGS_P_H
#define KP_SHEET_STRINGS_P_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "sheet/zip_p.h"

struct sheet_strings;

/* Bytes kept in memory; a test lowers it before a workbook is opened. */
extern size_t sheet_strings_limit;

/* Begins to read the part; -1: a workbook without shared strings. */
enum err sheet_strings_start(struct sheet_zip *z, int64_t part, struct sheet_strings **out,
			     struct err_info *e);
/* Ends reading, wherever it is. */
void sheet_strings_free(struct sheet_strings **s);
/* Until all are there: how reading the part has ended.  How many there are; are they in the file?
 */
enum err sheet_strings_wait(struct sheet_strings *s, struct err_info *e);
int64_t sheet_strings_count(const struct sheet_strings *s);
bool sheet_strings_spilled(const struct sheet_strings *s);
/* Bytes of the part that have been read; any thread. */
int64_t sheet_strings_done(struct sheet_strings *s);

/* The i-th, cleaned (*hidden: as of a cell), with NUL.  It lives until the next turn, or, when
 * *lasts is false, until the next call.  ERR_INVALID when there is none of that number. */
enum err sheet_strings_get(struct sheet_strings *s, int64_t i, const char **text, size_t *len,
			   uint8_t *hidden, bool *lasts, struct err_info *e);
/* What was lent is not used any more. */
void sheet_strings_turn(struct sheet_strings *s);

#endif

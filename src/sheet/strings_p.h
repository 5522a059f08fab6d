/* strings_p.h - the shared strings of a workbook: written once in order, read by number.
 *
 * Up to a limit they stay in memory, each with its place.  Beyond it all go to a scratch file: in
 * memory stays the place of every 64th and a small cache, so that their number costs next to
 * nothing.
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

/* Reads the part; -1: a workbook without shared strings. */
enum err sheet_strings_load(struct sheet_zip *z, int64_t part, struct sheet_strings **out,
			    struct err_info *e);
void sheet_strings_free(struct sheet_strings **s);
bool sheet_strings_spilled(const struct sheet_strings *s);
int64_t sheet_strings_count(const struct sheet_strings *s);
/* The i-th, cleaned, with NUL.  It lives as long as the strings; when they are spilled only until
 * the next call.  ERR_INVALID when there is none of that number. */
enum err sheet_strings_get(struct sheet_strings *s, int64_t i, const char **text, size_t *len,
			   struct err_info *e);

#endif

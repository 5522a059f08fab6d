/* cell_p.h - what a file has in a cell, made presentable.
 *
 * Everything here is done on the characters: no binary fraction is ever used, so a number is what
 * the file says.
 */
#ifndef KP_SHEET_CELL_P_H
#define KP_SHEET_CELL_P_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Cleans n bytes of valid UTF-8 in place and ends them with NUL (s has n + 1 bytes): forbidden
 * characters out (base/text.h; line feeds and tabs stay), line ends as \n, at most SHEET_TEXT_MAX
 * characters.  escapes: _xHHHH_ stands for a UTF-16 unit.  *hidden: as of a cell.  Returns the new
 * length. */
size_t sheet_text_clean(char *s, size_t n, bool escapes, uint8_t *hidden);

enum { SHEET_NUMBER_SIZE = 512 };
/* A number as the format writes it, in plain decimal.  Binary artefacts beyond 15 digits are
 * rounded away (0.10000000000000001 is 0.1); of an integer of more than 15 digits all that the file
 * has stays, and *rounded is set.  False: no number, or one beyond any use. */
bool sheet_number_plain(const char *s, size_t n, char out[SHEET_NUMBER_SIZE], bool *rounded);

enum { SHEET_DATE_SIZE = 24 };
/* A plain number as a day count: "2026-01-31", with " HH:mm:ss" when there is a time, the time
 * alone below day 1.  from_1904: the other of the two systems; the usual one has a 1900-02-29.
 * False: outside 1900..9999. */
bool sheet_serial_date(const char *plain, bool from_1904, char out[SHEET_DATE_SIZE]);
/* An ISO 8601 date (and time) in the same form; false when it is none. */
bool sheet_iso_date(const char *s, size_t n, char out[SHEET_DATE_SIZE]);

#endif

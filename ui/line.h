/* ui/line.h - a line editor on graphemes.  Pure.
 *
 * Purpose     Holds one line of UTF-8 with a caret.  A grapheme is a base character with its
 *             combining marks; the caret never stands inside one.
 * Invariants  text is valid UTF-8, at most max_chars code points, without forbidden characters
 *             (base/text.h); caret is a byte offset at a grapheme boundary.
 */
#ifndef KP_UI_LINE_H
#define KP_UI_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct line {
	char *text; /* owned */
	size_t len, caret, max_chars;
	size_t scroll; /* byte offset of the first grapheme shown */
};
void line_init(struct line *l, size_t max_chars);
void line_free(struct line *l);
/* Replaces the text (cleaned, cut to max_chars), caret at the end. */
void line_set(struct line *l, const char *text);
/* Inserts a character / a text (newlines and tabs become blanks); false when nothing fitted. */
bool line_insert(struct line *l, uint32_t cp);
bool line_paste(struct line *l, const char *text, size_t n);
bool line_left(struct line *l);
bool line_right(struct line *l);
void line_home(struct line *l);
void line_end(struct line *l);
bool line_delete_back(struct line *l);
bool line_delete_here(struct line *l);
bool line_delete_word(struct line *l); /* back to the start of the word or run of one script */
void line_clear(struct line *l);
/* Adjusts scroll so that the caret is inside `cols` columns; returns the caret's column. */
size_t line_fit(struct line *l, size_t cols);

#endif

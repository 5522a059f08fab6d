/* tax/words.h - amounts in capitals (大写), formats.md section 6. */
#ifndef KP_TAX_WORDS_H
#define KP_TAX_WORDS_H

#include <stddef.h>
#include <stdint.h>

enum { WORDS_TEXT = 160 };
/* "壹仟圆整"; negative amounts are "（负数）" + the capitals of the absolute value; 0 is "零圆整".
 * Returns out. */
const char *tax_words(int64_t fen, char out[WORDS_TEXT]);

#endif

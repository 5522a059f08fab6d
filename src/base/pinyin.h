/* base/pinyin.h - finding Chinese text by the first letters of its pinyin.
 *
 * A polyphone has the initials of all its readings: 重 is found by z and by c.  zh, ch, sh count as
 * z, c, s.  The readings are those of the Unicode Han database (kMandarin, kTGHZ2013, kHanyuPinlu,
 * kXHC1983), turned into a table when the program is built.  Pure.
 */
#ifndef KP_BASE_PINYIN_H
#define KP_BASE_PINYIN_H

#include <stdbool.h>
#include <stdint.h>

/* The initials of a character: bit 0 is 'a', bit 25 is 'z'; 0 when it has no reading. */
uint32_t pinyin_initials(uint32_t cp);
/* Do the letters stand for consecutive characters anywhere in the text?  A letter stands for a
 * character by any of its readings or for itself; digits and other characters for themselves; case
 * and full width do not matter.  Blanks, brackets and punctuation of the text are passed over
 * unless asked for; blanks in the letters are ignored.  No letters match every text. */
bool pinyin_match(const char *text, const char *letters);

#endif

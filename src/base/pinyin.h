/* base/pinyin.h - readings of Chinese characters, and finding text by their first letters.
 *
 * A polyphone has all its readings: 重 is zhong and chong, and is found by z and by c.  Syllables
 * have no tones; ü is written v.  The readings are those of the Unicode Han database (kMandarin,
 * kHanyuPinlu, kTGHZ2013, kXHC1983), turned into a table when the program is built.  Pure.
 */
#ifndef KP_BASE_PINYIN_H
#define KP_BASE_PINYIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { PINYIN_SYLLABLES = 512 }; /* numbers of syllables are below */

/* The initials of a character: bit 0 is 'a', bit 25 is 'z'; 0 when it has no reading.  zh, ch, sh
 * count as z, c, s. */
uint32_t pinyin_initials(uint32_t cp);
/* The readings of a character as numbers of syllables, the common one first; returns how many. */
size_t pinyin_readings(uint32_t cp, const uint16_t **syllables);
/* A syllable as letters, NULL past the last; numbers are in the order of the alphabet. */
const char *pinyin_syllable(size_t number);

/* The first character of a text, half width and small (ü as v); moves on behind it. */
uint32_t pinyin_next(const char **text);
/* Blanks, brackets and punctuation, ASCII and Chinese: what finding passes over in a name.  cp is
 * one that pinyin_next gave. */
bool pinyin_passed_over(uint32_t cp);

/* Do the letters stand for consecutive characters anywhere in the text?  A letter stands for a
 * character by any of its readings or for itself; digits and other characters for themselves; case
 * and full width do not matter.  Blanks, brackets and punctuation of the text are passed over
 * unless asked for; blanks in the letters are ignored.  No letters match every text. */
bool pinyin_match(const char *text, const char *letters);

#endif

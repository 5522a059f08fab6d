#include "base/pinyin.h"

#include <stddef.h>
#include <string.h>

#include "base/pinyin_p.h"
#include "base/text.h"

uint32_t pinyin_initials(uint32_t cp)
{
	if (cp >= PINYIN_BASIC && cp <= PINYIN_BASIC_END)
		return pinyin_sets[pinyin_basic[cp - PINYIN_BASIC]];
	if (cp >= PINYIN_EXTENDED && cp <= PINYIN_EXTENDED_END)
		return pinyin_sets[pinyin_extended[cp - PINYIN_EXTENDED]];
	return cp == 0x3007 ? 1U << ('l' - 'a')
			    : 0; /* the zero of Chinese numbers is no ideograph */
}

/* Half width and small. */
static uint32_t fold(uint32_t cp)
{
	if (cp >= 0xFF01 && cp <= 0xFF5E)
		cp -= 0xFEE0;
	if (cp == 0x3000)
		cp = ' ';
	return cp >= 'A' && cp <= 'Z' ? cp - 'A' + 'a' : cp;
}

static bool is_small(uint32_t cp)
{
	return cp >= 'a' && cp <= 'z';
}

/* Blanks, brackets and punctuation, ASCII and Chinese; cp is folded. */
static bool passed_over(uint32_t cp)
{
	if (cp < 0x80)
		return !is_small(cp) && !(cp >= '0' && cp <= '9');
	return cp == 0xA0 || cp == 0xB7 || (cp >= 0x2010 && cp <= 0x2027) ||
	       (cp >= 0x3001 && cp <= 0x303F && cp != 0x3005 && cp != 0x3007) ||
	       (cp >= 0xFF5F && cp <= 0xFF65);
}

static bool stands_for(uint32_t letter, uint32_t cp)
{
	return letter == cp || (is_small(letter) && pinyin_initials(cp) >> (letter - 'a') & 1);
}

/* The next letter that counts; 0 at the end. */
static uint32_t next_letter(const char **s)
{
	uint32_t cp;

	while (**s) {
		*s += text_next(*s, strlen(*s), &cp);
		cp = fold(cp);
		if (cp != ' ')
			return cp;
	}
	return 0;
}

static bool match_here(const char *text, const char *letters)
{
	uint32_t letter = next_letter(&letters), cp;
	bool begun = false;

	while (letter) {
		if (!*text)
			return false;
		text += text_next(text, strlen(text), &cp);
		cp = fold(cp);
		if (stands_for(letter, cp)) {
			letter = next_letter(&letters);
			begun = true;
		} else if (!begun || !passed_over(cp)) {
			return false;
		}
	}
	return true;
}

bool pinyin_match(const char *text, const char *letters)
{
	uint32_t cp;

	for (;;) {
		if (match_here(text, letters))
			return true;
		if (!*text)
			return false;
		text += text_next(text, strlen(text), &cp);
	}
}

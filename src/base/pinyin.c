#include "base/pinyin.h"

#include "base/pinyin_p.h"
#include "base/text.h"

static const struct pinyin_list *list_of(uint32_t cp)
{
	if (cp == 0x3007) /* the zero of Chinese numbers is no ideograph: read like 零 */
		cp = 0x96F6;
	if (cp >= PINYIN_BASIC && cp <= PINYIN_BASIC_END)
		return &pinyin_lists[pinyin_basic[cp - PINYIN_BASIC]];
	if (cp >= PINYIN_EXTENDED && cp <= PINYIN_EXTENDED_END)
		return &pinyin_lists[pinyin_extended[cp - PINYIN_EXTENDED]];
	return &pinyin_lists[0];
}

uint32_t pinyin_initials(uint32_t cp)
{
	return list_of(cp)->initials;
}

size_t pinyin_readings(uint32_t cp, const uint16_t **syllables)
{
	const struct pinyin_list *list = list_of(cp);

	*syllables = pinyin_all_readings + list->first;
	return list->count;
}

const char *pinyin_syllable(size_t number)
{
	return number < pinyin_count ? pinyin_text[number] : NULL;
}

static bool is_small(uint32_t cp)
{
	return cp >= 'a' && cp <= 'z';
}

uint32_t pinyin_next(const char **text)
{
	const unsigned char *u = (const unsigned char *)*text;
	uint32_t cp = *u;

	if (cp < 0x80) {
		*text += cp != 0;
		return cp >= 'A' && cp <= 'Z' ? cp - 'A' + 'a' : cp;
	}
	/* Nearly all others begin with E4..E9 and are three bytes; a bad byte ends a character, so
	 * nothing is read past the NUL. */
	if (cp >= 0xE4 && cp <= 0xE9 && (u[1] & 0xC0) == 0x80 && (u[2] & 0xC0) == 0x80) {
		*text += 3;
		return (cp & 0x0F) << 12 | (u[1] & 0x3FU) << 6 | (u[2] & 0x3FU);
	}
	*text += text_next(*text, 4, &cp);
	if (cp >= 0xFF01 && cp <= 0xFF5E)
		cp -= 0xFEE0;
	if (cp == 0x3000)
		cp = ' ';
	if (cp == 0xFC || cp == 0xDC) /* ü Ü */
		cp = 'v';
	return cp >= 'A' && cp <= 'Z' ? cp - 'A' + 'a' : cp;
}

bool pinyin_passed_over(uint32_t cp)
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
		cp = pinyin_next(s);
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
		cp = pinyin_next(&text);
		if (stands_for(letter, cp)) {
			letter = next_letter(&letters);
			begun = true;
		} else if (!begun || !pinyin_passed_over(cp)) {
			return false;
		}
	}
	return true;
}

bool pinyin_match(const char *text, const char *letters)
{
	for (;;) {
		if (match_here(text, letters))
			return true;
		if (!*text)
			return false;
		pinyin_next(&text);
	}
}

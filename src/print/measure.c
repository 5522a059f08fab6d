/* Widths and wrapping: every glyph stands in a cell of its font. */
#include "base/text.h"
#include "print/sheet_p.h"

#define LATIN_EM   0.5
#define COURIER_EM 0.6

/* What the Song and Kai fonts set in half an em: Latin with its accents, half-width forms. */
static bool is_half(uint32_t cp)
{
	return cp < 0x250 || (cp >= 0x1E00 && cp < 0x1F00) || (cp >= 0xFF61 && cp <= 0xFFDC) ||
	       (cp >= 0xFFE8 && cp <= 0xFFEE);
}

bool glyph_allowed(uint32_t cp)
{
	bool noncharacter = (cp & 0xFFFE) == 0xFFFE || (cp >= 0xFDD0 && cp <= 0xFDEF);

	return !noncharacter && cp != 0xFFFD && !text_is_forbidden(cp);
}

double glyph_em(enum face_font font, uint32_t cp)
{
	if (!glyph_allowed(cp))
		return 0;
	if (cp >= 0x300 && text_cp_cols(cp) == 0)
		return 0;
	if (font == FONT_COURIER && cp < 0x2000)
		return COURIER_EM;
	return is_half(cp) ? LATIN_EM : 1;
}

double text_em(enum face_font font, const char *s, size_t n)
{
	double em = 0;
	uint32_t cp;
	size_t i;

	for (i = 0; i < n;) {
		i += text_next(s + i, n - i, &cp);
		em += glyph_em(font, cp);
	}
	return em;
}

size_t text_row(enum face_font font, const char *s, size_t n, double max_em, size_t *skip)
{
	double em = 0, w;
	uint32_t cp;
	size_t i, step;

	*skip = 0;
	for (i = 0; i < n; i += step) {
		step = text_next(s + i, n - i, &cp);
		if (cp == '\n') {
			*skip = step;
			return i;
		}
		w = glyph_em(font, cp);
		if (i && w > 0 && em + w > max_em + 1e-6)
			return i;
		em += w;
	}
	return n;
}

size_t text_rows(enum face_font font, const char *s, size_t n, double max_em)
{
	size_t rows = 0, i, skip;

	for (i = 0; i < n; rows++) {
		i += text_row(font, s + i, n - i, max_em, &skip);
		i += skip;
	}
	return rows;
}

/* print/fonts_p.h - fonts of the PDF: found once per process, glyphs looked up through a cache.
 *
 * Threads     fonts_lock() returns the one context of the process, locked; fonts_unlock() gives it
 *             back.  Everything else is called between the two.
 */
#ifndef KP_PRINT_FONTS_P_H
#define KP_PRINT_FONTS_P_H

#include <cairo.h>
#include <stdint.h>

#include "base/err.h"
#include "print/sheet_p.h"

struct fonts;

/* NULL and ERR_INVALID when a font of the face is not installed. */
enum err fonts_lock(struct fonts **out, struct err_info *e);
void fonts_unlock(struct fonts *f);

/* The face that has the code point, preferring `font`, and its glyph; a square stands for
 * characters no installed font has.  It belongs to the context, as long as the process lives. */
cairo_font_face_t *fonts_glyph(struct fonts *f, enum face_font font, uint32_t cp,
			       unsigned long *glyph);

#endif

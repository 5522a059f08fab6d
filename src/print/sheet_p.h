/* print/sheet_p.h - the list of marks between layout and output.
 *
 * Purpose     A sheet set is the whole face as pages of marks: text runs, lines, filled rectangles,
 *             ellipses.  The layout fills it, the PDF and OFD writers read it.
 * Units       Millimetres from the top left corner of the page, y downwards; angles in radians,
 *             clockwise; type sizes are given in points and kept in millimetres.
 * Text        Glyphs stand in cells of fixed width: CJK one em, Latin half an em (Courier: 0.6), so
 *             the layout does not depend on the fonts installed.
 */
#ifndef KP_PRINT_SHEET_P_H
#define KP_PRINT_SHEET_P_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

#define MM_PER_PT (25.4 / 72.0)

enum face_font { FONT_KAI, FONT_SONG, FONT_COURIER, FONTS };

enum face_ink {
	INK_LABEL, /* fixed labels and lines */
	INK_VALUE,
	INK_SEAL,
	INK_BAND_LIGHT,
	INK_BAND_DARK,
	INK_ICON,
	INK_WATERMARK,
	INKS
};
struct face_rgb {
	uint8_t r, g, b;
};
extern const struct face_rgb face_rgb[INKS];

/* Which value a text run shows; OFD writes a map from fields to runs. */
enum face_field {
	FIELD_NONE,
	FIELD_NUMBER,
	FIELD_DATE,
	FIELD_BUYER_NAME,
	FIELD_BUYER_ID,
	FIELD_SELLER_NAME,
	FIELD_SELLER_ID,
	FIELD_ITEM,
	FIELD_SPEC,
	FIELD_UNIT,
	FIELD_QUANTITY,
	FIELD_PRICE,
	FIELD_AMOUNT,
	FIELD_RATE,
	FIELD_TAX,
	FIELD_NET_TOTAL,
	FIELD_TAX_TOTAL,
	FIELD_GROSS_TOTAL,
	FIELD_GROSS_WORDS,
	FIELD_REMARK,
	FIELD_DRAWER,
	FIELDS
};

enum mark_kind { MARK_TEXT, MARK_LINE, MARK_RECTS, MARK_ELLIPSE };

struct mark {
	enum mark_kind kind;
	enum face_ink ink;
	double x, y;   /* text: start of the baseline; line: start; ellipse: centre */
	double x2, y2; /* line: end; ellipse: radii */
	double width;  /* line, ellipse: of the pen */
	/* text */
	enum face_font font;
	enum face_field field;
	double size, stretch, angle; /* em height in mm, horizontal factor, rotation around x, y */
	size_t text, len;            /* bytes in sheets.text */
	/* filled rectangles, one path */
	size_t first_rect, rects;
};

struct rect {
	double x, y, w, h;
};

struct sheet {
	double width, height;
	size_t first, count; /* marks */
};

struct sheets {
	struct buf text;
	struct mark *marks;
	size_t mark_count, mark_cap;
	struct rect *rects;
	size_t rect_count, rect_cap;
	struct sheet *pages;
	size_t page_count, page_cap;
};

void sheets_init(struct sheets *s);
void sheets_free(struct sheets *s);
/* Later marks go to the new page. */
void sheets_page(struct sheets *s, double width, double height);

void sheets_line(struct sheets *s, double x1, double y1, double x2, double y2, double width,
		 enum face_ink ink);
void sheets_ellipse(struct sheets *s, double x, double y, double rx, double ry, double width,
		    enum face_ink ink);
/* Opens an empty set of filled rectangles on the page; sheets_rect adds to the newest set. */
void sheets_rects(struct sheets *s, enum face_ink ink);
void sheets_rect(struct sheets *s, double x, double y, double w, double h);

/* ---- text ---- */

/* False for what is never drawn or written: control and other forbidden characters, bad bytes (they
 * read as U+FFFD) and noncharacters, which PDF and XML do not allow. */
bool glyph_allowed(uint32_t cp);
/* Width of a code point in em of the font: 0 for combining ones and those not allowed. */
double glyph_em(enum face_font font, uint32_t cp);
/* Width of n bytes in em. */
double text_em(enum face_font font, const char *s, size_t n);
/* Bytes of the first row when s is wrapped at max_em (at least one character when n > 0); *skip
 * gets the bytes to drop before the next row (a line break). */
size_t text_row(enum face_font font, const char *s, size_t n, double max_em, size_t *skip);
/* Rows the text takes when wrapped; 0 for "". */
size_t text_rows(enum face_font font, const char *s, size_t n, double max_em);

enum align { ALIGN_LEFT, ALIGN_CENTRE, ALIGN_RIGHT };

struct pen {
	enum face_font font;
	enum face_ink ink;
	double pt;
	enum face_field field;
};

/* A run of n bytes at the baseline; control and other forbidden characters are left out. */
void sheets_run(struct sheets *s, struct pen p, double x, double baseline, double stretch,
		double angle, const char *text, size_t n);
/* A run whose em box has its top at y. */
void sheets_text(struct sheets *s, struct pen p, double x, double y, const char *text);
/* One row between x1 and x2, aligned; set smaller until it fits.  Its middle stands at `middle`. */
void sheets_cell(struct sheets *s, struct pen p, enum align a, double x1, double x2, double middle,
		 const char *text, size_t n);
/* Wrapped rows in a box, top left; set smaller in half points until they fit. */
void sheets_box(struct sheets *s, struct pen p, double x, double y, double w, double h,
		double leading, const char *text);

/* Baseline below the top of the em box, in em. */
#define ASCENT_EM 0.859

#endif

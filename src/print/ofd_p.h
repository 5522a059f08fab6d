/* print/ofd_p.h - parts of the OFD package (GB/T 33190-2016). */
#ifndef KP_PRINT_OFD_P_H
#define KP_PRINT_OFD_P_H

#include <stddef.h>

#include "base/err.h"
#include "print/markup_p.h"
#include "print/print.h"
#include "print/sheet_p.h"

#define OFD_NAMESPACE "xmlns:ofd=\"http://www.ofdspec.org/2016\""

/* Identifiers are given out in order; the first ones are fixed. */
enum { OFD_FONT_ID = 1, OFD_COLOR_ID = OFD_FONT_ID + FONTS, OFD_FIRST_ID };

/* A text object that shows a field of the invoice. */
struct ofd_ref {
	enum face_field field;
	unsigned page, object;
};

struct ofd {
	const struct print_face *face;
	const struct sheets *sheets;
	unsigned last_id;
	unsigned *page_ids;
	struct ofd_ref *refs;
	size_t ref_count, ref_cap;
	unsigned field_page[FIELDS]; /* the page a field was first seen on */
};

/* Content.xml of page i; notes the references to fields. */
void ofd_put_page(struct ofd *o, size_t i, struct buf *out);
/* CustomTag.xml: which object shows which field. */
void ofd_put_tags(const struct ofd *o, struct buf *out);

/* One file of the package. */
struct ofd_part {
	char name[64];
	struct buf data;
};
/* The parts as a zip archive with fixed times, appended to out. */
enum err ofd_zip(const struct ofd_part *parts, size_t n, struct buf *out, struct err_info *e);

#endif

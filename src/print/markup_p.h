/* print/markup_p.h - writing XML: escaping, indented elements, numbers without a locale. */
#ifndef KP_PRINT_MARKUP_P_H
#define KP_PRINT_MARKUP_P_H

#include <stddef.h>

#include "base/buf.h"

struct markup {
	struct buf *buf;
	int depth;
};

/* Starts a document: writes the XML declaration. */
void markup_init(struct markup *m, struct buf *b);
/* <name attributes>; attributes as written, "" for none. */
void markup_open(struct markup *m, const char *name, const char *attributes);
void markup_close(struct markup *m, const char *name);
/* <name>text</name>, or <name/> when text is NULL or "". */
void markup_leaf(struct markup *m, const char *name, const char *text);
/* The line's indent alone; the caller writes the element and the line break. */
void markup_indent(struct markup *m);

/* Text with & < > " escaped; control and other forbidden characters are left out. */
void markup_escape(struct buf *b, const char *s, size_t n);
/* A length with at most 4 decimals, '.' whatever the locale. */
void markup_number(struct buf *b, double v);

#endif

/* xml_p.h - one part of a package run through an XML parser, piece by piece: expat, or, for the
 * parts that hold the data of a workbook, the scanner (scan_p.h), unless the part is not in UTF-8.
 *
 * Names are compared without their prefix: writers choose prefixes freely.  A document type is
 * refused, so no entity is ever declared.  The parser's memory has a limit of its own, which also
 * ends endless names, tags and nesting.
 */
#ifndef KP_SHEET_XML_P_H
#define KP_SHEET_XML_P_H

#include <expat.h>

#include "sheet/scan_p.h"
#include "sheet/zip_p.h"

struct sheet_xml_ops {
	/* user is the struct sheet_xml; its ->user is the caller's. */
	XML_StartElementHandler start;
	XML_EndElementHandler end;
	XML_CharacterDataHandler text;
	bool large; /* the part may be: for the scanner */
};
struct sheet_xml {
	const struct sheet_xml_ops *ops;
	XML_Parser parser; /* one of the two, from the first step on */
	struct sheet_scan *scan;
	struct sheet_stream *stream;
	struct sheet_zip *zip;
	void *user;
	size_t memory;      /* bytes the parser holds */
	bool enough;        /* a handler has seen all it wants */
	bool has_type;      /* a document type was met */
	enum err fault;     /* of a handler, with words in *e of the step */
	struct err_info *e; /* during a step */
};

enum err sheet_xml_open(struct sheet_xml *x, struct sheet_zip *z, int64_t part,
			const struct sheet_xml_ops *ops, void *user, struct err_info *e);
/* The next piece; *end when the part is read to its end and its checksum is right. */
enum err sheet_xml_step(struct sheet_xml *x, bool *end, struct err_info *e);
void sheet_xml_close(struct sheet_xml *x);
/* All steps of a part. */
enum err sheet_xml_whole(struct sheet_zip *z, int64_t part, const struct sheet_xml_ops *ops,
			 void *user, struct err_info *e);

/* For handlers: nothing more is wanted; or the part is refused, after the words were filled. */
void sheet_xml_enough(struct sheet_xml *x);
void sheet_xml_refuse(struct sheet_xml *x, enum err rc);

/* The name without its prefix. */
static inline const char *sheet_xml_local(const char *name)
{
	const char *p;

	for (p = name; *p; p++) {
		if (*p == ':')
			name = p + 1;
	}
	return name;
}

/* The value of an attribute by its name without prefix, or NULL. */
const char *sheet_xml_attribute(const char **attributes, const char *name);
/* "1" and "true". */
bool sheet_xml_true(const char *value);

#endif

/* print/print.h - facade of the print room: the layout files of an invoice.
 *
 * Purpose     Renders a computed, numbered invoice as PDF, OFD, XML (EInvoice 0.36) and as text for
 *             a terminal.  Geometry, fonts, page breaks and wording follow the tax administration's
 *             layout edition V5.002.  One layout engine makes a list of marks in millimetres; PDF
 *             and OFD are two ways to write that list down.
 * Invariants  Equal input gives equal bytes: no clock, no random identifier, no locale and no time
 *             zone takes part.  Nothing is cut off: what does not fit its field is wrapped or set
 *             smaller.  The supervision seal stands only on an invoice the tax side has accepted in
 *             the production environment.  Floating point is for geometry; amounts are printed from
 *             fen and struct dec.
 * Threads     Every function may be called from several threads at once; the font cache behind PDF
 *             is one per process and locked.
 * Ownership   Callers own what they pass in and the buffer written to.
 */
#ifndef KP_PRINT_PRINT_H
#define KP_PRINT_PRINT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "tax/invoice.h"
#include "tax/taxpayer.h"

enum print_format { PRINT_PDF, PRINT_OFD, PRINT_XML, PRINT_TEXT, PRINT_FORMATS };

enum {
	PRINT_SIZE_MAX = 256 * 1024 * 1024, /* advised maximum of the output buffer */
	PRINT_NAME_TEXT = 256,
	PRINT_QR_TEXT = 128,
};

/* How the unit reaches the tax side: label 发票开具方式 of the XML. */
enum { PRINT_MODE_THIRD_PARTY = 4, PRINT_MODE_OWN = 5 };

/* Everything a face needs besides the invoice. */
struct print_face {
	const struct invoice *invoice; /* computed and numbered */
	const struct taxpayer *seller; /* NULL: labels of the seller are left out of the XML */
	const char *region_code;       /* tax office of the seller, 11 digits, e.g. 14403000000 */
	const char *platform_no;       /* 乐企ID of the direct unit: element ptbh of the XML */
	int issue_mode;                /* PRINT_MODE_* */
	bool accepted;                 /* the tax side has accepted it */
	bool production;               /* 正式 environment */
	const char *watermark; /* light text across every page, e.g. "演练"; NULL or "": none */
};

/* Appends the file to out.  ERR_INVALID: the invoice has no number or date (text is rendered
 * without them), the region is unknown (XML, or a seal is due), or a font is missing (the hint
 * names the package); ERR_INTERNAL: out is too small or a library failed. */
enum err print_render(enum print_format f, const struct print_face *face, struct buf *out,
		      struct err_info *e);

/* "dzfp_<20 digits>_<buyer>_<yyyyMMddHHmmss>.pdf", safe on every file system; returns out. */
const char *print_file_name(enum print_format f, const struct invoice *inv,
			    char out[PRINT_NAME_TEXT]);
/* "pdf" "ofd" "xml" "txt" and back. */
const char *print_format_word(enum print_format f);
bool print_format_parse(const char *word, enum print_format *out);

/* The text of the QR code, CRC included: "01,31,,<number>,<gross>,<yyyyMMdd>,,<CRC>".
 * ERR_INVALID without number or date. */
enum err print_qr_text(const struct invoice *inv, char out[PRINT_QR_TEXT], struct err_info *e);
/* CRC-16, polynomial 0x8005, initial value 0, not reflected. */
uint16_t print_crc16(const void *data, size_t n);

#endif

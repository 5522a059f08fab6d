/* print/xml_read.h - the EInvoice document of a blue invoice that others issued, as an invoice. */
#ifndef KP_PRINT_XML_READ_H
#define KP_PRINT_XML_READ_H

#include "base/err.h"
#include "tax/invoice.h"

/* Fills an initialised invoice: number, 开票日期, kind, names and tax numbers, lines with their
 * discounts and the tax they have on the paper; nothing is computed.  Documents with a DTD are
 * refused.  ERR_INVALID "red.blue" when it is none, or of a red invoice. */
enum err print_xml_read(const char *text, size_t size, struct invoice *out, struct err_info *e);

#endif

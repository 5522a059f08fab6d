/* print/xml_p.h - parts of the EInvoice document. */
#ifndef KP_PRINT_XML_P_H
#define KP_PRINT_XML_P_H

#include "print/markup_p.h"
#include "print/print.h"

/* Header/InherentLabel/TaxpayerType; nothing when it is not known. */
void xml_put_taxpayer_type(struct markup *m, const struct taxpayer *seller);
/* Header/UndefinedLabel with the labels that are known. */
void xml_put_labels(struct markup *m, const struct print_face *face);

#endif

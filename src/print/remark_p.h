/* print/remark_p.h - the remark of the face: order and separators (layout 2.10). */
#ifndef KP_PRINT_REMARK_P_H
#define KP_PRINT_REMARK_P_H

#include "base/buf.h"
#include "tax/invoice.h"

enum { REMARK_MAX = 64 * 1024 * 1024 };

/* Appends the whole remark; '\n' separates what stands on lines of its own. */
void remark_make(const struct invoice *inv, struct buf *out);

#endif

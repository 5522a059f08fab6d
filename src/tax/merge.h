/* tax/merge.h - 合并: several invoices of one buyer, kind and price mode become one.  Pure.
 *
 * Lines are appended in order; equal ones are added up when asked: quantities and amounts exactly,
 * and only as long as the sum is a line the tax side takes (features N20-N22), else it stays a line
 * of its own.  So net, tax and gross of the whole are those of the parts to the fen, each.
 */
#ifndef KP_TAX_MERGE_H
#define KP_TAX_MERGE_H

#include "base/err.h"
#include "tax/invoice.h"

enum { MERGE_MAX = 1000 };

struct merge_told {
	size_t added;   /* lines that went into another one */
	size_t remarks; /* remarks there was no room for */
	bool contact;   /* address, phone, bank or account differ: those of the first stand */
};

/* *out is for invoice_free when it is done, else empty.  The order number is that of the first that
 * has one, "+" and how many more have one.  ERR_INVALID with the index of the one that does not go
 * with the first in e->field ("[2].buyer.name"): "merge.few" (fewer than two), "merge.kind",
 * "merge.mode", "merge.buyer", "merge.type" (业务类型), "merge.differential", "merge.facts" (经办人,
 * 结算方式, 煤炭品质 ... of which there is one differ), "merge.rows", "merge.tax" (N23),
 * "merge.order_no", and what tax_invoice_compute says. */
enum err tax_invoices_merge(const struct invoice *const *items, size_t n, bool add_up,
			    struct invoice *out, struct merge_told *told, struct err_info *e);

#endif

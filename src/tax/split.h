/* tax/split.h - 拆分: one invoice over a limit becomes several (features N14, N20-N23, N75).  Pure.
 *
 * Lines keep their order.  A line that does not fit any more begins the next invoice, or is cut in
 * two; what its parts are is said by the tail rule.  Net, tax and gross of the parts add up to
 * those of the invoice to the fen, each; every part holds the tolerances of the tax side by itself:
 * where rounding would part the sums, the tax of one part is adjusted by a fen (tax_adjust_fen).
 */
#ifndef KP_TAX_SPLIT_H
#define KP_TAX_SPLIT_H

#include "base/err.h"
#include "tax/invoice.h"

enum { SPLIT_PARTS_MAX = 1000, SPLIT_LIMIT_MIN = 100 };

/* What becomes of a line that is cut (N75). */
enum split_tail {
	SPLIT_QUANTITY, /* 调整数量: the price stays, quantity x price within 0.01 of the amount */
	SPLIT_PRICE, /* 调整单价: amounts fill the limit, the price follows from whole quantities */
	SPLIT_WHOLE, /* 不拆分行 */
	SPLIT_TAILS
};
/* "quantity", "price", "whole"; 调整数量, 调整单价, 不拆分行.  _parse takes either. */
const char *split_tail_word(enum split_tail t);
const char *split_tail_label(enum split_tail t);
bool split_tail_parse(const char *text, enum split_tail *out);

struct split_rule {
	int64_t limit_fen; /* most of one invoice, 0: no such limit */
	bool limit_gross;  /* 含税: of the gross; else of the net amount */
	size_t rows;       /* most rows of one invoice, discount rows counted; 0: TAX_LINES_MAX */
	enum split_tail tail;
};

struct split_plan {
	struct invoice *parts; /* computed; owned */
	size_t count;
	size_t cuts; /* lines that were cut, as often as they were */
};
void split_plan_free(struct split_plan *p);

/* Order numbers of the parts are NO-1, NO-2 ... of an invoice that has one.  ERR_INVALID:
 * "split.needless" (it is within the limits), "split.limit", "split.line" (line e->field cannot be
 * cut so), "split.differential", "split.parts" (more than SPLIT_PARTS_MAX), "split.order_no" (the
 * number has no room for its part), and what tax_invoice_compute says. */
enum err tax_invoice_split(const struct invoice *inv, const struct split_rule *rule,
			   struct split_plan *out, struct err_info *e);

#endif

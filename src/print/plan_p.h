/* print/plan_p.h - how many pages, how high, which printed rows on which (layout V5.002).
 *
 * A row is a printed text row of the item area; a wrapped name takes several.
 */
#ifndef KP_PRINT_PLAN_P_H
#define KP_PRINT_PLAN_P_H

#include <stdbool.h>
#include <stddef.h>

struct page_plan {
	size_t first, rows; /* printed rows on the page */
	bool last;          /* carries the totals in words and figures, and the remark */
	double height;      /* mm */
};

/* Pages of an invoice with n printed rows; at least 1. */
size_t plan_pages(size_t n);
/* Page i, 0-based. */
struct page_plan plan_page(size_t n, size_t i);

#endif

#include "print/plan_p.h"

#define BASE_HEIGHT 140.0
#define FULL_HEIGHT 288.75
#define STEP_HEIGHT 17.5 /* four rows of 4.375 */

enum {
	BASE_ROWS = 8,
	STEP_ROWS = 4,
	STEPPED_ROWS = 40, /* the largest height that is a whole number of steps */
	WHOLE_ROWS = 42,   /* what a page of full height holds together with the remark */
	PAGE_ROWS = 47,    /* what it holds without totals in words and remark, with a subtotal */
	LAST_ROWS = 40,    /* what the last of several pages holds: subtotal and remark */
};

static double whole_height(size_t n)
{
	size_t over = n > BASE_ROWS ? n - BASE_ROWS : 0;

	if (n > STEPPED_ROWS)
		return FULL_HEIGHT;
	return BASE_HEIGHT + STEP_HEIGHT * (double)((over + STEP_ROWS - 1) / STEP_ROWS);
}

/* Rows page `first / PAGE_ROWS` takes when `left` rows are still to be placed. */
static size_t take(size_t left)
{
	if (left > PAGE_ROWS)
		return PAGE_ROWS;
	/* Too many for a page with the remark: the last row goes with it to a page of its own. */
	return left > LAST_ROWS ? left - 1 : left;
}

struct page_plan plan_page(size_t n, size_t i)
{
	struct page_plan p = {0, n, true, whole_height(n)};

	if (n <= WHOLE_ROWS)
		return p;
	p.height = FULL_HEIGHT;
	for (p.first = 0, p.rows = take(n); i > 0; i--) {
		p.first += p.rows;
		p.rows = take(n - p.first);
	}
	p.last = p.first + p.rows == n;
	return p;
}

size_t plan_pages(size_t n)
{
	size_t pages = 0, placed = 0;

	if (n <= WHOLE_ROWS)
		return 1;
	for (; placed < n; pages++)
		placed += take(n - placed);
	return pages;
}

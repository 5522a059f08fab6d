/* Page heights and breaks by the number of printed rows. */
#include "print_help.h"

/* The table of the layout edition, written out. */
static const struct {
	size_t up_to;
	double height;
} HEIGHTS[] = {
    {8, 140},    {12, 157.5}, {16, 175},   {20, 192.5}, {24, 210},
    {28, 227.5}, {32, 245},   {36, 262.5}, {40, 280},   {42, 288.75},
};

static void one_page(void **state)
{
	size_t n, i;

	(void)state;
	for (n = 0, i = 0; n <= 42; n++) {
		struct page_plan p = plan_page(n, 0);

		if (n > HEIGHTS[i].up_to)
			i++;
		assert_int_equal(plan_pages(n), 1);
		assert_int_equal(p.first, 0);
		assert_int_equal(p.rows, n);
		assert_true(p.last);
		assert_true(p.height == HEIGHTS[i].height);
	}
}

/* 43 to 47 rows: only the last row goes to the page with the remark. */
static void last_row_moves(void **state)
{
	size_t n;

	(void)state;
	for (n = 43; n <= 47; n++) {
		struct page_plan first = plan_page(n, 0), last = plan_page(n, 1);

		assert_int_equal(plan_pages(n), 2);
		assert_int_equal(first.rows, n - 1);
		assert_false(first.last);
		assert_int_equal(last.first, n - 1);
		assert_int_equal(last.rows, 1);
		assert_true(last.last);
		assert_true(first.height == 288.75 && last.height == 288.75);
	}
}

static void known_breaks(void **state)
{
	static const struct {
		size_t n, pages, rows[4];
	} KNOWN[] = {
	    {48, 2, {47, 1}},          {87, 2, {47, 40}},    {88, 3, {47, 40, 1}},
	    {94, 3, {47, 46, 1}},      {95, 3, {47, 47, 1}}, {134, 3, {47, 47, 40}},
	    {135, 4, {47, 47, 40, 1}},
	};
	size_t i, k;

	(void)state;
	for (i = 0; i < sizeof(KNOWN) / sizeof(KNOWN[0]); i++) {
		assert_int_equal(plan_pages(KNOWN[i].n), KNOWN[i].pages);
		for (k = 0; k < KNOWN[i].pages; k++)
			assert_int_equal(plan_page(KNOWN[i].n, k).rows, KNOWN[i].rows[k]);
	}
}

/* Whatever the number: every row once, in order, never more than a page holds. */
static void every_row_once(void **state)
{
	size_t n, i, pages;

	(void)state;
	for (n = 43; n <= 1000; n++) {
		size_t next = 0;

		pages = plan_pages(n);
		for (i = 0; i < pages; i++) {
			struct page_plan p = plan_page(n, i);

			assert_int_equal(p.first, next);
			assert_true(p.rows >= 1 && p.rows <= (p.last ? 40 : 47));
			assert_int_equal(p.last, i + 1 == pages);
			next += p.rows;
		}
		assert_int_equal(next, n);
	}
}

static const struct mark *lowest_rule(const struct sheets *s, const struct sheet *page)
{
	const struct mark *low = NULL;
	size_t i;

	for (i = page->first; i < page->first + page->count; i++) {
		const struct mark *m = &s->marks[i];

		if (m->kind == MARK_LINE && m->x == 4.5 && m->x2 == 205.5 &&
		    (!low || m->y > low->y))
			low = m;
	}
	return low;
}

/* The drawn pages follow the plan for 1 to 100 lines; the frame ends 16 above the page bottom. */
static void drawn_pages(void **state)
{
	struct print_face face;
	struct invoice inv;
	struct sheets s;
	size_t n, i;

	(void)state;
	for (n = 1; n <= 100; n++) {
		help_lines(&inv, n);
		face = help_face(&inv);
		help_sheets(&face, &s);
		assert_int_equal(s.page_count, plan_pages(n));
		for (i = 0; i < s.page_count; i++) {
			assert_true(s.pages[i].width == 210);
			assert_true(s.pages[i].height == plan_page(n, i).height);
			assert_true(lowest_rule(&s, &s.pages[i])->y == s.pages[i].height - 16);
		}
		sheets_free(&s);
		invoice_free(&inv);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(one_page),     cmocka_unit_test(last_row_moves),
	    cmocka_unit_test(known_breaks), cmocka_unit_test(every_row_once),
	    cmocka_unit_test(drawn_pages),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

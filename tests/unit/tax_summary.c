/* tax_summary.c - months that may be confirmed, six figures beside six, invoices at the edges. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "tax/summary.h"

static int64_t at(const char *text)
{
	int64_t t = 0;

	assert_true(datetime_parse(text, &t));
	return t;
}

/* Features J8, N50: business time, whatever the machine's. */
static void months_open_and_close(void **state)
{
	static const struct {
		const char *month, *now;
		enum summary_time time;
		bool urgent;
	} ROWS[] = {
	    {"2025-06", "2025-06-30 23:59:59", SUMMARY_EARLY, false},
	    {"2025-06", "2025-07-01 00:00:00", SUMMARY_TIME, false},
	    {"2025-06", "2025-07-09 23:59:59", SUMMARY_TIME, false},
	    {"2025-06", "2025-07-10 00:00:00", SUMMARY_TIME, true},
	    {"2025-06", "2025-07-12 23:59:59", SUMMARY_TIME, true},
	    {"2025-06", "2025-07-13 00:00:00", SUMMARY_CLOSED, false},
	    {"2025-12", "2026-01-12 23:59:59", SUMMARY_TIME, true},
	    {"2025-12", "2026-01-13 00:00:00", SUMMARY_CLOSED, false},
	    {"2024-02", "2024-02-29 23:59:59", SUMMARY_EARLY, false},
	    {"2024-02", "2024-03-01 00:00:00", SUMMARY_TIME, false},
	    {"2025-01", "2025-02-28 00:00:00", SUMMARY_CLOSED, false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(ROWS) / sizeof(ROWS[0]); i++) {
		assert_int_equal(summary_time(ROWS[i].month, at(ROWS[i].now)), ROWS[i].time);
		assert_int_equal(summary_urgent(ROWS[i].month, at(ROWS[i].now)), ROWS[i].urgent);
	}
}

static void months_are_counted(void **state)
{
	static const char *const BAD[] = {"",        "2025",    "202506",     "2025-6",
					  "2025-13", "2025-00", "2025-06-01", "x025-06"};
	char out[MONTH_TEXT];

	(void)state;
	assert_string_equal(summary_month_add("2025-01", -1, out), "2024-12");
	assert_string_equal(summary_month_add("2025-12", 1, out), "2026-01");
	assert_string_equal(summary_month_add("2025-06", 0, out), "2025-06");
	assert_true(summary_month_valid("2025-06"));
	for (size_t i = 0; i < sizeof(BAD) / sizeof(BAD[0]); i++)
		assert_false(summary_month_valid(BAD[i]));
}

static void figures_are_compared(void **state)
{
	const struct summary_figures a = {3, 30000, 3900, 1, -10000, -1300};
	struct summary_figures b = a;
	char text[600], tiny[40];

	(void)state;
	assert_true(summary_equal(&a, &b));
	summary_difference(&a, &b, text, sizeof(text));
	assert_string_equal(text, "");
	b.blue_count = 2;
	b.red_net = -9999;
	assert_false(summary_equal(&a, &b));
	summary_difference(&a, &b, text, sizeof(text));
	assert_string_equal(text, "蓝字数量 本机 3 税局 2；红字金额 本机 -100.00 税局 -99.99");
	summary_difference(&a, &b, tiny, sizeof(tiny));
	assert_string_equal(tiny, "蓝字数量 本机 3 税局 2"); /* whole ones only */
	b = a;
	b.blue_net = 14796247;
	summary_difference(&a, &b, text, sizeof(text));
	assert_non_null(strstr(text, "税局 147,962.47"));
	for (int i = 0; i < SUMMARY_FIGURES; i++) {
		b = a;
		((int64_t *)&b)[i]++;
		assert_int_equal(summary_figure(&b, i), ((const int64_t *)&b)[i]);
		assert_false(summary_equal(&a, &b));
	}
}

#define EDGE(net, tax, inside)                                                                     \
	{                                                                                          \
		{1, net, tax, 0, 0, 0}, inside, true                                               \
	}

/* Features N61: some of the edges explain the difference, or none do. */
static void edges_explain(void **state)
{
	const struct summary_figures ours = {5, 50000, 6500, 0, 0, 0};
	const struct summary_figures theirs = {4, 40500, 5265, 0, 0, 0};
	struct summary_edge edges[3] = {EDGE(9500, 1235, true), EDGE(7000, 910, true),
					EDGE(100, 13, false)};
	bool pick[SUMMARY_FIT_MAX];

	(void)state;
	assert_int_equal(summary_fit(&ours, &theirs, edges, 3, pick), 1);
	assert_true(pick[0] && !pick[1] && !pick[2]);
	assert_true(summary_fit(&ours, &ours, edges, 3, pick));
	assert_false(pick[0] || pick[1] || pick[2]);
	edges[0].figures.blue_tax++; /* a fen */
	assert_false(summary_fit(&ours, &theirs, edges, 3, pick));
	assert_int_equal(summary_fit(&ours, &theirs, NULL, 0, NULL), 0);
}

/* Two that are alike: either will do. */
static void edges_that_are_alike(void **state)
{
	const struct summary_figures ours = {5, 50000, 6500, 0, 0, 0};
	const struct summary_figures theirs = {4, 40500, 5265, 0, 0, 0};
	const struct summary_edge edges[2] = {EDGE(9500, 1235, true), EDGE(9500, 1235, true)};
	bool pick[2];

	(void)state;
	assert_int_equal(summary_fit(&ours, &theirs, edges, 1, pick), 1);
	assert_int_equal(summary_fit(&ours, &theirs, edges, 2, pick), 2);
	assert_true(pick[0] && !pick[1]);
}

enum { MANY = 400 };

/* Of very many: the tax side's month ended somewhere among them, whatever we thought of each. */
static void edges_that_are_many(void **state)
{
	static struct summary_edge edges[MANY];
	static bool pick[MANY];
	struct summary_figures ours = {7, 700, 91, 0, 0, 0}, theirs = ours;

	(void)state;
	for (int i = 0; i < MANY; i++) {
		edges[i] = (struct summary_edge)EDGE(100 + i * i, i, i % 7 == 0);
		edges[i].late = i >= 30; /* the others came when it began */
		if (edges[i].inside)
			summary_add(&ours, &edges[i].figures, 1);
		if (i >= 13 && i < 251)
			summary_add(&theirs, &edges[i].figures, 1);
	}
	assert_int_equal(summary_fit(&ours, &theirs, edges, MANY, pick), 1);
	for (int i = 0; i < MANY; i++)
		assert_int_equal(edges[i].inside != pick[i], i >= 13 && i < 251);
	theirs.blue_net++;
	assert_int_equal(summary_fit(&ours, &theirs, edges, MANY, pick), 0);
	assert_false(pick[0] || pick[MANY - 1]);
	/* All alike, and at both ends: their count says only how many. */
	for (int i = 0; i < MANY; i++)
		edges[i].figures = (struct summary_figures) {1, 100, 13, 0, 0, 0};
	theirs = (struct summary_figures) {7, 700, 91, 0, 0, 0};
	ours = theirs;
	for (int i = 0; i < MANY; i++)
		if (edges[i].inside)
			summary_add(&ours, &edges[i].figures, 1);
	assert_int_equal(summary_fit(&ours, &theirs, edges, MANY, pick), 1); /* none of them */
	for (int i = 0; i < 20; i++)
		summary_add(&theirs, &edges[0].figures, 1);
	assert_int_equal(summary_fit(&ours, &theirs, edges, MANY, pick), 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(months_open_and_close), cmocka_unit_test(months_are_counted),
	    cmocka_unit_test(figures_are_compared),  cmocka_unit_test(edges_explain),
	    cmocka_unit_test(edges_that_are_alike),  cmocka_unit_test(edges_that_are_many)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

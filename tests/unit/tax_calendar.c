/* Slots of the calendar's rules: days, windows, ends of months and years, leap days. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "tax/calendar.h"

static int64_t at(const char *text)
{
	int64_t t = 0;

	assert_true(datetime_parse(text, &t));
	return t;
}

/* The slot of a rule that may be done then: its name, or "". */
static const char *due(const char *rule, const char *when)
{
	static struct calendar_slot slot;

	return calendar_due(calendar_find(rule), at(when), &slot) ? slot.name : "";
}

static void a_month_has_its_first(void **state)
{
	(void)state;
	assert_string_equal(due("quota.month", "2025-01-01 00:00:00"), "2025-01-01");
	assert_string_equal(due("quota.month", "2024-12-31 23:59:59"), "2024-12-01");
	assert_string_equal(due("quota.month", "2025-01-31 23:59:59"), "2025-01-01");
	assert_string_equal(due("quota.month", "2024-02-29 12:00:00"), "2024-02-01");
	assert_string_equal(due("quota.month", "2025-03-01 00:00:00"), "2025-03-01");
}

static void a_window_ends(void **state)
{
	(void)state;
	assert_string_equal(due("summary.make", "2025-03-12 23:59:59"), "2025-03-01");
	assert_string_equal(due("summary.make", "2025-03-13 00:00:00"), "");
	assert_string_equal(due("summary.look", "2025-03-12 23:59:59"), "");
	assert_string_equal(due("summary.look", "2025-03-31 23:59:59"), "2025-03-13");
	assert_string_equal(due("collect.sales", "2025-03-02 01:59:59"), "");
	assert_string_equal(due("collect.sales", "2025-03-02 02:00:00"), "2025-03-02");
	assert_string_equal(due("collect.sales", "2025-04-01 00:00:00"), "");
	assert_string_equal(due("collect.thirds", "2025-03-06 23:00:00"), "2025-03-04");
	assert_string_equal(due("collect.thirds", "2025-04-03 02:59:59"), "2025-03-31");
	assert_string_equal(due("collect.thirds", "2025-04-03 03:00:00"), "");
}

static void days_and_hours(void **state)
{
	(void)state;
	assert_string_equal(due("taxpayer.daily", "2025-01-01 06:29:59"), "2024-12-31");
	assert_string_equal(due("taxpayer.daily", "2025-01-01 06:30:00"), "2025-01-01");
	assert_string_equal(due("collect.risks", "2025-01-01 05:00:00"), "2024-12-31 18:00");
	assert_string_equal(due("collect.risks", "2025-01-01 17:59:59"), "2025-01-01 06:00");
	assert_string_equal(due("collect.risks", "2025-01-01 18:00:00"), "2025-01-01 18:00");
	assert_string_equal(due("numbers.expire", "2025-12-31 23:00:00"), "2025-01-01");
	assert_string_equal(due("numbers.expire", "2026-01-01 00:00:00"), "2026-01-01");
	assert_string_equal(due("numbers.expire", "2024-12-31 12:00:00"), "");
}

static int slots_of_month(const char *rule, int year, int month)
{
	struct calendar_slot slots[CALENDAR_TIMES];
	int n = 0, day;

	for (day = 1; day <= date_month_days(year, month); day++)
		n += calendar_slots(calendar_find(rule), (struct date) {year, month, day}, slots);
	return n;
}

static void as_often_as_allowed(void **state)
{
	int month;

	(void)state;
	for (month = 1; month <= 12; month++) {
		assert_int_equal(slots_of_month("collect.current", 2024, month), 5);
		assert_int_equal(slots_of_month("collect.current", 2025, month), 5);
		assert_int_equal(slots_of_month("quota.month", 2025, month), 1);
	}
	assert_int_equal(slots_of_month("collect.thirds", 2025, 2), 9);
	assert_int_equal(slots_of_month("collect.risks", 2024, 2), 58);
}

static void about_which_days(void **state)
{
	struct calendar_slot s[CALENDAR_TIMES];

	(void)state;
	calendar_slots(calendar_find("collect.sales"), (struct date) {2024, 3, 2}, s);
	assert_string_equal(s[0].from, "2024-02-01");
	assert_string_equal(s[0].to, "2024-02-29");
	calendar_slots(calendar_find("collect.check"), (struct date) {2025, 1, 12}, s);
	assert_string_equal(s[0].from, "2024-11-01");
	assert_string_equal(s[0].to, "2024-11-30");
	calendar_slots(calendar_find("collect.current"), (struct date) {2025, 2, 28}, s);
	assert_string_equal(s[0].from, "2025-02-01");
	assert_string_equal(s[0].to, "2025-02-27");
	calendar_slots(calendar_find("collect.increment"), (struct date) {2025, 3, 2}, s);
	assert_string_equal(s[0].from, "2025-02-26");
	assert_string_equal(s[0].to, "2025-03-01");
}

/* Of every rule: slots of 800 days fall one after the other, each ends after it begins, and the one
 * that is due at its own moment is itself. */
static void every_rule_holds_together(void **state)
{
	const struct calendar_rule *r;
	size_t i;

	(void)state;
	for (i = 0; (r = calendar_rule(i)); i++) {
		struct calendar_slot s[CALENDAR_TIMES], due_now;
		char last[SLOT_TEXT] = "";
		int64_t d, first = date_days((struct date) {2024, 1, 1});

		assert_ptr_equal(calendar_find(r->id), r);
		assert_true(r->times >= 1 && r->times <= CALENDAR_TIMES);
		for (d = first; d < first + 800; d++) {
			int n = calendar_slots(r, date_from_days(d), s), k;

			for (k = 0; k < n; k++) {
				assert_true(strcmp(last, s[k].name) < 0);
				memcpy(last, s[k].name, sizeof(last));
				assert_true(s[k].until > s[k].at);
				assert_true(calendar_due(r, s[k].at, &due_now));
				assert_string_equal(due_now.name, s[k].name);
				assert_true(!calendar_due(r, s[k].until, &due_now) ||
					    strcmp(due_now.name, s[k].name) > 0);
			}
		}
		assert_true(*last);
	}
	assert_null(calendar_find("nothing"));
}

static void tried_again_less_and_less(void **state)
{
	(void)state;
	assert_int_equal(calendar_again(0, 1), 3600);
	assert_int_equal(calendar_again(0, 2), 7200);
	assert_int_equal(calendar_again(0, 5), 16 * 3600);
	assert_int_equal(calendar_again(0, 6), 86400);
	assert_int_equal(calendar_again(0, 1000), 86400);
	assert_false(calendar_late(at("2025-01-01 00:00:00"), at("2025-01-01 23:59:59")));
	assert_true(calendar_late(at("2025-01-01 06:30:00"), at("2025-01-02 00:00:00")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_month_has_its_first),
	    cmocka_unit_test(a_window_ends),
	    cmocka_unit_test(days_and_hours),
	    cmocka_unit_test(as_often_as_allowed),
	    cmocka_unit_test(about_which_days),
	    cmocka_unit_test(every_rule_holds_together),
	    cmocka_unit_test(tried_again_less_and_less),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

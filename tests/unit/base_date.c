/* Business time: the calendar against the C library, TZ has no say, strict parsers, the clock. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "base/date.h"

static void known_moments(void **state)
{
	static const struct {
		int64_t t;
		const char *text;
	} CASES[] = {
	    {0, "1970-01-01 08:00:00"},          {-28800, "1970-01-01 00:00:00"},
	    {-28801, "1969-12-31 23:59:59"},     {1769875198, "2026-01-31 23:59:58"},
	    {1709135999, "2024-02-28 23:59:59"}, {1709136000, "2024-02-29 00:00:00"},
	    {1709222400, "2024-03-01 00:00:00"}, {951753600, "2000-02-29 00:00:00"},
	    {4107513600, "2100-03-01 00:00:00"},
	};
	char text[DATETIME_TEXT], day[DATE_TEXT], month[MONTH_TEXT];
	int64_t t;

	(void)state;
	for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
		assert_string_equal(datetime_text(CASES[i].t, text), CASES[i].text);
		assert_memory_equal(date_text(CASES[i].t, day), CASES[i].text, 10);
		assert_memory_equal(month_text(CASES[i].t, month), CASES[i].text, 7);
		assert_int_equal(strlen(day), 10);
		assert_int_equal(strlen(month), 7);
		assert_true(datetime_parse(CASES[i].text, &t));
		assert_int_equal(t, CASES[i].t);
	}
}

/* Every 10 hours 7 minutes of 400 years, under several zones of the machine. */
static void against_the_library(void **state)
{
	static const char *const ZONES[] = {"UTC", "America/New_York", "Asia/Shanghai",
					    "XYZ+11:30"};

	(void)state;
	for (size_t z = 0; z < sizeof(ZONES) / sizeof(ZONES[0]); z++) {
		setenv("TZ", ZONES[z], 1);
		tzset();
		for (int64_t t = -2208988800; t < 10413792000; t += 36427 * (int64_t)(z + 1)) {
			time_t shifted = (time_t)(t + 28800);
			struct datetime d = date_of(t);
			struct tm tm;

			gmtime_r(&shifted, &tm);
			if (d.date.year != tm.tm_year + 1900 || d.date.month != tm.tm_mon + 1 ||
			    d.date.day != tm.tm_mday || d.hour != tm.tm_hour ||
			    d.minute != tm.tm_min || d.second != tm.tm_sec || date_unix(d) != t)
				fail_msg("%lld in %s", (long long)t, ZONES[z]);
		}
	}
	unsetenv("TZ");
	tzset();
}

static void days_are_consecutive(void **state)
{
	struct date d = {1, 1, 1};
	int64_t first = date_days(d), last = date_days((struct date) {9999, 12, 31});

	(void)state;
	for (int64_t n = first; n <= last; n++) {
		struct date back = date_from_days(n);

		if (date_days(d) != n || back.year != d.year || back.month != d.month ||
		    back.day != d.day)
			fail_msg("day %lld", (long long)n);
		if (++d.day > date_month_days(d.year, d.month)) {
			d.day = 1;
			d.month = d.month % 12 + 1;
			d.year += d.month == 1;
		}
	}
}

static void extreme_times_stay_in_the_form(void **state)
{
	char text[DATETIME_TEXT];

	(void)state;
	assert_string_equal(datetime_text(INT64_MAX, text), "9999-12-31 23:59:59");
	assert_string_equal(datetime_text(INT64_MIN, text), "0001-01-01 00:00:00");
}

static void months(void **state)
{
	static const struct {
		struct date from;
		int n;
		struct date to;
	} CASES[] = {
	    {{2024, 1, 31}, 1, {2024, 2, 29}},   {{2023, 1, 31}, 1, {2023, 2, 28}},
	    {{2024, 3, 31}, -1, {2024, 2, 29}},  {{2024, 12, 15}, 1, {2025, 1, 15}},
	    {{2024, 1, 15}, -1, {2023, 12, 15}}, {{2024, 5, 31}, 13, {2025, 6, 30}},
	    {{2024, 2, 29}, -48, {2020, 2, 29}}, {{2024, 2, 29}, 12, {2025, 2, 28}},
	    {{2024, 5, 31}, 0, {2024, 5, 31}},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
		struct date d = date_add_months(CASES[i].from, CASES[i].n);

		assert_memory_equal(&d, &CASES[i].to, sizeof(d));
	}
	assert_int_equal(date_month_days(2000, 2), 29);
	assert_int_equal(date_month_days(1900, 2), 28);
	assert_int_equal(date_month_days(2024, 13), 0);
	assert_int_equal(date_month_days(2024, 0), 0);
}

static void parsers_are_strict(void **state)
{
	static const char *const BAD_DATES[] = {
	    "",           "2024-2-9",   "2024-02-30", "2023-02-29",  "2024-13-01",
	    "2024-00-01", "2024-01-00", "0000-01-01", "2024-01-01 ", " 2024-01-01",
	    "2024/01/01", "2024-01-32", "20240230",   "2024-0101",   "202401-01",
	    "2024010",    "202401011",  "٢024-01-01", "+024-01-01",  "2024-01-01T"};
	static const char *const BAD_TIMES[] = {"2024-01-01",          "2024-01-01 24:00:00",
						"2024-01-01 23:60:00", "2024-01-01 23:59:60",
						"2024-01-01T23:59:59", "2024-01-01 23:59:59Z",
						"2024-01-01 23:59",    "2024-01-01 1:00:00",
						"2024-02-30 01:00:00", ""};
	static const char *const BAD_MONTHS[] = {
	    "", "2024", "2024-1", "2024-13", "2024-00", "2024-011", "2024/01", "20241", "0000-01"};
	struct date d = {1, 2, 3};
	int64_t t = 77;
	int y = 1, m = 2;

	(void)state;
	for (size_t i = 0; i < sizeof(BAD_DATES) / sizeof(BAD_DATES[0]); i++)
		assert_false(date_parse(BAD_DATES[i], &d));
	for (size_t i = 0; i < sizeof(BAD_TIMES) / sizeof(BAD_TIMES[0]); i++)
		assert_false(datetime_parse(BAD_TIMES[i], &t));
	for (size_t i = 0; i < sizeof(BAD_MONTHS) / sizeof(BAD_MONTHS[0]); i++)
		assert_false(month_parse(BAD_MONTHS[i], &y, &m));
	assert_false(date_parse(NULL, &d) || datetime_parse(NULL, &t) || month_parse(NULL, &y, &m));
	assert_true(d.year == 1 && d.month == 2 && d.day == 3 && t == 77 && y == 1 && m == 2);
	assert_true(date_parse("2024-02-29", &d));
	assert_true(d.year == 2024 && d.month == 2 && d.day == 29);
	assert_true(date_parse("19991231", &d));
	assert_true(d.year == 1999 && d.month == 12 && d.day == 31);
	assert_true(month_parse("2024-12", &y, &m) && y == 2024 && m == 12);
	assert_true(month_parse("202501", &y, &m) && y == 2025 && m == 1);
}

static void clock_starts_where_told(void **state)
{
	static const struct {
		const char *text;
		int64_t t;
	} CASES[] = {
	    {"2026-01-31T23:59:58+08:00", 1769875198}, {"2026-01-31T23:59:58", 1769875198},
	    {"2026-01-31 23:59:58", 1769875198},       {"2026-01-31T15:59:58Z", 1769875198},
	    {"2026-01-31T10:29:58-05:30", 1769875198}, {"2026-01-31", 1769788800},
	};
	static const char *const BAD[] = {"now",
					  "2026-01-31T",
					  "2026-02-30",
					  "2026-01-31T23:59:58+8",
					  "2026-01-31T23:59:58+08:00x",
					  "2026-01-31T23:59:58+24:00",
					  "2026-01-31T23:59:58X"};

	(void)state;
	for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
		assert_true(clock_start(CASES[i].text));
		assert_in_range(clock_now() - CASES[i].t, 0, 1);
	}
	for (size_t i = 0; i < sizeof(BAD) / sizeof(BAD[0]); i++)
		assert_false(clock_start(BAD[i]));
	assert_in_range(clock_now() - 1769788800, 0, 2); /* still the last good start */
}

static void clock_runs_and_shifts(void **state)
{
	const struct timespec nap = {.tv_nsec = 30000000};
	int64_t before, mono;

	(void)state;
	assert_true(clock_start("2026-01-31T23:59:58+08:00"));
	before = clock_now_ms();
	mono = clock_mono_ms();
	nanosleep(&nap, NULL);
	assert_in_range(clock_now_ms() - before, 29, 5000);
	assert_in_range(clock_mono_ms() - mono, 29, 5000);
	mono = clock_mono_ms();
	clock_shift(86400);
	assert_in_range(clock_now_ms() - before, 86400029, 86405000);
	assert_in_range(clock_mono_ms() - mono, 0, 1000); /* durations are never faked */
	clock_shift(-2 * 86400);
	assert_true(clock_now_ms() < before);
	assert_true(clock_start(NULL));
	assert_in_range(clock_now() - (int64_t)time(NULL) + 1, 0, 2);
	clock_shift(100);
	assert_in_range(clock_now() - (int64_t)time(NULL), 99, 101);
	assert_true(clock_start(""));
	assert_in_range(clock_now() - (int64_t)time(NULL) + 1, 0, 2);
}

static void clock_stands_still_when_held(void **state)
{
	const struct timespec nap = {.tv_sec = 1, .tv_nsec = 50000000};
	int64_t before;

	(void)state;
	assert_true(clock_start("=2026-01-31T23:59:58+08:00"));
	before = clock_now_ms();
	nanosleep(&nap, NULL);
	assert_int_equal(clock_now(), 1769875198);
	assert_in_range(clock_now_ms() - before, 1049, 9000);
	clock_shift(60);
	assert_int_equal(clock_now(), 1769875258);
	assert_false(clock_start("="));
	assert_true(clock_start(""));
	assert_in_range(clock_now() - (int64_t)time(NULL) + 1, 0, 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(known_moments),
	    cmocka_unit_test(against_the_library),
	    cmocka_unit_test(days_are_consecutive),
	    cmocka_unit_test(extreme_times_stay_in_the_form),
	    cmocka_unit_test(months),
	    cmocka_unit_test(parsers_are_strict),
	    cmocka_unit_test(clock_starts_where_told),
	    cmocka_unit_test(clock_runs_and_shifts),
	    cmocka_unit_test(clock_stands_still_when_held),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

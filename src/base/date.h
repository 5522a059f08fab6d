/* base/date.h - business time.
 *
 * Purpose     Business time is UTC+8 whatever the machine says.  One clock for the whole program;
 *             the variable KAIPIAO_NOW (e.g. 2026-01-31T23:59:58+08:00) starts a running clock
 *             there; "=2026-01-31T23:59:58+08:00" holds the seconds at that moment while the
 *             milliseconds, which time the engine's work, go on.
 * Units       clock_* return seconds or milliseconds of Unix time.  Text forms are fixed width.
 * Invariants  Formatting never depends on the C locale or TZ.  Times beyond the years 1 to 9999
 *             are taken as the nearest moment within.
 */
#ifndef KP_BASE_DATE_H
#define KP_BASE_DATE_H

#include <stdbool.h>
#include <stdint.h>

enum { DATE_TEXT = 11, DATETIME_TEXT = 20, MONTH_TEXT = 8 };

/* Reads the start of the clock from the text (ISO date-time with zone, or without: UTC+8; or
 * "yyyy-MM-dd").  NULL or "": the machine's clock.  False: malformed, the clock is unchanged. */
bool clock_start(const char *text);
int64_t clock_now(void);     /* seconds */
int64_t clock_now_ms(void);  /* milliseconds, same base */
int64_t clock_mono_ms(void); /* monotonic, for durations; never faked */
/* Moves the running clock (sandbox control port and tests). */
void clock_shift(int64_t seconds);

struct date {
	int year, month, day;
};
struct datetime {
	struct date date;
	int hour, minute, second;
};

struct datetime date_of(int64_t t);   /* business time of Unix time */
int64_t date_unix(struct datetime d); /* and back */
bool date_valid(int year, int month, int day);
int date_month_days(int year, int month);
int64_t date_days(struct date d); /* days since 1970-01-01, for differences */
struct date date_from_days(int64_t days);
struct date date_add_months(struct date d, int n); /* day clamped to the month's end */

/* Fixed forms; each returns out. */
const char *date_text(int64_t t, char out[DATE_TEXT]);         /* yyyy-MM-dd */
const char *datetime_text(int64_t t, char out[DATETIME_TEXT]); /* yyyy-MM-dd HH:mm:ss */
const char *month_text(int64_t t, char out[MONTH_TEXT]);       /* yyyy-MM */

/* Strict parsers of the same forms (impossible dates are false).  date_parse also takes
 * yyyyMMdd. */
bool date_parse(const char *s, struct date *out);
bool datetime_parse(const char *s, int64_t *out);
bool month_parse(const char *s, int *year, int *month); /* yyyy-MM or yyyyMM */

#endif

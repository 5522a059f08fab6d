#include "base/date.h"

#include <stdatomic.h>
#include <stddef.h>
#include <string.h>
#include <time.h>

enum { DAY = 86400, BUSINESS_OFFSET = 8 * 3600, YEAR_MIN = 1, YEAR_MAX = 9999 };
/* 0001-01-01 00:00:00 and 9999-12-31 23:59:59 of business time: what the text forms can say. */
#define UNIX_MIN INT64_C(-62135625600)
#define UNIX_MAX INT64_C(253402271999)

/* ---- the clock ---- */

static atomic_bool clock_faked;
static _Atomic int64_t
    clock_offset_ms;           /* added to the base: monotonic when faked, else real time */
static atomic_bool clock_held; /* the seconds stand still at clock_held_at */
static _Atomic int64_t clock_held_at;

static int64_t read_ms(clockid_t id)
{
	struct timespec ts;

	clock_gettime(id, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

int64_t clock_mono_ms(void)
{
	return read_ms(CLOCK_MONOTONIC);
}

int64_t clock_now_ms(void)
{
	int64_t base = read_ms(atomic_load(&clock_faked) ? CLOCK_MONOTONIC : CLOCK_REALTIME);

	return base + atomic_load(&clock_offset_ms);
}

int64_t clock_now(void)
{
	int64_t ms = clock_now_ms();

	if (atomic_load(&clock_held))
		return atomic_load(&clock_held_at);
	return ms / 1000 - (ms % 1000 < 0);
}

void clock_shift(int64_t seconds)
{
	atomic_fetch_add(&clock_offset_ms, seconds * 1000);
	atomic_fetch_add(&clock_held_at, seconds);
}

/* ---- calendar (proleptic Gregorian, era arithmetic over 400 years) ---- */

static bool is_leap(int year)
{
	return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

int date_month_days(int year, int month)
{
	static const int DAYS[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

	if (month < 1 || month > 12)
		return 0;
	return DAYS[month - 1] + (month == 2 && is_leap(year));
}

bool date_valid(int year, int month, int day)
{
	return year >= YEAR_MIN && year <= YEAR_MAX && day >= 1 &&
	       day <= date_month_days(year, month);
}

/* Division that rounds towards minus infinity. */
static int64_t floor_div(int64_t a, int64_t b)
{
	return a / b - (a % b < 0);
}

int64_t date_days(struct date d)
{
	/* Years that begin in March put the leap day last, so months have a linear formula. */
	int64_t year = (int64_t)d.year - (d.month <= 2);
	int64_t month = d.month > 2 ? d.month - 3 : d.month + 9;
	int64_t era = floor_div(year, 400), year_of_era = year - era * 400;
	int64_t day_of_year = (153 * month + 2) / 5 + d.day - 1;
	int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;

	return era * 146097 + day_of_era - 719468;
}

struct date date_from_days(int64_t days)
{
	int64_t z = days + 719468, era = floor_div(z, 146097), doe = z - era * 146097;
	int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100), mp = (5 * doy + 2) / 153;
	int month = (int)(mp < 10 ? mp + 3 : mp - 9);

	return (struct date) {
	    .year = (int)(yoe + era * 400 + (month <= 2)),
	    .month = month,
	    .day = (int)(doy - (153 * mp + 2) / 5 + 1),
	};
}

struct date date_add_months(struct date d, int n)
{
	int64_t months = (int64_t)d.year * 12 + (d.month - 1) + n;
	int last;

	d.year = (int)floor_div(months, 12);
	d.month = (int)(months - (int64_t)d.year * 12) + 1;
	last = date_month_days(d.year, d.month);
	if (d.day > last)
		d.day = last;
	return d;
}

struct datetime date_of(int64_t t)
{
	int64_t local, days;
	int seconds;

	if (t < UNIX_MIN)
		t = UNIX_MIN;
	if (t > UNIX_MAX)
		t = UNIX_MAX;
	local = t + BUSINESS_OFFSET;
	days = floor_div(local, DAY);
	seconds = (int)(local - days * DAY);
	return (struct datetime) {
	    .date = date_from_days(days),
	    .hour = seconds / 3600,
	    .minute = seconds / 60 % 60,
	    .second = seconds % 60,
	};
}

int64_t date_unix(struct datetime d)
{
	int64_t minutes = (int64_t)d.hour * 60 + d.minute;

	return date_days(d.date) * DAY + minutes * 60 + d.second - BUSINESS_OFFSET;
}

/* ---- text ---- */

/* Writes v in exactly n digits. */
static char *put_digits(char *out, int v, int n)
{
	for (int i = n - 1; i >= 0; i--, v /= 10)
		out[i] = (char)('0' + v % 10);
	return out + n;
}

static char *put_date(char *out, struct date d)
{
	out = put_digits(out, d.year, 4);
	*out++ = '-';
	out = put_digits(out, d.month, 2);
	*out++ = '-';
	return put_digits(out, d.day, 2);
}

const char *date_text(int64_t t, char out[DATE_TEXT])
{
	*put_date(out, date_of(t).date) = 0;
	return out;
}

const char *datetime_text(int64_t t, char out[DATETIME_TEXT])
{
	struct datetime d = date_of(t);
	char *p = put_date(out, d.date);

	*p++ = ' ';
	p = put_digits(p, d.hour, 2);
	*p++ = ':';
	p = put_digits(p, d.minute, 2);
	*p++ = ':';
	*put_digits(p, d.second, 2) = 0;
	return out;
}

const char *month_text(int64_t t, char out[MONTH_TEXT])
{
	char whole[DATE_TEXT];

	put_date(whole, date_of(t).date);
	memcpy(out, whole, MONTH_TEXT - 1);
	out[MONTH_TEXT - 1] = 0;
	return out;
}

/* Takes exactly n digits at *s; false leaves *s anywhere. */
static bool take_digits(const char **s, int n, int *v)
{
	for (*v = 0; n--; (*s)++) {
		if (**s < '0' || **s > '9')
			return false;
		*v = *v * 10 + (**s - '0');
	}
	return true;
}

static bool take_char(const char **s, char c)
{
	if (**s != c)
		return false;
	(*s)++;
	return true;
}

static bool take_date(const char **s, struct date *d)
{
	return take_digits(s, 4, &d->year) && take_char(s, '-') && take_digits(s, 2, &d->month) &&
	       take_char(s, '-') && take_digits(s, 2, &d->day) &&
	       date_valid(d->year, d->month, d->day);
}

static bool take_time(const char **s, struct datetime *d)
{
	return take_digits(s, 2, &d->hour) && take_char(s, ':') && take_digits(s, 2, &d->minute) &&
	       take_char(s, ':') && take_digits(s, 2, &d->second) && d->hour < 24 &&
	       d->minute < 60 && d->second < 60;
}

/* "", "Z" or "+hh:mm": *seconds east of UTC. */
static bool take_zone(const char **s, int *seconds)
{
	int hour, minute, sign = **s == '-' ? -1 : 1;

	*seconds = BUSINESS_OFFSET;
	if (**s == 0)
		return true;
	*seconds = 0;
	if (take_char(s, 'Z'))
		return true;
	if (!take_char(s, '+') && !take_char(s, '-'))
		return false;
	if (!take_digits(s, 2, &hour) || !take_char(s, ':') || !take_digits(s, 2, &minute))
		return false;
	*seconds = sign * (hour * 3600 + minute * 60);
	return hour < 24 && minute < 60;
}

bool date_parse(const char *s, struct date *out)
{
	struct date d;
	const char *p = s;

	if (!s)
		return false;
	if (!take_date(&p, &d) || *p) {
		p = s;
		if (!take_digits(&p, 4, &d.year) || !take_digits(&p, 2, &d.month) ||
		    !take_digits(&p, 2, &d.day) || *p || !date_valid(d.year, d.month, d.day))
			return false;
	}
	*out = d;
	return true;
}

bool datetime_parse(const char *s, int64_t *out)
{
	struct datetime d;

	if (!s || !take_date(&s, &d.date) || !take_char(&s, ' ') || !take_time(&s, &d) || *s)
		return false;
	*out = date_unix(d);
	return true;
}

bool month_parse(const char *s, int *year, int *month)
{
	int y, m;

	if (!s || !take_digits(&s, 4, &y))
		return false;
	take_char(&s, '-');
	if (!take_digits(&s, 2, &m) || *s || !date_valid(y, m, 1))
		return false;
	*year = y;
	*month = m;
	return true;
}

bool clock_start(const char *text)
{
	struct datetime d = {.hour = 0};
	int zone = BUSINESS_OFFSET;
	bool hold;

	if (!text || !*text) {
		atomic_store(&clock_offset_ms, 0);
		atomic_store(&clock_faked, false);
		atomic_store(&clock_held, false);
		return true;
	}
	hold = take_char(&text, '=');
	if (!take_date(&text, &d.date))
		return false;
	if (*text && (!(take_char(&text, 'T') || take_char(&text, ' ')) || !take_time(&text, &d) ||
		      !take_zone(&text, &zone)))
		return false;
	if (*text)
		return false;
	atomic_store(&clock_offset_ms,
		     (date_unix(d) + BUSINESS_OFFSET - zone) * 1000 - clock_mono_ms());
	atomic_store(&clock_held_at, date_unix(d) + BUSINESS_OFFSET - zone);
	atomic_store(&clock_held, hold);
	atomic_store(&clock_faked, true);
	return true;
}

/* calendar.c - slots of rules: arithmetic of days. */
#include "tax/calendar.h"

#include <string.h>

#include "base/base.h"

enum { DAY_S = 86400, HOUR_S = 3600, YEAR_DAYS = 366 };

static const struct {
	const char *word, *label;
} CHANNEL_WORDS[CHANNELS] = {
    [CHANNEL_LEQI] = {"leqi", "乐企"},
    [CHANNEL_PORTAL] = {"portal", "电子税局"},
    [CHANNEL_CERT] = {"cert", "软证书"},
    [CHANNEL_DISK] = {"disk", "税盘"},
};

const char *calendar_channel_word(enum calendar_channel c)
{
	return CHANNEL_WORDS[c].word;
}

bool calendar_channel_parse(const char *text, enum calendar_channel *out)
{
	int i;

	for (i = 0; i < CHANNELS; i++) {
		if (!strcmp(text, CHANNEL_WORDS[i].word) || !strcmp(text, CHANNEL_WORDS[i].label)) {
			*out = (enum calendar_channel)i;
			return true;
		}
	}
	return false;
}

/* ---- which days ---- */

static bool falls_on(const struct calendar_rule *r, struct date d)
{
	int last = date_month_days(d.year, d.month);

	switch (r->beat) {
	case BEAT_YEAR:
		return d.month == 1 && d.day == 1;
	case BEAT_MONTH:
		return d.day == r->day;
	case BEAT_DATES:
		return (d.day % 6 == 0 && d.day <= 24) || d.day == last;
	case BEAT_THIRDS:
		return d.day > 1 && d.day % 3 == 1;
	case BEAT_DAY:
		return true;
	}
	return false;
}

static int64_t day_start(struct date d)
{
	return date_unix((struct datetime) {.date = d});
}

/* ---- about which days ---- */

static void put_days(struct calendar_slot *s, struct date from, struct date to)
{
	date_text(day_start(from), s->from);
	date_text(day_start(to), s->to);
}

static struct date days_before(struct date d, int n)
{
	return date_from_days(date_days(d) - n);
}

static void put_span(const struct calendar_rule *r, struct date d, struct calendar_slot *s)
{
	struct date first = {d.year, d.month, 1};
	struct date before = date_add_months(first, -1), before_2 = date_add_months(first, -2);

	switch (r->span) {
	case SPAN_NONE:
		break;
	case SPAN_MONTH:
		put_days(s, first, days_before(date_add_months(first, 1), 1));
		break;
	case SPAN_BEFORE:
		put_days(s, before, days_before(first, 1));
		break;
	case SPAN_BEFORE_2:
		put_days(s, before_2, days_before(before, 1));
		break;
	case SPAN_THREE:
		put_days(s, date_add_months(first, -3), days_before(first, 1));
		break;
	case SPAN_SO_FAR:
		put_days(s, first, days_before(d, 1));
		break;
	case SPAN_FOUR_DAYS:
		put_days(s, days_before(d, 4), days_before(d, 1));
		break;
	case SPAN_THREE_DAYS:
		put_days(s, days_before(d, 3), days_before(d, 1));
		break;
	}
}

/* ---- slots ---- */

static void put_slot(const struct calendar_rule *r, struct date d, int time,
		     struct calendar_slot *s)
{
	struct date first = {d.year, d.month, 1};
	char name[DATETIME_TEXT];

	*s = (struct calendar_slot) {.at = day_start(d) + (int64_t)r->minutes[time] * 60};
	s->until = r->days ? (r->whole_days ? day_start(d) : s->at) + (int64_t)r->days * DAY_S
			   : day_start(date_add_months(first, 1));
	/* "yyyy-MM-dd HH:mm:ss", as far as it takes. */
	datetime_text(s->at, name);
	name[r->times > 1 ? SLOT_TEXT - 1 : DATE_TEXT - 1] = 0;
	text_copy(s->name, sizeof(s->name), name);
	put_span(r, d, s);
}

int calendar_slots(const struct calendar_rule *r, struct date day,
		   struct calendar_slot out[CALENDAR_TIMES])
{
	int i;

	if (!falls_on(r, day))
		return 0;
	for (i = 0; i < r->times; i++)
		put_slot(r, day, i, &out[i]);
	return r->times;
}

bool calendar_due(const struct calendar_rule *r, int64_t now, struct calendar_slot *out)
{
	struct date today = date_of(now).date;
	int back, i;

	for (back = 0; back <= YEAR_DAYS; back++) {
		struct calendar_slot slots[CALENDAR_TIMES];

		for (i = calendar_slots(r, days_before(today, back), slots) - 1; i >= 0; i--) {
			if (slots[i].at > now)
				continue;
			*out = slots[i];
			return now < out->until;
		}
	}
	return false;
}

bool calendar_late(int64_t slot_at, int64_t begun_at)
{
	return date_days(date_of(begun_at).date) > date_days(date_of(slot_at).date);
}

int64_t calendar_again(int64_t now, int attempts)
{
	int64_t wait = HOUR_S;

	while (attempts-- > 1 && wait < DAY_S)
		wait *= 2;
	return now + (wait < DAY_S ? wait : DAY_S);
}

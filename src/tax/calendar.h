/* tax/calendar.h - the calendar: what is done when, as a table.
 *
 * Purpose     Rules of every channel, the moments (slots) they fall due, how long a slot may still
 *             be caught up, and the days it is about.  Pure: business time comes from the caller.
 * Invariants  Of a rule only the newest slot that has come is ever due, so a machine that was off
 *             for days does it once.  A slot's name is its day, with the time where a rule has
 *             several a day; names sort as their times do.
 * Source      features appendix 5, L19-L33, G33, G37, J6, N13.
 */
#ifndef KP_TAX_CALENDAR_H
#define KP_TAX_CALENDAR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/date.h"

enum calendar_channel { CHANNEL_LEQI, CHANNEL_PORTAL, CHANNEL_CERT, CHANNEL_DISK, CHANNELS };
const char *calendar_channel_word(enum calendar_channel c); /* leqi portal cert disk */
/* That, or 乐企 电子税局 软证书 税盘. */
bool calendar_channel_parse(const char *text, enum calendar_channel *out);

enum calendar_beat {
	BEAT_YEAR,   /* 1 January */
	BEAT_MONTH,  /* on `day` of every month */
	BEAT_DATES,  /* 6, 12, 18, 24 and the last day of the month */
	BEAT_THIRDS, /* 4, 7, 10 ... of the month: every three days, about the days before */
	BEAT_DAY     /* every day, at each of `minutes` */
};

/* The days a slot is about; months are those before the slot's. */
enum calendar_span {
	SPAN_NONE,
	SPAN_MONTH,     /* the slot's own month */
	SPAN_BEFORE,    /* the month before */
	SPAN_BEFORE_2,  /* the month before that */
	SPAN_THREE,     /* the three months before */
	SPAN_SO_FAR,    /* 1 to yesterday */
	SPAN_FOUR_DAYS, /* [D-4, D-1] */
	SPAN_THREE_DAYS /* [D-3, D-1] */
};

enum { CALENDAR_TIMES = 2 };

struct calendar_rule {
	const char *id, *label;
	unsigned channels; /* bits 1 << enum calendar_channel */
	enum calendar_beat beat;
	int day;                     /* BEAT_MONTH */
	int times;                   /* 1, or more for BEAT_DAY */
	int minutes[CALENDAR_TIMES]; /* of the day, ascending */
	int days;        /* how long a slot may be caught up; 0: to the end of its month */
	bool whole_days; /* of these the last ends at midnight */
	enum calendar_span span;
	bool on_request; /* only with the parameter rim_download open_replenish_last_month 1 */
	bool ready;      /* the engine does it; else it waits for what it stands on (未接入) */
};

/* The i-th rule, NULL past the end; by id, NULL when there is none. */
const struct calendar_rule *calendar_rule(size_t i);
const struct calendar_rule *calendar_find(const char *id);

enum { SLOT_TEXT = 17 };
struct calendar_slot {
	int64_t at, until; /* Unix seconds: from when, and up to when (exclusive) it may be done */
	char name[SLOT_TEXT];                /* "2025-01-02", or "2025-01-02 18:00" */
	char from[DATE_TEXT], to[DATE_TEXT]; /* about these days, "" none */
};
/* The slots of a rule on a day, at most CALENDAR_TIMES; returns how many. */
int calendar_slots(const struct calendar_rule *r, struct date day,
		   struct calendar_slot out[CALENDAR_TIMES]);
/* The newest slot that has come by `now`, if it may still be done then; false: none. */
bool calendar_due(const struct calendar_rule *r, int64_t now, struct calendar_slot *out);
/* Was a slot begun on a later day than its own? */
bool calendar_late(int64_t slot_at, int64_t begun_at);
/* When a slot that failed is tried again: an hour later, then 2, 4, 8, at most a day. */
int64_t calendar_again(int64_t now, int attempts);

#endif

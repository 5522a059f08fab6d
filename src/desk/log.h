/* desk/log.h - 乐企请求日志: every call to the tax side, for whom the role allows it (features F8, F9,
 * M16). */
#ifndef KP_DESK_LOG_H
#define KP_DESK_LOG_H

#include "desk/session.h"
#include "tax/advice.h"
#include "tax/service.h"

/* ---- conditions: as a person gives them; NULL or "": any ---- */
struct log_query {
	const char *service;    /* the code of an interface, its name or a part of that */
	const char *result;     /* word or label of desk_log_result */
	const char *unit;       /* "税号" or "税号@环境" */
	const char *job;        /* number of a task */
	const char *request_id; /* RequestId or clientTid, whole */
	const char *find;       /* anywhere in codes, message, request, answer */
	const char *from, *to;  /* "2025-11-01", "11-01 10:00:00"...: both included */
	bool failed;            /* all that did not succeed */
	int64_t look;           /* with find: so many bytes of text at most are looked at; 0: all */
	int64_t cursor;
	int limit;
};
/* What a screen looks at without standing still (some hundredths of a second), and a verb. */
enum { LOG_LOOK_SCREEN = 8 << 20, LOG_LOOK_VERB = 64 << 20 };
/* *total: up to DESK_COUNT_CAP; -1 with find, where nobody knows.  With `look` a page may be short,
 * even empty, though *next says that there is more. */
enum err desk_log_list(struct session *s, const struct log_query *q, request_each f, void *arg,
		       int64_t *next, int64_t *total, struct err_info *e);
/* One, texts whole. */
enum err desk_log_get(struct session *s, const char *id, request_each f, void *arg,
		      struct err_info *e);
/* The i-th result of a call: its word, *label "成功" ...; NULL past the end. */
const char *desk_log_result(size_t i, const char **label);
const char *desk_log_result_label(const char *word);

/* ---- one record for the tax bureau ---- */

/* As text for people: heads, then request and answer laid out. */
void desk_log_text(const struct request_row *r, const char *unit, struct buf *b);
/* Who made the call: "税号 名称 [环境]"; "" when nobody knows. */
void desk_log_unit(struct session *s, int64_t unit_id, char *out, size_t size);

/* Are there several using units, so that a row has to name its own? */
bool desk_units_several(struct session *s);
/* "名称 [环境]" of a unit, "" when nobody knows; returns out. */
enum { DESK_UNIT_SHORT = 400 };
const char *desk_unit_short(struct session *s, int64_t unit_id, char out[DESK_UNIT_SHORT]);

/* ---- following ---- */

/* Calls as they end, each once, oldest first; one that is under way is waited for. */
enum { LOG_WAITING = 64 };
struct log_follow {
	int64_t after, after_ms;      /* the row told last, and its time (0: not known) */
	int64_t waiting[LOG_WAITING]; /* begun, without an answer yet */
	size_t waiting_count;
	int64_t looked_ms; /* when there was last looked */
	bool anew;         /* the log was set back below what was told */
};
/* From behind the newest rows but `rows`. */
enum err desk_log_follow(struct session *s, int rows, struct log_follow *out, struct err_info *e);
/* Hands out what has ended since the last time, at most 1,000.  f->anew, for the caller to clear:
 * the home was set back, and it goes on with what came behind that. */
enum err desk_log_more(struct session *s, struct log_follow *f, request_each each, void *arg,
		       struct err_info *e);

#endif

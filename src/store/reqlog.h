/* store/reqlog.h - 乐企请求日志: one row per call, written before the first byte, completed after.
 *
 * Texts arrive already masked (the leqi room never hands out a key).  Long ones lie packed in a
 * table of their own, written in the same transaction: a call waits for the disk as often as
 * before, and a list reads small rows. */
#ifndef KP_STORE_REQLOG_H
#define KP_STORE_REQLOG_H

#include "store/db.h"

/* Bytes of a text the log can hold. */
enum { REQUEST_TEXT_MAX = 64 * 1024 * 1024 };

struct request_row {
	int64_t id, at_ms, job_id, unit_id, took_ms;
	int http_status;
	const char *service, *url, *trace_id, *request, *answer, *platform_code, *return_code,
	    *message, *request_id, *result;
};
enum err store_request_begin(struct db *db, struct request_row *r,
			     struct err_info *e); /* gives r->id */
enum err store_request_end(struct db *db, const struct request_row *r, struct err_info *e);
typedef enum err (*request_each)(void *arg,
				 const struct request_row *r); /* texts live during the call */

/* What a row has to be like; zeroed: any. */
enum { REQUEST_UNITS = 16, REQUEST_SERVICES = 32 };
struct request_filter {
	const char *services[REQUEST_SERVICES]; /* one of them; n 0: any */
	int64_t units[REQUEST_UNITS];           /* one of them; n 0: any */
	size_t service_count, unit_count;
	const char *result;     /* the word, or NULL */
	bool failed;            /* result other than ok */
	int64_t job_id;         /* 0: any */
	int64_t from_ms, to_ms; /* at_ms >= from, < to; 0: open */
	const char *request_id; /* the platform's RequestId or our clientTid, whole */
	const char *find;       /* somewhere in message, codes, ids, address, request, answer */
	int64_t *budget; /* with find: bytes that may be looked at, counted down; NULL: all */
};
/* Newest first without request/answer texts.  *stopped (may be NULL): the id behind which the
 * budget was used up, 0 it was not. */
enum err store_request_list(struct db *db, const struct request_filter *q, int64_t cursor,
			    int limit, request_each f, void *arg, int64_t *stopped,
			    struct err_info *e);
/* Oldest first, those behind an id. */
enum err store_request_after(struct db *db, int64_t after, int limit, request_each f, void *arg,
			     struct err_info *e);
enum err store_request_newest(struct db *db, int64_t *id, struct err_info *e); /* 0: none */
/* With the texts, whole. */
enum err store_request_get(struct db *db, int64_t id, request_each f, void *arg,
			   struct err_info *e);
/* Drops rows older than the time, at most n per call. */
enum err store_request_prune(struct db *db, int64_t before_ms, int n, int *dropped,
			     struct err_info *e);

#endif

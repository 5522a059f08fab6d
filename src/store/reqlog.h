/* store/reqlog.h - 乐企请求日志: one row per call, written before the first byte, completed after.
 * Texts arrive already masked (the leqi room never hands out a key). */
#ifndef KP_STORE_REQLOG_H
#define KP_STORE_REQLOG_H

#include "store/db.h"

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
/* Newest first without request/answer texts; failed: result other than ok. */
enum err store_request_list(struct db *db, const char *service, bool failed, int64_t cursor,
			    int limit, request_each f, void *arg, struct err_info *e);
enum err store_request_get(struct db *db, int64_t id, request_each f, void *arg,
			   struct err_info *e);
/* Drops rows older than the time, at most n per call. */
enum err store_request_prune(struct db *db, int64_t before_ms, int n, int *dropped,
			     struct err_info *e);

#endif

/* reqlog.c - 乐企请求日志. */
#include "store/reqlog.h"

#include <inttypes.h>

static const char *or_empty(const char *s)
{
	return s ? s : "";
}

enum err store_request_begin(struct db *db, struct request_row *r, struct err_info *e)
{
	int64_t id = 0;
	enum err err = db_next_id(db, "request_log", &id, e);
	if (err)
		return err;
	err = db_run(
	    db, e, NULL,
	    "INSERT INTO request_log (id, at_ms, job_id, unit_id, service, url, trace_id, request)"
	    " VALUES (?, ?, NULLIF(?, 0), NULLIF(?, 0), ?, ?, ?, ?)",
	    "llllssss", id, r->at_ms, r->job_id, r->unit_id, or_empty(r->service), or_empty(r->url),
	    or_empty(r->trace_id), or_empty(r->request));
	if (!err)
		r->id = id;
	return err;
}

enum err store_request_end(struct db *db, const struct request_row *r, struct err_info *e)
{
	int n = 0;
	enum err err =
	    db_run(db, e, &n,
		   "UPDATE request_log SET answer = ?, http_status = ?, platform_code = ?,"
		   " return_code = ?,"
		   " message = ?, request_id = ?, took_ms = ?, result = ? WHERE id = ?",
		   "sisssslsl", or_empty(r->answer), r->http_status, or_empty(r->platform_code),
		   or_empty(r->return_code), or_empty(r->message), or_empty(r->request_id),
		   r->took_ms, or_empty(r->result), r->id);
	if (!err && n != 1)
		err = err_fail(e, ERR_INTERNAL, "log.unknown", "请求日志",
			       "没有编号为 %" PRId64 " 的请求", r->id);
	return err;
}

#define ROW_COLUMNS                                                                                \
	"SELECT id, at_ms, COALESCE(job_id, 0), COALESCE(unit_id, 0), took_ms,"                    \
	" http_status, service, url,"                                                              \
	" trace_id, platform_code, return_code, message, request_id, result"

static enum err give_row(struct rows *q, bool texts, request_each f, void *arg)
{
	struct request_row row = {
	    .id = rows_int(q, 0),
	    .at_ms = rows_int(q, 1),
	    .job_id = rows_int(q, 2),
	    .unit_id = rows_int(q, 3),
	    .took_ms = rows_int(q, 4),
	    .http_status = (int)rows_int(q, 5),
	    .service = rows_text(q, 6),
	    .url = rows_text(q, 7),
	    .trace_id = rows_text(q, 8),
	    .platform_code = rows_text(q, 9),
	    .return_code = rows_text(q, 10),
	    .message = rows_text(q, 11),
	    .request_id = rows_text(q, 12),
	    .result = rows_text(q, 13),
	    .request = texts ? rows_text(q, 14) : "",
	    .answer = texts ? rows_text(q, 15) : "",
	};
	return f(arg, &row);
}

enum err store_request_list(struct db *db, const char *service, bool failed, int64_t cursor,
			    int limit, request_each f, void *arg, struct err_info *e)
{
	struct rows *q;
	int64_t below = cursor > 0 ? cursor : INT64_MAX;
	enum err r;
	if (service && failed)
		r = db_query(db, &q, e,
			     ROW_COLUMNS
			     " FROM request_log WHERE result <> 'ok' AND service = ? AND id < ?"
			     " ORDER BY id DESC LIMIT ?",
			     "sli", service, below, limit);
	else if (service)
		r = db_query(
		    db, &q, e,
		    ROW_COLUMNS
		    " FROM request_log WHERE service = ? AND id < ? ORDER BY id DESC LIMIT ?",
		    "sli", service, below, limit);
	else if (failed)
		r = db_query(db, &q, e,
			     ROW_COLUMNS " FROM request_log WHERE result <> 'ok' AND id < ?"
					 " ORDER BY id DESC LIMIT ?",
			     "li", below, limit);
	else
		r = db_query(db, &q, e,
			     ROW_COLUMNS " FROM request_log WHERE id < ? ORDER BY id DESC LIMIT ?",
			     "li", below, limit);
	while (!r && rows_next(q))
		r = give_row(q, false, f, arg);
	return rows_end(&q, r, e);
}

enum err store_request_get(struct db *db, int64_t id, request_each f, void *arg, struct err_info *e)
{
	struct rows *q;
	enum err r = db_query(
	    db, &q, e, ROW_COLUMNS ", request, answer FROM request_log WHERE id = ?", "l", id);
	bool found = !r && rows_next(q);
	if (found)
		r = give_row(q, true, f, arg);
	r = rows_end(&q, r, e);
	if (!r && !found)
		r = err_fail(e, ERR_INVALID, "log.unknown", "请求日志",
			     "没有编号为 %" PRId64 " 的请求", id);
	return r;
}

enum err store_request_prune(struct db *db, int64_t before_ms, int n, int *dropped,
			     struct err_info *e)
{
	return db_run(db, e, dropped,
		      "DELETE FROM request_log WHERE id IN"
		      " (SELECT id FROM request_log WHERE at_ms < ? ORDER BY at_ms LIMIT ?)",
		      "li", before_ms, n);
}

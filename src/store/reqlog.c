/* reqlog.c - 乐企请求日志: writing a row, dropping old ones. */
#include "store/reqlog.h"

#include <inttypes.h>

#include "store/reqlog_p.h"

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
	    or_empty(r->trace_id), request_text_row(r->request));
	if (!err)
		err = request_text_keep(db, id, REQUEST_SENT, r->request, e);
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
		   "sisssslsl", request_text_row(r->answer), r->http_status,
		   or_empty(r->platform_code), or_empty(r->return_code), or_empty(r->message),
		   or_empty(r->request_id), r->took_ms, or_empty(r->result), r->id);

	if (!err && n != 1)
		err = err_fail(e, ERR_INTERNAL, "log.unknown", "请求日志",
			       "没有编号为 %" PRId64 " 的请求", r->id);
	return err ? err : request_text_keep(db, r->id, REQUEST_ANSWERED, r->answer, e);
}

enum err store_request_newest(struct db *db, int64_t *id, struct err_info *e)
{
	bool found;

	*id = 0;
	return db_get_int(db, e, id, &found, "SELECT COALESCE(MAX(id), 0) FROM request_log", "");
}

enum err store_request_prune(struct db *db, int64_t before_ms, int n, int *dropped,
			     struct err_info *e)
{
	return db_run(db, e, dropped,
		      "DELETE FROM request_log WHERE id IN"
		      " (SELECT id FROM request_log WHERE at_ms < ? ORDER BY at_ms LIMIT ?)",
		      "li", before_ms, n);
}

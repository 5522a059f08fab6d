/* reqlog_list.c - 乐企请求日志: reading by conditions.
 *
 * One condition drives: its index gives the rows in order, the others are looked at row by row.
 * A column that does not drive stands in an expression, so that no index of it is chosen. */
#include <inttypes.h>
#include <string.h>

#include "base/text.h"
#include "store/reqlog_p.h"

enum { SQL_MAX = 8192, BINDS = REQUEST_SERVICES + REQUEST_UNITS + 16 };

#define ROW_COLUMNS                                                                                \
	"SELECT id, at_ms, COALESCE(job_id, 0), COALESCE(unit_id, 0), took_ms,"                    \
	" http_status, service, url,"                                                              \
	" trace_id, platform_code, return_code, message, request_id, result"
#define WITH_TEXTS ROW_COLUMNS ", request, answer"

static struct request_row row_of(struct rows *q, bool texts)
{
	return (struct request_row) {
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
}

/* ---- conditions ---- */

enum driver { BY_ID, BY_REQUEST_ID, BY_JOB, BY_TIME, BY_SERVICE, BY_UNIT, BY_FAILED };

struct conditions {
	struct buf sql;
	struct bind binds[BINDS];
	size_t n;
	enum driver driver;
};

static bool is_failed(const struct request_filter *f)
{
	return f->failed || (f->result && strcmp(f->result, "ok") != 0);
}

static enum driver driver_of(const struct request_filter *f)
{
	if (!text_empty(f->request_id))
		return BY_REQUEST_ID;
	if (f->job_id)
		return BY_JOB;
	if (f->from_ms || f->to_ms)
		return BY_TIME;
	if (f->service_count == 1)
		return BY_SERVICE;
	if (is_failed(f))
		return BY_FAILED;
	return f->unit_count == 1 ? BY_UNIT : BY_ID;
}

static void bind_int(struct conditions *c, const char *sql, int64_t v)
{
	buf_adds(&c->sql, sql);
	c->binds[c->n++] = (struct bind) {.type = 'l', .i = v};
}

static void bind_text(struct conditions *c, const char *sql, const char *s)
{
	buf_adds(&c->sql, sql);
	c->binds[c->n++] = (struct bind) {.type = 's', .s = s};
}

static void add_services(struct conditions *c, const struct request_filter *f)
{
	if (!f->service_count)
		return;
	buf_adds(&c->sql,
		 c->driver == BY_SERVICE ? " AND service IN (" : " AND service || '' IN (");
	for (size_t i = 0; i < f->service_count; i++)
		bind_text(c, i ? ", ?" : "?", f->services[i]);
	buf_addc(&c->sql, ')');
}

static void add_units(struct conditions *c, const struct request_filter *f)
{
	if (!f->unit_count)
		return;
	buf_adds(&c->sql,
		 c->driver == BY_UNIT ? " AND unit_id IN (" : " AND COALESCE(unit_id, 0) IN (");
	for (size_t i = 0; i < f->unit_count; i++)
		bind_int(c, i ? ", ?" : "?", f->units[i]);
	buf_addc(&c->sql, ')');
}

static void add_conditions(struct conditions *c, const struct request_filter *f)
{
	if (!text_empty(f->request_id)) {
		bind_text(c, " AND (request_id = ? AND request_id <> ''", f->request_id);
		bind_text(c, " OR trace_id = ?)", f->request_id);
	}
	if (f->job_id)
		bind_int(c,
			 c->driver == BY_JOB ? " AND job_id = ?" : " AND COALESCE(job_id, 0) = ?",
			 f->job_id);
	if (f->from_ms)
		bind_int(c, c->driver == BY_TIME ? " AND at_ms >= ?" : " AND at_ms + 0 >= ?",
			 f->from_ms);
	if (f->to_ms)
		bind_int(c, c->driver == BY_TIME ? " AND at_ms < ?" : " AND at_ms + 0 < ?",
			 f->to_ms);
	add_services(c, f);
	add_units(c, f);
	/* The word of the partial indexes. */
	if (is_failed(f))
		buf_adds(&c->sql, " AND result <> 'ok'");
	if (f->result)
		bind_text(c, " AND result = ?", f->result);
}

/* Times may go back where ids go on: read by time, a page goes on behind both. */
static enum err add_cursor(struct db *db, struct conditions *c, int64_t cursor, struct err_info *e)
{
	int64_t at = 0;
	bool found = false;
	enum err r;

	if (cursor <= 0)
		return ERR_OK;
	if (c->driver != BY_TIME) {
		bind_int(c, " AND id < ?", cursor);
		return ERR_OK;
	}
	r = db_get_int(db, e, &at, &found, "SELECT at_ms FROM request_log WHERE id = ?", "l",
		       cursor);
	/* One that has been dropped had only older ones behind it, which were dropped before. */
	bind_int(c, " AND at_ms <= ?", at);
	bind_int(c, " AND (at_ms < ?", at);
	bind_int(c, " OR id < ?)", cursor);
	return r;
}

static enum err query(struct db *db, const struct request_filter *f, int64_t cursor, int limit,
		      struct rows **q, struct err_info *e)
{
	struct conditions c = {.driver = driver_of(f)};
	enum err r;

	buf_init(&c.sql, SQL_MAX);
	buf_adds(&c.sql, f->find ? WITH_TEXTS : ROW_COLUMNS);
	buf_adds(&c.sql, " FROM request_log WHERE 1 = 1");
	add_conditions(&c, f);
	r = add_cursor(db, &c, cursor, e);
	buf_adds(&c.sql,
		 c.driver == BY_TIME ? " ORDER BY at_ms DESC, id DESC" : " ORDER BY id DESC");
	if (!f->find)
		bind_int(&c, " LIMIT ?", limit);
	if (!r)
		r = db_query_built(db, q, e, buf_str(&c.sql), c.binds, c.n);
	buf_free(&c.sql);
	return r;
}

/* ---- a word anywhere ---- */

static bool has(const char *text, const struct request_filter *f)
{
	if (f->budget)
		*f->budget -= (int64_t)strlen(text);
	return strcasestr(text, f->find);
}

static enum err packed_has(struct db *db, int64_t id, enum request_part part,
			   const struct request_filter *f, bool *hit, struct err_info *e)
{
	struct buf b;
	enum err r;

	buf_init(&b, REQUEST_TEXT_MAX);
	r = request_text_get(db, id, part, &b, e);
	*hit = !r && b.len && has(buf_str(&b), f);
	buf_free(&b);
	return r;
}

/* The row's words first; a text is unpacked only where they do not have it. */
static enum err finds(struct db *db, const struct request_row *r, const struct request_filter *f,
		      bool *hit, struct err_info *e)
{
	const char *const texts[] = {r->message,       r->request_id,  r->trace_id,
				     r->platform_code, r->return_code, r->service,
				     r->url,           r->request,     r->answer};
	enum err err = ERR_OK;

	*hit = false;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]) && !*hit; i++)
		*hit = has(texts[i], f);
	if (!*hit && !*r->request)
		err = packed_has(db, r->id, REQUEST_SENT, f, hit, e);
	if (!err && !*hit && !*r->answer)
		err = packed_has(db, r->id, REQUEST_ANSWERED, f, hit, e);
	return err;
}

/* ---- lists ---- */

enum err store_request_list(struct db *db, const struct request_filter *f, int64_t cursor,
			    int limit, request_each each, void *arg, int64_t *stopped,
			    struct err_info *e)
{
	struct rows *q;
	int given = 0;
	enum err r = query(db, f, cursor, limit, &q, e);

	if (stopped)
		*stopped = 0;
	while (!r && given < limit && rows_next(q)) {
		struct request_row row = row_of(q, false);
		bool hit = true;

		if (f->find) {
			const struct request_row whole = row_of(q, true);

			r = finds(db, &whole, f, &hit, e);
		}
		if (!r && hit) {
			given++;
			r = each(arg, &row);
		}
		if (f->find && f->budget && *f->budget <= 0 && stopped) {
			*stopped = row.id;
			break;
		}
	}
	return rows_end(&q, r, e);
}

enum err store_request_after(struct db *db, int64_t after, int limit, request_each f, void *arg,
			     struct err_info *e)
{
	struct rows *q;
	enum err r =
	    db_query(db, &q, e, ROW_COLUMNS " FROM request_log WHERE id > ? ORDER BY id LIMIT ?",
		     "li", after, limit);

	while (!r && rows_next(q)) {
		const struct request_row row = row_of(q, false);

		r = f(arg, &row);
	}
	return rows_end(&q, r, e);
}

/* ---- one, whole ---- */

static enum err give_whole(struct db *db, struct request_row *row, request_each f, void *arg,
			   struct err_info *e)
{
	struct buf sent, answered;
	enum err r = ERR_OK;

	buf_init(&sent, REQUEST_TEXT_MAX);
	buf_init(&answered, REQUEST_TEXT_MAX);
	if (!*row->request && !(r = request_text_get(db, row->id, REQUEST_SENT, &sent, e)))
		row->request = buf_str(&sent);
	if (!r && !*row->answer &&
	    !(r = request_text_get(db, row->id, REQUEST_ANSWERED, &answered, e)))
		row->answer = buf_str(&answered);
	if (!r)
		r = f(arg, row);
	buf_free(&sent);
	buf_free(&answered);
	return r;
}

enum err store_request_get(struct db *db, int64_t id, request_each f, void *arg, struct err_info *e)
{
	struct rows *q;
	enum err r = db_query(db, &q, e, WITH_TEXTS " FROM request_log WHERE id = ?", "l", id);
	bool found = !r && rows_next(q);

	if (found) {
		struct request_row row = row_of(q, true);

		r = give_whole(db, &row, f, arg, e);
	}
	r = rows_end(&q, r, e);
	if (!r && !found)
		r = err_fail(e, ERR_INVALID, "log.unknown", "请求日志",
			     "没有编号为 %" PRId64 " 的请求", id);
	return r;
}

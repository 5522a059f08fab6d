/* reqlog_text.c - long texts of the request log, packed. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "store/reqlog_p.h"

/* The fastest: JSON shrinks to a tenth all the same, and a call waits for it. */
enum { LEVEL = 1 };

static bool is_long(const char *text)
{
	return text && strlen(text) > REQUEST_INLINE;
}

const char *request_text_row(const char *text)
{
	return !text || is_long(text) ? "" : text;
}

static enum err keep(struct db *db, int64_t id, enum request_part part, size_t size,
		     const Bytef *packed, size_t n, struct err_info *e)
{
	return db_run(db, e, NULL,
		      "INSERT INTO request_text (log_id, part, size, packed) VALUES (?, ?, ?, ?)"
		      " ON CONFLICT (log_id, part)"
		      " DO UPDATE SET size = excluded.size, packed = excluded.packed",
		      "lilb", id, (int)part, (int64_t)size, (const void *)packed, n);
}

enum err request_text_keep(struct db *db, int64_t id, enum request_part part, const char *text,
			   struct err_info *e)
{
	size_t size;
	uLongf n;
	Bytef *packed;
	enum err r;

	if (!is_long(text))
		return ERR_OK;
	if ((size = strlen(text)) > REQUEST_TEXT_MAX)
		return err_fail(e, ERR_INTERNAL, "log.size", "请求日志", "%zu 字节的报文放不下",
				size);
	n = compressBound(size);
	packed = mem_alloc(n);
	if (compress2(packed, &n, (const Bytef *)text, size, LEVEL) == Z_OK)
		r = keep(db, id, part, size, packed, n, e);
	else
		r = err_fail(e, ERR_INTERNAL, "log.pack", "请求日志", "报文不能压缩");
	free(packed);
	return r;
}

static enum err unpack(int64_t id, const void *packed, size_t n, int64_t size, struct buf *b,
		       struct err_info *e)
{
	uLongf out = (uLongf)size;
	char *text = size > 0 && size <= REQUEST_TEXT_MAX ? mem_alloc((size_t)size) : NULL;
	bool whole =
	    text && uncompress((Bytef *)text, &out, packed, n) == Z_OK && out == (uLongf)size;

	if (whole)
		buf_add(b, text, (size_t)size);
	free(text);
	return whole ? ERR_OK
		     : err_fail(e, ERR_DAMAGED, "log.text", "请求日志",
				"第 %" PRId64 " 号的报文读不出来", id);
}

enum err request_text_get(struct db *db, int64_t id, enum request_part part, struct buf *b,
			  struct err_info *e)
{
	struct rows *q;
	enum err r = db_query(db, &q, e,
			      "SELECT size, packed FROM request_text WHERE log_id = ? AND part = ?",
			      "li", id, (int)part);

	if (!r && rows_next(q)) {
		size_t n = 0;
		const void *packed = rows_blob(q, 1, &n);

		r = unpack(id, packed, n, rows_int(q, 0), b, e);
	}
	return rows_end(&q, r, e);
}

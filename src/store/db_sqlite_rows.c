/* db_sqlite_rows.c - statements: prepared once, bound, stepped. */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "store/db_sqlite_p.h"

/* ---- the cache ------------------------------------------------------------------------------- */

/* Eight characters at a time: statements are long and this is done for every one that runs. */
static uint64_t hash_text(const char *s)
{
	size_t n = strlen(s);
	uint64_t h = n, word;
	for (; n >= sizeof(word); n -= sizeof(word), s += sizeof(word)) {
		memcpy(&word, s, sizeof(word));
		h = (h ^ word) * UINT64_C(0x9e3779b97f4a7c15);
		h ^= h >> 32;
	}
	word = 0;
	memcpy(&word, s, n);
	h = (h ^ word) * UINT64_C(0x9e3779b97f4a7c15);
	return h ^ h >> 29;
}

static void rows_forget(struct rows *q)
{
	sqlite3_finalize(q->stmt);
	free(q->sql);
	*q = (struct rows) {.db = q->db};
}

/* Where the address of a text leads: the statement it was last, if it still is that. */
static struct rows **near_place(struct db *db, const char *sql)
{
	return &db->near[((uintptr_t)sql * UINT64_C(0x9e3779b97f4a7c15)) >> 55];
}

/* The cached statement of the text when it is idle (*hit); else the slot to fill; else NULL (all
 * busy). */
static struct rows *cache_slot(struct db *db, uint64_t hash, const char *sql, bool *hit)
{
	struct rows *oldest = NULL;
	struct rows *set = db->cache[hash % CACHE_SETS];
	for (int i = 0; i < CACHE_WAYS; i++) {
		struct rows *q = &set[i];
		if (q->busy)
			continue;
		*hit = q->stmt && q->hash == hash && strcmp(q->sql, sql) == 0;
		if (*hit)
			return q;
		if (!oldest || q->used_at < oldest->used_at)
			oldest = q;
	}
	return oldest;
}

static int rows_compile(struct rows *q, uint64_t hash, const char *sql)
{
	rows_forget(q);
	int rc = sqlite3_prepare_v3(q->db->raw, sql, -1, SQLITE_PREPARE_PERSISTENT, &q->stmt, NULL);
	if (rc != SQLITE_OK || !q->stmt)
		return rc ? rc : SQLITE_MISUSE;
	q->sql = mem_strdup(sql);
	q->hash = hash;
	q->places = sqlite3_bind_parameter_count(q->stmt);
	q->writes = !sqlite3_stmt_readonly(q->stmt);
	return SQLITE_OK;
}

static enum err rows_find(struct db *db, struct rows **out, struct err_info *e, const char *sql)
{
	uint64_t hash = hash_text(sql);
	bool hit = false;
	struct rows *q = cache_slot(db, hash, sql, &hit);
	bool cached = q != NULL;
	if (!q)
		q = mem_zalloc(sizeof(*q));
	q->db = db;
	int rc = hit ? SQLITE_OK : rows_compile(q, hash, sql);
	q->cached = cached;
	if (rc == SQLITE_OK) {
		*out = q;
		return ERR_OK;
	}
	if (!cached)
		free(q);
	return sqlite_statement_fail(db, e, rc, sql);
}

/* The statement of a text, idle.  Most texts are literals, known by their address; what stands
 * there is still compared. */
static enum err rows_prepare(struct db *db, struct rows **out, struct err_info *e, const char *sql)
{
	struct rows **near = near_place(db, sql), *q = *near;
	if (!q || q->busy || !q->stmt || strcmp(q->sql, sql) != 0) {
		enum err r = rows_find(db, &q, e, sql);
		if (r)
			return r;
		if (q->cached)
			*near = q;
	}
	q->busy = true;
	q->rc = SQLITE_OK;
	q->used_at = ++db->tick;
	*out = q;
	return ERR_OK;
}

static void rows_release(struct rows *q)
{
	sqlite3_reset(q->stmt);
	/* Lent texts are bound anew before the statement runs again. */
	if (q->copies)
		sqlite3_clear_bindings(q->stmt);
	q->copies = false;
	q->busy = false;
	if (!q->cached) {
		rows_forget(q);
		free(q);
	}
}

static int bind_text(sqlite3_stmt *s, int at, const char *text, bool empty_is_null, bool copy)
{
	if (!text || (empty_is_null && !*text))
		return sqlite3_bind_null(s, at);
	return sqlite3_bind_text64(s, at, text, strlen(text),
				   copy ? SQLITE_TRANSIENT : SQLITE_STATIC, SQLITE_UTF8);
}

static int bind_bytes(sqlite3_stmt *s, int at, const void *p, size_t n, bool copy)
{
	return n ? sqlite3_bind_blob64(s, at, p, n, copy ? SQLITE_TRANSIENT : SQLITE_STATIC)
		 : sqlite3_bind_zeroblob(s, at, 0);
}

static int bind_args(sqlite3_stmt *s, const char *types, va_list ap, bool copy)
{
	int rc = SQLITE_OK;
	for (int at = 1; *types && rc == SQLITE_OK; types++, at++) {
		if (*types == 'i') {
			rc = sqlite3_bind_int(s, at, va_arg(ap, int));
		} else if (*types == 'l') {
			rc = sqlite3_bind_int64(s, at, va_arg(ap, int64_t));
		} else if (*types == 's' || *types == 'S') {
			const char *text = va_arg(ap, const char *);
			rc = bind_text(s, at, text, *types == 'S', copy);
		} else if (*types == 'b') {
			const void *p = va_arg(ap, const void *);
			size_t n = va_arg(ap, size_t);
			rc = bind_bytes(s, at, p, n, copy);
		} else {
			rc = SQLITE_MISUSE;
		}
	}
	return rc;
}

static int bind_array(sqlite3_stmt *s, const struct bind *binds, size_t n, bool copy)
{
	int rc = SQLITE_OK;
	for (size_t i = 0; i < n && rc == SQLITE_OK; i++) {
		int at = (int)i + 1;
		char t = binds[i].type;
		if (t == 'i' || t == 'l')
			rc = sqlite3_bind_int64(s, at, binds[i].i);
		else if (t == 's' || t == 'S')
			rc = bind_text(s, at, binds[i].s, t == 'S', copy);
		else if (t == 'b')
			rc = bind_bytes(s, at, binds[i].s, (size_t)binds[i].i, copy);
		else
			rc = SQLITE_MISUSE;
	}
	return rc;
}

/* Prepares; as many values as places, and no write outside a transaction. */
static enum err rows_open(struct db *db, struct rows **out, struct err_info *e, const char *sql,
			  size_t values)
{
	struct rows *q = NULL;
	enum err r = rows_prepare(db, &q, e, sql);
	if (r)
		return r;
	if ((size_t)q->places != values)
		r = err_fail(e, ERR_INTERNAL, "db.bind", "数据库",
			     "语句有 %d 个参数，却给了 %zu 个：%.120s", q->places, values, sql);
	else if (q->writes && !db->file)
		r = err_fail(e, ERR_INTERNAL, "db.outside", "数据库",
			     "在事务之外写入被拒绝：%.120s", sql);
	if (r)
		rows_release(q);
	else
		*out = q;
	return r;
}

/* After binding: an open query stays only when that went well. */
static enum err rows_bound(struct rows **q, int rc, struct err_info *e)
{
	if (rc == SQLITE_OK)
		return ERR_OK;
	enum err r = sqlite_statement_fail((*q)->db, e, rc, (*q)->sql);
	rows_release(*q);
	*q = NULL;
	return r;
}

static enum err open_args(struct db *db, struct rows **q, struct err_info *e, const char *sql,
			  bool copy, const char *types, va_list ap)
{
	enum err r = rows_open(db, q, e, sql, strlen(types));
	if (r)
		return r;
	(*q)->copies = copy;
	return rows_bound(q, bind_args((*q)->stmt, types, ap, copy), e);
}

enum err db_run(struct db *db, struct err_info *e, int *changes, const char *sql, const char *types,
		...)
{
	struct rows *q = NULL;
	va_list ap;
	va_start(ap, types);
	enum err r = open_args(db, &q, e, sql, false, types, ap);
	va_end(ap);
	if (r)
		return r;
	while (rows_next(q))
		;
	r = rows_end(&q, ERR_OK, e);
	if (!r && changes)
		*changes = sqlite3_changes(db->raw);
	return r;
}

enum err db_query(struct db *db, struct rows **out, struct err_info *e, const char *sql,
		  const char *types, ...)
{
	*out = NULL;
	va_list ap;
	va_start(ap, types);
	enum err r = open_args(db, out, e, sql, true, types, ap);
	va_end(ap);
	return r;
}

enum err db_query_lent(struct db *db, struct rows **out, struct err_info *e, const char *sql,
		       const char *types, ...)
{
	*out = NULL;
	va_list ap;
	va_start(ap, types);
	enum err r = open_args(db, out, e, sql, false, types, ap);
	va_end(ap);
	return r;
}

enum err db_query_built(struct db *db, struct rows **out, struct err_info *e, const char *sql,
			const struct bind *binds, size_t n)
{
	*out = NULL;
	enum err r = rows_open(db, out, e, sql, n);
	if (r)
		return r;
	(*out)->copies = true;
	return rows_bound(out, bind_array((*out)->stmt, binds, n, true), e);
}

enum err db_run_built(struct db *db, struct err_info *e, const char *sql, const struct bind *binds,
		      size_t n)
{
	struct rows *q = NULL;
	enum err r = rows_open(db, &q, e, sql, n);
	if (r)
		return r;
	q->copies = false;
	if ((r = rows_bound(&q, bind_array(q->stmt, binds, n, false), e)))
		return r;
	while (rows_next(q))
		;
	return rows_end(&q, ERR_OK, e);
}

enum err db_get_int(struct db *db, struct err_info *e, int64_t *out, bool *found, const char *sql,
		    const char *types, ...)
{
	struct rows *q = NULL;
	va_list ap;
	va_start(ap, types);
	enum err r = open_args(db, &q, e, sql, false, types, ap);
	va_end(ap);
	if (r)
		return r;
	bool any = rows_next(q);
	int64_t value = any ? rows_int(q, 0) : 0;
	r = rows_end(&q, ERR_OK, e);
	if (r)
		return r;
	if (any)
		*out = value;
	if (found)
		*found = any;
	return ERR_OK;
}

bool rows_next(struct rows *q)
{
	if (q->rc != SQLITE_OK && q->rc != SQLITE_ROW)
		return false;
	q->rc = sqlite3_step(q->stmt);
	return q->rc == SQLITE_ROW;
}

enum err rows_end(struct rows **q, enum err so_far, struct err_info *e)
{
	struct rows *p = *q;
	*q = NULL;
	if (!p)
		return so_far;
	/* A write with RETURNING runs to its end even when the caller has seen enough. */
	while (!so_far && p->rc == SQLITE_ROW && p->writes)
		p->rc = sqlite3_step(p->stmt);
	enum err r = so_far;
	if (!r && p->rc != SQLITE_OK && p->rc != SQLITE_ROW && p->rc != SQLITE_DONE)
		r = sqlite_statement_fail(p->db, e, p->rc, p->sql);
	rows_release(p);
	return r;
}

int64_t rows_int(struct rows *q, int column)
{
	return sqlite3_column_int64(q->stmt, column);
}

const char *rows_text(struct rows *q, int column)
{
	const unsigned char *s = sqlite3_column_text(q->stmt, column);
	return s ? (const char *)s : "";
}

const void *rows_blob(struct rows *q, int column, size_t *n)
{
	const void *p = sqlite3_column_blob(q->stmt, column);
	*n = (size_t)sqlite3_column_bytes(q->stmt, column);
	return p ? p : "";
}

bool rows_null(struct rows *q, int column)
{
	return sqlite3_column_type(q->stmt, column) == SQLITE_NULL;
}

void sqlite_forget_all(struct db *db)
{
	for (int i = 0; i < CACHE_SETS; i++)
		for (int k = 0; k < CACHE_WAYS; k++)
			rows_forget(&db->cache[i][k]);
}

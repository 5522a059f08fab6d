/* db_sqlite.c - the database layer over SQLite.  The only file of the program that knows SQLite. */
#include <errno.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/crash.h"
#include "base/file.h"
#include "base/text.h"
#include "store/db_p.h"

enum {
	APPLICATION_ID = 0x4B50494F, /* "KPIO" */
	BUSY_MS = 15000,
	CACHE_SETS = 64,
	CACHE_WAYS = 4,
};

/* A statement, and the query running on it. */
struct rows {
	struct db *db;
	sqlite3_stmt *stmt;
	char *sql;
	uint64_t hash, used_at;
	bool busy, cached;
	int rc;
};

struct db {
	sqlite3 *raw;
	enum db_mode mode;
	const char *file; /* opener of the open transaction, NULL: none */
	int line;
	bool own_commit; /* a commit of this file's own is under way */
	uint64_t tick;
	struct rows cache[CACHE_SETS][CACHE_WAYS];
};

/* ---- errors ---------------------------------------------------------------------------------- */

#define MEND_RESTORE "用 kaipiao restore 恢复最近的备份"

static const struct {
	int rc;
	enum err class;
	const char *code, *why, *hint;
} failures[] = {
    {SQLITE_FULL, ERR_DAMAGED, "disk.full", "磁盘已满，这一步没有写入",
     "腾出磁盘空间后重试，已提交的数据不受影响"},
    {SQLITE_IOERR, ERR_DAMAGED, "db.io", "读写磁盘失败，这一步没有写入",
     "检查磁盘空间和硬件后重试；打不开时" MEND_RESTORE},
    {SQLITE_NOTADB, ERR_DAMAGED, "db.damaged", "文件不是数据库或已损坏", MEND_RESTORE},
    {SQLITE_CORRUPT, ERR_DAMAGED, "db.damaged", "文件已损坏", MEND_RESTORE},
    {SQLITE_FORMAT, ERR_DAMAGED, "db.damaged", "文件已损坏", MEND_RESTORE},
    {SQLITE_READONLY, ERR_DAMAGED, "db.readonly", "文件或目录不可写",
     "检查主目录的属主、权限和挂载方式"},
    {SQLITE_CANTOPEN, ERR_DAMAGED, "db.readonly", "文件打不开", "检查主目录的属主、权限和剩余空间"},
    {SQLITE_PERM, ERR_DAMAGED, "db.readonly", "没有访问文件的权限", "检查主目录的属主和权限"},
    {SQLITE_BUSY, ERR_BUSY, "db.busy", "另一个进程正在写入，等了 15 秒仍未轮到", "稍后重试"},
    {SQLITE_LOCKED, ERR_BUSY, "db.busy", "本进程的另一个查询占着数据", "稍后重试"},
    {SQLITE_TOOBIG, ERR_INVALID, "db.toobig", "要保存的内容过大", "减少明细行或缩短文字"},
};

/* Words for the log: SQLite's own text and the statement. */
static void add_detail(struct err_info *e, sqlite3 *raw, int rc, const char *sql)
{
	err_detail(e, "sqlite %d %s: %.200s", rc, raw ? sqlite3_errmsg(raw) : sqlite3_errstr(rc),
		   sql ? sql : "");
}

static enum err raw_fail(sqlite3 *raw, struct err_info *e, int rc, const char *sql)
{
	int primary = rc & 0xff;
	int os = raw ? sqlite3_system_errno(raw) : 0;
	if (primary == SQLITE_IOERR && (os == ENOSPC || os == EDQUOT || os == EFBIG))
		primary = SQLITE_FULL;
	for (size_t i = 0; i < sizeof(failures) / sizeof(failures[0]); i++) {
		if (failures[i].rc != primary)
			continue;
		err_fail(e, failures[i].class, failures[i].code, "数据库", "%s", failures[i].why);
		err_hint(e, "%s", failures[i].hint);
		add_detail(e, raw, rc, sql);
		return failures[i].class;
	}
	err_fail(e, ERR_INTERNAL, primary == SQLITE_CONSTRAINT ? "db.constraint" : "db.statement",
		 "数据库", "语句执行失败：%s", raw ? sqlite3_errmsg(raw) : sqlite3_errstr(rc));
	add_detail(e, raw, rc, sql);
	return ERR_INTERNAL;
}

static enum err statement_fail(struct db *db, struct err_info *e, int rc, const char *sql)
{
	if (rc == SQLITE_CONSTRAINT_COMMITHOOK)
		return err_fail(e, ERR_INTERNAL, "db.stray", "数据库事务",
				"%s:%d 开始的事务已被撤销，其后的写入被拒绝：%.120s",
				db->file ? db->file : "?", db->line, sql);
	if (rc == SQLITE_AUTH)
		return err_fail(
		    e, ERR_INTERNAL, "db.stray", "数据库事务",
		    "只有 db_begin/db_commit 可以开始和结束事务（当前事务由 %s:%d 开始）：%.120s",
		    db->file ? db->file : "无", db->line, sql);
	return raw_fail(db->raw, e, rc, sql);
}

/* ---- guards ---------------------------------------------------------------------------------- */

/* Refuses a commit that is not db_commit's or a migration's (also an implicit one). */
static int on_commit(void *arg)
{
	const struct db *db = arg;
	return !db->own_commit;
}

/* Statements that begin, end or leave the transaction belong to this file alone. */
static int on_authorize(void *arg, int action, const char *a, const char *b, const char *c,
			const char *d)
{
	const struct db *db = arg;
	(void)a, (void)b, (void)c, (void)d;
	bool control = action == SQLITE_TRANSACTION || action == SQLITE_SAVEPOINT ||
		       action == SQLITE_ATTACH || action == SQLITE_DETACH;
	return control && !db->own_commit ? SQLITE_DENY : SQLITE_OK;
}

/* ---- statements ------------------------------------------------------------------------------ */

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

static enum err rows_prepare(struct db *db, struct rows **out, struct err_info *e, const char *sql)
{
	uint64_t hash = hash_text(sql);
	bool hit = false;
	struct rows *q = cache_slot(db, hash, sql, &hit);
	bool cached = q != NULL;
	if (!q)
		q = mem_zalloc(sizeof(*q));
	if (!hit) {
		rows_forget(q);
		int rc =
		    sqlite3_prepare_v3(db->raw, sql, -1, SQLITE_PREPARE_PERSISTENT, &q->stmt, NULL);
		if (rc != SQLITE_OK || !q->stmt) {
			if (!cached)
				free(q);
			return statement_fail(db, e, rc ? rc : SQLITE_MISUSE, sql);
		}
		q->sql = mem_strdup(sql);
		q->hash = hash;
	}
	q->db = db;
	q->cached = cached;
	q->busy = true;
	q->rc = SQLITE_OK;
	q->used_at = ++db->tick;
	*out = q;
	return ERR_OK;
}

static void rows_release(struct rows *q)
{
	sqlite3_reset(q->stmt);
	sqlite3_clear_bindings(q->stmt);
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
			rc = n ? sqlite3_bind_blob64(s, at, p, n,
						     copy ? SQLITE_TRANSIENT : SQLITE_STATIC)
			       : sqlite3_bind_zeroblob(s, at, 0);
		} else {
			rc = SQLITE_MISUSE;
		}
	}
	return rc;
}

static int bind_array(sqlite3_stmt *s, const struct bind *binds, size_t n)
{
	int rc = SQLITE_OK;
	for (size_t i = 0; i < n && rc == SQLITE_OK; i++) {
		int at = (int)i + 1;
		char t = binds[i].type;
		if (t == 'i' || t == 'l')
			rc = sqlite3_bind_int64(s, at, binds[i].i);
		else if (t == 's' || t == 'S')
			rc = bind_text(s, at, binds[i].s, t == 'S', true);
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
	int places = sqlite3_bind_parameter_count(q->stmt);
	if ((size_t)places != values)
		r = err_fail(e, ERR_INTERNAL, "db.bind", "数据库",
			     "语句有 %d 个参数，却给了 %zu 个：%.120s", places, values, sql);
	else if (!sqlite3_stmt_readonly(q->stmt) && !db->file)
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
	enum err r = statement_fail((*q)->db, e, rc, (*q)->sql);
	rows_release(*q);
	*q = NULL;
	return r;
}

static enum err open_args(struct db *db, struct rows **q, struct err_info *e, const char *sql,
			  bool copy, const char *types, va_list ap)
{
	enum err r = rows_open(db, q, e, sql, strlen(types));
	return r ? r : rows_bound(q, bind_args((*q)->stmt, types, ap, copy), e);
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
	return r ? r : rows_bound(out, bind_array((*out)->stmt, binds, n), e);
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
	while (!so_far && p->rc == SQLITE_ROW && !sqlite3_stmt_readonly(p->stmt))
		p->rc = sqlite3_step(p->stmt);
	enum err r = so_far;
	if (!r && p->rc != SQLITE_OK && p->rc != SQLITE_ROW && p->rc != SQLITE_DONE)
		r = statement_fail(p->db, e, p->rc, p->sql);
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

/* ---- transactions ---------------------------------------------------------------------------- */

/* Runs a statement of this file's own; its commit is allowed. */
static int own_exec(struct db *db, const char *sql)
{
	db->own_commit = true;
	int rc = sqlite3_exec(db->raw, sql, NULL, NULL, NULL);
	db->own_commit = false;
	return rc;
}

enum err db_begin_at(struct db *db, const char *file, int line, struct err_info *e)
{
	if (db->file)
		return err_fail(e, ERR_INTERNAL, "db.nested", "数据库事务",
				"%s:%d 开始的事务还没有结束，%s:%d 又要开始一个", db->file,
				db->line, file, line);
	if (db->mode == DB_READ)
		return err_fail(e, ERR_INTERNAL, "db.readonly", "数据库事务",
				"%s:%d 要在只读连接上写入", file, line);
	int rc = own_exec(db, "BEGIN IMMEDIATE");
	if (rc != SQLITE_OK)
		return statement_fail(db, e, rc, "BEGIN IMMEDIATE");
	db->file = file;
	db->line = line;
	return ERR_OK;
}

enum err db_commit(struct db *db, struct err_info *e)
{
	if (!db->file)
		return err_fail(e, ERR_INTERNAL, "db.commit", "数据库事务", "没有打开的事务可提交");
	if (sqlite3_get_autocommit(db->raw)) {
		err_fail(e, ERR_INTERNAL, "db.lost", "数据库事务",
			 "%s:%d 开始的事务已因先前的错误被撤销", db->file, db->line);
		db->file = NULL;
		return ERR_INTERNAL;
	}
	int rc = own_exec(db, "COMMIT");
	if (rc != SQLITE_OK) {
		enum err r = statement_fail(db, e, rc, "COMMIT");
		db_rollback(db);
		return r;
	}
	db->file = NULL;
	crash_step("commit");
	return ERR_OK;
}

void db_rollback(struct db *db)
{
	if (!sqlite3_get_autocommit(db->raw))
		own_exec(db, "ROLLBACK");
	db->file = NULL;
}

bool db_in_transaction(const struct db *db)
{
	return db->file != NULL;
}

/* ---- opening --------------------------------------------------------------------------------- */

static int pragma_int(sqlite3 *raw, const char *sql, int64_t *out)
{
	sqlite3_stmt *s = NULL;
	int rc = sqlite3_prepare_v2(raw, sql, -1, &s, NULL);
	if (rc == SQLITE_OK && (rc = sqlite3_step(s)) == SQLITE_ROW) {
		*out = sqlite3_column_int64(s, 0);
		rc = SQLITE_OK;
	}
	sqlite3_finalize(s);
	return rc;
}

static void harden(sqlite3 *raw)
{
	static const struct {
		int id, value;
	} limits[] = {
	    {SQLITE_LIMIT_LENGTH, 256 << 20},
	    {SQLITE_LIMIT_SQL_LENGTH, 256 << 10},
	    {SQLITE_LIMIT_EXPR_DEPTH, 100},
	    {SQLITE_LIMIT_COMPOUND_SELECT, 16},
	    {SQLITE_LIMIT_ATTACHED, 0},
	    {SQLITE_LIMIT_VARIABLE_NUMBER, 200},
	    {SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 4096},
	    {SQLITE_LIMIT_TRIGGER_DEPTH, 4},
	    {SQLITE_LIMIT_WORKER_THREADS, 0},
	    {SQLITE_LIMIT_COLUMN, 100},
	};
	static const struct {
		int id, on;
	} switches[] = {
	    {SQLITE_DBCONFIG_DEFENSIVE, 1},      {SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0},
	    {SQLITE_DBCONFIG_DQS_DDL, 0},        {SQLITE_DBCONFIG_DQS_DML, 0},
	    {SQLITE_DBCONFIG_ENABLE_TRIGGER, 0}, {SQLITE_DBCONFIG_ENABLE_VIEW, 0},
	    {SQLITE_DBCONFIG_ENABLE_FKEY, 1},    {SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0},
	};
	for (size_t i = 0; i < sizeof(limits) / sizeof(limits[0]); i++)
		sqlite3_limit(raw, limits[i].id, limits[i].value);
	for (size_t i = 0; i < sizeof(switches) / sizeof(switches[0]); i++)
		sqlite3_db_config(raw, switches[i].id, switches[i].on, NULL);
	sqlite3_extended_result_codes(raw, 1);
	sqlite3_busy_timeout(raw, BUSY_MS);
}

/* Whose file is it, and how new?  *version 0: empty. */
static enum err identify(struct db *db, int *version, struct err_info *e)
{
	int64_t application = 0, user = 0, tables = 0;
	/* One snapshot: another process may be creating the same file. */
	int rc = sqlite3_exec(db->raw, "BEGIN", NULL, NULL, NULL);
	if (rc == SQLITE_OK)
		rc = pragma_int(db->raw, "PRAGMA application_id", &application);
	if (rc == SQLITE_OK)
		rc = pragma_int(db->raw, "PRAGMA user_version", &user);
	if (rc == SQLITE_OK)
		rc = pragma_int(db->raw, "SELECT COUNT(*) FROM sqlite_schema", &tables);
	if (rc == SQLITE_OK)
		rc = sqlite3_exec(db->raw, "COMMIT", NULL, NULL, NULL);
	if (rc != SQLITE_OK)
		return raw_fail(db->raw, e, rc, "identify");
	bool empty = application == 0 && user == 0 && tables == 0;
	if (!empty && application != APPLICATION_ID) {
		err_fail(e, ERR_DAMAGED, "db.foreign", "数据库", "这个文件是另一个程序的数据库");
		err_hint(e, "检查 --home 指向的目录，或" MEND_RESTORE);
		return ERR_DAMAGED;
	}
	if (user > db_schema_version()) {
		err_fail(e, ERR_DAMAGED, "db.newer", "数据库", "数据版本为 %d，本程序最高支持 %d",
			 (int)user, db_schema_version());
		err_hint(e, "安装新版本的 kaipiao 再打开");
		return ERR_DAMAGED;
	}
	*version = (int)user;
	return ERR_OK;
}

static enum err set_pragmas(struct db *db, struct err_info *e)
{
	/* No mapping of the file: it makes nothing faster here, every page looked at counts as the
	 * program's memory, and a fault of the disk would be a signal instead of an error.  The
	 * cache is kibibytes per connection; the workstation has two. */
	static const char *const pragmas[] = {
	    "PRAGMA synchronous = FULL",  "PRAGMA cell_size_check = ON",
	    "PRAGMA mmap_size = 0",       "PRAGMA cache_size = -4096",
	    "PRAGMA temp_store = MEMORY", "PRAGMA journal_size_limit = 67108864",
	};
	char mode[16] = "";
	sqlite3_stmt *s = NULL;
	int rc = sqlite3_prepare_v2(db->raw, "PRAGMA journal_mode = WAL", -1, &s, NULL);
	/* Two processes may switch a new file to WAL at once: the busy handler is not asked then.
	 * */
	for (int tries = 0; rc == SQLITE_OK && tries < 500; tries++) {
		rc = sqlite3_step(s);
		if (rc == SQLITE_ROW) {
			text_copy(mode, sizeof(mode), (const char *)sqlite3_column_text(s, 0));
			rc = SQLITE_OK;
			break;
		}
		sqlite3_reset(s);
		if ((rc & 0xff) != SQLITE_BUSY)
			break;
		rc = SQLITE_OK;
		usleep(10000);
	}
	sqlite3_finalize(s);
	for (size_t i = 0; rc == SQLITE_OK && i < sizeof(pragmas) / sizeof(pragmas[0]); i++)
		rc = sqlite3_exec(db->raw, pragmas[i], NULL, NULL, NULL);
	if (rc == SQLITE_OK && db->mode == DB_READ)
		rc = sqlite3_exec(db->raw, "PRAGMA query_only = ON", NULL, NULL, NULL);
	if (rc != SQLITE_OK)
		return raw_fail(db->raw, e, rc, "pragmas");
	if (strcmp(mode, "wal") != 0) {
		err_fail(e, ERR_DAMAGED, "db.wal", "数据库", "所在文件系统不支持共享内存日志");
		err_hint(e, "把主目录放在本机磁盘上");
		return ERR_DAMAGED;
	}
	return ERR_OK;
}

/* One migration is one transaction; another process may have been quicker. */
static int migrate_one(struct db *db, int number, const char *sql)
{
	char text[128];
	int64_t have = 0;
	int rc = own_exec(db, "BEGIN IMMEDIATE");
	if (rc != SQLITE_OK)
		return rc;
	rc = pragma_int(db->raw, "PRAGMA user_version", &have);
	if (rc == SQLITE_OK && have < number) {
		rc = sqlite3_exec(db->raw, sql, NULL, NULL, NULL);
		snprintf(text, sizeof(text), "PRAGMA application_id = %d; PRAGMA user_version = %d",
			 APPLICATION_ID, number);
		if (rc == SQLITE_OK)
			rc = sqlite3_exec(db->raw, text, NULL, NULL, NULL);
	}
	if (rc == SQLITE_OK)
		rc = own_exec(db, "COMMIT");
	if (rc != SQLITE_OK)
		own_exec(db, "ROLLBACK");
	return rc;
}

static enum err migrate(struct db *db, int have, struct err_info *e)
{
	if (have < db_schema_version() && db->mode == DB_READ) {
		err_fail(e, ERR_INVALID, "db.older", "数据库", "数据版本为 %d，需要升级到 %d", have,
			 db_schema_version());
		err_hint(e, "运行一次 kaipiao init");
		return ERR_INVALID;
	}
	const struct embedded *file;
	for (size_t i = 0;; i++) {
		int number = db_schema_file(i, &file);
		if (number == 0)
			return ERR_OK;
		if (number <= have)
			continue;
		int rc = migrate_one(db, number, file->data);
		if (rc != SQLITE_OK)
			return raw_fail(db->raw, e, rc, file->name);
		crash_step("commit");
	}
}

static enum err open_steps(struct db *db, const char *path, struct err_info *e)
{
	int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE;
	int rc = sqlite3_open_v2(path, &db->raw, flags, NULL);
	if (rc != SQLITE_OK)
		return raw_fail(db->raw, e, rc, path);
	harden(db->raw);
	int version = 0;
	enum err r = identify(db, &version, e);
	if (!r && version == 0 && db->mode != DB_CREATE)
		r = db_absent(path, e);
	if (r || (r = set_pragmas(db, e)))
		return r;
	sqlite3_commit_hook(db->raw, on_commit, db);
	sqlite3_set_authorizer(db->raw, on_authorize, db);
	return migrate(db, version, e);
}

enum err db_open(const char *path, enum db_mode mode, struct db **out, struct err_info *e)
{
	enum err r = ERR_OK;
	if (mode == DB_CREATE)
		r = db_create_file(path, e);
	else if (!file_exists(path))
		r = db_absent(path, e);
	if (r)
		return r;
	struct db *db = mem_zalloc(sizeof(*db));
	db->mode = mode;
	r = open_steps(db, path, e);
	if (r)
		db_close(&db);
	else
		*out = db;
	return r;
}

void db_close(struct db **slot)
{
	struct db *db = *slot;
	*slot = NULL;
	if (!db)
		return;
	if (db->file)
		db_rollback(db);
	for (int i = 0; i < CACHE_SETS; i++)
		for (int k = 0; k < CACHE_WAYS; k++)
			rows_forget(&db->cache[i][k]);
	sqlite3_close_v2(db->raw);
	free(db);
}

/* ---- copies and changes ---------------------------------------------------------------------- */

/* All pages of one connection over those of another, in one transaction of the target. */
static int copy_all(sqlite3 *to, sqlite3 *from)
{
	sqlite3_backup *b = sqlite3_backup_init(to, "main", from, "main");
	if (!b)
		return sqlite3_errcode(to);
	int step = SQLITE_BUSY;
	for (int tries = 0; tries < 1500 && (step == SQLITE_BUSY || step == SQLITE_LOCKED);
	     tries++) {
		if (tries > 0)
			usleep(10000);
		step = sqlite3_backup_step(b, -1);
	}
	int rc = sqlite3_backup_finish(b);
	return rc == SQLITE_OK && step != SQLITE_DONE ? step : rc;
}

enum err db_copy_pages(struct db *db, const char *path, struct err_info *e)
{
	sqlite3 *to = NULL;
	int rc = sqlite3_open_v2(path, &to, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL);
	if (rc == SQLITE_OK)
		rc = copy_all(to, db->raw);
	enum err r = rc == SQLITE_OK ? ERR_OK : raw_fail(to, e, rc, "backup");
	sqlite3_close_v2(to);
	return r;
}

enum err db_restore_from(struct db *db, const char *path, struct err_info *e)
{
	sqlite3 *from = NULL;
	if (db->file)
		return err_fail(e, ERR_INTERNAL, "db.nested", "恢复", "事务还没有结束");
	int rc = sqlite3_open_v2(path, &from, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL);
	enum err r = rc == SQLITE_OK ? ERR_OK : raw_fail(from, e, rc, path);
	if (!r && (rc = copy_all(db->raw, from)) != SQLITE_OK)
		r = raw_fail(db->raw, e, rc, "restore");
	sqlite3_close_v2(from);
	if (!r)
		crash_step("commit");
	return r;
}

int64_t db_version_counter(struct db *db)
{
	int64_t v = 0;
	if (pragma_int(db->raw, "PRAGMA data_version", &v) != SQLITE_OK)
		return -1;
	return v;
}

const char *db_backend_version(void)
{
	return sqlite3_libversion();
}

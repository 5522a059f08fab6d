/* db_sqlite.c - errors and transactions of the database layer over SQLite.
 *
 * The files db_sqlite*.c alone know SQLite: this one, db_sqlite_rows.c (statements),
 * db_sqlite_open.c (opening, migrations, copies) and db_sqlite_vfs.c (files).
 */
#include <errno.h>
#include <unistd.h>

#include "base/crash.h"
#include "base/date.h"
#include "store/db_sqlite_p.h"

/* ---- errors ---------------------------------------------------------------------------------- */

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
    {SQLITE_BUSY, ERR_BUSY, "db.busy", "有导入或另一个进程正在写入，没有轮到", "稍后重试"},
    {SQLITE_LOCKED, ERR_BUSY, "db.busy", "本进程的另一个查询占着数据", "稍后重试"},
    {SQLITE_INTERRUPT, ERR_INVALID, "db.stopped", "已中止，这一步没有写入", ""},
    {SQLITE_TOOBIG, ERR_INVALID, "db.toobig", "要保存的内容过大", "减少明细行或缩短文字"},
};

/* Words for the log: SQLite's own text and the statement. */
static void add_detail(struct err_info *e, sqlite3 *raw, int rc, const char *sql)
{
	err_detail(e, "sqlite %d %s: %.200s", rc, raw ? sqlite3_errmsg(raw) : sqlite3_errstr(rc),
		   sql ? sql : "");
}

enum err sqlite_fail(sqlite3 *raw, struct err_info *e, int rc, const char *sql)
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

enum err sqlite_statement_fail(struct db *db, struct err_info *e, int rc, const char *sql)
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
	return sqlite_fail(db->raw, e, rc, sql);
}

/* ---- guards ---------------------------------------------------------------------------------- */

/* Refuses a commit that is not db_commit's or a migration's (also an implicit one). */
int sqlite_on_commit(void *arg)
{
	const struct db *db = arg;
	return !db->own_commit;
}

/* Statements that begin, end or leave the transaction belong to this file alone. */
int sqlite_on_authorize(void *arg, int action, const char *a, const char *b, const char *c,
			const char *d)
{
	const struct db *db = arg;
	(void)a, (void)b, (void)c, (void)d;
	bool control = action == SQLITE_TRANSACTION || action == SQLITE_SAVEPOINT ||
		       action == SQLITE_ATTACH || action == SQLITE_DETACH;
	return control && !db->own_commit ? SQLITE_DENY : SQLITE_OK;
}

/* ---- transactions ---------------------------------------------------------------------------- */

/* Runs a statement of this file's own; its commit is allowed. */
int sqlite_own(struct db *db, const char *sql)
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
	int rc = sqlite_own(db, "BEGIN IMMEDIATE");
	if (rc != SQLITE_OK)
		return sqlite_statement_fail(db, e, rc, "BEGIN IMMEDIATE");
	db->file = file;
	db->line = line;
	return ERR_OK;
}

static int on_busy(void *arg, int count)
{
	enum { FIRST_US = 1000, MOST_US = 50000, TELL_MS = 1000 };
	struct db *db = arg;
	int64_t now = clock_mono_ms();
	useconds_t rest = FIRST_US << (count < 6 ? count : 6);

	if (!count)
		db->waits_since = now;
	if (now - db->waits_since >= db->wait_ms)
		return 0;
	if (db->on_wait && now - db->waits_since >= TELL_MS) {
		db->on_wait();
		db->on_wait = NULL;
	}
	usleep(rest < MOST_US ? rest : MOST_US);
	return 1;
}

void sqlite_wait(struct db *db, int ms)
{
	db->wait_ms = ms;
	sqlite3_busy_handler(db->raw, on_busy, db);
}

void db_be_patient(struct db *db, int ms, void (*f)(void))
{
	db->usual_ms = ms;
	db->on_wait = f;
	sqlite_wait(db, db->patience_ms ? db->patience_ms : ms);
}

/* Back to the usual cache; after a commit the journal goes into the file and is emptied, so that it
 * does not stay as large as the load was.  Whoever reads now keeps his part of it: then it goes
 * with a later one. */
static void end_bulk(struct db *db, bool committed)
{
	if (!db->bulk)
		return;
	db->bulk = false;
	db_trust(db, false);
	sqlite_own(db, "PRAGMA cache_size = " SQLITE_CACHE);
	sqlite_own(db, "PRAGMA secure_delete = OFF");
	sqlite3_db_release_memory(db->raw);
	if (committed) {
		sqlite_wait(db, BULK_BUSY_MS);
		sqlite3_wal_checkpoint_v2(db->raw, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
		sqlite_wait(db, db->patience_ms ? db->patience_ms : db->usual_ms);
	}
	sqlite_gather(db->raw, false);
}

int db_patience(struct db *db, int ms)
{
	int before = db->patience_ms;

	db->patience_ms = ms;
	sqlite_wait(db, ms ? ms : db->usual_ms);
	return before;
}

static int is_stopped(void *arg)
{
	return atomic_load((const atomic_bool *)arg);
}

void db_watch(struct db *db, const atomic_bool *stop)
{
	/* Of this many steps of its machine a database makes some thousands in a second. */
	enum { STEPS = 10000 };

	sqlite3_progress_handler(db->raw, stop ? STEPS : 0, stop ? is_stopped : NULL,
				 (void *)(uintptr_t)stop);
}

enum err db_bulk(struct db *db, struct err_info *e)
{
	if (!db->file)
		return err_fail(e, ERR_INTERNAL, "db.outside", "数据库事务", "没有打开的事务");
	db->bulk = true;
	sqlite_gather(db->raw, true);
	sqlite_own(db, "PRAGMA cache_size = " SQLITE_BULK_CACHE);
	return ERR_OK;
}

enum err db_overwrite(struct db *db, struct err_info *e)
{
	enum err r = db_bulk(db, e);

	if (!r)
		sqlite_own(db, "PRAGMA secure_delete = ON");
	return r;
}

void db_trust(struct db *db, bool trust)
{
	sqlite3_db_config(db->raw, SQLITE_DBCONFIG_ENABLE_FKEY, !trust, NULL);
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
	int rc = sqlite_own(db, "COMMIT");
	if (rc != SQLITE_OK) {
		enum err r = sqlite_statement_fail(db, e, rc, "COMMIT");
		db_rollback(db);
		return r;
	}
	db->file = NULL;
	crash_step("commit");
	end_bulk(db, true);
	return ERR_OK;
}

void db_rollback(struct db *db)
{
	if (!sqlite3_get_autocommit(db->raw))
		sqlite_own(db, "ROLLBACK");
	db->file = NULL;
	end_bulk(db, false);
}

bool db_in_transaction(const struct db *db)
{
	return db->file != NULL;
}

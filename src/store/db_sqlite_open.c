/* db_sqlite_open.c - opening, hardening, migrations; copies of a whole database. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/crash.h"
#include "base/file.h"
#include "base/text.h"
#include "store/db_sqlite_p.h"
#include "store/types.h"

enum { APPLICATION_ID = 0x4B50494F }; /* "KPIO" */

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
	    {SQLITE_DBCONFIG_DEFENSIVE, 1},
	    {SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0},
	    {SQLITE_DBCONFIG_DQS_DDL, 0},
	    {SQLITE_DBCONFIG_DQS_DML, 0},
	    {SQLITE_DBCONFIG_ENABLE_TRIGGER, 0},
	    {SQLITE_DBCONFIG_ENABLE_VIEW, 0},
	    {SQLITE_DBCONFIG_ENABLE_FKEY, 1},
	    {SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0},
	    /* Plans come from the text alone: nothing is prepared anew for what is bound. */
	    {SQLITE_DBCONFIG_ENABLE_QPSG, 1},
	};
	for (size_t i = 0; i < sizeof(limits) / sizeof(limits[0]); i++)
		sqlite3_limit(raw, limits[i].id, limits[i].value);
	for (size_t i = 0; i < sizeof(switches) / sizeof(switches[0]); i++)
		sqlite3_db_config(raw, switches[i].id, switches[i].on, NULL);
	sqlite3_extended_result_codes(raw, 1);
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
		return sqlite_fail(db->raw, e, rc, "identify");
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

/* Of a file that is still empty; one that has content keeps its own. */
static enum err size_pages(struct db *db, struct err_info *e)
{
	int rc = sqlite3_exec(db->raw, "PRAGMA page_size = " SQLITE_PAGE, NULL, NULL, NULL);

	return rc == SQLITE_OK ? ERR_OK : sqlite_fail(db->raw, e, rc, "page_size");
}

static enum err set_pragmas(struct db *db, struct err_info *e)
{
	/* No mapping of the file: it makes nothing faster here, every page looked at counts as the
	 * program's memory, and a fault of the disk would be a signal instead of an error.  The
	 * cache is kibibytes per connection; the workstation has two. */
	static const char *const pragmas[] = {
	    "PRAGMA synchronous = FULL",  "PRAGMA cell_size_check = ON",
	    "PRAGMA mmap_size = 0",       "PRAGMA cache_size = " SQLITE_CACHE,
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
		return sqlite_fail(db->raw, e, rc, "pragmas");
	if (strcmp(mode, "wal") != 0) {
		err_fail(e, ERR_DAMAGED, "db.wal", "数据库", "所在文件系统不支持共享内存日志");
		err_hint(e, "把主目录放在本机磁盘上");
		return ERR_DAMAGED;
	}
	return ERR_OK;
}

/* folded(TEXT): names as the program compares them, for the rows of older schemas. */
static void sql_folded(sqlite3_context *c, int n, sqlite3_value **values)
{
	const char *text = (const char *)sqlite3_value_text(values[0]);

	(void)n;
	if (text)
		sqlite3_result_text(c, store_type_fold(text), -1, free);
}

static int add_functions(sqlite3 *raw)
{
	return sqlite3_create_function(raw, "folded", 1, SQLITE_UTF8 | SQLITE_DETERMINISTIC, NULL,
				       sql_folded, NULL, NULL);
}

/* One migration is one transaction; another process may have been quicker. */
static int migrate_one(struct db *db, int number, const char *sql)
{
	char text[128];
	int64_t have = 0;
	int rc = sqlite_own(db, "BEGIN IMMEDIATE");
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
		rc = sqlite_own(db, "COMMIT");
	if (rc != SQLITE_OK)
		sqlite_own(db, "ROLLBACK");
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
		int rc = add_functions(db->raw);
		if (rc == SQLITE_OK)
			rc = migrate_one(db, number, file->data);
		if (rc != SQLITE_OK)
			return sqlite_fail(db->raw, e, rc, file->name);
		crash_step("commit");
	}
}

/* Counting every allocation takes a lock that all connections share. */
static void set_up(void)
{
	sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
	sqlite_vfs_register();
}

static enum err open_steps(struct db *db, const char *path, struct err_info *e)
{
	int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE;
	int rc = sqlite3_open_v2(path, &db->raw, flags, SQLITE_VFS);
	if (rc != SQLITE_OK)
		return sqlite_fail(db->raw, e, rc, path);
	harden(db->raw);
	db->usual_ms = BUSY_MS;
	sqlite_wait(db, BUSY_MS);
	int version = 0;
	enum err r = identify(db, &version, e);
	if (!r && version == 0 && db->mode != DB_CREATE)
		r = db_absent(path, e);
	if (!r && version == 0)
		r = size_pages(db, e);
	if (r || (r = set_pragmas(db, e)))
		return r;
	sqlite3_commit_hook(db->raw, sqlite_on_commit, db);
	sqlite3_set_authorizer(db->raw, sqlite_on_authorize, db);
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
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	pthread_once(&once, set_up);
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
	sqlite_forget_all(db);
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
	enum err r = rc == SQLITE_OK ? ERR_OK : sqlite_fail(to, e, rc, "backup");
	sqlite3_close_v2(to);
	return r;
}

/* Nobody is told of another size of pages, so what comes in is made to fit. */
static int fit_pages(sqlite3 *from, sqlite3 *to)
{
	int64_t has = 0, wants = 0;
	char sql[96];
	int rc = pragma_int(from, "PRAGMA page_size", &has);

	if (rc == SQLITE_OK)
		rc = pragma_int(to, "PRAGMA page_size", &wants);
	if (rc != SQLITE_OK || has == wants)
		return rc;
	snprintf(sql, sizeof(sql), "PRAGMA journal_mode = DELETE; PRAGMA page_size = %d; VACUUM",
		 (int)wants);
	return sqlite3_exec(from, sql, NULL, NULL, NULL);
}

enum err db_restore_from(struct db *db, const char *path, struct err_info *e)
{
	sqlite3 *from = NULL;
	if (db->file)
		return err_fail(e, ERR_INTERNAL, "db.nested", "恢复", "事务还没有结束");
	int rc = sqlite3_open_v2(path, &from, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL);
	enum err r = rc == SQLITE_OK ? ERR_OK : sqlite_fail(from, e, rc, path);
	if (!r && (rc = fit_pages(from, db->raw)) != SQLITE_OK)
		r = sqlite_fail(from, e, rc, "page_size");
	if (!r && (rc = copy_all(db->raw, from)) != SQLITE_OK)
		r = sqlite_fail(db->raw, e, rc, "restore");
	sqlite3_close_v2(from);
	if (!r)
		crash_step("commit");
	return r;
}

bool db_replaced(struct db *db)
{
	int moved = 0;

	return !sqlite3_file_control(db->raw, "main", SQLITE_FCNTL_HAS_MOVED, &moved) && moved;
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

/* db_sqlite_p.h - between the files that know SQLite. */
#ifndef KP_STORE_DB_SQLITE_P_H
#define KP_STORE_DB_SQLITE_P_H

#include <sqlite3.h>

#include "store/db_p.h"

#define MEND_RESTORE "用 kaipiao restore 恢复最近的备份"

enum { BUSY_MS = 15000, BULK_BUSY_MS = 200 };
/* Bytes of a page in new files: half as many pages to write as with the usual size when thousands
 * of rows come at once, and no dearer for an invoice alone. */
#define SQLITE_PAGE "8192"
/* Page cache of a connection, in KiB as the pragma takes it.  What a transaction has changed beyond
 * that is written to the journal before its end. */
#define SQLITE_CACHE      "-4096"
#define SQLITE_BULK_CACHE "-24576"

/* A statement, and the query running on it. */
struct rows {
	struct db *db;
	sqlite3_stmt *stmt;
	char *sql;
	uint64_t hash, used_at;
	int places;
	bool busy, cached, writes, copies; /* copies: of bound texts, to be let go */
	int rc;
};

enum { CACHE_SETS = 64, CACHE_WAYS = 4, CACHE_NEAR = 512 };
struct db {
	sqlite3 *raw;
	enum db_mode mode;
	const char *file; /* opener of the open transaction, NULL: none */
	int line;
	bool own_commit; /* a commit of these files' own is under way */
	bool bulk;
	int patience_ms; /* 0: usual_ms */
	int usual_ms;
	int wait_ms; /* what holds now */
	int64_t waits_since;
	void (*on_wait)(void); /* NULL: nobody to tell, or told */
	uint64_t tick;
	struct rows cache[CACHE_SETS][CACHE_WAYS];
	struct rows *near[CACHE_NEAR]; /* of these, by the address of the text */
};

/* db_sqlite.c: what SQLite says, as an error; raw may be NULL. */
enum err sqlite_fail(sqlite3 *raw, struct err_info *e, int rc, const char *sql);
enum err sqlite_statement_fail(struct db *db, struct err_info *e, int rc, const char *sql);
/* Runs a statement of these files' own; its commit is allowed. */
int sqlite_own(struct db *db, const char *sql);
/* Waits at most so long for another connection's transaction. */
void sqlite_wait(struct db *db, int ms);
/* Hooks of a connection: nobody else commits, begins or ends a transaction. */
int sqlite_on_commit(void *arg);
int sqlite_on_authorize(void *arg, int action, const char *a, const char *b, const char *c,
			const char *d);
/* db_sqlite_vfs.c: files that gather small writes, under this name. */
#define SQLITE_VFS "kaipiao"
int sqlite_vfs_register(void);
/* Inside a transaction on; off when it and what followed of it has ended. */
void sqlite_gather(sqlite3 *raw, bool on);
/* db_sqlite_rows.c: finalizes every cached statement. */
void sqlite_forget_all(struct db *db);

#endif

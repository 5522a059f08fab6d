/* store/db.h - a thin layer of connection, transaction, statement.
 *
 * Purpose     All SQL of the program goes through here; db_sqlite*.c alone know SQLite.  SQL text
 *             is standard first (ON CONFLICT, RETURNING, keyset paging, integer keys given by us),
 *             so that a second backend can be a second file.
 * Invariants  Writers run inside db_begin .. db_commit (BEGIN IMMEDIATE).  A transaction knows the
 *             file and line of its opener; a second db_begin, a write outside a transaction and a
 *             commit from anywhere else are refused with ERR_INTERNAL naming both places.
 *             db_commit is durable (WAL, synchronous FULL) and is a crash step.  An error inside a
 *             transaction leaves it open: the caller rolls back.
 * Calling     One struct db per thread.
 *                 if ((r = db_begin(db, e))) return r;
 *                 if ((r = store_x(db, ...)) || (r = store_y(db, ...))) {
 *                         db_rollback(db);
 *                         return r;
 *                 }
 *                 return db_commit(db, e);
 *             Types of bindings: i int, l int64_t, s const char * (NULL: NULL),
 *             S const char * ("" and NULL: NULL), b const void * and size_t (blob).
 * Ownership   Statements are prepared once per SQL text and cached.  Values of a query are copied.
 */
#ifndef KP_STORE_DB_H
#define KP_STORE_DB_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct db;
struct rows;

enum db_mode { DB_CREATE, DB_WRITE, DB_READ };

/* Opens (creates with DB_CREATE) the database, sets WAL, synchronous FULL, foreign keys, hardening
 * pragmas, busy timeout, and brings the schema up to date (numbered migrations from data/schema,
 * one transaction each).  ERR_DAMAGED: not a database, damaged, newer than this program (names both
 * versions), disk full; ERR_INVALID: absent. */
enum err db_open(const char *path, enum db_mode mode, struct db **out, struct err_info *e);
void db_close(struct db **db);

#define db_begin(db, e) db_begin_at(db, __FILE__, __LINE__, e)
enum err db_begin_at(struct db *db, const char *file, int line, struct err_info *e);
enum err db_commit(struct db *db, struct err_info *e);
void db_rollback(struct db *db); /* harmless when no transaction is open */
bool db_in_transaction(const struct db *db);
/* How long db_begin waits for another connection's transaction before ERR_BUSY "db.busy":
 * milliseconds, or 0 for as long as ever.  Returns what it was. */
int db_patience(struct db *db, int ms);
/* How long engines and verbs wait while others write. */
enum { DB_PATIENCE_MS = 60 * 1000 };
/* Whoever has all the time there is: db_begin waits for so long as a rule, and f is called once in
 * the life of the connection when something has waited for a second; it may only speak. */
void db_be_patient(struct db *db, int ms, void (*f)(void));
/* While *stop is set every statement soon ends, ERR_INVALID "db.stopped", and what it was part of
 * can only be rolled back; NULL: no more.  Not the end of a transaction. */
void db_watch(struct db *db, const atomic_bool *stop);
/* Many rows follow in the open transaction: more memory for pages until it ends, and its journal
 * does not stay as large as they are. */
enum err db_bulk(struct db *db, struct err_info *e);
/* A load that also overwrites in the file what it removes or replaces. */
enum err db_overwrite(struct db *db, struct err_info *e);
/* The open transaction writes nothing but rows whose references the caller knows to be there, and
 * removes none that others refer to: they are not looked up, row by row, until it says so or
 * ends. */
void db_trust(struct db *db, bool trust);

/* Runs a statement that yields no rows; *changes (may be NULL) gets the rows changed. */
enum err db_run(struct db *db, struct err_info *e, int *changes, const char *sql, const char *types,
		...);
/* Runs a query.  rows_next: true = a row is there; after false rows_end tells how it ended.
 *     for (r = db_query(db, &q, e, SQL, "l", id); !r && rows_next(q);) { ... rows_int(q, 0) ... }
 *     r = rows_end(&q, r, e);                                                                   */
enum err db_query(struct db *db, struct rows **out, struct err_info *e, const char *sql,
		  const char *types, ...);
/* The same for texts that live until rows_end: they are not copied. */
enum err db_query_lent(struct db *db, struct rows **out, struct err_info *e, const char *sql,
		       const char *types, ...);
bool rows_next(struct rows *q);
enum err rows_end(struct rows **q, enum err so_far, struct err_info *e);
int64_t rows_int(struct rows *q, int column);
const char *rows_text(struct rows *q, int column); /* "" for NULL; valid until rows_next/rows_end */
const void *rows_blob(struct rows *q, int column, size_t *n);
bool rows_null(struct rows *q, int column);
/* One int64 from a one-row query; *found false and *out untouched when there is none. */
enum err db_get_int(struct db *db, struct err_info *e, int64_t *out, bool *found, const char *sql,
		    const char *types, ...);

/* A query whose text is composed at run time (filters): text must be built only from constant
 * parts; values are bound.  Same types as above, taken from an array. */
struct bind {
	char type;
	int64_t i;
	const char *s;
};
enum err db_query_built(struct db *db, struct rows **out, struct err_info *e, const char *sql,
			const struct bind *binds, size_t n);
/* Runs a statement of many values, which are lent; also 'b': i bytes at s. */
enum err db_run_built(struct db *db, struct err_info *e, const char *sql, const struct bind *binds,
		      size_t n);

/* Next integer key of a table: increments counter(name) in the open transaction. */
enum err db_next_id(struct db *db, const char *name, int64_t *out, struct err_info *e);
/* n keys at once: *first .. *first+n-1. */
enum err db_next_ids(struct db *db, const char *name, int64_t n, int64_t *first,
		     struct err_info *e);

/* Online backup into a new file. */
enum err db_backup(struct db *db, const char *path, struct err_info *e);
/* Puts the content of another database of this schema in the place of this one's, in one step that
 * is whole or not done.  Other processes keep their connections and see the new content.
 * The other file may be written anew to fit; nobody else has it. */
enum err db_restore_from(struct db *db, const char *path, struct err_info *e);
/* Integrity check of the whole file; ERR_DAMAGED with the first finding. */
enum err db_check(struct db *db, struct err_info *e);
/* Does another file stand in the place of the one that is open (a restore over a database that was
 * not sound)?  Nothing that is read or written here is the home's any more. */
bool db_replaced(struct db *db);
/* Changes when another connection commits (SQLite data_version): cheap. */
int64_t db_version_counter(struct db *db);
int db_schema_version(void);          /* the newest this program knows */
const char *db_backend_version(void); /* of the database library, "3.40.1" */

#endif

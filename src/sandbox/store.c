/* sandbox/store.c - the state file: schema, transactions, statements. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "sandbox/collect.h"
#include "sandbox/sandbox_p.h"
#include "sandbox/differential.h"
#include "sandbox/red.h"
#include "sandbox/summary.h"
#include "sandbox/units.h"

static const char schema[] =
    "CREATE TABLE IF NOT EXISTS meta(key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;"
    "CREATE TABLE IF NOT EXISTS counter(prefix TEXT PRIMARY KEY, next INTEGER NOT NULL)"
    " WITHOUT ROWID;"
    "CREATE TABLE IF NOT EXISTS segment(env INTEGER NOT NULL, tax_no TEXT NOT NULL,"
    " ywlsh TEXT NOT NULL, count INTEGER NOT NULL, first TEXT NOT NULL, last TEXT NOT NULL,"
    " province TEXT NOT NULL, at INTEGER NOT NULL, PRIMARY KEY(env, ywlsh)) WITHOUT ROWID;"
    "CREATE INDEX IF NOT EXISTS segment_owner ON segment(env, tax_no, first);"
    "CREATE TABLE IF NOT EXISTS quota(env INTEGER NOT NULL, tax_no TEXT NOT NULL,"
    " month TEXT NOT NULL, total INTEGER NOT NULL, downloaded INTEGER NOT NULL DEFAULT 0,"
    " used INTEGER NOT NULL DEFAULT 0, paused INTEGER NOT NULL DEFAULT 0,"
    " filed INTEGER NOT NULL DEFAULT 0, locked INTEGER NOT NULL DEFAULT 0,"
    " deadline INTEGER NOT NULL DEFAULT 15, day_from TEXT NOT NULL DEFAULT '',"
    " day_to TEXT NOT NULL DEFAULT '', PRIMARY KEY(env, tax_no, month)) WITHOUT ROWID;"
    "CREATE TABLE IF NOT EXISTS quota_move(env INTEGER NOT NULL, ywlsh TEXT NOT NULL,"
    " tax_no TEXT NOT NULL, month TEXT NOT NULL, kind TEXT NOT NULL, fen INTEGER NOT NULL,"
    " day_from TEXT NOT NULL, day_to TEXT NOT NULL, at INTEGER NOT NULL,"
    " PRIMARY KEY(env, ywlsh)) WITHOUT ROWID;"
    "CREATE TABLE IF NOT EXISTS receipt(sllsh TEXT PRIMARY KEY, env INTEGER NOT NULL,"
    " tax_no TEXT NOT NULL, at INTEGER NOT NULL) WITHOUT ROWID;"
    "CREATE TABLE IF NOT EXISTS result(sllsh TEXT NOT NULL, position INTEGER NOT NULL,"
    " fphm TEXT NOT NULL, status TEXT NOT NULL, message TEXT NOT NULL, code TEXT NOT NULL,"
    " PRIMARY KEY(sllsh, position)) WITHOUT ROWID;"
    "CREATE TABLE IF NOT EXISTS invoice(seq INTEGER PRIMARY KEY, env INTEGER NOT NULL,"
    " fphm TEXT NOT NULL, tax_no TEXT NOT NULL, kprq TEXT NOT NULL, hjje INTEGER NOT NULL,"
    " hjse INTEGER NOT NULL, jshj INTEGER NOT NULL, quota INTEGER NOT NULL, sha TEXT NOT NULL,"
    " at INTEGER NOT NULL, sllsh TEXT NOT NULL, body TEXT NOT NULL, UNIQUE(env, fphm));"
    "CREATE TABLE IF NOT EXISTS content(id INTEGER PRIMARY KEY, env INTEGER NOT NULL,"
    " fphm TEXT NOT NULL, sha TEXT NOT NULL, outcome TEXT NOT NULL, at INTEGER NOT NULL);"
    "CREATE INDEX IF NOT EXISTS content_number ON content(env, fphm);"
    "CREATE TABLE IF NOT EXISTS request(id INTEGER PRIMARY KEY, at INTEGER NOT NULL,"
    " env INTEGER NOT NULL, service TEXT NOT NULL, ability TEXT NOT NULL, headers TEXT NOT NULL,"
    " request_id TEXT NOT NULL, request TEXT NOT NULL, code TEXT NOT NULL, answer TEXT NOT NULL,"
    " fault TEXT NOT NULL);"
    "CREATE TABLE IF NOT EXISTS rate(kind TEXT NOT NULL, ppm INTEGER NOT NULL, old TEXT NOT NULL,"
    " old_rates TEXT NOT NULL, state TEXT NOT NULL, day_from TEXT NOT NULL, stopped TEXT NOT NULL,"
    " PRIMARY KEY(kind, ppm)) WITHOUT ROWID;"
    "CREATE TABLE IF NOT EXISTS taxcode_change(code TEXT PRIMARY KEY, name TEXT NOT NULL,"
    " short_name TEXT NOT NULL, vat TEXT NOT NULL, levy TEXT NOT NULL, summary TEXT NOT NULL,"
    " cezs TEXT NOT NULL, start TEXT NOT NULL, stop TEXT NOT NULL, changed TEXT NOT NULL)"
    " WITHOUT ROWID;";

const char *env_name(enum env env)
{
	static const char *const names[ENV_N] = {[ENV_REAL] = "正式", [ENV_TEST] = "沙箱"};
	return names[env];
}

bool env_parse(const char *text, enum env *out)
{
	static const struct {
		const char *word;
		enum env env;
	} words[] = {
	    {"正式", ENV_REAL}, {"prod", ENV_REAL}, {"沙箱", ENV_TEST}, {"sandbox", ENV_TEST}};
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (strcmp(text, words[i].word) == 0) {
			*out = words[i].env;
			return true;
		}
	}
	return false;
}

static void note_failure(struct sb *sb)
{
	sb->db_failed = true;
	fprintf(stderr, "leqi-sandbox: 状态文件：%s\n", sqlite3_errmsg(sb->db));
}

static bool exec(struct sb *sb, const char *sql)
{
	if (sqlite3_exec(sb->db, sql, NULL, NULL, NULL) == SQLITE_OK)
		return true;
	note_failure(sb);
	return false;
}

enum err db_open(struct sb *sb, struct err_info *e)
{
	char path[SB_PATH];
	if (!file_join(path, sizeof(path), sb->dir, "sandbox.db"))
		return err_fail(e, ERR_USAGE, "state.path", "状态目录", "路径太长");
	int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
	if (sqlite3_open_v2(path, &sb->db, flags, NULL) != SQLITE_OK)
		return err_fail(e, ERR_DAMAGED, "state.open", path, "%s", sqlite3_errmsg(sb->db));
	sqlite3_busy_timeout(sb->db, 5000);
	if (!exec(sb,
		  "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;") ||
	    !exec(sb, "BEGIN IMMEDIATE") || !exec(sb, schema) || !exec(sb, unit_schema()) ||
	    !exec(sb, differential_schema()) || !exec(sb, collect_schema()) ||
	    !exec(sb, summary_schema()) || !exec(sb, red_schema()) || !exec(sb, "COMMIT"))
		return err_fail(e, ERR_DAMAGED, "state.open", path, "%s", sqlite3_errmsg(sb->db));
	/* States from before the column; those that have it refuse a second one. */
	sqlite3_exec(sb->db, "ALTER TABLE unit ADD COLUMN safety_until TEXT NOT NULL DEFAULT ''",
		     NULL, NULL, NULL);
	sb->db_failed = false;
	return ERR_OK;
}

void db_close(struct sb *sb)
{
	for (size_t i = 0; i < SB_STMTS && sb->stmts[i].sql; i++)
		sqlite3_finalize(sb->stmts[i].stmt);
	sqlite3_close(sb->db);
	sb->db = NULL;
}

void db_begin(struct sb *sb)
{
	sb->db_failed = false;
	exec(sb, "BEGIN IMMEDIATE");
}

void db_rollback(struct sb *sb)
{
	sqlite3_exec(sb->db, "ROLLBACK", NULL, NULL, NULL);
}

bool db_commit(struct sb *sb)
{
	if (!sb->db_failed && exec(sb, "COMMIT"))
		return true;
	db_rollback(sb);
	return false;
}

/* Statements are cached by the address of their literal. */
static sqlite3_stmt *cached(struct sb *sb, const char *sql)
{
	size_t i = 0;
	for (; i < SB_STMTS && sb->stmts[i].sql; i++) {
		if (sb->stmts[i].sql == sql)
			return sb->stmts[i].stmt;
	}
	sqlite3_stmt *stmt = NULL;
	if (i == SB_STMTS || sqlite3_prepare_v3(sb->db, sql, -1, SQLITE_PREPARE_PERSISTENT, &stmt,
						NULL) != SQLITE_OK) {
		note_failure(sb);
		return NULL;
	}
	sb->stmts[i].sql = sql;
	sb->stmts[i].stmt = stmt;
	return stmt;
}

static sqlite3_stmt *bind(struct sb *sb, const char *sql, const char *types, va_list ap)
{
	sqlite3_stmt *stmt = cached(sb, sql);
	if (!stmt)
		return NULL;
	sqlite3_reset(stmt);
	for (int i = 1; *types; types++, i++) {
		if (*types == 't')
			sqlite3_bind_text(stmt, i, va_arg(ap, const char *), -1, SQLITE_TRANSIENT);
		else
			sqlite3_bind_int64(stmt, i, va_arg(ap, int64_t));
	}
	return stmt;
}

sqlite3_stmt *db_query(struct sb *sb, const char *sql, const char *types, ...)
{
	va_list ap;
	va_start(ap, types);
	sqlite3_stmt *stmt = bind(sb, sql, types, ap);
	va_end(ap);
	return stmt;
}

bool db_next(struct sb *sb, sqlite3_stmt *stmt)
{
	if (!stmt)
		return false;
	int rc = sqlite3_step(stmt);
	if (rc == SQLITE_ROW)
		return true;
	if (rc != SQLITE_DONE)
		note_failure(sb);
	sqlite3_reset(stmt);
	return false;
}

bool db_run(struct sb *sb, const char *sql, const char *types, ...)
{
	va_list ap;
	va_start(ap, types);
	sqlite3_stmt *stmt = bind(sb, sql, types, ap);
	va_end(ap);
	if (!stmt)
		return false;
	int rc = sqlite3_step(stmt);
	sqlite3_reset(stmt);
	if (rc == SQLITE_DONE || rc == SQLITE_ROW)
		return true;
	note_failure(sb);
	return false;
}

const char *db_text(sqlite3_stmt *stmt, int column)
{
	const unsigned char *s = sqlite3_column_text(stmt, column);
	return s ? (const char *)s : "";
}

int64_t db_int(sqlite3_stmt *stmt, int column)
{
	return sqlite3_column_int64(stmt, column);
}

int64_t db_value(struct sb *sb, int64_t otherwise, const char *sql, const char *types, ...)
{
	va_list ap;
	va_start(ap, types);
	sqlite3_stmt *stmt = bind(sb, sql, types, ap);
	va_end(ap);
	int64_t v = otherwise;
	if (stmt && sqlite3_step(stmt) == SQLITE_ROW)
		v = sqlite3_column_int64(stmt, 0);
	if (stmt)
		sqlite3_reset(stmt);
	return v;
}

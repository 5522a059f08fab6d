/* The database layer: opening, refusals, transactions, backups, disk trouble. */
#include <signal.h>
#include <sys/resource.h>

#include "unit/store_fixture.h"

/* ---- opening --------------------------------------------------------------------------------- */

static void test_create_and_reopen(void **state)
{
	struct fixture *f = *state;
	struct stat st;
	assert_int_equal(stat(f->path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_int_equal(scalar(f, "SELECT user_version FROM pragma_user_version"),
			 db_schema_version());
	assert_int_equal(scalar(f, "SELECT application_id FROM pragma_application_id"), 0x4B50494F);
	assert_int_equal(
	    scalar(f, "SELECT COUNT(*) FROM pragma_journal_mode WHERE journal_mode = 'wal'"), 1);
	assert_int_equal(scalar(f, "SELECT synchronous FROM pragma_synchronous"), 2);
	assert_int_equal(scalar(f, "SELECT foreign_keys FROM pragma_foreign_keys"), 1);
	db_close(&f->db);
	must(f, db_open(f->path, DB_WRITE, &f->db, &f->e));
	assert_int_equal(scalar(f, "SELECT COUNT(*) FROM unit"), 2);
	db_close(&f->db);
	must(f, db_open(f->path, DB_CREATE, &f->db, &f->e));
	assert_int_equal(scalar(f, "SELECT COUNT(*) FROM unit"), 2);
}

static void test_absent(void **state)
{
	struct fixture *f = *state;
	struct db *db = NULL;
	char path[128];
	snprintf(path, sizeof(path), "%s/none.db", f->dir);
	must_fail(f, ERR_INVALID, "home.absent", db_open(path, DB_WRITE, &db, &f->e));
	must_fail(f, ERR_INVALID, "home.absent", db_open(path, DB_READ, &db, &f->e));
	must(f,
	     file_write(path, "", 0, 0600, &f->e)); /* init died between creating and migrating */
	must_fail(f, ERR_INVALID, "home.absent", db_open(path, DB_WRITE, &db, &f->e));
	assert_null(db);
	must(f, db_open(path, DB_CREATE, &db, &f->e));
	db_close(&db);
}

static void test_newer_is_refused(void **state)
{
	struct fixture *f = *state;
	char newest[16];
	db_close(&f->db);
	/* The version is 4 bytes, big-endian, at offset 60 of the file (its format is documented).
	 * */
	int fd = open(f->path, O_RDWR);
	unsigned char v[4] = {0, 0, 0, 99};
	assert_int_equal(pwrite(fd, v, 4, 60), 4);
	close(fd);
	must_fail(f, ERR_DAMAGED, "db.newer", db_open(f->path, DB_WRITE, &f->db, &f->e));
	assert_non_null(strstr(f->e.why, "99"));
	snprintf(newest, sizeof(newest), "%d", db_schema_version());
	assert_non_null(strstr(f->e.why, newest));
	assert_null(f->db);
}

static void test_foreign_is_refused(void **state)
{
	struct fixture *f = *state;
	db_close(&f->db);
	int fd = open(f->path, O_RDWR);
	unsigned char id[4] = {1, 2, 3, 4};
	assert_int_equal(pwrite(fd, id, 4, 68), 4);
	close(fd);
	must_fail(f, ERR_DAMAGED, "db.foreign", db_open(f->path, DB_CREATE, &f->db, &f->e));
	/* No application id at all, but tables: another program's too. */
	memset(id, 0, sizeof(id));
	fd = open(f->path, O_RDWR);
	assert_int_equal(pwrite(fd, id, 4, 68), 4);
	close(fd);
	must_fail(f, ERR_DAMAGED, "db.foreign", db_open(f->path, DB_CREATE, &f->db, &f->e));
}

static void test_not_a_database(void **state)
{
	struct fixture *f = *state;
	char path[128], text[4096];
	struct db *db = NULL;
	memset(text, 'x', sizeof(text));
	snprintf(path, sizeof(path), "%s/text.db", f->dir);
	must(f, file_write(path, text, sizeof(text), 0600, &f->e));
	must_fail(f, ERR_DAMAGED, "db.damaged", db_open(path, DB_WRITE, &db, &f->e));
	assert_non_null(strstr(f->e.hint, "restore"));
}

static void test_truncated(void **state)
{
	struct fixture *f = *state;
	db_close(&f->db);
	assert_int_equal(truncate(f->path, 4096 * 3), 0);
	must_fail(f, ERR_DAMAGED, "db.damaged", db_open(f->path, DB_WRITE, &f->db, &f->e));
}

/* Garbage over every page but the first: found at opening, by a query, or by the check. */
static void test_corrupted(void **state)
{
	struct fixture *f = *state;
	struct stat st;
	db_close(&f->db);
	assert_int_equal(stat(f->path, &st), 0);
	int fd = open(f->path, O_RDWR);
	char garbage[3000];
	memset(garbage, 0x5a, sizeof(garbage));
	for (off_t at = 4096; at < st.st_size; at += 4096)
		assert_int_equal(pwrite(fd, garbage, sizeof(garbage), at), sizeof(garbage));
	close(fd);
	enum err r = db_open(f->path, DB_WRITE, &f->db, &f->e);
	if (!r)
		r = db_check(f->db, &f->e);
	assert_int_equal(r, ERR_DAMAGED);
	assert_non_null(strstr(f->e.hint, "restore"));
}

static void test_read_only_connection(void **state)
{
	struct fixture *f = *state;
	struct db *db = NULL;
	int64_t n = 0;
	must(f, db_open(f->path, DB_READ, &db, &f->e));
	must(f, db_get_int(db, &f->e, &n, NULL, "SELECT COUNT(*) FROM unit", ""));
	assert_int_equal(n, 2);
	must_fail(f, ERR_INTERNAL, "db.readonly", db_begin(db, &f->e));
	must_fail(f, ERR_INTERNAL, "db.outside",
		  db_run(db, &f->e, NULL, "DELETE FROM setting", ""));
	db_close(&db);
}

/* ---- transactions ---------------------------------------------------------------------------- */

static void test_nested_begin(void **state)
{
	struct fixture *f = *state;
	must(f, db_begin_at(f->db, "first.c", 11, &f->e));
	must_fail(f, ERR_INTERNAL, "db.nested", db_begin_at(f->db, "second.c", 22, &f->e));
	assert_non_null(strstr(f->e.why, "first.c:11"));
	assert_non_null(strstr(f->e.why, "second.c:22"));
	assert_true(db_in_transaction(f->db));
	db_rollback(f->db);
	db_rollback(f->db);
	assert_false(db_in_transaction(f->db));
	must_fail(f, ERR_INTERNAL, "db.commit", db_commit(f->db, &f->e));
}

static void test_write_outside(void **state)
{
	struct fixture *f = *state;
	struct rows *q;
	const char *sql = "INSERT INTO counter (name, value) VALUES ('x', 1) RETURNING value";
	must_fail(f, ERR_INTERNAL, "db.outside",
		  db_run(f->db, &f->e, NULL, "DELETE FROM counter", ""));
	assert_non_null(strstr(f->e.why, "DELETE FROM counter"));
	must_fail(f, ERR_INTERNAL, "db.outside", db_query(f->db, &q, &f->e, sql, ""));
	assert_null(q);
	assert_int_equal(scalar(f, "SELECT COUNT(*) FROM counter WHERE name = 'x'"), 0);
}

static void test_stray_control_is_refused(void **state)
{
	struct fixture *f = *state;
	static const char *const stray[] = {"COMMIT",      "ROLLBACK", "END",
					    "SAVEPOINT s", "BEGIN",    "ATTACH ':memory:' AS o"};
	must(f, db_begin_at(f->db, "opener.c", 5, &f->e));
	must(f,
	     db_run(f->db, &f->e, NULL, "INSERT INTO counter (name, value) VALUES ('x', 1)", ""));
	for (size_t i = 0; i < sizeof(stray) / sizeof(stray[0]); i++) {
		must_fail(f, ERR_INTERNAL, "db.stray", db_run(f->db, &f->e, NULL, stray[i], ""));
		assert_non_null(strstr(f->e.why, "opener.c:5"));
		assert_non_null(strstr(f->e.why, stray[i]));
	}
	assert_int_equal(scalar(f, "SELECT value FROM counter WHERE name = 'x'"), 1);
	db_rollback(f->db);
	assert_int_equal(scalar(f, "SELECT COUNT(*) FROM counter WHERE name = 'x'"), 0);
}

static void test_error_leaves_transaction_open(void **state)
{
	struct fixture *f = *state;
	must(f, db_begin(f->db, &f->e));
	must(f,
	     db_run(f->db, &f->e, NULL, "INSERT INTO counter (name, value) VALUES ('x', 1)", ""));
	must_fail(
	    f, ERR_INTERNAL, "db.constraint",
	    db_run(f->db, &f->e, NULL, "INSERT INTO counter (name, value) VALUES ('x', 2)", ""));
	must_fail(f, ERR_INTERNAL, "db.statement",
		  db_run(f->db, &f->e, NULL, "SELECT nothing", ""));
	must_fail(f, ERR_INTERNAL, "db.bind",
		  db_run(f->db, &f->e, NULL, "DELETE FROM counter WHERE name = ?", ""));
	assert_true(db_in_transaction(f->db));
	must(f, db_commit(f->db, &f->e));
	assert_int_equal(scalar(f, "SELECT value FROM counter WHERE name = 'x'"), 1);
}

static void test_ids(void **state)
{
	struct fixture *f = *state;
	int64_t a = 0, b = 0, c = 0;
	must(f, db_begin(f->db, &f->e));
	must(f, db_next_id(f->db, "thing", &a, &f->e));
	must(f, db_next_ids(f->db, "thing", 10, &b, &f->e));
	must(f, db_next_id(f->db, "thing", &c, &f->e));
	must(f, db_commit(f->db, &f->e));
	assert_int_equal(a, 1);
	assert_int_equal(b, 2);
	assert_int_equal(c, 12);
}

/* The same text may run inside itself, and more statements than the cache holds may exist. */
static void test_cache(void **state)
{
	struct fixture *f = *state;
	struct rows *q, *inner;
	int seen = 0;
	enum err r;
	for (r = db_query(f->db, &q, &f->e, "SELECT id FROM unit ORDER BY id", "");
	     !r && rows_next(q);) {
		for (r = db_query(f->db, &inner, &f->e, "SELECT id FROM unit ORDER BY id", "");
		     !r && rows_next(inner);)
			seen++;
		r = rows_end(&inner, r, &f->e);
	}
	assert_int_equal(rows_end(&q, r, &f->e), ERR_OK);
	assert_int_equal(seen, 4);
	for (int64_t i = 0; i < 2000; i++) {
		char sql[64];
		snprintf(sql, sizeof(sql), "SELECT id + %d FROM unit WHERE id = ?", (int)i);
		struct bind b = {.type = 'l', .i = f->unit};
		must(f, db_query_built(f->db, &q, &f->e, sql, &b, 1));
		assert_true(rows_next(q));
		assert_int_equal(rows_int(q, 0), f->unit + i);
		assert_int_equal(rows_end(&q, ERR_OK, &f->e), ERR_OK);
	}
}

static void test_types(void **state)
{
	struct fixture *f = *state;
	struct rows *q;
	size_t n = 0;
	must(f, db_query(f->db, &q, &f->e, "SELECT ?, ?, ?, ?, ?, ?", "ilsSbS", -5, INT64_MIN, "字",
			 "", "a\0b", (size_t)3, NULL));
	assert_true(rows_next(q));
	assert_int_equal(rows_int(q, 0), -5);
	assert_true(rows_int(q, 1) == INT64_MIN);
	assert_string_equal(rows_text(q, 2), "字");
	assert_true(rows_null(q, 3));
	assert_string_equal(rows_text(q, 3), "");
	assert_memory_equal(rows_blob(q, 4, &n), "a\0b", 3);
	assert_int_equal(n, 3);
	assert_true(rows_null(q, 5));
	assert_false(rows_next(q));
	assert_int_equal(rows_end(&q, ERR_OK, &f->e), ERR_OK);
}

static void test_version_counter(void **state)
{
	struct fixture *f = *state;
	struct db *other = NULL;
	must(f, db_open(f->path, DB_WRITE, &other, &f->e));
	int64_t before = db_version_counter(other);
	assert_int_equal(db_version_counter(other), before);
	run_sql(f, "INSERT INTO counter (name, value) VALUES ('x', 1)");
	assert_int_not_equal(db_version_counter(other), before);
	db_close(&other);
}

/* ---- copies and disks ------------------------------------------------------------------------ */

static void test_backup(void **state)
{
	struct fixture *f = *state;
	struct db *copy = NULL;
	struct stat st;
	char path[128], part[160];
	int64_t n = 0;
	snprintf(path, sizeof(path), "%s/copy.db", f->dir);
	snprintf(part, sizeof(part), "%s.part", path);
	must(f, db_backup(f->db, path, &f->e));
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_false(file_exists(part));
	must(f, db_open(path, DB_WRITE, &copy, &f->e));
	must(f, db_get_int(copy, &f->e, &n, NULL, "SELECT COUNT(*) FROM unit", ""));
	assert_int_equal(n, 2);
	must(f, db_check(copy, &f->e));
	db_close(&copy);
	must_fail(f, ERR_INVALID, "backup.exists", db_backup(f->db, path, &f->e));
	must(f, db_begin(f->db, &f->e));
	snprintf(path, sizeof(path), "%s/copy2.db", f->dir);
	must_fail(f, ERR_INTERNAL, "db.nested", db_backup(f->db, path, &f->e));
	db_rollback(f->db);
	assert_int_not_equal(db_backup(f->db, "/nonexistent/dir/copy.db", &f->e), ERR_OK);
}

static void test_foreign_keys(void **state)
{
	struct fixture *f = *state;
	must(f, db_begin(f->db, &f->e));
	must_fail(f, ERR_INTERNAL, "db.constraint",
		  db_run(f->db, &f->e, NULL,
			 "INSERT INTO taxpayer (unit_id, body) VALUES (999, '{}')", ""));
	db_rollback(f->db);
}

/* Writes until the file may not grow any more; returns the class of the failure. */
static enum err fill(struct fixture *f)
{
	char text[2048];
	memset(text, 'a', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	enum err r = db_begin(f->db, &f->e);
	for (int i = 0; !r && i < 20000; i++) {
		snprintf(text, 12, "%011d", i);
		text[11] = 'a';
		r = db_run(
		    f->db, &f->e, NULL,
		    "INSERT INTO setting (type, key, value, updated_at) VALUES ('fill', ?, 'v', 0)",
		    "s", text);
	}
	if (!r)
		return db_commit(f->db, &f->e);
	return r;
}

/* In a child: the limit of the file size cannot be lifted again. */
static int full_disk_child(struct fixture *f)
{
	db_close(&f->db);
	signal(SIGXFSZ, SIG_IGN);
	struct rlimit limit = {.rlim_cur = 1500000, .rlim_max = 1500000};
	if (setrlimit(RLIMIT_FSIZE, &limit) != 0)
		return 2;
	if (db_open(f->path, DB_WRITE, &f->db, &f->e))
		return 3;
	if (fill(f) != ERR_DAMAGED || strcmp(f->e.code, "disk.full") != 0 || !f->e.hint[0])
		return 4;
	/* Whatever was undone by the failure, nothing of this transaction may reach the disk. */
	db_run(f->db, &f->e, NULL, "INSERT INTO counter (name, value) VALUES ('late', 1)", "");
	if (db_in_transaction(f->db) && db_commit(f->db, &f->e) == ERR_OK &&
	    scalar(f, "SELECT COUNT(*) FROM setting") > 0)
		return 5;
	db_rollback(f->db);
	db_close(&f->db);
	return 0;
}

static void test_full_disk(void **state)
{
	struct fixture *f = *state;
	int status = 0;
	db_close(&f->db);
	pid_t pid = fork();
	if (pid == 0)
		_exit(full_disk_child(f));
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
	must(f, db_open(f->path, DB_WRITE, &f->db, &f->e));
	must(f, db_check(f->db, &f->e));
	assert_int_equal(scalar(f, "SELECT COUNT(*) FROM setting"), 0);
	assert_int_equal(scalar(f, "SELECT COUNT(*) FROM unit"), 2);
}

/* ---- many rows ------------------------------------------------------------------------------- */

/* More than fits into the memory for pages, so that the journal is written and read before the
 * transaction ends; ends at the first row that is not taken. */
enum { BULK_ROWS = 5000, BULK_BYTES = 8000 };

static enum err write_bulk(struct db *db, const char *type, struct err_info *e)
{
	char text[BULK_BYTES + 1];
	enum err r = db_begin(db, e);

	if (!r)
		r = db_bulk(db, e);
	memset(text, 'x', BULK_BYTES);
	text[BULK_BYTES] = 0;
	for (int i = 0; i < BULK_ROWS && !r; i++)
		r = db_run(db, e, NULL,
			   "INSERT INTO setting (type, key, value, updated_at)"
			   " VALUES (?, printf('%05d', ?), ?, 0)",
			   "sis", type, i * 7919 % BULK_ROWS, text);
	for (int i = 0; i < BULK_ROWS && !r; i++) /* and what has hardly gone there */
		r = db_run(db, e, NULL,
			   "UPDATE setting SET updated_at = 0 WHERE type = ? AND"
			   " key = printf('%05d', ?)",
			   "si", type, (i / 2 + i % 2 * (BULK_ROWS / 2)) * 7919 % BULK_ROWS);
	for (int i = 0; i < BULK_ROWS && !r; i += 3) /* pages that are in the journal already */
		r = db_run(db, e, NULL,
			   "UPDATE setting SET updated_at = 1 WHERE type = ? AND"
			   " key = printf('%05d', ?)",
			   "si", type, i);
	return r;
}

static void put_one(struct fixture *f, struct db *db, const char *key)
{
	must(f, db_begin(db, &f->e));
	must(f, store_setting_set(db, "one", key, "v", &f->e));
	must(f, db_commit(db, &f->e));
}

static void test_bulk(void **state)
{
	struct fixture *f = *state;
	struct db *other = NULL;
	int64_t n = -1;

	must(f, db_open(f->path, DB_WRITE, &other, &f->e));
	put_one(f, other, "a");
	must(f, write_bulk(f->db, "gone", &f->e));
	must(f, db_get_int(other, &f->e, &n, NULL, "SELECT COUNT(*) FROM setting", ""));
	assert_int_equal(n, 1);
	db_rollback(f->db);
	/* Others write where that would have been. */
	put_one(f, other, "b");
	put_one(f, f->db, "c");
	assert_int_equal(scalar(f, "SELECT COUNT(*) FROM setting"), 3);

	must(f, write_bulk(f->db, "kept", &f->e));
	must(f, db_commit(f->db, &f->e));
	put_one(f, other, "d");
	must(f, db_get_int(other, &f->e, &n, NULL,
			   "SELECT SUM(updated_at) + COUNT(*) FROM setting WHERE type = 'kept'"
			   " AND length(value) = 8000",
			   ""));
	assert_int_equal(n, BULK_ROWS + (BULK_ROWS + 2) / 3);
	must(f, db_check(other, &f->e));
	db_close(&other);
	db_close(&f->db);
	must(f, db_open(f->path, DB_WRITE, &f->db, &f->e));
	assert_int_equal(scalar(f, "SELECT COUNT(*) FROM setting"), BULK_ROWS + 4);
	must(f, db_check(f->db, &f->e));
}

static int full_bulk_child(struct fixture *f, int mib)
{
	struct rlimit limit = {.rlim_cur = (rlim_t)mib << 20, .rlim_max = (rlim_t)mib << 20};
	struct db *db = NULL;
	int64_t n = -1;

	signal(SIGXFSZ, SIG_IGN);
	if (db_open(f->path, DB_WRITE, &db, &f->e) || setrlimit(RLIMIT_FSIZE, &limit) != 0)
		return 10;
	enum err r = write_bulk(db, "gone", &f->e);
	if (!r)
		r = db_commit(db, &f->e);
	if (r != ERR_DAMAGED)
		return 11;
	db_rollback(db);
	if (db_begin(db, &f->e) || store_setting_set(db, "one", "after", "v", &f->e) ||
	    db_commit(db, &f->e))
		return 12;
	if (db_get_int(db, &f->e, &n, NULL, "SELECT COUNT(*) FROM setting", "") || n != 1)
		return 13;
	db_close(&db);
	return 0;
}

/* The disk is full while much is written, at one place and another. */
static void test_bulk_on_full_disk(void **state)
{
	struct fixture *f = *state;

	db_close(&f->db);
	for (int mib = 8; mib <= 32; mib += 8) {
		int status = 0;
		pid_t pid = fork();

		if (pid == 0)
			_exit(full_bulk_child(f, mib));
		assert_int_equal(waitpid(pid, &status, 0), pid);
		assert_true(WIFEXITED(status));
		assert_int_equal(WEXITSTATUS(status), 0);
		must(f, db_open(f->path, DB_WRITE, &f->db, &f->e));
		must(f, db_check(f->db, &f->e));
		assert_int_equal(scalar(f, "SELECT COUNT(*) FROM setting"), 1);
		must(f, db_begin(f->db, &f->e));
		must(f, db_run(f->db, &f->e, NULL, "DELETE FROM setting", ""));
		must(f, db_commit(f->db, &f->e));
		db_close(&f->db);
	}
	must(f, db_open(f->path, DB_WRITE, &f->db, &f->e));
}

/* Several processes create one home at once. */
static void test_two_creators(void **state)
{
	struct fixture *f = *state;
	char path[128];
	snprintf(path, sizeof(path), "%s/both.db", f->dir);
	pid_t children[4];
	db_close(&f->db); /* a connection must not cross a fork */
	for (int i = 0; i < 4; i++) {
		children[i] = fork();
		if (children[i] == 0) {
			struct db *db = NULL;
			enum err r = db_open(path, DB_CREATE, &db, &f->e);
			db_close(&db);
			if (r)
				fprintf(stderr, "%s %s\n", f->e.code, f->e.detail);
			_exit((int)r);
		}
	}
	for (int i = 0; i < 4; i++) {
		int status = -1;
		waitpid(children[i], &status, 0);
		assert_int_equal(status, 0);
	}
}

#define T(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)
int main(void)
{
	const struct CMUnitTest tests[] = {
	    T(test_create_and_reopen),
	    T(test_absent),
	    T(test_newer_is_refused),
	    T(test_foreign_is_refused),
	    T(test_not_a_database),
	    T(test_truncated),
	    T(test_corrupted),
	    T(test_read_only_connection),
	    T(test_nested_begin),
	    T(test_write_outside),
	    T(test_stray_control_is_refused),
	    T(test_error_leaves_transaction_open),
	    T(test_ids),
	    T(test_cache),
	    T(test_types),
	    T(test_version_counter),
	    T(test_backup),
	    T(test_foreign_keys),
	    T(test_full_disk),
	    T(test_bulk),
	    T(test_bulk_on_full_disk),
	    T(test_two_creators),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

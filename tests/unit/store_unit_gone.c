/* What belongs to a unit goes with it (features C16): every table that names a unit is tried, so
 * that a new one cannot be forgotten. */
#include <sqlite3.h>

#include "store/db_sqlite_p.h"
#include "store_fixture.h"

enum { TABLES = 200, NAME = 64, SQL = 4096 };

/* What is kept when a unit is gone: what was done, and what was said to the tax side. */
static const char *const KEPT[] = {"audit", "job", "request_log"};

struct tables {
	char name[TABLES][NAME];
	int n;
};

static bool is_kept(const char *table)
{
	for (size_t i = 0; i < sizeof(KEPT) / sizeof(KEPT[0]); i++)
		if (!strcmp(KEPT[i], table))
			return true;
	return false;
}

static sqlite3_stmt *ask(struct fixture *f, const char *sql)
{
	sqlite3_stmt *q;

	if (sqlite3_prepare_v2(f->db->raw, sql, -1, &q, NULL) != SQLITE_OK)
		fail_msg("%s: %s", sql, sqlite3_errmsg(f->db->raw));
	return q;
}

static void run(struct fixture *f, const char *sql)
{
	char *why = NULL;

	if (sqlite3_exec(f->db->raw, sql, NULL, NULL, &why) != SQLITE_OK)
		fail_msg("%s: %s", sql, why);
}

static struct tables *naming_units(struct fixture *f)
{
	struct tables *t = mem_zalloc(sizeof(*t));
	sqlite3_stmt *q =
	    ask(f, "SELECT m.name FROM sqlite_master m JOIN pragma_table_info(m.name) c"
		   " WHERE m.type = 'table' AND c.name = 'unit_id' ORDER BY 1");

	for (; sqlite3_step(q) == SQLITE_ROW; t->n++) {
		assert_true(t->n < TABLES);
		snprintf(t->name[t->n], NAME, "%s", (const char *)sqlite3_column_text(q, 0));
	}
	sqlite3_finalize(q);
	return t;
}

/* A row of nothing but what the table asks for. */
static void put_row(struct fixture *f, const char *table, int64_t unit)
{
	char sql[SQL], columns[SQL / 4] = "unit_id", values[SQL / 4];
	sqlite3_stmt *q;

	snprintf(values, sizeof(values), "%lld", (long long)unit);
	snprintf(sql, sizeof(sql),
		 "SELECT name, type FROM pragma_table_info('%s') WHERE name <> 'unit_id'"
		 " AND (pk > 0 OR (\"notnull\" AND dflt_value IS NULL))",
		 table);
	q = ask(f, sql);
	while (sqlite3_step(q) == SQLITE_ROW) {
		const char *type = (const char *)sqlite3_column_text(q, 1);
		size_t c = strlen(columns), v = strlen(values);

		snprintf(columns + c, sizeof(columns) - c, ", %s", sqlite3_column_text(q, 0));
		snprintf(values + v, sizeof(values) - v, ", %s",
			 !strcmp(type, "INTEGER") ? "7007"
			 : !strcmp(type, "BLOB")  ? "x'00'"
						  : "'2026-01-01'");
	}
	sqlite3_finalize(q);
	snprintf(sql, sizeof(sql), "INSERT INTO %s (%s) VALUES (%s)", table, columns, values);
	run(f, sql);
}

static int rows_of(struct fixture *f, const char *table, int64_t unit)
{
	char sql[SQL];
	sqlite3_stmt *q;
	int n;

	snprintf(sql, sizeof(sql), "SELECT COUNT(*) FROM %s WHERE unit_id = %lld", table,
		 (long long)unit);
	q = ask(f, sql);
	assert_int_equal(sqlite3_step(q), SQLITE_ROW);
	n = sqlite3_column_int(q, 0);
	sqlite3_finalize(q);
	return n;
}

static void drop(struct fixture *f, int64_t unit)
{
	int gone = 1;

	must(f, db_begin(f->db, &f->e));
	must(f, store_unit_drop_records(f->db, unit, &f->e));
	while (gone)
		must(f, store_unit_shed(f->db, unit, 100, &gone, &f->e));
	must(f, store_unit_remove(f->db, unit, &f->e));
	must(f, db_commit(f->db, &f->e));
}

static void test_nothing_stays(void **state)
{
	struct fixture *f = *state;
	struct tables *t = naming_units(f);
	int64_t other;

	assert_true(t->n > 30);
	run(f, "PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON");
	must(f, db_begin(f->db, &f->e));
	other = fixture_using(f, ENV_PRACTICE, "91440300MA5F00000X", f->direct);
	for (int i = 0; i < t->n; i++) {
		put_row(f, t->name[i], other);
		assert_int_equal(rows_of(f, t->name[i], other), 1);
	}
	must(f, db_commit(f->db, &f->e));
	run(f, "PRAGMA foreign_keys = ON");
	drop(f, other);
	for (int i = 0; i < t->n; i++)
		if (!is_kept(t->name[i]) && rows_of(f, t->name[i], other))
			fail_msg("%s still has rows of a unit that is gone", t->name[i]);
	free(t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(test_nothing_stays, fixture_setup, fixture_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

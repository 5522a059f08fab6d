/* Backups at the desk: written, refused, brought back under whoever works in the home. */
#include <sqlite3.h>
#include <sys/stat.h>

#include "desk_lab.h"

static int64_t figure(struct db *db, const char *sql)
{
	struct err_info e = {0};
	int64_t n = -1;

	assert_int_equal(db_get_int(db, &e, &n, NULL, sql, ""), ERR_OK);
	return n;
}

static void brings_a_home_back(void **state)
{
	struct lab *lab = *state;
	char file[200], bad[200], aside[HOME_PATH], value[32], path[HOME_PATH];
	struct db *other = NULL;
	struct stat st;

	lab_stock(lab, 10, 15000);
	snprintf(file, sizeof(file), "%s/one.bak", lab->top);
	assert_int_equal(desk_param_set(lab->s, "a", "b", "before", &lab->e), ERR_OK);
	assert_int_equal(desk_backup(lab->s, file, &lab->e), ERR_OK);
	assert_int_equal(stat(file, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_int_equal(desk_backup(lab->s, file, &lab->e), ERR_INVALID);
	assert_int_equal(desk_param_set(lab->s, "a", "b", "after", &lab->e), ERR_OK);
	desk_close(&lab->s);
	lab_write(lab, "bad.bak", "this is no backup", bad);
	assert_int_equal(desk_restore(lab->home, NULL, bad, aside, &lab->e), ERR_INVALID);
	assert_string_equal(lab->e.code, "backup.form");

	/* A clerk's process has the database open all the while. */
	assert_int_equal(home_path(lab->home, HOME_DB, path, &lab->e), ERR_OK);
	assert_int_equal(db_open(path, DB_WRITE, &other, &lab->e), ERR_OK);
	assert_int_equal(figure(other, "SELECT COUNT(*) FROM setting WHERE value = 'after'"), 1);
	assert_int_equal(desk_restore(lab->home, NULL, file, aside, &lab->e), ERR_OK);
	assert_true(file_exists(aside));
	assert_int_equal(figure(other, "SELECT COUNT(*) FROM setting WHERE value = 'after'"), 0);
	assert_int_equal(db_begin(other, &lab->e), ERR_OK);
	assert_int_equal(store_setting_set(other, "a", "c", "beside", &lab->e), ERR_OK);
	assert_int_equal(db_commit(other, &lab->e), ERR_OK);
	db_close(&other);

	assert_int_equal(desk_open(lab->home, NULL, NULL, &lab->s, &lab->e), ERR_OK);
	assert_int_equal(desk_param_get(lab->s, "a", "b", value, sizeof(value), &lab->e), ERR_OK);
	assert_string_equal(value, "before");
	assert_int_equal(desk_param_get(lab->s, "a", "c", value, sizeof(value), &lab->e), ERR_OK);
	assert_string_equal(value, "beside");
	/* Free numbers of then may be used now. */
	assert_int_equal(figure(lab->s->db, "SELECT COUNT(*) FROM segment WHERE state = 'open'"),
			 0);
	assert_int_equal(
	    desk_param_get(lab->s, "home", "restored_at", value, sizeof(value), &lab->e), ERR_OK);
	assert_true(llabs(strtoll(value, NULL, 10) - clock_now()) < 60);
	/* The old content is a database of its own. */
	assert_int_equal(db_open(aside, DB_READ, &other, &lab->e), ERR_OK);
	assert_int_equal(figure(other, "SELECT COUNT(*) FROM setting WHERE value = 'after'"), 1);
	assert_int_equal(figure(other, "SELECT COUNT(*) FROM segment WHERE state = 'open'"), 1);
	db_close(&other);
}

/* Keys of the backup must be of use under the key file of the home it comes to. */
static void opens_the_keys_of_another_home(void **state)
{
	struct lab *lab = *state;
	unsigned char key[SECRET_KEY], before[SECRET_KEY], *plain = NULL;
	char file[200], home[200], aside[HOME_PATH], path[HOME_PATH], context[UNIT_KEY_CONTEXT];
	bool created;
	struct unit u;
	size_t n = 0;

	lab_stock(lab, 10, 0);
	snprintf(file, sizeof(file), "%s/one.bak", lab->top);
	snprintf(home, sizeof(home), "%s/second", lab->top);
	assert_int_equal(desk_backup(lab->s, file, &lab->e), ERR_OK);
	desk_close(&lab->s);
	assert_int_equal(desk_home_init(home, &created, &lab->e), ERR_OK);
	assert_int_equal(home_path(home, HOME_SECRET, path, &lab->e), ERR_OK);
	assert_int_equal(secret_load(path, 0, before, &lab->e), ERR_OK);
	assert_int_equal(desk_restore(home, NULL, file, aside, &lab->e), ERR_OK);
	assert_int_equal(secret_load(path, 0, key, &lab->e), ERR_OK);
	assert_memory_equal(key, before, sizeof(key));
	assert_int_equal(desk_open(home, NULL, NULL, &lab->s, &lab->e), ERR_OK);
	assert_int_equal(store_unit_find(lab->s->db, LAB_DIRECT, "direct", NULL, &u, &lab->e),
			 ERR_OK);
	assert_int_equal(
	    secret_open(key, unit_key_context(&u, context), u.sealed_key, &plain, &n, &lab->e),
	    ERR_OK);
	assert_int_equal(n, 16);
	assert_int_equal(plain[15], 0xFF);
	free(plain);
	unit_free(&u);
	desk_close(&lab->s);

	/* A lost key file comes back with the backup. */
	assert_int_equal(unlink(path), 0);
	assert_int_equal(desk_restore(home, NULL, file, aside, &lab->e), ERR_OK);
	assert_int_equal(secret_load(path, 0, key, &lab->e), ERR_OK);
	assert_memory_not_equal(key, before, sizeof(key));
	assert_int_equal(desk_open(home, NULL, NULL, &lab->s, &lab->e), ERR_OK);
	assert_int_equal(store_unit_find(lab->s->db, LAB_DIRECT, "direct", NULL, &u, &lab->e),
			 ERR_OK);
	assert_int_equal(
	    secret_open(key, unit_key_context(&u, context), u.sealed_key, &plain, &n, &lab->e),
	    ERR_OK);
	free(plain);
	unit_free(&u);
}

/* What is no database any more is replaced as a file, and kept. */
static void replaces_a_damaged_one(void **state)
{
	struct lab *lab = *state;
	char file[200], aside[HOME_PATH], value[32], path[HOME_PATH];

	snprintf(file, sizeof(file), "%s/one.bak", lab->top);
	assert_int_equal(desk_param_set(lab->s, "a", "b", "before", &lab->e), ERR_OK);
	assert_int_equal(desk_backup(lab->s, file, &lab->e), ERR_OK);
	desk_close(&lab->s);
	assert_int_equal(home_path(lab->home, HOME_DB, path, &lab->e), ERR_OK);
	assert_int_equal(file_write(path, "rubbish rubbish rubbish", 23, 0600, &lab->e), ERR_OK);
	assert_int_equal(desk_restore(lab->home, NULL, file, aside, &lab->e), ERR_OK);
	assert_true(file_exists(aside));
	assert_int_equal(desk_open(lab->home, NULL, NULL, &lab->s, &lab->e), ERR_OK);
	assert_int_equal(desk_param_get(lab->s, "a", "b", value, sizeof(value), &lab->e), ERR_OK);
	assert_string_equal(value, "before");
}

/* Homes were made with smaller pages once. */
static void fits_a_home_of_other_pages(void **state)
{
	struct lab *lab = *state;
	char file[200], aside[HOME_PATH], value[32], path[HOME_PATH];
	struct db *other = NULL;
	sqlite3 *raw;

	snprintf(file, sizeof(file), "%s/one.bak", lab->top);
	assert_int_equal(desk_param_set(lab->s, "a", "b", "before", &lab->e), ERR_OK);
	assert_int_equal(desk_backup(lab->s, file, &lab->e), ERR_OK);
	assert_int_equal(desk_param_set(lab->s, "a", "b", "after", &lab->e), ERR_OK);
	desk_close(&lab->s);
	assert_int_equal(home_path(lab->home, HOME_DB, path, &lab->e), ERR_OK);
	assert_int_equal(sqlite3_open(path, &raw), SQLITE_OK);
	assert_int_equal(sqlite3_exec(raw,
				      "PRAGMA journal_mode = DELETE; PRAGMA page_size = 4096;"
				      " VACUUM; PRAGMA journal_mode = WAL",
				      NULL, NULL, NULL),
			 SQLITE_OK);
	assert_int_equal(sqlite3_close(raw), SQLITE_OK);

	assert_int_equal(db_open(path, DB_WRITE, &other, &lab->e), ERR_OK);
	assert_int_equal(figure(other, "SELECT page_size FROM pragma_page_size"), 4096);
	assert_int_equal(figure(other, "SELECT COUNT(*) FROM setting WHERE value = 'after'"), 1);
	assert_int_equal(desk_restore(lab->home, NULL, file, aside, &lab->e), ERR_OK);
	assert_int_equal(figure(other, "SELECT COUNT(*) FROM setting WHERE value = 'after'"), 0);
	assert_int_equal(figure(other, "SELECT page_size FROM pragma_page_size"), 4096);
	assert_int_equal(db_check(other, &lab->e), ERR_OK);
	db_close(&other);
	assert_int_equal(desk_open(lab->home, NULL, NULL, &lab->s, &lab->e), ERR_OK);
	assert_int_equal(desk_param_get(lab->s, "a", "b", value, sizeof(value), &lab->e), ERR_OK);
	assert_string_equal(value, "before");
}

#define LAB_TEST(f) cmocka_unit_test_setup_teardown(f, lab_open, lab_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    LAB_TEST(brings_a_home_back),
	    LAB_TEST(opens_the_keys_of_another_home),
	    LAB_TEST(replaces_a_damaged_one),
	    LAB_TEST(fits_a_home_of_other_pages),
	};

	return cmocka_run_group_tests_name("desk_backup", tests, NULL, NULL);
}

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
	char file[200], bad[200], value[32], path[HOME_PATH];
	struct restored done;
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
	assert_int_equal(desk_restore(lab->home, NULL, bad, NULL, false, &done, &lab->e),
			 ERR_INVALID);
	assert_string_equal(lab->e.code, "backup.form");

	/* A clerk's process has the database open all the while. */
	assert_int_equal(home_path(lab->home, HOME_DB, path, &lab->e), ERR_OK);
	assert_int_equal(db_open(path, DB_WRITE, &other, &lab->e), ERR_OK);
	assert_int_equal(figure(other, "SELECT COUNT(*) FROM setting WHERE value = 'after'"), 1);
	assert_int_equal(desk_restore(lab->home, NULL, file, NULL, false, &done, &lab->e), ERR_OK);
	assert_true(file_exists(done.aside));
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
	assert_int_equal(db_open(done.aside, DB_READ, &other, &lab->e), ERR_OK);
	assert_int_equal(figure(other, "SELECT COUNT(*) FROM setting WHERE value = 'after'"), 1);
	assert_int_equal(figure(other, "SELECT COUNT(*) FROM segment WHERE state = 'open'"), 1);
	db_close(&other);
}

#define PASSPHRASE "correct horse battery"

/* Does the key of the home open the API key of its direct unit? */
static bool key_opens(struct lab *lab, const char *home)
{
	unsigned char key[SECRET_KEY], *plain = NULL;
	char context[UNIT_KEY_CONTEXT];
	struct session *s = NULL;
	struct unit u;
	size_t n = 0;
	bool good;

	assert_int_equal(desk_open(home, NULL, NULL, &s, &lab->e), ERR_OK);
	assert_int_equal(home_load_key(home, s->db, key, &lab->e), ERR_OK);
	assert_int_equal(store_unit_find(s->db, LAB_DIRECT, "direct", NULL, &u, &lab->e), ERR_OK);
	good = !secret_open(key, unit_key_context(&u, context), u.sealed_key, &plain, &n, &lab->e);
	if (good) {
		assert_int_equal(n, 16);
		assert_int_equal(plain[15], 0xFF);
	}
	free(plain);
	unit_free(&u);
	desk_close(&s);
	return good;
}

static void read_key_file(struct lab *lab, const char *home, unsigned char key[SECRET_KEY])
{
	char path[HOME_PATH];

	assert_int_equal(home_path(home, HOME_SECRET, path, &lab->e), ERR_OK);
	assert_int_equal(secret_load(path, 0, key, &lab->e), ERR_OK);
}

/* Keys of the backup must be of use under the key file of the home it comes to. */
static void opens_the_keys_of_another_home(void **state)
{
	struct lab *lab = *state;
	unsigned char key[SECRET_KEY], before[SECRET_KEY];
	char file[200], home[200], path[HOME_PATH];
	struct restored done;
	bool created;

	lab_stock(lab, 10, 0);
	snprintf(file, sizeof(file), "%s/one.bak", lab->top);
	snprintf(home, sizeof(home), "%s/second", lab->top);
	assert_int_equal(desk_backup_keyed(lab->s, file, "short", &lab->e), ERR_INVALID);
	assert_string_equal(lab->e.code, "backup.passphrase");
	assert_int_equal(desk_backup_keyed(lab->s, file, PASSPHRASE, &lab->e), ERR_OK);
	desk_close(&lab->s);
	assert_int_equal(desk_home_init(home, &created, &lab->e), ERR_OK);
	read_key_file(lab, home, before);
	assert_int_equal(desk_restore(home, NULL, file, NULL, false, &done, &lab->e), ERR_INVALID);
	assert_string_equal(lab->e.code, "backup.passphrase");
	assert_int_equal(desk_restore(home, NULL, file, "another one", false, &done, &lab->e),
			 ERR_INVALID);
	assert_string_equal(lab->e.code, "secret.passphrase");
	assert_int_equal(desk_restore(home, NULL, file, PASSPHRASE, false, &done, &lab->e), ERR_OK);
	assert_int_equal(done.locked, 0);
	read_key_file(lab, home, key);
	assert_memory_equal(key, before, sizeof(key));
	assert_true(key_opens(lab, home));

	/* A lost key file comes back with the backup. */
	assert_int_equal(home_path(home, HOME_SECRET, path, &lab->e), ERR_OK);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(desk_restore(home, NULL, file, PASSPHRASE, false, &done, &lab->e), ERR_OK);
	read_key_file(lab, home, key);
	assert_memory_not_equal(key, before, sizeof(key));
	assert_true(key_opens(lab, home));
	/* At home no passphrase is needed. */
	assert_int_equal(desk_restore(lab->home, NULL, file, NULL, false, &done, &lab->e), ERR_OK);
	assert_true(key_opens(lab, lab->home));
}

/* N6: a backup alone opens nothing. */
static void keeps_the_key_at_home(void **state)
{
	struct lab *lab = *state;
	unsigned char key[SECRET_KEY];
	char file[200], home[200], *data;
	struct restored done;
	size_t n;

	lab_stock(lab, 10, 0);
	snprintf(file, sizeof(file), "%s/one.bak", lab->top);
	snprintf(home, sizeof(home), "%s/second", lab->top);
	assert_int_equal(desk_backup(lab->s, file, &lab->e), ERR_OK);
	read_key_file(lab, lab->home, key);
	assert_int_equal(file_read(file, 1 << 28, &data, &n, &lab->e), ERR_OK);
	assert_null(memmem(data, n, key, sizeof(key)));
	free(data);
	desk_close(&lab->s);
	assert_int_equal(desk_restore(lab->home, NULL, file, NULL, false, &done, &lab->e), ERR_OK);
	assert_int_equal(done.locked, 0);
	assert_true(key_opens(lab, lab->home));
	assert_int_equal(desk_restore(home, NULL, file, NULL, false, &done, &lab->e), ERR_OK);
	assert_int_equal(done.locked, 1);
	assert_false(key_opens(lab, home));
}

/* The key lies where this process was not told, or is lost: only a person knows which. */
static void makes_no_key_unasked(void **state)
{
	struct lab *lab = *state;
	char file[200], own[HOME_PATH], away[200];
	struct restored done;

	lab_stock(lab, 10, 0);
	snprintf(file, sizeof(file), "%s/one.bak", lab->top);
	snprintf(away, sizeof(away), "%s/away.key", lab->top);
	assert_int_equal(desk_backup(lab->s, file, &lab->e), ERR_OK);
	desk_close(&lab->s);
	assert_int_equal(home_path(lab->home, HOME_SECRET, own, &lab->e), ERR_OK);
	assert_int_equal(file_move(own, away, &lab->e), ERR_OK);
	assert_int_equal(desk_restore(lab->home, NULL, file, NULL, false, &done, &lab->e),
			 ERR_DAMAGED);
	assert_string_equal(lab->e.code, "restore.key_missing");
	assert_false(file_exists(own));
	setenv("KAIPIAO_KEY_FILE", away, 1);
	assert_int_equal(desk_restore(lab->home, NULL, file, NULL, false, &done, &lab->e), ERR_OK);
	assert_true(!done.locked && !done.key_made);
	unsetenv("KAIPIAO_KEY_FILE");
	assert_false(file_exists(own));
	assert_int_equal(desk_restore(lab->home, NULL, file, NULL, true, &done, &lab->e), ERR_OK);
	assert_true(done.locked == 1 && done.key_made);
	assert_true(file_exists(own));
}

static void add_part(struct buf *b, const char *name, const void *data, size_t n)
{
	char head[512] = "";

	snprintf(head, 100, "%s", name);
	snprintf(head + 124, 12, "%011o", (unsigned)n);
	memcpy(head + 257, "ustar", 5);
	buf_add(b, head, sizeof(head));
	buf_add(b, data, n);
	memset(head, 0, sizeof(head));
	buf_add(b, head, (512 - n % 512) % 512);
}

/* Backups of before had the key as it is. */
static void restores_an_earlier_one(void **state)
{
	struct lab *lab = *state;
	char file[200], home[200], copy[200], hash[2][HASH_TEXT], meta[600], *data;
	unsigned char key[SECRET_KEY];
	struct restored done;
	struct buf tar;
	size_t n;

	lab_stock(lab, 10, 0);
	snprintf(file, sizeof(file), "%s/old.bak", lab->top);
	snprintf(home, sizeof(home), "%s/second", lab->top);
	snprintf(copy, sizeof(copy), "%s/copy.db", lab->top);
	assert_int_equal(db_backup(lab->s->db, copy, &lab->e), ERR_OK);
	desk_close(&lab->s);
	read_key_file(lab, lab->home, key);
	hash_sha256(key, sizeof(key), hash[0]);
	assert_int_equal(file_read(copy, 1 << 28, &data, &n, &lab->e), ERR_OK);
	hash_sha256(data, n, hash[1]);
	snprintf(meta, sizeof(meta),
		 "{\"format\":\"kaipiao-backup-1\",\"secret.key\":\"%s\",\"kaipiao.db\":\"%s\"}\n",
		 hash[0], hash[1]);
	buf_init(&tar, 1 << 28);
	add_part(&tar, "meta.json", meta, strlen(meta));
	add_part(&tar, "secret.key", key, sizeof(key));
	add_part(&tar, "kaipiao.db", data, n);
	free(data);
	assert_int_equal(file_write(file, tar.data, tar.len, 0600, &lab->e), ERR_OK);
	buf_free(&tar);
	assert_int_equal(desk_restore(home, NULL, file, NULL, false, &done, &lab->e), ERR_OK);
	assert_int_equal(done.locked, 0);
	assert_true(key_opens(lab, home));
}

/* A new key opens everything, the old one nothing; an engine at work is not disturbed. */
static void changes_the_key(void **state)
{
	struct lab *lab = *state;
	unsigned char before[SECRET_KEY], key[SECRET_KEY];
	struct push_target t = {.key_id = "k", .together = 1, .days = 1}, now;
	char path[HOME_PATH], context[POST_CONTEXT];
	unsigned char *plain = NULL;
	int64_t renewed = 0;
	struct unit u;
	bool found;
	int fd = -1;
	size_t n = 0;

	lab_stock(lab, 10, 0);
	read_key_file(lab, lab->home, before);
	assert_int_equal(desk_unit(lab->s, &u, &lab->e), ERR_OK);
	t.unit_id = u.id;
	assert_int_equal(secret_seal(before, push_url_context(&u, context), "https://a/", 10,
				     &t.sealed_url, &lab->e),
			 ERR_OK);
	assert_int_equal(secret_seal(before, push_secret_context(&u, context), "0123456789", 10,
				     &t.sealed_secret, &lab->e),
			 ERR_OK);
	assert_int_equal(db_begin(lab->s->db, &lab->e), ERR_OK);
	assert_int_equal(store_push_target_put(lab->s->db, &t, &lab->e), ERR_OK);
	assert_int_equal(db_commit(lab->s->db, &lab->e), ERR_OK);
	push_target_free(&t);

	assert_int_equal(home_path(lab->home, HOME_LOCK, path, &lab->e), ERR_OK);
	assert_int_equal(file_lock(path, &fd, &lab->e), ERR_OK);
	assert_int_equal(desk_key_rotate(lab->s, &renewed, &lab->e), ERR_BUSY);
	file_unlock(&fd);
	assert_int_equal(desk_key_rotate(lab->s, &renewed, &lab->e), ERR_OK);
	assert_int_equal(renewed, 3);
	read_key_file(lab, lab->home, key);
	assert_memory_not_equal(key, before, sizeof(key));
	assert_int_equal(store_push_target_get(lab->s->db, u.id, &now, &found, &lab->e), ERR_OK);
	assert_int_equal(secret_open(key, push_secret_context(&u, context), now.sealed_secret,
				     &plain, &n, &lab->e),
			 ERR_OK);
	assert_memory_equal(plain, "0123456789", 10);
	free(plain);
	push_target_free(&now);
	unit_free(&u);
	assert_true(key_opens(lab, lab->home));
}

/* What is no database any more is replaced as a file, and kept. */
static void replaces_a_damaged_one(void **state)
{
	struct lab *lab = *state;
	char file[200], value[32], path[HOME_PATH];
	struct restored done;

	snprintf(file, sizeof(file), "%s/one.bak", lab->top);
	assert_int_equal(desk_param_set(lab->s, "a", "b", "before", &lab->e), ERR_OK);
	assert_int_equal(desk_backup(lab->s, file, &lab->e), ERR_OK);
	desk_close(&lab->s);
	assert_int_equal(home_path(lab->home, HOME_DB, path, &lab->e), ERR_OK);
	assert_int_equal(file_write(path, "rubbish rubbish rubbish", 23, 0600, &lab->e), ERR_OK);
	assert_int_equal(desk_restore(lab->home, NULL, file, NULL, false, &done, &lab->e), ERR_OK);
	assert_true(file_exists(done.aside));
	assert_int_equal(desk_open(lab->home, NULL, NULL, &lab->s, &lab->e), ERR_OK);
	assert_int_equal(desk_param_get(lab->s, "a", "b", value, sizeof(value), &lab->e), ERR_OK);
	assert_string_equal(value, "before");
}

/* Homes were made with smaller pages once. */
static void fits_a_home_of_other_pages(void **state)
{
	struct lab *lab = *state;
	char file[200], value[32], path[HOME_PATH];
	struct restored done;
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
	assert_int_equal(desk_restore(lab->home, NULL, file, NULL, false, &done, &lab->e), ERR_OK);
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
	    LAB_TEST(brings_a_home_back),      LAB_TEST(opens_the_keys_of_another_home),
	    LAB_TEST(keeps_the_key_at_home),   LAB_TEST(makes_no_key_unasked),
	    LAB_TEST(restores_an_earlier_one), LAB_TEST(changes_the_key),
	    LAB_TEST(replaces_a_damaged_one),  LAB_TEST(fits_a_home_of_other_pages),
	};

	return cmocka_run_group_tests_name("desk_backup", tests, NULL, NULL);
}

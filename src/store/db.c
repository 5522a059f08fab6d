/* db.c - what does not depend on the backend: schema files, keys, checked backups. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/crash.h"
#include "base/file.h"
#include "store/db_p.h"

enum { PATH_SIZE = 4096 };

int db_schema_file(size_t i, const struct embedded **file)
{
	static const char dir[] = "data/schema/";
	*file = embed_nth(dir, i);
	return *file ? (int)strtol((*file)->name + sizeof(dir) - 1, NULL, 10) : 0;
}

int db_schema_version(void)
{
	const struct embedded *file;
	int newest = 0, number;
	for (size_t i = 0; (number = db_schema_file(i, &file)) != 0; i++)
		newest = number > newest ? number : newest;
	return newest;
}

enum err db_next_ids(struct db *db, const char *name, int64_t n, int64_t *first, struct err_info *e)
{
	int64_t last = 0;
	bool found = false;
	enum err r =
	    db_get_int(db, e, &last, &found, "SELECT value FROM counter WHERE name = ?", "s", name);
	if (!r)
		r = found
			? db_run(db, e, NULL, "UPDATE counter SET value = value + ? WHERE name = ?",
				 "ls", n, name)
			: db_run(db, e, NULL, "INSERT INTO counter (name, value) VALUES (?, ?)",
				 "sl", name, n);
	if (!r)
		*first = last + 1;
	return r;
}

enum err db_next_id(struct db *db, const char *name, int64_t *out, struct err_info *e)
{
	return db_next_ids(db, name, 1, out, e);
}

enum err db_create_file(const char *path, struct err_info *e)
{
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (fd < 0)
		return err_errno(e, errno, path);
	close(fd);
	return ERR_OK;
}

enum err db_absent(const char *path, struct err_info *e)
{
	err_fail(e, ERR_INVALID, "home.absent", "数据库", "%s 不存在", path);
	err_hint(e, "先运行 kaipiao init，或用 --home 指明主目录");
	return ERR_INVALID;
}

static enum err damaged(struct err_info *e, const char *finding)
{
	err_fail(e, ERR_DAMAGED, "db.damaged", "数据库", "完整性检查不通过：%s", finding);
	err_hint(e, "用 kaipiao restore 恢复最近的备份");
	return ERR_DAMAGED;
}

enum err db_check(struct db *db, struct err_info *e)
{
	struct rows *q;
	char finding[256] = "";
	enum err r = db_query(db, &q, e, "PRAGMA integrity_check(1)", "");
	if (!r && rows_next(q) && strcmp(rows_text(q, 0), "ok") != 0)
		r = damaged(e, rows_text(q, 0));
	r = rows_end(&q, r, e);
	if (r)
		return r;
	r = db_query(db, &q, e, "PRAGMA foreign_key_check", "");
	if (!r && rows_next(q)) {
		snprintf(finding, sizeof(finding), "表 %.100s 有一行所指的 %.100s 不存在",
			 rows_text(q, 0), rows_text(q, 2));
		r = damaged(e, finding);
	}
	return rows_end(&q, r, e);
}

/* A copy is only a backup when it opens and is sound. */
static enum err check_copy(const char *path, struct err_info *e)
{
	struct db *copy = NULL;
	enum err r = db_open(path, DB_WRITE, &copy, e);
	if (!r)
		r = db_check(copy, e);
	db_close(&copy);
	return r;
}

/* Makes a rename durable: fsync of the directory that holds path. */
static enum err sync_dir_of(const char *path, struct err_info *e)
{
	char dir[PATH_SIZE] = ".";
	const char *slash = strrchr(path, '/');
	if (slash)
		snprintf(dir, sizeof(dir), "%.*s", (int)(slash - path) + 1, path);
	int fault = file_sync_dir(dir);
	return fault ? err_errno(e, fault, path) : ERR_OK;
}

enum err db_backup(struct db *db, const char *path, struct err_info *e)
{
	char temp[PATH_SIZE];
	if (db_in_transaction(db))
		return err_fail(e, ERR_INTERNAL, "db.nested", "备份", "事务还没有结束");
	if (file_exists(path)) {
		err_fail(e, ERR_INVALID, "backup.exists", "备份", "%s 已存在", path);
		err_hint(e, "换一个文件名");
		return ERR_INVALID;
	}
	int n = snprintf(temp, sizeof(temp), "%s.part", path);
	if (n < 0 || (size_t)n >= sizeof(temp))
		return err_fail(e, ERR_INVALID, "backup.path", "备份", "文件名过长");
	unlink(temp);
	enum err r = db_create_file(temp, e);
	if (!r)
		r = db_copy_pages(db, temp, e);
	if (!r)
		r = check_copy(temp, e);
	if (!r && rename(temp, path) != 0)
		r = err_errno(e, errno, path);
	if (r) {
		unlink(temp);
		return r;
	}
	r = sync_dir_of(path, e);
	if (!r)
		crash_step("rename");
	return r;
}

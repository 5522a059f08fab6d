/* home.c - names of the files of a home directory. */
#include "store/home.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static const char *const NAMES[] = {
    [HOME_DB] = "kaipiao.db",
    [HOME_SECRET] = "secret.key",
    [HOME_LOCK] = "sync.lock",
    [HOME_LOG] = "kaipiao.log",
    [HOME_FILES] = "files",
    [HOME_PRACTICE] = "practice",
    [HOME_IMPORT_LOCK] = "import.lock",
    [HOME_BATCH_LOCK] = "batch.lock",
};

static enum err checked(int n, struct err_info *e)
{
	if (n < 0 || n >= HOME_PATH)
		return err_fail(e, ERR_INVALID, "home.path", "主目录", "路径超过 %d 字节",
				HOME_PATH - 1);
	return ERR_OK;
}

enum err home_path(const char *home, enum home_file f, char out[HOME_PATH], struct err_info *e)
{
	return checked(snprintf(out, HOME_PATH, "%s/%s", home, NAMES[f]), e);
}

/* ---- what a person's file must not take the place of ---- */

static const char *const OWN[] = {"kaipiao.db", "kaipiao.db-wal", "kaipiao.db-shm", "secret.key",
				  "sync.lock",  "import.lock",    "batch.lock",     "kaipiao.log"};

static bool same_file(const char *a, const char *b)
{
	struct stat x, y;

	return stat(a, &x) == 0 && stat(b, &y) == 0 && x.st_dev == y.st_dev && x.st_ino == y.st_ino;
}

/* Does the path lead into the folder? */
static bool stands_in(const char *path, const char *folder)
{
	const char *slash = strrchr(path, '/');
	char dir[HOME_PATH];
	int n = slash ? snprintf(dir, sizeof(dir), "%.*s/", (int)(slash - path), path)
		      : snprintf(dir, sizeof(dir), ".");

	return n > 0 && n < HOME_PATH && same_file(dir, folder);
}

static bool is_own(const char *home, const char *path)
{
	const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
	bool inside = stands_in(path, home);
	char own[HOME_PATH];
	size_t i;

	for (i = 0; i < sizeof(OWN) / sizeof(OWN[0]); i++) {
		if (inside && !strcmp(name, OWN[i]))
			return true;
		if (!checked(snprintf(own, sizeof(own), "%s/%s", home, OWN[i]), NULL) &&
		    same_file(path, own))
			return true;
	}
	return false;
}

/* A link to a device or a folder is none to be replaced. */
static bool is_link(const char *path)
{
	struct stat st;

	if (lstat(path, &st) != 0 || !S_ISLNK(st.st_mode))
		return false;
	return stat(path, &st) == 0 ? S_ISREG(st.st_mode) : errno == ENOENT;
}

enum err home_may_write(const char *home, const char *path, struct err_info *e)
{
	if (is_own(home, path))
		err_fail(e, ERR_INVALID, "file.home", path, "这是主目录自己的文件，不能写成别的");
	else if (is_link(path))
		err_fail(e, ERR_INVALID, "file.link", path, "这是一个链接，不能替换");
	else
		return ERR_OK;
	err_hint(e, "请换一个文件名");
	return ERR_INVALID;
}

enum err home_default(char out[HOME_PATH], struct err_info *e)
{
	const char *set = getenv("KAIPIAO_HOME");
	if (set && *set)
		return checked(snprintf(out, HOME_PATH, "%s", set), e);
	const char *data = getenv("XDG_DATA_HOME");
	if (data && *data)
		return checked(snprintf(out, HOME_PATH, "%s/kaipiao", data), e);
	const char *user = getenv("HOME");
	if (!user || !*user)
		return err_fail(e, ERR_USAGE, "home.unset", "主目录",
				"没有设置 HOME，请用 --home 指定");
	return checked(snprintf(out, HOME_PATH, "%s/.local/share/kaipiao", user), e);
}

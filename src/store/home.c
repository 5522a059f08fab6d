/* home.c - names of the files of a home directory. */
#include "store/home.h"

#include <stdio.h>
#include <stdlib.h>

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

/* home.c - making a home. */
#include "desk/home.h"

#include <string.h>
#include <sys/stat.h>

#include "base/base.h"

static enum err first_user(struct db *db, bool *created, struct err_info *e)
{
	struct app_user u = {
	    .name = "admin", .display_name = "管理员", .role = "admin", .enabled = true};
	struct app_user there;
	enum err r = store_user_find(db, u.name, &there, e);

	*created = false;
	if (r != ERR_DENIED)
		return r;
	err_clear(e);
	desk_os_user(u.os_user, sizeof(u.os_user));
	r = store_user_add(db, &u, e);
	*created = !r;
	return r;
}

static enum err fill_database(struct db *db, bool *created, struct err_info *e)
{
	enum err r;

	if ((r = db_begin(db, e)))
		return r;
	if ((r = first_user(db, created, e)) || (r = store_taxcode_starter(db, e))) {
		db_rollback(db);
		return r;
	}
	return db_commit(db, e);
}

enum err desk_home_init(const char *home, bool *created, struct err_info *e)
{
	unsigned char key[SECRET_KEY];
	char path[HOME_PATH];
	struct db *db;
	enum err r;

	if ((r = home_path(home, HOME_SECRET, path, e)))
		return r;
	if (!file_exists(home) && (r = file_mkdirs(home, 0700, e)))
		return r;
	if ((r = secret_load(path, 1, key, e)))
		return r;
	secret_wipe(key, sizeof(key));
	if ((r = home_path(home, HOME_DB, path, e)) || (r = db_open(path, DB_CREATE, &db, e)))
		return r;
	r = fill_database(db, created, e);
	db_close(&db);
	if (!r && chmod(path, 0600) != 0)
		r = err_fail(e, ERR_DENIED, "home.mode", path, "不能把权限改为 600");
	return r;
}

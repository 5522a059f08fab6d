/* key.c - the key of a home. */
#include "store/key.h"

#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "store/home.h"
#include "store/settings.h"

/* A name for a key that says nothing of it. */
static void name_of(const unsigned char key[SECRET_KEY], char out[HASH_TEXT])
{
	static const char WHAT[] = "kaipiao home key";

	hash_hmac_sha256(key, SECRET_KEY, "", WHAT, sizeof(WHAT) - 1, out);
}

static enum err add_next(const char *path, char next[SECRET_PATH], struct err_info *e)
{
	if (snprintf(next, SECRET_PATH, "%s.next", path) < SECRET_PATH)
		return ERR_OK;
	return err_fail(e, ERR_INVALID, "home.path", "密钥文件", "路径太长");
}

/* Which of the two it is; *next "" unless it is the one beside; *sure false: neither is noted. */
static enum err choose(struct db *db, const char *path, unsigned char key[SECRET_KEY],
		       char next[SECRET_PATH], bool *sure, struct err_info *e)
{
	unsigned char *beside;
	char noted[HASH_TEXT], name[HASH_TEXT];
	enum err r = add_next(path, next, e);

	name_of(key, name);
	if (r || (r = store_key_noted(db, noted, e)))
		return r;
	beside = secret_alloc(SECRET_KEY);
	if (!strcmp(name, noted) || !file_exists(next) || secret_load(next, 0, beside, NULL))
		*next = 0;
	else if (name_of(beside, name), strcmp(name, noted) != 0)
		*next = 0;
	else
		memcpy(key, beside, SECRET_KEY);
	*sure = !*noted || !strcmp(name, noted);
	secret_free(beside, SECRET_KEY);
	return ERR_OK;
}

/* The key, the place of its file, and that of the key where it lies beside. */
static enum err look(const char *home, struct db *db, unsigned char key[SECRET_KEY],
		     char path[SECRET_PATH], char next[SECRET_PATH], struct err_info *e)
{
	char own[HOME_PATH];
	bool sure = false;
	enum err r = home_path(home, HOME_SECRET, own, e);

	*next = 0;
	/* Twice, where the one beside took its place between the two looks. */
	for (int i = 0; i < 2 && !r && !sure; i++) {
		if ((r = secret_load(own, 0, key, e)) ||
		    secret_place(own, path) == SECRET_CREDENTIAL)
			return r;
		r = choose(db, path, key, next, &sure, e);
	}
	return r;
}

enum err home_load_key(const char *home, struct db *db, unsigned char key[SECRET_KEY],
		       struct err_info *e)
{
	char path[SECRET_PATH], next[SECRET_PATH];
	enum err r = look(home, db, key, path, next, e);

	if (!r && *next)
		file_move(next, path, NULL); /* else the next one does */
	return r;
}

enum err home_key_beside(const char *home, struct db *db, char next[SECRET_PATH],
			 struct err_info *e)
{
	unsigned char *key = secret_alloc(SECRET_KEY);
	char path[SECRET_PATH];
	enum err r = look(home, db, key, path, next, e);

	secret_free(key, SECRET_KEY);
	return r;
}

enum err home_key_files(const char *home, char path[SECRET_PATH], char next[SECRET_PATH],
			struct err_info *e)
{
	char own[HOME_PATH];
	enum err r = home_path(home, HOME_SECRET, own, e);

	if (r)
		return r;
	if (secret_place(own, path) == SECRET_CREDENTIAL) {
		err_fail(e, ERR_DENIED, "key.credential", "主目录的密钥",
			 "由 systemd 凭据提供，不能在这里更换");
		err_hint(e, "请把密钥文件放回主目录（secret.key，权限 600），更换后再登记为凭据");
		return ERR_DENIED;
	}
	return add_next(path, next, e);
}

enum err store_key_noted(struct db *db, char name[HASH_TEXT], struct err_info *e)
{
	return store_setting_get(db, "home", "key", "", name, HASH_TEXT, e);
}

enum err store_key_same(struct db *db, const char *name, struct err_info *e)
{
	char now[HASH_TEXT];
	enum err r = store_key_noted(db, now, e);

	if (r || !strcmp(now, name))
		return r;
	err_fail(e, ERR_BUSY, "key.changed", "主目录的密钥", "刚刚更换，没有保存");
	err_hint(e, "请再做一次");
	return ERR_BUSY;
}

enum err store_key_note(struct db *db, const unsigned char key[SECRET_KEY], struct err_info *e)
{
	char name[HASH_TEXT];

	name_of(key, name);
	return store_setting_set(db, "home", "key", name, e);
}

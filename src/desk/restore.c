/* restore.c - a backup in the place of a home. */
#include "desk/home.h"

#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "desk/backup_p.h"

static enum err not_a_backup(const char *file, const char *why, struct err_info *e)
{
	err_fail(e, ERR_INVALID, "backup.form", file, "不是完整的备份文件：%s", why);
	err_hint(e, "请换用 kaipiao backup 写出的文件");
	return ERR_INVALID;
}

/* Finds the parts of a backup in its view; names are those pack() wrote. */
static enum err unpack(const char *file, const struct backup_view *v,
		       struct backup_part parts[PART_MAX], struct err_info *e)
{
	static const char *const NAMES[PART_MAX] = {"meta.json", "secret.key", "kaipiao.db"};
	size_t at = 0, i;

	for (i = 0; i < PART_MAX; i++) {
		const unsigned char *h = v->data + at;
		char size[12] = "";
		unsigned long long n;

		if (v->n - at < TAR_BLOCK || memcmp(h + 257, "ustar", 5) != 0 ||
		    strncmp((const char *)h, NAMES[i], 100) != 0)
			return not_a_backup(file, NAMES[i], e);
		memcpy(size, h + 124, 11);
		n = strtoull(size, NULL, 8);
		at += TAR_BLOCK;
		if (n == 0 || n > v->n - at)
			return not_a_backup(file, "内容不全", e);
		text_copy(parts[i].name, sizeof(parts[i].name), NAMES[i]);
		parts[i].view = (struct backup_view) {.data = v->data + at, .n = (size_t)n};
		at += (size_t)n + (TAR_BLOCK - (size_t)n % TAR_BLOCK) % TAR_BLOCK;
		if (at > v->n)
			return not_a_backup(file, "内容不全", e);
	}
	return ERR_OK;
}

/* Compares the parts with the hashes of meta.json. */
static enum err verify(const char *file, const struct backup_part parts[PART_MAX],
		       struct err_info *e)
{
	cJSON *meta = NULL;
	char hash[HASH_TEXT];
	enum err r = ERR_OK;
	size_t i;

	if (json_parse((const char *)parts[0].view.data, parts[0].view.n, 4096, &meta, NULL) ||
	    strcmp(json_member(meta, "format"), "kaipiao-backup-1") != 0)
		r = not_a_backup(file, "meta.json", e);
	if (!r && parts[1].view.n != SECRET_KEY)
		r = not_a_backup(file, "secret.key", e);
	for (i = 1; i < PART_MAX && !r; i++) {
		hash_sha256(parts[i].view.data, parts[i].view.n, hash);
		if (strcmp(hash, json_member(meta, parts[i].name)) != 0)
			r = not_a_backup(file, "校验和不符", e);
	}
	json_free(&meta);
	return r;
}

/* The old home, where it can be opened, says who may replace it; closing it folds its log in. */
static enum err may_replace(const char *home, const char *user, struct err_info *e)
{
	struct session *s = NULL;
	enum err r = desk_open(home, user, NULL, &s, e);

	if (r == ERR_DENIED)
		return r;
	if (r) {
		err_clear(e);
		return ERR_OK;
	}
	r = desk_allow(s, DESK_BACKUP, e);
	desk_close(&s);
	return r;
}

static enum err restore_locked(const char *home, const struct backup_part parts[PART_MAX],
			       char *aside, struct err_info *e)
{
	char lock[HOME_PATH];
	int fd = -1;
	enum err r = home_path(home, HOME_LOCK, lock, e);

	if (!r && (r = file_lock(lock, &fd, e)) == ERR_BUSY)
		err_hint(e, "请先停止正在运行的程序");
	if (!r)
		r = restore_place(home, parts, aside, e);
	file_unlock(&fd);
	return r;
}

enum err desk_restore(const char *home, const char *user, const char *file, char *aside,
		      struct err_info *e)
{
	struct backup_part parts[PART_MAX];
	struct backup_view v;
	enum err r;

	aside[0] = 0;
	if ((r = backup_view_open(file, &v, e)))
		return r;
	memset(parts, 0, sizeof(parts));
	if (!(r = unpack(file, &v, parts, e)) && !(r = verify(file, parts, e)) &&
	    !(r = may_replace(home, user, e)) &&
	    (file_exists(home) || !(r = file_mkdirs(home, 0700, e))))
		r = restore_locked(home, parts, aside, e);
	backup_view_close(&v);
	return r;
}

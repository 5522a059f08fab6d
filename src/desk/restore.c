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

/* Reads one part at *at; false: there is none, or not all of it. */
static bool read_part(const struct backup_view *v, size_t *at, struct backup_part *out)
{
	const unsigned char *h = v->data + *at;
	char size[12] = "";
	unsigned long long n;

	if (v->n - *at < TAR_BLOCK || memcmp(h + 257, "ustar", 5) != 0)
		return false;
	memcpy(size, h + 124, 11);
	n = strtoull(size, NULL, 8);
	*at += TAR_BLOCK;
	if (n == 0 || n > v->n - *at)
		return false;
	memcpy(out->name, h, sizeof(out->name) - 1);
	out->name[sizeof(out->name) - 1] = 0;
	out->view = (struct backup_view) {.data = v->data + *at, .n = (size_t)n};
	*at += (size_t)n + (TAR_BLOCK - (size_t)n % TAR_BLOCK) % TAR_BLOCK;
	return *at <= v->n;
}

static bool is_key(const struct backup_part *p)
{
	return !strcmp(p->name, "secret.key") || !strcmp(p->name, BACKUP_SEALED_KEY);
}

/* Finds the parts of a backup in its view, in the order pack() wrote them. */
static enum err unpack(const char *file, const struct backup_view *v,
		       struct backup_part parts[PART_MAX], struct err_info *e)
{
	size_t at = 0;

	if (!read_part(v, &at, &parts[PART_META]) ||
	    strcmp(parts[PART_META].name, "meta.json") != 0)
		return not_a_backup(file, "meta.json", e);
	if (!read_part(v, &at, &parts[PART_KEY]))
		return not_a_backup(file, "内容不全", e);
	if (is_key(&parts[PART_KEY])) {
		if (!read_part(v, &at, &parts[PART_DB]))
			return not_a_backup(file, "内容不全", e);
	} else {
		parts[PART_DB] = parts[PART_KEY];
		memset(&parts[PART_KEY], 0, sizeof(parts[PART_KEY]));
	}
	if (strcmp(parts[PART_DB].name, "kaipiao.db") != 0)
		return not_a_backup(file, "kaipiao.db", e);
	return ERR_OK;
}

/* Compares the parts with the hashes of meta.json. */
static enum err verify(const char *file, const struct backup_part parts[PART_MAX],
		       struct err_info *e)
{
	bool bare = !strcmp(parts[PART_KEY].name, "secret.key");
	cJSON *meta = NULL;
	char hash[HASH_TEXT];
	enum err r = ERR_OK;
	size_t i;

	if (json_parse((const char *)parts[PART_META].view.data, parts[PART_META].view.n, 4096,
		       &meta, NULL) ||
	    strcmp(json_member(meta, "format"), bare ? BACKUP_FORMAT_1 : BACKUP_FORMAT) != 0)
		r = not_a_backup(file, "meta.json", e);
	if (!r && bare && parts[PART_KEY].view.n != SECRET_KEY)
		r = not_a_backup(file, "secret.key", e);
	for (i = PART_KEY; i < PART_MAX && !r; i++) {
		if (!*parts[i].name)
			continue;
		hash_sha256(parts[i].view.data, parts[i].view.n, hash);
		if (strcmp(hash, json_member(meta, parts[i].name)) != 0)
			r = not_a_backup(file, "校验和不符", e);
	}
	json_free(&meta);
	return r;
}

/* The key of the backup into out, where it can be had: *have. */
static enum err backup_key(const struct backup_part *part, const char *passphrase,
			   unsigned char out[SECRET_KEY], bool *have, struct err_info *e)
{
	char *text;
	enum err r;

	*have = false;
	if (!strcmp(part->name, "secret.key")) {
		memcpy(out, part->view.data, SECRET_KEY);
		*have = true;
	}
	if (strcmp(part->name, BACKUP_SEALED_KEY) != 0 || !passphrase)
		return ERR_OK;
	text = mem_strndup((const char *)part->view.data, part->view.n);
	r = secret_unwrap(passphrase, text, out, e);
	*have = !r;
	free(text);
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

static enum err restore_locked(const char *home, const struct restoring *from, struct restored *out,
			       struct err_info *e)
{
	char lock[HOME_PATH];
	int fd = -1;
	enum err r = home_path(home, HOME_LOCK, lock, e);

	if (!r && (r = file_lock(lock, &fd, e)) == ERR_BUSY)
		err_hint(e, "请先停止正在运行的程序");
	if (!r)
		r = restore_place(home, from, out, e);
	file_unlock(&fd);
	return r;
}

static enum err restore_parts(const char *home, const struct backup_part parts[PART_MAX],
			      const char *passphrase, bool new_key, struct restored *out,
			      struct err_info *e)
{
	unsigned char *key = secret_alloc(SECRET_KEY);
	struct restoring from = {.db = &parts[PART_DB].view, .new_key = new_key};
	bool have;
	enum err r = backup_key(&parts[PART_KEY], passphrase, key, &have, e);

	from.key = have ? key : NULL;
	from.sealed = !have && *parts[PART_KEY].name;
	if (!r && (file_exists(home) || !(r = file_mkdirs(home, 0700, e))))
		r = restore_locked(home, &from, out, e);
	secret_free(key, SECRET_KEY);
	return r;
}

enum err desk_restore(const char *home, const char *user, const char *file, const char *passphrase,
		      bool new_key, struct restored *out, struct err_info *e)
{
	struct backup_part parts[PART_MAX];
	struct backup_view v;
	enum err r;

	*out = (struct restored) {.locked = 0};
	if ((r = backup_view_open(file, &v, e)))
		return r;
	memset(parts, 0, sizeof(parts));
	if (!(r = unpack(file, &v, parts, e)) && !(r = verify(file, parts, e)) &&
	    !(r = may_replace(home, user, e)))
		r = restore_parts(home, parts, passphrase, new_key, out, e);
	backup_view_close(&v);
	return r;
}

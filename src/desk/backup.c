/* backup.c - a home in one file, and back. */
#include "desk/home.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/base.h"

enum { TAR_BLOCK = 512, PART_MAX = 3, SIDE_PATH = HOME_PATH + 64 };

/* A read-only view of a file or of a part of one. */
struct view {
	const unsigned char *data;
	size_t n;
	void *map; /* whole mapping */
	size_t map_n;
};

struct part {
	char name[100];
	struct view view;
};

static enum err view_open(const char *path, struct view *v, struct err_info *e)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat st;
	enum err r = ERR_OK;

	memset(v, 0, sizeof(*v));
	if (fd < 0 || fstat(fd, &st) != 0) {
		r = errno == ENOENT ? err_fail(e, ERR_INVALID, "file.missing", path, "文件不存在")
				    : err_errno(e, errno, path);
	} else if (st.st_size <= 0) {
		r = err_fail(e, ERR_INVALID, "file.empty", path, "文件是空的");
	} else {
		v->map_n = v->n = (size_t)st.st_size;
		v->map = mmap(NULL, v->map_n, PROT_READ, MAP_PRIVATE, fd, 0);
		if (v->map == MAP_FAILED)
			r = err_errno(e, errno, path);
		v->data = v->map;
	}
	if (fd >= 0)
		close(fd);
	if (r)
		memset(v, 0, sizeof(*v));
	return r;
}

static void view_close(struct view *v)
{
	if (v->map)
		munmap(v->map, v->map_n);
	memset(v, 0, sizeof(*v));
}

/* ---- writing ---- */

static enum err put_bytes(int fd, const char *path, const void *data, size_t n, struct err_info *e)
{
	const char *p = data;

	while (n) {
		ssize_t done = write(fd, p, n);

		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0)
			return err_errno(e, errno, path);
		p += done;
		n -= (size_t)done;
	}
	return ERR_OK;
}

/* A ustar header: octal fields, sum of bytes with the sum field as blanks. */
static void tar_header(unsigned char h[TAR_BLOCK], const char *name, size_t n)
{
	unsigned sum = 0;
	size_t i;

	memset(h, 0, TAR_BLOCK);
	text_copy((char *)h, 100, name);
	snprintf((char *)h + 100, 8, "0000600");
	snprintf((char *)h + 108, 8, "0000000");
	snprintf((char *)h + 116, 8, "0000000");
	snprintf((char *)h + 124, 12, "%011llo", (unsigned long long)n);
	snprintf((char *)h + 136, 12, "%011llo", (unsigned long long)clock_now());
	memset(h + 148, ' ', 8);
	h[156] = '0';
	memcpy(h + 257, "ustar\00000", 8);
	for (i = 0; i < TAR_BLOCK; i++)
		sum += h[i];
	snprintf((char *)h + 148, 8, "%06o", sum);
}

static enum err put_part(int fd, const char *path, const struct part *p, struct err_info *e)
{
	static const char ZERO[TAR_BLOCK];
	unsigned char head[TAR_BLOCK];
	size_t pad = (TAR_BLOCK - p->view.n % TAR_BLOCK) % TAR_BLOCK;
	enum err r;

	tar_header(head, p->name, p->view.n);
	if ((r = put_bytes(fd, path, head, sizeof(head), e)) ||
	    (r = put_bytes(fd, path, p->view.data, p->view.n, e)))
		return r;
	return put_bytes(fd, path, ZERO, pad, e);
}

static enum err put_parts(int fd, const char *path, const struct part *parts, size_t n,
			  struct err_info *e)
{
	static const char END[2 * TAR_BLOCK];
	enum err r = ERR_OK;
	size_t i;

	for (i = 0; i < n && !r; i++)
		r = put_part(fd, path, &parts[i], e);
	if (!r)
		r = put_bytes(fd, path, END, sizeof(END), e);
	if (!r && fsync(fd) != 0)
		r = err_errno(e, errno, path);
	return r;
}

/* Makes the rename of a finished file durable. */
static enum err rename_durable(const char *from, const char *to, struct err_info *e)
{
	char dir[SIDE_PATH];
	char *slash;
	int fd;

	if (rename(from, to) != 0)
		return err_errno(e, errno, to);
	crash_step("file.rename");
	snprintf(dir, sizeof(dir), "%s", to);
	slash = strrchr(dir, '/');
	if (slash)
		slash[1] = 0;
	fd = open(slash ? dir : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd >= 0) {
		fsync(fd);
		close(fd);
	}
	return ERR_OK;
}

static enum err write_parts(const char *file, const struct part *parts, size_t n,
			    struct err_info *e)
{
	char temp[SIDE_PATH];
	int fd;
	enum err r;

	snprintf(temp, sizeof(temp), "%s.kp-XXXXXX", file);
	fd = mkostemp(temp, O_CLOEXEC);
	if (fd < 0)
		return errno == ENOENT
			   ? err_fail(e, ERR_INVALID, "file.missing", file, "目录不存在")
			   : err_errno(e, errno, file);
	r = put_parts(fd, file, parts, n, e);
	if (close(fd) != 0 && !r)
		r = err_errno(e, errno, file);
	if (!r)
		r = rename_durable(temp, file, e);
	if (r)
		unlink(temp);
	return r;
}

static void describe(struct buf *b, const struct part *key, const struct part *db)
{
	char hash[HASH_TEXT], at[DATETIME_TEXT];
	struct json_out o;

	json_out_init(&o, b, 2);
	json_open(&o, NULL, '{');
	json_put(&o, "format", "kaipiao-backup-1");
	json_put(&o, "made_at", datetime_text(clock_now(), at));
	json_put_int(&o, "schema", db_schema_version());
	hash_sha256(key->view.data, key->view.n, hash);
	json_put(&o, "secret.key", hash);
	hash_sha256(db->view.data, db->view.n, hash);
	json_put(&o, "kaipiao.db", hash);
	json_close(&o, '}');
	buf_addc(b, '\n');
}

static enum err pack(const char *secret, const char *copy, const char *file, struct err_info *e)
{
	struct part parts[PART_MAX] = {
	    {.name = "meta.json"}, {.name = "secret.key"}, {.name = "kaipiao.db"}};
	struct buf meta;
	enum err r;

	buf_init(&meta, 4096);
	if (!(r = view_open(secret, &parts[1].view, e)) &&
	    !(r = view_open(copy, &parts[2].view, e))) {
		describe(&meta, &parts[1], &parts[2]);
		parts[0].view.data = (const unsigned char *)buf_str(&meta);
		parts[0].view.n = meta.len;
		r = write_parts(file, parts, PART_MAX, e);
	}
	view_close(&parts[1].view);
	view_close(&parts[2].view);
	buf_free(&meta);
	return r;
}

static enum err may_write_beside(const char *file, struct err_info *e)
{
	char dir[SIDE_PATH];
	char *slash;

	text_copy(dir, sizeof(dir), file);
	slash = strrchr(dir, '/');
	if (slash)
		slash[1] = 0;
	else
		text_copy(dir, sizeof(dir), ".");
	if (access(dir, W_OK) == 0)
		return ERR_OK;
	if (errno == EACCES)
		return err_fail(e, ERR_DENIED, "file.denied", dir, "没有写入权限");
	return err_fail(e, ERR_INVALID, "file.missing", dir, "目录不存在或不能写入");
}

enum err desk_backup(struct session *s, const char *file, struct err_info *e)
{
	char secret[HOME_PATH], copy[SIDE_PATH];
	enum err r;

	if ((r = desk_allow(s, DESK_BACKUP, e)) || (r = home_path(s->home, HOME_SECRET, secret, e)))
		return r;
	if (file_exists(file)) {
		err_fail(e, ERR_INVALID, "file.exists", file, "文件已存在");
		err_hint(e, "请换一个文件名");
		return ERR_INVALID;
	}
	if (strlen(file) > HOME_PATH)
		return err_fail(e, ERR_INVALID, "file.name_long", "备份", "文件名太长");
	if ((r = may_write_beside(file, e)))
		return r;
	/* Beside the backup: there is room there or nowhere. */
	snprintf(copy, sizeof(copy), "%s.db-%ld", file, (long)getpid());
	r = db_backup(s->db, copy, e);
	if (!r)
		r = pack(secret, copy, file, e);
	unlink(copy);
	return r;
}

/* ---- reading ---- */

static enum err not_a_backup(const char *file, const char *why, struct err_info *e)
{
	err_fail(e, ERR_INVALID, "backup.form", file, "不是完整的备份文件：%s", why);
	err_hint(e, "请换用 kaipiao backup 写出的文件");
	return ERR_INVALID;
}

/* Finds the parts of a backup in its view; names are those pack() wrote. */
static enum err unpack(const char *file, const struct view *v, struct part parts[PART_MAX],
		       struct err_info *e)
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
		parts[i].view = (struct view) {.data = v->data + at, .n = (size_t)n};
		at += (size_t)n + (TAR_BLOCK - (size_t)n % TAR_BLOCK) % TAR_BLOCK;
		if (at > v->n)
			return not_a_backup(file, "内容不全", e);
	}
	return ERR_OK;
}

/* Compares the parts with the hashes of meta.json. */
static enum err verify(const char *file, const struct part parts[PART_MAX], struct err_info *e)
{
	cJSON *meta = NULL;
	char hash[HASH_TEXT];
	enum err r = ERR_OK;
	size_t i;

	if (json_parse((const char *)parts[0].view.data, parts[0].view.n, 4096, &meta, NULL) ||
	    strcmp(json_member(meta, "format"), "kaipiao-backup-1") != 0)
		r = not_a_backup(file, "meta.json", e);
	for (i = 1; i < PART_MAX && !r; i++) {
		hash_sha256(parts[i].view.data, parts[i].view.n, hash);
		if (strcmp(hash, json_member(meta, parts[i].name)) != 0)
			r = not_a_backup(file, "校验和不符", e);
	}
	json_free(&meta);
	return r;
}

/* Writes one part as PATH.new; it takes its place later by a rename. */
static enum err write_new(const char *path, const struct part *p, struct err_info *e)
{
	char fresh[SIDE_PATH];
	int fd;
	enum err r;

	snprintf(fresh, sizeof(fresh), "%s.new", path);
	fd = open(fresh, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (fd < 0)
		return err_errno(e, errno, fresh);
	r = put_bytes(fd, fresh, p->view.data, p->view.n, e);
	if (!r && fsync(fd) != 0)
		r = err_errno(e, errno, fresh);
	close(fd);
	return r;
}

/* Keeps a second name for a file that is about to be replaced. */
static enum err keep_aside(const char *path, const char *stamp, char out[SIDE_PATH],
			   struct err_info *e)
{
	out[0] = 0;
	if (!file_exists(path))
		return ERR_OK;
	snprintf(out, SIDE_PATH, "%s.before-%s", path, stamp);
	return link(path, out) == 0 ? ERR_OK : err_errno(e, errno, out);
}

static enum err put_in_place(const char *path, struct err_info *e)
{
	char fresh[SIDE_PATH];

	snprintf(fresh, sizeof(fresh), "%s.new", path);
	return rename_durable(fresh, path, e);
}

/* A log that belongs to the old database must not be played into the new one. */
static void move_journal(const char *db, const char *aside, const char *suffix)
{
	char from[SIDE_PATH], to[SIDE_PATH + 8];

	snprintf(from, sizeof(from), "%s%s", db, suffix);
	snprintf(to, sizeof(to), "%s%s", aside, suffix);
	if (*aside)
		rename(from, to);
	else
		unlink(from);
}

static enum err swap(const char *secret, const char *db, char *aside, struct err_info *e)
{
	char stamp[DATETIME_TEXT], old[SIDE_PATH], old_key[SIDE_PATH], *p, *q;
	enum err r;

	datetime_text(clock_now(), stamp);
	for (p = q = stamp; *p; p++) {
		if (*p >= '0' && *p <= '9')
			*q++ = *p;
	}
	*q = 0;
	if ((r = keep_aside(db, stamp, old, e)) || (r = keep_aside(secret, stamp, old_key, e)))
		return r;
	move_journal(db, old, "-wal");
	move_journal(db, old, "-shm");
	if ((r = put_in_place(secret, e)) || (r = put_in_place(db, e)))
		return r;
	text_copy(aside, HOME_PATH, old);
	return ERR_OK;
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

/* The new database must open under its temporary name before it takes the place of the old one. */
static enum err try_new(const char *db, struct err_info *e)
{
	char fresh[SIDE_PATH];
	struct db *trial;
	enum err r;

	snprintf(fresh, sizeof(fresh), "%s.new", db);
	if ((r = db_open(fresh, DB_WRITE, &trial, e)))
		return r;
	r = db_check(trial, e);
	db_close(&trial);
	return r;
}

static enum err restore_parts(const char *home, const struct part parts[PART_MAX], char *aside,
			      struct err_info *e)
{
	char secret[HOME_PATH], db[HOME_PATH], fresh[SIDE_PATH];
	enum err r;

	if ((r = home_path(home, HOME_SECRET, secret, e)) || (r = home_path(home, HOME_DB, db, e)))
		return r;
	if (!(r = write_new(secret, &parts[1], e)) && !(r = write_new(db, &parts[2], e)) &&
	    !(r = try_new(db, e)))
		r = swap(secret, db, aside, e);
	if (r) {
		snprintf(fresh, sizeof(fresh), "%s.new", secret);
		unlink(fresh);
		snprintf(fresh, sizeof(fresh), "%s.new", db);
		unlink(fresh);
	}
	return r;
}

static enum err restore_locked(const char *home, const struct part parts[PART_MAX], char *aside,
			       struct err_info *e)
{
	char lock[HOME_PATH];
	int fd = -1;
	enum err r = home_path(home, HOME_LOCK, lock, e);

	if (!r && (r = file_lock(lock, &fd, e)) == ERR_BUSY)
		err_hint(e, "请先停止正在运行的程序");
	if (!r)
		r = restore_parts(home, parts, aside, e);
	file_unlock(&fd);
	return r;
}

enum err desk_restore(const char *home, const char *user, const char *file, char *aside,
		      struct err_info *e)
{
	struct part parts[PART_MAX];
	struct view v;
	enum err r;

	aside[0] = 0;
	if ((r = view_open(file, &v, e)))
		return r;
	memset(parts, 0, sizeof(parts));
	if (!(r = unpack(file, &v, parts, e)) && !(r = verify(file, parts, e)) &&
	    !(r = may_replace(home, user, e)) &&
	    (file_exists(home) || !(r = file_mkdirs(home, 0700, e))))
		r = restore_locked(home, parts, aside, e);
	view_close(&v);
	return r;
}

/* backup.c - a home in one file. */
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
#include "desk/backup_p.h"

enum err backup_view_open(const char *path, struct backup_view *v, struct err_info *e)
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

void backup_view_close(struct backup_view *v)
{
	if (v->map)
		munmap(v->map, v->map_n);
	memset(v, 0, sizeof(*v));
}

enum err backup_put_bytes(int fd, const char *path, const void *data, size_t n, struct err_info *e)
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

static enum err put_part(int fd, const char *path, const struct backup_part *p, struct err_info *e)
{
	static const char ZERO[TAR_BLOCK];
	unsigned char head[TAR_BLOCK];
	size_t pad = (TAR_BLOCK - p->view.n % TAR_BLOCK) % TAR_BLOCK;
	enum err r;

	tar_header(head, p->name, p->view.n);
	if ((r = backup_put_bytes(fd, path, head, sizeof(head), e)) ||
	    (r = backup_put_bytes(fd, path, p->view.data, p->view.n, e)))
		return r;
	return backup_put_bytes(fd, path, ZERO, pad, e);
}

static enum err put_parts(int fd, const char *path, const struct backup_part *parts, size_t n,
			  struct err_info *e)
{
	static const char END[2 * TAR_BLOCK];
	enum err r = ERR_OK;
	size_t i;

	for (i = 0; i < n && !r; i++)
		r = put_part(fd, path, &parts[i], e);
	if (!r)
		r = backup_put_bytes(fd, path, END, sizeof(END), e);
	if (!r && fsync(fd) != 0)
		r = err_errno(e, errno, path);
	return r;
}

/* Makes the rename of a finished file durable. */
enum err backup_rename(const char *from, const char *to, struct err_info *e)
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

static enum err write_parts(const char *file, const struct backup_part *parts, size_t n,
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
		r = backup_rename(temp, file, e);
	if (r)
		unlink(temp);
	return r;
}

static void describe(struct buf *b, const struct backup_part *key, const struct backup_part *db)
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
	struct backup_part parts[PART_MAX] = {
	    {.name = "meta.json"}, {.name = "secret.key"}, {.name = "kaipiao.db"}};
	struct buf meta;
	enum err r;

	buf_init(&meta, 4096);
	if (!(r = backup_view_open(secret, &parts[1].view, e)) &&
	    !(r = backup_view_open(copy, &parts[2].view, e))) {
		unlink(copy); /* the view keeps it */
		describe(&meta, &parts[1], &parts[2]);
		parts[0].view.data = (const unsigned char *)buf_str(&meta);
		parts[0].view.n = meta.len;
		r = write_parts(file, parts, PART_MAX, e);
	}
	backup_view_close(&parts[1].view);
	backup_view_close(&parts[2].view);
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
	/* Beside the backup: there is room there or nowhere.  One that died left its copy. */
	snprintf(copy, sizeof(copy), "%s.part", file);
	unlink(copy);
	r = db_backup(s->db, copy, e);
	if (!r)
		r = pack(secret, copy, file, e);
	unlink(copy);
	return r;
}

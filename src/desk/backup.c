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
	int fault = file_put_all(fd, data, n);

	return fault ? err_errno(e, fault, path) : ERR_OK;
}

/* What eleven octal digits say: 8 GiB. */
#define TAR_MOST 077777777777ULL

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
	snprintf((char *)h + 124, 12, "%011llo", (unsigned long long)n & TAR_MOST);
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

	if (p->view.n > TAR_MOST)
		return err_fail(e, ERR_INVALID, "backup.large", path,
				"数据库超过 8 GiB，放不进备份");
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
		if (parts[i].view.n)
			r = put_part(fd, path, &parts[i], e);
	if (!r)
		r = backup_put_bytes(fd, path, END, sizeof(END), e);
	if (!r && fsync(fd) != 0)
		r = err_errno(e, errno, path);
	return r;
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
		r = file_move(temp, file, e);
	if (r)
		unlink(temp);
	return r;
}

static void describe(struct buf *b, const struct backup_part *parts, size_t n)
{
	char hash[HASH_TEXT], at[DATETIME_TEXT];
	struct json_out o;
	size_t i;

	json_out_init(&o, b, 2);
	json_open(&o, NULL, '{');
	json_put(&o, "format", BACKUP_FORMAT);
	json_put(&o, "made_at", datetime_text(clock_now(), at));
	json_put_int(&o, "schema", db_schema_version());
	for (i = 0; i < n; i++) {
		if (!parts[i].view.n)
			continue;
		hash_sha256(parts[i].view.data, parts[i].view.n, hash);
		json_put(&o, parts[i].name, hash);
	}
	json_close(&o, '}');
	buf_addc(b, '\n');
}

/* wrapped NULL: without the key. */
static enum err pack(const char *wrapped, const char *copy, const char *file, struct err_info *e)
{
	struct backup_part parts[PART_MAX] = {[PART_META] = {.name = "meta.json"},
					      [PART_KEY] = {.name = BACKUP_SEALED_KEY},
					      [PART_DB] = {.name = "kaipiao.db"}};
	struct buf meta;
	enum err r;

	buf_init(&meta, 4096);
	if (!(r = backup_view_open(copy, &parts[PART_DB].view, e))) {
		unlink(copy); /* the view keeps it */
		if (wrapped)
			parts[PART_KEY].view = (struct backup_view) {
			    .data = (const unsigned char *)wrapped, .n = strlen(wrapped)};
		describe(&meta, parts + PART_KEY, PART_MAX - PART_KEY);
		parts[PART_META].view.data = (const unsigned char *)buf_str(&meta);
		parts[PART_META].view.n = meta.len;
		r = write_parts(file, parts, PART_MAX, e);
	}
	backup_view_close(&parts[PART_DB].view);
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

/* The key under the passphrase. */
static enum err wrap_key(struct session *s, const char *passphrase, char **out, struct err_info *e)
{
	unsigned char *key;
	enum err r;

	if (strlen(passphrase) < PASSPHRASE_MIN) {
		err_fail(e, ERR_INVALID, "backup.passphrase", "口令", "至少 %d 个字符",
			 PASSPHRASE_MIN);
		err_field(e, "passphrase-file");
		return ERR_INVALID;
	}
	key = secret_alloc(SECRET_KEY);
	if (!(r = home_load_key(s->home, s->db, key, e)))
		r = secret_wrap(passphrase, key, out, e);
	secret_free(key, SECRET_KEY);
	return r;
}

static enum err may_write(const char *file, struct err_info *e)
{
	if (file_exists(file)) {
		err_fail(e, ERR_INVALID, "file.exists", file, "文件已存在");
		err_hint(e, "请换一个文件名");
		return ERR_INVALID;
	}
	if (strlen(file) > HOME_PATH)
		return err_fail(e, ERR_INVALID, "file.name_long", "备份", "文件名太长");
	return may_write_beside(file, e);
}

enum err desk_backup_keyed(struct session *s, const char *file, const char *passphrase,
			   struct err_info *e)
{
	char copy[SIDE_PATH], key[HASH_TEXT], *wrapped = NULL;
	enum err r;

	if ((r = desk_allow(s, DESK_BACKUP, e)) || (r = may_write(file, e)) ||
	    (r = store_key_noted(s->db, key, e)) ||
	    (passphrase && (r = wrap_key(s, passphrase, &wrapped, e))))
		return r;
	/* Beside the backup: there is room there or nowhere.  One that died left its copy. */
	snprintf(copy, sizeof(copy), "%s.part", file);
	unlink(copy);
	r = db_backup(s->db, copy, e);
	if (!r && wrapped) /* else the copy may be sealed under another */
		r = store_key_same(s->db, key, e);
	if (!r)
		r = pack(wrapped, copy, file, e);
	unlink(copy);
	free(wrapped);
	return r;
}

enum err desk_backup(struct session *s, const char *file, struct err_info *e)
{
	return desk_backup_keyed(s, file, NULL, e);
}

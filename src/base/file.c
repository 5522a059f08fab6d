#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/crash.h"
#include "base/file_p.h"
#include "base/text.h"

enum { CHUNK = 64 << 10, SAFE_NAME_MAX = 120 };

/* Faults of a path the person named: his to mend, not the machine's. */
static const struct path_fault {
	int errnum;
	enum err class;
	const char *code, *why, *hint;
} PATH_FAULTS[] = {
    {ENOENT, ERR_INVALID, "file.missing", "文件或目录不存在", "请检查路径"},
    {ENOTDIR, ERR_INVALID, "file.not_dir", "路径中有一级不是目录", "请检查路径"},
    {EISDIR, ERR_INVALID, "file.is_dir", "这是一个目录，不是文件", "请给出文件名"},
    {ENAMETOOLONG, ERR_INVALID, "file.name_long", "路径太长", "请换一个较短的路径"},
    {ELOOP, ERR_INVALID, "file.loop", "符号链接互相指向", "请检查路径"},
    {EACCES, ERR_DENIED, "file.denied", "没有权限", "请检查文件和目录的权限"},
    {EPERM, ERR_DENIED, "file.denied", "没有权限", "请检查文件和目录的权限"},
    {EBUSY, ERR_DENIED, "file.mounted", "是挂载点", "请换一个没有挂载的路径"},
};

enum err file_fail(struct err_info *e, int errnum, const char *path)
{
	size_t i;

	for (i = 0; i < sizeof(PATH_FAULTS) / sizeof(PATH_FAULTS[0]); i++) {
		const struct path_fault *f = &PATH_FAULTS[i];

		if (f->errnum != errnum)
			continue;
		err_fail(e, f->class, f->code, path, "%s", f->why);
		err_hint(e, "%s", f->hint);
		err_detail(e, "errno %d", errnum);
		return f->class;
	}
	return err_errno(e, errnum, path);
}

/* ---- writing ---- */

int file_put_all(int fd, const void *data, size_t n)
{
	const char *from = data;

	while (n) {
		ssize_t done = write(fd, from, n);

		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0)
			return errno;
		from += done;
		n -= (size_t)done;
	}
	return 0;
}

/* A device or pipe cannot be replaced; it takes the bytes as they come. */
static int write_special(const char *path, const void *data, size_t n)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC), fault;

	if (fd < 0)
		return errno;
	fault = file_put_all(fd, data, n);
	if (close(fd) != 0 && !fault)
		fault = errno;
	return fault;
}

/* The directory part of path (with its slash), "" when there is none; false when too long. */
static bool dir_part(const char *path, char *out, size_t size)
{
	const char *slash = strrchr(path, '/');
	size_t n = slash ? (size_t)(slash - path) + 1 : 0;

	if (n >= size)
		return false;
	memcpy(out, path, n);
	out[n] = 0;
	return true;
}

int file_sync_dir(const char *dir)
{
	int fd = open(*dir ? dir : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC), fault = 0;

	if (fd < 0)
		return errno;
	/* Some network file systems cannot sync a directory; there is nothing better to do. */
	if (fsync(fd) != 0 && errno != EINVAL)
		fault = errno;
	close(fd);
	return fault;
}

/* Fills the temp file and closes it; 0 or errno. */
static int fill_temp(int fd, const void *data, size_t n, mode_t mode)
{
	int fault = file_put_all(fd, data, n);

	if (!fault && fchmod(fd, mode) != 0)
		fault = errno;
	if (!fault && fsync(fd) != 0)
		fault = errno;
	if (close(fd) != 0 && !fault)
		fault = errno;
	return fault;
}

static int replace_file(const char *path, const void *data, size_t n, mode_t mode)
{
	char dir[PATH_MAX], temp[PATH_MAX + 16];
	int fd, fault;

	if (!dir_part(path, dir, sizeof(dir)))
		return ENAMETOOLONG;
	snprintf(temp, sizeof(temp), "%s.kp-XXXXXX", dir);
	fd = mkostemp(temp, O_CLOEXEC);
	if (fd < 0)
		return errno;
	fault = fill_temp(fd, data, n, mode);
	if (!fault && rename(temp, path) != 0)
		fault = errno;
	if (fault) {
		unlink(temp);
		return fault;
	}
	crash_step("file.rename");
	return file_sync_dir(dir);
}

enum err file_write(const char *path, const void *data, size_t n, mode_t mode, struct err_info *e)
{
	struct stat st;
	bool exists = stat(path, &st) == 0;
	int fault;

	if (exists && S_ISDIR(st.st_mode))
		fault = EISDIR;
	else if (exists && !S_ISREG(st.st_mode))
		fault = write_special(path, data, n);
	else
		fault = replace_file(path, data, n, mode);
	return fault ? file_fail(e, fault, path) : ERR_OK;
}

enum err file_move(const char *from, const char *to, struct err_info *e)
{
	char dir[PATH_MAX];
	int fault;

	if (!dir_part(to, dir, sizeof(dir)))
		return file_fail(e, ENAMETOOLONG, to);
	if (rename(from, to) != 0)
		return file_fail(e, errno, to);
	crash_step("file.rename");
	fault = file_sync_dir(dir);
	return fault ? file_fail(e, fault, to) : ERR_OK;
}

/* ---- reading ---- */

static enum err read_all(int fd, const char *path, size_t max, struct buf *b, struct err_info *e)
{
	char *chunk = mem_alloc(CHUNK);
	ssize_t got = 1;
	int fault = 0;

	while (got && !b->failed) {
		got = read(fd, chunk, CHUNK);
		if (got < 0 && errno == EINTR) {
			got = 1;
		} else if (got < 0) {
			fault = errno;
			break;
		} else {
			buf_add(b, chunk, (size_t)got);
		}
	}
	free(chunk);
	if (fault)
		return file_fail(e, fault, path);
	if (b->failed)
		return err_fail(e, ERR_INVALID, "file.too_large", path, "超过 %zu 字节的上限", max);
	return ERR_OK;
}

enum err file_read(const char *path, size_t max, char **data, size_t *n, struct err_info *e)
{
	bool is_stdin = !strcmp(path, "-");
	int fd = is_stdin ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
	struct buf b;
	enum err rc;

	if (fd < 0)
		return file_fail(e, errno, path);
	buf_init(&b, max);
	rc = read_all(fd, is_stdin ? "标准输入" : path, max, &b, e);
	if (!is_stdin)
		close(fd);
	if (rc) {
		buf_free(&b);
		return rc;
	}
	*n = b.len;
	*data = buf_detach(&b);
	return ERR_OK;
}

/* ---- directories and names ---- */

/* 0 or errno; a directory that is there already is fine. */
static int make_dir(const char *path, mode_t mode)
{
	struct stat st;

	if (mkdir(path, mode) == 0)
		return 0;
	if (errno != EEXIST)
		return errno;
	return stat(path, &st) == 0 && S_ISDIR(st.st_mode) ? 0 : ENOTDIR;
}

enum err file_mkdirs(const char *path, mode_t mode, struct err_info *e)
{
	char *copy = mem_strdup(path), *slash;
	size_t n = strlen(copy);
	int fault = 0;

	while (n > 1 && copy[n - 1] == '/')
		copy[--n] = 0;
	for (slash = copy + 1; n && !fault && (slash = strchr(slash, '/')); slash++) {
		*slash = 0;
		fault = make_dir(copy, 0755);
		*slash = '/';
	}
	if (!fault)
		fault = make_dir(copy, mode);
	free(copy);
	return fault ? file_fail(e, fault, path) : ERR_OK;
}

bool file_exists(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0;
}

bool file_join(char *out, size_t size, const char *dir, const char *name)
{
	size_t n = strlen(dir);
	const char *slash = !n || dir[n - 1] == '/' ? "" : "/";
	int len = snprintf(out, size, "%s%s%s", dir, slash, name);

	return len >= 0 && (size_t)len < size;
}

static bool is_unsafe_in_name(uint32_t cp, size_t len)
{
	return text_is_forbidden(cp) || (cp == 0xFFFD && len == 1) ||
	       (cp < 0x80 && strchr("/\\:*?\"<>|", (int)cp));
}

void file_safe_name(char *out, size_t size, const char *name)
{
	size_t left = strlen(name), at = 0, max = SAFE_NAME_MAX, len, dots = strspn(name, ".");
	uint32_t cp;

	if (!size)
		return;
	if (size - 1 < max)
		max = size - 1;
	for (; left; name += len, left -= len) {
		len = text_next(name, left, &cp);
		if (at + len > max)
			break;
		if (at < dots || is_unsafe_in_name(cp, len)) {
			out[at++] = '_';
		} else {
			memcpy(out + at, name, len);
			at += len;
		}
	}
	/* Windows drops dots and blanks at the end, so two names could become one. */
	for (len = at; len && (out[len - 1] == '.' || out[len - 1] == ' '); len--)
		out[len - 1] = '_';
	if (!at && max)
		out[at++] = '_';
	out[at] = 0;
}

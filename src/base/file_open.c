/* Files read piece by piece, and scratch files without a name. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/file_p.h"

enum { PIECE = 64 << 10, WATCH_MS = 50 };

static int scratch_in(const char *dir)
{
	char name[4096];
	int fd = open(dir, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);

	if (fd >= 0)
		return fd;
	/* Not every file system has files without a name. */
	if (!file_join(name, sizeof(name), dir, "kaipiao-XXXXXX"))
		return -1;
	fd = mkostemp(name, O_CLOEXEC);
	if (fd >= 0)
		unlink(name);
	return fd;
}

enum err file_scratch(int *fd, struct err_info *e)
{
	const char *dir = getenv("TMPDIR");
	int made = dir && *dir ? scratch_in(dir) : -1;

	if (made < 0)
		made = scratch_in(P_tmpdir);
	if (made < 0)
		return err_errno(e, errno, "临时文件");
	*fd = made;
	return ERR_OK;
}

enum err file_scratch_add(int fd, const void *data, size_t n, struct err_info *e)
{
	int fault = file_put_all(fd, data, n);

	return fault ? err_errno(e, fault, "临时文件") : ERR_OK;
}

ssize_t file_read_at(int fd, void *out, size_t n, int64_t at)
{
	char *to = out;
	size_t have = 0;

	while (have < n) {
		ssize_t got = pread(fd, to + have, n - have, at + (int64_t)have);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -1;
		if (!got)
			break;
		have += (size_t)got;
	}
	return (ssize_t)have;
}

static enum err too_large(const char *path, int64_t max, struct err_info *e)
{
	err_fail(e, ERR_INVALID, "file.large", path, "文件超过 %lld 兆字节",
		 (long long)(max >> 20));
	err_hint(e, "请拆成几个文件");
	return ERR_INVALID;
}

/* Whoever writes into a pipe may let it wait for ever. */
static enum err await(int from, const char *path, const atomic_bool *stop, struct err_info *e)
{
	struct pollfd p = {.fd = from, .events = POLLIN};

	while (stop) {
		if (atomic_load(stop))
			return err_fail(e, ERR_INVALID, "file.stopped", path, "读取已中止");
		if (poll(&p, 1, WATCH_MS) > 0)
			break;
	}
	return ERR_OK;
}

/* Copies what comes from `from` into a scratch file. */
static enum err spool(int from, const char *path, int64_t max, const atomic_bool *stop, int *fd,
		      int64_t *size, struct err_info *e)
{
	char *piece = mem_alloc(PIECE);
	int64_t total = 0;
	enum err rc = file_scratch(fd, e);
	bool made = !rc;

	while (!rc && !(rc = await(from, path, stop, e))) {
		ssize_t got = read(from, piece, PIECE);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			rc = file_fail(e, errno, path);
		else if (!got)
			break;
		else if ((total += got) > max)
			rc = too_large(path, max, e);
		else
			rc = file_scratch_add(*fd, piece, (size_t)got, e);
	}
	if (rc && made)
		close(*fd);
	free(piece);
	*size = total;
	return rc;
}

enum err file_open(const char *path, int64_t max, int *fd, int64_t *size, struct err_info *e)
{
	return file_open_watched(path, max, NULL, fd, size, e);
}

enum err file_open_watched(const char *path, int64_t max, const atomic_bool *stop, int *fd,
			   int64_t *size, struct err_info *e)
{
	bool is_stdin = !strcmp(path, "-");
	int from = is_stdin ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC), made = -1;
	int64_t bytes = 0;
	struct stat st;
	enum err rc = ERR_OK;

	if (from < 0)
		return file_fail(e, errno, path);
	path = is_stdin ? "标准输入" : path;
	if (fstat(from, &st) != 0)
		rc = file_fail(e, errno, path);
	else if (S_ISDIR(st.st_mode))
		rc = file_fail(e, EISDIR, path);
	else if (is_stdin || !S_ISREG(st.st_mode))
		rc = spool(from, path, max, stop, &made, &bytes, e);
	else if ((bytes = st.st_size) > max)
		rc = too_large(path, max, e);
	else
		made = from;
	if (!is_stdin && made != from)
		close(from);
	if (rc)
		return rc;
	*fd = made;
	*size = bytes;
	return ERR_OK;
}

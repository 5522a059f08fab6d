/* write_target.c - a file that is written beside its place and takes it when it is whole. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/crash.h"
#include "base/file.h"
#include "base/text.h"
#include "sheet/write_p.h"

enum { CHUNK = 64 << 10, MODE = 0600 };

enum err sheet_target_fail(struct err_info *e, int errnum, const char *path)
{
	static const struct {
		int errnum;
		enum err class;
		const char *code, *why, *hint;
	} FAULTS[] = {
	    {EEXIST, ERR_INVALID, "file.exists", "已有同名文件", "请换一个文件名，或明确要求覆盖"},
	    {ENOENT, ERR_INVALID, "file.missing", "目录不存在", "请检查路径"},
	    {ENOTDIR, ERR_INVALID, "file.not_dir", "路径中有一级不是目录", "请检查路径"},
	    {EISDIR, ERR_INVALID, "file.is_dir", "这是一个目录，不是文件", "请给出文件名"},
	    {ENAMETOOLONG, ERR_INVALID, "file.name_long", "路径太长", "请换一个较短的路径"},
	    {EACCES, ERR_DENIED, "file.denied", "没有权限", "请检查目录的权限"},
	    {EPERM, ERR_DENIED, "file.denied", "没有权限", "请检查目录的权限"},
	    {EPIPE, ERR_INVALID, "file.pipe", "接收的程序已经结束", "请检查管道后面的命令"},
	};
	size_t i;

	for (i = 0; i < sizeof(FAULTS) / sizeof(FAULTS[0]); i++) {
		if (FAULTS[i].errnum != errnum)
			continue;
		err_fail(e, FAULTS[i].class, FAULTS[i].code, path, "%s", FAULTS[i].why);
		err_hint(e, "%s", FAULTS[i].hint);
		return FAULTS[i].class;
	}
	return err_errno(e, errnum, path);
}

/* The folder of the path, "." when it names none. */
static void folder_of(const char *path, char out[PATH_MAX])
{
	const char *slash = strrchr(path, '/');
	size_t n = slash == path ? 1 : slash ? (size_t)(slash - path) : 0;

	memcpy(out, n ? path : ".", n ? n : 1);
	out[n ? n : 1] = 0;
}

static void temporary_folder(char out[PATH_MAX])
{
	const char *dir = getenv("TMPDIR");

	if (!dir || !*dir || !text_copy(out, PATH_MAX - 32, dir))
		text_copy(out, PATH_MAX, P_tmpdir);
}

/* What stands at the path already; 0 or errno. */
static int look_at_path(struct target *t)
{
	struct stat st;

	if (!strcmp(t->path, "-")) {
		t->stream = true;
		return 0;
	}
	if (stat(t->path, &st) != 0)
		return errno == ENOENT ? 0 : errno;
	if (S_ISDIR(st.st_mode))
		return EISDIR;
	t->stream = !S_ISREG(st.st_mode);
	return t->stream || t->replace ? 0 : EEXIST;
}

/* A file without a name: whoever dies leaves nothing behind.  Not every file system has them. */
static bool open_unnamed(struct target *t)
{
	t->fd = open(t->folder, O_TMPFILE | O_RDWR | O_CLOEXEC, MODE);
	if (t->fd < 0)
		return false;
	snprintf(t->temp, sizeof(t->temp), "/proc/self/fd/%d", t->fd);
	t->unnamed = access(t->temp, R_OK | W_OK) == 0;
	if (!t->unnamed) {
		close(t->fd);
		t->fd = -1;
	}
	return t->unnamed;
}

static int open_named(struct target *t)
{
	int n = snprintf(t->temp, sizeof(t->temp), "%s/.kp-XXXXXX", t->folder);

	if (n < 0 || (size_t)n >= sizeof(t->temp))
		return ENAMETOOLONG;
	t->fd = mkostemp(t->temp, O_CLOEXEC);
	return t->fd < 0 ? errno : 0;
}

enum err sheet_target_begin(struct target *t, const char *path, bool replace, struct err_info *e)
{
	int fault;

	memset(t, 0, sizeof(*t));
	t->fd = -1;
	t->replace = replace;
	if (!*path || !text_copy(t->path, sizeof(t->path) - 32, path))
		return sheet_target_fail(e, *path ? ENAMETOOLONG : ENOENT, path);
	if ((fault = look_at_path(t)))
		return sheet_target_fail(e, fault, path);
	if (t->stream)
		temporary_folder(t->folder);
	else
		folder_of(t->path, t->folder);
	if (!open_unnamed(t) && (fault = open_named(t)))
		return sheet_target_fail(e, fault, path);
	return ERR_OK;
}

void sheet_target_drop(struct target *t)
{
	if (t->fd < 0)
		return;
	close(t->fd);
	if (!t->unnamed)
		unlink(t->temp);
	t->fd = -1;
}

/* ---- ending ---- */

static int copy_out(int from, int to)
{
	char chunk[CHUNK];
	ssize_t got;
	int fault;

	if (lseek(from, 0, SEEK_SET) < 0)
		return errno;
	while ((got = read(from, chunk, sizeof(chunk))) != 0) {
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return errno;
		if ((fault = file_put_all(to, chunk, (size_t)got)))
			return fault;
	}
	return 0;
}

static int send_out(struct target *t)
{
	int fd, fault;

	if (!strcmp(t->path, "-"))
		return copy_out(t->fd, STDOUT_FILENO);
	fd = open(t->path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return errno;
	fault = copy_out(t->fd, fd);
	if (close(fd) != 0 && !fault)
		fault = errno;
	return fault;
}

/* Another file may have taken the name meanwhile: it is not replaced either. */
static int rename_new(const struct target *t)
{
	if (renameat2(AT_FDCWD, t->temp, AT_FDCWD, t->path, RENAME_NOREPLACE) == 0)
		return 0;
	if (errno != EINVAL && errno != ENOSYS)
		return errno;
	if (access(t->path, F_OK) == 0)
		return EEXIST;
	return rename(t->temp, t->path) == 0 ? 0 : errno;
}

static int link_as(const struct target *t, const char *name)
{
	return linkat(AT_FDCWD, t->temp, AT_FDCWD, name, AT_SYMLINK_FOLLOW) == 0 ? 0 : errno;
}

/* A name beside the path for a file without one, to be renamed over what is there. */
static int name_beside(struct target *t)
{
	enum { TRIES = 1000 };
	char name[PATH_MAX];
	int fault = EEXIST, n, i;

	for (i = 0; i < TRIES && fault == EEXIST; i++) {
		n = snprintf(name, sizeof(name), "%s/.kp-%ld-%d", t->folder, (long)getpid(), i);
		fault = n < 0 || (size_t)n >= sizeof(name) ? ENAMETOOLONG : link_as(t, name);
	}
	if (fault)
		return fault;
	memcpy(t->temp, name, sizeof(name));
	t->unnamed = false;
	return 0;
}

static int give_name(struct target *t)
{
	int fault = EEXIST;

	if (t->unnamed) {
		fault = link_as(t, t->path);
		if (fault != EEXIST || !t->replace)
			return fault;
		if ((fault = name_beside(t)))
			return fault;
	}
	if (!t->replace)
		return rename_new(t);
	return rename(t->temp, t->path) == 0 ? 0 : errno;
}

static int put_in_place(struct target *t)
{
	struct stat st;
	mode_t mode = stat(t->path, &st) == 0 ? st.st_mode & 0777 : MODE;
	int fault;

	if (fchmod(t->fd, mode) != 0 || fsync(t->fd) != 0)
		return errno;
	if ((fault = give_name(t)))
		return fault;
	close(t->fd);
	t->fd = -1;
	crash_step("sheet.rename");
	return file_sync_dir(t->folder);
}

enum err sheet_target_end(struct target *t, struct err_info *e)
{
	int fault = t->stream ? send_out(t) : put_in_place(t);

	sheet_target_drop(t);
	return fault ? sheet_target_fail(e, fault, strcmp(t->path, "-") ? t->path : "标准输出")
		     : ERR_OK;
}

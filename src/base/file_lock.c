/* file_lock.c - one holder at a time, who says who he is. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/date.h"
#include "base/file.h"
#include "base/file_p.h"
#include "base/text.h"

enum { NOTE_MAX = 256 };

/* The note in the file is for people; the kernel's lock alone decides, so a note that cannot be
 * written (disk full) does not fail the lock. */
static void write_note(int fd)
{
	char note[NOTE_MAX], host[128] = "", now[DATETIME_TEXT];
	int n;

	if (gethostname(host, sizeof(host) - 1) != 0 || !*host)
		text_copy(host, sizeof(host), "localhost");
	n = snprintf(note, sizeof(note), "%ld\n%s\n%s\n", (long)getpid(), host,
		     datetime_text(clock_now(), now));
	if (ftruncate(fd, 0) != 0 || pwrite(fd, note, (size_t)n, 0) != n)
		errno = 0;
}

/* Splits off one line of the note, cleaned: the file may hold anything. */
static char *take_line(char **rest)
{
	char *line = *rest;
	size_t n = strcspn(line, "\n");

	*rest += n + (line[n] == '\n');
	line[n] = 0;
	return text_clean(line, 64, false);
}

static enum err held_by_other(int fd, const char *path, struct err_info *e)
{
	char note[NOTE_MAX + 1], *rest = note;
	ssize_t got = pread(fd, note, NOTE_MAX, 0);
	char *pid, *host, *since;

	note[got > 0 ? got : 0] = 0;
	pid = take_line(&rest);
	host = take_line(&rest);
	since = take_line(&rest);
	if (text_all_digits(pid) && *host && *since)
		err_fail(e, ERR_BUSY, "lock.held", path, "由进程 %s（主机 %s，自 %s 起）占用", pid,
			 host, since);
	else
		err_fail(e, ERR_BUSY, "lock.held", path, "由另一进程占用");
	err_hint(e, "请等它结束后重试");
	free(pid);
	free(host);
	free(since);
	return ERR_BUSY;
}

enum err file_lock(const char *path, int *fd, struct err_info *e)
{
	struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
	int lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600), fault;
	enum err rc;

	if (lock < 0)
		return file_fail(e, errno, path);
	if (fcntl(lock, F_OFD_SETLK, &whole) == 0) {
		write_note(lock);
		*fd = lock;
		return ERR_OK;
	}
	fault = errno;
	if (fault == EAGAIN || fault == EACCES)
		rc = held_by_other(lock, path, e);
	else
		rc = err_errno(e, fault, path);
	close(lock);
	return rc;
}

void file_unlock(int *fd)
{
	if (*fd < 0)
		return;
	if (ftruncate(*fd, 0) != 0)
		errno = 0;
	close(*fd);
	*fd = -1;
}

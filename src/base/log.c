#include "base/log.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/date.h"
#include "base/file_p.h"
#include "base/text.h"

enum { LOG_MAX = 8 << 20, LINE_MAX_BYTES = 4096 };

static const char *const LEVEL_NAME[] = {"debug", "info", "warn", "error"};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int log_fd = -1;
static char *log_path;
static enum log_level log_least = LOG_INFO;

static int open_file(const char *path)
{
	return open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
}

static enum log_level level_from_env(void)
{
	const char *word = getenv("KAIPIAO_LOG");
	unsigned i;

	for (i = 0; word && i < sizeof(LEVEL_NAME) / sizeof(LEVEL_NAME[0]); i++) {
		if (!strcmp(word, LEVEL_NAME[i]))
			return (enum log_level)i;
	}
	return LOG_INFO;
}

enum err log_open(const char *path, struct err_info *e)
{
	int fd = open_file(path);

	if (fd < 0)
		return file_fail(e, errno, path);
	log_close();
	pthread_mutex_lock(&lock);
	log_fd = fd;
	mem_set(&log_path, path);
	log_least = level_from_env();
	pthread_mutex_unlock(&lock);
	return ERR_OK;
}

void log_close(void)
{
	pthread_mutex_lock(&lock);
	if (log_fd >= 0)
		close(log_fd);
	log_fd = -1;
	free(log_path);
	log_path = NULL;
	pthread_mutex_unlock(&lock);
}

/* Renames a full log to NAME.1 and goes on with a new file.  Other processes write to the same log:
 * the one that gets the lock of the old file first renames, the others find another file under the
 * name and only follow. */
static void rotate_if_full(void)
{
	struct stat held, named;
	char old[4096];
	int fd;

	if (fstat(log_fd, &held) != 0 || held.st_size < LOG_MAX)
		return;
	flock(log_fd, LOCK_EX);
	if (stat(log_path, &named) == 0 && named.st_ino == held.st_ino &&
	    named.st_dev == held.st_dev &&
	    (size_t)snprintf(old, sizeof(old), "%s.1", log_path) < sizeof(old))
		(void)rename(log_path, old);
	fd = open_file(log_path);
	if (fd >= 0) {
		close(log_fd); /* drops the lock */
		log_fd = fd;
	} else {
		flock(log_fd, LOCK_UN);
	}
}

/* One line: everything that could break it or the terminal that shows it becomes '?'. */
static size_t make_safe(const char *text, char *out, size_t size)
{
	size_t left = strlen(text), at = 0, len;
	uint32_t cp;

	for (; left; text += len, left -= len) {
		len = text_next(text, left, &cp);
		if (at + len >= size)
			break;
		if (text_is_forbidden(cp) || (cp == 0xFFFD && len == 1)) {
			out[at++] = '?';
		} else {
			memcpy(out + at, text, len);
			at += len;
		}
	}
	return at;
}

void log_write(enum log_level level, const char *room, const char *fmt, ...)
{
	char message[LINE_MAX_BYTES], raw[LINE_MAX_BYTES + 128], line[sizeof(raw) + 1];
	char now[DATETIME_TEXT];
	int64_t ms = clock_now_ms();
	va_list ap;
	size_t n;

	if (level < LOG_DEBUG || level > LOG_ERROR)
		level = LOG_ERROR;
	va_start(ap, fmt);
	if (vsnprintf(message, sizeof(message), fmt, ap) < 0)
		message[0] = 0;
	va_end(ap);
	message[text_whole(message, strlen(message))] = 0;
	snprintf(raw, sizeof(raw), "%s.%03d %-5s %.32s[%ld] %s", datetime_text(ms / 1000, now),
		 (int)(ms % 1000), LEVEL_NAME[level], room, (long)getpid(), message);
	n = make_safe(raw, line, sizeof(line) - 1);
	line[n++] = '\n';
	pthread_mutex_lock(&lock);
	if (log_fd >= 0 && level >= log_least) {
		rotate_if_full();
		/* A log that cannot be written must not stop the work it tells of. */
		if (write(log_fd, line, n) < 0)
			errno = 0;
	}
	pthread_mutex_unlock(&lock);
}

void log_err(enum log_level level, const char *room, const struct err_info *e)
{
	char sentence[1200];

	if (!e)
		return;
	err_sentence(e, sentence, sizeof(sentence));
	log_write(level, room, "[%s %s] %s%s%s%s%s", err_class_name(e->class), e->code, sentence,
		  *e->field ? " field=" : "", e->field, *e->detail ? " detail=" : "", e->detail);
}

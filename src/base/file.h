/* base/file.h - files that are whole or absent.
 *
 * Purpose     Writing is temp file, fsync, rename, fsync of the directory (architecture; power loss
 *             leaves the old or the new content).  Reading has a maximum.
 * Ownership   file_read's bytes belong to the caller (free()).
 */
#ifndef KP_BASE_FILE_H
#define KP_BASE_FILE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/err.h"

/* Replaces path by data with the mode; durable when it returns ERR_OK. */
enum err file_write(const char *path, const void *data, size_t n, mode_t mode, struct err_info *e);
/* All the bytes to an open file; 0 or errno. */
int file_put_all(int fd, const void *data, size_t n);
/* Makes lasting what was made or renamed in a directory ("": the present one); 0 or errno. */
int file_sync_dir(const char *dir);
/* Renames a finished file over `to`, durably. */
enum err file_move(const char *from, const char *to, struct err_info *e);
/* Whole file ("-" is stdin) with a NUL after the last byte; more than max bytes is ERR_INVALID. */
enum err file_read(const char *path, size_t max, char **data, size_t *n, struct err_info *e);
/* Opens a file that is read piece by piece.  "-" is stdin; what cannot seek (a pipe, a device) is
 * first copied to a scratch file.  More than max bytes is ERR_INVALID.  *size: its bytes. */
enum err file_open(const char *path, int64_t max, int *fd, int64_t *size, struct err_info *e);
/* The same; setting *stop (NULL: never) from anywhere ends waiting for a pipe within a moment,
 * ERR_INVALID "file.stopped". */
enum err file_open_watched(const char *path, int64_t max, const atomic_bool *stop, int *fd,
			   int64_t *size, struct err_info *e);
/* An empty file without a name, in $TMPDIR or the system's place; gone when fd is closed. */
enum err file_scratch(int *fd, struct err_info *e);
/* Adds bytes to a scratch file; ERR_DAMAGED when there is no room. */
enum err file_scratch_add(int fd, const void *data, size_t n, struct err_info *e);
/* Up to n bytes from `at`, fewer only at the end of the file; -1 and errno. */
ssize_t file_read_at(int fd, void *out, size_t n, int64_t at);
/* mkdir -p; the last directory gets the mode. */
enum err file_mkdirs(const char *path, mode_t mode, struct err_info *e);
bool file_exists(const char *path);
/* dir + "/" + name into out; false when it does not fit. */
bool file_join(char *out, size_t size, const char *dir, const char *name);
/* A name safe as a file name: path separators, controls, leading dots and characters Windows
 * refuses become '_', at most 120 bytes at a whole character. */
void file_safe_name(char *out, size_t size, const char *name);

/* An advisory lock that the kernel drops when the process dies (fcntl OFD lock).
 * file_lock: *fd >= 0 held by us; ERR_BUSY when another holds it (the holder's pid, host and start
 * time, which it wrote into the file, are in e->why). */
enum err file_lock(const char *path, int *fd, struct err_info *e);
void file_unlock(int *fd);

#endif

/* zip_p.h - the parts of a package (a zip archive), checked before anything of it is used.
 *
 * Invariants  Names have no path tricks and are unique without regard to case; backslashes count as
 *             slashes.  No part gives more bytes than its directory entry declares, and that is
 *             within bounds.
 * Ownership   The zip and its streams are closed by the caller, streams first.
 * Threads     Two streams may be read by two threads; sheet_zip_stop may come from anywhere.
 */
#ifndef KP_SHEET_ZIP_P_H
#define KP_SHEET_ZIP_P_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct sheet_zip;
struct sheet_stream;

/* The archive in fd (not taken over, and not read by anyone else meanwhile).  what: the name of the
 * file for the words of errors, it outlives the zip. */
enum err sheet_zip_open(int fd, int64_t size, const char *what, struct sheet_zip **out,
			struct err_info *e);
void sheet_zip_close(struct sheet_zip **z);
/* Every read from now on fails, ERR_INVALID "sheet.stopped". */
void sheet_zip_stop(struct sheet_zip *z);
/* The same as soon as *stop is set; NULL: never. */
void sheet_zip_watch(struct sheet_zip *z, const atomic_bool *stop);
const char *sheet_zip_what(const struct sheet_zip *z);

/* The part of that name, -1 when there is none. */
int64_t sheet_zip_find(const struct sheet_zip *z, const char *name);
/* Bytes of the part. */
int64_t sheet_zip_size(const struct sheet_zip *z, int64_t part);

enum err sheet_stream_open(struct sheet_zip *z, int64_t part, struct sheet_stream **out,
			   struct err_info *e);
/* Up to n bytes; *got 0 at the end, where the checksum is right. */
enum err sheet_stream_read(struct sheet_stream *s, void *out, size_t n, size_t *got,
			   struct err_info *e);
int64_t sheet_stream_done(const struct sheet_stream *s);
void sheet_stream_close(struct sheet_stream **s);

/* "sheet.hostile" and "sheet.broken": the sentence with the mend that always holds. */
enum err sheet_fail_hostile(struct err_info *e, const char *what, const char *why);
enum err sheet_fail_broken(struct err_info *e, const char *what, const char *why);

#endif

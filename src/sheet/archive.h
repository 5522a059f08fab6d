/* sheet/archive.h - zip archives, written straight to their place.
 *
 * Entries go to the file one after another; only the one in hand is in memory (what the end of the
 * archive says of the others waits in a file without a name).  Names are UTF-8 and marked so; an
 * absolute name, one with a backslash, or with a part "..", is refused.  Times are given, so equal
 * entries make equal bytes.  Beyond 65,535 entries or 4 GiB the archive has the forms of zip64.
 * Like all that is written here (write.h) it has its name when it is whole, and not before.
 */
#ifndef KP_SHEET_ARCHIVE_H
#define KP_SHEET_ARCHIVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct sheet_archive;
/* path "-": standard output.  An existing file is replaced only with `replace`. */
enum err sheet_archive_begin(const char *path, bool replace, struct sheet_archive **out,
			     struct err_info *e);
/* pack: make it smaller; what is packed already (PDF, OFD) is stored as it is.  at: Unix time, in
 * UTC+8 in the archive. */
enum err sheet_archive_add(struct sheet_archive *a, const char *name, const void *data, size_t n,
			   bool pack, int64_t at, struct err_info *e);
/* Bytes so far. */
int64_t sheet_archive_size(const struct sheet_archive *a);
/* Ends it, durable.  _drop throws it away.  Both free. */
enum err sheet_archive_end(struct sheet_archive **a, struct err_info *e);
void sheet_archive_drop(struct sheet_archive **a);

#endif

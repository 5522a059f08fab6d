/* file_p.h - the words for a path that fails, shared by the files of base that open one. */
#ifndef KP_BASE_FILE_P_H
#define KP_BASE_FILE_P_H

#include "base/err.h"

/* Fails for errno at `path`: what the person can mend about the path (ERR_INVALID, ERR_DENIED),
 * else err_errno. */
enum err file_fail(struct err_info *e, int errnum, const char *path);

#endif

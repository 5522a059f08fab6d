/* base/log.h - the technical log: one line per event, never a secret.
 *
 * Lines go to the file given to log_open (0600, rotated once at 8 MiB to NAME.1) and, from level
 * `warn` on, nowhere else: people are told through err_info.  KAIPIAO_LOG=debug|info|warn sets the
 * level (default info).  Control characters are replaced.  Thread safe.
 */
#ifndef KP_BASE_LOG_H
#define KP_BASE_LOG_H

#include "base/err.h"

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARN, LOG_ERROR };

enum err log_open(const char *path, struct err_info *e);
void log_close(void);
void log_write(enum log_level level, const char *room, const char *fmt, ...) ERR_PRINTF(3, 4);
/* Logs a filled err_info with its detail. */
void log_err(enum log_level level, const char *room, const struct err_info *e);

#endif

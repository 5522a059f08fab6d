/* desk/home.h - making, backing up and restoring a home.
 *
 * A backup is one file of mode 0600 in tar form: meta.json, secret.key, kaipiao.db.  The key file
 * goes along, because the API keys in the store are sealed under it: whoever has the backup can
 * issue, so it is to be kept like the home itself.
 */
#ifndef KP_DESK_HOME_H
#define KP_DESK_HOME_H

#include "desk/session.h"

/* Creates what is missing of a home: directory (0700), key file, database, the first administrator
 * bound to the OS user, starter tax codes.  Harmless when repeated; *created tells whether the
 * administrator was made now. */
enum err desk_home_init(const char *home, bool *created, struct err_info *e);

/* Writes a backup of the running home; an existing file is refused. */
enum err desk_backup(struct session *s, const char *file, struct err_info *e);
/* Puts a backup in the place of the home's content, under the processes that have it open; the
 * home keeps its key file.  ERR_BUSY while an engine runs.  The old database stays beside the new
 * one, *aside (HOME_PATH) names it, "" when there was none.  user as in desk_open: only an
 * administrator may, when the old home can be opened at all.  Numbers that were free when the
 * backup was made are never used again, and the setting (home, restored_at) notes the time: what
 * the backup calls unfinished may have been finished since. */
enum err desk_restore(const char *home, const char *user, const char *file, char *aside,
		      struct err_info *e);

#endif

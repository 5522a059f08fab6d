/* desk/home.h - making, backing up and restoring a home.
 *
 * A backup is one file of mode 0600 in tar form: meta.json, kaipiao.db.  API keys in it are sealed
 * under the key of the home, which does not go along, or goes along under a passphrase as
 * secret.key.sealed.  Earlier backups had it as it is, secret.key; they are restored as before.
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
/* The same with the key of the home under a passphrase; NULL: without. */
enum err desk_backup_keyed(struct session *s, const char *file, const char *passphrase,
			   struct err_info *e);
/* A new key: everything sealed is sealed under it.  ERR_BUSY while an engine runs; ERR_DENIED
 * "key.credential", or "key.place" (of any class) where the file cannot be replaced: nothing has
 * changed then.  "key.beside": it has, but the new key still lies beside.  *renewed: how many
 * secrets there were. */
enum err desk_key_rotate(struct session *s, int64_t *renewed, struct err_info *e);
/* Where the key lies while its own place cannot be taken, else "". */
enum err desk_key_beside(struct session *s, char next[SECRET_PATH], struct err_info *e);
/* Puts a backup in the place of the home's content, under the processes that have it open; the
 * home keeps its key, and gets one where it has none.  ERR_BUSY while an engine runs.  The old
 * database stays beside the new one.  user as in desk_open: only an
 * administrator may, when the old home can be opened at all.  Numbers that were free when the
 * backup was made are never used again, and the setting (home, restored_at) notes the time: what
 * the backup calls unfinished may have been finished since. */
struct restored {
	char aside[HOME_PATH]; /* the old database, "" when there was none */
	int64_t locked;        /* secrets that no key at hand opens: to be typed again */
	bool key_made; /* it has a key file of its own now that it had not, or had of no use */
};
/* passphrase may be NULL; ERR_INVALID "backup.passphrase" where it is needed.  new_key: the key of
 * the home is lost for good; else a home whose key this process cannot find is ERR_DAMAGED
 * "restore.key_missing" where that would lock the secrets of the backup. */
enum err desk_restore(const char *home, const char *user, const char *file, const char *passphrase,
		      bool new_key, struct restored *out, struct err_info *e);

#endif

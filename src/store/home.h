/* store/home.h - the home directory: which file is where.
 *
 *   kaipiao.db   the store            secret.key   seals API keys (0600)
 *   sync.lock    held by the engine   kaipiao.log  technical log
 *   files/       rendered files       practice/    state of a private practice platform
 *   import.lock  held by an import          batch.lock   held by who issues batches
 */
#ifndef KP_STORE_HOME_H
#define KP_STORE_HOME_H

#include "base/err.h"

enum home_file {
	HOME_DB,
	HOME_SECRET,
	HOME_LOCK,
	HOME_LOG,
	HOME_FILES,
	HOME_PRACTICE,
	HOME_IMPORT_LOCK,
	HOME_BATCH_LOCK
};
enum { HOME_PATH = 1024 };

/* Path of a file of the home; ERR_INVALID when the name is too long. */
enum err home_path(const char *home, enum home_file f, char out[HOME_PATH], struct err_info *e);
/* May a file that a person asks for be written there?  ERR_INVALID "file.home": one of the home's
 * own, by whatever name; "file.link": a symbolic link to a file, which would be put away. */
enum err home_may_write(const char *home, const char *path, struct err_info *e);
/* The default home: $KAIPIAO_HOME, else $XDG_DATA_HOME/kaipiao, else ~/.local/share/kaipiao. */
enum err home_default(char out[HOME_PATH], struct err_info *e);

#endif

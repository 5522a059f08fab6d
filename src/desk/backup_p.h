/* desk/backup_p.h - between writing and reading a backup: a tar of meta.json, the key where it goes
 * along, kaipiao.db. */
#ifndef KP_DESK_BACKUP_P_H
#define KP_DESK_BACKUP_P_H

#include "desk/home.h"

enum { TAR_BLOCK = 512, SIDE_PATH = HOME_PATH + 64, PASSPHRASE_MIN = 8 };
enum { PART_META, PART_KEY, PART_DB, PART_MAX };
#define BACKUP_FORMAT     "kaipiao-backup-2"
#define BACKUP_FORMAT_1   "kaipiao-backup-1"  /* with secret.key as it is */
#define BACKUP_SEALED_KEY "secret.key.sealed" /* base/secret.h: secret_wrap */

/* A read-only view of a file or of a part of one. */
struct backup_view {
	const unsigned char *data;
	size_t n;
	void *map; /* whole mapping */
	size_t map_n;
};

struct backup_part {
	char name[100];
	struct backup_view view;
};

enum err backup_view_open(const char *path, struct backup_view *v, struct err_info *e);
void backup_view_close(struct backup_view *v);
enum err backup_put_bytes(int fd, const char *path, const void *data, size_t n, struct err_info *e);
/* Puts a database, already verified, in the place of a home whose lock is held. */
struct restoring {
	const struct backup_view *db;
	const unsigned char *key; /* the key of the backup, NULL: not at hand */
	bool sealed;              /* it is in the backup, but there was no passphrase */
	bool new_key;             /* that of the home is lost: it may get another */
};
enum err restore_place(const char *home, const struct restoring *from, struct restored *out,
		       struct err_info *e);

#endif

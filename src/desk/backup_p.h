/* desk/backup_p.h - between writing and reading a backup: a tar of three files. */
#ifndef KP_DESK_BACKUP_P_H
#define KP_DESK_BACKUP_P_H

#include "desk/home.h"

enum { TAR_BLOCK = 512, PART_MAX = 3, SIDE_PATH = HOME_PATH + 64 };

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
/* Renames a finished file and makes that durable; a crash step. */
enum err backup_rename(const char *from, const char *to, struct err_info *e);
/* Puts the parts of a backup, already verified, in the place of a home whose lock is held. */
enum err restore_place(const char *home, const struct backup_part parts[PART_MAX], char *aside,
		       struct err_info *e);

#endif

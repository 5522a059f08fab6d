/* db_p.h - what db.c (any backend) and db_sqlite.c (this backend) share. */
#ifndef KP_STORE_DB_P_H
#define KP_STORE_DB_P_H

#include "base/embed.h"
#include "store/db.h"

/* Number NNN of the i-th schema file (data/schema/NNN-name.sql) and the file; 0 past the last. */
int db_schema_file(size_t i, const struct embedded **file);
/* Makes an empty file that only its owner may read, or leaves the one that is there. */
enum err db_create_file(const char *path, struct err_info *e);
/* ERR_INVALID "home.absent" for the path. */
enum err db_absent(const char *path, struct err_info *e);
/* Copies the whole database, as last committed, over the (empty) file. */
enum err db_copy_pages(struct db *db, const char *path, struct err_info *e);

#endif

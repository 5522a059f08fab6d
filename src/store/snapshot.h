/* store/snapshot.h - many pages of one moment. */
#ifndef KP_STORE_SNAPSHOT_H
#define KP_STORE_SNAPSHOT_H

#include "store/db.h"

/* What this connection reads until the end is of the moment of the beginning, whatever others write
 * meanwhile.  It must not write itself. */
enum err store_snapshot_begin(struct db *db, struct rows **out, struct err_info *e);
void store_snapshot_end(struct rows **hold);

#endif

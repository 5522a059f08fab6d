/* snapshot.c - a query that stands open keeps what its connection sees. */
#include "store/snapshot.h"

enum err store_snapshot_begin(struct db *db, struct rows **out, struct err_info *e)
{
	enum err r = db_query(db, out, e, "SELECT name FROM counter", "");

	if (!r && !rows_next(*out))
		return rows_end(out, err_fail(e, ERR_INTERNAL, "db.snapshot", "数据库", "没有计数"),
				e);
	return r;
}

void store_snapshot_end(struct rows **hold)
{
	rows_end(hold, ERR_OK, NULL);
}

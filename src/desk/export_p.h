/* export_p.h - between the files of an export. */
#ifndef KP_DESK_EXPORT_P_H
#define KP_DESK_EXPORT_P_H

#include "base/base.h"
#include "desk/transfer.h"

enum { EXPORT_KEYS = 24 };
struct export
{
	struct session *s;
	const struct export_options *options;
	struct import_progress *progress;
	const struct export_kind *kind;
	struct sheet_writer *writer;
	int columns[EXPORT_KEYS]; /* of the table, by key of the kind; -1: not there */
	int64_t unit, rows;
};
/* A table that can be exported; the order of keys is that of the cells. */
struct export_kind {
	const char *table;
	bool of_unit;
	const char *const *keys; /* ends with NULL */
	/* Gives every row that is wanted to export_row. */
	enum err (*each)(struct export *x, struct err_info *e);
};
extern const struct export_kind export_buyers, export_goods, export_codes, export_types;

/* One row: cells by key of the kind, NULL empty. */
enum err export_put(struct export *x, const char *const *cells, struct err_info *e);

#endif

/* lines_p.h - between the files of 导入明细: reading, one row, figures. */
#ifndef KP_DESK_LINES_P_H
#define KP_DESK_LINES_P_H

#include "desk/import_p.h"
#include "desk/issue_p.h"
#include "desk/lines.h"

/* Keys of the table `lines` in the order of values; those of members of a line are called so. */
enum lines_key {
	LINES_NAME,
	LINES_CODE,
	LINES_SPEC,
	LINES_UNIT,
	LINES_QUANTITY,
	LINES_PRICE,
	LINES_AMOUNT,
	LINES_RATE,
	LINES_DISCOUNT,
	LINES_PREFERENCE,
	LINES_COAL,
	LINES_GOODS,
	LINES_KEYS
};
extern const char *const lines_keys[LINES_KEYS];

struct lines_reader {
	struct session *s;
	const struct lines_options *options;
	struct import_progress *progress;
	struct lines *out;
	const struct sheet_table *table;
	int columns[LINES_KEYS]; /* of the table */
	struct issue_context *context;
	struct goods_fill *fill;
	size_t room; /* of out->rows */
};

/* ---- lines_row.c ---- */
/* A record as a line: read, filled from the catalogue, checked; what is wrong is in row->wrong.
 * row->raw is there. */
enum err lines_read_row(struct lines_reader *rd, const struct sheet_record *rec,
			struct lines_row *row, struct err_info *e);
/* One sentence more in a text of the row (wrong, fault, warning). */
void lines_say(char **slot, const char *text);
/* A fault of a member of the line: column, value, why and mend; the row's column is that of the
 * first. */
void lines_fault(struct lines_row *row, char **slot, const struct err_info *why);

/* Is what is wrong one of the figures, so that others of the row cannot be right either? */
bool lines_figure_wrong(const struct lines_row *row);

/* ---- lines_mode.c ---- */
/* Computes all rows and the sums. */
void lines_compute(struct lines *l);

/* ---- lines_report.c ---- */
/* The faulty rows with their reasons beside the file; none: the workbook of an earlier run goes. */
enum err lines_write_failures(struct lines_reader *rd, struct err_info *e);

#endif

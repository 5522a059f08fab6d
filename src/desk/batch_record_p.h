/* desk/batch_record_p.h - rows of a workbook as records in chunks of bytes (desk/batch_p.h). */
#ifndef KP_DESK_BATCH_RECORD_P_H
#define KP_DESK_BATCH_RECORD_P_H

#include "desk/batch_p.h"

struct record_chunk {
	char *bytes;
	size_t n, room;
};
/* Columns of FLAT as those of the tables it stands for; -1 none. */
struct flat_map {
	int8_t to_head[SHEET_COLUMNS], to_line[SHEET_COLUMNS];
};
/* Adds a row: one record, or of FLAT two. */
void batch_record_put(struct record_chunk *c, struct sheet_record *rec, enum batch_table table,
		      const struct flat_map *map, uint8_t part);

#endif

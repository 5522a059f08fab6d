/* xlsx_rows_p.h - the rows of a sheet while they are parsed: xlsx_sheet.c has the rows, xlsx_cell.c
 * makes its cell of what the file says.
 */
#ifndef KP_SHEET_XLSX_ROWS_P_H
#define KP_SHEET_XLSX_ROWS_P_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "sheet/read.h"
#include "sheet/xlsx_p.h"
#include "sheet/xml_p.h"

enum {
	RAW_MAX = 7 * SHEET_TEXT_MAX, /* bytes of a cell before escapes are undone */
	ROW_TEXT_MAX = 8 << 20,
	ROW_CELLS_MAX = 4096, /* of one row, as a column may come twice */
	RAW_SHARED = 100,     /* beyond enum cell_kind: a shared string of that number */
};

/* The types of a cell's t attribute. */
enum cell_type { AS_NUMBER, AS_SHARED, AS_TEXT, AS_BOOL, AS_FAULT, AS_DATE };

struct raw {
	uint32_t at, len; /* in the text, or the number of a shared string */
	uint16_t column;
	uint8_t kind, hidden;
	bool rounded;
};
struct line {
	int64_t number;
	uint32_t first, count; /* of the raw cells */
};
struct sheet_rows {
	struct sheet_book *book;
	const struct sheet_styles *styles;
	struct sheet_strings *strings; /* NULL until a cell needs them */
	struct sheet_xml xml;
	bool from_1904, ended;

	/* What has been parsed. */
	char *text;
	size_t text_len, text_room;
	struct raw *raws;
	size_t raw_count, raw_room;
	struct line *lines;
	size_t line_count, line_room, line_next;

	/* The row and the cell being parsed. */
	int64_t number;
	size_t row_first, row_text; /* its first raw cell, its first byte */
	int column;
	enum cell_type type;
	uint32_t format;
	size_t cell_text;
	bool in_row, in_cell, collect, in_inline, has_formula;
	unsigned phonetic;

	/* The row handed out. */
	struct sheet_cell cells[SHEET_WIDTH];
	char *copy; /* of its shared strings, when those do not last */
	size_t copy_len, copy_room;
};

/* Room for n more bytes of text and a NUL. */
static inline void sheet_rows_room(struct sheet_rows *r, size_t n)
{
	if (r->text_room - r->text_len > n)
		return;
	r->text_room = (r->text_room + n) * 2;
	r->text = mem_realloc(r->text, r->text_room);
}

void sheet_cell_start(struct sheet_rows *r, const char **attributes);
void sheet_cell_end(struct sheet_rows *r);

#endif

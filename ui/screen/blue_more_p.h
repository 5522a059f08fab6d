/* ui/screen/blue_more_p.h - what the files of those boxes share.
 *
 *   blue_more.c        the view: moving between fields, rows and buttons
 *   blue_more_rows.c   差额征税, 支付与结算: fields over rows
 *   blue_more_extras.c 附加要素: rows alone
 *   blue_more_person.c 自然人与经办人, 展示: fields alone
 *   blue_more_text.c   codes as people read and type them, marks
 */
#ifndef KP_UI_SCREEN_BLUE_MORE_P_H
#define KP_UI_SCREEN_BLUE_MORE_P_H

#include "ui/grid.h"
#include "ui/screen/blue_more.h"
#include "ui/screen/entry.h"

enum { MORE_ROWS_MAX = 500, MORE_CODES = 40 };

struct more {
	struct view *view;
	const struct more_part *part;
	struct entry entry;
	struct grid grid;
	struct invoice inv;          /* owned */
	char codes[MORE_CODES][120]; /* offered by the open chooser */
	const char *code_lines[MORE_CODES + 1];
};

/* Where a member of the invoice stands: a field, or a column of the rows. */
struct more_place {
	const char *path; /* "differential.deduction"; of a row: the member alone */
	int field;
};

/* A subject as data. */
struct more_part {
	const char *title;
	const struct field *fields;        /* may have none when there are rows */
	const struct grid_column *columns; /* NULL: no rows */
	const struct grid_hooks *hooks;
	const char *rows_path;           /* "vouchers" */
	const struct more_place *places; /* end with path NULL; rows: path of columns */
	const struct more_place *cells;
	void (*show)(struct more *m);
	/* Fields and rows into m->inv; false with a sentence when one cannot be read, which has the
	 * focus then. */
	bool (*read)(struct more *m);
	/* Words over the rows. */
	void (*live)(const struct more *m, char out[200]);
	/* What F4 offers for a cell. */
	enum code_table (*codes)(int column); /* NULL: no cell has codes */
	const char *const *paths; /* beginnings of the fields that belong here; end with NULL */
};
extern const struct more_part more_differential, more_payment, more_person, more_shown, more_extras;

/* False after showing the sentence on the field or the cell. */
bool more_fail(struct more *m, int field, const char *sentence);
bool more_fail_cell(struct more *m, int row, int column, const char *sentence);

/* ---- blue_more_text.c ---- */

/* "02 增值税专用发票": what stands in a field for a code; the code alone when it is unknown. */
const char *more_code_text(enum code_table t, const char *code, char out[120]);
/* The code of what was typed: the code itself, with or without its name, or the name alone; the
 * text as it is when it is none of the table. */
const char *more_code_of(enum code_table t, const char *text, char out[120]);
/* Candidates whose code begins with the text or whose name has it. */
int more_code_match(enum code_table t, const char *text, struct candidate *out, int max);
/* Trimmed text of a field into a member. */
void more_take(char **slot, const char *text);

#endif

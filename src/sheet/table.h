/* sheet/table.h - what the columns of a workbook mean: templates/sheets/NAME.json, parsed once.
 *
 * {"title": "购方信息",                      the name of the sheet we write
 *  "file": "购方信息",                       beginning of the names of our files
 *  "sheets": ["客户信息", ...],              names of sheets that are ours, best first; optional
 *  "notes": ["...", ...],                    the notes of the template
 *  "columns": [{"key": "tax_no", "title": "纳税人识别号",
 *               "aliases": ["税号", "统一社会信用代码/纳税人识别号", ...],
 *               "type": "id", "chars": 20, "gbk": 0, "required": false,
 *               "choices": ["Y", "N"], "help": "...", "width": 24,
 *               "list": 20, "list_wide": 22,  columns of the screen's list; 0 or absent: not shown
 *               "examples": ["91...", ""]}, ...]}
 */
#ifndef KP_SHEET_TABLE_H
#define KP_SHEET_TABLE_H

#include <stdbool.h>
#include <stddef.h>

enum sheet_type {
	SHEET_TEXT,
	SHEET_ID,     /* digits and letters: width folded, blanks out, small letters up */
	SHEET_NUMBER, /* exact decimal: ￥ and grouping commas out; "1234.5" */
	SHEET_MONEY,  /* the same, at most two decimals; "1234.50" */
	SHEET_RATE,   /* 13%, 13, 0.13, 免税, 不征税 -> "0.13", "0" */
	SHEET_YESNO,  /* 是 Y yes 1 √ true / 否 N no 0 -> "Y" "N" */
	SHEET_CHOICE, /* one of choices */
	SHEET_DATE,   /* yyyy-MM-dd */
	SHEET_TYPES
};

struct sheet_column {
	const char *key, *title, *help;
	const char *const *aliases, *const *choices, *const *examples; /* each ends with NULL */
	enum sheet_type type;
	unsigned max_chars, max_gbk; /* 0: no limit */
	bool required;
	int width;                 /* of the column in the workbook */
	int list_width, list_wide; /* as list_column of the screens; 0: not shown */
};

enum { SHEET_COLUMNS = 64 }; /* at most, of one table */
struct sheet_table {
	const char *name, *title, *file;
	const char *const *sheets, *const *notes; /* each ends with NULL */
	const struct sheet_column *columns;
	size_t count;
};

/* The table of that name ("buyers"), or NULL.  Parsed on first use, thread safe; lives for ever. */
const struct sheet_table *sheet_table(const char *name);
/* Index of a column by key, -1 when there is none. */
int sheet_column(const struct sheet_table *t, const char *key);
/* Index of the column a heading means: title and aliases, with width, blanks, line ends, '*' of
 * required columns and a note in brackets at the end aside; -1: unknown. */
int sheet_heading(const struct sheet_table *t, const char *heading);

#endif

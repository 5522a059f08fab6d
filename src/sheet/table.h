/* sheet/table.h - what the columns of a workbook mean: templates/sheets/NAME.json, parsed once.
 *
 * {"title": "购方信息",                      the name of the sheet we write
 *  "file": "购方信息",                       beginning of the names of our files
 *  "sheets": ["客户信息", ...],              names of sheets that are ours, best first; optional
 *  "notes": ["...", ...],                    the notes of the template
 *  "ignored": ["序号", ...],                 headings that are known and mean nothing to us
 *  "joined": [{"aliases": ["地址电话", ...], "into": ["address", "phone"]}, ...],
 *  "columns": [{"key": "tax_no", "title": "纳税人识别号",
 *               "aliases": ["税号", "统一社会信用代码/纳税人识别号", ...],
 *               "type": "id", "chars": 20, "gbk": 0, "required": false,
 *               "digits": false,             text of digits that is no number: a phone, an account
 *               "choices": ["Y", "N"], "words": {"01": "a choice", ...}, "help": "...",
 *               "width": 24,
 *               "list": 20, "list_wide": 22,  columns of the screen's list; 0 or absent: not shown
 *               "examples": ["91...", ""]}, ...]}
 *
 * A joined column of an older program holds two of ours: a text and, at its end, a number.  Of two
 * columns of a file that mean the same, the one whose heading stands earlier in the table is it.
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

/* A text with a number to it; lists of them end with text NULL. */
struct sheet_word {
	const char *text;
	int means;
};
struct sheet_column {
	const char *key, *title, *help;
	const char *const *aliases, *const *choices, *const *examples; /* each ends with NULL */
	const struct sheet_word *words; /* further words for choices[means] */
	enum sheet_type type;
	unsigned max_chars, max_gbk; /* 0: no limit */
	bool required;
	bool digits;               /* text whose width is folded and that is no number */
	int width;                 /* of the column in the workbook */
	int list_width, list_wide; /* as list_column of the screens; 0: not shown */
};
struct sheet_joint {
	int first, second; /* indexes of columns */
};

enum { SHEET_COLUMNS = 64 }; /* at most, of one table */
struct sheet_table {
	const char *name, *title, *file;
	const char *const *sheets, *const *notes; /* each ends with NULL */
	const struct sheet_column *columns;
	size_t count;
	const struct sheet_joint *joints;
	size_t joint_count;
	const struct sheet_word *headings; /* private to the room */
};

/* The table of that name ("buyers"), or NULL.  Parsed on first use, thread safe; lives for ever. */
const struct sheet_table *sheet_table(const char *name);
/* The i-th of all tables, NULL past the end. */
const struct sheet_table *sheet_table_at(size_t i);
/* Index of a column by key, -1 when there is none. */
int sheet_column(const struct sheet_table *t, const char *key);
/* Index of the column a heading means: title and aliases, with width, blanks, line ends, '*' of
 * required columns and a note in brackets at the end aside; -1: unknown. */
int sheet_heading(const struct sheet_table *t, const char *heading);

#endif

/* desk/lines.h - 导入明细: lines of an invoice from a workbook or from pasted cells (features D16,
 * D17, D25): the tax bureau's 明细模板 as it is, our own template, CSV, any order of columns.
 *
 * Nothing is stored: the lines are for a form or a draft.  A row that cannot be a line says why, by
 * sheet, row, column, value and mend; one such row should keep all others back unless a person asks
 * for the good ones (lines_good).  What a row leaves out comes from 商品信息 (desk/goods_fill.h).
 *
 * Figures are with or without tax as the file's own headings say (含税金额, 不含税单价), else as the
 * invoice that takes them; desk_lines_mode changes that.
 */
#ifndef KP_DESK_LINES_H
#define KP_DESK_LINES_H

#include "desk/goods_fill.h"
#include "desk/transfer.h"
#include "tax/tolerance.h"

/* Beyond so many rows each needs a tax code, of its own or of the catalogue (the bureau's rule). */
enum { LINES_CODED = 200 };

struct lines_options {
	const char *file; /* "-": standard input; NULL: the text */
	/* Cells parted by tabs, with a heading row; name is what sentences call it, and `above` how
	 * many rows of it nobody has pasted. */
	const char *text, *name;
	int64_t above;
	bool inclusive;       /* as the invoice, unless the headings say */
	const char *failures; /* as those of an import; nothing of the kind for a text */
};

struct lines_row {
	int64_t number;    /* of the sheet */
	const char *sheet; /* "" when only one is read; lent */
	bool good;
	struct tax_line line; /* owned; computed when good */
	struct goods_filled filled;
	char *wrong;   /* owned or NULL: what keeps it from being a line in any mode */
	char *fault;   /* owned or NULL: the same in this one, 列、值、怎么改 */
	char *warning; /* owned or NULL */
	/* Of the sheet, 0 is A: where the first fault and the first warning are; -1 none. */
	int column, warning_column;
	const struct sheet_part *part;
	const struct import_row *raw; /* private */
};

struct lines {
	struct lines_row *rows;
	size_t count, good, faulty, uncoded; /* uncoded: good, without a tax code */
	size_t warned;                       /* faulty ones among them */
	size_t cleaned;                      /* characters nobody sees were taken out of */
	size_t filled[FILL_WAYS];            /* good ones, by what they were found */
	bool inclusive;                      /* what the figures are */
	bool said;                           /* the headings say so */
	int64_t net_fen, tax_fen, gross_fen; /* of the good ones, discounts included */
	size_t discounts;
	int64_t discount_fen, discount_tax_fen; /* in all, in the mode of the figures; <= 0 */
	char tail
	    [GAP_TEXT]; /* the taxes are too far from their rates to be issued; "" they are not */
	bool overflow;  /* more than 18 digits in all */
	bool advice;    /* more than 2,000 */
	char file[HOME_PATH + 256]; /* what was read */
	char sheet[400];            /* sheets that were read, joined by 、 */
	char unknown[400];          /* headings that were not understood */
	char repeated[400], skipped[400];
	char failures[HOME_PATH + 256]; /* workbook of the faulty rows; "" none */
	struct import_batch *texts;     /* private */
	struct sheet_import *open;      /* private */
};

/* Reads, fills, checks and computes all rows.  ERR_INVALID when there is nothing to choose from:
 * "sheet.*" (no workbook, no headings ...), "lines.none", "lines.limit" (more than 5,000),
 * "lines.special" (the sheet of 特定业务信息 is filled in), "lines.modes" (a price with tax beside
 * an amount without), "import.cancelled".  Then *out is empty. */
enum err desk_lines_read(struct session *s, const struct lines_options *o,
			 struct import_progress *p, struct lines *out, struct err_info *e);
void desk_lines_free(struct lines *l);
/* "第 5 行 G 列", of several sheets with the name of this one in front. */
char *desk_lines_place(const struct lines_row *r, char out[IMPORT_PLACE]);
char *desk_lines_warning_place(const struct lines_row *r, char out[IMPORT_PLACE]);

/* Takes the figures as with, or without tax, and computes all anew. */
void desk_lines_mode(struct lines *l, bool inclusive);

/* ERR_INVALID "lines.failed" when rows are faulty: the first ones, and how to go on. */
enum err desk_lines_refuse(const struct lines *l, struct err_info *e);

/* Appends the lines of another invoice as desk_lines_add does.  "lines.limit" as there. */
enum err desk_lines_join(struct invoice *inv, const struct invoice *more, struct err_info *e);

/* Appends the good lines to the invoice.  An invoice without lines takes the mode of the figures;
 * otherwise, when the modes differ, it becomes one with tax: that moves no amount.  ERR_INVALID
 * "lines.limit"; "lines.gross": it would; the invoice is as it was. */
enum err desk_lines_add(const struct lines *l, struct invoice *inv, struct err_info *e);

/* A computed line of figures without tax as one with tax: same net, tax, gross and discount, by an
 * adjustment of the tax where there was one.  False: there is none; it is as it was. */
bool desk_lines_gross(struct tax_line *l);

#endif

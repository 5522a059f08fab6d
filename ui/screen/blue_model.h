/* ui/screen/blue_model.h - typed text of the blue form and the invoice it stands for.  Pure.
 *
 * Purpose     A field or cell is text as a person types it; the invoice is rebuilt from the text
 *             after every change.  Nothing is stored twice: what the form has no field for
 *             (documents of a natural person, handler, payments, ...) is carried in `rest` of the
 *             view.
 * Invariants  Text that stands for a value gives the same value back.  Reading never changes text.
 */
#ifndef KP_UI_SCREEN_BLUE_MODEL_H
#define KP_UI_SCREEN_BLUE_MODEL_H

#include "base/err.h"
#include "tax/tax.h"

/* Ids of fields are written into drafts: never renumber. */
enum blue_field {
	BLUE_KIND = 1,
	BLUE_MODE,
	BLUE_TYPE,
	BLUE_ORDER,
	BLUE_BUYER,
	BLUE_TAX_NO,
	BLUE_PERSON,
	BLUE_ADDRESS,
	BLUE_PHONE,
	BLUE_BANK,
	BLUE_ACCOUNT,
	BLUE_REMARK,
	BLUE_DRAWER,
	BLUE_PAYEE,
	BLUE_REVIEWER,
	BLUE_SHOW_BUYER,
	BLUE_SHOW_SELLER,
	BLUE_FIELDS
};
enum blue_column {
	BLUE_NAME = 1,
	BLUE_SPEC,
	BLUE_UNIT,
	BLUE_QUANTITY,
	BLUE_PRICE,
	BLUE_AMOUNT,
	BLUE_RATE,
	BLUE_TAX,
	BLUE_COLUMNS = BLUE_TAX
};
enum { BLUE_TEXT = 64 };

extern const char *const blue_modes[]; /* 含税, 不含税; ends with NULL */

/* Text of a field into the invoice and back; a flag is "1" or "". */
void blue_field_read(struct invoice *inv, enum blue_field id, const char *text);
const char *blue_field_text(const struct invoice *inv, enum blue_field id);

/* A row of the grid: what was typed, as line; `ok` when it could be computed. */
struct blue_row {
	struct tax_line line;
	bool ok;
	/* What the adjustments of the line's taxes were made for: with other figures they are gone.
	 * Not yet known: the figures of the next computing. */
	struct {
		bool known, inclusive;
		int32_t rate_ppm;
		int64_t amount_fen;
	} adjusted;
};
struct blue_row *blue_row_new(void);
void *blue_row_copy(const void *row); /* NULL for NULL */
void blue_row_free(void *row);

/* Reads the cells (by column - 1) and computes the line.  ERR_INVALID: e->field is the JSON
 * member. */
enum err blue_row_read(struct blue_row *r, char *const cell[], bool inclusive, struct err_info *e);
/* What a person would have typed to get the entered members of the line. */
const char *blue_cell_text(const struct tax_line *l, enum blue_column c, char out[BLUE_TEXT]);
/* What stands in a cell that has not the focus, in the view asked for; NULL: the typed text as it
 * is. Changes nothing, so that switching the view never moves a figure.  The result is out or the
 * name (malloc'd into *name, freed by the caller). */
const char *blue_cell_shown(const struct blue_row *r, bool inclusive, bool view_inclusive,
			    enum blue_column c, char out[BLUE_TEXT], char **name);
/* A price with the two decimals people expect, or with all it has. */
const char *blue_price_text(struct dec d, char out[BLUE_TEXT]);
/* The discount under its row, in the columns of the grid; "" without one. */
const char *blue_row_note(const struct blue_row *r, bool inclusive, bool view_inclusive,
			  char out[160]);

/* "13", "13%", "0.13", "免税", "不征税"; *preference gets 03, 04 or "". */
bool blue_rate_parse(const char *text, int32_t *ppm, const char **preference);
const char *blue_rate_text(int32_t ppm, const char *preference, char out[BLUE_TEXT]);

/* Where a field of an invoice ("buyer.tax_no", "lines[2].tax_rate") stands on the screen. */
enum blue_part { BLUE_HEAD, BLUE_GRID, BLUE_FOOT };
struct blue_place {
	enum blue_part part;
	int field; /* enum blue_field; 0 in the grid */
	int line;  /* of the invoice, 0-based */
	int column;
};
bool blue_place_of(const char *path, struct blue_place *out);
enum blue_part blue_part_of(enum blue_field id);

#endif

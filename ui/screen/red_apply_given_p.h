/* ui/screen/red_apply_given_p.h - between the files of 手工录入.
 *
 *   red_apply_given.c         the view            red_apply_given_json.c   as JSON, and back
 *   red_apply_given_fields.c  fields, columns     red_apply_given_check.c  what is not right
 */
#ifndef KP_UI_SCREEN_RED_APPLY_GIVEN_P_H
#define KP_UI_SCREEN_RED_APPLY_GIVEN_P_H

#include "ui/screen/red_apply_p.h"

enum {
	GIVEN_NUMBER = 1,
	GIVEN_CODE,
	GIVEN_DATE,
	GIVEN_KIND,
	GIVEN_PAPER,
	GIVEN_PARTY,
	GIVEN_TAX_NO,
	GIVEN_NET,
	GIVEN_TAX
};
enum {
	GIVEN_COL_NAME = 1,
	GIVEN_COL_CODE,
	GIVEN_COL_SPEC,
	GIVEN_COL_UNIT,
	GIVEN_COL_QUANTITY,
	GIVEN_COL_PRICE,
	GIVEN_COL_NET,
	GIVEN_COL_RATE,
	GIVEN_COL_TAX,
	GIVEN_COLS = GIVEN_COL_TAX
};
enum { GIVEN_DAY = 10 }; /* of a date alone */

struct given {
	struct view *view;
	struct apply *wizard;
	struct form head;
	struct grid grid;
	bool in_grid, warned, done;
	struct rect title, top, rows, foot;
};

extern const char *const given_kinds[]; /* ordinary, special */
extern const struct field given_fields[];
extern const struct grid_column given_columns[];
extern const char *const given_keys[GIVEN_COLS]; /* by index of the columns */

bool given_blank(const struct grid_row *r);
/* Hook of the grid: shows what is computed where nothing was typed. */
void given_computed(struct grid *g, int first, int last);
/* What a line comes to: amount typed or quantity times price, and its tax by the rate; false: not
 * to be told. */
bool given_amounts(const struct grid_row *r, int64_t *net, int64_t *tax);
/* The invoice without what only this form knows, as the desk reads it; malloc'd, NULL when it is no
 * JSON. */
char *given_plain(const char *text);
/* As far as it is typed, whole or not; malloc'd, NULL when it is too long. */
char *given_write(const struct given *g);
void given_read(struct given *g, const char *text);
/* Is what is typed right in itself?  False: its place has the focus, and a sentence says why. */
bool given_check(struct given *g, const char *text);

#endif

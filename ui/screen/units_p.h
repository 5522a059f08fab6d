/* ui/screen/units_p.h - between the files of 接入配置: the list, and what is done with its rows. */
#ifndef KP_UI_SCREEN_UNITS_P_H
#define KP_UI_SCREEN_UNITS_P_H

#include "ui/screen/listing.h"

/* Cells that are not shown. */
enum { CELL_NAME = LIST_COLUMNS - 4, CELL_ROLE, CELL_ENV, CELL_FROZEN };

struct units {
	struct listing frame;
	struct errand errand;
	int64_t *asked_ids; /* owned: that are being verified */
	size_t asked_count;
	char question[1000];
	struct list_row asked; /* about which one */
	bool many;             /* goes with it */
	char until[DATE_TEXT]; /* its 开票安全验证截止日 */
};
struct unit_ref units_ref(const struct list_row *row);

/* ---- units_do.c ---- */
/* The marked ones, else the selected one; then the errand is open. */
bool units_verify(struct units *s);
/* After it has come to rest: of several a sheet with a result a row. */
void units_verified(struct units *s, enum err verdict, const struct err_info *e);
/* Asks with the token; units_freeze after the answer. */
bool units_ask_freeze(struct view *v, int token);
void units_freeze(struct units *s, const void *result);
/* The same for the 开票安全验证截止日 of a using unit. */
bool units_ask_safety(struct view *v, int token);
void units_set_safety(struct units *s, const void *result);
bool units_ask_remove(struct view *v, int token);
void units_remove(struct units *s);
/* With its records, after a backup. */
bool units_ask_remove_all(struct view *v, int token);
void units_remove_all(struct units *s);

#endif

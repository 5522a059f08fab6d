/* store/forms.h - forms a person has not finished: what was typed, valid or not.
 *
 * A form belongs to a user and a unit; those of others are only read when user 0 is asked for.  The
 * body is the form's own JSON; of it the store knows only order_no, the order number, and gross,
 * its 价税合计, which is not there while it cannot be known.  An own form belongs to the user alone,
 * one of a kind.
 */
#ifndef KP_STORE_FORMS_H
#define KP_STORE_FORMS_H

#include "store/db.h"

enum { FORM_TITLE = 256, FORM_ORDER = 260, FORM_BODY_MAX = 16 * 1024 * 1024 };

struct form_state {
	int64_t id, unit_id, user_id, updated_at;
	char kind[16], title[FORM_TITLE];
	char order_no[FORM_ORDER]; /* this and the rest are only read */
	int64_t gross;
	bool gross_known;
	char *body;
};
void form_state_free(struct form_state *f);

/* Inserts (id 0, gives id) or replaces by id; a form deleted meanwhile is made anew under its id.
 * updated_at is now. */
enum err store_form_put(struct db *db, struct form_state *f, struct err_info *e);
/* *found false when the user (0: anybody) has no such form in the unit; *out is freed by
 * form_state_free. */
enum err store_form_get(struct db *db, int64_t unit, int64_t user, int64_t id,
			struct form_state *out, bool *found, struct err_info *e);
/* The form of anybody of the unit, but `except`, that has the order number; *id 0: none. */
enum err store_form_by_order(struct db *db, int64_t unit, const char *order_no, int64_t except,
			     int64_t *id, struct err_info *e);
/* Harmless when it is gone. */
enum err store_form_delete(struct db *db, int64_t unit, int64_t user, int64_t id,
			   struct err_info *e);

/* Place of a page in the list: forms older than (at, id); {0, 0} the beginning or the end. */
struct form_cursor {
	int64_t at, id;
};
/* body is NULL in rows of a list; texts live during the call. */
typedef enum err (*form_each)(void *arg, const struct form_state *f);
/* Last changed first.  user 0: of all; text: part of the title, order number or
 * amount, width, case and commas aside, NULL: any. */
enum err store_form_page(struct db *db, int64_t unit, int64_t user, const char *text,
			 struct form_cursor cursor, int limit, form_each each, void *arg,
			 struct form_cursor *next, struct err_info *e);

/* body NULL: deletes it. */
enum err store_own_form_put(struct db *db, int64_t user, const char *kind, const char *body,
			    struct err_info *e);
/* *body malloc'd, NULL when there is none. */
enum err store_own_form_get(struct db *db, int64_t user, const char *kind, char **body,
			    struct err_info *e);

#endif

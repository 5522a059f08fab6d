/* ui/screen/catalogue.h - what the screens of buyers and goods share. */
#ifndef KP_UI_SCREEN_CATALOGUE_H
#define KP_UI_SCREEN_CATALOGUE_H

#include "desk/goods.h"
#include "ui/screen/listing.h"

/* The columns that templates/sheets say a list has, and the keys of theirs; ends with a label NULL
 * and leaves room for one more, of so many `own` columns.  In a narrow window the last ones give
 * way to the first.  Returns their number. */
int screen_columns(const char *table, int own, struct list_column out[LIST_COLUMNS + 1],
		   const char *keys[LIST_COLUMNS]);
/* The texts of those columns that are members of the item. */
void screen_put_texts(struct list_row *row, const char *const *keys, int count,
		      const struct catalogue_field *fields, const void *item);
/* The marked rows, or the selected one. */
const int64_t *screen_chosen(const struct list *l, size_t *n);
/* Reads the list anew and selects the row, which stands first after a change.  False: the
 * conditions leave it out. */
bool screen_show_row(struct list *l, int64_t id);
/* After that failed: adds to what the message line says that the row is stored, but not shown. */
void screen_tell_hidden(void);

/* "地址  电话  开户行  账号" of what there is, cut to the room. */
const char *screen_address_words(const struct buyer_address *a, char *out, size_t size);
/* "#12 名称（税号）". */
const char *screen_buyer_words(const struct buyer *b, char *out, size_t size);
/* Tax numbers are written in capitals, whatever was typed. */
const char *screen_capitals(const char *text, char *out, size_t size);
/* The sentence about a tax number that cannot be one, or NULL. */
const char *screen_tax_no_fault(const char *text, char out[256]);
/* Initials of a name in capitals, by the common readings. */
const char *screen_initials(const char *name, char *out, size_t size);

/* ---- a listing whose filter has a seller, and a field looked for while it is typed ---- */

/* Instead of listing_key. */
bool screen_live_key(struct view *v, int live, struct key k, const char *paste, size_t n);
/* Instead of listing_act while the filter is filled in. */
bool screen_live_act(struct view *v, int live, int seller, enum action a);

#endif

/* ui/screen/catalogue.h - what the screens of buyers and goods share.
 *
 *   catalogue_list.c   their lists           catalogue.c   rows after a change, words about buyers
 */
#ifndef KP_UI_SCREEN_CATALOGUE_H
#define KP_UI_SCREEN_CATALOGUE_H

#include "desk/goods.h"
#include "ui/screen/listing.h"

/* Reads the list anew and selects the row, which stands first after a change.  False: the
 * conditions leave it out. */
bool screen_show_row(struct list *l, int64_t id);
/* After that failed: adds to what the message line says that the row is stored, but not shown. */
void screen_tell_hidden(void);

/* ---- words ---- */

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

/* ---- a list: its columns are those of a table of workbooks, its filter has a seller and a field
 * that is looked for while it is typed ---- */

/* Fields of such a filter; the others are the list's own, from CATALOGUE_OWN on. */
enum { CATALOGUE_ANY = 1, CATALOGUE_SELLER, CATALOGUE_OWN };
enum { CATALOGUE_FIELDS = 8, CATALOGUE_QUESTION = 300 };

struct catalogue_list;
struct catalogue_act {
	enum action action;
	bool of_row; /* there has to be a selected one */
	enum desk_action allow;
	bool (*run)(struct catalogue_list *s, enum action a);
};
struct catalogue_kind {
	/* With catalogue_list_content and catalogue_list_part.  No columns and no filter: those of
	 * each list are made when it opens. */
	struct listing_kind frame;
	const char *table;                /* of templates/sheets */
	const char *noun;                 /* "购方" */
	const char *unchosen;             /* why nothing can be done without a row */
	const struct field *filter;       /* at most CATALOGUE_FIELDS */
	struct list_column state;         /* behind those of the table; no label: none */
	int name_cell;                    /* of a row: the name alone */
	const struct catalogue_act *acts; /* ends with run NULL */
	const char *(*empty)(const struct catalogue_list *s); /* what is said instead of rows */
	enum err (*remove)(struct session *s, const int64_t *ids, size_t n, int *removed,
			   struct err_info *e);
};

/* The state of such a list is or begins with: */
struct catalogue_list {
	struct listing frame;
	const struct catalogue_kind *kind;
	struct field fields[CATALOGUE_FIELDS + 1];
	struct list_column columns[LIST_COLUMNS + 1];
	const char *keys[LIST_COLUMNS]; /* of the columns of the table */
	int count;                      /* of those; in a narrow window the last ones give way */
	char question[CATALOGUE_QUESTION];
};

enum err catalogue_list_open(struct view *v, const struct catalogue_kind *kind, struct err_info *e);
bool catalogue_list_content(struct view *v, bool changed);
bool catalogue_list_part(struct view *v, enum action a);
bool catalogue_list_key(struct view *v, struct key k, const char *paste, size_t n);
bool catalogue_list_act(struct view *v, enum action a);
/* What the table of acts has for it, done with the rows as they are shown; false: nothing. */
bool catalogue_list_run(struct catalogue_list *s, enum action a);
const char *catalogue_list_why_not(const struct view *v, enum action a);

/* The texts of the columns that are members of the item. */
void catalogue_list_texts(const struct catalogue_list *s, struct list_row *row,
			  const struct catalogue_field *fields, const void *item);
/* Says 重复 in front of the name, where a long one does not hide it. */
void catalogue_list_twin(const struct catalogue_list *s, struct list_row *row, const char *name);
/* The marked rows, or the selected one. */
const int64_t *catalogue_list_chosen(const struct catalogue_list *s, size_t *n);
/* Asks whether those are to be removed; removes them and says so. */
bool catalogue_list_ask_remove(struct catalogue_list *s, int token);
void catalogue_list_remove(struct catalogue_list *s);
/* For struct catalogue_act: the page of imports; the empty workbook. */
bool catalogue_list_import(struct catalogue_list *s, enum action a);
bool catalogue_list_template(struct catalogue_list *s, enum action a);

#endif

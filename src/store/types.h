/* store/types.h - 业务类型 of a unit (features G80-G86).
 *
 * Names are compared with width and case of letters aside: 零售A and 零售ａ are one name.
 *
 * An invoice keeps the text it was issued with and the id of what the text named; renaming a type
 * changes neither, so that lists by the id still find it.  A text that names no type of the unit
 * gets an id of its own all the same, and is given it back when a type of that name is added.
 *
 * `uses` counts the invoices and stored drafts that name the type, void ones aside.  It is kept by
 * the functions of store/invoices.h that store, change, void and delete; forms that are being typed
 * do not count.
 */
#ifndef KP_STORE_TYPES_H
#define KP_STORE_TYPES_H

#include "store/db.h"

/* Bytes in GBK, as the manual counts (features G83). */
enum { TYPE_NAME_GBK = 50, TYPE_NOTE_GBK = 60 };
struct business_type {
	int64_t id, unit_id, uses, created_at, updated_at, removed_at;
	char name[160], note[200];
};
/* The form in which names are compared: no blanks around, half width, small letters; malloc'd. */
char *store_type_fold(const char *name);
/* *t is as it is stored then.  A name that is taken: ERR_INVALID "type.exists". */
enum err store_type_insert(struct db *db, struct business_type *t, struct err_info *e);
/* Name and note.  ERR_INVALID "type.exists", "type.unknown". */
enum err store_type_update(struct db *db, const struct business_type *t, struct err_info *e);
/* One that is used: ERR_INVALID "type.used". */
enum err store_type_remove(struct db *db, int64_t unit, int64_t id, struct err_info *e);
/* Also removed ones, and texts that were never a type: removed_at is set. */
enum err store_type_get(struct db *db, int64_t unit, int64_t id, struct business_type *out,
			bool *found, struct err_info *e);
/* Not removed. */
enum err store_type_by_name(struct db *db, int64_t unit, const char *name,
			    struct business_type *out, bool *found, struct err_info *e);
/* Part of the name, case and width aside; by name; *next 0 at the end (a cursor is an offset: the
 * list is short). */
typedef enum err (*type_each)(void *arg, const struct business_type *t);
enum err store_type_list(struct db *db, int64_t unit, const char *text, int64_t cursor, int limit,
			 type_each f, void *arg, int64_t *next, int64_t *total, struct err_info *e);

/* ---- what invoices name ---- */
/* Id of the text: of the type so named, else of the text itself; *id 0 when there is none.
 * store_type_note makes one then. */
enum err store_type_find(struct db *db, int64_t unit, const char *text, int64_t *id,
			 struct err_info *e);
enum err store_type_note(struct db *db, int64_t unit, const char *text, int64_t *id,
			 struct err_info *e);
/* An invoice or draft names it (+1) or does no longer (-1); id 0: nothing. */
enum err store_type_used(struct db *db, int64_t id, int by, struct err_info *e);

#endif

/* desk/types.h - 业务类型 (features G80-G86).
 *
 * A unit that maintains business types issues with one of them or with none: an invoice whose
 * business_type is another text is refused, "business_type.unknown", with some of those there are.
 * A unit without any may write what it likes (at most 100 characters).  Drafts are not asked.
 *
 * A type may be renamed though it is used: invoices keep the text they were issued with, are found
 * under the type as it is called now, and are sent again with their own text; a copy, or a draft
 * that is taken up again, gets the new name.
 */
#ifndef KP_DESK_TYPES_H
#define KP_DESK_TYPES_H

#include "desk/session.h"
#include "store/types.h"

/* Part of the name; by name. */
enum err desk_type_list(struct session *s, const char *text, int64_t cursor, int limit, type_each f,
			void *arg, int64_t *next, int64_t *total, struct err_info *e);
/* The best max for what is typed, by part and by pinyin (base/match.h), the often used first. */
enum err desk_type_match(struct session *s, const char *text, int max, struct business_type *out,
			 int *n, struct err_info *e);
/* By "#id" or name; ERR_INVALID "type.unknown". */
enum err desk_type_get(struct session *s, const char *no, struct business_type *out,
		       struct err_info *e);
/* Id for invoice_filter: also of a text that invoices have and that is no type of the unit.
 * ERR_INVALID "type.unknown". */
enum err desk_type_id(struct session *s, const char *name, int64_t *id, struct err_info *e);

/* ERR_INVALID with the field "name" or "note": empty, longer than 50 / 60 bytes in GBK (the
 * sentence says how many there are), forbidden characters, name taken.  Blanks around are left out.
 * *out gets the type. */
enum err desk_type_add(struct session *s, const char *name, const char *note,
		       struct business_type *out, struct err_info *e);
/* name or note NULL: stays. */
enum err desk_type_edit(struct session *s, const char *no, const char *name, const char *note,
			struct business_type *out, struct err_info *e);
/* One that invoices or drafts name is refused, "type.used": they would lose their meaning. */
enum err desk_type_remove(struct session *s, const char *no, struct err_info *e);

/* Gives an invoice the present name of its type. */
enum err desk_type_renew(struct session *s, struct invoice_record *r, struct err_info *e);

#endif

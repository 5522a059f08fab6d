/* desk/types.h - 业务类型 (features G80-G86). */
#ifndef KP_DESK_TYPES_H
#define KP_DESK_TYPES_H

#include "desk/session.h"
#include "store/types.h"

enum err desk_type_list(struct session *s, const char *text, int64_t cursor, int limit, type_each f,
			void *arg, int64_t *next, int64_t *total, struct err_info *e);
/* By "#id" or name. */
enum err desk_type_get(struct session *s, const char *no, struct business_type *out,
		       struct err_info *e);
/* ERR_INVALID with the field: empty, longer than 50 / 60 bytes in GBK (the sentence says how many
 * there are), name taken, forbidden characters. */
enum err desk_type_add(struct session *s, struct business_type *t, struct err_info *e);
enum err desk_type_edit(struct session *s, const struct business_type *t, struct err_info *e);
/* One that invoices name is refused, "type.used": they would lose their meaning. */
enum err desk_type_remove(struct session *s, const char *no, struct err_info *e);

#endif

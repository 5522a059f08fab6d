/* goods_p.h - between the files of the goods. */
#ifndef KP_DESK_GOODS_P_H
#define KP_DESK_GOODS_P_H

#include "desk/goods.h"

/* Where the goods are, and whose tax codes count there, when the person may do this. */
struct goods_place {
	int64_t unit;
	const char *env;
	char today[DATE_TEXT];
};
enum err goods_place(struct session *s, enum desk_action a, struct goods_place *out,
		     struct err_info *e);
/* desk_goods_named in a unit that is known. */
enum err goods_by_name(struct session *s, int64_t unit, const char *no, struct goods *out,
		       struct err_info *e);
/* ERR_INVALID "goods.unknown"; "goods.several" with the first of the `listed` ones that are here of
 * n. */
enum err goods_unknown(struct err_info *e, const char *no);
enum err goods_several(struct err_info *e, const char *no, const struct goods *some, int listed,
		       int n);
enum err goods_audit(struct session *s, const char *action, const struct goods *before,
		     const struct goods *after, struct err_info *e);

#endif

/* desk/drawers.h - 开票员 of the session's unit: who may be named as 开票人 where the tax side compares
 * his document (联用, features B14). */
#ifndef KP_DESK_DRAWERS_H
#define KP_DESK_DRAWERS_H

#include "desk/session.h"
#include "sheet/write.h"

/* A document's number as people see it: the middle is hidden. */
enum { DRAWER_MASKED = 64 };
const char *desk_drawer_mask(const struct drawer *d, char out[DRAWER_MASKED]);

/* What his document is called, 居民身份证. */
const char *desk_drawer_document(const struct drawer *d);

/* For everybody who issues: by name, bound ones first. */
enum err desk_drawer_list(struct session *s, drawer_each f, void *arg, struct err_info *e);
/* ERR_INVALID "drawer.unknown". */
enum err desk_drawer_get(struct session *s, const char *name, struct drawer *out,
			 struct err_info *e);

/* What a person enters; NULL members are not given (adding: 201, bound, 乐企平台). */
struct drawer_form {
	const char *name, *id_type, *id_no, *state, *platform;
};
enum { DRAWER_WARNING = 200 };
/* warning[DRAWER_WARNING]: "" none. */
enum err desk_drawer_add(struct session *s, const struct drawer_form *f, char *warning,
			 struct err_info *e);
/* name: who; f->name: his new name. */
enum err desk_drawer_edit(struct session *s, const char *name, const struct drawer_form *f,
			  char *warning, struct err_info *e);
enum err desk_drawer_remove(struct session *s, const char *name, struct err_info *e);

/* With whole numbers, for who may change them.  Audited. */
enum err desk_drawer_export(struct session *s, const char *path, enum sheet_format format,
			    bool replace, int64_t *rows, struct err_info *e);

#endif

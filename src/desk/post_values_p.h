/* desk/post_values_p.h - single values of the settings of pushes and mail: taken as typed, checked.
 *
 * A value that is NULL is not given: what is stored stays.  A fault is ERR_INVALID "post.field"
 * with the field's name and label.
 */
#ifndef KP_DESK_POST_VALUES_P_H
#define KP_DESK_POST_VALUES_P_H

#include "desk/post_p.h"

enum { POST_DAYS_MAX = 30 };

enum err post_bad(const char *field, const char *label, const char *why, struct err_info *e);
enum err post_take_text(const char *field, const char *label, const char *value, char *out,
			size_t size, size_t chars, struct err_info *e);
/* yes or no */
enum err post_take_flag(const char *field, const char *label, const char *value, bool *out,
			struct err_info *e);
enum err post_take_number(const char *field, const char *label, const char *value, int min, int max,
			  int *out, struct err_info *e);
/* The certificates are kept as text, so that the file may go away; "": none. */
enum err post_take_ca(const char *file, char **out, struct err_info *e);

struct secret_rule {
	const char *field, *label;
	size_t min;
};
/* Seals it for that use, in place of the one before. */
enum err post_seal(struct session *s, const char *context, const char *secret, size_t n, char **out,
		   struct err_info *e);
/* One line as typed, or (typed NULL) from a file; blanks around it are left out. */
enum err post_take_secret(struct session *s, const struct secret_rule *rule, const char *context,
			  const char *typed, const char *file, char **out, struct err_info *e);

#endif

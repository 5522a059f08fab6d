/* desk/params.h - which parameters there are, what they mean and what they take (features M15). */
#ifndef KP_DESK_PARAMS_H
#define KP_DESK_PARAMS_H

#include "desk/session.h"

/* A known parameter.  A key that begins with '<' stands for any text there: "<税号>.below". */
struct param_doc {
	const char *type, *key;
	const char *value;    /* what it takes, for people */
	const char *fallback; /* what counts when it is not set, "" nothing */
	const char *help;
};
/* The i-th, NULL past the end. */
const struct param_doc *desk_param_doc(size_t i);
/* ERR_INVALID: "param.form" of what can be no parameter, "param.value" when a known one does not
 * take the value, "param.moved" of one that is kept elsewhere now. */
enum err desk_param_check(const char *type, const char *key, const char *value, struct err_info *e);
/* A remark about what was set: unknown parameters are kept; "" none. */
const char *desk_param_warning(const char *type, const char *key, const char *value);

#endif

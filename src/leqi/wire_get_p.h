/* leqi/wire_get_p.h - the functions that tables of wire fields name, a line each. */
#ifndef KP_LEQI_WIRE_GET_P_H
#define KP_LEQI_WIRE_GET_P_H

#include "leqi/wire_p.h"

/* The text of one field of a `type` called `it`: a pointer into it, or into scratch. */
#define WIRE_GET(name, type, it, expression)                                                       \
	static const char *name(const void *view, char scratch[WIRE_SCRATCH])                      \
	{                                                                                          \
		const type *it = view;                                                             \
                                                                                                   \
		(void)scratch;                                                                     \
		return expression;                                                                 \
	}

#endif

/* sandbox/fields.h - one row of a field table of the protocol: presence, length, form, codes. */
#ifndef KP_SANDBOX_FIELDS_H
#define KP_SANDBOX_FIELDS_H

#include "sandbox/sandbox_p.h"

enum form {
	FORM_TEXT,
	FORM_MONEY,    /* 18,2 */
	FORM_RATE,     /* 16,6 */
	FORM_QUANTITY, /* 25 characters, point included, sign not */
	FORM_DIGITS,
	FORM_CAPITALS, /* digits and capital letters */
	FORM_COUNTRY,  /* three digits or A00 */
	FORM_TIME,     /* yyyy-MM-dd HH:mm:ss */
	FORM_DATE,     /* yyyy-MM-dd */
	FORM_EMPTY,    /* must be empty */
};

enum { REQUIRED = 1, EXACT = 2 };

struct field {
	const char *key, *name;
	unsigned max;
	unsigned flags;
	enum form form;
	const char *values; /* "|01|02|" or NULL */
};

/* False: text says what is wrong, after `where`. */
bool field_fits(const cJSON *object, const struct field *f, const char *where, char text[400]);

#endif

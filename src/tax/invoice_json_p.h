/* tax/invoice_json_p.h - inside the tax room: members of the JSON form that are not text. */
#ifndef KP_TAX_INVOICE_JSON_P_H
#define KP_TAX_INVOICE_JSON_P_H

#include "tax/invoice_json.h"

enum json_form {
	FORM_BOOL,
	FORM_KIND,  /* "ordinary" or "special" */
	FORM_RATE,  /* int32_t parts per million; -1: not given */
	FORM_DEC,   /* struct dec */
	FORM_FEN,   /* int64_t */
	FORM_CHARS, /* char[] */
	FORM_ROW,   /* unsigned; 0: none */
	FORMS
};

struct value_field {
	const char *key;   /* "discount.rate" is key rate of object discount */
	const char *label; /* the tax bureau's term */
	enum json_form form;
	size_t offset, flag; /* of the value; of the bool that tells it was given, or NO_FLAG */
	bool input;          /* false: only in the computed form */
};
#define NO_FLAG ((size_t)-1)

extern const struct value_field invoice_values[]; /* end with key NULL */
extern const struct value_field line_values[];
extern const struct value_field voucher_values[];

/* The length of the object name a dotted key starts with; 0 for a key of the object itself. */
size_t key_group(const char *key);

#endif

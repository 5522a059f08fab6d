/* tax/invoice_json.h - the JSON form of an invoice (command line contract, "Invoice JSON").
 *
 * Input is strict: unknown keys, wrong types, control characters, bidi overrides and over-long
 * fields are refused with the path of the field.  Decimals are strings; JSON numbers are accepted
 * when they are exact decimals.  Arithmetic and business rules are not checked here.
 */
#ifndef KP_TAX_INVOICE_JSON_H
#define KP_TAX_INVOICE_JSON_H

#include "base/json.h"
#include "tax/invoice.h"

enum { INVOICE_FILE_MAX = 256 * 1024 * 1024, INVOICE_ARRAY_MAX = 100000 };

/* One invoice object; *out is initialised by the function and stays empty on failure.  `path` is
 * prefixed to field names ("[3]."), may be "". */
enum err invoice_from_json(const cJSON *object, const char *path, struct invoice *out,
			   struct err_info *e);
/* Writes the members of an invoice into an open object: the input form plus (when `computed`)
 * number, issued_at, line results and totals, with the keys documented by invoice_json_key(). */
void invoice_put_json(struct json_out *o, const struct invoice *inv, bool computed);
/* The input form without empty texts: as short as what reads as the same invoice. */
void invoice_put_sparse(struct json_out *o, const struct invoice *inv);

/* Documentation of every key: path, type word, label, limit, whether input; i-th or NULL. */
struct json_key_doc {
	const char *path, *type, *label;
	unsigned max_chars;
	bool input;
};
const struct json_key_doc *invoice_json_key(size_t i);

#endif

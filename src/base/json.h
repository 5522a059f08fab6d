/* base/json.h - strict reading and plain writing over cJSON.
 *
 * Purpose     cJSON keeps numbers as double; money may not pass through one.  json_parse keeps the
 *             source text of every number in item->valuestring, and json_text() returns it for
 *             strings and numbers alike.  item->valuedouble and valueint are never read.
 * Invariants  Input is valid UTF-8, at most max bytes, nested at most 32 deep, one document, no
 *             trailing text, no duplicate keys in an object.
 * Ownership   json_parse's tree belongs to the caller: json_free(&p).
 */
#ifndef KP_BASE_JSON_H
#define KP_BASE_JSON_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"

/* Parses text[0..n).  On failure ERR_INVALID with line and column in `why`. */
enum err json_parse(const char *text, size_t n, size_t max, cJSON **out, struct err_info *e);
/* The same of a text of others, in which half a surrogate pair or \u0000 is U+FFFD: one spoilt
 * character does not make all of it unreadable. */
enum err json_parse_theirs(const char *text, size_t n, size_t max, cJSON **out, struct err_info *e);
void json_free(cJSON **p);

/* Member by exact (case-sensitive) key, or NULL. */
const cJSON *json_get(const cJSON *object, const char *key);
/* Text of a string or number item; NULL for anything else (null, bool, object, array, absent). */
const char *json_text(const cJSON *item);
/* Text of member `key`, "" when absent or not text. */
const char *json_member(const cJSON *object, const char *key);
bool json_is_number(const cJSON *item);
/* Integer member with range check; false when absent, not integral, or out of range. */
bool json_member_int(const cJSON *object, const char *key, long long min, long long max,
		     long long *out);
/* The only array member of an object, or NULL when there is none or more than one (doubtful array
 * names of the tax side, protocol 14.4). */
const cJSON *json_only_array(const cJSON *object);

/* Streaming writer: no tree, output is valid JSON with raw UTF-8 (never \uXXXX for printable text:
 * protocol 1.4).  Control characters below 0x20 other than \n \t \r are dropped. */
struct json_out {
	struct buf *buf;
	bool need_comma;
	int indent, depth; /* indent 0 = compact, else spaces per level */
};
void json_out_init(struct json_out *o, struct buf *b, int indent);
/* key is NULL inside arrays and at the top; bracket is '{' or '['. */
void json_open(struct json_out *o, const char *key, char bracket);
void json_close(struct json_out *o, char bracket); /* '}' or ']' */
/* String; NULL becomes null. */
void json_put(struct json_out *o, const char *key, const char *text);
/* Number, true, false or null as it stands. */
void json_put_raw(struct json_out *o, const char *key, const char *token);
void json_put_int(struct json_out *o, const char *key, long long v);
void json_put_bool(struct json_out *o, const char *key, bool v);
/* String with two decimals. */
void json_put_fen(struct json_out *o, const char *key, long long fen);
/* A whole tree of json_parse; numbers by their source text. */
void json_put_tree(struct json_out *o, const char *key, const cJSON *tree);

#endif

/* json_p.h - the strict scan that goes before cJSON. */
#ifndef KP_BASE_JSON_P_H
#define KP_BASE_JSON_P_H

#include <stddef.h>

enum { JSON_DEPTH = 32 };

/* Offsets in the text, in document order. */
struct json_marks {
	size_t *at;
	size_t n, cap;
};

struct json_scan {
	const char *text;
	size_t n, at;
	struct json_marks numbers, keys; /* where each number and each member name begins */
	const char *code, *fault;        /* set when the scan failed, at `at` */
};

/* Checks text against the grammar of RFC 8259 and the limits of json.h, collecting the marks.
 * Returns 0, or -1 with code, fault and at.  json_scan_free in both cases. */
int json_scan_run(struct json_scan *s, const char *text, size_t n);
void json_scan_free(struct json_scan *s);
/* A copy, the caller's, in which escapes (and bytes) that stand for no character stand for U+FFFD,
 * of the same length; NULL: there are none. */
char *json_scan_mend(const char *text, size_t n);
/* Length of the number token that begins at s, at most n; 0 when none does. */
size_t json_number_length(const char *s, size_t n);

#endif

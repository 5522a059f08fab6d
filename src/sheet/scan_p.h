/* scan_p.h - a parser for large parts in UTF-8, which takes a quarter of expat's time.
 *
 * XML 1.0 without document types: tags that nest, attributes, the five entities, character
 * references, CDATA, comments, instructions.  What is not well-formed is refused as expat refuses
 * it, but that beyond ASCII every character may stand in a name.  Nothing is looked up, nothing is
 * fetched.
 *
 * Invariants  Handlers get valid UTF-8 alone, and as many ends as starts.  Memory has a bound.
 * Ownership   What a handler gets lives until it returns.
 */
#ifndef KP_SHEET_SCAN_P_H
#define KP_SHEET_SCAN_P_H

#include <stdbool.h>
#include <stddef.h>

struct sheet_scan;
struct sheet_scan_ops { /* as expat's */
	void (*start)(void *user, const char *name, const char **attributes);
	void (*end)(void *user, const char *name);
	void (*text)(void *user, const char *s, int n);
};
enum sheet_scan_verdict {
	SCAN_GOOD,
	SCAN_STOPPED, /* by a handler */
	SCAN_BROKEN,  /* not well-formed */
	SCAN_TYPE,    /* a document type */
	SCAN_LARGE,   /* a tag without end, too many attributes, tags too deep */
};

/* Bytes of the mark and the declaration that a part begins with, from its first bytes; -1: nothing
 * for the scanner, as it says something else than UTF-8. */
int sheet_scan_head(const char *first, size_t n);

struct sheet_scan *sheet_scan_new(const struct sheet_scan_ops *ops, void *user);
void sheet_scan_free(struct sheet_scan **s);
/* Room for the next n bytes, the head not among them, until sheet_scan_piece. */
char *sheet_scan_room(struct sheet_scan *s, size_t n);
/* n bytes have come there; 0: that was all. */
enum sheet_scan_verdict sheet_scan_piece(struct sheet_scan *s, size_t n);
/* For handlers: none is called any more. */
void sheet_scan_stop(struct sheet_scan *s);

#endif

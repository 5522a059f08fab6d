/* store/find.h - the search index of the catalogues: from a text typed to candidate rows.
 *
 * Every row that can be found has a document number in its catalogue.  Its texts yield terms (small
 * integers: characters, syllables, runs of three initials, runs of three code characters); the
 * documents of a term are stored as ascending runs (delta coded blocks) in find_post.  A row whose
 * texts change gets a new document number, the old postings stay behind and lead nowhere; a
 * candidate is therefore always checked against the row it leads to.
 *
 * Index and rows are written in the same transaction.  Work of a search depends on the postings of
 * its rarest terms, not on the size of the catalogue.
 */
#ifndef KP_STORE_FIND_H
#define KP_STORE_FIND_H

#include "base/match.h"
#include "store/db.h"

enum find_kind { FIND_BUYERS = 1, FIND_GOODS = 2, FIND_CODES = 3, FIND_INVOICES = 4 };
enum { FIND_TERMS = 2048, FIND_CODES_MAX = 8 }; /* terms of one document, codes of one text */

/* Where a text stands. */
enum find_field {
	FIND_NUMBER,   /* tax number, tax code */
	FIND_MNEMONIC, /* 简码 */
	FIND_OTHER,    /* telephone, specification */
	FIND_NAME,
	FIND_FIELDS,
	FIND_ANYWHERE = (1 << FIND_FIELDS) - 1, /* a bit for each */
};
/* What is searched of a row: a name (words of several parted by '\n': name and 简称) and codes, NULL
 * or "" those it has not. */
struct find_text {
	const char *name;
	const char *codes[FIND_CODES_MAX];
	size_t count;
	const unsigned char *fields; /* of the codes; NULL: all FIND_NUMBER */
};
/* The terms of a text, in any order, a few of them twice; pure, for any thread.  Returns their
 * number. */
size_t find_terms(const struct find_text *t, uint32_t out[FIND_TERMS]);

/* Document numbers of a catalogue, ascending and never used again: *first .. *first + n - 1. */
enum err store_find_docs(struct db *db, int64_t scope, enum find_kind k, int64_t n, int64_t *first,
			 struct err_info *e);
/* Adds one document; for single rows (some microseconds a term). */
enum err store_find_put(struct db *db, int64_t scope, enum find_kind k, int64_t doc,
			const struct find_text *t, struct err_info *e);
/* Adds many, in ascending order of doc: terms are sorted in memory (at most 40 MiB) and, beyond
 * that, in an unlinked temporary file, and written once at the end. */
struct find_batch;
struct find_batch *store_find_batch(int64_t scope, enum find_kind k);
enum err store_find_batch_add(struct find_batch *b, int64_t doc, const uint32_t *terms, size_t n,
			      struct err_info *e);
enum err store_find_batch_end(struct db *db, struct find_batch **b, struct err_info *e);
void store_find_batch_drop(struct find_batch **b);
/* Adds a document that is not the newest, be it there already; terms ascending, each once
 * (find_insert.c). */
enum err store_find_insert(struct db *db, int64_t scope, enum find_kind k, int64_t doc,
			   const uint32_t *terms, size_t n, struct err_info *e);
/* Forgets a whole catalogue: before it is built anew. */
enum err store_find_clear(struct db *db, int64_t scope, enum find_kind k, struct err_info *e);
/* For ever: nobody will ask for it, and its numbers may begin again. */
enum err store_find_drop(struct db *db, int64_t scope, enum find_kind k, struct err_info *e);

/* Candidates of a text, newest document first, below `below` (0: from the newest): complete (no row
 * that match_text takes is left out), but with false ones among them.  The callback looks at the
 * row, sets *enough and writes nothing: everything is read from one state of the database. */
typedef enum err (*find_each)(void *arg, int64_t doc, bool *enough);
enum err store_find(struct db *db, int64_t scope, enum find_kind k, const char *text, int64_t below,
		    find_each f, void *arg, struct err_info *e);
/* The same for several texts, each in fields of its own. */
struct find_ask {
	const char *text;
	unsigned in;     /* bits: 1 << FIND_... */
	unsigned begins; /* of these: where a name or a code begins with every word ... */
	bool first;      /* ... or with the first word */
};
enum { FIND_ASKS = 8 };
enum err store_find_asked(struct db *db, int64_t scope, enum find_kind k,
			  const struct find_ask *asks, size_t n, int64_t below, find_each f,
			  void *arg, struct err_info *e);
/* The same, only documents of which a name or a code begins with every word: what is best. */
enum err store_find_begins(struct db *db, int64_t scope, enum find_kind k, const char *text,
			   int64_t below, find_each f, void *arg, struct err_info *e);

#endif

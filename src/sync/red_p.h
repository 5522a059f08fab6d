/* red_p.h - between the files that work on red letters. */
#ifndef KP_SYNC_RED_P_H
#define KP_SYNC_RED_P_H

#include "store/red.h"
#include "sync/sync_p.h"

/* A letter of the tax side (with lines, if it has some) into our copy; inside a transaction.  One
 * of ours whose answer was lost is found by what it says: there is no second one for the same
 * invoice. */
enum err red_keep(struct engine *en, int64_t unit, enum red_side side, const struct red_letter *l,
		  enum red_put *what, struct err_info *e);

/* Is our unit the party that it should be on that side?  A letter of strangers is not kept. */
bool red_names_us(const struct caller *c, enum red_side side, const struct red_letter *l);

/* Does it keep others of its invoice out: valid, and not issued yet? */
bool red_is_running(const struct red_letter *l);

/* Is the letter of the tax side the application r of ours, as far as can be told? */
bool red_is_ours(const struct engine *en, const struct red_record *r, const struct red_letter *l);

/* The time by the tax side's clock, as far as its answers have told it. */
int64_t red_their_now(const struct engine *en);

/* Asks for a letter with its lines; on LEQI_OK *found and *out, which the caller frees always. */
enum leqi_class red_ask_detail(struct engine *en, const struct caller *c, const char *uuid,
			       const char *seller_tax_no, struct red_letter *out, bool *found,
			       struct leqi_reply *rep);

/* A query of the list by our number and name on that side. */
struct leqi_red_query red_query(const struct caller *c, enum red_side side);

/* A walk through the pages of a list, as far as it is; all zero before the first page.  The tax
 * side is taken at its word only as far as it keeps it: whatever it says, the walk ends. */
struct red_walk {
	long long page;     /* the one before: from 1 */
	long long seen;     /* rows so far */
	long long promised; /* by the first page; 0: nothing to go by */
	long long blind;    /* pages in a row of which nothing could be read */
	/* First of an earlier page: a list that goes round meets it. */
	char anchor[LEQI_LETTER_UUID];
};
enum red_paging {
	RED_PAGES_MORE,
	RED_PAGES_END,
	RED_PAGES_SHORT,  /* an end before what was promised */
	RED_PAGES_REPEAT, /* it goes round */
	RED_PAGES_BLIND,  /* page after page that cannot be read */
	RED_PAGES_GROWS,  /* the more is taken, the more there is to be */
	RED_PAGES_LONG    /* too long for a list */
};
enum {
	RED_PAGES_MAX = 20000,
	RED_UNTOLD_MAX = 2000, /* pages of a list that does not tell how long it is */
	RED_BLIND_MAX = 20,
	RED_GROWTH_MAX = 5000 /* rows that may come while somebody reads */
};
/* A page of at most `size` rows was taken; first: UUID of its first row that could be read, or "".
 * Is there another one? */
enum red_paging red_walk_on(struct red_walk *w, const struct leqi_red_page *got, size_t size,
			    const char *first);

/* Puts the job back at due_ms with `why` (may be NULL) and what it knows so far (JSON), inside the
 * open transaction, which it commits. */
enum err red_back(struct engine *en, const struct job *job, int64_t due_ms, const char *result,
		  const struct err_info *why, struct err_info *e);
enum err red_end(struct engine *en, const struct job *job, const char *result, struct err_info *e);

#endif

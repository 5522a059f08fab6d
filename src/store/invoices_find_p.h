/* invoices_find_p.h - between the files of the searches of invoices.
 *
 *   invoices_terms.c  texts and amounts as terms     invoices_index.c  taking invoices in
 *   invoices_seek.c   candidates, newest first       invoices_test.c   is a candidate a match
 *   invoices_find.c   pages and counts
 *
 * Terms of their own, exact where pinyin would be noise (src/store/find_p.h has those of names):
 * triples of letters and digits, single other characters, neighbours thrown into many terms, and
 * amounts by size.
 */
#ifndef KP_STORE_INVOICES_FIND_P_H
#define KP_STORE_INVOICES_FIND_P_H

#include "store/find_node_p.h"
#include "store/invoices_find.h"
#include "store/invoices_p.h"

/* ---- invoices_terms.c ---- */

enum { INVOICE_TERMS = 4096 };
struct invoice_terms {
	uint32_t at[INVOICE_TERMS];
	size_t n;
	bool full; /* too many: a candidate of every text */
};
/* Of a text as buyer_fold makes it. */
void invoice_terms_add(struct invoice_terms *t, const char *folded);
void invoice_terms_amount(struct invoice_terms *t, int64_t fen);
/* One of the 附加要素 as the face has it in the remark, "name:value"; malloc'd. */
char *invoice_extra_text(const struct invoice *inv, size_t i);
/* Everything that is searched of an invoice. */
void invoice_terms_of(struct invoice_terms *t, const struct invoice *inv);
/* Ascending, each once. */
void invoice_terms_end(struct invoice_terms *t);

/* Sets of candidates; NULL: every invoice.  The word is folded and has no blank. */
struct find_node *invoice_word_set(struct find_search *s, const char *word);
struct find_node *invoice_amount_set(struct find_search *s, const int64_t *from, const int64_t *to);

/* ---- the filter made ready ---- */

enum { /* where a word may stand */
       AT_BUYER = 1,
       AT_TAX_NO = 2,
       AT_ORDER = 4,
       AT_NUMBER = 8,
       AT_GOODS = 16,
       AT_REMARK = 32,
       AT_DRAWER = 64,
       AT_TEXT = AT_BUYER | AT_TAX_NO | AT_ORDER | AT_NUMBER | AT_GOODS | AT_REMARK,
};
enum { WANTS = 16 };
struct want {
	char *word; /* folded, owned */
	unsigned where;
	bool met;
};
struct invoice_search {
	struct db *db;
	const struct invoice_filter *f;
	struct err_info *e;
	struct want wants[WANTS];
	size_t want_count;
	struct buyer_names names; /* of filter.buyer_id */
	bool states[INVOICE_STATES], kinds[2];
	int64_t low, high; /* ids of the days asked for */
	int64_t work;      /* that may still be done: about the rows read */
};

/* ---- invoices_test.c ---- */

enum err invoice_search_init(struct invoice_search *s, struct db *db,
			     const struct invoice_filter *f, struct err_info *e);
void invoice_search_free(struct invoice_search *s);
/* Asks the invoice itself; takes from work. */
enum err invoice_search_test(struct invoice_search *s, int64_t id, bool *yes);

/* ---- invoices_seek.c ---- */

struct invoice_seek;
enum err invoice_seek_open(struct invoice_search *s, struct invoice_seek **out);
/* *at: the newest candidate not newer than id; 0: none; below 0: the work is used up, and those
 * from -*at down have not been looked at. */
enum err invoice_seek_next(struct invoice_seek *k, int64_t id, int64_t *at);
enum err invoice_seek_close(struct invoice_seek **k, enum err so_far);

/* ---- invoices_find.c ---- */

/* As invoice_walk, newest first; *next: where a search that was cut short goes on (a cursor), 0
 * when it saw everything or the list is full. */
enum err invoice_find(struct db *db, const struct invoice_filter *f, struct id_list *out,
		      int64_t *next, struct err_info *e);
enum err invoice_find_count(struct db *db, const struct invoice_filter *f, int64_t cap,
			    int64_t *count, bool *at_least, struct err_info *e);

/* ---- invoices_index.c ---- */

/* The content of an invoice has changed. */
enum err invoice_find_changed(struct db *db, int64_t unit, int64_t id, struct err_info *e);
/* How far the index of a unit is; 0: there is none. */
enum err invoice_find_done(struct db *db, int64_t unit, int64_t *done, struct err_info *e);

#endif

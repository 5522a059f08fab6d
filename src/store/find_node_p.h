/* find_node_p.h - sets of documents that are walked from the newest to the oldest. */
#ifndef KP_STORE_FIND_NODE_P_H
#define KP_STORE_FIND_NODE_P_H

#include "store/find_p.h"

/* Of one search.  After a failure every set is empty and r says why. */
struct find_search {
	struct db *db;
	struct err_info *e;
	enum err r;
	int64_t list, top; /* top: the newest document */
};

enum find_node_type {
	NODE_TERM, /* the documents of a term */
	NODE_ANY,  /* of any of the kids */
	NODE_EACH, /* of all of the kids; without kids every one */
};
struct find_node {
	enum find_node_type type;
	int64_t at;  /* the last answer */
	int64_t est; /* documents, about */
	/* a term: the block in hand, documents up to the answer */
	int64_t key; /* of the block, 0: none below */
	uint32_t *docs;
	size_t n;
	struct find_node **kids;
	size_t count, size;
};

/* The terms from lo to hi as one set; NULL when they have no documents. */
struct find_node *find_node_terms(struct find_search *s, uint32_t lo, uint32_t hi);
struct find_node *find_node_make(const struct find_search *s, enum find_node_type type);
/* Takes the kid; NULL is passed over. */
void find_node_add(struct find_node *n, struct find_node *kid);
void find_node_free(struct find_node *n);
/* The newest document of the set that is not newer than doc; 0: none.  From call to call doc never
 * grows. */
int64_t find_node_seek(struct find_search *s, struct find_node *n, int64_t doc);

/* Documents of which a name or a code, of the fields `in`, may have the word (find_word.c), in
 * those of `begins` may begin with it; never NULL. */
struct find_node *find_word_set(struct find_search *s, const uint32_t *chars, size_t len,
				unsigned in, unsigned begins);

#endif

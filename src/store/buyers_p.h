/* buyers_p.h - between the files of the buyers. */
#ifndef KP_STORE_BUYERS_P_H
#define KP_STORE_BUYERS_P_H

#include "base/buf.h"
#include "store/catalogue_p.h"

/* Places in buyer_fields; those of an address stand together, at the end. */
enum {
	BUYER_NAME,
	BUYER_TAX_NO,
	BUYER_MNEMONIC,
	BUYER_ADDRESS,
	BUYER_PHONE,
	BUYER_ACCOUNT = 6,
	BUYER_MOBILE = 8
};
#define BUYER_ADDRESS_FIELDS (&buyer_fields[BUYER_ADDRESS])

char **buyer_address_slot(struct buyer_address *a, const struct catalogue_field *f);
/* The texts of a row by the place of their field. */
static inline const char *buyer_row_text(const struct buyer_row *r, size_t i)
{
	const char *text = ((const char *const *)(const void *)r)[i];

	return text ? text : "";
}
/* The same, "" where the row has nothing to say about a buyer that is there. */
static inline const char *buyer_row_says(const struct buyer_row *r, size_t i)
{
	return r->has[i] ? buyer_row_text(r, i) : "";
}
_Static_assert(offsetof(struct buyer_row, mobile) == (BUYER_TEXTS - 1) * sizeof(char *),
	       "the texts stand in the order of buyer_fields");
/* The documents of buyers that are there more than once, the newest first: 1 unit, 2 how many. */
/* The buyer of an invoice: what it says of him, then key of the name, unit, name, number. */
extern const char buyer_find_issued[];
/* What is searched of a buyer, lent of it and of n, which is freed afterwards. */
struct buyer_numbers {
	struct buf phones, mobiles; /* of all addresses, when there are several */
};
void buyer_numbers_free(struct buyer_numbers *n);
void buyer_find_text(const struct buyer *b, struct buyer_numbers *n, struct find_text *out);
/* The row and its further addresses, as they stand in b; index and tally are the caller's. */
enum err buyer_insert_row(struct db *db, const struct buyer *b, struct err_info *e);
enum err buyer_update_row(struct db *db, const struct buyer *b, struct err_info *e);

/* ---- new buyers of a load, several to a statement (buyers_group.c) ---- */
struct buyer_group;
struct buyer_group *buyer_group_new(void);
void buyer_group_free(struct buyer_group **g);
/* A new buyer, imported just now, without further addresses; its texts are copied.  k: who it is.
 * Stores all that wait when they fill a statement. */
enum err buyer_group_add(struct buyer_group *g, struct catalogue_load *l, const struct load_kin *k,
			 const struct buyer *b, struct err_info *e);
/* Does one wait that has the name or the tax number, as far as their keys tell? */
bool buyer_group_has(const struct buyer_group *g, const struct load_kin *k);
enum err buyer_group_store(struct buyer_group *g, struct catalogue_load *l, struct err_info *e);

#endif

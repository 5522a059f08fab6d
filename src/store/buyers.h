/* store/buyers.h - 购方信息: the buyers of a unit, their addresses, finding them, loading many.
 *
 * A buyer that was issued to is remembered by itself (source issued); what a person has entered or
 * imported is his, and issuing only counts the use.  Removing keeps the row (features G54):
 * invoices carry their own copy, and the row shows who it was.
 */
#ifndef KP_STORE_BUYERS_H
#define KP_STORE_BUYERS_H

#include "store/find.h"
#include "tax/invoice.h"

enum catalogue_source { SOURCE_ISSUED, SOURCE_ENTERED, SOURCE_IMPORTED };
const char *catalogue_source_label(enum catalogue_source s); /* 开票 录入 导入 */

enum { BUYER_ADDRESSES = 100 }; /* further ones of a buyer */
struct buyer_address {
	char *address, *phone, *bank, *account, *email, *mobile;
};
struct buyer {
	int64_t id, unit_id, doc;
	struct party party; /* with the default address */
	char *mnemonic, *email, *mobile;
	bool is_person;
	enum catalogue_source source;
	int64_t uses, used_at, created_at, updated_at, removed_at; /* 0: not */
	int64_t rev; /* counts the changes: what was read is what is stored while it is the same */
	struct buyer_address *more; /* further addresses; only after store_buyer_get */
	size_t more_count;
};
void buyer_free(struct buyer *b);
void buyer_copy(struct buyer *out, const struct buyer *in);

/* A text member of a catalogue's row, its label and limit.  Those of an address are in struct
 * buyer_address too. */
struct catalogue_field {
	const char *key, *label;
	size_t offset, in_address; /* of the char *; FIELD_NOWHERE: not there */
	unsigned max_chars;
};
#define FIELD_NOWHERE ((size_t)-1)
/* The text of a member of a struct buyer or goods, never NULL. */
const char *catalogue_text(const void *item, const struct catalogue_field *f);
/* "name", "tax_no", "mnemonic", "address", "phone", "bank", "account", "email", "mobile"; ends with
 * key NULL.  The same order as the texts of struct buyer_row. */
extern const struct catalogue_field buyer_fields[];

/* ---- one ---- (inside a transaction; the index and the tally follow) */
enum err store_buyer_insert(struct db *db, struct buyer *b, struct err_info *e); /* gives id */
/* All of it, with its further addresses: what store_buyer_get gave, changed.  Uses stay; what one
 * in use was called so far leads to his invoices still (store/invoices.h). */
enum err store_buyer_update(struct db *db, const struct buyer *b, struct err_info *e);
/* The uses of a buyer that is about to be removed, and what he was called, go to another one. */
enum err store_buyer_inherit(struct db *db, int64_t id, const struct buyer *from,
			     struct err_info *e);
/* *removed: how many of the ids there were. */
enum err store_buyer_remove(struct db *db, int64_t unit, const int64_t *ids, size_t n, int *removed,
			    struct err_info *e);
/* Also removed ones; *found false when the unit has none of that id. */
enum err store_buyer_get(struct db *db, int64_t unit, int64_t id, struct buyer *out, bool *found,
			 struct err_info *e);
/* Others, not removed, with the same tax number (unless ""), or the same name; at most max. */
enum err store_buyer_twins(struct db *db, int64_t unit, const struct buyer *b, struct buyer *out,
			   int max, int *n, struct err_info *e);
/* Whose tax number it is, when nobody of that name has it: the name of one who has; "" nobody, or
 * one of that name. */
enum { BUYER_OWNER = 304 };
enum err store_buyer_owner(struct db *db, int64_t unit, const char *name, const char *tax_no,
			   char owner[BUYER_OWNER], struct err_info *e);
/* Remembers the buyer of an invoice that is being issued: the newest particulars of one that is
 * known from issuing alone, nothing but the use of any other.  What the invoice leaves empty stays
 * as it is known. */
enum err store_buyer_issued(struct db *db, int64_t unit, const struct invoice *inv,
			    struct err_info *e);

/* ---- lists ---- */
/* Texts "" or NULL: any.  text: anything (base/match.h); the others look into their own member,
 * mnemonic also at the initials a name begins with. */
struct buyer_query {
	const char *text, *name, *tax_no, *mnemonic, *phone;
	/* Only those another one has the tax number or the name of: a look through the whole index,
	 * for one list and not for every key that is typed. */
	bool twins;
	int64_t cursor; /* 0: from the newest */
	int limit;
};
typedef enum err (*buyer_each)(void *arg, const struct buyer *b);
/* Newest (entered or changed) first; *next 0 at the end. */
enum err store_buyer_list(struct db *db, int64_t unit, const struct buyer_query *q, buyer_each f,
			  void *arg, int64_t *next, struct err_info *e);
/* How many match, counted up to cap. */
enum err store_buyer_count(struct db *db, int64_t unit, const struct buyer_query *q, int64_t cap,
			   int64_t *out, struct err_info *e);
/* The best max for a text: same, begins, part; within each the recently and often used first, then
 * the newest.  "" gives the most recently used, then the newest. */
enum err store_buyer_best(struct db *db, int64_t unit, const char *text, int max, struct buyer *out,
			  int *n, struct err_info *e);

/* ---- many (import; inside one transaction) ---- */
/* The texts of a row, not owned; is_default: the address is to be the default one. */
enum { BUYER_TEXTS = 9 };
struct buyer_row {
	const char *name, *tax_no, *mnemonic, *address, *phone, *bank, *account, *email, *mobile;
	bool has[BUYER_TEXTS]; /* false, or an empty text: what a buyer has is left to him */
	int is_person;         /* 1, 0; -1: the file does not say */
	int is_default;        /* the same */
};
enum load_result { LOAD_ADDED, LOAD_UPDATED, LOAD_UNCHANGED };
/* What a person should know of a row that was taken. */
struct load_told {
	int64_t twin;  /* another one that is the same and newly so; both are kept.  0: none */
	bool same_key; /* by its tax number or code; else by its name */
	bool of_load;  /* a row of this load has brought it */
	bool second_default; /* another row of the buyer has named the default address before */
};
/* Which buyer a row means: same tax number and name; else the only one with the tax number (it is
 * renamed), or the only one of the name when that has none (it gets the number), unless an earlier
 * row of this load has met it; a row without tax number: the one that such rows of the name have
 * meant before, else the only one of the name; else a new one.  The first row that meets a buyer
 * says its 简码 and whether it is a person; every row may bring an address: one that is there
 * already, as far as the row tells; else the first row says more of the one with the same address
 * text or account, or of the only one when nothing in both contradicts; a row with neither says
 * more of the default one; else it is added.
 * Loading the same rows again leaves everything unchanged. */
struct buyer_load;
enum err store_buyer_load_begin(struct db *db, int64_t unit, struct buyer_load **out,
				struct err_info *e);
/* terms: of store_buyer_terms for the row.  told may be NULL. */
enum err store_buyer_load(struct buyer_load *l, const struct buyer_row *r, const uint32_t *terms,
			  size_t n, enum load_result *result, struct load_told *told,
			  struct err_info *e);
/* Writes the index.  Frees; drop frees without writing (the caller rolls back). */
enum err store_buyer_load_end(struct buyer_load **l, struct err_info *e);
void store_buyer_load_drop(struct buyer_load **l);
/* Pure, for any thread. */
size_t store_buyer_terms(const struct buyer_row *r, uint32_t out[FIND_TERMS]);

/* Indexes buyers or goods of a unit that have no document yet (from an older schema), at most n;
 * *left: there were some, call again.  Inside a transaction; n 0 only asks, outside one too. */
enum err store_catalogue_index(struct db *db, int n, bool *left, struct err_info *e);

#endif

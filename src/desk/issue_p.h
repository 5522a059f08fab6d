/* desk/issue_p.h - what the files about issuing share. */
#ifndef KP_DESK_ISSUE_P_H
#define KP_DESK_ISSUE_P_H

#include "desk/issue.h"

enum { CODES_KEPT = 256 };

/* The facts validation needs, from the store. */
struct issue_context {
	struct tax_context tax;
	struct taxpayer taxpayer;
	bool has_taxpayer;
	struct tax_rate *rates;
	struct db *db;
	int64_t unit;
	const char *env; /* whose tax codes count */
	struct kept_code {
		bool known;
		struct tax_code code;
	} codes[CODES_KEPT];                   /* looked up lately */
	struct differential_code differential; /* last one looked up */
	bool has_differential;
	bool codes_known; /* the tax side's list was fetched for this environment */
};
/* seller_too: the seller's data count (issuing), else they are left out (drafts, checks before any
 * refresh). */
enum err issue_context_load(struct session *s, const struct unit *u, bool seller_too,
			    struct issue_context **out, struct err_info *e);
void issue_context_free(struct issue_context **c);

/* Puts the unit's own data into the seller; a red invoice keeps the name its letter has. */
void issue_fill_seller(struct invoice *inv, const struct unit *u);
/* Takes quota and inserts the upload of an invoice that has its number; inside the transaction. */
enum err issue_enqueue(struct session *s, const struct unit *u, const struct invoice_record *r,
		       struct err_info *e);

/* Inserts the upload of an invoice whose quota is reserved; inside the transaction. */
enum err issue_add_upload(struct session *s, const struct unit *u, int64_t invoice,
			  struct err_info *e);
/* A failed invoice with its (new) content goes out again under its number; inside the
 * transaction. */
enum err issue_send_again(struct session *s, const struct unit *u, struct invoice_record *r,
			  struct err_info *e);
/* The tax side has it, as a comparison found: unknown or failed becomes issued, with its audit row;
 * inside the transaction.  settle.c */
enum err issue_settle_found(struct session *s, const struct invoice_record *r, const char *reason,
			    struct err_info *e);
/* "red.issued": one that its red letter names as issued cannot be given up.  settle.c */
enum err issue_refuse_void(struct session *s, const struct invoice_record *r, struct err_info *e);
/* Id of an invoice of the session's unit by number, order number or "#id". */
enum err issue_find(struct session *s, const char *no, int64_t *id, struct err_info *e);

/* Fills lines that name goods from the catalogue; ERR_INVALID "goods.unknown", "goods.several" with
 * the field lines[i].goods.  issue_try_goods does it for all and leaves what cannot be. */
enum err issue_take_goods(struct session *s, const struct unit *u, struct invoice *inv,
			  struct err_info *e);
enum err issue_try_goods(struct session *s, const struct unit *u, const struct invoice_set *set,
			 struct err_info *e);

/* One invoice at a time, in the open transaction.  validate: dates and completes it, asks the
 * rules of that moment.  record: takes its number (id: of db_next_ids, or of the refused invoice
 * it corrects) and quota, stores it with its upload and what it is remembered by. */
enum err issue_validate_one(struct session *s, const struct unit *u, const struct issue_context *c,
			    struct invoice *inv, int64_t now, struct err_info *e);
enum err issue_record_one(struct session *s, const struct unit *u, struct invoice *inv, int64_t id,
			  bool corrects, struct err_info *e);
/* May a refresh of the tax side's data mend this finding? */
bool issue_mendable(const struct issue_context *c, const struct tax_finding *f);
/* Puts the jobs that fetch what is absent or stale for these invoices into w. */
enum err issue_add_refreshes(struct session *s, const struct unit *u, const struct invoice_set *set,
			     const struct issue_context *c, struct desk_wait *w,
			     struct err_info *e);

/* Puts the place of the invoice in front of the finding, when there are several. */
void issue_name_place(const struct invoice_set *set, size_t i, struct err_info *e);
/* Marks the invoices whose order was issued before (ids: the first one); one that corrects a
 * refused invoice has its id and no mark, a new one neither.  Marks that are set stay. */
struct issue_counts {
	size_t fresh;   /* to be checked and sent: no repeats */
	size_t numbers; /* of these, those that need a number */
};
enum err issue_mark_repeats(struct session *s, const struct unit *u, const struct invoice_set *set,
			    int64_t *ids, bool *repeat, struct issue_counts *n, struct err_info *e);
/* ---- buyer_owner.c ---- */
/* The warning that the tax number is known as that of `owner`. */
void issue_owner_finding(const char *owner, struct tax_finding *out);
/* Is there one to be given about the buyer of an invoice? */
bool issue_owner_warning(struct db *db, int64_t unit, const struct invoice *inv,
			 struct tax_finding *out);

/* ---- issue_month.c ---- */
/* The warnings about month and unit, whatever is issued; returns how many. */
enum { ISSUE_WARNINGS = 2 };
size_t issue_unit_warnings(struct session *s, const struct unit *u,
			   struct tax_finding out[ISSUE_WARNINGS]);

/* Tells set->warned of the repeats whose content differs. */
void issue_warn_differing(const struct invoice_set *set);
/* The same order number twice in one file is a slip: which of the two is meant? */
enum err issue_refuse_twins(const struct invoice_set *set, struct err_info *e);

#endif

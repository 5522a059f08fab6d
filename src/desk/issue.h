/* desk/issue.h - from invoice JSON to numbered invoices with their uploads (architecture: how an
 * invoice travels).
 *
 * All or nothing: one invoice of an array that breaks a rule keeps the others from being stored.
 * The same order number of a unit is issued once: a repeat answers with the first result
 * (contract).  Other content for an order the tax side has refused is a correction: it goes out
 * under the same number, unless the order needs a person.
 */
#ifndef KP_DESK_ISSUE_H
#define KP_DESK_ISSUE_H

#include "desk/session.h"
#include "desk/wait.h"
#include "tax/tax.h"

/* A finding of one invoice, by its index. */
typedef void (*finding_each)(void *arg, size_t index, const struct tax_finding *f);

/* Parsed input: one invoice object, or an array of at most INVOICE_ARRAY_MAX. */
struct invoice_set {
	struct invoice *items;
	size_t n;
	bool array;          /* field names carry "[i]." then */
	finding_each warned; /* told of warnings by desk_issue_prepare, or NULL */
	void *warned_arg;
	/* NULL, or n flags of the caller's: set for corrections, and for repeats whose content is
	 * another than what was issued. */
	bool *corrected, *differs;
};
enum err desk_invoices_read(const char *path, struct invoice_set *out, struct err_info *e);
/* The same from memory; name stands for the path in sentences. */
enum err desk_invoices_parse(const char *name, const char *data, size_t n, struct invoice_set *out,
			     struct err_info *e);
void invoice_set_free(struct invoice_set *set);

/* Do checks warn where a field is longer than the tax bureau's page takes (tax/portal.h,
 * parameter blue portal_limits)? */
enum err desk_portal_limits(struct session *s, bool *out, struct err_info *e);

/* What would keep the invoices from being issued, rule by rule; nothing is stored.  f gets every
 * finding with the index of its invoice.  ERR_INVALID (first error in e) when there is an error. */
enum err desk_check(struct session *s, struct invoice_set *set, finding_each f, void *arg,
		    struct err_info *e);

/* Stores drafts; arithmetic must work out, the rules of issuing are not asked yet.  An older draft
 * of the same order number is replaced.  ids[n] is the caller's. */
enum err desk_draft(struct session *s, struct invoice_set *set, int64_t *ids, struct err_info *e);
/* A new draft with the content of an invoice, without its number, order number and date (D21). */
enum err desk_copy(struct session *s, const char *no, int64_t *id, struct err_info *e);

/* What is missing before issuing: stale or absent taxpayer data, rates and tax codes, and numbers
 * and quota where fetching them is automatic.  Puts the jobs that fetch them into w; nothing is put
 * when all the invoices are repeats.  Refuses with ERR_INVALID what no refresh can mend, so that
 * bad input asks the tax side nothing. */
enum err desk_issue_prepare(struct session *s, struct invoice_set *set, struct desk_wait *w,
			    struct err_info *e);
/* Validates all, then in one transaction: numbers, quota, invoices, uploads, audit.  ids[n] names
 * the stored invoices in the order given; repeats get the first one's id and are marked in
 * repeat[n]. */
enum err desk_issue(struct session *s, struct invoice_set *set, int64_t *ids, bool *repeat,
		    struct err_info *e);

#endif

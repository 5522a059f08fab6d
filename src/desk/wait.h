/* desk/wait.h - what a waiting verb waits for: jobs and invoices, and how they ended.
 *
 * Desk records intents; the caller hands desk_wait_settled to the engine's waiting function.
 * Settled means: nothing will change soon.  A job the tax side could not be reached for is settled
 * after its second attempt (or at once when the next one is far away); a lost answer is waited for
 * to the end.
 */
#ifndef KP_DESK_WAIT_H
#define KP_DESK_WAIT_H

#include "desk/session.h"

struct desk_wait {
	int64_t *jobs, *invoices; /* owned */
	size_t job_count, invoice_count;
	size_t settled_jobs, settled_invoices; /* prefix known to be settled */
};
void desk_wait_job(struct desk_wait *w, int64_t job);
void desk_wait_invoice(struct desk_wait *w, int64_t invoice);
void desk_wait_free(struct desk_wait *w);

/* Shape of sync_settled; arg is a struct desk_wait. */
enum err desk_wait_settled(void *arg, struct db *db, bool *done, struct err_info *e);

/* How the jobs ended, the worst first: refused, not known, unreachable.  ERR_OK when all are done.
 * */
enum err desk_wait_verdict(struct session *s, const struct desk_wait *w, struct err_info *e);
/* How the unit's one of them ended. */
enum err desk_wait_unit_verdict(struct session *s, const struct desk_wait *w, int64_t unit,
				struct err_info *e);
/* How one invoice stands: ERR_OK issued, ERR_REFUSED failed, ERR_INVALID void, ERR_BUSY not sent
 * for want of a connection, another class when it cannot be sent as unit or home are configured
 * (REFUSED by the platform, INVALID by us, DAMAGED without a usable key), ERR_UNKNOWN otherwise.
 * `text` gets the tax side's or our own words. */
enum err desk_invoice_verdict(struct session *s, const struct invoice_record *r, char *text,
			      size_t size, struct err_info *e);
/* The worse of two verdicts. */
enum err desk_worse(enum err a, enum err b);

#endif

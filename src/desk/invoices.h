/* desk/invoices.h - 开票记录: list, detail, retry, void, layout files (features F1-F7, N51). */
#ifndef KP_DESK_INVOICES_H
#define KP_DESK_INVOICES_H

#include "base/buf.h"
#include "desk/session.h"
#include "desk/wait.h"
#include "print/print.h"

/* f->unit is filled in here.  *total is exact up to 10,000 matches of a text filter; *at_least
 * tells that there are more.  ERR_INVALID "find.last": searches by text, amount ... have no last
 * page. */
enum err desk_invoice_list(struct session *s, struct invoice_filter *f, invoice_each each,
			   void *arg, int64_t *next, int64_t *total, bool *at_least,
			   struct err_info *e);
/* May last_page be asked with this filter? */
bool desk_invoice_has_end(const struct invoice_filter *f);
/* By 20-digit number, order number, or "#id". */
enum err desk_invoice_get(struct session *s, const char *no, struct invoice_record *out,
			  struct err_info *e);
/* The same to begin another one with: ERR_INVALID "red.copy" of a red one. */
enum err desk_invoice_pattern(struct session *s, const char *no, struct invoice_record *out,
			      struct err_info *e);
enum err desk_invoice_by_id(struct session *s, int64_t id, struct invoice_record *out,
			    struct err_info *e);
/* The same without the lines. */
enum err desk_invoice_head(struct session *s, int64_t id, struct invoice_record *out,
			   struct err_info *e);

/* Issues a failed invoice again under its number; a date that is older than 48 hours or of another
 * month becomes today's.  One that waits for a connection, or whose outcome is not known, is sent
 * now, with the same bytes.  Where a person is needed only an administrator may. */
enum err desk_retry(struct session *s, const char *no, int64_t *id, struct err_info *e);
/* Gives up a failed invoice (its number is void from then on) or a draft. */
enum err desk_void(struct session *s, const char *no, int64_t *id, struct err_info *e);

/* An administrator's word on an invoice that is unknown and needs a person.  issued: number and
 * quota are used.  Else it is void, its number too; the quota is given back and the order number
 * may be issued again.  The reason (at most 200 characters) goes into the audit. */
enum err desk_settle(struct session *s, const char *no, bool issued, const char *reason,
		     int64_t *id, struct err_info *e);

/* Renders a layout file; name[PRINT_NAME_TEXT] gets its usual name.  All but the text need an
 * issued invoice. */
enum err desk_invoice_file(struct session *s, const char *no, enum print_format f, struct buf *out,
			   char *name, struct err_info *e);

#endif

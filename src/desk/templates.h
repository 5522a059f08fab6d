/* desk/templates.h - 发票模板: invoices kept as a starting point, one's own or all clerks'.
 *
 * A template has what an invoice has but its number, date, order number, payments and deductions;
 * figures may be missing.  In remark, names and specifications placeholders ({年} {月} {上月} ...,
 * desk/phrases.h) stand for the day of use.
 */
#ifndef KP_DESK_TEMPLATES_H
#define KP_DESK_TEMPLATES_H

#include "desk/session.h"
#include "store/templates.h"
#include "tax/tax.h"

/* One's own and shared ones with `text` in name or buyer, most used first. */
enum err desk_template_list(struct session *s, const char *text, int64_t cursor, int limit,
			    template_each f, void *arg, int64_t *next, int64_t *total,
			    struct err_info *e);
/* By name or "#id"; ERR_INVALID "template.unknown".  Freed by invoice_template_free. */
enum err desk_template_get(struct session *s, const char *no, struct invoice_template *out,
			   struct err_info *e);
/* *id gets the new one.  ERR_INVALID with the field "name": empty, longer than
 * TEMPLATE_NAME_CHARS, forbidden characters, beginning with '#', taken.  "phrase.word": an unknown
 * placeholder. */
enum err desk_template_add(struct session *s, const char *name, bool shared,
			   const struct invoice *inv, int64_t *id, struct err_info *e);
/* name NULL: stays.  One that others made only with DESK_DRAFTS, ERR_DENIED. */
enum err desk_template_edit(struct session *s, const char *no, const char *name, bool shared,
			    struct err_info *e);
enum err desk_template_remove(struct session *s, const char *no, struct err_info *e);

/* The invoice to begin with: placeholders are filled in for today (out is initialised). */
enum err desk_template_fill(const struct invoice_template *t, struct invoice *out,
			    struct err_info *e);
/* Counts a use: it decides the order.  With another writer at work that is given up, ERR_OK. */
enum err desk_template_used(struct session *s, int64_t id, struct err_info *e);

/* An invoice without what is its own: number, date, order number, payments, deductions, adjusted
 * taxes. */
void desk_invoice_bare(struct invoice *inv);

#endif

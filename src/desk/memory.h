/* desk/memory.h - habits of a person, rates of the unit, and what issuing leaves behind. */
#ifndef KP_DESK_MEMORY_H
#define KP_DESK_MEMORY_H

#include "desk/session.h"
#include "store/memory.h"
#include "tax/tax.h"

/* What the next empty form begins with: the person's last invoice in this unit, before the first
 * one 数电普票, prices with tax, and the person's own name.  Its business type when that still is
 * one of the unit. */
enum err desk_habit(struct session *s, struct issue_habit *out, struct err_info *e);
/* Enabled rates of the unit as the tax side named them, highest first, each once; free(*out). */
enum err desk_rates(struct session *s, int32_t **out, size_t *n, struct err_info *e);

/* Remembers buyer, goods, business type and habits of an invoice that is being issued: called by
 * desk_issue inside its transaction. */
enum err desk_remember(struct session *s, int64_t unit, const struct invoice *inv,
		       struct err_info *e);

#endif

/* tax/portal_p.h - inside the tax room: one row of those tables against a struct. */
#ifndef KP_TAX_PORTAL_P_H
#define KP_TAX_PORTAL_P_H

#include "tax/invoice.h"
#include "tax/portal.h"

/* As portal_over, of the member the row names; figures count as entered. */
bool portal_invoice_over(const struct portal_limit *p, const struct invoice *inv,
			 char why[PORTAL_WHY]);
bool portal_line_over(const struct portal_limit *p, const struct tax_line *l, char why[PORTAL_WHY]);

#endif

/* tax/text_rule_p.h - inside the tax room: the two rules every text field obeys. */
#ifndef KP_TAX_TEXT_RULE_P_H
#define KP_TAX_TEXT_RULE_P_H

#include "base/err.h"
#include "tax/invoice.h"

/* ERR_INVALID "text.forbidden" (names place and code point) when the value has a control, bidi or
 * invisible character, "text.too_long" (limit and actual length) when it is longer. */
enum err text_rule_check(const struct text_field *f, const char *value, const char *what,
			 const char *field, struct err_info *e);

#endif

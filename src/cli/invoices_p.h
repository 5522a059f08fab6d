/* cli/invoices_p.h - which invoices a verb means. */
#ifndef KP_CLI_INVOICES_P_H
#define KP_CLI_INVOICES_P_H

#include "cli/cli_p.h"

/* A filter and what it points to. */
struct cli_invoices {
	struct invoice_filter filter;
	enum invoice_state state;
	enum invoice_kind kind;
	bool red;
	enum invoice_reversal reversed;
	int64_t from, to;
};
/* --kind: 发票种类 and 开票类型, "special", "red", "special,red"; those that are not said stay
 * NULL. */
enum err cli_invoice_kinds(struct cli *c, struct cli_invoices *x);
/* From the options of conditions; zeroed before. */
enum err cli_invoice_filter(struct cli *c, struct cli_invoices *x);

#endif

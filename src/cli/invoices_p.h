/* cli/invoices_p.h - which invoices a verb means. */
#ifndef KP_CLI_INVOICES_P_H
#define KP_CLI_INVOICES_P_H

#include "cli/cli_p.h"

/* A filter and what it points to. */
struct cli_invoices {
	struct invoice_filter filter;
	enum invoice_state state;
	enum invoice_kind kind;
	int64_t from, to;
};
/* From the options of conditions; zeroed before. */
enum err cli_invoice_filter(struct cli *c, struct cli_invoices *x);

#endif

/* ui/screen/invoices_p.h - between the list of invoices and its conditions. */
#ifndef KP_UI_SCREEN_INVOICES_P_H
#define KP_UI_SCREEN_INVOICES_P_H

#include "ui/screen/invoices.h"

enum {
	FILTER_FROM = 1,
	FILTER_TO,
	FILTER_KIND,
	FILTER_STATE,
	FILTER_BUYER,
	FILTER_ORDER,
	FILTER_NUMBER,
	FILTER_TYPE,
	FILTER_GROSS_FROM,
	FILTER_GROSS_TO,
	FILTER_TEXT,
	FILTER_REMARK,
	FILTER_DRAWER,
	FILTER_RED
};
extern const struct field invoices_filter[];
extern const char *const invoices_kinds[], *const invoices_states[];

/* What the form asks for; points into it and into itself. */
struct invoices_asked {
	struct invoice_filter filter;
	enum invoice_state state;
	enum invoice_kind kind;
	bool red;
	int64_t from, to;
};
/* buyer_id: of whom, 0 nobody in particular. */
enum err invoices_ask(const struct form *f, int64_t buyer_id, struct invoices_asked *out,
		      struct err_info *e);

#endif

/* tax/longlink.h - the long link of 发票云: built, and checked with the place of the fault
 * (features B28, B29).  Pure: nothing is opened. */
#ifndef KP_TAX_LONGLINK_H
#define KP_TAX_LONGLINK_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

#define LONGLINK_BASE "https://api.piaozone.com/bill-websocket/v3/invoicewebsocket/push"
/* The 乐企ID of the access unit that every link names. */
#define LONGLINK_CONNECT "5d2cff003e35abac053a"

struct longlink {
	const char *tax_no, *client_id, *natural_id;
	const char *connect_natural_id; /* NULL: LONGLINK_CONNECT */
};
enum { LONGLINK_MAX = 600 };
/* The four values as they have to be, else ERR_INVALID with the option and the place. */
enum err longlink_build(const struct longlink *l, char out[LONGLINK_MAX], struct err_info *e);

/* What is wrong with a link, in the order of the places. */
struct longlink_finding {
	const char *code;      /* blank hidden form address name order twice missing value */
	const char *parameter; /* "" of the link itself */
	size_t column;         /* of the first character in doubt, from 1 */
	bool warning;
	char text[240];
};
enum { LONGLINK_FINDINGS = 16 };
/* A whole link, or "taxNo=..." and what follows: then only the parameters that are there are
 * looked at.  Returns how many findings there are. */
size_t longlink_check(const char *text, struct longlink_finding out[LONGLINK_FINDINGS]);

#endif

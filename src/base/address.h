/* base/address.h - forms of e-mail addresses, host names and service URLs; no network.
 *
 * What passes here is plain ASCII without blanks, controls, quotes, brackets or separators: it can
 * neither end a header line nor begin a second address or argument.
 */
#ifndef KP_BASE_ADDRESS_H
#define KP_BASE_ADDRESS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

enum { ADDRESS_TEXT = 255, ADDRESSES_MAX = 10, HOST_TEXT = 254, URL_TEXT = 301 };

/* local@domain: at most 64 bytes before the @, a domain of at least two labels (or [1.2.3.4] is
 * refused); letters, digits and !#$%&'*+-/=?^_`{|}~. only. */
bool address_ok(const char *s);

/* Several addresses parted by comma, semicolon (also their wide forms), blanks or lines. */
struct addresses {
	char item[ADDRESSES_MAX][ADDRESS_TEXT];
	size_t count;
};
/* Doubles are taken once.  ERR_INVALID "address.form" names the one that is none; "address.many";
 * "address.none". */
enum err addresses_parse(const char *text, struct addresses *out, struct err_info *e);
/* "a@b.cn, c@d.cn" into out; what does not fit is left out. */
const char *addresses_text(const struct addresses *a, char *out, size_t size);

/* A host name, an IPv4 or an IPv6 address (without brackets). */
bool host_ok(const char *s);
/* localhost, 127.0.0.0/8 or ::1. */
bool host_is_loopback(const char *s);

/* A URL of a service: https, or http when the host is a loopback or `plain`.  No user, fragment,
 * blank or control; at most URL_TEXT - 1 bytes.  ERR_INVALID "url.form", "url.plain". */
enum err url_check(const char *url, bool plain, struct err_info *e);
/* A URL as it may be shown and logged: the values of its query, a user and password, and long mixed
 * words of its path (what many services take for a key) are "***". */
const char *url_mask(const char *url, char out[URL_TEXT]);
/* What url_mask hides, one after the other: *at begins at 0; NULL: no more.  Not terminated. */
const char *url_hidden(const char *url, size_t *at, size_t *n);

#endif

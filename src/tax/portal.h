/* tax/portal.h - what the tax bureau's own page and workbooks take (features N74).
 *
 * Some fields may be longer through 乐企 than there.  An invoice is never refused for that; who
 * wants the same file to work in both is told.
 */
#ifndef KP_TAX_PORTAL_H
#define KP_TAX_PORTAL_H

#include <stdbool.h>
#include <stddef.h>

enum { PORTAL_WHY = 200 };

/* One field: its limit counts characters, or bytes in GBK. */
struct portal_limit {
	const char *field, *label; /* as of struct text_field; of a line: the member alone */
	size_t offset;             /* of the char * */
	unsigned chars, gbk;       /* one of them is 0 */
};
extern const struct portal_limit portal_invoice[]; /* end with field NULL */
extern const struct portal_limit portal_line[];    /* ... offset: of the text or the decimal */

/* Is the text of that field ("remark", "lines[3].name", "name" of a line) longer than the page
 * takes?  Then why says how long it is and how long it may be. */
bool portal_over(const char *field, const char *text, char why[PORTAL_WHY]);

#endif
